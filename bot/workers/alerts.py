"""Tells managers that a question did not come, and that questions come again."""

from dataclasses import dataclass

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import Outgoing, PostTarget
from bot.delivery.guard import Trouble, of, report, trouble
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Banks
from bot.services.agenda import Agenda
from bot.services.alerts import Alert, AlertService, mark_told
from bot.services.tracks import owner
from bot.ui.alerts import alert_page
from bot.ui.kit.languages import speaking_to_server
from bot.workers.departures import DepartureWatch

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class AlertSender(Worker):
    """Writes to a track's log channel; where there is none, or it is out of reach, to whoever set the track up."""

    _client: discord.Client
    _service: AlertService
    _banks: Banks
    _departures: DepartureWatch
    _outbox: Outbox
    _clock: Clock

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there may be something to tell."""
        return agenda.alerts

    async def step(self) -> None:
        """Tells what is due; one refused message never stops another."""
        for alert in await self._service.due(self._clock()):
            with speaking_to_server(self._client, alert.track.guild_id):
                told = await self._in_log_channel(alert) or await self._in_private(alert)
            if told:
                continue
            log.info("alert.not_told", **of("track", alert.track), kind=alert.kind.value)
            await self._service.told(alert)

    async def _in_log_channel(self, alert: Alert) -> bool:
        """Whether that is all to do about it: it is told, or is tried again later."""
        track = alert.track
        if track.log_channel_id is None or self._client.get_guild(track.guild_id) is None:
            return False
        to = self._outbox.to(track.guild_id, track.log_channel_id)
        return await self._try(alert, to, alert.key, None)

    async def _in_private(self, alert: Alert) -> bool:
        """Whether that is all to do about it; whoever has left the server is told nothing of it."""
        track = alert.track
        guild = self._client.get_guild(track.guild_id)
        if track.manager_id is None or guild is None:
            return False
        try:
            await guild.fetch_member(track.manager_id)
            place = await self._client.create_dm(discord.Object(track.manager_id))
        except discord.NotFound as error:
            await self._departures.not_found(guild.id, track.manager_id, error)
            return False
        except Exception as error:
            return await self._failed(alert, error)
        key = f"{alert.key}:{track.manager_id}"
        return await self._try(alert, self._outbox.to_place(place), key, guild.name)

    async def _try(self, alert: Alert, to: PostTarget, key: str, server: str | None) -> bool:
        posted = alert.posted
        question = None
        if posted is not None:
            question = self._banks.of(posted.guild_id).asked(posted.question_id, posted.claimed_at)
        page = alert_page(alert, question and question.number, server)
        out = Outgoing(to=to, key=key, page=page, since=alert.since)
        try:
            await self._outbox.send(
                owner(alert.track),
                out,
                look=alert.since if alert.looks else None,
                after=lambda conn, sent: mark_told(conn, alert),
            )
        except Exception as error:
            return await self._failed(alert, error)
        log.info("alert.told", **of("track", alert.track), kind=alert.kind.value, privately=server is not None)
        return True

    async def _failed(self, alert: Alert, error: Exception) -> bool:
        """Whether it is tried again later, since the trouble may pass."""
        passes = trouble(error) is Trouble.PASSING
        until = await self._service.failed(alert, self._clock()) if passes else None
        report("alert.failed", error, **of("track", alert.track, until))
        return passes
