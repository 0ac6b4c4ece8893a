"""How a team takes part, as its managers read it in private."""

from collections.abc import Sequence
from datetime import date

from bot.services.participation import LISTED, Participation, ParticipationWeek, Quiet
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import shown

SHOWN_DATES = 10
NOBODY_TOLD = "-# Only you see this, and nobody is told."


def participation_text(found: Participation) -> str:
    """The answers of two weeks as a small table, and how this week compares."""
    if not found.posted:
        return "**Taking part** No question was posted in the last two weeks, so there is nothing to count."
    return (
        f"**Taking part** {counted(found.members, 'member')} in the last two weeks\n"
        f"```\n{_table(found)}\n```\n"
        f"Last 7 days: {_week(found.now)}. The 7 days before: {_week(found.before)}. {_change(found)}"
    )


def _table(found: Participation) -> str:
    """A phone shows 25 characters of it in a line."""
    weeks = {"then": found.before, "now": found.now}
    wide = max(len(str(count)) for week in weeks.values() for _, count in week.days if count is not None)
    wide = max(wide, 2) + 1
    head = "".join(f"{day:%a}"[:2].rjust(wide) for day, _ in found.now.days)
    rows = [
        title.ljust(4) + "".join(("–" if count is None else str(count)).rjust(wide) for _, count in week.days)
        for title, week in weeks.items()
    ]
    return "\n".join([" " * 4 + head, *rows])


def _week(week: ParticipationWeek) -> str:
    return f"{counted(week.answers, 'answer')} by {counted(week.members, 'member')}"


def _change(found: Participation) -> str:
    more = found.now.answers - found.before.answers
    if more == 0:
        return "As many as before."
    return f"{abs(more):,} {'more' if more > 0 else 'fewer'} than before."


def dates_text(title: str, dates: Sequence[date]) -> str:
    """Some dates in a line; only the first ones of many."""
    more = f" and {len(dates) - SHOWN_DATES} more" if len(dates) > SHOWN_DATES else ""
    return f"**{title}** " + ", ".join(map(str, dates[:SHOWN_DATES])) + more


def quiet_button(track_id: int) -> Button:
    """Opens the list of those who have been quiet."""
    return Button("Who has been quiet", f"mb:daily:quiet:{track_id}")


def quiet_page(found: Quiet, track_id: int, channel_id: int) -> Page:
    """Who took part before and has not for two weeks; names are shown, nobody is tagged."""
    if not found.total:
        return Page(f"Nobody. Whoever took part in <#{channel_id}> before has answered in the last two weeks too.")
    head = (
        f"### Quiet in <#{channel_id}>\n{counted(found.total, 'member')} took part before and "
        f"{'has' if found.total == 1 else 'have'} not answered for two weeks."
    )
    if not found.posted:
        head += " No question was posted in that time."
    lines = [
        f"- {shown(member.name)} · last answer <t:{int(member.last_answer.timestamp())}:D>"
        + (f" · 🌴 away until {member.away_until}" if member.away_until else "")
        for member in found.members
    ]
    buttons: list[Button] = []
    if found.at:
        buttons.append(Button("Back", f"mb:daily:quiet:{track_id}:{max(0, found.at - LISTED)}"))
    if found.at + LISTED < found.total:
        buttons.append(Button("Next", f"mb:daily:quiet:{track_id}:{found.at + LISTED}"))
    return Page(head, "\n".join(lines), NOBODY_TOLD, buttons=buttons)
