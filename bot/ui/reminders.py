"""Reminders as people read them."""

from datetime import datetime

from bot.domain.bank import Question
from bot.domain.drills import Drill
from bot.ui.kit.catalog import _
from bot.ui.kit.layouts import OPEN_ACCENT, Button, Page


def closed_news() -> str:
    """What a member reads once whose direct messages Discord refused."""
    return _(
        "🔕 I couldn't send you a direct message, so your reminders are off now. Allow direct messages in this "
        "server's privacy settings, then use `/reminders on` again."
    )


def off_text(*, were_on: bool) -> str:
    """What `/reminders off` answers."""
    if were_on:
        return _("Reminders are off. Use `/reminders on` to turn them on again.")
    return _("Reminders are already off. Use `/reminders on` to turn them on.")


def remind_button() -> Button:
    """Under a member's first receipt in a server: turns reminders on."""
    return Button(_("Remind me if I forget"), "mb:reminders:on")


def reminder_page(drill: Drill, question: Question, closing: datetime) -> Page:
    """The direct message: the question's wording, when it closes, a link, and the way out."""
    head = _("-# Question {number} is open and waiting for your answer", number=question.number)
    return Page(
        f"{head}\n### {question.wording}",
        _("Closes <t:{when}:R> · [Go to the question]({link})", when=int(closing.timestamp()), link=drill.link),
        buttons=[Button(_("No more reminders"), "mb:reminders:off")],
        accent=OPEN_ACCENT,
    )


def on_page(hour: int | None, known: bool) -> Page:
    """What `/reminders on` answers."""
    if hour is None:
        blocks = [
            _(
                "### Reminders are on\nIf you haven't answered, I'll send you one direct message per "
                "question, when most of its time is up. Not while you're away."
            )
        ]
    else:
        blocks = [
            _(
                "### Reminders are on\nIf you haven't answered, I'll send you one direct message per "
                "question, at {time} in its channel's time zone. Not while you're away.",
                time=f"{hour:02}:00",
            ),
            _("-# If a question closes before that hour, I'll write when most of its time is up."),
        ]
    if not known:
        blocks.append(_("I haven't seen you in a practice server yet. Use `/streak` in one, or answer a question."))
    return Page(*blocks, buttons=[Button(_("Turn them off"), "mb:reminders:off")])
