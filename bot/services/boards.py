"""Boards: who has how many points in a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.points import Period, Ranked, key_before, period_key, recent_weeks
from bot.domain.schedule import local_date
from bot.services.use_cases import Service, reads, writes
from bot.storage import answers, boards, ledger, members, servers, tracks
from bot.storage.boards import BoardKey, BoardPage

SHOWN = boards.SHORT
ON_PODIUM = 3
IN_TREND = 8
TREND_WEEKS = 8
WHOLE_SERVER = ledger.WHOLE_SERVER
BEFORE = {Period.THIS_WEEK: Period.LAST_WEEK, Period.THIS_MONTH: Period.LAST_MONTH}
"""Whose podium is shown while a period has no points yet."""


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One of the best of a board, or who asked.

    Attributes:
        name: empty for somebody who is not on the page.
        points: week by week.
        total: in the board's period.
        own: it is who asked, or their team.
    """

    rank: int
    name: str
    points: Sequence[float]
    total: float
    own: bool = False
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """How the best of a board got there, the best first, and then who asked if they are not among them.

    Attributes:
        period, key: of the board; while nobody has points in a week or month, of the one before.
        mondays: the weeks.
    """

    period: Period
    key: str
    mondays: list[date]
    lines: list[TrendLine]

    @property
    def running(self) -> bool:
        """Whether the last of its weeks is not over."""
        return not self.period.over

    @property
    def public(self) -> "Trend":
        """The same for everybody: without a place of whoever asked."""
        lines = [replace(line, own=False) for line in self.lines if line.name or not line.own]
        return replace(self, lines=lines)


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a board, as one member sees it.

    Attributes:
        page: counted from 0; past the end it is the last page.
        off: the asking member stays off boards.
        found: the page itself.
        tied: the names beside which the asking member stands with as many points, as far as they are on the page.
        podium: while nobody has points yet, the best of the period before.
        trend: how the best got there; None where it was not asked for or nobody has points.
        runs: the streaks of those on the page, where one track is meant.
    """

    period: Period
    key: str
    zone: str
    page: int
    pages: int
    off: bool
    found: BoardPage
    tied: Sequence[str]
    podium: Sequence[Ranked]
    trend: Trend | None
    runs: Mapping[int, int]


def pages_of(rows: int, on_each: int = SHOWN) -> int:
    """How many pages a board or list of so many rows has; an empty one has one."""
    return max(1, -(-rows // on_each))


def board(
    conn: Connection,
    guild_id: int,
    track_id: int,
    period: Period,
    member_id: int,
    now: datetime,
    page: int = 0,
    *,
    trend: bool = False,
) -> Board:
    """A page of the board of a server (track 0) or of one track; periods begin in the server's zone.

    Args:
        page: counted from 0.
        trend: reads also how the best of the first page got there.
    """
    reader = members.board_reader(conn, guild_id, member_id)
    today = local_date(now, reader.zone)
    key = BoardKey(guild_id, track_id, period_key(period, today))
    before = key_before(period, today)
    earlier = boards.NO_PERIOD if before is None else before[0]
    shown = max(page, 0)
    while True:
        found = boards.page(conn, key, SHOWN, shown * SHOWN, earlier=earlier, member_id=member_id)
        pages = pages_of(found.people)
        if shown < pages:
            break
        shown = pages - 1
    drawn = _trend(conn, key, found, member_id, period, today) if trend and not shown else None
    podium: list[Ranked] = []
    if not found.people and period in BEFORE and before is not None:
        key_then = replace(key, period=before[0])
        then = boards.page(conn, key_then, IN_TREND, member_id=member_id)
        drawn = _trend(conn, key_then, then, member_id, BEFORE[period], today) if trend else None
        podium = then.rows[:ON_PODIUM]
    own = found.own
    tied = [row.name for row in found.rows if own and row.points == own.points and row.member_id != member_id]
    meant = meant_track(conn, guild_id, track_id) if found.rows else None
    runs = {} if meant is None else answers.runs(conn, meant, [row.member_id for row in found.rows])
    return Board(period, key.period, reader.zone, shown, pages, reader.off, found, tied, podium, drawn, runs)


def meant_track(conn: Connection, guild_id: int, track_id: int) -> int | None:
    """The track whose streaks a board shows: its own, or the server's only one; None where several are meant."""
    return tracks.only_of_server(conn, guild_id) if track_id == WHOLE_SERVER else track_id


def _trend(
    conn: Connection, key: BoardKey, found: BoardPage, member_id: int, period: Period, today: date
) -> Trend | None:
    """Points a week of the best of a first page and of who asked; None where nobody has points."""
    if not found.rows:
        return None
    weeks, best = recent_weeks(period, today, TREND_WEEKS), found.rows[:IN_TREND]
    if found.own is not None and member_id not in [row.member_id for row in best]:
        best = [*best[: IN_TREND - 1], Ranked(found.own.rank, member_id, found.own.points, "", None)]
    points = boards.weekly(conn, key, [week for week, _ in weeks], [row.member_id for row in best])
    lines = [
        TrendLine(
            row.rank,
            row.name,
            [points.get((row.member_id, week), 0) for week, _ in weeks],
            row.points,
            own=row.member_id == member_id,
            member_id=row.member_id,
        )
        for row in best
    ]
    return Trend(period, key.period, [monday for _, monday in weeks], lines)


def stay_off(conn: Connection, actor: Actor, *, off: bool) -> None:
    """Keeps a member off boards, or shows them again; points and the own rank stay."""
    servers.ensure(conn, actor.guild_id)
    members.record(conn, actor.guild_id, actor.member_id, actor.name, actor.now)
    members.set_off_boards(conn, actor.guild_id, actor.member_id, off=off)


def name_to_share(conn: Connection, guild_id: int, member_id: int) -> str:
    """The name under which somebody else may post what a member has done; Refusal if they stay off boards."""
    if members.board_reader(conn, guild_id, member_id).off:
        raise Refusal("boards.not_shared")
    return members.names(conn, guild_id, [member_id]).get(member_id, "")


class BoardService(Service):
    """Reads boards from the standings."""

    members = reads(board)
    stay_off = writes(stay_off)
    name_to_share = reads(name_to_share)
