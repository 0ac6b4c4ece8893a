"""Reviewing as a member sees it: the wording first, then the model answer, then four ratings."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.bank import Question
from bot.domain.reviews import Rating
from bot.domain.schedule import day_begins
from bot.services.reviews import CardAnswer, ReviewQueue
from bot.ui.bank import full_answer, short_answer
from bot.ui.kit.layouts import Button, Page, counted, pages
from bot.ui.kit.words import Sentence, day_and_month
from bot.ui.mistakes import report_button

RATINGS = {Rating.AGAIN: "Again", Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}
NO_CARDS = (
    "### No cards yet\n"
    "A question becomes a card when you miss it: in a quiz, as a question of the day, or with a key point that you "
    "did not tick. Cards come again when you are about to forget them."
)

REFUSALS: Mapping[str, Sentence] = {
    "reviews.not_last": "Only your last rating can be taken back. `/quiz review` goes on.",
}


def review_button(due: int) -> list[Button]:
    """The way to the cards that wait today; none when there are none."""
    return [Button(f"Review {counted(due, 'card')}", "mb:review:start")] if due else []


def review_page(queue: ReviewQueue) -> Page:
    """The next card's wording; or why there is none now, and what to do instead."""
    undo = []
    if queue.last_review is not None:
        undo = [Button("Undo the last rating", f"mb:review:undo:{queue.last_review}")]
    if queue.asked is not None:
        question = queue.asked.question
        return Page(
            f"-# Review · {counted(queue.left, 'card')} left today\n{_heading(question)}",
            "-# Say your answer aloud before you look.",
            buttons=[Button("Show the answer", _card_id("show", queue.asked, 0), main=True), *undo],
        )
    buttons = [Button("Start a quiz", "mb:quiz:again:0:5:any", main=True), *undo]
    if not queue.cards:
        return Page(NO_CARDS, buttons=buttons)
    title = "Done for today" if queue.done else "Nothing is due"
    if queue.soon:
        title = "Nothing is due just now"
        buttons.append(Button("Go on reviewing", "mb:review:start"))
    return Page(f"### {title}\n{_rest(queue)}", buttons=buttons)


def _rest(queue: ReviewQueue) -> str:
    lines: list[str] = []
    if queue.done:
        lines.append(f"You have reviewed {counted(queue.done, 'card')} today.")
    if queue.next_at is not None and (not queue.later or queue.soon):
        which = "Your card comes again" if queue.cards == 1 else f"The next of your {queue.cards} cards comes"
        lines.append(f"{which} <t:{int(queue.next_at.timestamp())}:R>.")
    if queue.later:
        waits = "card waits" if queue.later == 1 else "cards wait"
        lines.append(f"{queue.later:,} more {waits}: a day stays short. Tomorrow it goes on.")
    return "\n".join(lines)


def _heading(question: Question) -> str:
    return f"-# Question {question.number} · {question.topic} · {question.difficulty}\n## {question.wording}"


def _card_id(verb: str, asked: CardAnswer, last: int) -> str:
    return f"mb:review:{verb}:{asked.card.question_id}:{asked.card.times}:{last}"


def _turned(question: Question) -> list[list[str]]:
    """The answer's pages: what fits one look first, then the full answer."""
    full = full_answer(question)
    more = pages([_heading(question), *full]) if full else []
    return [*pages([_heading(question), *short_answer(question)]), *more]


def answer_page(asked: CardAnswer, at: int) -> Page:
    """One page of a card's answer, with the four ratings under each."""
    turned = _turned(asked.question)
    at = min(max(at, 0), len(turned) - 1)
    buttons = [
        Button(
            f"{RATINGS[rating]} · {_comes(when, asked.now, asked.zone)}",
            _card_id("rate", asked, rating),
            main=rating is Rating.GOOD,
        )
        for rating, when in asked.again.items()
    ]
    more = [report_button(asked.question.id)]
    if at + 1 < len(turned):
        more.insert(0, Button("Read on", _card_id("show", asked, at + 1)))
    elif at:
        more.insert(0, Button("Read from the start", _card_id("show", asked, 0)))
    return Page(
        *turned[at],
        "-# How well did you know it? The date says when it comes again.",
        buttons=buttons,
        more=more,
    )


def _comes(when: datetime, now: datetime, zone: str) -> str:
    """When a card comes again, as a button can say it: `in 10 min`, `25 Nov`, `3 Jan 2027`."""
    there, here = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if when != day_begins(there.date(), zone):
        return f"in {round((when - now).total_seconds() / 60)} min"
    return day_and_month(there) if there.year == here.year else f"{day_and_month(there)} {there.year}"
