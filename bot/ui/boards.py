"""Streaks and boards as people read them."""

from datetime import date, timedelta

from bot.domain.points import ALL_TIME, Period
from bot.domain.streak import FREEZE_EVERY, FREEZES_HELD, Outcome, State
from bot.services.boards import Board
from bot.services.streaks import StreakView
from bot.ui.layouts import Button, Page, counted, safe

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
PERIODS = {
    Period.THIS_WEEK: "This week",
    Period.LAST_WEEK: "Last week",
    Period.THIS_MONTH: "This month",
    Period.LAST_MONTH: "Last month",
    Period.ALL_TIME: "All time",
}
STATES = {
    State.SAFE: "Safe: the newest question is answered.",
    State.DUE: "Today's question is open and waits for an answer.",
    State.FROZEN: "A freeze covered the last miss; the streak goes on.",
    State.AWAY: "Away: the streak rests.",
    State.MISSED: "The last question was missed. The next answer starts a new streak.",
    State.NEW: "No streak yet. An answer before a question closes starts one.",
}
FREEZE_NEWS = "❄️ A freeze was spent on a question that was missed, so the streak goes on."


def streak_page(
    view: StreakView, *, name: str, own: bool, channel_id: int, track_id: int, member_id: int, shared: bool = False
) -> Page:
    """A member's streak in a channel: numbers first, then the newest drills from old to new."""
    streak = view.streak
    title = "Your streak" if own else f"{safe(name)}'s streak"
    blocks = [
        f"### {title} in <#{channel_id}>\n# 🔥 {streak.current}\n"
        f"Best **{streak.best}** · Freezes **{streak.freezes}** of {FREEZES_HELD}"
    ]
    if view.recent:
        signs = [_sign(outcome, at in view.frozen, at in view.late) for at, outcome in enumerate(view.recent)]
        blocks.append(f"{' '.join(signs)}\n-# ✅ on time · 🕒 late · ❄️ freeze · ▫️ missed · ⏳ open")
    blocks.append(STATES[streak.state])
    if own and view.news:
        blocks.append(FREEZE_NEWS)
    if own and not shared:
        blocks.append(f"-# A freeze is earned every {FREEZE_EVERY} answers. Days off and pauses never count.")
    buttons = [] if shared else [Button("Share", f"mb:share:streak:{track_id}:{member_id}")]
    return Page(*blocks, buttons=buttons)


def _sign(outcome: Outcome, frozen: bool, late: bool) -> str:
    if frozen:
        return "❄️"
    if outcome is Outcome.ANSWERED:
        return "✅"
    if late:
        return "🕒"
    return "⏳" if outcome is Outcome.OPEN else "▫️"


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
