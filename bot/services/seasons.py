"""Use cases of seasons: crown a month's champions, tell them, list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.backoff import pause
from bot.domain.errors import Problem
from bot.domain.points import Ranked, month_key
from bot.domain.schedule import local_date
from bot.domain.seasons import CHAMPION, SeasonMonth, first_turn, is_told, next_turn, turned
from bot.domain.tracks import Track
from bot.services.boards import WHOLE_SERVER, pages_of
from bot.services.drills import ON_TIME
from bot.services.team_boards import leading, table_at
from bot.services.use_cases import Service, reads, writes
from bot.storage import boards, milestones, seasons, servers, tracks
from bot.storage.boards import BoardKey
from bot.storage.seasons import SeasonDelivery, SeasonWinner
from bot.storage.sent_messages import Owner, OwnerKind

__all__ = ["HallOfFame", "PendingSeason", "SeasonService", "SeasonStory", "SeasonWinner"]

SHARED_BY = 25
"""So many may share a title."""
ON_CARD, LISTED = 8, 6


@dataclass(frozen=True, slots=True)
class PendingSeason:
    """A season that a channel is to be told of, and how that stands."""

    track: Track
    month: SeasonMonth
    delivery: SeasonDelivery


@dataclass(frozen=True, slots=True)
class SeasonAgenda:
    """What seasons need now: servers whose month has turned, most overdue first, and what is to be told."""

    due: list[int]
    pending: list[PendingSeason]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonStory:
    """What is told of a season.

    Attributes:
        champions, teams: who won; several where they share the title.
        others: the best after the champions.
        people: how many had points.
        role_id: what the champions are given for a month.
    """

    month: SeasonMonth
    champions: Sequence[SeasonWinner]
    teams: Sequence[SeasonWinner]
    others: Sequence[Ranked]
    people: int
    role_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HallOfFame:
    """A page of a server's seasons, newest first.

    Attributes:
        page: counted from 0; past the end it is the last page.
        winners: those of each month, members before teams.
        leaders: who is ahead this month; several where they share the lead.
        running: the month that is not over.
        turn: when somebody is crowned next; None before the first track.
    """

    page: int
    pages: int
    winners: Sequence[SeasonWinner]
    leaders: Sequence[Ranked]
    running: date
    turn: datetime | None


def plan(conn: Connection, guild_id: int, zone: str, now: datetime) -> None:
    """Sets when a server's month turns, once it has a zone or another one; a turn that is due stays so."""
    due = seasons.due_at(conn, guild_id)
    if due is None or due > now:
        seasons.schedule(conn, guild_id, first_turn(now, zone) if due is None else next_turn(now, zone))


def crown(conn: Connection, guild_id: int, now: datetime) -> PendingSeason | None:
    """Records the champions of the months that have turned, passes their role on, and plans the next turn.

    Returns the season to tell: the last one, unless nobody won it, nobody practices any more, or it is too late.
    """
    due = seasons.due_at(conn, guild_id)
    if due is None or due > now:
        return None
    zone = servers.server_zone(conn, guild_id)
    months = turned(due, now, zone)
    seasons.schedule(conn, guild_id, next_turn(now, zone))
    found = [_record(conn, guild_id, month, due, now) for month in months]
    roles = milestones.roles(conn, guild_id)
    role_id = roles[CHAMPION].role_id if CHAMPION in roles else None
    seasons.pass_on(conn, guild_id, seasons.champions(conn, guild_id), role_id)
    return found[-1]


def _record(
    conn: Connection, guild_id: int, month: SeasonMonth, due: datetime, now: datetime
) -> PendingSeason | None:
    key = BoardKey(guild_id, WHOLE_SERVER, month.key)
    best = [row for row in boards.page(conn, key, SHARED_BY).rows if row.rank == 1]
    teams = leading(table_at(conn, key, month.end))
    told = (best or teams) and is_told(month, due, now)
    track = next(iter(tracks.of_server(conn, guild_id)), None) if told else None
    late = int(now - month.turn > ON_TIME)
    season = seasons.add(conn, guild_id, month.key, month.turn, track and track.id, late)
    if season is None:
        return None
    for row in best:
        seasons.add_winner(conn, season, member_id=row.member_id, points=row.points)
    for team, score in teams:
        seasons.add_winner(conn, season, team_id=team.id, points=score.total, counted=score.counted)
    return None if track is None else PendingSeason(track, month, season)


def pending(conn: Connection, now: datetime) -> list[PendingSeason]:
    """Seasons that are to be told now."""
    found: list[PendingSeason] = []
    for delivery in seasons.pending(conn, now):
        track = None if delivery.track_id is None else tracks.get(conn, delivery.track_id)
        if track is not None:
            zone = servers.server_zone(conn, delivery.guild_id)
            month = SeasonMonth(date.fromisoformat(f"{delivery.month}-01"), zone)
            found.append(PendingSeason(track, month, delivery))
    return found


def agenda(conn: Connection, now: datetime) -> SeasonAgenda:
    """What seasons need now; what came to nothing is given up."""
    seasons.give_up(conn, now)
    return SeasonAgenda(seasons.due(conn, now), pending(conn, now))


def owner(told: PendingSeason) -> Owner:
    """The season as the owner of its message."""
    born = f"{told.track.channel_id}:{told.delivery.month}"
    return Owner(OwnerKind.SEASON, told.delivery.id, told.track.guild_id, born)


def mark_sent(conn: Connection, sent: PendingSeason, message_id: int) -> None:
    """Records a season's message; what was wrong with the channel is over."""
    seasons.mark_sent(conn, sent.delivery.id, message_id)
    tracks.mend(conn, sent.track.id)


def put_off(conn: Connection, failed: PendingSeason, now: datetime, problem: Problem) -> datetime:
    """Puts the next try off, twice as long each time, and keeps the reason for `/daily status`.

    Returns when it comes.
    """
    attempts = failed.delivery.attempts
    until = now + pause(attempts)
    seasons.put_off(conn, failed.delivery.id, attempts + 1, until)
    tracks.report(conn, failed.track.id, problem)
    return until


def gather(conn: Connection, told: PendingSeason) -> SeasonStory:
    """Gathers what is told of a season."""
    guild_id = told.track.guild_id
    won = seasons.winners(conn, [told.delivery.id])
    champions = [winner for winner in won if winner.member_id is not None]
    board = boards.page(conn, BoardKey(guild_id, WHOLE_SERVER, told.month.key), ON_CARD + len(champions))
    crowned = {winner.member_id for winner in champions}
    roles = milestones.roles(conn, guild_id)
    return SeasonStory(
        month=told.month,
        champions=champions,
        teams=[winner for winner in won if winner.member_id is None],
        others=[row for row in board.rows if row.member_id not in crowned and row.rank > 1],
        people=board.people,
        role_id=roles[CHAMPION].role_id if CHAMPION in roles else None,
    )


def hall(conn: Connection, guild_id: int, now: datetime, page: int = 0) -> HallOfFame:
    """A page of a server's seasons, and who is ahead this month."""
    today = local_date(now, servers.server_zone(conn, guild_id))
    pages = pages_of(seasons.how_many(conn, guild_id), LISTED)
    shown = min(max(page, 0), pages - 1)
    ahead = boards.page(conn, BoardKey(guild_id, WHOLE_SERVER, month_key(today)), SHARED_BY).rows
    return HallOfFame(
        page=shown,
        pages=pages,
        winners=seasons.won(conn, guild_id, LISTED, shown * LISTED),
        leaders=[row for row in ahead if row.rank == 1],
        running=today.replace(day=1),
        turn=seasons.due_at(conn, guild_id),
    )


class SeasonService(Service):
    """Decides which seasons are to be told, and gathers what that tells."""

    agenda = writes(agenda)
    crown = writes(crown)
    failed = writes(put_off)
    gather = reads(gather)
    hall = reads(hall)

    async def mark_tried(self, told: PendingSeason) -> None:
        """Records before a send that it may have happened: the next try looks first."""
        delivery = told.delivery
        await self.write(seasons.mark_tried, delivery.id, delivery.attempts + 1)
