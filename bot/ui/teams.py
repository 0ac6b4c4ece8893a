"""Teams as people read them: their board, their list, and the questions around them."""

from collections.abc import Mapping

import discord

from bot.domain.points import Period
from bot.domain.teams import Team
from bot.services.team_boards import ListedTeam, TeamBoard, TeamList, TeamRow
from bot.ui.boards import heading, movement, movement_legend, place, podium_line, turning
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.layouts import Beside, Button, Page
from bot.ui.kit.words import Sentence, plain, shown

CONTRIBUTORS, MEMBERS, IDLE, TORN = 4, 10, 5, 4
"""How many names stand in a line; the rest is a number."""
SHORT = 20
LEAST = 0.1
"""The smallest score that a board writes out: large teams divide by many."""
NO_TEAMS = N_("There's no team here yet. A manager can create one with `/team create`.")
NO_TEAM = N_("You're not on a team. Use `/team list` to see the teams and `/team join` to join one.")

REFUSALS: Mapping[str, Sentence] = {
    "teams.no_name": N_("A team needs a name of 1 to 50 characters with a letter, a digit or an emoji in it."),
    "teams.name_too_long": N_(
        "A team's name can have up to 50 characters; this one has {length}. Choose a shorter one."
    ),
    "teams.name_taken": N_(
        "There's already a team with that name. Choose another name; use `/team list` to see the teams."
    ),
    "teams.role_taken": N_(
        "Another team already has this role. Choose another role; use `/team list` to see which."
    ),
    "teams.role_unfit": N_("This role can't be a team's: everybody or an app has it. Choose another role."),
    "teams.none_yet": NO_TEAMS,
    "teams.unknown": N_("There's no team with that name here. Use `/team list` to see the teams."),
    "teams.deleted": N_("This team was already deleted. Use `/team list` to see how things stand."),
    "teams.already_in": N_("You're already on this team."),
    "teams.by_role": N_("This team gets its members from a role. Ask a manager for the role."),
    "teams.held_by_role": N_("You're on your team because of a role. Ask a manager to take the role away first."),
    "teams.in_none": N_("You're not on a team. Use `/team list` to see the teams."),
}


def points(number: float) -> str:
    """A score with its noun: `1 point`, `13.3 points`; what is left is never said to be nothing."""
    if 0 < number < LEAST / 2:
        return _("less than {points} points", points=plain(LEAST))
    text = plain(number)
    return ngettext("{points} point", "{points} points", 1 if text == "1" else 2, points=text)


def _some(names: list[str], limit: int, of: int) -> str:
    """The first names, and how many more there are."""
    listed = ", ".join(shown(name, SHORT) for name in names[:limit])
    more = of - min(limit, len(names))
    if not more:
        return listed
    if not listed:
        return ngettext("{number} member", "{number} members", more)
    return ngettext("{names} and {number} more", "{names} and {number} more", more, names=listed)


def _line(row: TeamRow, board: TeamBoard) -> str:
    parts = [f"{place(row.score.rank)} **{shown(row.team.name)}** · {points(row.score.score)}"]
    if board.moving:
        parts[0] += movement(row.score.rank, row.before)
    if row.run:
        parts.append(f"🔥 {row.run}")
    if row.team.deleted_at is not None:
        parts.append(pgettext("team", "deleted since"))
    contributors = [
        f"{board.names[one.member_id]}" for one in row.score.contributors if one.member_id in board.names
    ]
    return f"{' · '.join(parts)}\n-# {_some(contributors, CONTRIBUTORS, len(row.score.contributors))}"


def _own(board: TeamBoard) -> str:
    if board.own is None:
        return _(NO_TEAM)
    name = shown(board.own.name)
    if board.own_score is None:
        return _no_points(board.period, name)
    text = _(
        "Your team {team} is **#{rank}** with {points}.",
        team=name,
        rank=board.own_score.rank,
        points=points(board.own_score.score),
    )
    if board.above is None:
        return text
    team, score = board.above
    behind = points(score.score - board.own_score.score)
    return " ".join((text, _("{points} behind {team}.", points=behind, team=shown(team.name))))


def _no_points(period: Period, team: str) -> str:
    """What is said of a team without points, and how to get some; an ended period cannot be caught up with."""
    if period.over:
        return _(
            "Your team {team} had no points in this period. Right now, an on-time answer earns 10, a late one 5.",
            team=team,
        )
    return _("Your team {team} has no points here yet. An on-time answer earns 10, a late one 5.", team=team)


def team_board_page(
    board: TeamBoard,
    channel_id: int | None,
    *,
    shared: bool = False,
    picture: discord.MediaGalleryItem | None = None,
) -> Page:
    """The teams' board: scores with who made them, streaks, movement; an empty one says how to begin."""
    blocks = [heading(_("Teams"), board.period, board.key, board.zone, channel_id)]
    if board.rows:
        feet = [
            _("-# A team's score: the points of its best {count}, divided by {count}.", count=board.counted),
        ]
        if any(row.run for row in board.rows):
            feet.append(
                _(
                    "-# 🔥 Team streak: questions in a row that at least half of the active members answered on "
                    "time."
                )
            )
        if board.moving:
            feet.append(movement_legend(board.period))
        if board.pages > 1:
            feet.append(_("-# Page {page} of {pages}", page=board.page + 1, pages=board.pages))
        blocks += ["\n".join(_line(row, board) for row in board.rows), "\n".join(feet)]
    elif board.idle:
        if board.podium:
            best = [(score.rank, team.name, score.score) for team, score in board.podium]
            blocks.append(podium_line(board.period, best))
        over = _("No team had points in this period.")
        blocks.append(over if board.period.over else _("No team has points in this period yet."))
    else:
        blocks.append(_(NO_TEAMS))
    if board.idle:
        names = _some([team.name for team in board.idle], IDLE, len(board.idle))
        blocks.append(_("-# Without points: {teams}", teams=names))
    if shared:
        return Page(*blocks, picture=picture)
    if board.rows or board.idle:
        blocks.append(_own(board))
    buttons = turning("teams", board.period, channel_id, board.page, board.pages)
    if board.rows:
        buttons.append(Button(_("Share"), f"mb:share:teams:{board.period}:{channel_id or 0}:{board.page}"))
    return Page(*blocks, buttons=buttons, picture=picture)


def _listed(listed: ListedTeam, manager: bool) -> str | Beside:
    team = listed.team
    by_role = team.role_id is not None and not listed.role_gone
    members = ngettext("{number} member", "{number} members", len(listed.members))
    names = _some(listed.members, MEMBERS, len(listed.members)) if listed.members else _("nobody yet")
    week = _("{points} this week", points=points(listed.score))
    known = [f"<@&{team.role_id}>"] if by_role else []
    if listed.own:
        known.append(_("your team"))
    lines = [f"**{shown(team.name)}** · {members} · {week}", f"-# {' · '.join([*known, names])}"]
    if listed.role_gone and manager:
        lines.append(_("⚠️ Its role was deleted, so people join it by themselves now. Its members are still on it."))
    text = "\n".join(lines)
    return text if by_role or listed.own else Beside(text, Button(_("Join"), f"mb:team:join:{team.id}"))


def team_list_page(found: TeamList, *, manager: bool) -> Page:
    """The server's teams; managers also read what needs them."""
    if not found.teams:
        return Page("\n".join((_("### Teams"), _(NO_TEAMS))))
    blocks = [_("### Teams"), *(_listed(listed, manager) for listed in found.teams)]
    if found.torn and manager:
        blocks.append(_torn(found))
    feet = [_("-# Members by role show up after their first message or command.")]
    if found.pages > 1:
        feet.append(_("Page {page} of {pages}.", page=found.page + 1, pages=found.pages))
    blocks.append(" ".join(feet))
    buttons = []
    if found.pages > 1:
        buttons = [
            Button(_("Back"), f"mb:team:list:{found.page - 1}", disabled=found.page == 0),
            Button(_("Next"), f"mb:team:list:{found.page + 1}", disabled=found.page == found.pages - 1),
        ]
    return Page(*blocks, buttons=buttons)


def _torn(found: TeamList) -> str:
    """Who has the roles of two teams."""
    names = "; ".join(
        _(
            "{member} ({team}, also {other})",
            member=shown(member, SHORT),
            team=shown(here, SHORT),
            other=shown(there, SHORT),
        )
        for member, here, there in found.torn[:TORN]
    )
    more = len(found.torn) - TORN
    if more <= 0:
        return _("⚠️ These members have the roles of two teams; the older team counts: {members}.", members=names)
    return ngettext(
        "⚠️ These members have the roles of two teams; the older team counts: {members}; and {number} more.",
        "⚠️ These members have the roles of two teams; the older team counts: {members}; and {number} more.",
        more,
        members=names,
    )


def created_text(team: Team) -> str:
    """What a manager reads after making a team."""
    how = _("People join with `/team join`, which suggests its name.")
    if team.role_id is not None:
        how = _("Anyone with <@&{role}> is on it as soon as they write or use a command.", role=team.role_id)
    return " ".join((_("**{team}** is ready.", team=shown(team.name)), how))


def delete_page(team: Team, members: int) -> Page:
    """Asks before a team is deleted, and says what stays."""
    asked = ngettext(
        "Delete the team **{team}** with {number} member?",
        "Delete the team **{team}** with {number} members?",
        members,
        team=shown(team.name),
    )
    stays = _(
        "Its members keep their points, streaks and places on the members' boards. Finished "
        "weeks and months keep its score; current and all-time boards go on without it. Its "
        "name and role become free. This can't be undone."
    )
    return Page(
        f"{asked} {stays}",
        buttons=[Button(_("Delete it"), f"mb:team:delete:{team.id}", danger=True)],
    )


def renamed_text(old_name: str, team: Team) -> str:
    """What a manager reads after a team got another name."""
    return _(
        "The team {old} is now called **{new}**. Everything else stays.", old=shown(old_name), new=shown(team.name)
    )


def deleted_text(team: Team) -> str:
    """What a manager reads after a team was deleted."""
    return _("The team {team} is deleted. Its members keep their points.", team=shown(team.name))


def joined_text(team: Team, left: Team | None) -> str:
    """What a member reads after coming into a team, maybe from another one."""
    joined = _("You're on **{team}** now: what you earn from here on counts for the team.", team=shown(team.name))
    if left is None:
        return joined
    return " ".join((joined, _("What you earned for {team} stays there.", team=shown(left.name))))


def left_text(team: Team) -> str:
    """What a member reads after leaving a team."""
    return _("You left {team}. What you earned for it stays there; your points stay yours.", team=shown(team.name))
