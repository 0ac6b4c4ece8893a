"""Streaks as people read them."""

from collections.abc import Sequence

import discord

from bot.domain.streaks import FREEZE_EVERY, FREEZES_HELD, MILESTONES, StreakState
from bot.services.repairs import RepairOffer
from bot.services.streaks import StreakMark, StreakNews, StreakView
from bot.ui.away import coming_line
from bot.ui.charts.streaks import FILE_NAME, streak_words
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import shown
from bot.ui.reminders import CLOSED_NEWS

STATES = {
    StreakState.SAFE: "You're safe: the newest question is answered.",
    StreakState.DUE: "Today's question is still open and waiting for you.",
    StreakState.FROZEN: "A freeze covered the last miss; the streak goes on.",
    StreakState.AWAY: "Away: the streak rests.",
    StreakState.MISSED: "You missed the last question. Your next answer starts a new streak.",
    StreakState.NEW: "No streak yet. Answer before a question closes to start one.",
}
SIGNS = {
    StreakMark.ON_TIME: "✅",
    StreakMark.LATE: "🕒",
    StreakMark.FREEZE: "❄️",
    StreakMark.MISSED: "❌",
    StreakMark.AWAY: "🌴",
    StreakMark.REPAIRED: "🩹",
    StreakMark.OPEN: "⏳",
}


def news(once: StreakNews) -> list[str]:
    """What has to be told once, in the next private reply: a spent freeze, reminders that Discord refused."""
    told = [_spent(once.spent)] if once.spent else []
    return [*told, CLOSED_NEWS] if once.reminders_closed else told


def _spent(freezes: int) -> str:
    if freezes == 1:
        return "❄️ A freeze covered a question you missed."
    return f"❄️ {freezes} freezes covered questions you missed."


def streak_page(
    view: StreakView,
    *,
    name: str,
    own: bool,
    member_id: int,
    shared: bool = False,
    drawn: bool = False,
) -> Page:
    """A member's streak in a channel: numbers, the calendar if it was drawn, then the newest drills."""
    streak = view.streak
    title = "Your streak" if own else f"{shown(name)}'s streak"
    head = (
        f"### {title} in <#{view.track.channel_id}>\n# 🔥 {streak.current}\n"
        f"Best **{streak.best}** · Freezes **{streak.freezes}** of {FREEZES_HELD}{_reached(view.milestones)}"
    )
    blocks = [head]
    if view.recent:
        key = " · ".join(
            f"{sign} {mark}" for mark, sign in SIGNS.items() if any(d.mark is mark for d in view.recent)
        )
        blocks.append(f"{' '.join(SIGNS[day.mark] for day in view.recent)}\n-# {key}")
    blocks.append(STATES[streak.state])
    buttons = [] if shared else [Button("Share", f"mb:share:streak:{view.track.id}:{member_id}")]
    if own and not shared:
        blocks += news(view.once)
        if view.offer is not None:
            blocks.append(_offered(view.offer))
            buttons.insert(0, Button("Repair", f"mb:repair:open:{view.offer.drill.id}", main=True))
        if (line := coming_line(view.coming)) is not None:
            blocks.append(line)
        blocks.append(_foot(streak.current, view.milestones))
    picture = None
    if drawn:
        picture = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=streak_words(view))
    return Page(*blocks, buttons=buttons, picture=picture)


def _reached(milestones: Sequence[int]) -> str:
    return f" · 🏅 {', '.join(map(str, milestones))}" if milestones else ""


def _offered(offer: RepairOffer) -> str:
    until = f"<t:{int(offer.until.timestamp())}:R>"
    if offer.quiz_id is not None:
        return f"🩹 Your repair waits for its quiz items. Go on with **Repair**, which closes {until}."
    return (
        f"🩹 One missed question ended a run of {counted(offer.run, 'answer')}. **Repair** it: answer the "
        f"question, then get three quiz items on its topic right. You have one try; it closes {until}."
    )


def _foot(current: int, reached: Sequence[int]) -> str:
    ahead = next((days for days in MILESTONES if days > current and days not in reached), None)
    target = f" Next milestone: {ahead} in a row." if ahead else ""
    return f"-# Every {FREEZE_EVERY} answers earn a freeze. Days off and pauses never break a streak.{target}"
