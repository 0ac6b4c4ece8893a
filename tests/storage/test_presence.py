"""Who is asked about, who has left, and who is there again: by what was seen when, not by what was read when."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.members import Actor
from bot.services.departures import AT_ONCE, DepartureService
from bot.services.teams import TeamService
from bot.storage import departures, members, teams
from bot.storage.database import Database
from bot.storage.departures import MemberKey
from tests.builders import made_team
from tests.counting import counting

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def saw(database: Database, member_id: int, at: datetime, *, stand_in: bool = False) -> None:
    """A member writes something."""
    await database.write(lambda conn: members.record(conn, 1, member_id, "Somebody", at, stand_in=stand_in))


async def gone(database: Database, member_id: int) -> bool:
    """Whether a member is known to have left."""
    return await database.read(lambda conn: departures.left_at(conn, 1, member_id)) is not None


async def test_each_is_asked_about_after_two_weeks_of_silence_and_then_weekly(database: Database):
    service = DepartureService(database)
    await saw(database, 5, START)
    assert await service.claim(START + 14 * DAY - HOUR) == []
    assert await service.claim(START + 14 * DAY) == [MemberKey(1, 5)]
    assert await service.claim(START + 21 * DAY - HOUR) == []
    assert await service.claim(START + 21 * DAY) == [MemberKey(1, 5)]
    await saw(database, 5, START + 22 * DAY)
    assert await service.claim(START + 36 * DAY - HOUR) == []
    await service.mark_left([MemberKey(1, 5)], START + 36 * DAY)
    assert await service.claim(START + 90 * DAY) == []


@pytest.mark.parametrize("stand_in", [True, False])
async def test_what_was_written_before_leaving_and_is_read_later_brings_nobody_back(
    database: Database, stand_in: bool
):
    service = DepartureService(database)
    await saw(database, 5, START)
    assert await service.mark_left([MemberKey(1, 5)], START + 2 * DAY) == [MemberKey(1, 5)]
    await saw(database, 5, START + DAY, stand_in=stand_in)
    assert await gone(database, 5)
    await saw(database, 5, START + 3 * DAY, stand_in=stand_in)
    assert not await gone(database, 5)


async def test_whoever_was_seen_since_discord_was_asked_is_there(database: Database):
    await saw(database, 5, START + HOUR)
    assert await DepartureService(database).mark_left([MemberKey(1, 5), MemberKey(1, 6)], START) == []
    assert not await gone(database, 5)


async def test_leaving_one_server_is_not_leaving_another(database: Database):
    for guild_id in (1, 2):
        await made_team(database, guild_id, "Red", None, START)
        somebody = Actor(guild_id=guild_id, member_id=5, name="Somebody", now=START)
        await TeamService(database).join(somebody, "Red")
    await DepartureService(database).mark_left([MemberKey(1, 5)], START + DAY)
    for guild_id, there in ((1, []), (2, [5])):
        stays = await database.read(lambda conn, guild_id=guild_id: teams.stays_at(conn, guild_id, START + 2 * DAY))
        assert [stay.member_id for stay in stays] == there


async def test_many_cost_as_many_statements_as_one(database: Database):
    service = DepartureService(database)

    async def cost(now: datetime) -> tuple[int, int]:
        with counting(database) as count:
            left = await service.mark_left(await service.claim(now), now)
        return len(left), count.statements

    await saw(database, 5, START)
    one = await cost(START + 14 * DAY)
    for member_id in range(10, 10 + AT_ONCE):
        await saw(database, member_id, START + DAY)
    many = await cost(START + 15 * DAY)
    assert (one[0], many[0]) == (1, AT_ONCE) and many[1] == one[1]
