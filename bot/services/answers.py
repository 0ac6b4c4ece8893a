"""Use cases of answering: messages and forms become one answer a member and drill, credited once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus, counts, join
from bot.domain.drills import LIFETIME, Drill, DrillState, Mode
from bot.domain.errors import BadInput
from bot.domain.points import LATE_POINTS, ON_TIME_POINTS, Reason, answer_reference
from bot.domain.text import NOBODY
from bot.services import milestones
from bot.services.votes import book
from bot.storage import answers, drills, ledger, members, sent_messages
from bot.storage.answers import Answer, AnswerPart
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind, SentMessage

FORM = "form"
THREAD = "thread"
REPLY = "reply"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A person's message as it arrived. `withheld` is true where Discord kept its text back.

    `edited_at` is when its text became what it is, where it was edited before the bot saw it. `name_here` is false
    where Discord told only the name that the person has everywhere, as it does in the history.
    """

    message_id: int
    channel_id: int
    replies_to: int | None
    member_id: int
    name: str
    text: str
    has_file: bool
    withheld: bool
    sent_at: datetime
    edited_at: datetime | None = None
    name_here: bool = True


@dataclass(frozen=True, slots=True)
class Collected:
    """What a message or form became.

    Attributes:
        credited: the answer began to count just now, and brought its points.
        replaced: the form took the place of an earlier one.
    """

    drill: Drill
    answer: Answer
    parts: list[AnswerPart]
    credited: bool
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything that decides what Discord should show of an answer.

    Attributes:
        sent: the bot's messages that show something of it, by key.
        look_since: since when an earlier try may have sent some that are not recorded; None where there was none.
    """

    drill: Drill
    answer: Answer
    parts: list[AnswerPart]
    name: str
    sent: dict[str, SentMessage]
    look_since: datetime | None


def owner(answer: Answer) -> Owner:
    """The answer as the owner of the messages that show something of it."""
    return Owner(OwnerKind.ANSWER, answer.id, answer.guild_id)


def book_showing(conn: Connection, answer_id: int) -> AnswerView | None:
    """Records before anything is sent that it may have happened, and gives what is to be shown.

    None where the answer's drill does not stand in its channel.
    """
    answer = answers.get(conn, answer_id)
    drill = None if answer is None else drills.get(conn, answer.drill_id)
    if answer is None or drill is None or drill.state not in drills.POSTED:
        return None
    look_since = (drill.opened_at or drill.claimed_at) if answer.attempts else None
    answers.tried(conn, answer_id)
    names = members.names(conn, answer.guild_id, [answer.member_id])
    return AnswerView(
        drill,
        answer,
        answers.parts_of(conn, answer_id),
        names.get(answer.member_id, NOBODY),
        sent_messages.of_owner(conn, owner(answer)),
        look_since,
    )


def mark_shown(conn: Connection, view: AnswerView, marks: Mapping[int, str]) -> None:
    """Records that Discord shows this version of an answer.

    Args:
        marks: the reactions that the bot has put on messages, by the ids of their parts.
    """
    for part_id, mark in marks.items():
        answers.change_part(conn, part_id, mark=mark)
    answers.shown(conn, view.answer.id, view.answer.version)


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What the answer form starts from; `open` is false where the drill takes no answer of this member any more."""

    drill: Drill
    earlier: str
    status: AnswerStatus | None
    open: bool


def _revealed(drill: Drill, at: datetime) -> bool:
    """Whether a blind drill's answers could be read at an instant: from then on messages count like everywhere."""
    return drill.ends is not None and at >= drill.ends


class AnswerService:
    """Collects answers and books their points.

    Args:
        min_words: an answer counts from this many words on.
        min_chars: or from this many characters on.
    """

    def __init__(self, database: Database, *, min_words: int, min_chars: int) -> None:
        self._db = database
        self.min_words = min_words
        self.min_chars = min_chars

    def _enough(self, parts: list[AnswerPart]) -> bool:
        whole = join([part.text for part in parts])
        has_file = any(part.has_file or part.withheld for part in parts)
        return counts(whole, has_file, self.min_words, self.min_chars)

    def _credit(self, conn: Connection, drill: Drill, answer: Answer, at: datetime) -> bool:
        """Credits an answer that has become long enough at `at`; returns whether points were booked for it.

        A second answer on one date, after the first one's drill has become void, counts but is not paid again.
        """
        if answer.counted_at is not None:
            return False
        parts = answers.parts_of(conn, answer.id)
        if not self._enough(parts):
            return False
        on_time = drill.ends is None or at < drill.ends
        answers.credit(conn, answer.id, AnswerStatus.ON_TIME if on_time else AnswerStatus.LATE, at)
        booked = ledger.enter(
            conn,
            guild_id=drill.guild_id,
            track_id=drill.track_id,
            member_id=answer.member_id,
            reason=Reason.ON_TIME if on_time else Reason.LATE,
            points=ON_TIME_POINTS if on_time else LATE_POINTS,
            reference=answer_reference(drill.track_id, drill.date, answer.member_id),
            at=at,
        )
        book(conn, self._read(conn, answer.id))
        if on_time:
            milestones.check(conn, drill.guild_id, drill.track_id, answer.member_id, at)
        return booked

    def _read(self, conn: Connection, answer_id: int) -> Answer:
        answer = answers.get(conn, answer_id)
        assert answer is not None
        return answer

    def _takes(self, conn: Connection, drill: Drill, member_id: int, at: datetime) -> bool:
        """Whether words of this member at this instant belong to an answer, and not to the discussion."""
        if drill.state not in drills.POSTED or (drill.opened_at is not None and at < drill.opened_at):
            return False
        if drill.ends is None or at < drill.ends:
            return True
        known = answers.of_member(conn, drill.id, member_id)
        return at < drill.ends + LIFETIME and (known is None or known.counted_at is None)

    def _changed(self, conn: Connection, drill: Drill, answer: Answer, at: datetime) -> Collected:
        """Credits what has become enough, and notes that Discord has to show the change."""
        credited = self._takes(conn, drill, answer.member_id, at)
        credited = credited and self._credit(conn, drill, answer, at)
        answers.touch(conn, answer.id)
        return self._collected(conn, drill, answer.id, credited=credited)

    def _collected(self, conn: Connection, drill: Drill, answer_id: int, *, credited: bool) -> Collected:
        return Collected(drill, self._read(conn, answer_id), answers.parts_of(conn, answer_id), credited)

    def _drill_of(self, conn: Connection, message: IncomingMessage) -> tuple[Drill | None, str]:
        drill = drills.by_thread(conn, message.channel_id)
        if drill is not None or message.replies_to is None:
            return drill, THREAD
        return drills.by_message(conn, message.replies_to), REPLY

    async def hidden(self, message: IncomingMessage) -> Drill | None:
        """The open blind drill that a message answers where everyone reads it: only the form takes it."""

        def work(conn: Connection) -> Drill | None:
            drill, _ = self._drill_of(conn, message)
            if drill is None or drill.mode is not Mode.BLIND or drill.state not in drills.POSTED:
                return None
            return None if _revealed(drill, message.sent_at) else drill

        return await self._db.read(work)

    async def collect(self, message: IncomingMessage) -> Collected | None:
        """Stores a message that belongs to a drill; the same message twice is stored once.

        Returns None for messages that are no answer: other channels, discussion, drills long over, blind drills.
        """

        def work(conn: Connection) -> Collected | None:
            drill, source = self._drill_of(conn, message)
            if drill is None or (drill.mode is Mode.BLIND and not _revealed(drill, message.sent_at)):
                return None
            known = answers.part_by_message(conn, message.message_id)
            if known is not None:
                return self._collected(conn, drill, known.answer_id, credited=False)
            if not self._takes(conn, drill, message.member_id, message.sent_at):
                return None
            who = (drill.guild_id, message.member_id, message.name)
            members.record(conn, *who, message.sent_at, stand_in=not message.name_here)
            answer = answers.of_member(conn, drill.id, message.member_id)
            answer = answer or answers.add(conn, drill, message.member_id)
            answers.add_part(
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
            return self._changed(conn, drill, answer, message.edited_at or message.sent_at)

        return await self._db.write(work)

    async def edited(self, message_id: int, text: str, has_file: bool, at: datetime) -> Collected | None:
        """Follows an edit; it may make an answer count from that moment on, never take credit away."""

        def work(conn: Connection) -> Collected | None:
            part = answers.part_by_message(conn, message_id)
            answer = None if part is None else answers.get(conn, part.answer_id)
            drill = None if answer is None else drills.get(conn, answer.drill_id)
            if part is None or answer is None or drill is None or part.gone:
                return None
            if (part.text, part.has_file) == (text, has_file):
                return None
            answers.change_part(conn, part.id, text=text, has_file=has_file, withheld=False)
            return self._changed(conn, drill, answer, at)

        return await self._db.write(work)

    async def deleted(self, message_id: int) -> Answer | None:
        """Erases the text of a deleted message, and returns the answer that it belongs to; the credit stays."""

        def work(conn: Connection) -> Answer | None:
            part = answers.part_by_message(conn, message_id)
            if part is None:
                return None
            answers.erase_part(conn, part.id)
            answers.touch(conn, part.answer_id)
            return self._read(conn, part.answer_id)

        return await self._db.write(work)

    def _opening(self, conn: Connection, drill: Drill, member_id: int, now: datetime) -> AnswerForm:
        if drill.state is DrillState.CLAIMED:
            raise BadInput("This question is just being posted. Press **Answer** again in a moment.")
        answer = answers.of_member(conn, drill.id, member_id)
        parts = [] if answer is None else answers.parts_of(conn, answer.id)
        earlier = next((part.text for part in parts if part.source == FORM), "")
        takes = self._takes(conn, drill, member_id, now)
        return AnswerForm(drill, earlier, answer.status if answer else None, takes)

    async def open_form(self, drill: Drill, member_id: int, now: datetime) -> AnswerForm:
        """What the form of a drill starts from."""
        return await self._db.read(lambda conn: self._opening(conn, drill, member_id, now))

    async def open_newest(self, track_id: int, member_id: int, now: datetime) -> AnswerForm | None:
        """What the form of a track's newest drill starts from; None before the first one."""

        def work(conn: Connection) -> AnswerForm | None:
            drill = drills.newest(conn, track_id)
            return None if drill is None else self._opening(conn, drill, member_id, now)

        return await self._db.read(work)

    async def submit(self, drill_id: int, member_id: int, name: str, text: str, at: datetime) -> Collected | None:
        """Stores a form, in place of an earlier one; None when the drill is over for this member.

        Raises:
            BadInput: there is nothing but spaces in it.
        """
        if not text.strip():
            raise BadInput("There is no text in your answer. Open the form again and write a few words.")

        def work(conn: Connection) -> Collected | None:
            drill = drills.get(conn, drill_id)
            if drill is None or not self._takes(conn, drill, member_id, at):
                return None
            members.record(conn, drill.guild_id, member_id, name, at)
            answer = answers.of_member(conn, drill.id, member_id)
            answer = answer or answers.add(conn, drill, member_id)
            earlier = [part for part in answers.parts_of(conn, answer.id) if part.source == FORM]
            if earlier:
                answers.change_part(conn, earlier[0].id, text=text, sent_at=at)
            else:
                answers.add_part(
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
            return replace(self._changed(conn, drill, answer, at), replaced=bool(earlier))

        return await self._db.write(work)

    async def forget(self, before: datetime) -> int:
        """Erases texts older than the operator keeps them; returns how many. Credit and points stay."""
        return await self._db.write(lambda conn: answers.erase_older(conn, before))

    async def pending_drills(self) -> list[int]:
        """Ids of drills some of whose answers Discord shows in an old state."""
        return await self._db.read(answers.owed_drills)

    async def pending_in(self, drill_id: int) -> list[int]:
        """Ids of a drill's answers that Discord shows in an old state, least tried first."""
        return await self._db.read(lambda conn: answers.owed(conn, drill_id))

    async def book_showing(self, answer_id: int) -> AnswerView | None:
        """What is to be shown of an answer; from now on it may have been sent."""
        return await self._db.write(lambda conn: book_showing(conn, answer_id))

    async def mark_shown(self, view: AnswerView, marks: Mapping[int, str]) -> None:
        """Records that Discord shows this version of an answer, as far as it lets the bot."""
        await self._db.write(lambda conn: mark_shown(conn, view, marks))

    async def of_drill(self, drill_id: int) -> list[int]:
        """Ids of a drill's answers that count, in the order in which they came."""
        return await self._db.read(lambda conn: [answer.id for answer in answers.of_drill(conn, drill_id)])
