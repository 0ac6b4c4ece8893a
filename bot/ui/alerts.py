"""What managers read when a question did not come, in their log channel or in a direct message."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.errors import Problem
from bot.services.alerts import PASSING, Alert, AlertKind
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import OPEN_ACCENT, RIGHT_ACCENT, WRONG_ACCENT, Button, Page, cut
from bot.ui.kit.permissions import missing_text
from bot.ui.kit.words import days_listed, say, shown, weekday_and_day
from bot.ui.problems import tell
from bot.ui.tracks import next_post

WHY_SHOWN = 500
DAYS_SHOWN = 7
NEXT_STEPS: Mapping[str, str] = {
    "no_questions": N_("Pick other topics or packs with `/setup`."),
    "question_gone": N_("There's nothing to do: the next question comes as planned."),
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
        return _(
            "I can't see <#{channel}> (id {channel}): it was deleted, or I need **View "
            "Channel**. Give me access, or move practice elsewhere with `/setup channel:`. "
            "Nothing is lost.",
            channel=channel_id,
        )
    step = NEXT_STEPS.get(problem.code)
    return " ".join([cut(tell(problem), WHY_SHOWN), *([_(step)] if step else [])])


def _missed(alert: Alert) -> str:
    days = days_listed(alert.missed[:DAYS_SHOWN])
    if len(alert.missed) <= DAYS_SHOWN:
        return _("No question came on {days}. Streaks are safe: nobody missed anything.", days=days)
    return ngettext(
        "No question came on {days} and {number} more date. Streaks are safe: nobody missed anything.",
        "No question came on {days} and {number} more dates. Streaks are safe: nobody missed anything.",
        len(alert.missed) - DAYS_SHOWN,
        days=days,
    )


def _held_up(alert: Alert, number: int | None) -> list[str]:
    track, problem = alert.track, alert.problem
    assert problem is not None
    if alert.owed is None:
        head = _("### No question to post in <#{channel}>", channel=track.channel_id)
        return [f"{head}\n{_why(problem, track.channel_id)}", next_post(track)]
    head = _("### The question for {day} isn't posted yet", day=weekday_and_day(alert.owed.drill.date))
    where = _("It's for <#{channel}>.", channel=track.channel_id)
    why = _why(problem, track.channel_id)
    told = why if problem.code in NAMES_CHANNEL else " ".join((where, why))
    return [f"{head}\n{told}", " ".join(_tries(alert.owed.retry_at, alert.gives_up, problem))]


def _tries(retry_at: datetime | None, gives_up: datetime | None, problem: Problem) -> Iterator[str]:
    """When it is tried again, and how long."""
    if retry_at is not None and problem.code in PASSING:
        yield _("Next try <t:{when}:R>.", when=int(retry_at.timestamp()))
    elif retry_at is not None:
        yield _("Next try <t:{when}:R>, or as soon as that's fixed.", when=int(retry_at.timestamp()))
    if gives_up is not None:
        yield _("I'll keep trying until <t:{when}:f>.", when=int(gives_up.timestamp()))


def _gone_by(alert: Alert, number: int | None) -> list[str]:
    why = _("I was offline then.") if alert.problem is None else _why(alert.problem, alert.track.channel_id)
    head = _("### Questions missed in <#{channel}>", channel=alert.track.channel_id)
    return [f"{head}\n{_missed(alert)}", f"{why} {next_post(alert.track)}"]


def _mended(alert: Alert, number: int | None) -> list[str]:
    assert alert.posted is not None
    head, link = _("### Questions are back in <#{channel}>", channel=alert.track.channel_id), alert.posted.link
    posted = _("[Today's question]({link}) is posted.", link=link)
    if number is not None:
        posted = _("[Question {question}]({link}) is posted.", question=number, link=link)
    return [f"{head}\n{posted}", *([_missed(alert)] if alert.missed else [])]


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
        buttons = (
            [] if alert.kind is AlertKind.MENDED else [Button(_("Settings"), f"mb:panel:show:{alert.track.id}")]
        )
        return Page(*texts, buttons=buttons, accent=ACCENTS[alert.kind])
    why_you = _(
        "-# You set up practice in {server}, so I'm telling you. Would you rather read this in a channel? "
        "Pick a log channel with `/setup` there.",
        server=shown(server),
    )
    return Page(*texts, why_you, accent=ACCENTS[alert.kind])
