"""Use cases of answering: messages and forms become one answer a member and drill, credited once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from bot.domain.answers import AnswerRules, AnswerStatus, hides_answers, join, status_at, takes_answers
from bot.domain.backoff import pause
from bot.domain.drills import LIFETIME, Drill, DrillState
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.points import LATE_POINTS, ON_TIME_POINTS, Reason, answer_reference
from bot.domain.streaks import fold
from bot.services import milestones
from bot.services.members import is_new, observe
from bot.services.streaks import StreakNews, news_of
from bot.services.use_cases import Service, reads, writes
from bot.services.votes import book_votes
from bot.storage import (
    answer_arrivals,
    answers,
    drills,
    ledger,
    members,
    participation,
    reminders,
    sent_messages,
    tracks,
)
from bot.storage.answers import (
    FORM,
    Answer,
    AnswerPart,
    MessageOwner,
    OwnedMessage,
    PastDrill,
    Standing,
    outcomes_of,
)
from bot.storage.answers import (
    KnownMessages as KnownMessages,
)
from bot.storage.database import Database
from bot.storage.installation import mark_alive
from bot.storage.participation import Turnout as Turnout
from bot.storage.privacy_log import DeletionLog
from bot.storage.sent_messages import Owner, OwnerKind, SentMessage

LONGEST_REST = timedelta(hours=1)
MANY = 50
"""From so many answers on nobody misses the one that came a moment ago."""
FRESH = timedelta(seconds=1)
"""For so long many answers count as they were counted: in a rush each count would read all those before it."""
TURNOUTS_KEPT = 1_000
THREAD = "thread"
REPLY = "reply"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A person's message as it arrived. `withheld` is true where Discord kept its text back.

    Attributes:
        edited_at: when its text became what it is, where it was edited before the bot saw it.
        name_here: false where Discord told only the name that the person has everywhere, as it does in the history.
        to_us: it stands in a thread that the bot has opened, or replies to the bot: most such messages are answers.
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
    to_us: bool = False


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything that decides what Discord should show of an answer.

    Attributes:
        sent: the bot's messages that show something of it, by key.
    """

    drill: Drill
    answer: Answer
    parts: Sequence[AnswerPart]
    name: str
    sent: Mapping[str, SentMessage]

    @property
    def text(self) -> str:
        """The whole answer as it stands."""
        return join([part.text for part in self.parts if not part.gone])

    @property
    def pending(self) -> bool:
        """Whether Discord shows an older version."""
        return self.answer.version > self.answer.shown_version

    @property
    def look_since(self) -> datetime | None:
        """Since when an earlier try may have sent what is not recorded; None where there was none."""
        return (self.drill.opened_at or self.drill.claimed_at) if self.answer.attempts > 1 else None


@dataclass(frozen=True, slots=True)
class FormNews:
    """What the receipt of a form says beside how the answer counts.

    Attributes:
        streak: the member's streak in the track now.
        reached: the milestones that this answer has reached just now.
        once: what the member is to be told once, and reads now.
        hints: whether the track gives hints on answers.
        turnout: how many have answered; None once the drill is closed.
        may_remind: reminders are to be offered: it is the first receipt of this member in this server.
    """

    streak: int
    reached: Sequence[int]
    once: StreakNews
    hints: bool
    turnout: Turnout | None
    may_remind: bool


@dataclass(frozen=True, slots=True)
class Collected:
    """What a message or form became.

    Attributes:
        view: the answer as Discord should show it; the showing is booked.
        credited: the answer began to count just now, and brought its points.
        known: the message was stored before: nothing has changed, and no showing is booked.
        replaced: the form took the place of an earlier one.
        news: for the receipt of a form, where one was asked for.
    """

    view: AnswerView
    credited: bool
    known: bool = False
    replaced: bool = False
    news: FormNews | None = None

    @property
    def drill(self) -> Drill:
        """The drill that is answered."""
        return self.view.drill

    @property
    def text(self) -> str:
        """The whole answer as it stands."""
        return self.view.text

    @property
    def answer(self) -> Answer:
        """The answer as it is now."""
        return self.view.answer

    @property
    def parts(self) -> Sequence[AnswerPart]:
        """Its messages and form, in order."""
        return self.view.parts


@dataclass(frozen=True, slots=True)
class FormOnly:
    """A message answers an open blind drill where everyone reads it: only the form takes answers to it."""

    drill: Drill


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What the answer form starts from; `open` is false where the drill takes no answer of this member any more."""

    drill: Drill
    earlier: str
    status: AnswerStatus | None
    open: bool


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """A form that a member sent."""

    drill_id: int
    member_id: int
    name: str
    text: str
    at: datetime


class CardKey(NamedTuple):
    """What a card's buttons carry; `message_id` is the card itself."""

    message_id: int
    channel_id: int
    date: date
    question_id: str


class _Said(NamedTuple):
    """What all messages and forms of an answer say together, and since when."""

    texts: Sequence[str]
    has_file: bool
    at: datetime


def _said(parts: Iterable[AnswerPart], at: datetime, *, besides: str | None = None, file: bool = False) -> _Said:
    """What parts say, and beside them a text that is not stored yet."""
    kept = list(parts)
    texts = [part.text for part in kept] + ([] if besides is None else [besides])
    return _Said(texts, file or any(part.has_file or part.withheld for part in kept), at)


def _counted(answer: Answer | None) -> bool:
    return answer is not None and answer.counted_at is not None


def _name(stands: Standing, name: str, at: datetime, *, name_here: bool = True) -> str:
    """The name under which a member is known once they were seen under this one at an instant."""
    if stands.name is None or stands.seen_at is None:
        return name[:100]
    return name[:100] if name_here and at >= stands.seen_at else stands.name


def _store(
    conn: Connection, rules: AnswerRules, drill: Drill, before: Answer | None, member_id: int, said: _Said
) -> tuple[Answer, bool]:
    """Stores that an answer changes, and whether it begins to count with that; its showing is booked."""
    starts = (
        not _counted(before)
        and takes_answers(drill, said.at, counted=False)
        and rules.enough(said.texts, said.has_file)
    )
    status = AnswerStatus.SHORT if before is None else before.status
    counted_at = None if before is None else before.counted_at
    if starts:
        status, counted_at = status_at(drill, said.at), said.at
        if status is AnswerStatus.ON_TIME:
            drills.count_anew(conn, drill.id)
    if before is None:
        return answers.add(conn, drill, member_id, status=status, counted_at=counted_at), starts
    return answers.change(conn, before.id, status=status, counted_at=counted_at), starts


def _pay(conn: Connection, drill: Drill, answer: Answer, at: datetime, *, new: bool) -> bool:
    """Books the points of an answer that begins to count; returns False where its date was paid before.

    A second answer on one date, after the first one's drill has become void, counts but is not paid again.

    Args:
        new: it was made just now, so that nobody can have voted for it.
    """
    on_time = answer.status is AnswerStatus.ON_TIME
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
    if not new:
        book_votes(conn, answer)
    return booked


def _check_milestones(
    conn: Connection, answer: Answer, at: datetime, rows: Sequence[PastDrill] | None = None
) -> list[int]:
    """The milestones that an on-time answer has reached with its drill just now."""
    if answer.status is not AnswerStatus.ON_TIME:
        return []
    where = answer.drill_id, answer.guild_id, answer.track_id
    reached = milestones.check(conn, *where, answer.member_id, at, rows)
    return [milestone.days for milestone in reached if milestone.drill_id == answer.drill_id]


def _known(conn: Connection, drill: Drill, stands: Standing, message: IncomingMessage) -> Collected | None:
    """What a message is a part of already."""
    if stands.answer is None or answers.part_by_message(conn, message.message_id) is None:
        return None
    parts = answers.parts_of(conn, stands.answer.id)
    view = _view(conn, drill, stands.answer, parts, stands.name or "")
    return Collected(view, credited=False, known=True)


class _Taken(NamedTuple):
    """A message that is to be stored: its drill, how its author stands there, and how it came."""

    drill: Drill
    stands: Standing
    source: str


def _look(conn: Connection, message: IncomingMessage) -> OwnedMessage | _Taken | Collected | FormOnly | None:
    """What a message is: an interview's, one to be stored, known already, for the form only, or no answer."""
    owned = answers.whose_message(conn, message.channel_id, message.replies_to)
    if owned is None or owned.owner is MessageOwner.INTERVIEW:
        return owned
    drill = drills.get(conn, owned.id)
    if drill is None:
        return None
    if hides_answers(drill, message.sent_at):
        return FormOnly(drill) if drill.state in drills.POSTED else None
    stands = answers.standing(conn, drill.id, message.member_id)
    known = _known(conn, drill, stands, message)
    if known is not None:
        return known
    if not takes_answers(drill, message.sent_at, counted=_counted(stands.answer)):
        return None
    return _Taken(drill, stands, THREAD if owned.owner is MessageOwner.DRILL else REPLY)


def collect(
    conn: Connection, rules: AnswerRules, deletions: DeletionLog, message: IncomingMessage
) -> OwnedMessage | Collected | FormOnly | None:
    """Stores a message of a drill's thread or a reply to its card, once; says where it is an interview's instead.

    Returns None for messages that are no answer: other channels, discussion, drills long over, and what its author
    had deleted.
    """
    found = _look(conn, message)
    if not isinstance(found, _Taken):
        return found
    drill, stands, source = found
    if deletions.covers(drill.guild_id, message.member_id, message.sent_at):
        return None
    who = (drill.guild_id, message.member_id, message.name)
    members.record(conn, *who, message.sent_at, stand_in=not message.name_here)
    earlier = [] if stands.answer is None else answers.parts_of(conn, stands.answer.id)
    at, has_file = message.edited_at or message.sent_at, message.has_file or message.withheld
    said = _said(earlier, at, besides=message.text, file=has_file)
    answer, starts = _store(conn, rules, drill, stands.answer, message.member_id, said)
    part = answers.add_part(
        conn,
        answer,
        source=source,
        message_id=message.message_id,
        channel_id=message.channel_id,
        text=message.text,
        has_file=message.has_file,
        withheld=message.withheld,
        sent_at=message.sent_at,
    )
    credited = starts and _pay(conn, drill, answer, at, new=stands.answer is None)
    if starts:
        _check_milestones(conn, answer, at)
    name = _name(stands, message.name, message.sent_at, name_here=message.name_here)
    view = _view(conn, drill, answer, _in_order([*earlier, part]), name, new=stands.answer is None)
    return Collected(view, credited)


def follow_edit(
    conn: Connection, rules: AnswerRules, message_id: int, text: str, has_file: bool, at: datetime
) -> Collected | None:
    """Follows an edit; it may make an answer count from that moment on, never take credit away."""
    found = _by_message(conn, message_id)
    if found is None:
        return None
    part, view = found
    if part.gone or (part.text, part.has_file) == (text, has_file):
        return None
    answers.edit_part(conn, part.id, text=text, has_file=has_file)
    edited = replace(part, text=text, has_file=has_file, withheld=False)
    parts = [edited if known.id == part.id else known for known in view.parts]
    answer, starts = _store(conn, rules, view.drill, view.answer, view.answer.member_id, _said(parts, at))
    credited = starts and _pay(conn, view.drill, answer, at, new=False)
    if starts:
        _check_milestones(conn, answer, at)
    return Collected(replace(view, answer=answer, parts=parts), credited)


def erase(conn: Connection, message_id: int) -> AnswerView | None:
    """Erases the text of a deleted message, and returns its answer, whose showing is booked; the credit stays."""
    found = _by_message(conn, message_id)
    if found is None:
        return None
    part, view = found
    answers.erase_part(conn, part.id)
    answer = answers.change(conn, part.answer_id, status=view.answer.status, counted_at=view.answer.counted_at)
    erased = replace(part, text="", has_file=False, withheld=False, gone=True)
    return replace(view, answer=answer, parts=[erased if known.id == part.id else known for known in view.parts])


def _in_order(parts: Iterable[AnswerPart]) -> list[AnswerPart]:
    return sorted(parts, key=lambda part: (part.sent_at, part.id))


def _by_message(conn: Connection, message_id: int) -> tuple[AnswerPart, AnswerView] | None:
    """The part that a message is, and its answer."""
    part = answers.part_by_message(conn, message_id)
    view = None if part is None else _stored_view(conn, part.answer_id)
    return None if part is None or view is None else (part, view)


def owner(drill: Drill, answer: Answer) -> Owner:
    """The answer as the owner of the messages that show something of it."""
    return Owner(OwnerKind.ANSWER, answer.id, answer.guild_id, f"{drill.message_id}:{answer.member_id}")


def _view(
    conn: Connection, drill: Drill, answer: Answer, parts: Sequence[AnswerPart], name: str, *, new: bool = False
) -> AnswerView:
    """An answer as Discord should show it; of a new one nothing is shown yet."""
    return AnswerView(drill, answer, parts, name, {} if new else sent_messages.of_owner(conn, owner(drill, answer)))


def _stored_view(conn: Connection, answer_id: int) -> AnswerView | None:
    answer = answers.get(conn, answer_id)
    drill = None if answer is None else drills.get(conn, answer.drill_id)
    if answer is None or drill is None:
        return None
    name = members.names(conn, answer.guild_id, [answer.member_id]).get(answer.member_id, "")
    return _view(conn, drill, answer, answers.parts_of(conn, answer_id), name)


def book_showing(conn: Connection, answer_id: int, *, revealing: bool = False) -> AnswerView | None:
    """Records before anything is sent that it may have happened, and gives what is to be shown.

    None where Discord shows it already, and where the answer's drill does not stand in its channel.

    Args:
        revealing: it is shown also where Discord shows its newest version, in the thread from now on.
    """
    view = _stored_view(conn, answer_id)
    if view is None or view.drill.state not in drills.POSTED or not (view.pending or revealing):
        return None
    return replace(view, answer=answers.book_showing(conn, answer_id))


def mark_shown(conn: Connection, view: AnswerView, marks: Mapping[int, str], *, readable: bool) -> None:
    """Records that Discord shows this version of an answer.

    Args:
        marks: the reactions that the bot has put on messages, by the ids of their parts.
        readable: it stands where everyone reads it.
    """
    answers.mark_shown(conn, view.answer.id, view.answer.version, marks, readable=readable)


def open_form(conn: Connection, drill: Drill, member_id: int, now: datetime) -> AnswerForm:
    """What the form of a drill starts from.

    Raises:
        Refusal: the drill is not posted yet.
    """
    if drill.state is DrillState.CLAIMED:
        raise Refusal("answers.being_posted")
    answer = answers.of_member(conn, drill.id, member_id)
    parts = [] if answer is None else answers.parts_of(conn, answer.id)
    earlier = next((part.text for part in parts if part.source == FORM), "")
    takes = takes_answers(drill, now, counted=_counted(answer))
    return AnswerForm(drill, earlier, answer.status if answer else None, takes)


def open_card(conn: Connection, card: CardKey, member_id: int, now: datetime) -> AnswerForm | None:
    """What the form of a card's Answer button starts from; None for a card that nobody knows any more.

    Two drills of a channel may share the key that buttons carry, since a track can move away and another begin
    there; the message is the drill's own. A card whose message is not recorded yet is found by its key.
    """
    drill = drills.by_message(conn, card.message_id)
    drill = drill or drills.by_key(conn, card.channel_id, card.date, card.question_id)
    return None if drill is None else open_form(conn, drill, member_id, now)


def open_newest(conn: Connection, track_id: int, member_id: int, now: datetime) -> AnswerForm | None:
    """What the form of a track's newest drill starts from; None before the first one."""
    drill = drills.newest(conn, track_id)
    return None if drill is None else open_form(conn, drill, member_id, now)


def open_known(conn: Connection, drill_id: int, member_id: int, now: datetime) -> AnswerForm | None:
    """What the form of this drill starts from; None for one that nobody knows."""
    drill = drills.get(conn, drill_id)
    return None if drill is None else open_form(conn, drill, member_id, now)


class Turnouts:
    """How many have answered drills of late, as receipts say it."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[datetime, Turnout]] = {}

    def of(self, conn: Connection, drill: Drill, at: datetime) -> Turnout | None:
        """How many have answered a drill at an instant; None once it is closed."""
        counted_at, turnout = self._counted.get(drill.id, (at, None))
        if drill.closed_at is None and turnout is not None and abs(at - counted_at) < FRESH:
            return turnout
        turnout = turnout_of(conn, drill)
        self._counted.pop(drill.id, None)
        if turnout is not None and turnout.answered >= MANY:
            self._counted[drill.id] = at, turnout
            if len(self._counted) > TURNOUTS_KEPT:
                del self._counted[next(iter(self._counted))]
        return turnout


def submit(
    conn: Connection, rules: AnswerRules, turnouts: Turnouts, form: SubmittedForm, *, telling: bool
) -> Collected | None:
    """Stores a form, in place of an earlier one; None when the drill is over for this member.

    Args:
        telling: the member reads a receipt of it, and in it what has to be told once.

    Raises:
        Refusal: there is nothing but spaces in it.
    """
    if not form.text.strip():
        raise Refusal("answers.empty")
    drill = drills.get(conn, form.drill_id)
    stands = Standing(None, None, None) if drill is None else answers.standing(conn, drill.id, form.member_id)
    if drill is None or not takes_answers(drill, form.at, counted=_counted(stands.answer)):
        return None
    members.record(conn, drill.guild_id, form.member_id, form.name, form.at)
    earlier = [] if stands.answer is None else answers.parts_of(conn, stands.answer.id)
    before = next((part for part in earlier if part.source == FORM), None)
    rest = [part for part in earlier if part is not before]
    said = _said(rest, form.at, besides=form.text)
    answer, starts = _store(conn, rules, drill, stands.answer, form.member_id, said)
    if before is None:
        part = answers.add_part(conn, answer, source=FORM, text=form.text, sent_at=form.at)
    else:
        answers.replace_form(conn, before.id, text=form.text, at=form.at)
        part = replace(before, text=form.text, sent_at=form.at, gone=False)
    credited = starts and _pay(conn, drill, answer, form.at, new=stands.answer is None)
    name = _name(stands, form.name, form.at)
    view = _view(conn, drill, answer, _in_order([*rest, part]), name, new=stands.answer is None)
    news = None
    if telling:
        news = _news(conn, turnouts, drill, answer, form.at, starts=starts, credited=credited, first=before is None)
    elif starts:
        _check_milestones(conn, answer, form.at)
    return Collected(view, credited, replaced=before is not None, news=news)


def sent_by_form(conn: Connection, drill_id: int, member_id: int) -> tuple[Answer, AnswerPart]:
    """A member's answer with the part that they sent by form and may take back.

    Raises:
        Refusal: there is nothing of that kind.
    """
    answer = answers.of_member(conn, drill_id, member_id)
    found = [] if answer is None else answers.parts_of(conn, answer.id)
    part = next((part for part in found if part.source == FORM and not part.gone), None)
    if answer is None or part is None:
        raise Refusal("answers.nothing_to_take_back")
    return answer, part


def take_back(conn: Connection, drill_id: int, member_id: int) -> AnswerView:
    """Erases what a member sent by form, and returns the answer, whose showing is booked; the credit stays.

    Raises:
        Refusal: like `sent_by_form`.
    """
    answer, part = sent_by_form(conn, drill_id, member_id)
    answers.erase_part(conn, part.id)
    answers.change(conn, answer.id, status=answer.status, counted_at=answer.counted_at)
    view = _stored_view(conn, answer.id)
    assert view is not None
    return view


def _news(
    conn: Connection,
    turnouts: Turnouts,
    drill: Drill,
    answer: Answer,
    at: datetime,
    *,
    starts: bool,
    credited: bool,
    first: bool,
) -> FormNews:
    """What a receipt says beside how the answer counts, from one reading of the member's history.

    Args:
        first: the member has sent no form to this drill before.
    """
    rows = answers.history(conn, answer.track_id, answer.member_id)
    streak = fold(outcomes_of(rows))
    reached = _check_milestones(conn, answer, at, rows) if starts else []
    once = news_of(conn, answer.guild_id, answer.track_id, answer.member_id, rows, streak, telling=True)
    return FormNews(
        streak.current,
        reached if credited else [],
        once,
        tracks.gives_hints(conn, answer.track_id),
        turnouts.of(conn, drill, at),
        first and not reminders.offered(conn, answer.guild_id, answer.member_id, answer.id),
    )


def turnout_of(conn: Connection, drill: Drill) -> Turnout | None:
    """How many have answered a drill; None once it is closed."""
    return participation.turnout(conn, drill) if drill.closed_at is None else None


def save_cursors(
    conn: Connection, guild_ids: Collection[int], now: datetime, to: int, unread: Collection[int]
) -> None:
    """Stores that the bot is at work, and that messages up to a snowflake were read, but for the unread places."""
    drills.advance_cursors(conn, guild_ids, to, now - LIFETIME, unread)
    mark_alive(conn, now)


class AnswerService(Service):
    """Collects answers and books their points.

    Args:
        deletions: what members had deleted is not collected again, though it stands in Discord's history.
        min_words: an answer counts from this many words on.
        min_chars: or from this many characters on.
    """

    whose = reads(answers.whose_messages)
    erase = writes(erase)
    take_back = writes(take_back)
    open_card = reads(open_card)
    open_newest = reads(open_newest)
    open_known = reads(open_known)
    known_messages = reads(answers.known_messages)
    sent_by_form = reads(sent_by_form)
    still_collecting = reads(drills.still_collecting)
    save_cursors = writes(save_cursors)
    forget = writes(answers.erase_older)
    pending_in = reads(answers.pending)
    book_showing = writes(book_showing)
    mark_shown = writes(mark_shown)
    wake_in = writes(answers.wake_servers)

    def __init__(self, database: Database, deletions: DeletionLog, *, min_words: int, min_chars: int) -> None:
        super().__init__(database)
        self._deletions = deletions
        self._turnouts = Turnouts()
        self.rules = AnswerRules(min_words, min_chars)
        self.hear: Callable[[str, str], None] = lambda way, kind: None
        """Is told of each message and form that was stored: how it came, and how its answer counts."""

    async def collect(
        self, message: IncomingMessage, actor: Actor | None = None
    ) -> OwnedMessage | Collected | FormOnly | None:
        """Stores a message that belongs to a drill, once, and follows the name and the roles of its author.

        What is hardly an answer is looked at first: ordinary talk begins no transaction that writes.

        Args:
            actor: its author; None where Discord did not say their roles.

        Returns:
            Whose it is where it is an interview's; None for what is no answer: see `collect`.
        """
        if not message.to_us:
            owned, news = await self.read(answer_arrivals.look, actor, message.channel_id, message.replies_to)
            interview = owned is not None and owned.owner is MessageOwner.INTERVIEW
            if (owned is None or interview) and (actor is None or news is None or not is_new(actor, news)):
                return owned
        observe(actor)
        stored = await self.write(collect, self.rules, self._deletions, message)
        if isinstance(stored, Collected) and not stored.known:
            source = next(part.source for part in stored.parts if part.message_id == message.message_id)
            self.hear(source, stored.answer.status)
        return stored

    async def follow_edit(self, message_id: int, text: str, has_file: bool, at: datetime) -> Collected | None:
        """Follows the edit of a message; see `follow_edit`."""
        return await self.write(follow_edit, self.rules, message_id, text, has_file, at)

    async def submit(self, form: SubmittedForm, *, telling: bool = False) -> Collected | None:
        """Stores a form, in place of an earlier one; see `submit`."""
        stored = await self.write(submit, self.rules, self._turnouts, form, telling=telling)
        if stored is not None:
            self.hear(FORM, stored.answer.status)
        return stored

    async def rest(self, answer: Answer, now: datetime) -> None:
        """Lets an answer rest whose showing Discord refuses, longer each time."""
        await self.write(answers.rest, answer.id, now + pause(answer.attempts, LONGEST_REST))

    async def of_drill(self, drill_id: int) -> list[int]:
        """The ids of a drill's answers that count, in the order in which they came."""
        return await self._db.read(lambda conn: [answer.id for answer in answers.of_drill(conn, drill_id)])
