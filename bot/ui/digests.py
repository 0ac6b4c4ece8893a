"""The weekly digest as people read it, and the form with which managers plan it."""

from collections.abc import Mapping

import discord

from bot.domain.digests import FIVE, FRIDAY, DigestWeek, told_week
from bot.domain.schedule import local_date
from bot.domain.tracks import Track
from bot.services.digests import Digest, PendingDigest
from bot.ui.boards import MEDALS
from bot.ui.charts.digests import digest_words
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import OPEN_ACCENT, Button, Page
from bot.ui.kit.words import Sentence, day_and_month, quoted, shown, weekday
from bot.ui.teams import points
from bot.ui.votes import linked

PICTURE = "digest.png"
STEM_LIMIT = 600

REFUSALS: Mapping[str, Sentence] = {
    "digests.one_day": N_("The digest comes once a week. Write one day, like fri, or off."),
    "digests.bad_hour": N_("“{text}” isn't an hour. Write a number from 0 to 23, like 17."),
}


def week_dates(week: DigestWeek) -> str:
    """A week's first and last day: `Nov 23 to Nov 29`."""
    return _("{first} to {last}", first=day_and_month(week.monday), last=day_and_month(week.sunday))


def _dates(week: DigestWeek) -> str:
    """The same with its year."""
    ends = {"first": day_and_month(week.monday), "last": day_and_month(week.sunday)}
    return _("{first} to {last}, {year}", **ends, year=week.sunday.year)


def digest_key(pending: PendingDigest) -> str:
    """The custom_id of the digest's button: by it the bot finds its own message again."""
    return f"mb:digest:board:{pending.track.id}:{pending.key}"


def digest_name(pending: PendingDigest) -> str:
    """The name of a digest's post in a forum."""
    return _("The week of {dates}, {year}", dates=week_dates(pending.week), year=pending.week.sunday.year)


def digest_button(track: Track) -> Button:
    """Opens the form; it stands beside a track's settings."""
    return Button(_("Weekly digest"), f"mb:digest:open:{track.id}")


def digest_time(track: Track) -> str:
    """When the digest comes, as one of a track's settings."""
    if track.digest_day is None:
        return pgettext("weekly digest", "off")
    return _("{weekday} at {time}", weekday=weekday(track.digest_day), time=f"{track.digest_hour:02}:00")


def missed_digest_line(track: Track, week: DigestWeek) -> str:
    """Tells managers that nobody got the last digest."""
    missed = _(
        "⚠️ The weekly digest of {dates} couldn't be posted in time, so I skipped it.", dates=week_dates(week)
    )
    if track.digest_due_utc is None:
        return missed
    coming = _("The next one comes <t:{when}:F>.", when=int(track.digest_due_utc.timestamp()))
    return f"{missed} {coming}"


def digest_form(track: Track) -> Form:
    """Asks when the digest shall come; while it is off, a time that suits most is filled in."""
    form = Form(_("Weekly digest"), f"mb:digest:form:{track.id}")
    on = track.digest_day is not None
    day = track.digest_day if track.digest_day is not None else FRIDAY
    form.ask("day", _("Day, or off"), hint=weekday(FRIDAY), value=weekday(day), required=False)
    hour = track.digest_hour if on else FIVE
    label = _("Hour, 0 to 23, in {zone}", zone=track.zone)
    form.ask("hour", label[:45], hint="17", value=str(hour), required=False)
    return form


def planned_text(track: Track) -> str:
    """What a manager reads after the form."""
    if track.digest_due_utc is None:
        return _(
            "The weekly digest of <#{channel}> is off. The same button turns it on again.", channel=track.channel_id
        )
    values = {"channel": track.channel_id, "when": int(track.digest_due_utc.timestamp())}
    day = local_date(track.digest_due_utc, track.zone)
    if told_week(day, track.zone).sunday >= day:
        return _(
            "<#{channel}> gets a digest every week. The next one comes <t:{when}:F> and covers that week.",
            **values,
        )
    return _(
        "<#{channel}> gets a digest every week. The next one comes <t:{when}:F> and covers the week before.",
        **values,
    )


def _next(digest: Digest, *, drawn: bool) -> str:
    """What comes next; the picture says when."""
    track = digest.track
    if track.next_due_utc is None:
        return _("**Next** Practice is paused. It goes on once a manager resumes it.")
    if not digest.total:
        return _(
            "**Next** There are no questions in the chosen topics. A manager can add more with `/setup topics:all`."
        )
    left = _("the questions start over")
    if digest.left:
        left = ngettext(
            "{number} of {all} questions left", "{number} of {all} questions left", digest.left, all=digest.total
        )
    if drawn:
        return f"-# {left}"
    coming = _("**Next question** <t:{when}:F>", when=int(track.next_due_utc.timestamp()))
    return f"{coming} · {left}"


def _teams(digest: Digest) -> str:
    score = digest.teams[0][1]
    names = ", ".join(f"**{shown(team.name)}**" for team, _score in digest.teams)
    title = _("**Top team**") if len(digest.teams) == 1 else _("**Top teams, tied**")
    each = _("{points} for each of the best {number}", points=points(score.score), number=score.counted)
    return f"{title}\n{names} · {each}"


def digest_page(digest: Digest, pending: PendingDigest, *, picture: bool) -> Page:
    """The digest's message; a week without answers gets a short one. What the picture says is not said twice."""
    title = _("### The week in <#{channel}>", channel=digest.track.channel_id)
    head = f"{title}\n-# {_dates(digest.week)}"
    buttons = [Button(_("Leaderboard"), digest_key(pending))]
    if not sum(digest.answers):
        quiet = _("No questions this week, so streaks rested.")
        if digest.posted:
            quiet = _("A quiet week: nobody answered. A few words on the next question get it going again.")
        return Page(f"{head}\n{quiet}", _next(digest, drawn=False), buttons=buttons, accent=OPEN_ACCENT)
    blocks = [title if picture else f"{head}\n{_turnout(digest)}"]
    if digest.top:
        rows = [
            f"{MEDALS.get(row.rank, '▫️')} **{shown(row.name)}** · "
            + ngettext("{number} point", "{number} points", row.points)
            for row in digest.top
        ]
        blocks.append("\n".join([_("**Most points**"), *rows]))
    if digest.teams:
        blocks.append(_teams(digest))
    if digest.best is not None and picture:
        if digest.best.link:
            blocks.append(_("**[Read the best answer of the week]({link})**", link=digest.best.link))
    elif digest.best is not None:
        said = _(
            "**Best answer of the week** {name}, {votes} 👍", name=shown(digest.best.name), votes=digest.best.votes
        )
        blocks.append(linked(said, digest.best))
    if digest.missed is not None:
        item, missed = digest.missed
        blocks.append(
            ngettext(
                "**Missed most often in quizzes**, by {number} person\n{question}",
                "**Missed most often in quizzes**, by {number} people\n{question}",
                missed,
                question=quoted(item.stem, STEM_LIMIT),
            )
        )
    words = digest_words(digest, week_dates(digest.week))
    drawn = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=words) if picture else None
    return Page(*blocks, _next(digest, drawn=picture), buttons=buttons, accent=OPEN_ACCENT, picture=drawn)


def _turnout(digest: Digest) -> str:
    answers = ngettext(
        "**{number} answer** by {people}",
        "**{number} answers** by {people}",
        sum(digest.answers),
        people=ngettext("{number} person", "{number} people", digest.people),
    )
    if not sum(digest.before):
        return answers
    earlier = ngettext("{number} answer the week before", "{number} answers the week before", sum(digest.before))
    return f"{answers} · {earlier}"
