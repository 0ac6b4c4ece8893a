"""Seasons as people read them: a month's champions when it turns, and the hall of fame."""

from collections.abc import Sequence
from datetime import date

import discord

from bot.services.seasons import HallOfFame, PendingSeason, SeasonStory, SeasonWinner
from bot.ui.charts.seasons import FILE_NAME, season_words
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.layouts import OPEN_ACCENT, Button, Page
from bot.ui.kit.words import listed, month_and_year, plain, shown

NAMED = 3
THIS_MONTH = "mb:board:members:this-month:0:0"


def season_key(told: PendingSeason) -> str:
    """The custom_id of the button under a season's message: by it the bot finds its own message again."""
    return f"mb:season:told:{told.track.id}:{told.month.key}"


def season_page(story: SeasonStory, told: PendingSeason, *, picture: bool) -> Page:
    """What everyone reads when a month has turned; `picture` where it is attached."""
    month = month_and_year(story.month.first)
    lines = [_("### 🏆 {month}", month=month)]
    if story.champions:
        lines.append(_champions(story.champions))
    if story.role_id is not None and story.champions:
        lines.append(_("<@&{role}> is theirs until the next champion is crowned.", role=story.role_id))
    blocks = ["\n".join(lines)]
    if story.teams:
        blocks.append(_teams(story.teams))
    had = ngettext("{number} person earned points.", "{number} people earned points.", story.people)
    blocks.append(f"-# {had} {_('A new month has begun: everybody starts from zero, and all-time points stay.')}")
    buttons = [Button(_("Hall of fame"), season_key(told)), Button(_("This month"), THIS_MONTH)]
    drawn = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=season_words(story, month))
    return Page(*blocks, buttons=buttons, accent=OPEN_ACCENT, picture=drawn if picture else None)


def _names(names: Sequence[str]) -> str:
    """Some names in a sentence: `anna`, `anna and ben`, `anna, ben, cleo and 2 more`."""
    said = [f"**{shown(name)}**" for name in names]
    most = NAMED if len(said) > NAMED + 1 else len(said)
    return listed(said[:most], len(said) - most)


def _champions(champions: Sequence[SeasonWinner]) -> str:
    names, number = _names([won.name for won in champions]), champions[0].points
    if len(champions) == 1:
        return ngettext(
            "{names} wins the month with {number} point!",
            "{names} wins the month with {number} points!",
            number,
            names=names,
        )
    return ngettext(
        "{names} share the title with {number} point each!",
        "{names} share the title with {number} points each!",
        number,
        names=names,
    )


def _teams(teams: Sequence[SeasonWinner]) -> str:
    names = _names([team.name for team in teams])
    values = {"names": names, "score": plain(teams[0].score), "counted": teams[0].counted}
    if len(teams) == 1:
        return _("Team of the month: {names}, with {score} points for each of its best {counted}.", **values)
    return _("Teams of the month: {names}, with {score} points for each of their best {counted}.", **values)


def hall_page(hall: HallOfFame, *, shared: bool = False) -> Page:
    """The hall of fame: this month so far, then the champions of the months before; an empty one says when."""
    blocks = [f"### {_('Hall of fame')}"]
    if hall.page == 0:
        blocks.append(_running(hall))
    months = dict.fromkeys(won.month for won in hall.winners)
    rows = [_row(month, [won for won in hall.winners if won.month == month]) for month in months]
    if hall.pages > 1:
        rows.append(_("-# Page {page} of {pages}", page=hall.page + 1, pages=hall.pages))
    blocks.append("\n".join(rows) if rows else _("No month has a champion yet."))
    buttons = [] if shared else _turning(hall)
    return Page(*blocks, buttons=buttons)


def _running(hall: HallOfFame) -> str:
    """Who is ahead this month, and when the champion is crowned."""
    if hall.turn is None:
        return _("Champions come with practice: a manager starts it with `/setup`.")
    when = f"<t:{int(hall.turn.timestamp())}:D>"
    if not hall.leaders:
        return _("**{month}** Nobody has points yet. The next champion is crowned {when}.", **_now(hall, when))
    names, number = _names([row.name for row in hall.leaders]), hall.leaders[0].points
    said = _("**{month}** so far: {names}", names=names, **_now(hall, when))
    ahead = ngettext("{number} point", "{number} points", number)
    return f"{said} · {ahead}\n-# {_('The next champion is crowned {when}.', when=when)}"


def _now(hall: HallOfFame, when: str) -> dict[str, str]:
    return {"month": month_and_year(hall.running), "when": when}


def _row(month: str, winners: Sequence[SeasonWinner]) -> str:
    """A month with who won it."""
    champions = [won for won in winners if won.member_id is not None]
    teams = [won for won in winners if won.member_id is None]
    said = [f"🏆 **{month_and_year(date.fromisoformat(f'{month}-01'))}**"]
    if champions:
        number = champions[0].points
        said += [_names([won.name for won in champions]), ngettext("{number} point", "{number} points", number)]
    line = " · ".join(said)
    if not teams:
        return line
    names = _names([team.name for team in teams])
    team = ngettext("team {names}", "teams {names}", len(teams), names=names)
    return f"{line}\n-# {team} · {_('{score} points per person', score=plain(teams[0].score))}"


def _turning(hall: HallOfFame) -> list[Button]:
    pages = [
        Button(_("Back"), f"mb:season:page:{hall.page - 1}", disabled=hall.page == 0),
        Button(_("Next"), f"mb:season:page:{hall.page + 1}", disabled=hall.page == hall.pages - 1),
    ]
    share = [Button(_("Share"), f"mb:share:season:{hall.page}")] if hall.winners else []
    return [*(pages if hall.pages > 1 else []), *share, Button(_("This month"), THIS_MONTH)]
