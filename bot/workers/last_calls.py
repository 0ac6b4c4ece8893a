"""Sends last calls to threads, each once."""

from dataclasses import dataclass
from functools import partial

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import Outgoing
from bot.delivery.guard import Trouble, of, report
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.last_calls import BEFORE
from bot.services.agenda import Agenda
from bot.services.drills import owner
from bot.services.last_calls import LastCall, LastCallService, finish
from bot.ui.kit.languages import speaking_to_server
from bot.ui.last_calls import last_call_page

KEY = "last_call:0"
log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class LastCallSender(Worker):
    """Tells quiet threads that their question closes soon."""

    _client: discord.Client
    _service: LastCallService
    _outbox: Outbox
    _clock: Clock

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there are last calls to send or to call off."""
        return agenda.last_calls

    async def step(self) -> None:
        """Sends what is due; one that fails never stops another."""
        due = await self._service.due(self._clock())
        for drill in due.unwanted:
            await self._service.finish(drill.id)
        for call in due.wanted:
            try:
                with speaking_to_server(self._client, call.drill.guild_id):
                    await self._send(call)
            except Exception as error:
                # A courtesy: where the thread takes no message nothing more is tried.
                if report("last_call.not_sent", error, **of("drill", call.drill)) is Trouble.REFUSED:
                    await self._service.finish(call.drill.id)

    async def _send(self, call: LastCall) -> None:
        drill, now = call.drill, self._clock()
        out = Outgoing(
            to=self._outbox.to(drill.guild_id, call.thread_id),
            key=KEY,
            page=last_call_page(call.closes, call.turnout),
        )
        known = await self._outbox.known(owner(drill), KEY)
        after = partial(finish, drill_id=drill.id)
        await self._outbox.show(owner(drill), [out], known=known, look=now - BEFORE, after=after)
        log.info("last_call.sent", **of("drill", drill))
