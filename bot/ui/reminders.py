"""Reminders as people read them."""

from datetime import datetime

from bot.domain.bank import Question
from bot.domain.drills import Drill
from bot.ui.kit.layouts import OPEN_ACCENT, Button, Page

CLOSED_NEWS = (
    "🔕 I couldn't send you a direct message, so your reminders are off now. Allow direct messages in this "
    "server's privacy settings, then use `/reminders on` again."
)
OFF = "Reminders are off. `/reminders on` turns them on again."
WERE_OFF = "Reminders are already off. `/reminders on` turns them on."


def remind_button() -> Button:
    """Under a member's first receipt in a server: turns reminders on."""
    return Button("Remind me if I forget", "mb:reminders:on")


def reminder_page(drill: Drill, question: Question, closing: datetime) -> Page:
    """The direct message: the question's wording, when it closes, a link, and the way out."""
    return Page(
        f"-# Question {question.number} is open and waiting for your answer\n### {question.wording}",
        f"Closes <t:{int(closing.timestamp())}:R> · [Go to the question]({drill.link})",
        buttons=[Button("No more reminders", "mb:reminders:off")],
        accent=OPEN_ACCENT,
    )


def on_page(hour: int | None, known: bool) -> Page:
    """What `/reminders on` answers."""
    usual = "when 80% of its time is up"
    when = usual if hour is None else f"at {hour:02}:00 in its channel's time zone"
    blocks = [
        f"### Reminders are on\nIf you haven't answered, I'll send you one direct message a question, {when}. "
        "Not while you're away."
    ]
    if hour is not None:
        blocks.append(f"-# If a question closes before that hour, I'll write {usual}.")
    if not known:
        blocks.append("I don't know you from any practice server yet. Use `/streak` in one, or answer a question.")
    return Page(*blocks, buttons=[Button("Turn them off", "mb:reminders:off")])
