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


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_in_another_encoding_is_told_as_one(encoding: str):
    """PowerShell's `>` writes UTF-16, and old editors what their country had."""
    Path(".env").write_text("LLM_MODEL=für_uns\n", encoding)
    with pytest.raises(BadSettings, match=r"^\.env can't be read: save it as UTF-8\.$"):
        load_settings({})


@pytest.mark.parametrize("text", ["\ufeffMOCKINGBIRD_LATE_HOURS=2", "export MOCKINGBIRD_LATE_HOURS='2'\r\n"])
def test_a_file_is_read_however_editors_and_shells_write_it(text: str):
    Path(".env").write_bytes(text.encode())
    assert load_settings({}).late_hours == 2


def test_an_empty_value_means_the_default():
    Path(".env").write_text("MOCKINGBIRD_SHARD_COUNT=\nMOCKINGBIRD_SHARD_IDS=\nMOCKINGBIRD_RETENTION_DAYS=\n")
    settings = load_settings({"MOCKINGBIRD_HTTP_PORT": ""})
    assert settings.shard_count is None and settings.shard_ids is None
    assert (settings.http_port, settings.retention_days) == (0, 90)


@pytest.mark.parametrize(
    ("ids", "database", "said"),
    [
        ("[]", "sqlite+aiosqlite:///a.db", "numbers from 0 to 2"),
        ("[1, 1]", "postgresql+asyncpg://me@here/bird", "each shard once"),
        ("[3]", "postgresql+asyncpg://me@here/bird", "numbers from 0 to 2"),
        ("[0, 2]", "sqlite+aiosqlite:///a.db", "can't share a SQLite file.*MOCKINGBIRD_DATABASE_URL"),
    ],
)
def test_shards_that_a_process_cannot_run_are_refused(ids: str, database: str, said: str):
    Path(".env").write_text(
        f"MOCKINGBIRD_SHARD_COUNT=3\nMOCKINGBIRD_SHARD_IDS={ids}\nMOCKINGBIRD_DATABASE_URL={database}\n"
    )
    with pytest.raises(BadSettings, match=f"MOCKINGBIRD_SHARD_IDS.*{said}"):
        load_settings({})


def test_a_process_knows_its_share():
    Path(".env").write_text("MOCKINGBIRD_SHARD_COUNT=3\n")
    assert load_settings({}).share == (1, (0,))
    Path(".env").write_text("MOCKINGBIRD_SHARD_COUNT=3\nMOCKINGBIRD_SHARD_IDS=[2, 0, 1]\n")
    assert load_settings({}).share == (3, (2, 0, 1))


def test_a_bad_value_is_named_but_not_repeated():
    Path(".env").write_text("MOCKINGBIRD_HTTP_PORT=secret\n")
    with pytest.raises(BadSettings) as caught:
        load_settings({})
    assert "MOCKINGBIRD_HTTP_PORT" in str(caught.value) and "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HTTP_PORT", "eighty", "it must be a whole number from 0 to 65535"),
        ("HTTP_PORT", "65536", "it must be a whole number from 0 to 65535"),
        ("MIN_WORDS", "0", "it must be a whole number of 1 or more"),
        ("LEASE_SECONDS", "2", "it must be a whole number from 3 to 600"),
        ("LOG_LEVEL", "info", "it must be DEBUG, INFO, WARNING, or ERROR"),
        ("LOG_FORMAT", "xml", "it must be console or json"),
        ("API_BASE", "discord.com", "it must be an address that begins with http:// or https://"),
        *(("SHARD_IDS", ids, "it must be a list of numbers such as [0, 1]") for ids in ("0", "[0", '["0"]')),
    ],
)
def test_what_is_wrong_with_a_value_is_told(name: str, value: str, said: str):
    with pytest.raises(BadSettings) as refused:
        load_settings({f"MOCKINGBIRD_{name}": value})
    assert str(refused.value) == f"MOCKINGBIRD_{name} can't be used: {said}."


def test_the_environment_comes_before_the_file_unless_it_is_empty():
    Path(".env").write_text("DISCORD_TOKEN=filed\nMOCKINGBIRD_HTTP_PORT=1\nMOCKINGBIRD_MIN_WORDS=3\n")
    settings = load_settings({"MOCKINGBIRD_HTTP_PORT": "", "mockingbird_min_words": "4", "discord_token": "typed"})
    assert (settings.token, settings.http_port, settings.min_words) == ("typed", 1, 4)


LLM = {"BASE_URL": "https://llm.example:8443/v1", "MODEL": "m", "API_KEY": "sk-secret"}


def write(**values: str) -> None:
    Path(".env").write_text("".join(f"MOCKINGBIRD_LLM_{name}={value}\n" for name, value in (LLM | values).items()))


def test_a_model_is_named_by_its_host_and_the_key_never_shows():
    write()
    settings = load_settings({})
    assert settings.llm_host == "llm.example:8443" and settings.llm_api_key == "sk-secret"
    assert "sk-secret" not in repr(settings)
    Path(".env").write_text("")
    assert load_settings({}).llm_host == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "ftp://llm.example"),
        ("BASE_URL", "https://user:sk-secret@llm.example/v1"),
        ("BASE_URL", "https://llm.example/v1?key=sk-secret"),
        ("BASE_URL", "llm.example"),
        ("BASE_URL", "http://[::1/v1"),
        ("BASE_URL", ""),
        ("MODEL", ""),
        ("DAILY_MEMBER", "-1"),
    ],
)
def test_a_model_that_cannot_be_asked_stops_the_start_without_its_key(name: str, value: str):
    write(**{name: value})
    with pytest.raises(BadSettings, match=f"MOCKINGBIRD_LLM_{name}") as caught:
        load_settings({})
    assert "sk-secret" not in str(caught.value)


def test_paths_begin_at_home_where_a_shell_would(monkeypatch: pytest.MonkeyPatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(Path.cwd()))
    settings = load_settings(
        {"MOCKINGBIRD_DATABASE_URL": "sqlite+aiosqlite:///~/data/bot.db", "MOCKINGBIRD_PACKS_DIR": "~/packs"}
    )
    assert settings.database_url == f"sqlite+aiosqlite:///{Path.cwd() / 'data' / 'bot.db'}"
    assert settings.packs_dir == Path.cwd() / "packs"
    with pytest.raises(BadSettings, match="DATABASE_URL can't be used: there is no home folder"):
        load_settings({"MOCKINGBIRD_DATABASE_URL": "sqlite+aiosqlite:///~nobody-of-that-name/bot.db"})


@pytest.mark.parametrize(
    "url",
    [
        *("sqlite+aiosqlite:///", "sqlite+aiosqlite:///:memory:", "sqlite:///bot.db", "bot.db"),
        *(f"{scheme}://bird:sk-secret@db/bird" for scheme in ("postgresql", "postgres", "postgresql+psycopg")),
        *(
            f"postgresql+asyncpg://{rest}"
            for rest in ("", "db/bird", "bird:sk-secret@db", "bird:sk-secret@db:x/bird", "bird:sk-secret@[db/bird")
        ),
        "postgresql+asyncpg://bird:sk-secret@db/bird?sslmode=require",
    ],
)
def test_a_database_that_cannot_be_meant_is_refused_without_its_password(url: str):
    with pytest.raises(BadSettings, match="DATABASE_URL can't be used: it must name a file, like") as refused:
        load_settings({"MOCKINGBIRD_DATABASE_URL": url})
    assert "postgresql+asyncpg://mockingbird:PASSWORD@" in str(refused.value)
    assert "sk-secret" not in str(refused.value)


@pytest.mark.parametrize("ssl", ["bogus", "true", "require&ssl=require"])
def test_a_database_with_an_unknown_ssl_is_refused_with_those_that_there_are(ssl: str):
    with pytest.raises(BadSettings, match=r"its ssl must be one of disable, .*verify-full") as refused:
        load_settings({"MOCKINGBIRD_DATABASE_URL": f"postgresql+asyncpg://bird:sk-secret@db/bird?ssl={ssl}"})
    assert "sk-secret" not in str(refused.value)


@pytest.mark.parametrize(
    "rest", ["@db:5433/bird", "@/bird?host=/run/postgresql", "@db/bird?ssl=require", "@db/bird?ssl=verify_full"]
)
def test_a_database_on_postgresql_is_taken_and_its_password_not_shown(rest: str):
    url = f"postgresql+asyncpg://bird:sk-secret{rest}"
    settings = load_settings({"MOCKINGBIRD_DATABASE_URL": url})
    assert settings.database_url == url and "sk-secret" not in repr(settings)
