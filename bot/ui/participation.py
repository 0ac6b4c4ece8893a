"""How a team takes part, as its managers read it in private."""

from collections.abc import Sequence
from datetime import date

from bot.domain.drills import Drill, Mode
from bot.domain.text import link_to
from bot.services.answers import Turnout
from bot.services.participation import LISTED, Participation, Quiet, QuietMember
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import days_listed, plain, shown, weekday_and_day

SHOWN_DATES = 10


def participation_text(found: Participation) -> str:
    """The answers of this week beside the last one's, and how many take part on an average day."""
    if not found.posted:
        return _("**Answers** No question was posted in the last two weeks.")
    counts = _(
        "**Answers** {now} in the last 7 days, {before} in the 7 before ({change})",
        now=found.now.answers,
        before=found.before.answers,
        change=f"{found.now.answers - found.before.answers:+}",
    )
    days = [count for _day, count in found.now.days if count is not None]
    if not days:
        return counts
    average = ngettext(
        "{average} of {number} member on an average day",
        "{average} of {number} members on an average day",
        found.members,
        average=plain(sum(days) / len(days)),
    )
    return f"{counts} · {average}"


def dates_text(title: str, dates: Sequence[date]) -> str:
    """Some dates in a line; only the first ones of many."""
    named = days_listed(dates[:SHOWN_DATES])
    if (more := len(dates) - SHOWN_DATES) > 0:
        named = ngettext("{dates} and {number} more", "{dates} and {number} more", more, dates=named)
    return f"**{title}** {named}"


def quiet_button(track_id: int) -> Button:
    """Opens the list of those who have been quiet."""
    return Button(_("Who's been quiet"), f"mb:daily:quiet:{track_id}")


def quiet_page(found: Quiet, track_id: int, channel_id: int) -> Page:
    """Who took part before and has not for two weeks; names are shown, nobody is tagged."""
    if not found.total:
        return Page(
            _(
                "Nobody's gone quiet in <#{channel}>: everyone who has taken part answered in the last two weeks.",
                channel=channel_id,
            )
        )
    head = ngettext(
        "### Quiet in <#{channel}>\n{number} member took part before and hasn't answered in two weeks.",
        "### Quiet in <#{channel}>\n{number} members took part before and haven't answered in two weeks.",
        found.total,
        channel=channel_id,
    )
    if not found.posted:
        head = " ".join([head, _("No question was posted in that time.")])
    buttons: list[Button] = []
    if found.at:
        buttons.append(Button(_("Back"), f"mb:daily:quiet:{track_id}:{max(0, found.at - LISTED)}"))
    if found.at + LISTED < found.total:
        buttons.append(Button(_("Next"), f"mb:daily:quiet:{track_id}:{found.at + LISTED}"))
    told = _("-# Only you see this, and nobody is told.")
    return Page(head, "\n".join(map(_quiet_line, found.members)), told, buttons=buttons)


def _quiet_line(member: QuietMember) -> str:
    name, when = shown(member.name), int(member.last_answer.timestamp())
    line = _("- {name} · last answer <t:{when}:D>", name=name, when=when)
    if member.away_until is None:
        return line
    away = _("🌴 away until {day}", day=weekday_and_day(member.away_until))
    return f"{line} · {away}"


def turnout_line(drill: Drill, turnout: Turnout) -> str:
    """How many have answered an open drill, of whom the reader is one, with the way there where all may read it."""
    said = _answered(turnout)
    if drill.mode is Mode.BLIND or drill.thread_id is None:
        return f"{said}."
    link = link_to(drill.guild_id, drill.thread_id, None)
    return _("{said}: [read along]({link})", said=said, link=link)


def _answered(turnout: Turnout) -> str:
    """A sentence without its period, since a link can follow."""
    answered, members = turnout
    if members <= 1:
        return _("You're the first to answer")
    if answered == 1:
        return _("You're the first of {members} to answer", members=members)
    if answered < members:
        return _("{answered} of {members} have answered", answered=answered, members=members)
    if members == 2:
        return _("Both of you have answered")
    return _("All {members} of you have answered", members=members)
