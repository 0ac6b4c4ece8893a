"""Who has left a server: they leave their team, and nobody waits for them any more. Points and streaks stay."""

from datetime import datetime

from bot.services.use_cases import Service, writes
from bot.storage import departures
from bot.storage.departures import MemberKey

AT_ONCE = 5
"""How many Discord is asked about in one beat: the questions of the day go first."""


class DepartureService(Service):
    """Hands out the members to ask Discord about, and records who has left."""

    mark_left = writes(departures.mark_left)

    async def claim(self, now: datetime) -> list[MemberKey]:
        """Some members who have not been seen for two weeks; each is handed out once a week at most."""
        return await self.write(departures.claim, now, AT_ONCE)
