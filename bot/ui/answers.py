"""What a member reads in private once a form is stored."""

from collections.abc import Sequence

from bot.domain.answers import AnswerStatus
from bot.domain.bank import Question
from bot.domain.drills import Mode
from bot.services.answers import Collected
from bot.services.streaks import StreakView
from bot.ui.kit.forms import ANSWER_LIMIT, Form
from bot.ui.kit.layouts import Button, Page
from bot.ui.milestones import receipt_line
from bot.ui.streaks import news

KEPT = "Your text, so that it is not lost:\n"


def receipt(stored: Collected, view: StreakView, reached: Sequence[int], least: str) -> list[str]:
    """How the answer counts, then what has to be told once.

    Args:
        reached: the milestones that this answer has reached just now.
        least: from how much on an answer counts.
    """
    return [_first(stored, view, least), *filter(None, [receipt_line(reached)]), *news(view.once)]


def _first(stored: Collected, view: StreakView, least: str) -> str:
    drill = stored.drill
    if stored.answer.status is AnswerStatus.SHORT:
        return f"✏️ Stored, but too short to count yet: an answer counts from {least} on. Press **Answer** again."
    if stored.answer.status is AnswerStatus.LATE:
        points = ": 5 points" if stored.credited else ""
        return f"🕒 Stored as a late answer{points}. It does not change your streak."
    said = "10 points. " if stored.credited else "Your text is replaced. " if stored.replaced else ""
    hidden = " Nobody reads it before the reveal." if drill.mode is Mode.BLIND and drill.closed_at is None else ""
    return f"✅ Your answer counts. {said}Your streak is **{view.streak.current}**.{hidden}"


def over_lines(question: Question, status: AnswerStatus | None) -> list[str]:
    """What a member reads whose answer a question takes no more.

    Args:
        status: how they answered it; None where they did not.
    """
    if status in (AnswerStatus.ON_TIME, AnswerStatus.LATE):
        when = "on time" if status is AnswerStatus.ON_TIME else "late"
        return [f"Question {question.number} is closed, and you answered it {when}. It stays as it is."]
    return [
        f"Question {question.number} is over: it took answers until 7 days after it closed.",
        f"A quiz on its topic, {question.topic}, keeps you in practice.",
    ]


def over_page(question: Question, topic: int, kept: str) -> Page:
    """The same for somebody who did not answer it in time, with a quiz to go on with.

    Args:
        topic: the number of the question's topic.
        kept: what they wrote, which is not lost; empty for nothing.
    """
    return Page(
        *over_lines(question, None),
        *([KEPT + kept] if kept else []),
        buttons=[Button("Start a quiz", f"mb:quiz:again:{topic}:5:any", main=True)],
    )


def answer_form(drill_id: int, question: Question, earlier: str) -> Form:
    """The answer form of a drill; `earlier` is what the member sent before, and sending replaces it."""
    form = Form(f"Question {question.number}", f"mb:drill:form:{drill_id}")
    form.tell(question.prompt)
    form.ask(
        "text",
        "Your answer",
        hint="The point first, then how it works, an example, the limits",
        value=earlier,
        long=True,
        limit=ANSWER_LIMIT,
    )
    return form
