"""A page of a board says what counting by hand says, whoever stays off, ties, and however it is turned."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.points import Ranked
from bot.storage import boards
from bot.storage.boards import Above, BoardKey, BoardPage, Own
from bot.storage.database import Database
from bot.storage.schema import members, standings

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
GUILD, NOW, EARLIER = 1, "2026-W48", "2026-W47"
People = dict[int, tuple[int, int, bool]]
"""Points now and a week earlier, and whether they stay off boards, by member."""

people = st.dictionaries(
    st.integers(1, 12), st.tuples(st.integers(-1, 4), st.integers(-1, 4), st.booleans()), max_size=12
)


def reached(member: int) -> datetime:
    """Ties are reached in an order of their own."""
    return AT + timedelta(minutes=member * 7 % 5)


def fill(conn: Connection, team: People) -> None:
    conn.execute(standings.delete())
    conn.execute(members.delete())
    for member, (now, earlier, off) in team.items():
        who = {"guild_id": GUILD, "member_id": member}
        conn.execute(members.insert().values(**who, name=f"M{member}", seen_at=AT, off_boards=off))
        for period, points in ((NOW, now), (EARLIER, earlier)):
            # The same again in a track, on a board of its own with other points.
            for track, more in ((0, 0), (3, 9)):
                row = {"track_id": track, "period": period, "points": points + more, "reached_at": reached(member)}
                conn.execute(standings.insert().values(**who, **row))


def by_hand(team: People, asking: int, limit: int, offset: int) -> BoardPage:
    points = {member: now for member, (now, _, off) in team.items() if now > 0 and not off}
    before = {member: old for member, (_, old, off) in team.items() if old > 0 and not off}
    best = sorted(points, key=lambda member: (-points[member], reached(member), member))
    rows = [
        Ranked(
            1 + sum(more > points[member] for more in points.values()),
            member,
            points[member],
            f"M{member}",
            1 + sum(more > before[member] for more in before.values()) if member in before else None,
        )
        for member in best[offset : offset + limit]
    ]
    mine, own = team.get(asking, (0, 0, False))[0], None
    if mine > 0:
        better = [member for member in best if points[member] > mine]
        above = Above(f"M{better[-1]}", points[better[-1]]) if better else None
        own = Own(len(better) + 1, mine, above)
    return BoardPage(len(best), own, bool(before), rows)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(team=people, asking=st.integers(1, 12), limit=st.integers(1, 5), offset=st.integers(0, 12))
async def test_a_page_is_what_counting_by_hand_gives(
    database: Database, team: People, asking: int, limit: int, offset: int
):
    await database.write(lambda conn: fill(conn, team))
    found = await database.read(
        lambda conn: boards.page(conn, BoardKey(GUILD, 0, NOW), limit, offset, earlier=EARLIER, member_id=asking)
    )
    assert found == by_hand(team, asking, limit, offset)


async def test_a_page_has_as_many_rows_as_were_asked_for(database: Database):
    """Up to 25 members share a season, whose card names eight more."""
    team: People = {member: (5 if member <= 25 else 4, 1, False) for member in range(1, 60)}
    await database.write(lambda conn: fill(conn, team))
    for limit in (boards.SHORT, boards.SHORT + 1, boards.LONGEST):
        found = await database.read(
            lambda conn, limit=limit: boards.page(
                conn, BoardKey(GUILD, 0, NOW), limit, earlier=EARLIER, member_id=59
            )
        )
        assert found == by_hand(team, 59, limit, 0) and len(found.rows) == limit
