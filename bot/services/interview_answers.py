"""Use cases of answering in an interview: messages and forms become the text of the open question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain.answers import join
from bot.domain.interviews import Interview
from bot.services.answers import IncomingMessage
from bot.services.interviews import own_interview
from bot.storage import interviews, members
from bot.storage.database import Database
from bot.storage.interviews import InterviewPart


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


class InterviewAnswerService:
    """Takes what members say to their open question, while its time runs."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def collect(self, message: IncomingMessage) -> MessageVerdict | None:
        """Stores a message of the member as part of the answer to the open question, once.

        Returns None for what is nothing new, or no answer: other people's words, earlier words, a sticker.
        """
        if not (message.text.strip() or message.has_file or message.withheld):
            return None

        def work(conn: Connection) -> MessageVerdict | None:
            interview = interviews.by_thread(conn, message.channel_id)
            if interview is None or interview.member_id != message.member_id:
                return None
            if interviews.part_by_message(conn, message.message_id) is not None:
                return None
            current = interview.current
            if current is None:
                return None
            question = interviews.asked_in(conn, interview, current.position)
            if question is None:
                return None if current.position == 0 else MessageVerdict.TOO_LATE
            if message.message_id < question:
                return None
            if not interview.takes(current, message.sent_at):
                return MessageVerdict.TOO_LATE
            who = (interview.guild_id, message.member_id, message.name)
            members.record(conn, *who, message.sent_at, stand_in=not message.name_here)
            interviews.add_part(
                conn,
                {
                    "guild_id": interview.guild_id,
                    "asked_id": current.id,
                    "message_id": message.message_id,
                    "text": message.text,
                    "has_file": message.has_file,
                    "withheld": message.withheld,
                    "sent_at": message.sent_at,
                },
            )
            return MessageVerdict.COUNTED

        if await self._db.read(lambda conn: interviews.by_thread(conn, message.channel_id)) is None:
            return None
        return await self._db.write(work)

    async def edited(self, message_id: int, text: str, has_file: bool, at: datetime) -> None:
        """Follows an edit while the question is open."""

        def work(conn: Connection) -> None:
            part = interviews.part_by_message(conn, message_id)
            found = None if part is None else interviews.question_of(conn, part.asked_id)
            if part is None or part.gone or found is None or not found[0].takes(found[1], at):
                return
            interviews.change_part(conn, part.id, text=text, has_file=has_file, withheld=False)

        if await self._db.read(lambda conn: interviews.part_by_message(conn, message_id)) is not None:
            await self._db.write(work)

    async def deleted(self, message_ids: Sequence[int]) -> None:
        """Erases what deleted messages said to the open question."""

        def known(conn: Connection) -> list[InterviewPart]:
            found = [interviews.part_by_message(conn, message_id) for message_id in message_ids]
            return [part for part in found if part is not None]

        def work(conn: Connection) -> None:
            for part in known(conn):
                interviews.change_part(conn, part.id, text="", gone=True)

        if await self._db.read(known):
            await self._db.write(work)

    async def open_form(
        self, interview_id: int, position: int, member_id: int, limit: int, now: datetime
    ) -> InterviewForm:
        """What the form of a question's Answer button starts from.

        All that was written so far, messages too; where that is more than `limit`, only the last form's text.
        """

        def work(conn: Connection) -> InterviewForm:
            interview = own_interview(conn, interview_id, member_id)
            current = interview.current
            if current is None or current.position != position or not interview.takes(current, now):
                return InterviewForm(interview, "", 0, open=False)
            parts = [part for part in interviews.parts_of(conn, current.id) if not part.gone]
            whole = join([part.text for part in parts])
            if len(whole) <= limit:
                return InterviewForm(interview, whole, max((part.id for part in parts), default=0), open=True)
            return InterviewForm(
                interview, join([part.text for part in parts if part.message_id is None]), 0, open=True
            )

        return await self._db.read(work)

    async def submit(
        self, interview_id: int, position: int, upto: int, member_id: int, name: str, text: str, at: datetime
    ) -> bool:
        """Stores a form, in place of an earlier one and of the parts up to `upto`; False when it came too late."""

        def work(conn: Connection) -> bool:
            interview = own_interview(conn, interview_id, member_id)
            current = interview.current
            if current is None or current.position != position or not interview.takes(current, at):
                return False
            members.record(conn, interview.guild_id, member_id, name, at)
            for part in interviews.parts_of(conn, current.id):
                if part.message_id is None or (part.id <= upto and not part.has_file):
                    interviews.change_part(conn, part.id, text="", gone=True)
                elif part.id <= upto:
                    interviews.change_part(conn, part.id, text="")
            interviews.add_part(
                conn,
                {
                    "guild_id": interview.guild_id,
                    "asked_id": current.id,
                    "text": text,
                    "has_file": False,
                    "withheld": False,
                    "sent_at": at,
                },
            )
            return True

        return await self._db.write(work)
