"""What teams see of themselves: the teams' board, their streaks, and the list of teams."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain.points import Period, key_before, last_day, period_key, recent_weeks
from bot.domain.schedule import local_date
from bot.domain.teams import ACTIVE_DRILLS, Team, TeamDrill, TeamScore, counted_members, scores, team_run
from bot.domain.text import NOBODY
from bot.services.boards import IN_TREND, SHOWN, TREND_WEEKS, WHOLE_SERVER, Trend, TrendLine, pages_of
from bot.storage import members, servers, team_boards, teams, tracks
from bot.storage.boards import BoardKey
from bot.storage.database import Database
from bot.storage.team_boards import Met
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


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """A page of the teams' board.

    Attributes:
        counted: how many of its best members make a team's score.
        moving: whether any team had points a week or month earlier.
        names: of contributors, without those who stay off boards.
        idle: teams without points.
        own: the asking member's team, its score (None without points), and the next above.
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


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """A team in the list: its members' names, its score this week, and whether its role was deleted."""

    team: Team
    members: list[str]
    score: float
    role_gone: bool


@dataclass(frozen=True, slots=True)
class TeamList:
    """A page of the list of teams; `torn` are (member, their team, another team whose role they have)."""

    page: int
    pages: int
    teams: list[ListedTeam]
    torn: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """All teams of a period by their scores."""

    teams: dict[int, Team]
    counted: int
    scores: list[TeamScore]


def table_at(conn: Connection, key: BoardKey, at: datetime) -> Table:
    """The scores of the teams that there were at an instant, by their sizes of that instant: a period's table."""
    there = {team.id: team for team in teams.standing_at(conn, key.guild_id, at)}
    stays = teams.stays_at(conn, key.guild_id, at)
    counted = counted_members([sum(stay.team_id == team_id for stay in stays) for team_id in there])
    earned = team_boards.earned(conn, key)
    return Table(there, counted, scores({k: v for k, v in earned.items() if k in there}, counted))


def _after(day: date, zone: str) -> datetime:
    """The instant at which a local date is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


class TeamBoardService:
    """Reads teams' boards and lists."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def board(
        self, guild_id: int, track_id: int, period: Period, member_id: int, now: datetime, page: int = 0
    ) -> TeamBoard:
        """A page of the teams' board of a server (track 0) or of one track.

        A finished period's board counts the teams that there were at its end; today's counts those of now.
        """

        def work(conn: Connection) -> TeamBoard:
            zone = servers.server_zone(conn, guild_id)
            today = local_date(now, zone)
            key = BoardKey(guild_id, track_id, period_key(period, today))
            table = table_at(conn, key, min(now, _after(last_day(period, today), zone)))
            earlier = key_before(period, today)
            before: dict[int, int] = {}
            if earlier is not None:
                old = table_at(conn, BoardKey(guild_id, track_id, earlier[0]), _after(earlier[1], zone))
                before = {row.team_id: row.rank for row in old.scores}
            pages = pages_of(len(table.scores))
            shown = min(max(page, 0), pages - 1)
            rows = table.scores[shown * SHOWN : (shown + 1) * SHOWN]
            runs = self._runs(conn, guild_id, track_id, [row.team_id for row in rows], now)
            ranked = {row.team_id for row in table.scores}
            stays = teams.of_member(conn, guild_id, member_id)
            own_id = next((stay.team_id for stay in stays if stay.covers(now)), None)
            here = table.teams | {team.id: team for team in teams.of_server(conn, guild_id)}
            own = next((row for row in table.scores if row.team_id == own_id), None)
            above = [row for row in table.scores if own is not None and row.total > own.total]
            return TeamBoard(
                period,
                key.period,
                zone,
                shown,
                pages,
                table.counted,
                bool(before),
                [
                    TeamRow(table.teams[row.team_id], row, before.get(row.team_id), runs.get(row.team_id))
                    for row in rows
                ],
                self._names(conn, guild_id, [c.member_id for row in rows for c in row.contributors]),
                [team for team in table.teams.values() if team.id not in ranked],
                here.get(own_id or 0),
                own,
                (table.teams[above[-1].team_id], above[-1]) if above else None,
            )

        return await self._db.read(work)

    async def trend(self, guild_id: int, track_id: int, period: Period, now: datetime) -> Trend | None:
        """Scores a week of the five best teams; None until points of two weeks make a line."""

        def work(conn: Connection) -> Trend | None:
            zone = servers.server_zone(conn, guild_id)
            today = local_date(now, zone)
            key = BoardKey(guild_id, track_id, period_key(period, today))
            table = table_at(conn, key, min(now, _after(last_day(period, today), zone)))
            best = table.scores[:IN_TREND]
            weeks = recent_weeks(period, today, TREND_WEEKS)
            by_week: list[dict[int, float]] = []
            for week, _ in weeks:
                earned = team_boards.earned(conn, BoardKey(guild_id, track_id, week))
                by_week.append({row.team_id: row.score for row in scores(earned, table.counted)})
            if sum(any(row.team_id in week for row in best) for week in by_week) < 2:
                return None
            return Trend(
                [monday for _, monday in weeks],
                [
                    TrendLine(
                        row.rank, table.teams[row.team_id].name, [week.get(row.team_id, 0) for week in by_week]
                    )
                    for row in best
                ],
            )

        return await self._db.read(work)

    def _names(self, conn: Connection, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
        return members.board_names(conn, guild_id, member_ids)

    def _runs(
        self, conn: Connection, guild_id: int, track_id: int, team_ids: Sequence[int], now: datetime
    ) -> dict[int, int]:
        """Team streaks in a track, or in the server's only one; none where several are meant.

        Looks back only as far as the longest run and the drills that decide who was active at its start.
        """
        known = tracks.of_server(conn, guild_id)
        if track_id == WHOLE_SERVER and len(known) != 1:
            return {}
        stays = teams.stays_in(conn, guild_id, team_ids)
        looked = FIRST_LOOK
        while True:
            met = team_boards.newest_met(conn, track_id or known[0].id, looked)
            runs = {
                team_id: team_run(_as_met(met, [stay for stay in stays if stay.team_id == team_id], now))
                for team_id in team_ids
            }
            span = max((run.span for run in runs.values()), default=0)
            if len(met) < looked or span < looked - ACTIVE_DRILLS - 1:
                return {team_id: run.length for team_id, run in runs.items()}
            looked *= 2

    async def listing(self, guild_id: int, existing: Collection[int], now: datetime, page: int = 0) -> TeamList:
        """A page of the server's teams with their members and this week's scores.

        Args:
            existing: all roles of the server: a team whose role is not among them lost it.
        """

        def work(conn: Connection) -> TeamList:
            today = local_date(now, servers.server_zone(conn, guild_id))
            key = BoardKey(guild_id, WHOLE_SERVER, period_key(Period.THIS_WEEK, today))
            table = table_at(conn, key, now)
            known = teams.of_server(conn, guild_id)
            pages = pages_of(len(known), LISTED)
            shown = min(max(page, 0), pages - 1)
            stays = teams.stays_at(conn, guild_id, now)
            names = members.names(conn, guild_id, [stay.member_id for stay in stays])
            score = {row.team_id: row.score for row in table.scores}
            by_id = {team.id: team for team in known}
            return TeamList(
                shown,
                pages,
                [
                    ListedTeam(
                        team,
                        [names.get(stay.member_id, NOBODY) for stay in stays if stay.team_id == team.id],
                        score.get(team.id, 0.0),
                        team.role_id is not None and not team.by_role(existing),
                    )
                    for team in known[shown * LISTED : (shown + 1) * LISTED]
                ],
                [
                    (names.get(stay.member_id, NOBODY), by_id[stay.team_id].name, by_id[stay.also_id].name)
                    for stay in stays
                    if stay.also_id in by_id and by_id[stay.also_id].by_role(existing)
                ],
            )

        return await self._db.read(work)


def _as_met(met: Sequence[Met], stays: Sequence[Membership], now: datetime) -> list[TeamDrill]:
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
