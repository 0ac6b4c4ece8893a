"""A scene of the demo's day: what a streak brings, and how it rests."""

from datetime import timedelta
from typing import Any

from bot.demo.transcript import Transcript
from bot.demo.world import World
from bot.ui.kit.layouts import page_text

ROLE = "Seven in a row"


def _reads(result: Any) -> str:
    return page_text(result.response.message.components)


async def streak_care(world: World, told: Transcript) -> None:
    """Anna's milestone and its role, her calendar, some days off, and a newcomer's reminders."""
    told.scene("What a streak brings, and how it rests")
    anna, maya = world.members["Anna"], world.manager
    await world.beat()
    said = [page_text(message.components) for thread in world.threads for message in thread.history()]
    told_of = [text for text in said if "Anna" in text and "is on a **7**-question streak" in text]
    told.check("the thread of her seventh answer tells Anna's milestone once", len(told_of) == 1)
    told.does("Maya", "opens /setup, presses Milestone roles and gives one for 7 in a row")
    role = world.guild.create_role(ROLE)
    settings = await maya.slash(world.practice, "setup")
    form = await maya.click(settings.response.message, label="Milestone roles")
    await maya.submit_modal(form, {"days": ["7"], "role": [role]})
    held = world.env.backend.get_guild(world.guild.id).members[anna.id].role_ids
    told.check("Anna has the role at once", role.id in held)
    told.does("Anna", "uses /streak")
    streak = await anna.slash(world.practice, "streak")
    told.check("it shows the weeks since the first answer as a picture", bool(streak.response.message.attachments))
    tomorrow = world.env.now().date() + timedelta(days=1)
    told.does("Anna", "uses /away set for tomorrow and the day after")
    days = {"from": f"{tomorrow}", "until": f"{tomorrow + timedelta(days=1)}"}
    away = await anna.slash(world.practice, "away set", **days)
    told.sees(_reads(away))
    told.check("28 of 30 days are left", "**28** of 30" in _reads(away) or "**29** of 30" in _reads(away))
    told.does("Anna", "changes her mind and presses Take it back")
    back = await anna.click(away.response.message, label="Take it back")
    told.check("she has all of them again", "**30** of 30" in _reads(back))
    told.does("Newcomer", "uses /reminders on hour:18")
    reminders = await world.members["Newcomer"].slash(world.practice, "reminders on", hour=18)
    told.sees(_reads(reminders))
    told.check("reminders are on", "Reminders are on" in _reads(reminders))
