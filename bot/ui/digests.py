"""The weekly digest as people read it, and the form with which managers plan it."""

from collections.abc import Mapping

import discord

from bot.domain.digests import FIVE, FRIDAY, DigestWeek, told_week
from bot.domain.schedule import DAY_NAMES, local_date
from bot.domain.tracks import Track
from bot.services.digests import Digest, PendingDigest
from bot.ui.boards import MEDALS
from bot.ui.charts.digests import digest_words
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import OPEN_ACCENT, Button, Page, counted
from bot.ui.kit.words import Sentence, day_and_month, quoted, shown
from bot.ui.teams import points

PICTURE = "digest.png"
STEM_LIMIT = 600
QUIET = "A quiet week: nobody answered. A few words on the next question get it going again."
NO_NEXT = "**Next** There are no questions in the chosen topics. A manager can widen them: `/setup topics:all`."
NO_QUESTION = "No questions this week, so streaks rested."

REFUSALS: Mapping[str, Sentence] = {
    "digests.one_day": "The digest comes once a week. Write one day, like fri, or off.",
    "digests.bad_hour": "“{text}” isn't an hour. Write a number from 0 to 23, like 17.",
}


def week_dates(week: DigestWeek) -> str:
    """A week's first and last day: `23 Nov to 29 Nov`."""
    return f"{day_and_month(week.monday)} to {day_and_month(week.sunday)}"


def digest_key(pending: PendingDigest) -> str:
    """The custom_id of the digest's button: by it the bot finds its own message again."""
    return f"mb:digest:board:{pending.track.id}:{pending.key}"


def digest_name(pending: PendingDigest) -> str:
    """The name of a digest's post in a forum."""
    return f"The week of {week_dates(pending.week)} {pending.week.sunday.year}"


def digest_button(track: Track) -> Button:
    """Opens the form; it stands beside a track's settings."""
    return Button("Weekly digest", f"mb:digest:open:{track.id}")


def digest_time(track: Track) -> str:
    """When the digest comes, as one of a track's settings."""
    return (
        "off" if track.digest_day is None else f"{DAY_NAMES[track.digest_day].title()} at {track.digest_hour:02}:00"
    )


def missed_digest_line(track: Track, week: DigestWeek) -> str:
    """Tells managers that nobody got the last digest."""
    coming = f" The next one comes <t:{int(track.digest_due_utc.timestamp())}:F>." if track.digest_due_utc else ""
    return f"⚠️ The weekly digest of {week_dates(week)} couldn't be posted in time, so I skipped it.{coming}"


def digest_form(track: Track) -> Form:
    """Asks when the digest shall come; while it is off, a time that suits most is filled in."""
    form = Form("Weekly digest", f"mb:digest:form:{track.id}")
    on = track.digest_day is not None
    day = DAY_NAMES[track.digest_day if track.digest_day is not None else FRIDAY]
    form.ask("day", "Day, or off", hint="fri", value=day, required=False)
    hour = track.digest_hour if on else FIVE
    form.ask("hour", f"Hour, 0 to 23, in {track.zone}"[:45], hint="17", value=str(hour), required=False)
    return form


def planned_text(track: Track) -> str:
    """What a manager reads after the form."""
    if track.digest_due_utc is None:
        return f"The weekly digest of <#{track.channel_id}> is off. The same button turns it on again."
    at = int(track.digest_due_utc.timestamp())
    day = local_date(track.digest_due_utc, track.zone)
    told = "that week" if told_week(day, track.zone).sunday >= day else "the week before"
    return f"<#{track.channel_id}> gets a digest every week. The next one comes <t:{at}:F> and tells of {told}."


def _next(digest: Digest) -> str:
    """What comes next."""
    track = digest.track
    if track.next_due_utc is None:
        return "**Next** Practice is paused. It goes on when a manager resumes it."
    if not digest.total:
        return NO_NEXT
    left = f"{counted(digest.left, 'question')} of {digest.total} left" if digest.left else "the topics begin again"
    return f"**Next question** <t:{int(track.next_due_utc.timestamp())}:F> · {left}"


def _teams(digest: Digest) -> str:
    score = digest.teams[0][1]
    names = ", ".join(f"**{shown(team.name)}**" for team, _ in digest.teams)
    title = "Top team" if len(digest.teams) == 1 else "Top teams, side by side"
    return f"**{title}**\n{names} · {points(score.score)} for each of the best {score.counted}"


def digest_page(digest: Digest, pending: PendingDigest, *, picture: bool) -> Page:
    """The digest's message; a week without answers gets a short one."""
    head = f"### The week in <#{digest.track.channel_id}>\n-# {week_dates(digest.week)} {digest.week.sunday.year}"
    buttons = [Button("Leaderboard", digest_key(pending))]
    if not sum(digest.answers):
        quiet = QUIET if digest.posted else NO_QUESTION
        return Page(f"{head}\n{quiet}", _next(digest), buttons=buttons, accent=OPEN_ACCENT)
    people = "1 person" if digest.people == 1 else f"{digest.people} people"
    earlier = f" · {counted(sum(digest.before), 'answer')} the week before" if sum(digest.before) else ""
    blocks = [f"{head}\n**{counted(sum(digest.answers), 'answer')}** by {people}{earlier}"]
    if digest.top:
        rows = [
            f"{MEDALS.get(row.rank, '▫️')} **{shown(row.name)}** · {counted(row.points, 'point')}"
            for row in digest.top
        ]
        blocks.append("**Most points**\n" + "\n".join(rows))
    if digest.teams:
        blocks.append(_teams(digest))
    if digest.best is not None:
        link = f" · [read it]({digest.best.link})" if digest.best.link else ""
        blocks.append(f"**Best answer of the week** {shown(digest.best.name)}, {digest.best.votes} 👍{link}")
    if digest.missed is not None:
        item, missed = digest.missed
        who = "1 person" if missed == 1 else f"{missed} people"
        blocks.append(f"**Missed most often in quizzes**, by {who}\n{quoted(item.stem, STEM_LIMIT)}")
    words = digest_words(digest, week_dates(digest.week))
    drawn = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=words) if picture else None
    return Page(*blocks, _next(digest), buttons=buttons, accent=OPEN_ACCENT, picture=drawn)
