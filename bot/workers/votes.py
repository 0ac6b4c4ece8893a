"""Brings reactions to the votes and best answers to the channel, starts each answer off with a 👍 of the bot's own
that is no vote, and reads up what the bot missed."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence, may_read
from bot.delivery.channels import Outgoing
from bot.delivery.guard import Trouble, of, problem_of, report, trouble
from bot.delivery.heartbeat import SECONDS
from bot.delivery.jobs import KeyedLocks
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Listener
from bot.domain.bank import Banks
from bot.domain.drills import Drill
from bot.domain.votes import THUMB, is_thumb
from bot.services.agenda import Agenda
from bot.services.drills import DrillDelivery, DrillService
from bot.services.drills import owner as drill_owner
from bot.services.votes import BEST_POST, Ballot, VotableMessage, VoteService, mark_best_shown
from bot.ui.kit.languages import speaking_to_server
from bot.ui.votes import best_page

SUPER = " super"
EARLY, MOST_EARLY = timedelta(minutes=1), 1000
"""For how long a 👍 on a message of the bot that is not known yet is kept, and how many of them."""

SEEDED_AT_ONCE = 200
"""Drills whose answers get their first 👍 at a time."""
log = structlog.get_logger()


def _thumb(emoji: str, burst: bool) -> str:
    """How a 👍 is stored: one voter may put several kinds on one message and take each back by itself."""
    return emoji + SUPER if burst else emoji


@dataclass(eq=False, repr=False)
class VoteSync(Listener):
    """Listens to 👍 and tallies votes when they have ended.

    Votes on answers to a drill are tallied only once those of the bot's absence are read.

    Args:
        messages: one thing at a time happens to a message: a list read from Discord must not undo what came
            meanwhile.
    """

    _client: discord.AutoShardedClient
    _service: VoteService
    _drills: DrillService
    _outbox: Outbox
    _banks: Banks
    _clock: Clock
    _messages: KeyedLocks
    _early: deque[discord.RawReactionActionEvent] = field(
        default_factory=lambda: deque[discord.RawReactionActionEvent](maxlen=MOST_EARLY), init=False
    )

    async def given(self, event: discord.RawReactionActionEvent) -> None:
        """A reaction was added."""
        person = event.member is None or not event.member.bot
        if not person or event.guild_id is None or not is_thumb(event.emoji.name):
            return
        taken = await self._give(event)
        if not taken and self._client.user is not None and event.message_author_id == self._client.user.id:
            # A post that carries an answer may not be recorded yet.
            self._early.append(event)

    async def _give(self, event: discord.RawReactionActionEvent) -> bool:
        thumb = _thumb(event.emoji.name, event.burst)
        return await self._service.give(event.message_id, event.user_id, thumb, self._clock())

    def start(self, agenda: Agenda) -> None:
        """Tallies and shows what is due, and gives early 👍 once more."""
        super().start(agenda)
        if self._early:
            self._tasks.start("early", self._give_again)

    async def _give_again(self) -> None:
        again, now = list(self._early), self._clock()
        self._early.clear()
        for event in again:
            async with self._messages.of(event.message_id):
                young = discord.utils.snowflake_time(event.message_id) > now - EARLY
                if not await self._give(event) and young:
                    self._early.append(event)

    async def taken_back(self, event: discord.RawReactionActionEvent) -> None:
        """A reaction was removed."""
        for early in list(self._early):
            if (early.message_id, early.user_id) == (event.message_id, event.user_id):
                self._early.remove(early)
        if event.guild_id is None or not is_thumb(event.emoji.name):
            return
        thumb = _thumb(event.emoji.name, event.burst)
        await self._service.take_back(event.message_id, self._clock(), voter_id=event.user_id, thumbs=[thumb])

    async def cleared(self, message_id: int, emoji: str | None = None) -> None:
        """A moderator took off all reactions of a message, or all of one emoji."""
        if emoji is not None and not is_thumb(emoji):
            return
        thumbs = [] if emoji is None else [emoji, emoji + SUPER]
        await self._service.take_back(message_id, self._clock(), thumbs=thumbs)

    def complete(self, drill: Drill) -> bool:
        """Whether all votes on a drill's answers are known, so that they can be tallied."""
        guild = self._client.get_guild(drill.guild_id)
        return guild is None or (self.knows(guild) and may_read(guild, drill.channel_id))

    async def catch_up(self, absence: Absence) -> None:
        """Reads the votes that were given or taken back where the bot could not listen."""
        self._listens(absence)
        self._begin_reading(absence.guild_ids)
        for drill in await self._service.open_to_votes(absence.guild_ids):
            places: defaultdict[int, dict[int, VotableMessage]] = defaultdict(dict)
            for place in await self._service.messages(drill.id):
                places[place.channel_id][place.message_id] = place
            for channel_id, wanted in places.items():
                try:
                    await self._read_up(drill, channel_id, wanted)
                except Exception as error:
                    # What cannot be read now must not hold up the reveal; the next connection reads it again.
                    log.warning(
                        "votes.unread", server=drill.guild_id, channel=channel_id, error=type(error).__name__
                    )
        self._end_reading(absence.guild_ids)

    async def _read_up(self, drill: Drill, channel_id: int, wanted: dict[int, VotableMessage]) -> None:
        """One request for a hundred messages, and more only for those whose 👍 have changed."""
        first, last = discord.Object(min(wanted) - 1), discord.Object(max(wanted) + 1)
        channel = self._outbox.place(drill.guild_id, channel_id)
        async for message in channel.history(limit=None, after=first, before=last, oldest_first=True):
            place = wanted.get(message.id)
            if place is None:
                continue
            thumbs = [r for r in message.reactions if isinstance(r.emoji, str) and is_thumb(r.emoji)]
            shown = Counter[str]()
            for reaction in thumbs:
                shown[str(reaction.emoji)] = reaction.normal_count
                shown[str(reaction.emoji) + SUPER] = reaction.burst_count
                # The bot's own is no vote.
                shown[str(reaction.emoji)] -= reaction.me
            if await self._service.differs(place, +shown):
                async with self._messages.of(message.id):
                    present = [ballot for reaction in thumbs for ballot in await self._ballots(reaction)]
                    await self._service.correct(place, present, self._clock())

    async def _ballots(self, reaction: discord.Reaction) -> list[Ballot]:
        found: list[Ballot] = []
        for kind, count in (
            (discord.ReactionType.normal, reaction.normal_count),
            (discord.ReactionType.burst, reaction.burst_count),
        ):
            if count:
                thumb = _thumb(str(reaction.emoji), kind is discord.ReactionType.burst)
                found += [(user.id, thumb) async for user in reaction.users(type=kind) if not user.bot]
        return found

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there are votes to tally, best answers to show or answers to start off."""
        return agenda.votes

    async def step(self) -> None:
        """Tallies blind drills whose votes have ended, shows their best answers, and starts answers off."""
        for drill_id in (await self._service.unseeded_drills())[:SEEDED_AT_ONCE]:
            self._tasks.start(f"seed:{drill_id}", partial(self._seed, drill_id))
        for drill in await self._service.to_tally(self._clock()):
            if self.complete(drill):
                await self._service.tally(drill.id)
        for delivery in await self._service.unshown(self._clock()):
            try:
                with speaking_to_server(self._client, delivery.drill.guild_id):
                    await self._show(delivery)
            except Exception as error:
                problem = problem_of(error, "best_not_shown")
                until = await self._drills.put_off(delivery, self._clock(), problem)
                report("best.not_shown", error, **of("drill", delivery.drill, until))

    async def _show(self, delivery: DrillDelivery) -> None:
        drill = delivery.drill
        best, question = (
            await self._service.tally(drill.id),
            self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at),
        )
        if best is None or question is None:
            return
        await self._drills.book_try(drill.id)
        out = Outgoing(
            to=self._outbox.to(drill.guild_id, drill.thread_id or drill.channel_id),
            key=BEST_POST,
            page=best_page(question, best),
            reply_to=None if drill.thread_id else drill.message_id,
            since=drill.voted_until,
        )
        owner = drill_owner(drill)
        known = await self._outbox.known(owner, BEST_POST)
        await self._outbox.show(
            owner,
            [out],
            known=known,
            look=drill.voted_until if delivery.attempts else None,
            after=partial(mark_best_shown, drill_id=drill.id),
        )

    async def _seed(self, drill_id: int) -> None:
        """Puts the bot's 👍 under a drill's answers that lack it, so that a vote is one tap.

        It is put and then recorded: again after a crash it changes nothing. It is a courtesy, so that nothing is
        said where the bot may not react.
        """
        done: list[int] = []
        try:
            for answer_id, place in (await self._service.to_seed(drill_id, self._clock())).items():
                if place is not None:
                    await self._react(place)
                done.append(answer_id)
        except Exception as error:
            report("answer.not_seeded", error, drill=drill_id, next_try_seconds=SECONDS)
        if done:
            await self._service.mark_seeded(done)

    async def _react(self, place: VotableMessage) -> None:
        channel = self._client.get_partial_messageable(place.channel_id)
        try:
            await channel.get_partial_message(place.message_id).add_reaction(THUMB)
        except discord.HTTPException as error:
            if trouble(error) is Trouble.PASSING:
                raise
