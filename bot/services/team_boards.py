"""What teams see of themselves: the teams' board, their streaks, and the list of teams."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain.points import Period, key_before, last_day, period_key, recent_weeks
from bot.domain.schedule import local_date
from bot.domain.teams import ACTIVE_DRILLS, Team, TeamDrill, TeamScore, counted_members, scores, team_run
from bot.services.boards import (
    BEFORE,
    IN_TREND,
    ON_PODIUM,
    SHOWN,
    TREND_WEEKS,
    WHOLE_SERVER,
    Trend,
    TrendLine,
    meant_track,
    pages_of,
)
from bot.services.use_cases import Service, reads
from bot.storage import members, servers, team_boards, teams
from bot.storage.boards import BoardKey
from bot.storage.team_boards import Earned, MetDrill
from bot.storage.teams import Membership

LISTED = 5
FIRST_LOOK = 64


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team on a board: its score, its rank a week or month earlier, and its streak where one track is meant."""

    team: Team
    score: TeamScore
    before: int | None
    run: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamBoard:
    """A page of the teams' board.

    Attributes:
        counted: how many of its best members make a team's score.
        moving: whether any team had points a week or month earlier.
        names: of contributors, without those who stay off boards.
        idle: teams without points.
        own: the asking member's team, its score (None without points), and the next above.
        podium: while no team has points yet, the best of the period before.
        trend: how the best got there, of the period before where no team has points yet; None where it was not
            asked for.
    """

    period: Period
    key: str
    zone: str
    page: int
    pages: int
    counted: int
    moving: bool
    rows: list[TeamRow]
    names: dict[int, str]
    idle: list[Team]
    own: Team | None
    own_score: TeamScore | None
    above: tuple[Team, TeamScore] | None
    podium: Sequence[tuple[Team, TeamScore]]
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """A team in the list: its members' names, its score this week, and whether its role was deleted.

    Attributes:
        own: who reads is in it.
    """

    team: Team
    members: list[str]
    score: float
    role_gone: bool
    own: bool


@dataclass(frozen=True, slots=True)
class TeamList:
    """A page of the list of teams; `torn` are (member, their team, another team whose role they have)."""

    page: int
    pages: int
    teams: list[ListedTeam]
    torn: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class TeamTable:
    """All teams of a period by their scores."""

    teams: dict[int, Team]
    counted: int
    scores: list[TeamScore]


def _table(known: Sequence[Team], stays: Sequence[Membership], earned: Earned, at: datetime) -> TeamTable:
    there = {team.id: team for team in known if team.existed(at)}
    sizes = Counter(stay.team_id for stay in stays if stay.covers(at))
    counted = counted_members([sizes[team_id] for team_id in there])
    return TeamTable(there, counted, scores({k: v for k, v in earned.items() if k in there}, counted))


def table_at(conn: Connection, key: BoardKey, at: datetime) -> TeamTable:
    """The scores of the teams that there were at an instant, by their sizes of that instant: a period's table."""
    earned = team_boards.earned(conn, key.guild_id, key.track_id, [key.period])[key.period]
    return _table(teams.ever(conn, key.guild_id), teams.stays_at(conn, key.guild_id, at), earned, at)


def leading(table: TeamTable) -> list[tuple[Team, TeamScore]]:
    """The first of two or more teams, several where they share the lead."""
    if len(table.teams) < 2:
        return []
    return [(table.teams[row.team_id], row) for row in table.scores if row.rank == 1]


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
) -> TeamBoard:
    """A page of the teams' board of a server (track 0) or of one track.

    A finished period's board counts the teams that there were at its end; today's counts those of now.

    Args:
        trend: reads also how the best got there.
    """
    zone = servers.server_zone(conn, guild_id)
    today = local_date(now, zone)
    key, earlier = period_key(period, today), key_before(period, today)
    weeks = recent_weeks(period, today, TREND_WEEKS) if trend else []
    periods = {key, *(week for week, _ in weeks), *(() if earlier is None else (earlier[0],))}
    known, stays = teams.ever(conn, guild_id), teams.stays(conn, guild_id)
    earned = team_boards.earned(conn, guild_id, track_id, sorted(periods))
    table = _table(known, stays, earned[key], min(now, _after(last_day(period, today), zone)))
    before: dict[int, int] = {}
    told, best = Trend(period, key, [day for _, day in weeks], []), table
    if earlier is not None:
        old = _table(known, stays, earned[earlier[0]], _after(earlier[1], zone))
        before = {row.team_id: row.rank for row in old.scores}
        if not table.scores and old.scores and period in BEFORE:
            weeks, best = recent_weeks(BEFORE[period], today, TREND_WEEKS) if trend else [], old
            earned = team_boards.earned(conn, guild_id, track_id, [week for week, _ in weeks])
            told = Trend(BEFORE[period], earlier[0], [day for _, day in weeks], [])
    pages = pages_of(len(table.scores))
    shown = min(max(page, 0), pages - 1)
    rows = table.scores[shown * SHOWN : (shown + 1) * SHOWN]
    runs = _runs(conn, guild_id, track_id, [row.team_id for row in rows], stays, now)
    here = table.teams | {team.id: team for team in known if team.deleted_at is None}
    own_id = next((stay.team_id for stay in stays if stay.member_id == member_id and stay.covers(now)), 0)
    own = next((row for row in table.scores if row.team_id == own_id), None)
    above = [row for row in table.scores if own is not None and row.total > own.total]
    ranked = {row.team_id for row in table.scores}
    return TeamBoard(
        period=period,
        key=key,
        zone=zone,
        page=shown,
        pages=pages,
        counted=table.counted,
        moving=bool(before),
        rows=[
            TeamRow(table.teams[row.team_id], row, before.get(row.team_id), runs.get(row.team_id)) for row in rows
        ],
        names=members.board_names(conn, guild_id, [c.member_id for row in rows for c in row.contributors]),
        idle=[team for team in table.teams.values() if team.id not in ranked],
        own=here.get(own_id),
        own_score=own,
        above=(table.teams[above[-1].team_id], above[-1]) if above else None,
        podium=[] if best is table else [(best.teams[row.team_id], row) for row in best.scores[:ON_PODIUM]],
        trend=replace(told, lines=_lines(best, weeks, earned, own_id)) if weeks and best.scores else None,
    )


def _lines(
    table: TeamTable, weeks: Sequence[tuple[str, date]], earned: Mapping[str, Earned], own_id: int
) -> list[TrendLine]:
    """Scores a week of the best teams and of one's own."""
    best = table.scores[:IN_TREND]
    own = [row for row in table.scores[IN_TREND:] if row.team_id == own_id]
    best = [*best[: IN_TREND - len(own)], *own]
    by_week = [{row.team_id: row.score for row in scores(earned[week], table.counted)} for week, _ in weeks]
    return [
        TrendLine(
            row.rank,
            table.teams[row.team_id].name,
            [week.get(row.team_id, 0) for week in by_week],
            row.score,
            own=row.team_id == own_id,
        )
        for row in best
    ]


def _runs(
    conn: Connection,
    guild_id: int,
    track_id: int,
    team_ids: Sequence[int],
    stays: Sequence[Membership],
    now: datetime,
) -> dict[int, int]:
    """Team streaks in a track, or in the server's only one; none where several are meant.

    Looks back only as far as the longest run and the drills that decide who was active at its start.
    """
    meant = meant_track(conn, guild_id, track_id) if team_ids else None
    if meant is None:
        return {}
    looked = FIRST_LOOK
    while True:
        met = team_boards.newest_met(conn, meant, looked)
        runs = {
            team_id: team_run(_as_met(met, [stay for stay in stays if stay.team_id == team_id], now))
            for team_id in team_ids
        }
        span = max((run.span for run in runs.values()), default=0)
        if len(met) < looked or span < looked - ACTIVE_DRILLS - 1:
            return {team_id: run.length for team_id, run in runs.items()}
        looked *= 2


def listing(
    conn: Connection, guild_id: int, member_id: int, existing: Collection[int], now: datetime, page: int = 0
) -> TeamList:
    """A page of the server's teams with their members and this week's scores.

    Args:
        member_id: who reads.
        existing: all roles of the server: a team whose role is not among them lost it.
    """
    today = local_date(now, servers.server_zone(conn, guild_id))
    week = period_key(Period.THIS_WEEK, today)
    known, stays = teams.of_server(conn, guild_id), teams.stays_at(conn, guild_id, now)
    table = _table(known, stays, team_boards.earned(conn, guild_id, WHOLE_SERVER, [week])[week], now)
    pages = pages_of(len(known), LISTED)
    shown = min(max(page, 0), pages - 1)
    names = members.names(conn, guild_id, [stay.member_id for stay in stays])
    score = {row.team_id: row.score for row in table.scores}
    by_id = {team.id: team for team in known}
    return TeamList(
        shown,
        pages,
        [
            ListedTeam(
                team,
                [names.get(stay.member_id, "") for stay in stays if stay.team_id == team.id],
                score.get(team.id, 0.0),
                team.role_id is not None and not team.by_role(existing),
                any(stay.team_id == team.id and stay.member_id == member_id for stay in stays),
            )
            for team in known[shown * LISTED : (shown + 1) * LISTED]
        ],
        [
            (names.get(stay.member_id, ""), by_id[stay.team_id].name, by_id[stay.also_id].name)
            for stay in stays
            if stay.also_id in by_id and by_id[stay.also_id].by_role(existing)
        ],
    )


def _after(day: date, zone: str) -> datetime:
    """The instant at which a local date is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


def _as_met(met: Sequence[MetDrill], stays: Sequence[Membership], now: datetime) -> list[TeamDrill]:
    """A track's drills as one team met them; its members are those of each drill's closing."""
    return [
        TeamDrill(
            frozenset(stay.member_id for stay in stays if stay.covers(drill.closed_at or now)),
            drill.answered,
            drill.on_time,
            drill.excused,
            drill.closed_at is None,
        )
        for drill in met
    ]


class TeamBoardService(Service):
    """Reads teams' boards and lists."""

    board = reads(board)
    listing = reads(listing)
