"""What there is to do, read once for all that runs by itself."""

from datetime import datetime, timedelta

from bot.services.drills import CARD_REFRESH
from bot.services.use_cases import Service
from bot.storage.agenda import Agenda, Backlog, agenda, backlog, end_pauses
from bot.storage.database import Database
from bot.storage.installation import leave_out, remember

STORED_AT = "stored at"


class AgendaService(Service):
    """Reads the agenda of all workers at once: most beats of the heartbeat find nothing to do.

    Args:
        late_limit: how late a scheduled drill or digest may be posted.
        keep_texts: how long the texts of answers stay stored.
    """

    def __init__(self, database: Database, late_limit: timedelta, keep_texts: timedelta) -> None:
        super().__init__(database)
        self._limits = {"late_limit": late_limit, "card_refresh": CARD_REFRESH, "keep_texts": keep_texts}

    async def look(self, now: datetime) -> Agenda:
        """What there is to do now."""
        return await self.read(agenda, now, **self._limits)

    async def backlog(self, now: datetime) -> Backlog:
        """What is owed to Discord now, counted for those who watch the bot."""
        return await self.read(backlog, now)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be stored now, as NotStored names it; None while all is well."""
        return self._db.trouble

    async def try_to_store(self, now: datetime) -> None:
        """Stores something small; raises NotStored while nothing can be stored."""
        await self.write(remember, STORED_AT, now.isoformat())

    async def begin(self, now: datetime) -> None:
        """What a database may have known before it was restored from a backup is not done over."""
        await self.write(leave_out, now)

    async def end_pauses(self, now: datetime) -> None:
        """Discord is back: what failed while it was away is tried at once."""
        await self.write(end_pauses, now)
