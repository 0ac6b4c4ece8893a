"""Milestones as people read them, and the roles that a manager chooses for them."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.errors import Problem
from bot.domain.seasons import CHAMPION
from bot.domain.streaks import MILESTONES
from bot.domain.text import visible
from bot.services.milestones import MilestoneRoles
from bot.ui.charts.milestones import FILE_NAME, milestone_words
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, cut
from bot.ui.kit.words import NOBODY, Sentence, say, shown

REASON = N_("Mockingbird milestone")
"""Why a role changed, in the server's audit log."""


def roles_button(track_id: int) -> Button:
    """Opens the form on the panel of a track; for managers."""
    return Button(_("Milestone roles"), f"mb:milestones:open:{track_id}")


def told_page(name: str, days: int, *, drawn: bool = False) -> Page:
    """What the thread reads of a milestone; `drawn` where its picture is attached."""
    picture = None
    if drawn:
        words = milestone_words(days, visible(name) or _(NOBODY))
        picture = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=words)
    said = _("🏅 **{name}** is on a **{number}**-question streak!", name=shown(name), number=days)
    return Page(said, picture=picture)


def receipt_line(reached: Sequence[int]) -> str | None:
    """What the member reads of it in private."""
    return _("🏅 A milestone: {number} questions in a row.", number=reached[-1]) if reached else None


PROBLEMS: Mapping[str, Sentence] = {
    "deleted": N_("This role was deleted. Choose another one."),
    "everyone": N_("@everyone belongs to Discord or to an app, so nobody can be given it. Choose another one."),
    "managed": N_("<@&{role_id}> belongs to Discord or to an app, so nobody can be given it. Choose another one."),
    "moderates": N_(
        "<@&{role_id}> has moderator permissions, and answers shouldn't bring those. Pick another one."
    ),
    "no_permission": N_("I need **Manage Roles**: Server Settings → Roles. I'll catch up from there."),
    "above": N_(
        "<@&{role_id}> is above my own role. Drag mine above it under Server Settings → Roles, and I'll catch up."
    ),
    "refused": N_("Discord won't let me give or take <@&{role_id}>: {said}. I'll try again in an hour."),
    "other": N_("<@&{role_id}> couldn't be given or taken back. I'll try again in an hour."),
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
    form = Form(_("Milestone roles"), f"mb:milestones:form:{track_id}")
    form.choose(
        "days",
        _("Milestone"),
        [
            discord.SelectOption(
                label=_days(days),
                value=str(days),
                description=_("Gives {role} now", role=cut(chosen[days], 80)) if days in chosen else None,
            )
            for days in (CHAMPION, *MILESTONES)
        ],
        hint=_("Pick one"),
        required=True,
    )
    form.pick_role("role", _("Role it gives"), None, _("Leave empty for no role"))
    return form


def roles_text(roles: MilestoneRoles, guild: discord.Guild) -> str | None:
    """How the milestone roles stand, with what a manager has to mend; None without any."""
    text = [_chosen(roles)] if roles.chosen else []
    text += [f"⚠️ {problem}" for problem in role_problems(roles, guild)]
    text += [
        ngettext(
            "-# I still have to take <@&{role}> back from {number} member.",
            "-# I still have to take <@&{role}> back from {number} members.",
            members,
            role=role_id,
        )
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
        return _("Milestones don't give roles right now.")
    rules = _(
        "-# Members get a role once they reach its milestone in any channel here, and keep "
        "it when their streak ends. Champions of the month keep theirs until the next one is "
        "crowned. Clear a role in the form to take it back from everyone."
    )
    return f"{_chosen(roles)}\n{rules}"


def _chosen(roles: MilestoneRoles) -> str:
    return _("**Milestone roles** {roles}", roles=_roles(roles.chosen))


def roles_change(before: Mapping[int, int], after: Mapping[int, int]) -> str:
    """What a manager has changed, as a log line."""
    return _("**Milestone roles** {before} → {after}", before=_roles(before), after=_roles(after))


def _roles(chosen: Mapping[int, int]) -> str:
    listing = " · ".join(f"{_short(days)}: <@&{role_id}>" for days, role_id in chosen.items())
    return listing or pgettext("milestone roles", "none")


def _short(days: int) -> str:
    return _("champion") if days == CHAMPION else str(days)


def _days(days: int) -> str:
    return _("Champion of the month") if days == CHAMPION else _("{days} questions in a row", days=days)
