"""The drill's card, its thread and its reveal."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from bot.domain.answers import AnswerRules
from bot.domain.bank import Question
from bot.domain.drills import Drill, DrillState, Mode
from bot.domain.text import visible
from bot.services.votes import BestAnswer
from bot.ui.answers import missing
from bot.ui.bank import answer_picture, full_button, question_head, short_answer
from bot.ui.key_points import tick_button
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.layouts import (
    CLOSED_ACCENT,
    OPEN_ACCENT,
    TEXT_LIMIT,
    Button,
    Page,
    custom_ids,
    paged,
    pages,
)
from bot.ui.kit.words import Sentence, quoted, shown
from bot.ui.mistakes import report_button
from bot.ui.votes import last_best_line, pick_your_best, vote_button

REFUSALS: Mapping[str, Sentence] = {"drills.closed": N_("This question is already closed.")}
MARKER = "mb:drill:answer:"
THREAD_NAME_LIMIT = 100


def answer_key(drill: Drill) -> str:
    """The custom_id of the card's Answer button: by it the bot finds its own message again."""
    return f"{MARKER}{drill.channel_id}:{drill.date}:{drill.question_id}"


class CardWords(NamedTuple):
    """What the Answer button of a card carries."""

    channel_id: int
    date: date
    question_id: str


def card_words(components: Iterable[object]) -> CardWords | None:
    """What the card of a question says by its Answer button; None for other messages."""
    key = next((found for found in custom_ids(components) if found.startswith(MARKER)), None)
    if key is None:
        return None
    channel_id, day, question_id = key.removeprefix(MARKER).split(":", 2)
    return CardWords(int(channel_id), date.fromisoformat(day), question_id)


def _how(drill: Drill, in_forum: bool) -> str:
    if in_forum:
        return _("Write below, or press **Answer**.")
    if drill.mode is Mode.BLIND:
        return _("Press **Answer**: nobody sees an answer before the reveal.")
    if drill.thread_note is not None:
        return _("Reply to this message, or press **Answer**.")
    return _("Write in the thread, reply to this message, or press **Answer**.")


def _answered(count: int, *, closed: bool = False) -> str:
    if closed:
        if not count:
            return _("Nobody answered in time")
        return ngettext("{number} person answered", "{number} people answered", count)
    if not count:
        return _("Nobody has answered yet")
    return ngettext("{number} person has answered", "{number} people have answered", count)


def drill_card(
    drill: Drill,
    question: Question,
    answered: int,
    closing: datetime | None = None,
    ping_role_id: int | None = None,
    *,
    in_forum: bool = False,
    preview: bool = False,
    best: BestAnswer | None = None,
) -> Page:
    """What the channel sees of a drill. A preview's buttons rest, since it is no message of the channel yet.

    Args:
        best: the best answer to the drill before, which an open one names.
    """
    ping = f"<@&{ping_role_id}> " if ping_role_id else ""
    head = question_head(question)
    if drill.late:
        first, rest = head.split("\n", 1)
        late = _("posted late")
        head = f"{first} · {late}\n{rest}"
    words = drill_words(drill)
    if drill.state is DrillState.CLOSED:
        foot = _(
            "**Closed** · {answered}\nThe model answer is out. Late answers count for 7 days.",
            answered=_answered(answered, closed=True),
        )
        buttons = [
            Button(pgettext("button", "Answer"), answer_key(drill)),
            Button(_("Model answer"), f"mb:drill:model:{words}", main=True),
            Button(_("My answer"), f"mb:hint:mine:{words}"),
            Button(_("My streak"), f"mb:streak:mine:{drill.track_id}"),
            *([vote_button(drill.id)] if drill.mode is Mode.BLIND else []),
        ]
        accent = CLOSED_ACCENT
    else:
        state = [_("Closes <t:{when}:R>", when=int(closing.timestamp()))] if closing else []
        foot = f"{_how(drill, in_forum)}\n-# {' · '.join([*state, _answered(answered)])}"
        foot += f"\n{last_best_line(best)}" if best is not None else ""
        buttons = [Button(pgettext("button", "Answer"), answer_key(drill), main=True, disabled=preview)]
        if question.key_points:
            buttons.append(Button(_("Hint"), f"mb:drill:hint:{words}", disabled=preview))
        buttons.append(Button(_("My answer"), f"mb:hint:mine:{words}", disabled=preview))
        buttons.append(Button(_("My streak"), f"mb:streak:mine:{drill.track_id}", disabled=preview))
        accent = OPEN_ACCENT
    return Page(f"{ping}{head}", foot, buttons=buttons, accent=accent)


def posted_now(drill: Drill) -> str:
    """A drill was posted by hand."""
    return _("Posted: {link}", link=drill.link)


def posted_already(drill: Drill) -> str:
    """Today's drill stands there."""
    return _("Today's question is already posted: {link}", link=drill.link)


def ask_to_reveal(drill: Drill, answered: int) -> tuple[str, Button]:
    """Asks before a drill is closed by hand; `answered` is how many people have."""
    text = _(
        "Close it now? {answered}. Later answers count as late, and the model answer comes out.",
        answered=_answered(answered),
    )
    return text, Button(_("Close and reveal"), f"mb:daily:reveal:{drill.track_id}:{drill.id}", danger=True)


def closed_now(drill: Drill, *, out: bool) -> str:
    """A drill was closed by hand; `out` is whether its model answer stands there."""
    if out:
        return _("Closed. The model answer is out: {link}", link=drill.link)
    return _("Closed. The model answer comes as soon as I can post it: {link}", link=drill.link)


def drill_words(drill: Drill) -> str:
    """A drill's key as it stands in custom_ids."""
    return f"{drill.channel_id}:{drill.date}:{drill.question_id}"


def thread_name(drill: Drill, question: Question) -> str:
    """`#48 · 2026-11-23 · first words`, cut between words at Discord's 100 characters."""
    name = f"#{question.number} · {drill.date} · {visible(question.wording)}"
    return name if len(name) <= THREAD_NAME_LIMIT else name[: THREAD_NAME_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def reveal_pages(question: Question, drill: Drill, votes: str | None = None, *, drawn: bool = False) -> list[Page]:
    """What the thread gets when a drill has closed.

    Args:
        votes: names the best answer, or asks for votes.
        drawn: whether the question's picture is attached.
    """
    closed = _("-# Question {number} has closed", number=question.number)
    head = f"{closed}\n### {question.wording}"
    ticking = [tick_button(drill_words(drill))] if question.key_points else []
    answer = [pick_your_best()] if question.spoken is None else short_answer(question)
    blocks = [head, *answer, *([votes] if votes else [])]
    voting = [vote_button(drill.id)] if drill.mode is Mode.BLIND else []
    buttons = [*ticking, *voting, *full_button(question), report_button(question.id)]
    return paged(blocks, buttons, picture=answer_picture(question, drawn=drawn))


def carried_pages(name: str, text: str, link: str | None, *, has_file: bool) -> list[Page]:
    """An answer that the bot brings into the thread in its author's name."""
    head = f"**{shown(name)}**"
    if link:
        original = _("[original]({link})", link=link)
        head = f"{head} · {original}"
    pieces = pages([text], TEXT_LIMIT - len(head)) or [[_("(only a file)") if has_file else _("(no text)")]]
    return [Page(head, *texts) for texts in pieces]


def hint_page(question: Question) -> Page:
    """What the card's Hint button tells before an answer: how many key points there are, and the first."""
    return Page(
        ngettext(
            "To get you started: a full answer has **{number} key point**. The first: {point}.",
            "To get you started: a full answer has **{number} key points**. The first: {point}.",
            len(question.key_points),
            point=question.key_points[0].text,
        )
    )


def model_page(question: Question, *, drawn: bool = False) -> list[Page]:
    """The model answer for one reader, behind the closed card's button, and its picture where that is `drawn`."""
    number = _("-# Question {number} · {topic}", number=question.number, topic=quoted(question.topic))
    head = f"{number}\n### {question.wording}"
    picture = answer_picture(question, drawn=drawn)
    return paged([head, *short_answer(question)], full_button(question), CLOSED_ACCENT, picture)


def intro_page(drill: Drill) -> Page:
    """The thread's first message where Discord withholds the text of messages from the bot."""
    return Page(
        _(
            "I can see that you're writing here, but not what you say. Every message counts as "
            "an answer; to keep your text for later, press **Answer**."
        ),
        buttons=[Button(pgettext("button", "Answer"), answer_key(drill), main=True)],
    )


def short_notice(name: str, text: str, rules: AnswerRules, *, editable: bool = True) -> Page:
    """What the author of a too short answer reads.

    Args:
        editable: there are words to edit, which a forwarded message or a sticker lacks.
    """
    said = _("**{name}**, {missing}.", name=shown(name), missing=missing(text, rules))
    way = _("Say it in a message of your own.")
    if editable:
        way = _("Edit it, or just add another message: I read them together.")
    return Page(f"{said} {way}")


def blind_notice(name: str, drill: Drill) -> Page:
    """What somebody reads who answers a blind drill in the channel."""
    return Page(
        _(
            "**{name}**, answers to this question stay hidden until the reveal, so please use the form. Your "
            "message here doesn't count; feel free to delete it.",
            name=shown(name),
        ),
        buttons=[Button(pgettext("button", "Answer"), answer_key(drill), main=True)],
    )
