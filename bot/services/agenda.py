"""What there is to do, read once for all that runs by itself."""

from datetime import datetime, timedelta

from bot.services.drills import CARD_REFRESH
from bot.services.use_cases import Service, reads, writes
from bot.storage.agenda import Agenda, agenda, backlog, end_pauses
from bot.storage.database import Database
from bot.storage.installation import leave_out, remember

STORED_AT = "stored at"


class AgendaService(Service):
    """Reads the agenda of all workers at once: most beats of the heartbeat find nothing to do.

    Args:
        late_limit: how late a scheduled drill or digest may be posted.
        keep_texts: how long the texts of answers stay stored.
    """

    backlog = reads(backlog)
    begin = writes(leave_out)
    end_pauses = writes(end_pauses)

    def __init__(self, database: Database, late_limit: timedelta, keep_texts: timedelta) -> None:
        super().__init__(database)
        self._limits = {"late_limit": late_limit, "card_refresh": CARD_REFRESH, "keep_texts": keep_texts}

    async def look(self, now: datetime) -> Agenda:
        """What there is to do now."""
        return await self.read(agenda, now, **self._limits)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be stored now, as NotStored names it; None while all is well."""
        return self._db.trouble

    async def try_to_store(self, now: datetime) -> None:
        """Stores something small; raises NotStored while nothing can be stored."""
        await self.write(remember, STORED_AT, now.isoformat())
