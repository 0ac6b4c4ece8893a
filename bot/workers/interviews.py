"""Leads interviews in private threads: keeps each thread equal to what the database says, and watches the time.

Every message goes the way of all durable messages: after a try that may have sent it look for it first, send with a
deterministic nonce, record.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence
from bot.delivery.channels import HIDE_AFTER_MINUTES, Outgoing, SentPost
from bot.delivery.codes import UNKNOWN_CHANNEL
from bot.delivery.guard import of, report
from bot.delivery.jobs import KeyedLocks
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.interviews import Interview, InterviewState, InterviewWay
from bot.services.agenda import Agenda
from bot.services.interview_answers import InterviewAnswerService, MessageVerdict
from bot.services.interviews import InterviewService, PendingInterview, begin
from bot.services.scorecards import InterviewView, ScorecardService, owner
from bot.ui.interviews import names_thread, thread_name
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.permissions import may_open_private_threads
from bot.ui.scorecards import ThreadPost, thread_posts
from bot.workers.answer_reader import AnswerIngest
from bot.workers.opinions import OpinionAsker

MARKS = {MessageVerdict.COUNTED: "✅", MessageVerdict.TOO_LATE: "🕒"}

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class InterviewRunner(Worker):
    """Asks, takes what is written in threads, goes on when time is up, and shows scorecards."""

    _client: discord.AutoShardedClient
    _service: InterviewService
    _answers: InterviewAnswerService
    _scorecards: ScorecardService
    _ingest: AnswerIngest
    _outbox: Outbox
    _banks: Banks
    _clock: Clock
    _opinions: OpinionAsker
    _locks: KeyedLocks = field(default_factory=KeyedLocks, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether something has to end, or a thread to be brought up to date."""
        return agenda.interviews

    async def step(self) -> None:
        """Ends questions whose time is up, and shows what threads do not show yet."""
        agenda = await self._service.agenda(self._clock())
        if agenda.ends_something:
            await asyncio.gather(*map(self._watch, agenda.time_up))
            if agenda.expired:
                await self._service.expire(self._clock())
            agenda = await self._service.agenda(self._clock())
        await asyncio.gather(*map(self.bring, agenda.pending))

    async def bring(self, interview_id: int) -> None:
        """Makes an interview's thread show what it should; what fails stays owed and is tried again."""
        async with self._locks.of(interview_id):
            pending = await self._service.pending(interview_id)
            if pending is not None:
                await self._guard(pending)

    async def _guard(self, pending: PendingInterview) -> None:
        interview = pending.interview
        try:
            with speaking_to_server(self._client, interview.guild_id):
                await self._show(interview, look=pending.delivery.attempts > 0)
        except Exception as error:
            code = error.code if isinstance(error, discord.HTTPException) else None
            if code == UNKNOWN_CHANNEL and self._proves_end(interview, error):
                await self._service.thread_ended(interview.id, self._clock())
                log.info("interview.thread_gone", **of("interview", interview))
                return
            until = await self._service.failed(pending, self._clock())
            report("interview.not_shown", error, **of("interview", interview, until))

    def _proves_end(self, interview: Interview, error: Exception) -> bool:
        """Whether an answer of Discord means that an interview's thread is deleted, or its member gone from it.

        Discord does not know threads either that it hides from the bot with their channel: those come back.
        """
        if not isinstance(error, discord.NotFound):
            return False
        channel = self._client.get_channel(interview.channel_id)
        sees = isinstance(channel, discord.TextChannel) and channel.permissions_for(channel.guild.me).view_channel
        return sees or error.code != UNKNOWN_CHANNEL

    async def _show(self, interview: Interview, *, look: bool) -> None:
        await self._service.mark_tried(interview.id)
        if interview.thread_id is None:
            if interview.state is not InterviewState.RUNNING:
                # It was given up before there was a thread: there is nothing to show.
                await self._service.thread_ended(interview.id, self._clock())
                return
            if not await self._open(interview, look):
                await self._service.use_forms(interview.id)
                return
        view = await self._scorecards.view(interview.id)
        if not view.posts:
            await (await self._thread(view.interview)).add_user(discord.Object(interview.member_id))
        withheld = not self._client.intents.message_content
        to = self._outbox.to(interview.guild_id, view.interview.thread_id or 0)
        for post in thread_posts(view, self._banks.of(view.interview.guild_id), self._clock(), withheld=withheld):
            since = interview.started_at
            out = Outgoing(to=to, key=post.key, page=post.page, marker=post.marker, version=post.says, since=since)
            if post.key not in view.posts:
                await self._send(view, post, out, look)
            else:
                known = {post.key: view.posts[post.key]}
                await self._outbox.show(owner(interview), [out], known=known, look=None, forgiving=True)
        await self._service.mark_shown(interview.id, view.version)

    async def _thread(self, interview: Interview) -> discord.Thread:
        assert interview.thread_id is not None
        found = self._client.get_channel(interview.thread_id)
        found = found or await self._client.fetch_channel(interview.thread_id)
        assert isinstance(found, discord.Thread)
        return found

    def _place(self, interview: Interview) -> discord.PartialMessageable:
        assert interview.thread_id is not None
        return self._outbox.place(interview.guild_id, interview.thread_id)

    async def _open(self, interview: Interview, look: bool) -> bool:
        """Opens the thread, or finds the one that an earlier try has opened; False where there can be none."""
        channel = self._client.get_channel(interview.channel_id)
        channel = channel or await self._client.fetch_channel(interview.channel_id)
        if not isinstance(channel, discord.TextChannel) or not may_open_private_threads(channel):
            return False
        own = [thread for thread in channel.threads if thread.owner_id == channel.guild.me.id]
        found = (thread for thread in own if names_thread(interview, thread.name))
        thread = next(found, None) if look else None
        if thread is None:
            name = thread_name(await self._scorecards.view(interview.id))
            try:
                thread = await channel.create_thread(
                    name=name,
                    type=discord.ChannelType.private_thread,
                    invitable=False,
                    auto_archive_duration=HIDE_AFTER_MINUTES,
                )
            except discord.HTTPException as error:
                if error.status >= 500:
                    raise
                log.warning("interview.no_thread", interview=interview.id, code=error.code)
                return False
        await self._service.opened(interview.id, thread.id)
        return True

    async def _send(self, view: InterviewView, post: ThreadPost, out: Outgoing, look: bool) -> None:
        interview = view.interview

        def asked(conn: Any, sent: SentPost) -> None:
            if post.asks is not None:
                begin(conn, interview.id, sent.message.created_at, post.asks)

        since = interview.started_at if look else None
        await self._outbox.send(owner(interview), out, look=since, after=asked)

    async def _watch(self, interview_id: int) -> None:
        """One bad interview never stops another."""
        try:
            await self._time_up(interview_id)
        except Exception as error:
            log.error("interview.stuck", interview=interview_id, error=type(error).__name__, exc_info=error)

    async def _time_up(self, interview_id: int) -> None:
        """Ends a question whose time is up, unless the member has left: then the whole interview is over."""
        interview = await self._service.get(interview_id)
        if interview is None or interview.thread_id is None:
            return
        if await self._is_read_up(interview, asking_for_member=True):
            await self._service.time_up(interview_id, self._clock(), await self._follow_up(interview))

    async def _is_read_up(self, interview: Interview, *, asking_for_member: bool = False) -> bool:
        """Reads up what was written in time, of which nothing may be lost; False where Discord fails just now.

        A history that the bot may not read any more holds nothing up, and may mean that the interview is over.
        """
        try:
            await self.read_up(interview)
            if asking_for_member:
                await (await self._thread(interview)).fetch_member(interview.member_id)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("interview.unreadable", interview=interview.id, code=error.code)
            if self._proves_end(interview, error):
                await self._service.thread_ended(interview.id, self._clock())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("interview.unread", interview=interview.id, error=type(error).__name__)
            return False
        return True

    async def _follow_up(self, interview: Interview) -> str | None:
        """What a model asks after the open question, if it has time to; None for the prepared follow-up."""
        if interview.current is None:
            return None
        place = (interview.id, interview.current.position, interview.member_id, interview.guild_id)
        return await self._opinions.follow_up(*place)

    async def before_closing(self, interview: Interview) -> None:
        """Shows what is owed and reads up what was written, so that a question closes with all of its answer.

        Raises:
            Refusal: `interviews.not_read` where Discord fails just now.
        """
        await self.bring(interview.id)
        fresh = await self._service.get(interview.id)
        if fresh is not None and not await self._is_read_up(fresh):
            raise Refusal("interviews.not_read")

    async def invite(self, interview: Interview) -> None:
        """Adds the member to the thread again; an interview whose thread is no more is over.

        Raises:
            Refusal: `interviews.not_invited` where the bot may not do it.
        """
        await self.bring(interview.id)
        fresh = await self._service.get(interview.id)
        if fresh is None or fresh.thread_id is None:
            return
        try:
            await (await self._thread(fresh)).add_user(discord.Object(fresh.member_id))
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("interview.not_invited", interview=interview.id, code=error.code)
            if not self._proves_end(fresh, error):
                raise Refusal("interviews.not_invited") from error
            await self._service.thread_ended(fresh.id, self._clock())

    async def read_up(self, interview: Interview) -> None:
        """Takes what was written since the open question was asked, also what no event told of."""
        current = interview.current
        if interview.way is not InterviewWay.THREAD or interview.thread_id is None or current is None:
            return
        question = await self._service.asked_in(interview, current)
        if question is not None:
            history = self._place(interview).history(limit=None, after=discord.Object(question), oldest_first=True)
            await self._ingest.read_history(history, self._take_as_it_is)

    async def _take_as_it_is(self, message: discord.Message) -> None:
        await self._take(message)
        await self._ingest.edit(message)

    async def catch_up(self, absence: Absence) -> None:
        """Takes what members wrote where the bot could not listen."""
        for interview in await self._service.in_threads():
            if interview.guild_id in absence.guild_ids:
                try:
                    await self.read_up(interview)
                except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                    # It is read again before the question ends.
                    log.warning("interview.unread", interview=interview.id, error=type(error).__name__)

    async def message(self, message: discord.Message) -> bool:
        """Takes a message; returns whether it came after the time, so that the interview has to go on."""
        if isinstance(message.channel, discord.TextChannel):
            return False
        if message.type is discord.MessageType.recipient_remove:
            for person in message.mentions:
                await self._service.end_in_thread(message.channel.id, self._clock(), person.id)
            return False
        return await self._take(message) is MessageVerdict.TOO_LATE

    async def go_on(self, thread_id: int) -> None:
        """Ends the open question of the interview in a thread, whose time is up, and shows what comes next."""
        interview = await self._service.in_thread(thread_id)
        if interview is not None:
            await self._time_up(interview.id)
            await self.bring(interview.id)

    async def _take(self, message: discord.Message) -> MessageVerdict | None:
        incoming = self._ingest.incoming(message)
        taken = None if incoming is None else await self._answers.collect(incoming)
        if taken is not None:
            # A mark is a courtesy: without the permission the answer still counts.
            with contextlib.suppress(discord.HTTPException):
                await message.add_reaction(MARKS[taken])
        return taken
