"""Votes and best answers as people read them."""

from bot.domain.bank import Question
from bot.services.votes import BestAnswer
from bot.ui.kit.layouts import Page
from bot.ui.kit.words import shown

ASK_FOR_VOTES = (
    "Give a 👍 to the answers that helped you. Votes count until the next question closes, 7 days at most."
)

PICK_YOUR_BEST = (
    "Nobody has written a model answer for this one, so your team's best stands in for it. Which one is it? "
    "Give it a 👍."
)
"""What the reveal of a question without a model answer says in its place."""


def best_text(best: BestAnswer) -> str:
    """Whose answer got the most votes, and where it stands."""
    link = f" · [read it]({best.link})" if best.link else ""
    return f"**Best answer:** {shown(best.name)}, {best.votes} 👍{link}"


def last_best_line(best: BestAnswer) -> str:
    """The best answer to the question before, on an open question's card."""
    link = f" · [read it]({best.link})" if best.link else ""
    return f"-# 🏆 Last time's best answer: {shown(best.name)}, {best.votes} 👍{link}"


def best_page(question: Question, best: BestAnswer) -> Page:
    """What a blind drill's thread reads once its votes have ended."""
    return Page(f"-# The votes on question {question.number} are counted.\n{best_text(best)}")
