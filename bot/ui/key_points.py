"""Ticking: which key points an answer had, asked in a form and confirmed in private."""

from collections.abc import Collection, Mapping, Sequence

import discord

from bot.domain.bank import Question
from bot.ui.bank import point_text
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.forms import BOXES, Form, ticks
from bot.ui.kit.layouts import RIGHT_ACCENT, Button, Page
from bot.ui.kit.words import Sentence

BOXES_NAME = "points"

REFUSALS: Mapping[str, Sentence] = {
    "key_points.not_answered": N_(
        "Only people who answered this question can tick its key points. Catch the next one!"
    ),
    "key_points.question_gone": N_(
        "I don't know this question anymore. Use `/quiz review` to see what's waiting for you."
    ),
    "key_points.none": N_("This question has no key points anymore. Use `/question show` to see what there is."),
}


def tick_button(words: str) -> Button:
    """The button under a reveal; `words` are the drill's key."""
    return Button(_("Tick your key points"), f"mb:tick:open:{words}", main=True)


def tick_form(question: Question, words: str, ticked: Collection[int], *, guessed: bool = False) -> Form:
    """The form behind it; `ticked` is what the member said before, or what a hint spotted where it is `guessed`."""
    title = _("Question {number}", number=question.number)
    return points_form(title, f"mb:tick:form:{words}", question, ticked, guessed=guessed)


def points_form(
    title: str, custom_id: str, question: Question, ticked: Collection[int], *, guessed: bool = False
) -> Form:
    """Asks which key points an answer had, to a drill or in an interview; `ticked_points` reads it."""
    form = Form(title, custom_id)
    if guessed:
        form.note(_("I ticked what I spotted in your words. You know better: change what isn't right."))
    points = [point.text for point in question.key_points]
    for start in range(0, len(points), BOXES):
        label = _("And which of these?") if start else _("Which of these did your answer have?")
        form.tick(BOXES_NAME, label, points[start : start + BOXES], ticked, first=start)
    return form


def ticked_points(interaction: discord.Interaction) -> list[int]:
    """The key points that were ticked in a submitted form."""
    return ticks(interaction, BOXES_NAME)


def ticked_page(question: Question, lacking: Sequence[int]) -> Page:
    """The receipt: how many key points there were, and what was missing."""
    of = len(question.key_points)
    head = ngettext(
        "### {had} of {number} key point", "### {had} of {number} key points", of, had=of - len(lacking)
    )
    if not lacking:
        said = _("Nothing is missing. You can change this with the same button.")
        return Page(f"{head}\n{said}", accent=RIGHT_ACCENT)
    listing = [f"- {point_text(question.key_points[at])}" for at in lacking]
    return Page(
        "\n".join([head, _("This was missing:"), *listing]),
        _("The question will come back in your reviews. You can change your ticks with the same button."),
        buttons=[Button(pgettext("button", "Review"), "mb:review:start", main=True)],
    )
