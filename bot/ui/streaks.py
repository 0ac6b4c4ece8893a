"""Streaks as people read them."""

from collections.abc import Sequence

import discord

from bot.domain.streaks import FREEZE_EVERY, FREEZES_HELD, MILESTONES, StreakState
from bot.services.repairs import RepairOffer
from bot.services.streaks import StreakMark, StreakNews, StreakView
from bot.ui.away import coming_line
from bot.ui.charts.streaks import FILE_NAME, streak_words
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import shown
from bot.ui.reminders import closed_news

STATES = {
    StreakState.SAFE: N_("You're safe: you've answered the newest question."),
    StreakState.DUE: N_("Today's question is still open and waiting for you."),
    StreakState.FROZEN: N_("A freeze covered the last miss; the streak goes on."),
    StreakState.AWAY: N_("Away: the streak rests."),
    StreakState.MISSED: N_("You missed the last question. Your next answer starts a new streak."),
    StreakState.NEW: N_("No streak yet. Answer before a question closes to start one."),
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
KEY = {
    StreakMark.ON_TIME: N_("✅ on time"),
    StreakMark.LATE: N_("🕒 late"),
    StreakMark.FREEZE: N_("❄️ freeze"),
    StreakMark.MISSED: N_("❌ missed"),
    StreakMark.AWAY: N_("🌴 away"),
    StreakMark.REPAIRED: N_("🩹 repaired"),
    StreakMark.OPEN: N_("⏳ open"),
}


def news(once: StreakNews) -> list[str]:
    """What has to be told once, in the next private reply: a spent freeze, reminders that Discord refused."""
    told: list[str] = []
    if once.spent:
        told.append(
            ngettext(
                "❄️ A freeze covered a question you missed.",
                "❄️ {number} freezes covered questions you missed.",
                once.spent,
            )
        )
    return [*told, closed_news()] if once.reminders_closed else told


def streak_page(
    view: StreakView,
    *,
    name: str,
    own: bool,
    member_id: int,
    shared: bool = False,
    drawn: bool = False,
    answer: str | None = None,
) -> Page:
    """A member's streak in a channel: numbers, the calendar if it was drawn, then the newest drills.

    Args:
        answer: the custom_id of the Answer button, where a question waits for the reader.
    """
    streak = view.streak
    title = _("### {name}'s streak in <#{channel}>", name=shown(name), channel=view.track.channel_id)
    if own:
        title = _("### Your streak in <#{channel}>", channel=view.track.channel_id)
    had = _(
        "Best **{best}** · Freezes **{freezes}** of {most}",
        best=streak.best,
        freezes=streak.freezes,
        most=FREEZES_HELD,
    )
    blocks = [f"{title}\n# 🔥 {streak.current}\n{had}{_reached(view.milestones)}"]
    if view.recent:
        marks = {day.mark for day in view.recent}
        key = " · ".join(_(said) for mark, said in KEY.items() if mark in marks)
        blocks.append(f"{' '.join(SIGNS[day.mark] for day in view.recent)}\n-# {key}")
    blocks.append(_(STATES[streak.state]))
    buttons = list[Button]()
    if streak.current and not shared:
        buttons.append(Button(_("Share"), f"mb:share:streak:{view.track.id}:{member_id}"))
    if own and not shared:
        if answer is not None:
            buttons.insert(0, Button(pgettext("button", "Answer"), answer, main=True))
        blocks += news(view.once)
        if view.offer is not None:
            blocks.append(_offered(view.offer))
            buttons.insert(0, Button(_("Repair"), f"mb:repair:open:{view.offer.drill.id}", main=True))
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
    until = int(offer.until.timestamp())
    if offer.quiz_id is not None:
        return _(
            "🩹 Your repair is waiting for its quiz questions. Go on with **Repair**, which closes <t:{until}:R>.",
            until=until,
        )
    return ngettext(
        "🩹 One missed question ended a streak of {number} answer. **Repair** it: answer the "
        "question, then get three quiz questions on its topic right. You have one try, and "
        "it closes <t:{until}:R>.",
        "🩹 One missed question ended a streak of {number} answers. **Repair** it: answer the "
        "question, then get three quiz questions on its topic right. You have one try, and "
        "it closes <t:{until}:R>.",
        offer.run,
        until=until,
    )


def _foot(current: int, reached: Sequence[int]) -> str:
    ahead = next((days for days in MILESTONES if days > current and days not in reached), None)
    said = _(
        "-# Every {number} answers earn a freeze. Days off and pauses never break a streak.", number=FREEZE_EVERY
    )
    if ahead is None:
        return said
    target = _("Next milestone: {number} in a row, {left} to go.", number=ahead, left=ahead - current)
    return f"{said} {target}"
