"""What managers read when a question did not come, in their log channel or in a direct message."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from bot.domain.errors import Problem
from bot.services.alerts import PASSING, Alert, AlertKind
from bot.ui.kit.layouts import OPEN_ACCENT, RIGHT_ACCENT, WRONG_ACCENT, Button, Page, cut
from bot.ui.kit.permissions import missing_text
from bot.ui.kit.words import say, shown, weekday_and_day
from bot.ui.problems import tell
from bot.ui.tracks import next_post

WHY_SHOWN = 500
DAYS_SHOWN = 7
NEXT_STEPS: Mapping[str, str] = {
    "no_questions": "Pick other topics or packs with `/setup`.",
    "question_gone": "There's nothing to do: the next question comes as planned.",
}
"""What mends a problem, where its own sentence doesn't say so."""
NAMES_CHANNEL = ("missing", "cannot_see")
"""Problems whose own sentence names the channel."""
ACCENTS = {AlertKind.HELD_UP: WRONG_ACCENT, AlertKind.MISSED: OPEN_ACCENT, AlertKind.MENDED: RIGHT_ACCENT}


def _lacking(channel_id: int, permissions: Sequence[str]) -> str:
    return missing_text(channel_id, permissions).removeprefix("⚠️ ")


def _why(problem: Problem, channel_id: int) -> str:
    """What is wrong, and what a manager can do about it."""
    if problem.code == "missing":
        return say(_lacking, problem.values)
    if problem.code == "cannot_see":
        return (
            f"I can't see <#{channel_id}> (id {channel_id}): it was deleted, or I need **View Channel**. Give me "
            "access, or move on with `/setup channel:`. Nothing is lost."
        )
    return f"{cut(tell(problem), WHY_SHOWN)} {NEXT_STEPS.get(problem.code, '')}".strip()


def _instant(at: datetime, style: str) -> str:
    return f"<t:{int(at.timestamp())}:{style}>"


def _days(days: Sequence[date]) -> str:
    more = f" and {len(days) - DAYS_SHOWN} more dates" if len(days) > DAYS_SHOWN else ""
    return ", ".join(map(weekday_and_day, days[:DAYS_SHOWN])) + more


def _missed(alert: Alert) -> str:
    return f"No question came on {_days(alert.missed)}. Streaks are safe: nobody missed anything."


def _held_up(alert: Alert, number: int | None) -> list[str]:
    track, problem = alert.track, alert.problem
    assert problem is not None
    if alert.owed is None:
        return [
            f"### No question to post in <#{track.channel_id}>\n{_why(problem, track.channel_id)}",
            next_post(track),
        ]
    where = "" if problem.code in NAMES_CHANNEL else f"It belongs in <#{track.channel_id}>. "
    head = (
        f"### The question for {weekday_and_day(alert.owed.drill.date)} isn't posted yet\n"
        f"{where}{_why(problem, track.channel_id)}"
    )
    again = "" if alert.owed.retry_at is None else f"Next try {_instant(alert.owed.retry_at, 'R')}"
    if again and problem.code not in PASSING:
        again += ", or as soon as that's done"
    until = "" if alert.gives_up is None else f"I'll keep trying until {_instant(alert.gives_up, 'f')}."
    return [head, ". ".join(filter(None, (again, until)))]


def _gone_by(alert: Alert, number: int | None) -> list[str]:
    why = "I was offline then." if alert.problem is None else _why(alert.problem, alert.track.channel_id)
    return [
        f"### Questions missed in <#{alert.track.channel_id}>\n{_missed(alert)}",
        f"{why} {next_post(alert.track)}",
    ]


def _mended(alert: Alert, number: int | None) -> list[str]:
    assert alert.posted is not None
    which = "today's question" if number is None else f"question {number}"
    head = f"### Questions are back in <#{alert.track.channel_id}>"
    return [
        f"{head}\n[{which.capitalize()}]({alert.posted.link}) is posted.",
        *([_missed(alert)] if alert.missed else []),
    ]


_TEXTS: Mapping[AlertKind, Callable[[Alert, int | None], list[str]]] = {
    AlertKind.HELD_UP: _held_up,
    AlertKind.MISSED: _gone_by,
    AlertKind.MENDED: _mended,
}


def alert_page(alert: Alert, number: int | None, server: str | None) -> Page:
    """What managers read of their track.

    Args:
        number: of the question that has come.
        server: its name, in a direct message to whoever set the track up; None in the log channel.
    """
    texts = _TEXTS[alert.kind](alert, number)
    if server is None:
        buttons = [] if alert.kind is AlertKind.MENDED else [Button("Settings", f"mb:panel:show:{alert.track.id}")]
        return Page(*texts, buttons=buttons, accent=ACCENTS[alert.kind])
    why_you = (
        f"-# You set up practice in {shown(server)}, so I'm telling you. Would you rather read this in a channel? "
        "Pick a log channel with `/setup` there."
    )
    return Page(*texts, why_you, accent=ACCENTS[alert.kind])
