"""`/privacy`: what people read, take out and have deleted."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.services.audit import report
from bot.storage.privacy import HOLDINGS
from bot.storage.schema import answers, erasures, interviews, ledger, members, quizzes, reminders
from tests.discord.conftest import DAY, LONG, PACK, World, labels, said, seen
from tests.discord.days import let_pass, practice

FORM = "Sent by form: backpropagation hands each weight its share of the error"
EDITED = "In the thread: gradients flow backwards through the chain rule, layer by layer"
REPLIED = "As a reply: momentum smooths the steps that the optimizer takes down the slope"
SPOKEN = "In the interview: depth lets a model reuse the features of the layers before"
REPORTED = "Reported: option B is just as right as option C"
WORDS = (FORM, EDITED, REPLIED, SPOKEN, REPORTED)


async def history(world: World, member: Any, other: Any) -> None:
    """A member uses everything that stores something of them; another one practices along and votes for them."""
    await world.set_up(time="09:00")
    await world.reply(world.boss, "team create", name="Red")
    for person in (member, other):
        await world.reply(person, "team join", name="Red")
    await world.reply(member, "reminders on", hour=18)
    await practice(world, member, 7)
    await let_pass(world, 1)
    sent = await member.send(world.thread(), "First")
    await member.edit(sent, EDITED)
    await other.send(world.thread(), LONG)
    await other.react(sent, "👍")
    mine = next(m for m in world.thread().history() if m.author.id == other.id)
    await member.react(mine, "👍")
    await world.next_day()
    form = await member.click(world.card(), label="Answer")
    await member.submit_modal(form, {"text": FORM})
    await world.next_day()
    await member.send(world.channel, REPLIED, reply_to=world.card())
    await other.send(world.thread(), LONG)
    quiz = await member.slash(world.channel, "quiz solo", topic="1", questions=2)
    await member.click(quiz.response.message, label="A")
    report = await member.click(quiz.response.message, label="Report a mistake")
    await member.submit_modal(report, {"text": REPORTED})
    tomorrow = (world.bot.clock() + timedelta(days=2)).date()
    await world.reply(member, "away set", **{"from": f"{tomorrow}", "until": f"{tomorrow}"})
    await member.slash(world.channel, "interview start", topic="1", questions=1, minutes=2)
    await member.send(world.thread(), SPOKEN)
    await member.slash(world.channel, "quiz live", topic="1", questions=1)
    lobby = next(m for m in reversed(world.channel.history()) if "Join" in labels(m))
    for player in (member, other):
        await player.click(lobby, label="Join")
    await world.beat(10)


async def archive(result: Any) -> dict[str, str]:
    """The texts in the archive that a command answered with, by name."""
    (attachment,) = result.response.message.attachments
    with zipfile.ZipFile(io.BytesIO(await attachment.read())) as found:
        return {name: found.read(name).decode("utf-8-sig") for name in found.namelist()}


async def test_the_policy_says_what_why_how_long_and_who(world: World):
    page = await world.reply(world.anna, "privacy policy")
    for word in ("What I store", "Why and how long", "90 days", "Who sees it", "/privacy export", "select people"):
        assert word in page
    assert said(await world.anna.user.slash("privacy policy")) == page


async def test_an_export_holds_a_whole_history_and_nothing_of_others(world: World):
    await history(world, world.anna, world.ben)
    result = await world.anna.slash(world.channel, "privacy export")
    assert "everything I have about you" in said(result) and "in this server" in said(result)
    files = await archive(result)
    told = json.loads(files["export.json"])
    assert told.pop("about")["member_id"] == str(world.anna.id)
    assert set(told) == {holding.name for holding in HOLDINGS}
    left_out = {name for name, rows in told.items() if not rows}
    assert left_out - {"review_cards"} == {  # a card comes only where the choice was wrong
        "freezes_told", "live_quiz_choices", "milestone_roles", "model_opinions", "practice_channels_set_up",
        "question_drafts", "question_imports", "questions_by_me", "repairs", "reviews", "seasons_won",
        "suggestions", "ticked_key_points", "weekly_quizzes_planned",
    }  # fmt: skip
    texts = [row["text"] for row in told["answer_messages"]]
    assert {FORM, EDITED, REPLIED} <= set(texts) and told["mistakes_reported"][0]["text"] == REPORTED
    assert told["interview_messages"][0]["text"] == SPOKEN
    (profile,) = told["profile"]
    assert profile["name"] == "anna" and profile["server"] == world.guild.name
    assert profile["seen_at"].endswith("+00:00") and profile["guild_id"] == str(world.guild.id)
    assert told["answers"][0]["drill_date"] == "2026-01-01"
    assert told["answers"][0]["question"] == PACK.questions[0].wording
    assert told["team_stays"][0]["team"] == "Red" and len(told["votes_given"]) == 1
    assert {row["reason"] for row in told["points"]} >= {"on_time", "vote"}
    assert str(world.ben.id) not in "".join(files.values())
    table = list(csv.DictReader(io.StringIO(files["csv/answer_messages.csv"])))
    assert [row["text"] for row in table] == texts and table[0]["server"] == world.guild.name
    assert {name.removeprefix("csv/").removesuffix(".csv") for name in files} - {"export.json"} == set(
        told
    ) - left_out


async def test_who_set_a_channel_up_gets_its_settings_too(world: World):
    await world.set_up(time="09:00", days="mon,fri")
    told = json.loads((await archive(await world.boss.slash(world.channel, "privacy export")))["export.json"])
    (track,) = told["practice_channels_set_up"]
    assert (track["at"], track["days"], track["zone"]) == ("09:00:00", [0, 4], "UTC")


async def test_an_export_works_in_private_for_all_servers_and_for_those_who_left(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 1)
    there = (await archive(await world.anna.slash(world.channel, "privacy export")))["export.json"]
    user = world.anna.user
    world.guild.remove_member(world.anna)
    result = await user.slash("privacy export")
    everywhere = (await archive(result))["export.json"]
    assert "Your data everywhere" in said(result) and json.loads(everywhere)["about"]["where"] == "everywhere"
    assert json.loads(everywhere)["answers"] == json.loads(there)["answers"] != []


async def test_whoever_is_unknown_has_nothing_to_take_out(world: World):
    result = await world.ben.slash(world.channel, "privacy export")
    assert "don't have anything about you" in said(result) and not result.response.message.attachments


async def test_a_cell_that_a_spreadsheet_would_calculate_is_text(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    formula = "=HYPERLINK(A1) is how I would look that up in a spreadsheet"
    await world.anna.send(world.thread(), formula)
    files = await archive(await world.anna.slash(world.channel, "privacy export"))
    assert f"'{formula}" in files["csv/answer_messages.csv"]
    assert json.loads(files["export.json"])["answer_messages"][0]["text"] == formula


async def delete(world: World, member: Any, *, private: bool = False) -> str:
    """A member has their data deleted; what is said to that."""
    command = "privacy delete"
    page = await (member.user.slash(command) if private else member.slash(world.channel, command))
    actor = member.user if private else member
    await actor.click(page.response.message, label="Delete my data")
    await world.beat()
    return said(page)


def file_of(world: World) -> Path:
    return Path(world.settings.database_url.removeprefix("sqlite+aiosqlite:///"))


def stored(world: World) -> bytes:
    """All bytes of the database's file and of the log beside it."""
    file = file_of(world)
    return file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()


async def agrees(world: World) -> bool:
    return (await report(world.bot.database)).disagreements == []


def posts(world: World) -> str:
    """All that the bot has written where people read it."""
    places = [world.channel, *world.channel.threads]
    found = [message for place in places for message in place.history() if message.author.bot]
    return "\n".join(seen(message) for message in found)


async def boards(world: World, viewer: Any) -> list[str]:
    """What a member sees of points, teams and their own streak."""
    return [
        await world.reply(viewer, "leaderboard members", period="all-time"),
        await world.reply(viewer, "leaderboard teams", period="all-time"),
        await world.reply(viewer, "streak"),
    ]


def id_bytes(member: Any) -> list[bytes]:
    """How an id stands in a file of SQLite: as a number of eight bytes, and as text."""
    return [member.id.to_bytes(8, "big"), str(member.id).encode()]


async def test_a_deletion_leaves_nothing_of_a_member_and_others_as_they_were(world: World):
    await history(world, world.anna, world.ben)
    before, rows = await boards(world, world.ben), len(await world.rows(ledger))
    assert all(text in posts(world) for text in (FORM, REPLIED)) and "**anna**" in posts(world)
    assert any(sign in stored(world) for sign in id_bytes(world.anna)) and EDITED.encode() in stored(world)
    await delete(world, world.anna)
    for text in (*WORDS, "anna"):
        assert text.encode() not in stored(world), text
    number, text = id_bytes(world.anna)
    # The wish to be reminded is for all servers: it stays, with the index that finds it.
    assert (stored(world).count(number), stored(world).count(text)) == (2, 0)
    assert [board.replace("anna", "A member") for board in before] == await boards(world, world.ben)
    assert len(await world.rows(ledger)) == rows and await agrees(world)
    assert await world.rows(erasures) == []
    written = posts(world)
    assert FORM not in written and REPLIED not in written and "is on a **7**-question streak" not in written
    assert EDITED in [m.content for thread in world.channel.threads for m in thread.history()]


async def test_everything_goes_everywhere_when_it_is_asked_in_private(world: World):
    await history(world, world.anna, world.ben)
    told = await delete(world, world.anna, private=True)
    assert "Your data is deleted everywhere" in told and await world.rows(reminders) == []
    assert not any(sign in stored(world) for sign in (*id_bytes(world.anna), *(text.encode() for text in WORDS)))
    assert await agrees(world)
    result = await world.anna.user.slash("privacy export")
    assert "don't have anything about you anywhere" in said(result)
    assert await world.rows(interviews) == [] and {row.state for row in await world.rows(quizzes)} == set()


async def test_a_deletion_says_what_goes_and_what_stays_and_can_be_left(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 1)
    page = await world.anna.slash(world.channel, "privacy delete")
    told = said(page)
    assert "What goes" in told and "What stays" in told and "thread of the open question" in told
    await world.anna.click(page.response.message, label="Keep it")
    assert said(page) == "Nothing was deleted." and len(await world.rows(answers)) == 1


async def test_whoever_comes_back_starts_fresh_and_what_was_said_before_is_not_read_again(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 2)
    await world.ben.send(world.thread(), LONG)
    await delete(world, world.anna)
    await world.restart()
    await world.beat()
    assert str(world.anna.id) not in {str(row.member_id) for row in await world.rows(answers)}
    assert len(await world.rows(answers)) == 3 and await agrees(world)
    await practice(world, world.anna, 1)
    assert "🔥 1" in await world.reply(world.anna, "streak")
    assert [row.points for row in await world.rows(ledger) if row.member_id == world.anna.id] == [10]


async def test_a_vote_of_somebody_who_is_gone_counts_on_after_a_restart(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    sent = await world.ben.send(world.thread(), LONG)
    await world.anna.react(sent, "👍")
    await delete(world, world.anna)
    await world.restart()
    assert [(row.reason, row.points) for row in await world.rows(ledger)] == [("on_time", 10), ("vote", 1)]
    assert await agrees(world) and not any(sign in stored(world) for sign in id_bytes(world.anna))


async def test_what_discord_refuses_to_delete_stays_owed(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    form = await world.anna.click(world.card(), label="Answer")
    await world.anna.submit_modal(form, {"text": FORM})
    (post,) = [m for m in world.thread().history() if FORM in seen(m)]
    world.env.inject_error("DELETE", f"/channels/{world.thread().id}/messages/{post.id}", status=403, code=50001)
    await delete(world, world.anna)
    assert FORM in posts(world) and len(await world.rows(erasures)) == 1
    await world.restart()
    await world.beat(1.1 * DAY)
    assert FORM not in posts(world) and await world.rows(erasures) == []


async def test_a_backup_from_before_brings_nobody_back(world: World):
    await history(world, world.anna, world.ben)
    before, backup = await boards(world, world.ben), world.backup()
    await delete(world, world.anna, private=True)
    await world.restart(backup)
    await world.beat()
    assert not any(sign in stored(world) for sign in (*id_bytes(world.anna), *(text.encode() for text in WORDS)))
    assert await boards(world, world.ben) == [board.replace("anna", "A member") for board in before]
    assert await agrees(world) and len(await world.rows(members)) > 0
    log = file_of(world).with_name(f"{file_of(world).name}.deletions")
    assert log.stat().st_mode & 0o777 == 0o600 and str(world.anna.id) not in log.read_text()


async def test_a_backup_restored_again_does_not_touch_what_came_after(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 1)
    await delete(world, world.anna)
    await practice(world, world.anna, 1)
    await world.restart(world.backup())
    assert world.anna.id in {row.member_id for row in await world.rows(answers)}
