"""Recomputes what is cached and says where it disagrees."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.answers import Status
from bot.domain.points import LATE_POINTS, ON_TIME_POINTS, Reason, answer_reference
from bot.storage import answers, ledger
from bot.storage.engine import Database


async def disagreements(database: Database) -> list[str]:
    """Sentences about answers without their points, points without an answer, and wrong standings."""

    async def work(conn: AsyncConnection) -> list[str]:
        found: list[str] = []
        owed = {
            (row.guild_id, answer_reference(row.track_id, row.date, row.member_id)): (
                ON_TIME_POINTS if row.status == Status.ON_TIME else LATE_POINTS
            )
            for row in await answers.all_credited(conn)
        }
        booked = {
            (row.guild_id, row.reference): row.points
            for row in await ledger.entries(conn, (Reason.ON_TIME, Reason.LATE))
        }
        for key in sorted(owed.keys() | booked.keys()):
            if owed.get(key) != booked.get(key):
                found.append(f"{key[1]} is worth {owed.get(key, 0)} points, the ledger says {booked.get(key, 0)}")
        right, stored = await ledger.recompute(conn), await ledger.stored(conn)
        for cell in sorted(right.keys() | stored.keys()):
            if right.get(cell) != stored.get(cell):
                guild_id, track_id, period, member_id = cell
                found.append(
                    f"the standing of member {member_id} (server {guild_id}, track {track_id}, {period}) "
                    f"is {stored.get(cell, (0,))[0]}, the ledger gives {right.get(cell, (0,))[0]}"
                )
        return found

    return await database.read(work)
