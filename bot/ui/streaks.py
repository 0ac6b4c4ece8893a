"""Streaks as people read them."""

from bot.domain.streak import FREEZE_EVERY, FREEZES_HELD, Outcome, State
from bot.services.streaks import StreakView
from bot.ui.layouts import Button, Page, safe

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
