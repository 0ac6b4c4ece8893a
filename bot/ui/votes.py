"""Votes and best answers as people read them."""

from collections.abc import Mapping

import discord
from discord import ui

from bot.domain.bank import Question
from bot.domain.text import visible
from bot.services.votes import BallotPaper, BestAnswer
from bot.ui.kit.layouts import Button, Page, cut
from bot.ui.kit.words import NOBODY, Sentence, shown

ASK_FOR_VOTES = (
    "Give a 👍 to the answers that helped you. Votes count until the next question closes, 7 days at most."
)

PICK_YOUR_BEST = (
    "Nobody has written a model answer for this one, so your team's best stands in for it. Which one is it? "
    "Give it a 👍."
)
"""What the reveal of a question without a model answer says in its place."""


REFUSALS: Mapping[str, Sentence] = {
    "votes.answer_gone": "That answer isn't there anymore. Press **Vote for the best** again.",
    "votes.nobody_else": "Nobody else's answer is here yet. Come back a bit later.",
    "votes.over": "Voting on this question is over.",
}
LISTED = 25
"""Discord's most options in one menu."""


def vote_button(drill_id: int) -> Button:
    """Opens a private choice of the best answer."""
    return Button("Vote for the best", f"mb:votes:open:{drill_id}")


def ballot_page(paper: BallotPaper) -> Page:
    """Asks for the best answer, or says which one was chosen."""
    chosen = next((choice for choice in paper.choices if choice.answer_id == paper.picked), None)
    said = "**Which answer helped you most?**"
    if chosen is not None:
        said = f"👍 You voted for **{shown(chosen.name)}**. Pick another answer to change your mind."
    menu: ui.Select[Page] = ui.Select(
        custom_id=f"mb:votes:pick:{paper.drill_id}",
        placeholder="Pick an answer",
        options=[
            discord.SelectOption(
                label=cut(visible(choice.name) or NOBODY, 100),
                value=str(choice.answer_id),
                description=cut(visible(choice.text), 100) or None,
                default=choice is chosen,
            )
            for choice in paper.choices[:LISTED]
        ],
    )
    return Page(f"{said}\n-# It counts like a 👍, and nobody sees that it's yours.", selects=[menu])


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
