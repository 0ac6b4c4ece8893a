"""How a team takes part, as its managers read it in private."""

from collections.abc import Sequence
from datetime import date

from bot.domain.drills import Drill, Mode
from bot.domain.text import link_to
from bot.services.answers import Turnout
from bot.services.participation import LISTED, Participation, Quiet
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import plain, shown, weekday_and_day

SHOWN_DATES = 10
NOBODY_TOLD = "-# Only you see this, and nobody is told."


def participation_text(found: Participation) -> str:
    """The answers of this week beside the last one's, and how many take part on an average day."""
    if not found.posted:
        return "**Answers** No question was posted in the last two weeks."
    change = found.now.answers - found.before.answers
    counts = f"{found.now.answers} in the last 7 days, {found.before.answers} in the 7 before ({change:+})"
    days = [count for _, count in found.now.days if count is not None]
    if not days:
        return f"**Answers** {counts}"
    average = f"{plain(sum(days) / len(days))} of {counted(found.members, 'member')}"
    return f"**Answers** {counts} · {average} on an average day"


def dates_text(title: str, dates: Sequence[date]) -> str:
    """Some dates in a line; only the first ones of many."""
    more = f" and {len(dates) - SHOWN_DATES} more" if len(dates) > SHOWN_DATES else ""
    return f"**{title}** " + ", ".join(map(weekday_and_day, dates[:SHOWN_DATES])) + more


def quiet_button(track_id: int) -> Button:
    """Opens the list of those who have been quiet."""
    return Button("Who has been quiet", f"mb:daily:quiet:{track_id}")


def quiet_page(found: Quiet, track_id: int, channel_id: int) -> Page:
    """Who took part before and has not for two weeks; names are shown, nobody is tagged."""
    if not found.total:
        return Page(
            f"Nobody's gone quiet in <#{channel_id}>: everyone who has taken part answered in the last two weeks."
        )
    head = (
        f"### Quiet in <#{channel_id}>\n{counted(found.total, 'member')} took part before and "
        f"{'has' if found.total == 1 else 'have'} not answered in two weeks."
    )
    if not found.posted:
        head += " No question was posted in that time."
    lines = [
        f"- {shown(member.name)} · last answer <t:{int(member.last_answer.timestamp())}:D>"
        + (f" · 🌴 away until {weekday_and_day(member.away_until)}" if member.away_until else "")
        for member in found.members
    ]
    buttons: list[Button] = []
    if found.at:
        buttons.append(Button("Back", f"mb:daily:quiet:{track_id}:{max(0, found.at - LISTED)}"))
    if found.at + LISTED < found.total:
        buttons.append(Button("Next", f"mb:daily:quiet:{track_id}:{found.at + LISTED}"))
    return Page(head, "\n".join(lines), NOBODY_TOLD, buttons=buttons)


def turnout_line(drill: Drill, turnout: Turnout) -> str:
    """How many have answered an open drill, of whom the reader is one, with the way there where all may read it."""
    answered, members = turnout
    if members <= 1:
        said = "You're the first to answer"
    elif answered == 1:
        said = f"You're the first of {members} to answer"
    elif answered == members:
        said = "Both of you have answered" if members == 2 else f"All {members} of you have answered"
    else:
        said = f"{answered} of {members} have answered"
    if drill.mode is Mode.BLIND or drill.thread_id is None:
        return f"{said}."
    return f"{said}: [read along]({link_to(drill.guild_id, drill.thread_id, None)})"
