"""The drill's card."""

from bot.domain.questions import Question
from bot.domain.tracks import Drill
from bot.ui.layouts import Page


def drill_card(drill: Drill, question: Question, closes: int | None) -> Page:
    """What the channel sees of a drill; `closes` is the closing instant in seconds since 1970."""
    late = " · posted late" if drill.late else ""
    closing = f"Closes <t:{closes}:R>" if closes is not None else "Closed"
    return Page(
        f"-# Question {question.number} · {question.topic} · {question.difficulty}{late}\n## {question.prompt}",
        f"{closing}. Answer in the thread below this message.",
    )


def thread_name(drill: Drill, question: Question) -> str:
    """`#48 · 2026-11-23 · first words`, at most Discord's 100 characters."""
    return f"#{question.number} · {drill.date} · {question.prompt}"[:100].rstrip()
