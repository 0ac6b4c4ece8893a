"""Recomputes what is cached and says where it disagrees."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.errors import NotStored, OperatorError, Problem, plainly
from bot.domain.points import (
    BEST_POINTS,
    LATE_POINTS,
    ON_TIME_POINTS,
    VOTE_POINTS,
    Reason,
    answer_reference,
    best_reference,
    vote_reference,
)
from bot.domain.streaks import fold
from bot.domain.votes import best, paid
from bot.storage import answers, ledger, votes
from bot.storage.answers import outcomes_of
from bot.storage.database import Database
from bot.storage.migrate import is_current
from bot.storage.sqlite_files import database_file
from bot.storage.urls import is_postgres

CHECKED = (Reason.ON_TIME, Reason.LATE, Reason.VOTE, Reason.BEST)
CELL = ("guild_id", "track_id", "period", "team_id", "member_id")


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What `verify` found."""

    streaks: int
    standings: int
    disagreements: list[Problem]


async def verify_database(url: str, *, rebuild: bool = False) -> AuditReport:
    """Checks a database file; only a rebuild writes to it, and it refuses while the bot runs.

    Raises:
        OperatorError: there is no such file, or it has another schema.
        DatabaseInUse: a rebuild while another process writes.
    """
    file = database_file(url)
    if not is_postgres(url) and (file is None or not file.is_file()):
        raise OperatorError("There is no database yet: it is made when the bot runs for the first time.")
    try:
        async with Database(url, read_only=not rebuild, patient=True) as database:
            if not await is_current(database):
                raise OperatorError(
                    "This database is from another version: start the bot once, which brings it up to date."
                )
            if rebuild:
                await database.write(ledger.rebuild)
            return await report(database)
    except NotStored as error:
        raise OperatorError(f"I can't reach the database: {plainly(error)}. Mend that, then try again.") from error


def _voted(conn: Connection) -> dict[tuple[int, str], int]:
    """What votes and best answers are worth, by server and reference."""
    owed = {(row.guild_id, best_reference(row.drill_id)): BEST_POINTS for row in votes.all_tallies(conn)}
    voters: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row in votes.all_votes(conn):
        voters[row.guild_id, row.answer_id].append(row.voter_id)
    for (guild_id, answer_id), who in voters.items():
        owed |= {(guild_id, vote_reference(answer_id, voter)): VOTE_POINTS for voter in paid(who)}
    return owed


async def report(database: Database) -> AuditReport:
    """Points that answers and votes do not bear out, wrong best answers, streaks and standings."""

    def work(conn: Connection) -> AuditReport:
        credited = answers.all_credited(conn)
        owed = {
            (row.guild_id, answer_reference(row.track_id, row.date, row.member_id)): (
                ON_TIME_POINTS if row.status == AnswerStatus.ON_TIME else LATE_POINTS
            )
            # The first one on a date is paid; another follows only where its drill has become void.
            for row in sorted(credited, key=lambda row: row.counted_at, reverse=True)
        } | _voted(conn)
        booked = {(row.guild_id, row.reference): row.points for row in ledger.entries(conn, CHECKED)}
        found = [
            Problem("points", {"reference": key[1], "owed": owed.get(key, 0), "booked": booked.get(key, 0)})
            for key in sorted(owed.keys() | booked.keys())
            if owed.get(key) != booked.get(key)
        ]
        for row in votes.all_tallies(conn):
            winner = best(votes.counts(conn, row.drill_id, row.voted_until))
            if winner is None or winner[0] != row.best_answer_id:
                found.append(Problem("best", {"drill_id": row.drill_id}))
        people: defaultdict[tuple[int, int], int] = defaultdict(int)
        for row in credited:
            people[row.track_id, row.member_id] += row.status == AnswerStatus.ON_TIME
        for (track_id, member_id), on_time in people.items():
            streak = fold(outcomes_of(answers.history(conn, track_id, member_id)))
            if streak.best > on_time or streak.current > streak.best:
                values = {"member_id": member_id, "track_id": track_id, "on_time": on_time}
                found.append(Problem("streak", values))
        right, stored = ledger.recompute(conn), ledger.stored(conn)
        for cell in sorted(right.keys() | stored.keys()):
            if right.get(cell) != stored.get(cell):
                points = {"stored": stored.get(cell, (0,))[0], "owed": right.get(cell, (0,))[0]}
                found.append(Problem("standing", dict(zip(CELL, cell, strict=True)) | points))
        return AuditReport(len(people), len(right), found)

    return await database.read(work)
