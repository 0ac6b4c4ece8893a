"""What the operator may write into the environment and into `.env`."""

from pathlib import Path

import pytest

from bot.settings import BadSettings, load_settings

pytestmark = pytest.mark.usefixtures("bare")


@pytest.mark.parametrize("name", ["MOCKINGBIRD_LOG_LEVLE", "MOCKINGBIRD_TOKEN"])
def test_an_unknown_name_is_refused_wherever_it_stands(name: str):
    with pytest.raises(BadSettings, match=name):
        load_settings({name: "INFO"})
    Path(".env").write_text(f"{name}=INFO\n")
    with pytest.raises(BadSettings, match=name):
        load_settings({})


def test_names_of_other_programs_are_left_alone():
    Path(".env").write_text("COMPOSE_PROJECT_NAME=practice\nMOCKINGBIRD_LATE_HOURS=2\n")
    assert load_settings({"HOME": "/"}).late_hours == 2


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOCKINGBIRD_HTTP_PORT", "")
    Path(".env").write_text("MOCKINGBIRD_SHARD_COUNT=\nMOCKINGBIRD_SHARD_IDS=\nMOCKINGBIRD_RETENTION_DAYS=\n")
    settings = load_settings({"MOCKINGBIRD_HTTP_PORT": ""})
    assert settings.shard_count is None and settings.shard_ids is None
    assert (settings.http_port, settings.retention_days) == (0, 90)


def test_a_bad_value_is_named_but_not_repeated():
    Path(".env").write_text("MOCKINGBIRD_HTTP_PORT=secret\n")
    with pytest.raises(BadSettings) as caught:
        load_settings({})
    assert "MOCKINGBIRD_HTTP_PORT" in str(caught.value) and "secret" not in str(caught.value)
