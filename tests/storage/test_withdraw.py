"""Taking an entry back leaves the standings as if it had never been made."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.storage import ledger, servers
from bot.storage.database import Database
from tests.storage.test_drills import make_track

SPRING = datetime(2026, 3, 27, 22, tzinfo=UTC)
"""New York's clocks went forward on 8 March; a month ends within the span that is played."""


def book(conn: Connection, number: int, track_id: int | None, member_id: int, at: datetime) -> bool:
    return ledger.enter(
        conn,
        guild_id=1,
        track_id=track_id,
        member_id=member_id,
        reason="vote",
        points=number % 5 + 1,
        reference=str(number),
        at=at,
    )


async def test_what_is_not_booked_cannot_be_withdrawn_and_may_be_booked_again(database: Database):
    await make_track(database)
    assert await database.write(lambda conn: book(conn, 1, 1, 7, SPRING))
    assert not await database.write(lambda conn: ledger.withdraw(conn, guild_id=2, reference="1"))
    assert await database.write(lambda conn: ledger.withdraw(conn, guild_id=1, reference="1"))
    assert not await database.write(lambda conn: ledger.withdraw(conn, guild_id=1, reference="1"))
    assert await database.read(ledger.stored) == {}
    assert await database.write(lambda conn: book(conn, 1, 1, 7, SPRING))


@pytest.mark.parametrize("seed", range(4))
async def test_standings_equal_the_ledger_after_every_withdrawal(database: Database, seed: int):
    await make_track(database)
    chance = random.Random(seed)

    def play(conn: Connection) -> None:
        servers.set_zone(conn, 1, "America/New_York")
        for number in range(40):
            at = SPRING + timedelta(hours=chance.randrange(24 * 40))
            book(conn, number, chance.choice([None, 1]), chance.choice([7, 8]), at)
        for number in chance.sample(range(40), 40):
            assert ledger.withdraw(conn, guild_id=1, reference=str(number))
            assert ledger.stored(conn) == ledger.recompute(conn)
        assert ledger.stored(conn) == {}

    await database.write(play)
