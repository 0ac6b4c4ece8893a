"""Turns what people write in Discord into answers, also what they wrote while the bot was away."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence, may_read
from bot.delivery.channels import ForumTarget, Outgoing
from bot.delivery.codes import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from bot.delivery.guard import of, report
from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.backoff import has_rested, pause
from bot.domain.drills import LIFETIME, Drill
from bot.services.agenda import Agenda
from bot.services.answers import (
    AnswerService,
    Collected,
    FormOnly,
    IncomingMessage,
    KnownMessages,
    MessageOwner,
    OwnedMessage,
)
from bot.services.drills import DrillService, FoundCard, owner
from bot.services.interview_answers import InterviewAnswerService
from bot.services.members import observe
from bot.ui.drills import blind_notice, card_words
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.members import actor_of
from bot.workers.answer_marks import AnswerPresenter
from bot.workers.events import Events

COUNTED_TYPES = (discord.MessageType.default, discord.MessageType.reply)
SETTLED = timedelta(minutes=2)
"""Messages older than this have reached us while the connection stood: the history need not be read again."""
SAVE_EVERY = timedelta(minutes=1)
LONGEST = timedelta(minutes=5)
PAGE = 100
"""How many messages Discord tells at a time."""
COMPARED_AT_ONCE = 200
"""Of so many servers stored messages are read together: most have none."""
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)

log = structlog.get_logger()


class _Unread(NamedTuple):
    """A place whose history is not read up: the practice channel that shows or hides it, and the newest message
    known there."""

    guild_id: int
    channel_id: int
    cursor: int


@dataclass(slots=True)
class _Behind:
    """What a shard has not read up yet: the history of places; servers whose stored messages may have been edited
    or deleted; and of these, places that could not be looked at."""

    places: dict[int, _Unread] = field(default_factory=dict[int, _Unread])
    guild_ids: set[int] = field(default_factory=set[int])
    known: dict[int, KnownMessages] = field(default_factory=dict[int, KnownMessages])
    attempts: int = 0
    failed_at: datetime = BEGINNING

    def add(self, place_id: int, unread: _Unread) -> None:
        known = self.places.get(place_id)
        if known is None or unread.cursor < known.cursor:
            self.places[place_id] = unread

    def drop(self, guild_ids: Collection[int]) -> None:
        for place_id, unread in list(self.places.items()):
            if unread.guild_id in guild_ids:
                self.places.pop(place_id)
        for place_id, known in list(self.known.items()):
            if known.guild_id in guild_ids:
                self.known.pop(place_id)

    def put_off(self, now: datetime) -> None:
        """Waits before the next try, twice as long each time."""
        self.failed_at, self.attempts = now, self.attempts + 1

    def has_rested(self, now: datetime) -> bool:
        """Whether the next try may come."""
        return self.attempts == 0 or has_rested(self.failed_at, now, pause(self.attempts - 1, LONGEST))


def _replied_to(message: discord.Message) -> int | None:
    """The message of the same server to which this one replies; a forwarded message is no reply."""
    reference, guild = message.reference, message.guild
    if reference is None or guild is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id if reference.guild_id in (None, guild.id) else None


@dataclass(eq=False, repr=False)
class AnswerIngest(Worker):
    """Listens to drills' threads and to replies to drills; reads up what it missed.

    Args:
        events: one thing at a time happens to a message, in the order in which Discord told it: whoever calls
            `message`, `edit` or `delete` follows an event, or holds the message's lock.
    """

    _client: discord.AutoShardedClient
    _service: AnswerService
    _drills: DrillService
    _interviews: InterviewAnswerService
    _presenter: AnswerPresenter
    _outbox: Outbox
    _clock: Clock
    _events: Events
    _down: set[int] = field(default_factory=set[int], init=False)
    # Servers that were read up, except for places that are behind; and those of which something was missed since.
    _known: set[int] = field(default_factory=set[int], init=False)
    _owed: set[int] = field(default_factory=set[int], init=False)
    _behind: defaultdict[int, _Behind] = field(
        default_factory=lambda: defaultdict[int, _Behind](_Behind), init=False
    )
    _locks: defaultdict[int, asyncio.Lock] = field(
        default_factory=lambda: defaultdict[int, asyncio.Lock](asyncio.Lock), init=False
    )
    _saved_at: datetime = field(default=BEGINNING, init=False)
    _readings: int = field(default=0, init=False)
    # What happened to messages of which the history, read meanwhile, may tell an earlier state.
    _gone: set[int] = field(default_factory=set[int], init=False)
    _edited: dict[int, discord.Message] = field(default_factory=dict[int, discord.Message], init=False)

    @property
    def unread_places(self) -> int:
        """How many channels and threads have a history that is not read up."""
        return sum(len(behind.places) for behind in self._behind.values())

    def incoming(self, message: discord.Message) -> IncomingMessage | None:
        """A person's message as services take it; None for everything else."""
        person = not message.author.bot and message.webhook_id is None
        if not person or message.guild is None or message.type not in COUNTED_TYPES:
            return None
        withheld = not self._client.intents.message_content and not message.content and not message.attachments
        return IncomingMessage(
            message_id=message.id,
            channel_id=message.channel.id,
            replies_to=_replied_to(message),
            member_id=message.author.id,
            name=message.author.display_name,
            text=message.content,
            has_file=bool(message.attachments),
            withheld=withheld,
            sent_at=message.created_at,
            edited_at=message.edited_at,
            name_here=isinstance(message.author, discord.Member),
        )

    async def message(self, message: discord.Message) -> bool:
        """Collects a person's message; returns whether it is an interview's instead."""
        incoming = self.incoming(message)
        if incoming is None:
            return False
        observe(actor_of(message.author, message.created_at))
        found = await self._service.collect(incoming)
        if isinstance(found, Collected) and not found.known:
            await self._presenter.show(found.view)
        elif isinstance(found, FormOnly):
            await self._point_to_form(found.drill, incoming)
        return isinstance(found, OwnedMessage)

    async def _point_to_form(self, drill: Drill, incoming: IncomingMessage) -> None:
        message = self._outbox.place(drill.guild_id, incoming.channel_id).get_partial_message(incoming.message_id)
        whose, key = owner(drill), f"blind:{incoming.member_id}:0"
        with speaking_to_server(self._client, drill.guild_id):
            page = blind_notice(incoming.name, drill)
        notice = Outgoing(
            to=self._outbox.to(drill.guild_id, incoming.channel_id),
            key=key,
            page=page,
            reply_to=incoming.message_id,
            since=incoming.sent_at,
        )
        try:
            await message.add_reaction("✏️")
            await self._outbox.show(whose, [notice], known=await self._outbox.known(whose, key), look=None)
        except discord.HTTPException as error:
            report("notice.failed", error, **of("drill", drill))

    async def edit(self, message: discord.Message) -> None:
        """Follows an edit of a collected message, or of one in an interview."""
        if message.edited_at is None or (not self._client.intents.message_content and not message.content):
            return
        owned = (await self._service.whose([message.id])).get(message.id)
        if owned is None and self._readings:
            self._edited[message.id] = message
        said = (message.id, message.content, bool(message.attachments))
        if owned is not None and owned.owner is MessageOwner.INTERVIEW:
            await self._interviews.edited(*said)
        elif owned is not None and owned.owner is MessageOwner.DRILL:
            changed = await self._service.follow_edit(*said, message.edited_at)
            if changed is not None:
                await self._presenter.show(changed.view)

    async def delete(self, message_ids: Collection[int]) -> None:
        """Erases the texts of deleted messages; a drill whose own message is gone is void."""
        known = await self._service.whose(message_ids)
        if self._readings:
            self._gone.update(set(message_ids) - known.keys())
        for message_id, owned in known.items():
            if owned.owner is MessageOwner.DRILL:
                view = await self._service.erase(message_id)
                if view is not None:
                    await self._presenter.show(view)
            elif owned.owner is MessageOwner.CARD:
                await self._drills.message_deleted(message_id)
        of_interviews = [number for number, owned in known.items() if owned.owner is MessageOwner.INTERVIEW]
        if of_interviews:
            await self._interviews.deleted(of_interviews)

    def disconnected(self, shard_id: int) -> None:
        """A shard's connection is gone: from now on messages may be missed."""
        self._down.add(shard_id)

    def resumed(self, shard_id: int) -> None:
        """Discord has sent what the shard missed."""
        self._down.discard(shard_id)

    def missed(self, guild_id: int) -> None:
        """What is written in a server may be missed from now on: how far it was read is where reading begins."""
        self._owed.add(guild_id)

    async def catch_up(self, absence: Absence) -> None:
        """Collects what people wrote where the bot could not listen, once each and in order."""
        guild_ids = absence.guild_ids
        self._known -= guild_ids
        self._down.discard(absence.shard_id)
        async with self._locks[absence.shard_id]:
            self._owed -= guild_ids
            found = await self._service.still_collecting(guild_ids, self._clock() - LIFETIME)
            behind = self._behind[absence.shard_id]
            behind.drop(guild_ids)
            behind.guild_ids |= guild_ids
            for delivery in found:
                drill = delivery.drill
                if drill.forum_post_id is not None and absence.new_session:
                    await self._find_posts(drill)
                for place_id in drill.places:
                    # Only in a new session is the last message of which Discord has told the last one there is.
                    if not (absence.new_session and self._is_quiet(place_id, delivery.cursor)):
                        behind.add(place_id, _Unread(drill.guild_id, drill.channel_id, delivery.cursor))
            behind.attempts = 0
            await self._read_behind(behind)
            self._known |= guild_ids
            await self.save_cursors()
        self._compare_soon(absence.shard_id)

    def _is_quiet(self, place_id: int, cursor: int) -> bool:
        last = getattr(self._client.get_channel(place_id), "last_message_id", None)
        return last is not None and last <= cursor

    async def run(self, agenda: Agenda, patience: float = PATIENCE_SECONDS) -> bool:
        """Reads again what could not be read, and saves now and then how far the history is known."""
        at_work = await super().run(agenda, patience)
        if has_rested(self._saved_at, self._clock(), SAVE_EVERY):
            await self.save_cursors()
            self._saved_at = self._clock()
        return at_work

    def start(self, agenda: Agenda) -> None:
        """Reads again what could not be read."""
        for shard_id, behind in self._behind.items():
            if not behind.has_rested(self._clock()):
                continue
            if behind.places and not self._locks[shard_id].locked():
                self._tasks.start(f"history:{shard_id}", partial(self._retry, shard_id))
            if behind.guild_ids or behind.known:
                self._compare_soon(shard_id)

    def retry_now(self) -> None:
        """What could not be read is read again."""
        for behind in self._behind.values():
            behind.failed_at = BEGINNING

    async def _retry(self, shard_id: int) -> None:
        async with self._locks[shard_id]:
            await self._read_behind(self._behind[shard_id])

    async def _read_behind(self, behind: _Behind) -> None:
        tried = set[int]()
        while (place_id := next((found for found in behind.places if found not in tried), None)) is not None:
            tried.add(place_id)
            unread = behind.places[place_id]
            if await self._read_up(place_id, unread) and behind.places.get(place_id) == unread:
                behind.places.pop(place_id)
        if behind.places:
            behind.put_off(self._clock())

    async def backfill(self, drill: Drill) -> None:
        """Collects what people wrote to a drill before the bot knew that it was posted."""
        unread = _Unread(drill.guild_id, drill.channel_id, drill.message_id or 0)
        for place_id in drill.places:
            if not self._may_hold_news(place_id, unread.cursor):
                continue
            if not await self._read_up(place_id, unread):
                guild = self._client.get_guild(drill.guild_id)
                if guild is not None:
                    self._behind[guild.shard_id].add(place_id, unread)

    def _may_hold_news(self, place_id: int, cursor: int) -> bool:
        """Whether anything can have been said in a place since a message: the gateway told its newest."""
        newest: int | None = getattr(self._client.get_channel(place_id), "last_message_id", None)
        return newest is None or newest > cursor

    async def _read_up(self, place_id: int, unread: _Unread) -> bool:
        """Collects what stands in a place that is behind; returns False where it has to be read again."""
        return await self._try(
            unread.guild_id, unread.channel_id, place_id, partial(self._read_after, place_id, unread.cursor)
        )

    async def _try(
        self, guild_id: int, channel_id: int, place_id: int, read: Callable[[], Awaitable[None]]
    ) -> bool:
        """Reads in a channel, or in a thread of it; returns False where that has to be tried again."""
        if not may_read(self._client.get_guild(guild_id), channel_id):
            return False
        try:
            await read()
        except discord.NotFound as error:
            gone = await self._is_gone(guild_id, channel_id)
            if gone and error.code == UNKNOWN_CHANNEL and place_id != channel_id:
                await self._deleted_meanwhile(guild_id, channel_id, place_id)
            return gone
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("history.unread", server=guild_id, channel=place_id, error=type(error).__name__)
            return False
        except Exception:
            log.exception("history.unread", server=guild_id, channel=place_id)
            return False
        return True

    async def _deleted_meanwhile(self, guild_id: int, channel_id: int, thread_id: int) -> None:
        """A thread that Discord does not know, in a channel that the bot sees, was deleted with its messages."""
        guild = self._client.get_guild(guild_id)
        if guild is not None and guild.get_channel(channel_id) is not None:
            await self._drills.thread_deleted(thread_id)
            await self._interviews.thread_deleted(thread_id)

    async def _is_gone(self, guild_id: int, channel_id: int) -> bool:
        """Whether a place that Discord does not know was deleted, and is not hidden with its channel."""
        guild = self._client.get_guild(guild_id)
        if guild is not None and guild.get_channel(channel_id) is not None:
            return may_read(guild, channel_id)
        try:
            await self._client.fetch_channel(channel_id)
        except discord.NotFound:
            return True
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            return False
        return True

    def _compare_soon(self, shard_id: int) -> None:
        self._tasks.start(f"known:{shard_id}", partial(self._compare_all, self._behind[shard_id]))

    async def _compare_all(self, behind: _Behind) -> None:
        """Follows edits and deletions of which no event told; what cannot be looked at waits."""
        for known in list(behind.known.values()):
            await self._compare(behind, known)
        waiting = sorted(behind.guild_ids)
        for start in range(0, len(waiting), COMPARED_AT_ONCE):
            guild_ids, since = waiting[start : start + COMPARED_AT_ONCE], self._clock() - LIFETIME
            places = await self._service.known_messages(guild_ids, since)
            places += await self._interviews.known_messages(guild_ids, since)
            behind.known |= {known.place_id: known for known in places}
            behind.guild_ids.difference_update(guild_ids)
            for known in places:
                await self._compare(behind, known)
        if behind.known:
            behind.put_off(self._clock())

    async def _compare(self, behind: _Behind, known: KnownMessages) -> None:
        compare = partial(self.compare, known, self._look_again)
        if await self._try(known.guild_id, known.channel_id, known.place_id, compare):
            behind.known.pop(known.place_id, None)

    async def compare(self, known: KnownMessages, look: Callable[[int, int], Awaitable[None]]) -> None:
        """Looks again at stored messages that are missing in their place, or have been edited since.

        Args:
            look: is called with a place and a message, while the message's lock is held.
        """
        place = self._client.get_partial_messageable(known.place_id, guild_id=known.guild_id)
        left = known.message_ids
        while left:
            after = discord.Object(left[0] - 1)
            page = [m async for m in place.history(limit=PAGE, after=after, oldest_first=True)]
            end = page[-1].id if len(page) == PAGE else left[-1]
            edited = {message.id: message.edited_at is not None for message in page}
            for message_id in left:
                if message_id <= end and edited.get(message_id, True):
                    async with self._events.messages.of(message_id):
                        await look(known.place_id, message_id)
            left = [message_id for message_id in left if message_id > end]

    async def _look_again(self, place_id: int, message_id: int) -> None:
        """Brings a stored message up to date; only where Discord itself says that it is gone it is erased."""
        try:
            message = await self._client.get_partial_messageable(place_id).fetch_message(message_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            await self.delete([message_id])
        else:
            await self.edit(message)

    async def _read_after(self, place_id: int, cursor: int) -> None:
        place = self._client.get_channel(place_id) or await self._client.fetch_channel(place_id)
        if not isinstance(place, discord.TextChannel | discord.Thread):
            return
        await self.read_history(
            place.history(limit=None, after=discord.Object(cursor), oldest_first=True), self._take
        )

    async def _find_posts(self, drill: Drill) -> None:
        """Looks through a forum for questions that the database forgot, where posts have come since this one."""
        forum = self._client.get_channel(drill.channel_id)
        if isinstance(forum, discord.ForumChannel) and (forum.last_message_id or 0) > (drill.message_id or 0):
            async for post in ForumTarget(forum).own(drill.opened_at or drill.claimed_at):
                await self._adopt(post.message, post.forum_post_id)

    async def _adopt(self, message: discord.Message, forum_post_id: int | None = None) -> None:
        """Takes up a question of ours that the database forgot, since a backup was restored."""
        card = None if message.guild is None else card_words(message.components)
        if message.guild is None or card is None:
            return
        thread = message.thread
        found = FoundCard(
            guild_id=message.guild.id,
            channel_id=card.channel_id,
            date=card.date,
            question_id=card.question_id,
            message_id=message.id,
            forum_post_id=forum_post_id,
            thread_id=forum_post_id or (None if thread is None else thread.id),
            opened_at=message.created_at,
        )
        drill = await self._drills.adopt(found, self._clock())
        if drill is not None:
            log.info("drill.found", **of("drill", drill))
            behind = self._behind[message.guild.shard_id]
            for place_id in drill.places:
                behind.add(place_id, _Unread(drill.guild_id, drill.channel_id, message.id))

    async def _take(self, message: discord.Message) -> None:
        if message.author == self._client.user:
            await self._adopt(message)
        await self.message(message)
        await self.edit(message)

    async def read_history(
        self, history: AsyncIterator[discord.Message], take: Callable[[discord.Message], Awaitable[None]]
    ) -> None:
        """Hands on what stands in a place, each message as it is by now: its page may tell an earlier state.

        Args:
            take: is called while the message's lock is held, so whoever reads must not hold one.
        """
        self._readings += 1
        try:
            async for message in history:
                async with self._events.messages.of(message.id):
                    if message.id not in self._gone:
                        await take(self._edited.get(message.id, message))
        finally:
            self._readings -= 1
            if not self._readings:
                self._gone.clear()
                self._edited.clear()

    async def save_cursors(self) -> None:
        """Records how far the history is known, where nothing was missed."""
        known = self._known - self._owed
        guilds = [g.id for g in self._client.guilds if g.id in known and g.shard_id not in self._down]
        if guilds:
            to = discord.utils.time_snowflake(self._clock() - SETTLED)
            if (oldest := self._events.oldest) is not None:
                to = min(to, oldest - 1)
            unread = {place_id for behind in self._behind.values() for place_id in behind.places}
            await self._service.save_cursors(guilds, self._clock(), to, unread)
