"""`doctor` looks at everything beside a running bot, says what to do next, and changes nothing."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import discord.http
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from bot.command_line import app
from bot.doctor import BAD, GOOD, NOTE, CheckedThing, examine
from bot.domain.tracks import PlanChange
from bot.services.tracks import TrackService
from bot.settings import Settings
from bot.storage.database import Database
from tests.builders import banks
from tests.wire.double import BOT_ID, CHANNEL_ID, GUILD_ID, Double

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
README = Path(__file__).parents[2] / "README.md"
CHANNEL = "#practice in Club"


@pytest_asyncio.fixture
async def double(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Double]:
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", True)
    async with Double() as double:
        yield double
        assert double.violations == [] and double.unknown == []


async def found(settings: Settings) -> dict[str, CheckedThing]:
    """What is found, by subject."""
    return {finding.subject: finding async for finding in examine(settings, NOW)}


async def test_beside_a_running_bot_it_tells_what_is_wrong_and_touches_nothing(
    double: Double, database: Database, caplog: pytest.LogCaptureFixture
):
    settings = Settings(token="a.test.token", database_url=database.url, api_base=double.api_base)
    change = PlanChange(zone="UTC")
    await TrackService(database, banks()).set_up(int(GUILD_ID), int(CHANNEL_ID), change, NOW, named=True)
    folder = Path(database.url.removeprefix("sqlite+aiosqlite:///")).parent
    before = {file: file.read_bytes() for file in folder.iterdir() if file.suffix != ".db-shm"}
    told = await found(settings)
    assert {subject: finding.mark for subject, finding in told.items() if finding.mark != GOOD} == {"backup": NOTE}
    assert "nothing is missing" in told[CHANNEL].text and "whole, schema" in told["database"].text
    assert "1000 of 1000" in told["sessions"].text and "1 practice channel" in told["servers"].text
    assert told["invite link"].text == discord_link()
    assert {method for method, _, _ in double.requests} == {"GET"}
    assert {file: file.read_bytes() for file in before} == before
    assert "a.test.token" not in "".join(map(str, told.values()))
    assert "voice" not in caplog.text  # what the bot never does needs no library

    double.allow_text = double.visible = False
    double.sessions_left = 150
    told = await found(settings)
    assert told["intents"].mark == NOTE and "Developer Portal" in told["intents"].text
    assert told["sessions"].mark == NOTE and "150 of 1000" in told["sessions"].text
    hidden = told[f"channel {CHANNEL_ID} in Club"]
    assert hidden.mark == BAD and "View Channel" in hidden.text
    double.in_server = False
    told = await found(settings)
    assert told["servers"].mark == NOTE and told["servers"].text.endswith("open the link below")
    assert told[f"server {GUILD_ID}"].mark == NOTE

    double.fault("GET", "/users/@me", says="", status=401)
    told = await found(settings)
    assert told["token"].mark == BAD and "copy it again" in told["token"].text
    double.fault("GET", "/gateway/bot", status=503, times=9)
    told = await found(settings)
    assert told["Discord"].mark == BAD and told["token"].mark == GOOD


def discord_link() -> str:
    """The link that README tells people to open, with the application's id."""
    line = next(line for line in README.read_text("utf-8").splitlines() if "oauth2/authorize" in line)
    return line.split("`")[1].replace("APP_ID", BOT_ID)


def test_without_a_token_it_checks_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = tmp_path / "bot.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOCKINGBIRD_DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    monkeypatch.setenv("DISCORD_TOKEN", "")

    def lines() -> tuple[int, list[str]]:
        ran = CliRunner().invoke(app, ["doctor"])
        return ran.exit_code, ran.output.splitlines()

    code, told = lines()
    assert code == 1 and [line[0] for line in told] == [GOOD] * 5 + [NOTE, GOOD, BAD]
    assert told[-1].startswith("✗ token: DISCORD_TOKEN is empty") and not file.exists()
    file.write_bytes(b"no database at all, but long enough to be read as one" * 99)
    assert any(line.startswith("✗ database: bot.db isn't a Mockingbird database") for line in lines()[1])
    monkeypatch.setenv("MOCKINGBIRD_LATE_HOURS", "99")
    code, told = lines()
    assert code == 1 and told[0].startswith("✗ settings: MOCKINGBIRD_LATE_HOURS")
