"""Use cases of weekly live quizzes: plan, stop, open the lobby, and record what leads up to it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import Connection

from bot.domain.backoff import pause
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.live_quiz_plans import ASK_AGAIN, Missed, QuizPlan, QuizWish
from bot.domain.members import Actor
from bot.services.live_quizzes import NewLiveQuiz, open_lobby
from bot.services.use_cases import Service, reads, writes
from bot.storage import live_quiz_plans, live_quizzes, members, servers, tracks
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind

USUAL = 5
"""So many questions a quiz has, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class QuizChange:
    """What is to change of a channel's weekly quiz; None stays as it is, an empty topic means all."""

    day: int | None = None
    at: time | None = None
    topic: str | None = None
    questions: int | None = None

    def applied(self, before: QuizPlan | None) -> QuizWish:
        """What is wanted then.

        Raises:
            Refusal: `live_quiz_plans.day_and_time` for a first one without both.
        """
        day = self.day if self.day is not None else before and before.day
        at = self.at or (before and before.at)
        if day is None or at is None:
            raise Refusal("live_quiz_plans.day_and_time")
        topic = before and before.topic if self.topic is None else self.topic or None
        return QuizWish(day, at, topic, self.questions or (before.questions if before else USUAL))


def plan(conn: Connection, actor: Actor, channel_id: int, change: QuizChange, now: datetime) -> QuizPlan:
    """Plans a channel's weekly quiz, or changes it, in the zone of the channel's practice, else of the server.

    Raises:
        Refusal: `live_quiz_plans.no_zone` before practice is set up, or as `QuizChange.applied` says.
    """
    before = live_quiz_plans.in_channel(conn, channel_id)
    wish = change.applied(before)
    track = tracks.in_channel(conn, channel_id)
    zone = track.zone if track is not None and track.active else servers.chosen_zone(conn, actor.guild_id)
    if zone is None:
        raise Refusal("live_quiz_plans.no_zone")
    members.record(conn, actor.guild_id, actor.member_id, actor.name, now)
    if before is not None:
        return live_quiz_plans.put(conn, before.wished(wish, zone, now))
    new = QuizPlan(
        id=0, guild_id=actor.guild_id, channel_id=channel_id, host_id=actor.member_id, zone=zone, day=wish.day,
        at=wish.at, topic=wish.topic, questions=wish.questions,
    )  # fmt: skip
    return live_quiz_plans.add(conn, new.wished(wish, zone, now))


def get(conn: Connection, plan_id: int, guild_id: int) -> QuizPlan:
    """A server's weekly quiz; raises Refusal (`live_quiz_plans.gone`) for one that was stopped."""
    found = live_quiz_plans.get(conn, plan_id)
    if found is None or found.guild_id != guild_id or found.due_utc is None:
        raise Refusal("live_quiz_plans.gone")
    return found


def stop(conn: Connection, plan_id: int, guild_id: int, now: datetime) -> QuizPlan:
    """Ends a weekly quiz; raises Refusal (`live_quiz_plans.gone`)."""
    return live_quiz_plans.put(conn, get(conn, plan_id, guild_id).stopped(now))


def open_due(
    conn: Connection, banks: Banks, chance: random.Random, plan_id: int, lacking: bool, now: datetime
) -> int | None:
    """Opens the lobby that is due, and plans the next one, in one transaction: it never opens twice.

    Returns the live quiz; None where there is none yet, since another one runs, or none this week.

    Args:
        lacking: the bot may not write there.
    """
    found = live_quiz_plans.get(conn, plan_id)
    if found is None or not found.is_due(now):
        return None
    try:
        if found.is_too_late(now):
            running = live_quizzes.running_in(conn, found.channel_id)
            live_quiz_plans.put(conn, found.without(Missed.AWAY if running is None else Missed.BUSY, now))
            return None
        if lacking:
            live_quiz_plans.put(conn, found.without(Missed.REFUSED, now))
            return None
        wish = NewLiveQuiz(found.topic, None, found.questions, None)
        bank = banks.of(found.guild_id)
        live_id = open_lobby(conn, bank, chance, wish, found.guild_id, found.channel_id, found.host_id, None, now)
    except Refusal as refusal:
        if refusal.code != "live_quizzes.running_here":
            live_quiz_plans.put(conn, found.without(Missed.NOTHING, now))
        return None
    live_quiz_plans.put(conn, found.opened(now))
    return live_id


def change(conn: Connection, plan_id: int, how: Callable[[QuizPlan], QuizPlan]) -> None:
    """Stores what has become of a weekly quiz, unless it is gone."""
    found = live_quiz_plans.get(conn, plan_id)
    if found is not None:
        live_quiz_plans.put(conn, how(found))


def owner(plan: QuizPlan) -> Owner:
    """The weekly quiz as the owner of its messages."""
    return Owner(OwnerKind.QUIZ_PLAN, plan.id, plan.guild_id, f"{plan.channel_id}")


def reminded(plan: QuizPlan) -> QuizPlan:
    """The channel was reminded."""
    return replace(plan, remind_utc=None, attempts=0)


def told(plan: QuizPlan) -> QuizPlan:
    """The channel was told that a quiz did not come."""
    return replace(plan, tell_utc=None, attempts=0)


def tried(plan: QuizPlan) -> QuizPlan:
    """A message may have been sent: the next try looks first."""
    return replace(plan, attempts=plan.attempts + 1)


class LiveQuizPlanService(Service):
    """Decides what weekly live quizzes need, and records what was done."""

    plan = writes(plan)
    get = reads(get)
    stop = writes(stop)
    of_server = reads(live_quiz_plans.of_server)
    due = reads(live_quiz_plans.due)

    def __init__(self, database: Database, banks: Banks, chance: random.Random | None = None) -> None:
        super().__init__(database)
        self._banks = banks
        self._chance = chance or random.Random()

    async def open_due(self, plan_id: int, now: datetime, *, lacking: bool) -> int | None:
        """Opens the lobby that is due; returns the live quiz, None where there is none."""
        return await self.write(open_due, self._banks, self._chance, plan_id, lacking, now)

    async def mark_tried(self, plan: QuizPlan) -> None:
        """Records before a send that it may have happened."""
        await self.write(change, plan.id, tried)

    async def put_off(self, failed: QuizPlan, now: datetime) -> None:
        """A message could not be sent: it is tried again later, a reminder as long as it is one."""
        until = now + pause(failed.attempts)

        def later(plan: QuizPlan) -> QuizPlan:
            late = plan.due_utc is not None and until >= plan.due_utc
            remind = None if plan.remind_utc is None or late else max(until, plan.remind_utc)
            tell = None if plan.tell_utc is None else max(until, plan.tell_utc)
            return replace(plan, remind_utc=remind, tell_utc=tell, attempts=plan.attempts + 1)

        await self.write(change, failed.id, later)

    async def give_up(self, plan: QuizPlan) -> None:
        """Discord refuses to take a message: nobody is reminded or told."""
        await self.write(change, plan.id, lambda plan: reminded(told(plan)))

    async def set_event(self, done: QuizPlan, event_id: int | None) -> None:
        """Discord's event stands as it should, unless the plan has changed meanwhile."""

        def stands(plan: QuizPlan) -> QuizPlan:
            same = (plan.due_utc, plan.event_utc) == (done.due_utc, done.event_utc)
            return replace(plan, event_id=event_id, event_utc=None if same else plan.event_utc)

        await self.write(change, done.id, stands)

    async def put_off_event(self, plan: QuizPlan, now: datetime) -> None:
        """Discord does not let the bot make an event now."""
        await self.write(change, plan.id, lambda plan: replace(plan, event_utc=now + ASK_AGAIN))
