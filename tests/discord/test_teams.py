"""Teams as managers make them and members live in them."""

from typing import Any

import pytest

from bot.services.audit import report
from bot.storage.schema import team_members
from bot.ui.kit.layouts import custom_ids
from tests.discord.conftest import DAY, LONG, World, earn, labels, said, seen

EVIL = "*_`~|>*_`~|>*_`~|>*_`~|>*_`~|>*_`~|>*_`~|>*_`~|>"


async def teams_of(world: World, *names: str) -> None:
    """A manager makes teams that one joins."""
    for name in names:
        await world.reply(world.boss, "team create", name=name)


def give(world: World, member: object, role: object) -> None:
    """Somebody gives a member a role."""
    world.env.backend.add_member_role(world.guild.id, member.id, role.id)  # pyright: ignore[reportAttributeAccessIssue]


def take(world: World, member: object, role: object) -> None:
    """Somebody takes a role away."""
    world.env.backend.remove_member_role(world.guild.id, member.id, role.id)  # pyright: ignore[reportAttributeAccessIssue]


async def agrees(world: World) -> bool:
    """Whether standings of members and teams are what the ledger gives."""
    return (await report(world.bot.database)).disagreements == []


async def test_only_managers_make_rename_and_delete_teams(world: World):
    for command, options in {
        "team create": {"name": "Red"},
        "team rename": {"name": "Red", "new_name": "Blue"},
        "team delete": {"name": "Red"},
    }.items():
        assert "Manage Server" in await world.reply(world.anna, command, **options)
    assert "no team here yet" in await world.reply(world.anna, "team list")
    await teams_of(world, "Red")
    page = await world.boss.slash(world.channel, "team delete", name="Red")
    take(world, world.boss, world.guild.roles["Managers"])
    assert "Manage Server" in said(await world.boss.click(page.response.message, label="Delete it"))
    assert "**Red**" in await world.reply(world.anna, "team list")


async def test_names_are_unique_without_regard_to_capitals_and_free_again_after_deletion(world: World):
    await teams_of(world, "Red", "Blue")
    assert "already a team with that name" in await world.reply(world.boss, "team create", name="rEd ")
    assert "already a team with that name" in await world.reply(
        world.boss, "team rename", name="blue", new_name="RED"
    )
    assert "up to 50 characters" in await world.reply(world.boss, "team create", name="x" * 51)
    assert "needs a name" in await world.reply(world.boss, "team create", name="\u200b ")
    assert "called **RED**" in await world.reply(world.boss, "team rename", name="red", new_name="RED")
    assert "`/team list`" in await world.reply(world.anna, "team join", name="Green")
    page = await world.boss.slash(world.channel, "team delete", name="RED")
    assert "keep their points" in said(page)
    assert "is deleted" in said(await world.boss.click(page.response.message, label="Delete it"))
    assert "already deleted" in said(await world.boss.click(page.response.message, label="Delete it"))
    assert "**Red** is ready" in await world.reply(world.boss, "team create", name="Red")


async def test_a_name_can_be_typed_as_it_is_read(world: World):
    assert "`/team join`" in await world.reply(world.boss, "team create", name="back_end")
    await world.reply(world.boss, "team create", name="فريق")
    listed = await world.reply(world.anna, "team list")
    copied = listed[listed.index("\u2068") : listed.index("\u2069") + 1]
    assert "You're on **\u2068فريق\u2069**" in await world.reply(world.anna, "team join", name=copied)


async def test_the_list_has_a_button_for_each_team_that_one_can_join(world: World):
    await teams_of(world, "Red", "Blue")
    role = world.guild.create_role("Green")
    await world.reply(world.boss, "team create", name="Green", role=role)
    listed = await world.anna.slash(world.channel, "team list")
    assert buttons(listed.response.message) == ["Join", "Join"]
    red = next(id_ for id_ in custom_ids(listed.response.message.components) if id_.startswith("mb:team:join:"))
    assert "You're on **Red**" in said(await world.anna.click(listed.response.message, custom_id=red))
    assert "already on this team" in said(await world.anna.click(listed.response.message, custom_id=red))
    again = await world.anna.slash(world.channel, "team list")
    assert buttons(again.response.message) == ["Join"] and "-# your team · anna" in said(again)
    old = await world.ben.slash(world.channel, "team list")
    page = await world.boss.slash(world.channel, "team delete", name="Red")
    await world.boss.click(page.response.message, label="Delete it")
    assert "already deleted" in said(await world.ben.click(old.response.message, custom_id=red))


def buttons(message: Any) -> list[str]:
    """The labels of a list's Join buttons."""
    return ["Join" for found in custom_ids(message.components) if found.startswith("mb:team:join:")]


async def test_names_are_offered_while_typing(world: World):
    await teams_of(world, "Red Pandas", "Blue")
    choices = await world.anna.autocomplete(world.channel, "team join", "name", "pan")
    assert [choice["value"] for choice in choices] == ["Red Pandas"]


async def test_points_stay_with_the_team_in_which_they_were_earned(world: World):
    await teams_of(world, "Red", "Blue")
    await world.set_up(time="09:00")
    await world.next_day()
    assert "You're on **Red**" in await world.reply(world.anna, "team join", name="red")
    assert "already on this team" in await world.reply(world.anna, "team join", name="RED")
    await world.anna.send(world.thread(), LONG)
    moved = await world.reply(world.anna, "team join", name="Blue")
    assert "You're on **Blue**" in moved and "What you earned for Red stays there" in moved
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    board = await world.reply(world.anna, "leaderboard teams")
    assert "🥇 **Red** · 3.3 points" in board and "🥇 **Blue** · 3.3 points" in board
    assert board.index("Red") < board.index("Blue")
    assert "You left Blue" in await world.reply(world.anna, "team leave")
    assert "You're not on a team" in await world.reply(world.anna, "team leave")
    assert "You're not on a team" in await world.reply(world.anna, "leaderboard teams")
    assert await agrees(world)


async def test_a_team_by_role_takes_its_members_from_roles_that_come_by(world: World):
    role, other = world.guild.create_role("Pandas"), world.guild.create_role("Foxes")
    made = await world.reply(world.boss, "team create", name="Pandas", role=role)
    assert f"<@&{role.id}>" in made
    assert "already has this role" in await world.reply(world.boss, "team create", name="Bears", role=role)
    await world.reply(world.boss, "team create", name="Foxes", role=other)
    await world.set_up(time="09:00")
    give(world, world.anna, role)
    await world.next_day()
    await world.anna.send(world.thread(), LONG)  # the message itself shows the role
    assert "**Pandas** · 3.3 points" in await world.reply(world.ben, "leaderboard teams")
    assert "because of a role" in await world.reply(world.anna, "team leave")
    assert "from a role" in await world.reply(world.ben, "team join", name="Foxes")
    take(world, world.anna, role)
    await world.reply(world.anna, "streak")
    assert "nobody yet" in await world.reply(world.boss, "team list")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    assert "**Pandas** · 3.3 points" in await world.reply(world.ben, "leaderboard teams")
    assert await agrees(world)


@pytest.mark.parametrize(
    ("command", "shown"), [("team list", "1 member ·"), ("leaderboard teams", "Your team Pandas has no points")]
)
async def test_the_first_command_of_a_member_by_role_shows_them_in_the_team(world: World, command: str, shown: str):
    role = world.guild.create_role("Pandas")
    await world.reply(world.boss, "team create", name="Pandas", role=role)
    give(world, world.anna, role)
    assert shown in await world.reply(world.anna, command)


async def test_two_team_roles_count_for_the_older_team_and_the_manager_is_told(world: World):
    old, new = world.guild.create_role("Old"), world.guild.create_role("New")
    await world.reply(world.boss, "team create", name="Old", role=old)
    await world.reply(world.boss, "team create", name="New", role=new)
    give(world, world.anna, new)
    give(world, world.anna, old)
    await world.anna.send(world.channel, "hello")
    listed = await world.reply(world.boss, "team list")
    assert "anna (Old, also New)" in listed
    assert "also New" not in await world.reply(world.ben, "team list")
    take(world, world.anna, old)
    await world.anna.send(world.channel, "hello again")
    listed = await world.reply(world.boss, "team list")
    assert "also" not in listed and listed.index("New") < listed.index("anna")


async def test_a_team_whose_role_was_deleted_goes_on_as_one_to_join(world: World):
    role = world.guild.create_role("Pandas")
    await world.reply(world.boss, "team create", name="Pandas", role=role)
    give(world, world.anna, role)
    await world.anna.send(world.channel, "hello")
    world.env.backend.delete_role(world.guild.id, role.id)
    await world.restart()
    await world.anna.send(world.channel, "hello again")
    listed = await world.reply(world.boss, "team list")
    assert "anna" in listed and "Its role was deleted" in listed
    assert "Its role was deleted" not in await world.reply(world.ben, "team list")
    assert "You're on **Pandas**" in await world.reply(world.ben, "team join", name="Pandas")
    assert "You left Pandas" in await world.reply(world.anna, "team leave")


async def test_roles_are_written_down_only_when_they_change(world: World):
    role = world.guild.create_role("Pandas")
    await world.reply(world.boss, "team create", name="Pandas", role=role)
    give(world, world.anna, role)
    for _ in range(3):
        await world.anna.send(world.channel, "hello")
    assert len(await world.rows(team_members)) == 1


async def test_the_teams_board_shows_scores_contributors_streaks_and_the_way_up(world: World):
    await world.set_up(time="09:00")
    assert "no team here yet" in await world.reply(world.anna, "leaderboard teams")
    await teams_of(world, "Red", "Blue", "Empty")
    assert "No team has points" in await world.reply(world.anna, "leaderboard teams")
    for member, name in ((world.anna, "Red"), (world.boss, "Red"), (world.ben, "Blue")):
        await world.reply(member, "team join", name=name)
    for _ in range(2):
        await world.next_day()
        await world.anna.send(world.thread(), LONG)
        await world.ben.send(world.thread(), LONG)
    await world.boss.send(world.thread(), LONG)
    page = await world.ben.slash(world.channel, "leaderboard teams")
    board = said(page)
    assert "🥇 **Red** · 10 points · 🔥 2\n-# anna, boss" in board
    assert "🥈 **Blue** · 6.7 points · 🔥 2\n-# ben" in board
    assert "best 3, divided by 3" in board and "Without points: Empty" in board
    assert "Your team Blue is **#2** with 6.7 points. 3.3 points behind Red." in board
    await world.next_day()
    await world.next_day()
    assert "🔥" not in await world.reply(world.ben, "leaderboard teams", channel=world.channel)
    await world.restart()
    await world.ben.click(page.response.message, label="Share")
    shared = world.channel.history()[-1]
    assert "**Red** · 10 points" in seen(shared) and "Your team" not in seen(shared) and labels(shared) == []


async def test_a_member_on_leave_does_not_end_the_team_s_streak(world: World):
    await world.set_up(time="09:00")
    await teams_of(world, "Red")
    await world.reply(world.anna, "team join", name="Red")
    await world.next_day()  # Thursday, 1 January
    await world.anna.send(world.thread(), LONG)
    await world.reply(world.anna, "away set", **{"from": "2026-01-02", "until": "2026-01-03"})
    await world.next_day()
    await world.next_day()
    await world.next_day()
    assert "🔥 1" in await world.reply(world.anna, "leaderboard teams", channel=world.channel)
    await world.anna.send(world.thread(), LONG)
    assert "🔥 2" in await world.reply(world.anna, "leaderboard teams", channel=world.channel)


async def test_a_server_with_several_channels_has_team_streaks_by_channel(world: World):
    await teams_of(world, "Red")
    await world.set_up(time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Run both")
    await world.reply(world.anna, "team join", name="Red")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    assert "🔥" not in await world.reply(world.anna, "leaderboard teams")
    assert "**Red** · 3.3 points · 🔥 1" in await world.reply(
        world.anna, "leaderboard teams", channel=world.channel
    )
    assert "No team has points" in await world.reply(world.anna, "leaderboard teams", channel=other)


async def test_movement_of_teams_and_boards_of_finished_weeks(world: World):
    await teams_of(world, "Red", "Blue")
    await world.set_up(time="09:00")
    await world.reply(world.anna, "team join", name="Red")
    await world.reply(world.ben, "team join", name="Blue")
    await world.next_day()  # Thursday, 1 January
    await world.anna.send(world.thread(), LONG)
    for _ in range(4):
        await world.next_day()
    empty = await world.anna.slash(world.channel, "leaderboard teams")
    told = said(empty)
    assert told.index("**Last week** 🥇 Red 3.3") < told.index("No team has points in this period yet")
    assert [file.filename for file in empty.response.message.attachments] == ["board.png"]
    await world.ben.send(world.thread(), LONG)  # Monday
    shown = await world.anna.slash(world.channel, "leaderboard teams")
    board = said(shown)
    assert "**Blue** · 3.3 points · new" in board and "Without points: Red" in board
    assert [file.filename for file in shown.response.message.attachments] == ["board.png"]
    page = await world.boss.slash(world.channel, "team delete", name="Red")
    await world.boss.click(page.response.message, label="Delete it")
    assert "Red" not in await world.reply(world.ben, "leaderboard teams")
    assert "**Red** · 3.3 points · deleted since" in await world.reply(
        world.ben, "leaderboard teams", period="last-week"
    )
    assert "**anna** · 10 points" in await world.reply(world.ben, "leaderboard members", period="last-week")
    assert await agrees(world)


async def test_a_team_made_since_is_still_one_s_own_on_the_board_of_a_finished_week(world: World):
    await teams_of(world, "Red")
    await world.set_up(time="09:00")
    await world.reply(world.anna, "team join", name="Red")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await world.beat(7 * DAY)
    await teams_of(world, "Blue")
    await world.reply(world.ben, "team join", name="Blue")
    board = await world.reply(world.ben, "leaderboard teams", period="last-week")
    assert "**Red** · 3.3 points" in board and "Your team Blue had no points in this period." in board
    assert "No team had points" in await world.reply(world.ben, "leaderboard teams", period="last-month")
    assert "You're not on a team" in await world.reply(world.boss, "leaderboard teams", period="last-week")


async def test_who_stays_off_boards_counts_for_the_team_without_a_name(world: World):
    await teams_of(world, "Red")
    await world.set_up(time="09:00")
    await world.next_day()
    for member in (world.anna, world.ben):
        await world.reply(member, "team join", name="Red")
        await member.send(world.thread(), LONG)
    page = await world.anna.slash(world.channel, "leaderboard members")
    await world.anna.click(page.response.message, label="Keep me off boards")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    board = await world.reply(world.boss, "leaderboard teams")
    assert "-# ben and 1 more" in board and "anna" not in board


async def test_many_teams_with_odd_names_fit_their_pages(world: World):
    await world.set_up(time="09:00")
    for number in range(12):
        await world.reply(world.boss, "team create", name=f"{EVIL}{number:02}")
    members = [
        world.guild.add_member(world.env.create_user(f"m{number}"), nick="@everyone" + "*" * 23)
        for number in range(12)
    ]
    await world.next_day()
    for number, member in enumerate(members):
        await world.reply(member, "team join", name=f"{EVIL}{number:02}")
        await earn(world, member.id, 3)
    listed = await world.anna.slash(world.channel, "team list")
    assert "Page 1 of 3" in said(listed)
    await world.anna.click(listed.response.message, label="Next")
    assert "Page 2 of 3" in seen(listed.response.message)
    board = await world.anna.slash(world.channel, "leaderboard teams")
    assert "Page 1 of 2" in said(board) and "@everyone" not in said(board)
    await world.anna.click(board.response.message, label="Next")
    assert "Page 2 of 2" in seen(board.response.message)


async def test_a_quiz_counts_for_the_team_too(world: World):
    await teams_of(world, "Red")
    await world.reply(world.anna, "team join", name="Red")
    await earn(world, world.anna.id, 3)
    assert "**Red** · 1 point" in await world.reply(world.anna, "leaderboard teams", period="all-time")


@pytest.mark.parametrize("command", ["team list", "leaderboard teams", "leaderboard members"])
async def test_two_servers_have_their_own_teams(world: World, command: str):
    await teams_of(world, "Red")
    other = world.env.create_guild("Other")
    place = other.create_text_channel("practice")
    stranger = other.add_member(world.env.create_user("stranger"))
    assert "Red" not in await world.reply(stranger, command, place)
