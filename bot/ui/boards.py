"""Boards as people read them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import discord

from bot.domain.errors import Refusal
from bot.domain.points import ALL_TIME, Period, Ranked
from bot.services.boards import BEFORE, Board
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import Sentence, day_and_month, month_and_year, shown

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
PERIODS = {
    Period.THIS_WEEK: "This week",
    Period.LAST_WEEK: "Last week",
    Period.THIS_MONTH: "This month",
    Period.LAST_MONTH: "Last month",
    Period.ALL_TIME: "All time",
}
TIED_NAMES = 3


REFUSALS: Mapping[str, Sentence] = {
    "boards.not_shared": "This member stays off public boards, so only they can share this.",
    "boards.old_button": "This button belongs to an older version. Use `/leaderboard members` again.",
}


def _dates(key: str) -> str:
    """The dates that a period's key means: `23 Nov to 29 Nov 2026`, `November 2026`."""
    if "W" not in key:
        return month_and_year(date.fromisoformat(f"{key}-01"))
    monday = date.fromisoformat(f"{key}-1")
    sunday = monday + timedelta(days=6)
    return f"{day_and_month(monday)} to {day_and_month(sunday)} {sunday.year}"


def span(period: Period, key: str) -> str:
    """A period with its dates: `This week · 23 Nov to 29 Nov 2026`."""
    return PERIODS[period] if key == ALL_TIME else f"{PERIODS[period]} · {_dates(key)}"


def heading(title: str, period: Period, key: str, zone: str, channel_id: int | None) -> str:
    """A board's first block: what it ranks, of which place and dates."""
    scope = f"<#{channel_id}>" if channel_id else "the whole server"
    dates = "" if key == ALL_TIME else f" · {_dates(key)}, {zone}"
    return f"### {title}: {PERIODS[period]}\n-# {scope}{dates}"


def parse_button(words: list[str]) -> tuple[Period, int | None, int]:
    """(period, channel or None, page) of a board's button; those of the first version carry no page."""
    if words[0] not in list(Period):
        raise Refusal("boards.old_button")
    return Period(words[0]), int(words[1]) or None, int(words[2]) if len(words) > 2 else 0


def place(rank: int) -> str:
    """A rank at the head of a line."""
    return MEDALS.get(rank, f"`{rank:>2}`")


def movement(rank: int, before: int | None) -> str:
    """How a rank changed since the period before."""
    if before is None:
        return "new"
    if before == rank:
        return "•"
    return f"▲{before - rank}" if before > rank else f"▼{rank - before}"


def movement_legend(period: Period) -> str:
    """What the signs of movement mean."""
    earlier = "week" if period in (Period.THIS_WEEK, Period.LAST_WEEK) else "month"
    return f"-# Change since the {earlier} before: ▲ up, ▼ down, • same."


def turning(kind: str, period: Period, channel_id: int | None, page: int, pages: int) -> list[Button]:
    """Back and Next, where there is more than one page."""
    if pages == 1:
        return []
    where = f"mb:board:{kind}:{period}:{channel_id or 0}"
    return [
        Button("Back", f"{where}:{page - 1}", disabled=page == 0),
        Button("Next", f"{where}:{page + 1}", disabled=page == pages - 1),
    ]


def nothing_yet(period: Period) -> str:
    """What is said of those of whom nobody has points."""
    return "had points in this period." if period.over else "has points in this period yet."


def no_points(period: Period, has: str = "has") -> str:
    """What is said of one without points, and how to get some; an ended period cannot be caught up with."""
    if period.over:
        return "had no points in this period. Right now an on-time answer brings 10, a late one 5."
    return f"{has} no points here yet. An on-time answer brings 10, a late one 5."


def _line(row: Ranked, board: Board) -> str:
    line = f"{place(row.rank)} **{shown(row.name)}** · {counted(row.points, 'point')}"
    return f"{line} · {movement(row.rank, row.before)}" if board.found.moving else line


def podium_line(period: Period, rows: Sequence[Ranked]) -> str:
    """The best of the period before one in which nobody has points yet."""
    best = " · ".join(f"{place(row.rank)} {shown(row.name)} {row.points}" for row in rows)
    return f"**{PERIODS[BEFORE[period]]}** {best}"


def _names(names: Sequence[str]) -> str:
    """Some names in a sentence: `Anna`, `Anna and Ben`, `Anna, Ben and 3 more`."""
    said = [shown(name) for name in names]
    if len(said) > TIED_NAMES + 1:
        said = [*said[:TIED_NAMES], f"{len(said) - TIED_NAMES} more"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _tie(board: Board) -> str | None:
    """Who shares the first place, where the reader is none of them."""
    first = [row for row in board.found.rows if row.rank == 1]
    if len(first) < 2:
        return None
    return f"-# {_names([row.name for row in first])} are tied for 1st."


def _own(board: Board) -> str:
    if board.found.own is None:
        return f"You {no_points(board.period, has='have')}"
    own = board.found.own
    people = board.found.people + board.off
    if board.tied:
        place = f"You're tied for **#{own.rank}** with {_names(board.tied)}"
        text = f"{place}: {counted(own.points, 'point')} each."
    else:
        text = f"You're **#{own.rank}** of {people} with {counted(own.points, 'point')}."
    if own.above is not None:
        text += f" {counted(own.above.points - own.points, 'point')} behind {shown(own.above.name)}."
    return text


def board_page(
    board: Board, channel_id: int | None, *, shared: bool = False, picture: discord.MediaGalleryItem | None = None
) -> Page:
    """A board of members: ranks, names, points; where the asking member stands; an empty one says how to begin."""
    blocks = [heading("Leaderboard", board.period, board.key, board.zone, channel_id)]
    blocks += _rows(board, shared=shared)
    buttons: Sequence[Button] = ()
    if not shared:
        off = "-# You stay off boards: only you see your rank." if board.off else ""
        blocks.append("\n".join(filter(None, (_own(board), off))))
        buttons = _buttons(board, channel_id)
    return Page(*blocks, buttons=buttons, picture=picture)


def _rows(board: Board, *, shared: bool) -> list[str]:
    if not board.found.rows:
        podium = [podium_line(board.period, board.podium)] if board.podium else []
        return [*podium, f"Nobody {nothing_yet(board.period)}"]
    feet = [f"-# Page {board.page + 1} of {board.pages} · {board.found.people} people"] if board.pages > 1 else []
    tie = _tie(board) if shared or board.found.own is None or board.found.own.rank > 1 else None
    feet += [tie] if tie else []
    feet += [movement_legend(board.period)] if board.found.moving else []
    return ["\n".join([*(_line(row, board) for row in board.found.rows), *feet])]


def _buttons(board: Board, channel_id: int | None) -> list[Button]:
    where = f"{board.period}:{channel_id or 0}:{board.page}"
    buttons = turning("members", board.period, channel_id, board.page, board.pages)
    if board.found.rows:
        buttons.append(Button("Share", f"mb:share:board:{where}"))
    stay = Button("Show me on boards", f"mb:board:on:{where}")
    leave = Button("Keep me off boards", f"mb:board:off:{where}")
    return [*buttons, stay if board.off else leave]
