"""Milestones as people read them, and the roles that a manager chooses for them."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.errors import Problem
from bot.domain.seasons import CHAMPION
from bot.domain.streaks import MILESTONES
from bot.domain.text import visible
from bot.services.milestones import MilestoneRoles
from bot.ui.charts.milestones import FILE_NAME, milestone_words
from bot.ui.kit.catalog import _
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, counted, cut
from bot.ui.kit.words import NOBODY, Sentence, say, shown

REASON = "Mockingbird milestone"
"""Why a role changed, in the server's audit log."""


def roles_button(track_id: int) -> Button:
    """Opens the form on the panel of a track; for managers."""
    return Button("Milestone roles", f"mb:milestones:open:{track_id}")


def told_page(name: str, days: int, *, drawn: bool = False) -> Page:
    """What the thread reads of a milestone; `drawn` where its picture is attached."""
    picture = None
    if drawn:
        words = milestone_words(days, visible(name) or NOBODY)
        picture = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=words)
    return Page(f"🏅 **{shown(name)}** is on a **{days}**-question streak!", picture=picture)


def receipt_line(reached: Sequence[int]) -> str | None:
    """What the member reads of it in private."""
    return f"🏅 A milestone: {reached[-1]} questions in a row." if reached else None


PROBLEMS: Mapping[str, Sentence] = {
    "deleted": "This role was deleted. Choose another one.",
    "everyone": "@everyone belongs to Discord or to an app, so nobody can be given it. Choose another one.",
    "managed": "<@&{role_id}> belongs to Discord or to an app, so nobody can be given it. Choose another one.",
    "moderates": ("<@&{role_id}> has moderator permissions, and answers shouldn't bring those. Pick another one."),
    "no_permission": ("I need **Manage Roles**: Server Settings → Roles. I'll catch up from there."),
    "above": (
        "<@&{role_id}> is above my own role. Drag mine above it under Server Settings → Roles, and I'll catch up."
    ),
    "refused": "Discord won't let me give or take <@&{role_id}>: {said}. I'll try again in an hour.",
    "other": "<@&{role_id}> couldn't be given or taken back. I'll try again in an hour.",
}
"""Why a role cannot be given or taken back now, with what mends it."""


def giving_problem(guild: discord.Guild, role_id: int) -> Problem | None:
    """Why the bot cannot give a role now; None when it can."""
    role = guild.get_role(role_id)
    if role is None:
        return Problem("deleted")
    if role.is_default():
        return Problem("everyone")
    if role.managed:
        return Problem("managed", {"role_id": role_id})
    if (role.permissions & discord.Permissions.elevated()).value:
        return Problem("moderates", {"role_id": role_id})
    return taking_problem(guild, role)


def taking_problem(guild: discord.Guild, role: discord.Role) -> Problem | None:
    """Why the bot cannot take a role back now; None when it can."""
    if not guild.me.guild_permissions.manage_roles:
        return Problem("no_permission")
    if role >= guild.me.top_role:
        return Problem("above", {"role_id": role.id})
    return None


def problem_text(problem: Problem) -> str:
    """What a manager reads of a role's problem."""
    return say(PROBLEMS[problem.code], problem.values)


def roles_form(chosen: Mapping[int, str], track_id: int) -> Form:
    """Asks which role one milestone gives; left empty, it gives none. The others stay as they are.

    Args:
        chosen: the names of the roles that milestones give now.
    """
    form = Form("Milestone roles", f"mb:milestones:form:{track_id}")
    form.choose(
        "days",
        _("Milestone"),
        [
            discord.SelectOption(
                label=_days(days),
                value=str(days),
                description=f"Gives {cut(chosen[days], 80)} now" if days in chosen else None,
            )
            for days in (CHAMPION, *MILESTONES)
        ],
        hint=_("Pick one"),
        required=True,
    )
    form.pick_role("role", "Role it gives", None, "Leave empty for no role")
    return form


def roles_text(roles: MilestoneRoles, guild: discord.Guild) -> str | None:
    """How the milestone roles stand, with what a manager has to mend; None without any."""
    text = [f"**Milestone roles** {_roles(roles.chosen)}"] if roles.chosen else []
    text += [f"⚠️ {problem}" for problem in role_problems(roles, guild)]
    text += [
        f"-# <@&{role_id}> is still to be taken back from {counted(members, 'member')}."
        for role_id, members in roles.leaving.items()
        if guild.get_role(role_id) is not None
    ]
    return "\n".join(text) or None


def role_problems(roles: MilestoneRoles, guild: discord.Guild) -> list[str]:
    """What keeps roles from being given or taken back, each said once, with what mends it."""
    found = [giving_problem(guild, role_id) or roles.problems.get(role_id) for role_id in roles.chosen.values()]
    leaving = [guild.get_role(role_id) for role_id in roles.leaving]
    found += [taking_problem(guild, role) for role in leaving if role is not None]
    return list(dict.fromkeys(problem_text(problem) for problem in found if problem is not None))


def chosen_text(roles: MilestoneRoles) -> str:
    """What the form answers."""
    if not roles.chosen:
        return "Milestones don't give roles now."
    return (
        f"**Milestone roles** {_roles(roles.chosen)}\n-# Members get a role once they reach its milestone in any "
        "channel here, and keep it when their streak ends. Champions of a month have theirs until the next one is "
        "crowned. Clear a role in the form to take it back from everyone."
    )


def roles_change(before: Mapping[int, int], after: Mapping[int, int]) -> str:
    """What a manager has changed, as a log line."""
    return f"**Milestone roles** {_roles(before)} → {_roles(after)}"


def _roles(chosen: Mapping[int, int]) -> str:
    return " · ".join(f"{_short(days)}: <@&{role_id}>" for days, role_id in chosen.items()) or "none"


def _short(days: int) -> str:
    return _("champion") if days == CHAMPION else str(days)


def _days(days: int) -> str:
    return _("Champion of the month") if days == CHAMPION else _("{days} questions in a row", days=days)
