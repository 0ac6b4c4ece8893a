"""An interview's scorecard, its form of key points, and all that its thread holds, in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.bank import Bank, Question
from bot.domain.errors import Refusal
from bot.domain.hints import Hint
from bot.domain.interviews import (
    SCORED,
    Interview,
    InterviewQuestion,
    InterviewScore,
    InterviewState,
    QuestionEnd,
    question_key,
)
from bot.services.interviews import InterviewTicks, InterviewView
from bot.ui.bank import full_button, key_points, point_text
from bot.ui.hints import NO_GRADE, hint_line, spotted_points
from bot.ui.interviews import answer_id, clock_time, closed_page, intro_page, question_page, truncate, wording
from bot.ui.key_points import points_form
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, counted, custom_ids, pages, progress
from bot.ui.kit.words import full_date
from bot.ui.mistakes import report_button
from bot.ui.spoilers import kept_back_text

CARD_LIMIT, FOLLOW_UP_LIMIT = 1200, 500
"""How much of a member's text the scorecard repeats."""
NOTHING_WRITTEN = "You wrote nothing to this one."
NO_TEXT = "You answered, but your text isn't kept here."


def _said(asked: InterviewQuestion, limit: int) -> str:
    if not asked.answered:
        return NOTHING_WRITTEN
    return f"**You said**\n{truncate(asked.text, limit) if asked.text else NO_TEXT}"


def _key_points(question: Question, ticked: Sequence[int] | None, hint: Hint | None) -> str:
    texts = [point_text(point) for point in question.key_points]
    if ticked is None and hint is not None:
        return f"{spotted_points(question, hint)}\n{hint_line(hint)}\n{NO_GRADE}"
    if ticked is None:
        return key_points([f"- {text}" for text in texts], question)
    lines = [f"{'✅' if at in ticked else '▫️'} {text}" for at, text in enumerate(texts)]
    had = sum(at in ticked for at in range(len(texts)))
    return key_points(lines, question, had)


def card_pages(view: InterviewView, asked: InterviewQuestion, question: Question | None) -> list[Page]:
    """One question of the scorecard: what was said, the model answer, the key points, the follow-up."""
    interview = view.interview
    time = f"{clock_time(asked.used)} of {clock_time(timedelta(minutes=interview.minutes))}"
    late = " · time was up" if asked.ended is QuestionEnd.TIME else ""
    blocks = [f"-# Question {asked.number} of {interview.count} · {time}{late}\n### {wording(asked, question)}"]
    blocks.append(_said(asked, CARD_LIMIT))
    buttons: list[Button] = []
    if question is not None and question.id in view.kept_back:
        blocks.append(kept_back_text())
        buttons.append(Button("Show the answer", f"mb:question:show:{question.id}"))
    elif question is not None:
        blocks += [f"**Model answer**\n{question.spoken}"] if question.spoken else []
        if question.key_points:
            at = asked.position
            blocks.append(_key_points(question, view.ticks.get(at), view.hints.get(at)))
            tick = f"mb:interview:tick:{interview.id}:{asked.position}"
            buttons.append(Button("Tick the key points you had", tick, main=True))
        if question.spoken is None:
            blocks.append("There's no model answer for this one yet.")
        buttons += full_button(question)
        buttons.append(report_button(question.id))
    follow_up = next((found for found in interview.asked if found.position == asked.position + 1), None)
    if follow_up is not None and follow_up.asked_at is not None:
        blocks += _follow_up(follow_up, question, shown=asked.question_id not in view.kept_back)
    *first, last = pages(blocks)
    return [*(Page(*texts) for texts in first), Page(*last, buttons=buttons)]


def _follow_up(asked: InterviewQuestion, question: Question | None, *, shown: bool) -> list[str]:
    blocks = [
        f"**Follow-up**{' by a model' if asked.wording is not None else ''} · {clock_time(asked.used)}\n"
        f"{wording(asked, question)}",
        _said(asked, FOLLOW_UP_LIMIT),
    ]
    if (
        question is not None
        and shown
        and asked.wording is None
        and asked.follow_up is not None
        and asked.follow_up < len(question.follow_ups)
    ):
        blocks.append(f"**A good answer**\n{question.follow_ups[asked.follow_up].answer}")
    return blocks


def again_id(interview: Interview, bank: Bank) -> str:
    """The custom_id that starts an interview of the same kind."""
    return f"mb:interview:again:{bank.topic_number(interview.topic)}:{interview.count}:{interview.minutes}"


def compared(now: InterviewScore, last: InterviewScore | None) -> str:
    """How it went beside the last one."""
    if last is None:
        return "This was your first interview here. Next time you'll see how far you've come."
    then = "key points not ticked" if last.ticked is None else f"{last.ticked} of {last.of} key points"
    this = "not ticked yet" if now.ticked is None else f"{now.ticked} of {now.of}"
    return (
        f"Last time, {full_date(last.day)}: {then}; now {this}.\n"
        f"Time used: {clock_time(last.used)} then, {clock_time(now.used)} now."
    )


def end_page(view: InterviewView, bank: Bank) -> Page:
    """The end of the scorecard: the sum, and the last interview beside it."""
    interview, now = view.interview, view.score
    answered = sum(asked.answered for asked in interview.scored)
    again = [Button("Another interview", again_id(interview, bank), main=True)]
    if not interview.scored:
        return Page("Nothing was answered, so there's no scorecard.", buttons=again)
    head = f"### {'Your interview' if interview.state is InterviewState.DONE else 'Interview ended early'}"
    blocks = [f"{head}\n{answered} of {counted(interview.count, 'question')} answered in {clock_time(now.used)}"]
    if now.ticked is not None and now.of:
        blocks.append(f"**Key points** {now.ticked} of {now.of}\n{progress(now.ticked, now.of)}")
    blocks.append(compared(now, view.last))
    questions = {
        asked.position: bank.asked(asked.question_id, view.interview.started_at) for asked in interview.scored
    }
    waiting = sum(bool(q and q.key_points) and at not in view.ticks for at, q in questions.items())
    if waiting:
        blocks.append(f"-# Tick the key points under {counted(waiting, 'question')} above, to get your score.")
    return Page(*blocks, buttons=again)


def score_pages(view: InterviewView, bank: Bank) -> list[tuple[str, Page]]:
    """The scorecard, (key, page) each."""
    found: list[tuple[str, Page]] = []
    for asked in view.interview.scored:
        cards = card_pages(view, asked, bank.asked(asked.question_id, view.interview.started_at))
        found += [(f"card:{asked.position}:{number}", page) for number, page in enumerate(cards)]
    return [*found, ("end", end_page(view, bank))]


def private_pages(view: InterviewView, bank: Bank, now: datetime, notes: Sequence[str] = ()) -> list[Page]:
    """What an interview without a thread shows: the open question with `notes` above it, or the scorecard.

    Raises:
        Refusal: `interviews.over` where the bot was removed from the server meanwhile: there is no scorecard.
    """
    interview = view.interview
    if interview.current is not None:
        question = bank.asked(interview.current.question_id, interview.started_at)
        return [question_page(view, interview.current, question, now, notes)]
    if interview.state is InterviewState.GONE:
        raise Refusal("interviews.over")
    return [page for _, page in score_pages(view, bank)]


def tick_form(start: InterviewTicks) -> Form:
    """The key points of one question, to be ticked."""
    title, custom_id = (
        f"Question {start.asked.number}: your key points",
        f"mb:interview:ticked:{start.interview.id}:{start.asked.position}",
    )
    return points_form(title, custom_id, start.question, start.ticked, guessed=start.guessed)


def stored_text(question: Question, lacking: Sequence[int]) -> str:
    """What the form of key points gets to read."""
    of = len(question.key_points)
    again = " The question comes again in your reviews: `/quiz review`." if lacking else ""
    return f"Stored: {of - len(lacking)} of {of}.{again}"


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """A message that an interview's thread should hold.

    Args:
        says: stays the same while the message needs no edit; None where its text decides.
        marker: the custom_id of one of its buttons, by which it is found again after a crash.
        asks: the position of the question that it asks.
    """

    key: str
    page: Page
    says: str | None = None
    marker: str | None = None
    asks: int | None = None


def thread_posts(view: InterviewView, bank: Bank, now: datetime, *, withheld: bool) -> Iterable[ThreadPost]:
    """Everything that an interview's thread should hold, in order."""
    interview = view.interview
    yield ThreadPost("intro", intro_page(interview, withheld=withheld), "intro")
    for asked in interview.asked:
        question = bank.asked(asked.question_id, view.interview.started_at)
        if asked.closed_at is not None:
            key = question_key(asked.position)
            yield ThreadPost(key, closed_page(interview, asked, question), "closed", answer_id(asked))
        elif asked == interview.current:
            page = question_page(view, asked, question, now)
            yield ThreadPost(question_key(asked.position), page, "open", answer_id(asked), asked.position)
    if interview.state in SCORED:
        for key, page in score_pages(view, bank):
            yield ThreadPost(key, page, marker=next(custom_ids(page.children), None))
