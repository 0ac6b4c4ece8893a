"""Tells milestones where they were reached, each once, and gives and takes back their roles."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import Outgoing
from bot.delivery.codes import UNKNOWN_ROLE
from bot.delivery.guard import Trouble, of, report
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.errors import Problem
from bot.services.agenda import Agenda
from bot.services.drills import owner as drill_owner
from bot.services.milestones import (
    FAILED_PAUSE,
    REFUSED_PAUSE,
    MilestoneNews,
    MilestoneService,
    RoleGrant,
)
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.milestones import FILE_NAME, milestone_picture
from bot.ui.charts.rendering import Pictures
from bot.ui.kit.catalog import _
from bot.ui.kit.languages import speaking_to_server
from bot.ui.milestones import REASON, giving_problem, taking_problem, told_page
from bot.workers.departures import DepartureWatch

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class MilestoneWorker(Worker):
    """Brings milestones to Discord; what fails stays owed."""

    _client: discord.Client
    _service: MilestoneService
    _outbox: Outbox
    _presence: DepartureWatch
    _pictures: Pictures
    _clock: Clock
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there is something to tell, to give or to take back."""
        return agenda.milestones

    async def step(self) -> None:
        """Tells what is untold and settles what is owed; one bad server never stops another."""
        async with self._ticking:
            for news in await self._service.unannounced():
                await self._alone(news.drill.guild_id, self._tell(news))
            for guild_id, role_id in await self._service.pending_roles(self._clock()):
                guild = self._client.get_guild(guild_id)
                if guild is not None and not guild.unavailable:
                    await self._alone(guild_id, self._settle(guild, role_id))

    async def _alone(self, guild_id: int, work: Awaitable[None]) -> None:
        try:
            with speaking_to_server(self._client, guild_id):
                await work
        except Exception as error:
            log.error("milestone.failed", error=type(error).__name__, exc_info=error)

    async def _tell(self, news: MilestoneNews) -> None:
        reached, drill = news.milestone, news.drill
        owner, key = drill_owner(drill), f"milestone:{reached.member_id}:{reached.days}:0"
        files = await self._picture(news)
        out = Outgoing(
            to=self._outbox.to(drill.guild_id, drill.thread_id or drill.channel_id),
            key=key,
            page=told_page(news.name, reached.days, drawn=bool(files)),
            files=tuple(files),
            reply_to=None if drill.thread_id is not None else drill.message_id,
        )
        known = await self._outbox.known(owner, key)
        try:
            await self._outbox.show(owner, [out], known=known, look=reached.reached_at)
        except Exception as error:
            if report("milestone.not_told", error, **of("drill", drill)) is not Trouble.REFUSED:
                return
            # The thread is gone or closed to the bot: trying again mends nothing, and the member knows by /streak.
        await self._service.announced(reached)

    async def _picture(self, news: MilestoneNews) -> list[discord.File]:
        """The milestone as a card, where the bot may attach it."""
        drill, guild = news.drill, self._client.get_guild(news.drill.guild_id)
        channel = guild.get_channel(drill.channel_id) if guild else None
        if guild is None or channel is None or not channel.permissions_for(guild.me).attach_files:
            return []
        who = news.milestone.member_id
        person = Person(news.name, self._pictures.portraits.of([who]).get(who))
        shown = news.milestone.days, person, Imprint.of(guild, drill.channel_id, drill.date)
        return [await self._pictures.file(FILE_NAME, milestone_picture, *shown)]

    async def _settle(self, guild: discord.Guild, role_id: int) -> None:
        """Takes back and gives one role, as far as Discord's own data say that it can be done."""
        role = guild.get_role(role_id)
        if role is None:
            await self._service.taken_back(guild.id, role_id)  # Discord took it from everyone when it was deleted
        elif taking_problem(guild, role) is None and not await self._change_all(guild, role_id, giving=False):
            return
        stored = (await self._service.roles(guild.id)).problems.get(role_id)
        problem = giving_problem(guild, role_id)
        if problem is None and not await self._change_all(guild, role_id, giving=True):
            return
        if problem != stored:
            await self._service.set_problem(guild.id, role_id, problem)

    async def _change_all(self, guild: discord.Guild, role_id: int, *, giving: bool) -> bool:
        """Gives or takes back what is owed of a role; returns whether nothing stood in the way."""
        for grant in await self._service.pending(guild.id, role_id, self._clock(), giving=giving):
            if not await self._change(guild, grant):
                return False
        return True

    async def _change(self, guild: discord.Guild, grant: RoleGrant) -> bool:
        """One try at one change; returns whether the next one may be tried."""
        http = self._client.http
        change = http.add_role if grant.giving else http.remove_role
        try:
            await change(guild.id, grant.member_id, grant.role_id, reason=_(REASON))
        except discord.NotFound as error:
            await self._presence.not_found(guild.id, grant.member_id, error)
            if error.code != UNKNOWN_ROLE:
                await self._service.forget(grant)
                return True
            await self._refused(guild, grant, error)
            return False
        except discord.Forbidden as error:
            await self._refused(guild, grant, error)
            return False
        except discord.HTTPException as error:
            seconds = round(FAILED_PAUSE.total_seconds())
            log.warning(
                "role.failed", server=guild.id, status=error.status, code=error.code, next_try_seconds=seconds
            )
            await self._service.put_off(guild.id, grant.role_id, self._clock() + FAILED_PAUSE)
            return False
        await self._service.granted(grant)
        return True

    async def _refused(self, guild: discord.Guild, grant: RoleGrant, error: discord.HTTPException) -> None:
        seconds = round(REFUSED_PAUSE.total_seconds())
        log.warning("role.refused", server=guild.id, role=grant.role_id, code=error.code, next_try_seconds=seconds)
        problem = Problem("refused", {"role_id": grant.role_id, "said": error.text})
        await self._service.refused(guild.id, grant.role_id, problem, self._clock() + REFUSED_PAUSE)
