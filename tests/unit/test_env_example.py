"""The operator's files: `.env.example` tells the truth, and docker-compose.yml keeps the database."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from bot.settings import load_settings, setting_names, usable_url

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / ".env.example"
VALUES = dotenv_values(EXAMPLE)
FOR_COMPOSE = {"COMPOSE_PROFILES", "POSTGRES_PASSWORD"}


pytestmark = pytest.mark.usefixtures("bare")


def test_the_example_has_every_setting_and_no_other():
    assert set(VALUES) == setting_names().keys() | FOR_COMPOSE


@pytest.mark.parametrize(("name", "field"), setting_names().items())
def test_each_value_is_the_default(name: str, field: str):
    default = getattr(load_settings({}), field)
    Path(".env").write_text(f"{name}={VALUES[name]}\n")
    assert getattr(load_settings({}), field) == default
    # An empty value would pass for any default, but would not tell the reader what it is.
    assert VALUES[name] or not default


def test_the_whole_file_can_be_used_as_it_is():
    defaults = load_settings({})
    Path(".env").write_text(EXAMPLE.read_text("utf-8"))
    assert load_settings({}) == defaults
    assert VALUES["DISCORD_TOKEN"] == ""


def test_each_setting_is_explained_in_one_line():
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for before, line in pairwise(lines):
        assert "=" not in line.split("#")[0] or before.startswith("# "), line


def test_compose_keeps_the_database_in_a_named_volume_and_the_packs_uncovered():
    compose: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    services = compose["services"]
    service = services["mockingbird"]
    mounts = dict(str(volume).split(":")[:2] for volume in service["volumes"])
    assert mounts == {"database": "/app/var"}
    assert service["environment"]["MOCKINGBIRD_DATABASE_URL"] == "sqlite+aiosqlite:////app/var/mockingbird.db"
    server, bot = services["postgres"], services["mockingbird-on-postgres"]
    assert {*mounts, *(volume.split(":")[0] for volume in server["volumes"])} == set(compose["volumes"])
    url = bot["environment"]["MOCKINGBIRD_DATABASE_URL"].replace("${POSTGRES_PASSWORD:-}", "secret")
    assert usable_url(url) == "postgresql+asyncpg://mockingbird:secret@postgres/mockingbird"
    own = {"profiles", "depends_on", "environment"}
    assert {name: bot[name] for name in bot.keys() - own} == {name: service[name] for name in service.keys() - own}
    assert set(re.findall(r"\$\{(\w+)", yaml.safe_dump(compose))) <= FOR_COMPOSE
    assert bot["environment"].keys() == service["environment"].keys()
    assert not any("ports" in one for one in services.values())


def test_compose_starts_one_bot_and_never_both():
    services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))[
        "services"
    ]
    started = {
        profile: {name for name, one in services.items() if profile in one.get("profiles", [profile])}
        for profile in ("sqlite", "postgres")
    }
    assert VALUES["COMPOSE_PROFILES"] == "sqlite"
    assert started == {"sqlite": {"mockingbird"}, "postgres": {"mockingbird-on-postgres", "postgres"}}
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    (rid,) = (line for line in page.splitlines() if "down --volumes" in line)
    assert all(f"--profile {profile}" in rid for profile in started)
