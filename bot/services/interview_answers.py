"""Use cases of answering in an interview: messages and forms become the text of the open question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain.interviews import Interview, InterviewQuestion
from bot.services.answers import IncomingMessage
from bot.services.interviews import own_interview
from bot.services.use_cases import Service, reads, writes
from bot.storage import interview_parts, interviews, members
from bot.storage.interview_parts import InterviewPart, text_of


class MessageVerdict(StrEnum):
    """What became of a message in an interview's thread."""

    COUNTED = "counted"
    TOO_LATE = "too late"


@dataclass(frozen=True, slots=True)
class InterviewForm:
    """What the answer form starts from. Sending replaces the parts up to `upto`.

    `open` is false where the question takes no answer any more.
    """

    interview: Interview
    earlier: str
    upto: int
    open: bool


def collect(conn: Connection, message: IncomingMessage) -> MessageVerdict | None:
    """Stores a message of the member as part of the answer to the open question, once; None for anything else."""
    interview = interviews.by_thread(conn, message.channel_id)
    current = None if interview is None else interview.current
    if interview is None or current is None or interview.member_id != message.member_id:
        return None
    if interview_parts.by_message(conn, message.message_id) is not None:
        return None
    asked_in = interviews.asked_in(conn, interview, current.position)
    if asked_in is None:
        return None if current.position == 0 else MessageVerdict.TOO_LATE
    if message.message_id < asked_in:
        return None
    if not interview.takes(current, message.sent_at):
        return MessageVerdict.TOO_LATE
    who = (interview.guild_id, message.member_id, message.name)
    members.record(conn, *who, message.sent_at, stand_in=not message.name_here)
    interview_parts.add(
        conn,
        current,
        message_id=message.message_id,
        text=message.text,
        has_file=message.has_file,
        withheld=message.withheld,
        sent_at=message.sent_at,
    )
    return MessageVerdict.COUNTED


def edit(conn: Connection, message_id: int, text: str, has_file: bool) -> None:
    """Follows an edit, also where the question has closed: the words change, what it counted for stays."""
    part = interview_parts.by_message(conn, message_id)
    if part is None or part.gone:
        return
    interview_parts.edit(conn, part.id, text, has_file=has_file)
    _tell_again(conn, part)


def erase(conn: Connection, message_ids: Sequence[int]) -> None:
    """Erases what deleted messages said, also where their question has closed: its answer is what is left.

    That it was answered, and in which time, stays.
    """
    for message_id in message_ids:
        part = interview_parts.by_message(conn, message_id)
        if part is None or part.gone:
            continue
        interview_parts.remove(conn, part.id)
        _tell_again(conn, part)


def _tell_again(conn: Connection, part: InterviewPart) -> None:
    """Lets the answer to a closed question be what its parts say now, in the thread too."""
    interview = interviews.of_question(conn, part.asked_id)
    asked = next(asked for asked in interview.asked if asked.id == part.asked_id)
    if asked.closed_at is not None:
        interviews.set_text(conn, asked.id, text_of(interview_parts.of_question(conn, asked.id)))
        interviews.mark_changed(conn, interview.id)


def _open_question(interview: Interview, position: int, at: datetime) -> InterviewQuestion | None:
    """The question at a position, if it takes an answer at an instant."""
    current = interview.current
    if current is None or current.position != position or not interview.takes(current, at):
        return None
    return current


def open_form(
    conn: Connection, interview_id: int, position: int, member_id: int, limit: int, now: datetime
) -> InterviewForm:
    """What the form of a question's Answer button starts from: all that was written so far, messages too.

    Where that is more than `limit` characters, it is the last form's text only.

    Raises:
        Refusal: `interviews.not_yours`.
    """
    interview = own_interview(conn, interview_id, member_id)
    current = _open_question(interview, position, now)
    if current is None:
        return InterviewForm(interview, "", 0, open=False)
    parts = interview_parts.of_question(conn, current.id)
    whole = text_of(parts)
    if len(whole) <= limit:
        return InterviewForm(interview, whole, max((part.id for part in parts), default=0), open=True)
    forms = text_of(part for part in parts if part.message_id is None)
    return InterviewForm(interview, forms, 0, open=True)


def submit(
    conn: Connection,
    interview_id: int,
    position: int,
    upto: int,
    member_id: int,
    name: str,
    text: str,
    at: datetime,
) -> bool:
    """Stores a form, in place of an earlier one and of the parts up to `upto`; False when it came too late.

    Raises:
        Refusal: `interviews.not_yours`.
    """
    interview = own_interview(conn, interview_id, member_id)
    current = _open_question(interview, position, at)
    if current is None:
        return False
    members.record(conn, interview.guild_id, member_id, name, at)
    for part in interview_parts.of_question(conn, current.id):
        if part.message_id is None or (part.id <= upto and not part.has_file):
            interview_parts.remove(conn, part.id)
        elif part.id <= upto:
            interview_parts.empty(conn, part.id)
    interview_parts.add(conn, current, message_id=None, text=text, sent_at=at)
    return True


class InterviewAnswerService(Service):
    """Takes what members say to their open question, while its time runs."""

    open_form = reads(open_form)
    submit = writes(submit)
    known_messages = reads(interview_parts.known_messages)

    async def collect(self, message: IncomingMessage) -> MessageVerdict | None:
        """Stores a message of the member as part of the answer to the open question, once.

        Returns None for what is nothing new, or no answer: other people's words, earlier words, a sticker.
        """
        if not (message.text.strip() or message.has_file or message.withheld):
            return None
        running = await self.read(interviews.by_thread, message.channel_id)
        if running is None or running.member_id != message.member_id:
            return None
        return await self.write(collect, message)

    async def edited(self, message_id: int, text: str, has_file: bool) -> None:
        """Follows an edit; see `edit`."""
        if await self.read(interview_parts.any_of, [message_id]):
            await self.write(edit, message_id, text, has_file)

    async def thread_deleted(self, thread_id: int) -> None:
        """Erases what was said in a deleted thread: whoever deletes it deletes the messages in it."""
        found = await self.read(interview_parts.messages_in, thread_id)
        if found:
            await self.write(erase, found)

    async def deleted(self, message_ids: Sequence[int]) -> None:
        """Erases what deleted messages said; see `erase`."""
        if await self.read(interview_parts.any_of, message_ids):
            await self.write(erase, message_ids)
