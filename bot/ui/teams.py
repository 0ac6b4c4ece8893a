"""Teams as people read them: their board, their list, and the questions around them."""

from collections.abc import Mapping

import discord

from bot.domain.teams import Team
from bot.services.team_boards import ListedTeam, TeamBoard, TeamList, TeamRow
from bot.ui.boards import heading, movement, movement_legend, no_points, nothing_yet, place, turning
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import Sentence, plain, shown

CONTRIBUTORS, MEMBERS, IDLE, TORN = 4, 10, 5, 4
"""How many names stand in a line; the rest is a number."""
SHORT = 20
LEAST = 0.1
"""The smallest score that a board writes out: large teams divide by many."""
NO_TEAMS = "There's no team here yet. A manager can make one with `/team create`."
NO_TEAM = "You're not on a team. `/team list` shows the teams, `/team join` adds you to one."

REFUSALS: Mapping[str, Sentence] = {
    "teams.no_name": "A team needs a name of 1 to 50 characters with a letter, a digit or an emoji in it.",
    "teams.name_too_long": (
        "A team's name has at most 50 characters; this one has {length}. Choose a shorter one."
    ),
    "teams.name_taken": (
        "There's already a team with that name. Choose another name; `/team list` shows the teams."
    ),
    "teams.role_taken": "Another team has this role already. Choose another role; `/team list` shows which.",
    "teams.role_unfit": "This role cannot be a team's: everybody or an app has it. Choose another role.",
    "teams.none_yet": NO_TEAMS,
    "teams.unknown": "There's no team with that name here. `/team list` shows the teams.",
    "teams.deleted": "This team was deleted already. `/team list` shows how things stand.",
    "teams.already_in": "You're already on this team.",
    "teams.by_role": "This team takes its members by a role. Ask a manager for the role.",
    "teams.held_by_role": "You're on your team because of a role. Ask a manager to take the role away first.",
    "teams.in_none": "You're not on a team. `/team list` shows the teams.",
}


def points(number: float) -> str:
    """A score with its noun: `1 point`, `13.3 points`; what is left is never said to be nothing."""
    if 0 < number < LEAST / 2:
        return f"less than {LEAST} points"
    text = plain(number)
    return f"{text} {'point' if text == '1' else 'points'}"


def _some(names: list[str], limit: int, of: int) -> str:
    """The first names, and how many more there are."""
    listed = ", ".join(shown(name, SHORT) for name in names[:limit])
    more = of - min(limit, len(names))
    if not more:
        return listed
    return f"{listed} and {more} more" if listed else counted(more, "member")


def _line(row: TeamRow, board: TeamBoard) -> str:
    parts = [f"{place(row.score.rank)} **{shown(row.team.name)}** · {points(row.score.score)}"]
    if board.moving:
        parts.append(movement(row.score.rank, row.before))
    if row.run:
        parts.append(f"🔥 {row.run}")
    if row.team.deleted_at is not None:
        parts.append("deleted since")
    contributors = [
        f"{board.names[one.member_id]}" for one in row.score.contributors if one.member_id in board.names
    ]
    return f"{' · '.join(parts)}\n-# {_some(contributors, CONTRIBUTORS, len(row.score.contributors))}"


def _own(board: TeamBoard) -> str:
    if board.own is None:
        return NO_TEAM
    name = shown(board.own.name)
    if board.own_score is None:
        return f"Your team {name} {no_points(board.period)}"
    text = f"Your team {name}: rank **{board.own_score.rank}** with {points(board.own_score.score)}."
    if board.above is None:
        return text
    team, score = board.above
    return f"{text} {points(score.score - board.own_score.score)} behind {shown(team.name)}."


def team_board_page(
    board: TeamBoard,
    channel_id: int | None,
    *,
    shared: bool = False,
    picture: discord.MediaGalleryItem | None = None,
) -> Page:
    """The teams' board: scores with who made them, streaks, movement; an empty one says how to begin."""
    blocks = [heading("Teams", board.period, board.key, board.zone, channel_id)]
    if board.rows:
        feet = [f"-# A team's score: the points of its best {board.counted}, divided by {board.counted}."]
        if any(row.run for row in board.rows):
            feet.append(
                "-# 🔥 Team streak: questions in a row that at least half of the active members answered on time."
            )
        if board.moving:
            feet.append(movement_legend(board.period))
        if board.pages > 1:
            feet.append(f"-# Page {board.page + 1} of {board.pages}")
        blocks += ["\n".join(_line(row, board) for row in board.rows), "\n".join(feet)]
    elif board.idle:
        blocks.append(f"No team {nothing_yet(board.period)}")
    else:
        blocks.append(NO_TEAMS)
    if board.idle:
        blocks.append(f"-# Without points: {_some([team.name for team in board.idle], IDLE, len(board.idle))}")
    if shared:
        return Page(*blocks, picture=picture)
    if board.rows or board.idle:
        blocks.append(_own(board))
    buttons = turning("teams", board.period, channel_id, board.page, board.pages)
    if board.rows:
        buttons.append(Button("Share", f"mb:share:teams:{board.period}:{channel_id or 0}:{board.page}"))
    return Page(*blocks, buttons=buttons, picture=picture)


def _listed(listed: ListedTeam, manager: bool) -> str:
    team = listed.team
    way = f"<@&{team.role_id}>" if team.role_id is not None and not listed.role_gone else "`/team join`"
    members = counted(len(listed.members), "member")
    lines = [
        f"**{shown(team.name)}** · {members} · {points(listed.score)} this week",
        f"-# {way} · {_some(listed.members, MEMBERS, len(listed.members)) if listed.members else 'nobody yet'}",
    ]
    if listed.role_gone and manager:
        lines.append("⚠️ Its role was deleted, so it is one to join now. Its members are still on it.")
    return "\n".join(lines)


def team_list_page(found: TeamList, *, manager: bool) -> Page:
    """The server's teams; managers also read what needs them."""
    if not found.teams:
        return Page(f"### Teams\n{NO_TEAMS}")
    blocks = ["### Teams\n" + "\n".join(_listed(listed, manager) for listed in found.teams)]
    if found.torn and manager:
        names = "; ".join(
            f"{shown(member, SHORT)} ({shown(here, SHORT)}, also {shown(there, SHORT)})"
            for member, here, there in found.torn[:TORN]
        )
        more = f"; and {len(found.torn) - TORN} more" if len(found.torn) > TORN else ""
        blocks.append(f"⚠️ With the roles of two teams, the older team counts: {names}{more}.")
    blocks.append(
        "-# Members by role show up after their first message or command."
        + (f" Page {found.page + 1} of {found.pages}." if found.pages > 1 else "")
    )
    buttons = []
    if found.pages > 1:
        buttons = [
            Button("Back", f"mb:team:list:{found.page - 1}", disabled=found.page == 0),
            Button("Next", f"mb:team:list:{found.page + 1}", disabled=found.page == found.pages - 1),
        ]
    return Page(*blocks, buttons=buttons)


def created_text(team: Team) -> str:
    """What a manager reads after making a team."""
    how = (
        f"Whoever has <@&{team.role_id}> is in it as soon as they write or use a command."
        if team.role_id is not None
        else "Members come in with `/team join`, which offers its name."
    )
    return f"**{shown(team.name)}** is ready. {how}"


def delete_page(team: Team, members: int) -> Page:
    """Asks before a team is deleted, and says what stays."""
    return Page(
        f"Delete the team **{shown(team.name)}** with {counted(members, 'member')}? Its members keep their points, "
        "streaks and places on the members' boards. Finished weeks and months keep its score; the boards of now "
        "and of all time go on without it. Its name and role become free. This cannot be undone.",
        buttons=[Button("Delete it", f"mb:team:delete:{team.id}", danger=True)],
    )


def renamed_text(old_name: str, team: Team) -> str:
    """What a manager reads after a team got another name."""
    return f"The team {shown(old_name)} is called **{shown(team.name)}** now. Everything else stays."


def deleted_text(team: Team) -> str:
    """What a manager reads after a team was deleted."""
    return f"The team {shown(team.name)} is deleted. Its members keep their points."


def joined_text(team: Team, left: Team | None) -> str:
    """What a member reads after coming into a team, maybe from another one."""
    before = f" What you earned for {shown(left.name)} stays there." if left else ""
    return f"You're on **{shown(team.name)}** now: what you earn from here on counts for the team.{before}"


def left_text(team: Team) -> str:
    """What a member reads after leaving a team."""
    return f"You left {shown(team.name)}. What you earned for it stays there; your points stay yours."
