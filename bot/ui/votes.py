"""Votes and best answers as people read them."""

from collections.abc import Mapping

import discord
from discord import ui

from bot.domain.bank import Question
from bot.domain.text import visible
from bot.services.votes import BallotPaper, BestAnswer
from bot.ui.kit.catalog import N_, _
from bot.ui.kit.layouts import Button, Page, cut
from bot.ui.kit.words import NOBODY, Sentence, shown

REFUSALS: Mapping[str, Sentence] = {
    "votes.answer_gone": N_("That answer isn't there anymore. Press **Vote for the best** again."),
    "votes.nobody_else": N_("Nobody else's answer is here yet. Come back a bit later."),
    "votes.over": N_("Voting on this question is over."),
}
LISTED = 25
"""Discord's most options in one menu."""


def vote_button(drill_id: int) -> Button:
    """Opens a private choice of the best answer."""
    return Button(_("Vote for the best"), f"mb:votes:open:{drill_id}")


def ask_for_votes() -> str:
    """What the thread of a closed question says where votes only begin now."""
    return _(
        "Give a 👍 to the answers that helped you. Votes count until the next question closes, 7 days at most."
    )


def pick_your_best() -> str:
    """What the reveal of a question without a model answer says in its place."""
    return _(
        "Nobody has written a model answer for this one, so your team's best stands in for it. Which one is it? "
        "Give it a 👍."
    )


def ballot_page(paper: BallotPaper) -> Page:
    """Asks for the best answer, or says which one was chosen."""
    chosen = next((choice for choice in paper.choices if choice.answer_id == paper.picked), None)
    said = _("**Which answer helped you most?**")
    if chosen is not None:
        said = _("👍 You voted for **{name}**. Pick another answer to change your mind.", name=shown(chosen.name))
    counts = _("-# It counts like a 👍, and nobody sees that it's yours.")
    menu: ui.Select[Page] = ui.Select(
        custom_id=f"mb:votes:pick:{paper.drill_id}",
        placeholder=_("Pick an answer"),
        options=[
            discord.SelectOption(
                label=cut(visible(choice.name) or _(NOBODY), 100),
                value=str(choice.answer_id),
                description=cut(visible(choice.text), 100) or None,
                default=choice is chosen,
            )
            for choice in paper.choices[:LISTED]
        ],
    )
    return Page(f"{said}\n{counts}", selects=[menu])


def best_text(best: BestAnswer) -> str:
    """Whose answer got the most votes, and where it stands."""
    said = _("**Best answer:** {name}, {votes} 👍", name=shown(best.name), votes=best.votes)
    return linked(said, best)


def last_best_line(best: BestAnswer) -> str:
    """The best answer to the question before, on an open question's card."""
    said = _("-# 🏆 Best answer last time: {name}, {votes} 👍", name=shown(best.name), votes=best.votes)
    return linked(said, best)


def linked(said: str, best: BestAnswer) -> str:
    """What was said of a best answer, with the way there."""
    if not best.link:
        return said
    reading = _("[read it]({link})", link=best.link)
    return f"{said} · {reading}"


def best_page(question: Question, best: BestAnswer) -> Page:
    """What a blind drill's thread reads once its votes have ended."""
    head = _("-# The votes for question {question} are in.", question=question.number)
    return Page(f"{head}\n{best_text(best)}")
