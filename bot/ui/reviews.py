"""Reviewing as a member sees it: the wording first, then the model answer, then four ratings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.bank import Question
from bot.domain.hints import Hint
from bot.domain.reviews import Rating
from bot.domain.schedule import day_begins
from bot.services.reviews import CardAnswer, ReviewQueue
from bot.ui.bank import answer_picture, full_answer, short_answer
from bot.ui.hints import NO_GRADE, hint_line, spotted_points
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.forms import ANSWER_HINT, ANSWER_LIMIT, Form
from bot.ui.kit.layouts import TEXT_LIMIT, Button, Page, pages
from bot.ui.kit.words import Sentence, dated, day_and_month, level, quoted
from bot.ui.mistakes import report_button

RATINGS = {Rating.AGAIN: N_("Again"), Rating.HARD: N_("Hard"), Rating.GOOD: N_("Good"), Rating.EASY: N_("Easy")}
TYPED_LIMIT, TYPED_ROOM = 400, 1200
"""How much of what was typed is repeated, and what the first page leaves free for that and the marks."""
NO_CARDS = N_(
    "### No cards yet\nA question becomes a card when you miss it: in a quiz, as a daily "
    "question, or with a key point you didn't tick. A card comes back just before you'd "
    "forget it."
)

REFUSALS: Mapping[str, Sentence] = {
    "reviews.not_last": N_("Only your last rating can be undone. Use `/quiz review` to go on."),
}


def review_button(due: int) -> list[Button]:
    """The way to the cards that wait today; none when there are none."""
    return (
        [Button(ngettext("Review {number} card", "Review {number} cards", due), "mb:review:start")] if due else []
    )


def review_page(queue: ReviewQueue) -> Page:
    """The next card's wording; or why there is none now, and what to do instead."""
    undo = []
    if queue.last_review is not None:
        undo = [Button(_("Undo the last rating"), f"mb:review:undo:{queue.last_review}")]
    if queue.asked is not None:
        question = queue.asked.question
        left = ngettext("-# Review · {number} card left today", "-# Review · {number} cards left today", queue.left)
        return Page(
            f"{left}\n{_heading(question)}",
            _("-# Say your answer out loud before you look. Or type it, and I'll tell you what I spot in it."),
            buttons=[
                Button(_("Show the answer"), _card_id("show", queue.asked, 0), main=True),
                *([Button(_("Type it first"), _card_id("type", queue.asked))] if question.key_points else []),
                *undo,
            ],
        )
    buttons = [Button(_("Start a quiz"), "mb:quiz:again:0:5:any", main=True), *undo]
    if not queue.cards:
        return Page(_(NO_CARDS), buttons=buttons)
    title = _("### Done for today") if queue.done else _("### Nothing is due")
    if queue.soon:
        title = _("### All caught up")
        buttons.append(Button(_("Keep reviewing"), "mb:review:start"))
    return Page(f"{title}\n{_rest(queue)}", buttons=buttons)


def _rest(queue: ReviewQueue) -> str:
    lines: list[str] = []
    if queue.done:
        lines.append(
            ngettext("You've reviewed {number} card today.", "You've reviewed {number} cards today.", queue.done)
        )
    if queue.next_at is not None and (not queue.later or queue.soon):
        lines.append(
            ngettext(
                "Your card comes back <t:{when}:R>.",
                "The next of your {number} cards comes <t:{when}:R>.",
                queue.cards,
                when=int(queue.next_at.timestamp()),
            )
        )
    if queue.later:
        lines.append(
            ngettext(
                "{number} more card is waiting for tomorrow, to keep each day short.",
                "{number} more cards are waiting for tomorrow, to keep each day short.",
                queue.later,
            )
        )
    return "\n".join(lines)


def _heading(question: Question) -> str:
    number = _("-# Question {number} · {topic}", number=question.number, topic=quoted(question.topic))
    return f"{number} · {level(question.difficulty)}\n## {question.wording}"


def _card_id(verb: str, asked: CardAnswer, *last: int) -> str:
    return ":".join(map(str, ("mb:review", verb, asked.card.question_id, asked.card.times, *last)))


def type_form(question: Question, words: str) -> Form:
    """The form in which a member types what they would say; `words` name the card."""
    form = Form(_("Question {number}", number=question.number), f"mb:review:typed:{words}")
    form.tell(question.wording)
    form.ask("text", _("What would you say?"), hint=_(ANSWER_HINT), long=True, limit=ANSWER_LIMIT)
    form.note(_("Nobody else sees it, and I don't keep it."))
    return form


def _turned(question: Question) -> list[list[str]]:
    """The answer's pages: what fits one look first, with room for what was typed; then the full answer."""
    full = full_answer(question)
    more = pages([_heading(question), *full]) if full else []
    return [*pages([_heading(question), *short_answer(question)], TEXT_LIMIT - TYPED_ROOM), *more]


def typed_page(asked: CardAnswer, text: str, hint: Hint, *, drawn: bool = False) -> Page:
    """The first page of a card's answer for who has typed theirs: what they wrote, and what of it was spotted."""
    question = asked.question
    plain, marked = short_answer(question)[-1], spotted_points(question, hint)
    wrote = _("**You wrote**\n{text}", text=quoted(text, TYPED_LIMIT))
    first = [block.replace(plain, marked) for block in _turned(question)[0]]
    blocks = [first[0], f"{wrote}\n{hint_line(hint)}", *first[1:]]
    return _answer(asked, 0, blocks, _(NO_GRADE), drawn=drawn)


def answer_page(asked: CardAnswer, at: int, *, drawn: bool = False) -> Page:
    """One page of a card's answer, and its picture where that is `drawn`."""
    turned = _turned(asked.question)
    at = min(max(at, 0), len(turned) - 1)
    return _answer(asked, at, turned[at], drawn=drawn)


def _answer(asked: CardAnswer, at: int, blocks: Sequence[str], *notes: str, drawn: bool) -> Page:
    """What stands on a page of a card's answer, above the four ratings."""
    buttons = [
        Button(
            f"{_(RATINGS[rating])} · {_comes(when, asked.now, asked.zone)}",
            _card_id("rate", asked, rating),
            main=rating is Rating.GOOD,
        )
        for rating, when in asked.again.items()
    ]
    more = [report_button(asked.question.id)]
    if at + 1 < len(_turned(asked.question)):
        more.insert(0, Button(_("Keep reading"), _card_id("show", asked, at + 1)))
    elif at:
        more.insert(0, Button(_("Read from the start"), _card_id("show", asked, 0)))
    return Page(
        *blocks,
        "\n".join([*notes, _("-# How well did you know it? The date says when it comes back.")]),
        buttons=buttons,
        more=more,
        picture=answer_picture(asked.question, drawn=drawn),
    )


def _comes(when: datetime, now: datetime, zone: str) -> str:
    """When a card comes again, as a button can say it: `in 10 min`, `Nov 25`, `Jan 3, 2027`."""
    there, here = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if when != day_begins(there.date(), zone):
        minutes = round((when - now).total_seconds() / 60)
        return ngettext("in {number} min", "in {number} min", minutes)
    return day_and_month(there) if there.year == here.year else dated(there)
