"""Use cases of answering: messages and forms become one answer a member and drill, credited once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.answers import Status, counts, join
from bot.domain.points import LATE_POINTS, ON_TIME_POINTS, Reason, answer_reference
from bot.domain.tracks import LIFETIME, Drill, Mode
from bot.storage import answers, drills, ledger, servers
from bot.storage.answers import Answer, Part
from bot.storage.engine import Database

FORM = "form"
THREAD = "thread"
REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A person's message as it arrived. `withheld` is true where Discord kept its text back."""

    message_id: int
    channel_id: int
    replies_to: int | None
    member_id: int
    name: str
    text: str
    has_file: bool
    withheld: bool
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Collected:
    """What a message or form became: the answer, its parts in order, and whether it began to count just now."""

    drill: Drill
    answer: Answer
    parts: list[Part]
    credited: bool
    source: str


class AnswerService:
    """Collects answers and books their points.

    Args:
        min_words: an answer counts from this many words on.
        min_chars: or from this many characters on.
    """

    def __init__(self, database: Database, *, min_words: int, min_chars: int) -> None:
        self._db = database
        self._min_words = min_words
        self._min_chars = min_chars

    def _enough(self, parts: list[Part]) -> bool:
        whole = join([part.text for part in parts])
        has_file = any(part.has_file or part.withheld for part in parts)
        return counts(whole, has_file, self._min_words, self._min_chars)

    async def _credit(self, conn: AsyncConnection, drill: Drill, answer: Answer, at: datetime) -> bool:
        """Credits an answer that has become long enough at `at`; returns whether it did."""
        if answer.counted_at is not None:
            return False
        parts = await answers.parts_of(conn, answer.id)
        if not self._enough(parts):
            return False
        on_time = drill.closed_at is None or at < drill.closed_at
        await answers.credit(conn, answer.id, Status.ON_TIME if on_time else Status.LATE, at)
        await ledger.enter(
            conn,
            guild_id=drill.guild_id,
            track_id=drill.track_id,
            member_id=answer.member_id,
            reason=Reason.ON_TIME if on_time else Reason.LATE,
            points=ON_TIME_POINTS if on_time else LATE_POINTS,
            reference=answer_reference(drill.track_id, drill.date, answer.member_id),
            at=at,
        )
        return True

    async def _takes(self, conn: AsyncConnection, drill: Drill, member_id: int, at: datetime) -> bool:
        """Whether words of this member at this instant belong to an answer, and not to the discussion."""
        if drill.state not in drills.POSTED or (drill.opened_at is not None and at < drill.opened_at):
            return False
        if drill.closed_at is None or at < drill.closed_at:
            return True
        known = await answers.of_member(conn, drill.id, member_id)
        return at < drill.closed_at + LIFETIME and (known is None or known.counted_at is None)

    async def _collected(
        self, conn: AsyncConnection, drill: Drill, answer_id: int, *, credited: bool, source: str
    ) -> Collected:
        answer = await answers.get(conn, answer_id)
        assert answer is not None
        return Collected(drill, answer, await answers.parts_of(conn, answer_id), credited, source)

    async def collect(self, message: Incoming) -> Collected | None:
        """Stores a message that belongs to a drill; the same message twice is stored once.

        Returns None for messages that are no answer: other channels, discussion, drills long over, blind drills.
        """

        async def work(conn: AsyncConnection) -> Collected | None:
            drill, source = await drills.by_thread(conn, message.channel_id), THREAD
            if drill is None and message.replies_to is not None:
                drill, source = await drills.by_message(conn, message.replies_to), REPLY
            if drill is None or drill.mode is Mode.BLIND:
                return None
            if not await self._takes(conn, drill, message.member_id, message.sent_at):
                return None
            await servers.saw(conn, drill.guild_id, message.member_id, message.name, message.sent_at)
            known = await answers.part_by_message(conn, message.message_id)
            if known is not None:
                return await self._collected(conn, drill, known.answer_id, credited=False, source=source)
            answer = await answers.of_member(conn, drill.id, message.member_id)
            answer = answer or await answers.add(conn, drill, message.member_id)
            await answers.add_part(
                conn,
                {
                    "guild_id": drill.guild_id,
                    "answer_id": answer.id,
                    "source": source,
                    "message_id": message.message_id,
                    "channel_id": message.channel_id,
                    "text": message.text,
                    "has_file": message.has_file,
                    "withheld": message.withheld,
                    "sent_at": message.sent_at,
                },
            )
            credited = await self._credit(conn, drill, answer, message.sent_at)
            return await self._collected(conn, drill, answer.id, credited=credited, source=source)

        return await self._db.write(work)

    async def edited(self, message_id: int, text: str, has_file: bool, at: datetime) -> Collected | None:
        """Follows an edit; it may make an answer count from that moment on, never take credit away."""

        async def work(conn: AsyncConnection) -> Collected | None:
            part = await answers.part_by_message(conn, message_id)
            answer = None if part is None else await answers.get(conn, part.answer_id)
            drill = None if answer is None else await drills.get(conn, answer.drill_id)
            if part is None or answer is None or drill is None:
                return None
            await answers.change_part(conn, part.id, text=text, has_file=has_file, withheld=False)
            takes = await self._takes(conn, drill, answer.member_id, at)
            credited = takes and await self._credit(conn, drill, answer, at)
            return await self._collected(conn, drill, answer.id, credited=credited, source=part.source)

        return await self._db.write(work)

    async def deleted(self, message_id: int) -> Part | None:
        """Erases the text of a deleted message; the credit stays."""

        async def work(conn: AsyncConnection) -> Part | None:
            part = await answers.part_by_message(conn, message_id)
            if part is not None:
                await answers.remove_part(conn, part.id)
            return part

        return await self._db.write(work)

    async def form_text(self, drill_id: int, member_id: int) -> str:
        """What the form holds when it is opened again."""

        async def work(conn: AsyncConnection) -> str:
            answer = await answers.of_member(conn, drill_id, member_id)
            parts = [] if answer is None else await answers.parts_of(conn, answer.id)
            return next((part.text for part in parts if part.source == FORM), "")

        return await self._db.read(work)

    async def submit(self, drill_id: int, member_id: int, name: str, text: str, at: datetime) -> Collected | None:
        """Stores a form, in place of an earlier one; None when the drill is over for this member."""

        async def work(conn: AsyncConnection) -> Collected | None:
            drill = await drills.get(conn, drill_id)
            if drill is None or not await self._takes(conn, drill, member_id, at):
                return None
            await servers.saw(conn, drill.guild_id, member_id, name, at)
            answer = await answers.of_member(conn, drill.id, member_id)
            answer = answer or await answers.add(conn, drill, member_id)
            earlier = [part for part in await answers.parts_of(conn, answer.id) if part.source == FORM]
            if earlier:
                await answers.change_part(conn, earlier[0].id, text=text, sent_at=at)
            else:
                await answers.add_part(
                    conn,
                    {
                        "guild_id": drill.guild_id,
                        "answer_id": answer.id,
                        "source": FORM,
                        "text": text,
                        "has_file": False,
                        "withheld": False,
                        "sent_at": at,
                    },
                )
            credited = await self._credit(conn, drill, answer, at)
            return await self._collected(conn, drill, answer.id, credited=credited, source=FORM)

        return await self._db.write(work)
