"""Boards as people read them."""

from datetime import date, timedelta

from bot.domain.points import ALL_TIME, Period
from bot.services.boards import Board
from bot.ui.layouts import Button, Page, counted, safe

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
PERIODS = {
    Period.THIS_WEEK: "This week",
    Period.LAST_WEEK: "Last week",
    Period.THIS_MONTH: "This month",
    Period.LAST_MONTH: "Last month",
    Period.ALL_TIME: "All time",
}


def _dates(key: str) -> str:
    """The dates that a period's key means: `23 Nov to 29 Nov 2026`, `November 2026`."""
    if "W" not in key:
        return f"{date.fromisoformat(f'{key}-01'):%B %Y}"
    monday = date.fromisoformat(f"{key}-1")
    return f"{monday:%-d %b} to {monday + timedelta(days=6):%-d %b %Y}"


def board_page(board: Board, channel_id: int | None, *, shared: bool = False) -> Page:
    """A board of members: ranks, names, points; where the asking member stands; an empty one says how to begin."""
    scope = f"<#{channel_id}>" if channel_id else "the whole server"
    span = "" if board.key == ALL_TIME else f" · {_dates(board.key)}, {board.zone}"
    blocks = [f"### Leaderboard: {PERIODS[board.period]}\n-# {scope}{span}"]
    if board.rows:
        lines = [
            f"{MEDALS.get(row.rank, f'`{row.rank:>2}`')} **{safe(board.names.get(row.member_id, 'A member'))}** · "
            f"{counted(row.points, 'point')}"
            for row in board.rows
        ]
        rest = board.people - len(board.rows)
        blocks.append("\n".join(lines) + (f"\n-# and {rest} more" if rest else ""))
    else:
        blocks.append("Nobody has points in this period yet.")
    if not shared:
        blocks.append(
            f"You: rank **{board.own[0]}** of {board.people} with {counted(board.own[1], 'point')}."
            if board.own
            else "You have no points here yet. An answer on time brings 10, a late one 5."
        )
    buttons = (
        [Button("Share", f"mb:share:board:{board.period}:{channel_id or 0}")] if board.rows and not shared else []
    )
    return Page(*blocks, buttons=buttons)
