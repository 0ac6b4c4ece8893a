"""Opens the lobbies of weekly live quizzes, reminds of them, and keeps Discord's events in step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import CannotPost, Outgoing, SentPost
from bot.delivery.guard import Trouble, of, report
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.live_quiz_plans import EVENT, REMIND, QuizPlan
from bot.services.agenda import Agenda
from bot.services.live_quiz_plans import LiveQuizPlanService, change, owner, reminded, told
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.layouts import Page
from bot.ui.kit.permissions import missing_to_play
from bot.ui.live_quiz_plans import event_text, event_title, missed_page, reminder_page
from bot.workers.live_quizzes import LiveQuizRunner

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class LiveQuizPlanner(Worker):
    """Does what weekly quizzes need; one bad channel never stops another."""

    _client: discord.Client
    _service: LiveQuizPlanService
    _runner: LiveQuizRunner
    _outbox: Outbox
    _clock: Clock

    def is_due(self, agenda: Agenda) -> bool:
        """Whether a weekly quiz has something to do."""
        return agenda.live_quiz_plans

    async def step(self) -> None:
        """Opens lobbies first, since people wait for them; then messages and events."""
        now = self._clock()
        due = await self._service.due(now)
        for plan in due:
            if self._is_gone(plan):
                await self._alone(plan, self._service.stop(plan.id, plan.guild_id, now))
            elif plan.is_due(now):
                await self._alone(plan, self._open(plan))
        for plan in due:
            if self._is_gone(plan):
                continue  # what is left of it is read anew
            with speaking_to_server(self._client, plan.guild_id):
                await self._alone(plan, self._prepare(plan, now))

    def _is_gone(self, plan: QuizPlan) -> bool:
        """Whether a quiz is planned in a channel that was deleted."""
        guild = self._client.get_guild(plan.guild_id)
        if guild is None or guild.unavailable or plan.due_utc is None:
            return False
        return guild.get_channel(plan.channel_id) is None

    async def _prepare(self, plan: QuizPlan, now: datetime) -> None:
        """What leads up to a quiz, or tells that one did not come; a lobby that is due comes first."""
        if _is_now(plan.tell_utc, now):
            await self._message(plan, "missed", plan.missed_utc, missed_page(plan), told)
        if plan.is_due(now):
            return
        if _is_now(plan.remind_utc, now):
            await self._message(plan, "reminder", plan.due_utc, reminder_page(plan), reminded)
        if _is_now(plan.event_utc, now):
            await self._event(plan)

    async def _alone(self, plan: QuizPlan, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception as error:
            report("quiz_plan.failed", error, **of("quiz_plan", plan))

    async def _open(self, plan: QuizPlan) -> None:
        lacking = bool(self._lacking(plan))
        live_id = await self._service.open_due(plan.id, self._clock(), lacking=lacking)
        if live_id is not None:
            log.info("quiz_plan.opened", **of("quiz_plan", plan), live_quiz=live_id)
            await self._runner.proceed(live_id)

    def _lacking(self, plan: QuizPlan) -> list[str]:
        """What the bot lacks in a channel to run a quiz there, as far as it knows it."""
        channel = self._client.get_channel(plan.channel_id)
        if not isinstance(channel, discord.abc.GuildChannel):
            return []
        return missing_to_play(channel.permissions_for(channel.guild.me), thread=False)

    async def _message(
        self, plan: QuizPlan, kind: str, about: datetime | None, page: Page, done: Callable[[QuizPlan], QuizPlan]
    ) -> None:
        """Sends a line about a quiz, once; where Discord refuses it, nobody needs it any more."""
        assert about is not None
        out = Outgoing(
            to=self._outbox.to(plan.guild_id, plan.channel_id),
            key=f"{kind}:{about:%Y-%m-%dT%H:%M}",
            page=page,
            since=about - REMIND,
        )

        def record(conn: Any, post: SentPost) -> None:
            change(conn, plan.id, done)

        try:
            if lacking := self._lacking(plan):
                raise CannotPost("missing", channel_id=plan.channel_id, permissions=lacking)
            await self._service.mark_tried(plan)
            look = about - REMIND if plan.attempts else None
            await self._outbox.send(owner(plan), out, look=look, after=record)
        except Exception as error:
            if report(f"quiz_plan.{kind}_failed", error, **of("quiz_plan", plan)) is Trouble.REFUSED:
                await self._service.give_up(plan)
            else:
                await self._service.put_off(plan, self._clock())

    async def _event(self, plan: QuizPlan) -> None:
        """Makes, changes or removes Discord's event, where the bot may."""
        guild = self._client.get_guild(plan.guild_id)
        if guild is None or guild.unavailable:
            return
        held = guild.me.guild_permissions
        if not (held.create_events or held.manage_events):
            if plan.due_utc is None:
                await self._service.set_event(plan, None)
            else:
                await self._service.put_off_event(plan, self._clock())
            return
        try:
            await self._service.set_event(plan, await self._settled(guild, plan))
        except discord.HTTPException as error:
            await self._service.put_off_event(plan, self._clock())
            report("quiz_plan.event_failed", error, **of("quiz_plan", plan))

    async def _settled(self, guild: discord.Guild, plan: QuizPlan) -> int | None:
        """The event as it should be: its id, None where there is none."""
        event = await self._found(guild, plan)
        if plan.due_utc is None:
            if event is not None and event.status is discord.EventStatus.scheduled:
                await event.delete()
            return None
        shown: dict[str, Any] = {
            "name": event_title(plan),
            "description": event_text(plan),
            "start_time": plan.due_utc,
            "end_time": plan.due_utc + EVENT,
            "location": f"#{guild.get_channel(plan.channel_id) or plan.channel_id}",
        }
        if event is not None:
            await event.edit(**shown)
            return event.id
        made = await guild.create_scheduled_event(
            **shown, entity_type=discord.EntityType.external, privacy_level=discord.PrivacyLevel.guild_only
        )
        return made.id

    async def _found(self, guild: discord.Guild, plan: QuizPlan) -> discord.ScheduledEvent | None:
        """The event that stands: the known one, or one that was made and not recorded."""
        own = [event for event in await guild.fetch_scheduled_events() if event.creator_id == guild.me.id]
        waiting = [event for event in own if event.status is discord.EventStatus.scheduled]
        if plan.event_id is not None:
            return next((event for event in waiting if event.id == plan.event_id), None)
        same = (plan.due_utc, event_title(plan))
        return next((event for event in waiting if (event.start_time, event.name) == same), None)


def _is_now(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
