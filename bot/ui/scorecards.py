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
from bot.services.scorecards import InterviewTicks, InterviewView
from bot.ui.bank import full_button, key_points, point_text
from bot.ui.hints import NO_GRADE, hint_line, spotted_points
from bot.ui.interviews import answer_id, clock_time, closed_page, intro_page, question_page, truncate, wording
from bot.ui.key_points import points_form
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, custom_ids, pages, progress
from bot.ui.kit.words import full_date
from bot.ui.mistakes import report_button
from bot.ui.spoilers import kept_back_text

CARD_LIMIT, FOLLOW_UP_LIMIT = 1200, 500
"""How much of a member's text the scorecard repeats."""


def _said(asked: InterviewQuestion, limit: int) -> str:
    if not asked.answered:
        return _("You didn't write anything for this one.")
    text = truncate(asked.text, limit) if asked.text else _("You answered, but your text isn't kept here.")
    return _("**You said**\n{text}", text=text)


def _key_points(question: Question, ticked: Sequence[int] | None, hint: Hint | None) -> str:
    texts = [point_text(point) for point in question.key_points]
    if ticked is None and hint is not None:
        return f"{spotted_points(question, hint)}\n{hint_line(hint)}\n{_(NO_GRADE)}"
    if ticked is None:
        return key_points([f"- {text}" for text in texts], question)
    lines = [f"{'✅' if at in ticked else '▫️'} {text}" for at, text in enumerate(texts)]
    had = sum(at in ticked for at in range(len(texts)))
    return key_points(lines, question, had)


def card_pages(view: InterviewView, asked: InterviewQuestion, question: Question | None) -> list[Page]:
    """One question of the scorecard: what was said, the model answer, the key points, the follow-up."""
    interview = view.interview
    head = _(
        "-# Question {number} of {questions} · {used} of {time}",
        number=asked.number,
        questions=interview.count,
        used=clock_time(asked.used),
        time=clock_time(timedelta(minutes=interview.minutes)),
    )
    if asked.ended is QuestionEnd.TIME:
        head = " · ".join([head, _("time was up")])
    blocks = [f"{head}\n### {wording(asked, question)}", _said(asked, CARD_LIMIT)]
    buttons: list[Button] = []
    if question is not None and question.id in view.kept_back:
        blocks.append(kept_back_text())
        buttons.append(Button(_("Show the answer"), f"mb:question:show:{question.id}"))
    elif question is not None:
        blocks += ["\n".join([_("**Model answer**"), question.spoken])] if question.spoken else []
        if question.key_points:
            at = asked.position
            blocks.append(_key_points(question, view.ticks.get(at), view.hints.get(at)))
            tick = f"mb:interview:tick:{interview.id}:{asked.position}"
            buttons.append(Button(_("Tick the key points you had"), tick, main=True))
        if question.spoken is None:
            blocks.append(_("There's no model answer for this one yet."))
        buttons += full_button(question)
        buttons.append(report_button(question.id))
    follow_up = next((found for found in interview.asked if found.position == asked.position + 1), None)
    if follow_up is not None and follow_up.asked_at is not None:
        blocks += _follow_up(follow_up, question, shown=asked.question_id not in view.kept_back)
    *first, last = pages(blocks)
    return [*(Page(*texts) for texts in first), Page(*last, buttons=buttons)]


def _follow_up(asked: InterviewQuestion, question: Question | None, *, shown: bool) -> list[str]:
    title = _("**Follow-up**") if asked.wording is None else _("**Follow-up** by a model")
    blocks = [
        f"{title} · {clock_time(asked.used)}\n{wording(asked, question)}",
        _said(asked, FOLLOW_UP_LIMIT),
    ]
    if (
        question is not None
        and shown
        and asked.wording is None
        and asked.follow_up is not None
        and asked.follow_up < len(question.follow_ups)
    ):
        blocks.append("\n".join([_("**A good answer**"), question.follow_ups[asked.follow_up].answer]))
    return blocks


def again_id(interview: Interview, bank: Bank) -> str:
    """The custom_id that starts an interview of the same kind."""
    return f"mb:interview:again:{bank.topic_number(interview.topic)}:{interview.count}:{interview.minutes}"


def compared(now: InterviewScore, last: InterviewScore | None) -> str:
    """How it went beside the last one."""
    if last is None:
        return _("This was your first interview here. Next time you'll see how far you've come.")
    then, this = _("key points not ticked"), _("not ticked yet")
    if last.ticked is not None:
        then = ngettext("{had} of {number} key point", "{had} of {number} key points", last.of, had=last.ticked)
    if now.ticked is not None:
        this = _("{had} of {count}", had=now.ticked, count=now.of)
    return "\n".join(
        [
            _("Last time, {day}: {then}; now {now}.", day=full_date(last.day), then=then, now=this),
            _("Time used: {then} then, {now} now.", then=clock_time(last.used), now=clock_time(now.used)),
        ]
    )


def end_page(view: InterviewView, bank: Bank) -> Page:
    """The end of the scorecard: the sum, and the last interview beside it."""
    interview, now = view.interview, view.score
    answered = sum(asked.answered for asked in interview.scored)
    again = [Button(_("Another interview"), again_id(interview, bank), main=True)]
    if not interview.scored:
        return Page(_("Nothing was answered, so there's no scorecard."), buttons=again)
    head = _("### Your interview") if interview.state is InterviewState.DONE else _("### Interview ended early")
    done = ngettext(
        "{answered} of {number} question answered in {time}",
        "{answered} of {number} questions answered in {time}",
        interview.count,
        answered=answered,
        time=clock_time(now.used),
    )
    blocks = [f"{head}\n{done}"]
    if now.ticked is not None and now.of:
        had = _("**Key points** {had} of {count}", had=now.ticked, count=now.of)
        blocks.append(f"{had}\n{progress(now.ticked, now.of)}")
    blocks.append(compared(now, view.last))
    questions = {
        asked.position: bank.asked(asked.question_id, view.interview.started_at) for asked in interview.scored
    }
    if waiting := sum(bool(q and q.key_points) and at not in view.ticks for at, q in questions.items()):
        blocks.append(
            ngettext(
                "-# Tick the key points under {number} question above to get your score.",
                "-# Tick the key points under {number} questions above to get your score.",
                waiting,
            )
        )
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
    return [page for _key, page in score_pages(view, bank)]


def tick_form(start: InterviewTicks) -> Form:
    """The key points of one question, to be ticked."""
    title = _("Question {number}: your key points", number=start.asked.number)
    custom_id = f"mb:interview:ticked:{start.interview.id}:{start.asked.position}"
    return points_form(title, custom_id, start.question, start.ticked, guessed=start.guessed)


def stored_text(question: Question, lacking: Sequence[int]) -> str:
    """What the form of key points gets to read."""
    of = len(question.key_points)
    stored = _("Saved: {had} of {count}.", had=of - len(lacking), count=of)
    if not lacking:
        return stored
    again = _("The question comes back in your reviews: `/quiz review`.")
    return f"{stored} {again}"


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
