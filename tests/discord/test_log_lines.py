"""What happens once leaves one line in the log, with server, channel and subject, and nothing that people wrote."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from simcord import Env
from structlog.testing import capture_logs

from bot.settings import Settings
from tests.discord.conftest import DAY, HOUR, LONG, World, new_bot
from tests.discord.days import practice

Line = MutableMapping[str, Any]


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    with capture_logs() as caught:
        yield caught


def of(lines: list[Line], event: str) -> list[Line]:
    return [line for line in lines if line["event"] == event]


def one(world: World, lines: list[Line], event: str, **subject: object) -> Line:
    """The only line of an event on a subject; it names the server, and the channel where it belongs to one."""
    (line,) = (line for line in of(lines, event) if subject.items() <= line.items())
    assert line["server"] == world.guild.id and line["log_level"] in ("info", "warning"), line
    assert line.get("channel", world.channel.id) == world.channel.id, line
    return line


async def test_a_life_in_lines(world: World, lines: list[Line]):
    cog: Any = world.bot.get_cog("ServersCog")
    await cog.on_guild_join(world.bot.get_guild(world.guild.id))
    one(world, lines, "server.joined")
    await world.set_up(time="09:00")
    assert one(world, lines, "track.set_up")["next_due"] == "2026-01-01T09:00:00Z"
    await world.reply(world.boss, "setup", time="08:00", days="mon-fri")
    assert one(world, lines, "track.changed")["changed"] == ["at", "days"]
    await world.reply(world.boss, "setup", time="09:00", days="daily")
    await world.reply(world.anna, "reminders on")
    await world.reply(world.ben, "reminders on")
    await world.next_day()
    one(world, lines, "drill.posted", date="2026-01-01", question="genai-001", late_seconds=0, drill=1)
    await practice(world, world.anna, 1)
    assert [line["date"] for line in of(lines, "drill.posted")] == ["2026-01-01", "2026-01-02"]
    one(world, lines, "drill.revealed", date="2026-01-01", question="genai-001")
    await world.beat(0.9 * DAY)
    one(world, lines, "reminders.sent", drill=2, count=1)  # anna has answered
    lines.clear()
    await world.deny(send_messages=False)
    one(world, lines, "access.lost", missing=["Send Messages"])
    await world.next_day()
    failed = one(world, lines, "delivery.failed", reason="missing", drill=3)
    assert failed["next_try"].startswith("2026-01-03T09:00:")
    one(world, lines, "alert.told", kind="held-up", privately=True)
    await world.beat(7 * HOUR)
    one(world, lines, "date.missed", date="2026-01-03", track=1)
    await world.deny(send_messages=None)
    one(world, lines, "access.back")
    await world.next_day()
    await world.beat(60)
    lines.clear()
    await world.reply(world.boss, "daily pause", until="2026-01-20")
    assert one(world, lines, "track.paused")["until"] == "2026-01-20"
    await world.reply(world.boss, "daily resume")
    one(world, lines, "track.resumed")
    await cog.on_guild_remove(world.bot.get_guild(world.guild.id))
    one(world, lines, "server.left")
    await world.restart()
    (ready,) = of(lines, "ready")
    assert (ready["servers"], ready["tracks"], ready["next_due"]) == (1, 1, "2026-01-05T09:00:00Z")
    lines.clear()
    await world.bot.close()
    await world.env.advance_time(3 * DAY)
    await world.restart()
    await world.beat(5)
    assert [line["date"] for line in of(lines, "date.missed")] == ["2026-01-05", "2026-01-06"]
    assert one(world, lines, "drill.posted", date="2026-01-07")["late_seconds"] > 0


async def test_in_no_server_the_link_that_invites_the_bot_is_told(env: Env, settings: Settings, lines: list[Line]):
    await env.bot.close()
    await env.restart_bot(new_bot(settings))
    await env.settle()
    (line,) = of(lines, "invite")
    assert f"client_id={env.bot.application_id}&" in line["link"] and of(lines, "ready")[0]["servers"] == 0
    await env.bot.close()


async def test_a_digest_has_its_line_and_no_line_has_what_people_wrote(world: World, lines: list[Line]):
    await world.boss.slash(world.channel, "setup", timezone="UTC", days="daily", time="09:00")
    await practice(world, world.anna, 1)
    await world.beat(DAY)
    await world.beat(8 * HOUR)
    one(world, lines, "digest.posted", week="2026-W01", track=1)
    await world.anna.send(world.thread(), LONG)
    assert LONG not in repr(lines) and "Discord" not in repr(of(lines, "drill.posted"))
