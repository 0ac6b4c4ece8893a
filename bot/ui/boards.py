"""Boards as people read them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import discord

from bot.domain.errors import Refusal
from bot.domain.points import ALL_TIME, Period, Ranked
from bot.services.boards import BEFORE, Board
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import Sentence, day_and_month, listed, month_and_year, plain, shown

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
PERIODS = {
    Period.THIS_WEEK: N_("This week"),
    Period.LAST_WEEK: N_("Last week"),
    Period.THIS_MONTH: N_("This month"),
    Period.LAST_MONTH: N_("Last month"),
    Period.ALL_TIME: N_("All time"),
}
TIED_NAMES = 3


REFUSALS: Mapping[str, Sentence] = {
    "boards.not_shared": N_("This member stays off public boards, so only they can share this."),
    "boards.old_button": N_("This button is from an older version. Use `/leaderboard members` again."),
}


def _dates(key: str) -> str:
    """The dates that a period's key means: `Nov 23 to Nov 29, 2026`, `November 2026`."""
    if "W" not in key:
        return month_and_year(date.fromisoformat(f"{key}-01"))
    monday = date.fromisoformat(f"{key}-1")
    sunday = monday + timedelta(days=6)
    ends = {"first": day_and_month(monday), "last": day_and_month(sunday)}
    return _("{first} to {last}, {year}", **ends, year=sunday.year)


def span(period: Period, key: str) -> str:
    """A period with its dates: `This week · Nov 23 to Nov 29, 2026`."""
    name = _(PERIODS[period])
    return name if key == ALL_TIME else f"{name} · {_dates(key)}"


def heading(title: str, period: Period, key: str, zone: str, channel_id: int | None) -> str:
    """A board's first block: what it ranks, of which place and dates."""
    scope = f"<#{channel_id}>" if channel_id else _("the whole server")
    dates = "" if key == ALL_TIME else f" · {_dates(key)}, {zone}"
    return f"### {title}: {_(PERIODS[period])}\n-# {scope}{dates}"


def parse_button(words: list[str]) -> tuple[Period, int | None, int]:
    """(period, channel or None, page) of a board's button; those of the first version carry no page."""
    if words[0] not in list(Period):
        raise Refusal("boards.old_button")
    return Period(words[0]), int(words[1]) or None, int(words[2]) if len(words) > 2 else 0


def place(rank: int) -> str:
    """A rank at the head of a line."""
    return MEDALS.get(rank, f"`{rank:>2}`")


def movement(rank: int, before: int | None) -> str:
    """How a rank changed since the period before, to be put behind a line; nothing of one that stayed."""
    if before is None:
        return f" · {_('new')}"
    if before == rank:
        return ""
    return f" · ▲{before - rank}" if before > rank else f" · ▼{rank - before}"


def movement_legend(period: Period) -> str:
    """What the signs of movement mean."""
    if period in (Period.THIS_WEEK, Period.LAST_WEEK):
        return _("-# Change since the week before: ▲ up, ▼ down.")
    return _("-# Change since the month before: ▲ up, ▼ down.")


def turning(kind: str, period: Period, channel_id: int | None, page: int, pages: int) -> list[Button]:
    """Back and Next, where there is more than one page."""
    if pages == 1:
        return []
    where = f"mb:board:{kind}:{period}:{channel_id or 0}"
    return [
        Button(_("Back"), f"{where}:{page - 1}", disabled=page == 0),
        Button(_("Next"), f"{where}:{page + 1}", disabled=page == pages - 1),
    ]


def _line(row: Ranked, board: Board) -> str:
    points = ngettext("{number} point", "{number} points", row.points)
    line = f"{place(row.rank)} **{shown(row.name)}** · {points}"
    line += movement(row.rank, row.before) if board.found.moving else ""
    run = board.runs.get(row.member_id, 0)
    return f"{line} · 🔥 {run}" if run else line


def podium_line(period: Period, best: Sequence[tuple[int, str, float]]) -> str:
    """The best of the period before one in which nobody has points yet: rank, name and points of each."""
    said = " · ".join(f"{place(rank)} {shown(name)} {plain(points)}" for rank, name, points in best)
    return f"**{_(PERIODS[BEFORE[period]])}** {said}"


def _names(names: Sequence[str]) -> str:
    """Some names in a sentence: `Anna`, `Anna and Ben`, `Anna, Ben and 3 more`."""
    said = [shown(name) for name in names]
    return listed(said) if len(said) <= TIED_NAMES + 1 else listed(said[:TIED_NAMES], len(said) - TIED_NAMES)


def _tie(board: Board) -> str | None:
    """Who shares the first place, where the reader is none of them."""
    first = [row for row in board.found.rows if row.rank == 1]
    if len(first) < 2:
        return None
    return _("-# {names} are tied for 1st.", names=_names([row.name for row in first]))


def _own(board: Board) -> str:
    if board.found.own is None:
        if board.period.over:  # which cannot be caught up with
            return _("You had no points in this period. Right now, an on-time answer earns 10, a late one 5.")
        return _("You have no points here yet. An on-time answer earns 10, a late one 5.")
    own = board.found.own
    if board.tied:
        text = ngettext(
            "You're tied for **#{rank}** with {names}: {number} point each.",
            "You're tied for **#{rank}** with {names}: {number} points each.",
            own.points,
            rank=own.rank,
            names=_names(board.tied),
        )
    else:
        text = ngettext(
            "You're **#{rank}** of {people} with {number} point.",
            "You're **#{rank}** of {people} with {number} points.",
            own.points,
            rank=own.rank,
            people=board.found.people + board.off,
        )
    if own.above is None:
        return text
    behind = ngettext(
        "{number} point behind {name}.",
        "{number} points behind {name}.",
        own.above.points - own.points,
        name=shown(own.above.name),
    )
    return f"{text} {behind}"


def board_page(
    board: Board, channel_id: int | None, *, shared: bool = False, picture: discord.MediaGalleryItem | None = None
) -> Page:
    """A board of members: ranks, names, points; where the asking member stands; an empty one says how to begin."""
    blocks = [heading(_("Leaderboard"), board.period, board.key, board.zone, channel_id)]
    blocks += _rows(board, shared=shared)
    buttons: Sequence[Button] = ()
    if not shared:
        off = _("-# You stay off boards: only you see your rank.") if board.off else ""
        blocks.append("\n".join(filter(None, (_own(board), off))))
        buttons = _buttons(board, channel_id)
    return Page(*blocks, buttons=buttons, picture=picture)


def _rows(board: Board, *, shared: bool) -> list[str]:
    if not board.found.rows:
        best = [(row.rank, row.name, row.points) for row in board.podium]
        podium = [podium_line(board.period, best)] if best else []
        if board.period.over:
            return [*podium, _("Nobody had points in this period.")]
        return [*podium, _("Nobody has points in this period yet.")]
    feet: list[str] = []
    if board.pages > 1:
        page = _("-# Page {page} of {pages}", page=board.page + 1, pages=board.pages)
        people = ngettext("{number} person", "{number} people", board.found.people)
        feet.append(f"{page} · {people}")
    tie = _tie(board) if shared or board.found.own is None or board.found.own.rank > 1 else None
    feet += [tie] if tie else []
    feet += [movement_legend(board.period)] if board.found.moving else []
    feet += [_("-# 🔥 Streak: questions in a row answered on time.")] if any(board.runs.values()) else []
    return ["\n".join([*(_line(row, board) for row in board.found.rows), *feet])]


def _buttons(board: Board, channel_id: int | None) -> list[Button]:
    where = f"{board.period}:{channel_id or 0}:{board.page}"
    buttons = turning("members", board.period, channel_id, board.page, board.pages)
    if board.found.rows:
        buttons.append(Button(_("Share"), f"mb:share:board:{where}"))
    stay = Button(_("Show me on boards"), f"mb:board:on:{where}")
    leave = Button(_("Keep me off boards"), f"mb:board:off:{where}")
    return [*buttons, stay if board.off else leave]
