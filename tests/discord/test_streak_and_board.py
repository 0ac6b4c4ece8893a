"""Streaks, freezes and boards as members read them, and the books behind them."""

from typing import Any

import discord
import pytest

from bot.services.audit import report
from bot.storage.schema import answers, ledger, members, standings
from bot.ui.audit import disagreement
from tests.discord.conftest import DAY, HOUR, LONG, World, earn, labels, said, seen
from tests.discord.days import let_pass, practice


async def answer_days(world: World, days: int) -> None:
    """Anna answers on so many days in a row."""
    for _ in range(days):
        await world.next_day()
        await world.anna.send(world.thread(), LONG)


async def test_a_newcomer_s_streak_says_how_to_begin(world: World):
    assert "no practice channel here yet" in await world.reply(world.anna, "streak")
    await world.set_up()
    assert "No streak yet" in await world.reply(world.anna, "streak")


async def test_a_streak_offers_what_can_be_done_now(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    page = await world.anna.slash(world.channel, "streak")
    assert labels(page.response.message) == ["Answer"] and "3 in a row, 3 to go" in said(page)
    opened = await world.anna.click(page.response.message, label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    assert labels((await world.anna.slash(world.channel, "streak")).response.message) == ["Share"]
    await world.next_day()
    assert labels((await world.anna.slash(world.channel, "streak")).response.message) == ["Answer", "Share"]
    others = await world.ben.slash(world.channel, "streak", member=world.anna)
    assert labels(others.response.message) == ["Share"]


async def test_a_freeze_is_earned_spent_and_told_once(world: World):
    await world.set_up(time="09:00")
    await answer_days(world, 7)
    page = await world.reply(world.anna, "streak")
    assert "🔥 7" in page and "Freezes **1** of 2" in page and "You're safe" in page
    await world.next_day()
    assert "waiting for you" in await world.reply(world.anna, "streak")
    await world.next_day()
    page = await world.reply(world.anna, "streak")
    assert "🔥 7" in page and "Freezes **0** of 2" in page and "❄️ A freeze covered" in page
    assert "A freeze covered" not in await world.reply(world.anna, "streak")
    await world.next_day()
    page = await world.reply(world.anna, "streak")
    assert "🔥 0" in page and "Best **7**" in page


async def test_days_off_skips_and_pauses_are_neutral(world: World):
    await world.set_up(time="09:00", days="thu,fri,mon")
    await answer_days(world, 2)
    await world.reply(world.boss, "daily skip")
    await world.reply(world.boss, "daily pause", until="2026-01-10")
    await answer_days(world, 1)
    assert "🔥 3" in await world.reply(world.anna, "streak")


async def test_who_stays_off_boards_is_shared_by_nobody_else(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 1)
    page = await world.ben.slash(world.channel, "streak", member=world.anna)
    board = await world.anna.slash(world.channel, "leaderboard members")
    await world.anna.click(board.response.message, label="Keep me off boards")
    before = len(world.channel.history())
    refused = await world.ben.click(page.response.message, label="Share")
    assert "stays off public boards" in said(refused) and refused.response.ephemeral
    assert len(world.channel.history()) == before
    own = await world.anna.slash(world.channel, "streak")
    await world.anna.click(own.response.message, label="Share")
    assert "anna's streak" in seen(world.channel.history()[-1])


async def test_a_streak_is_private_until_shared(world: World):
    await world.set_up()
    await world.post()
    await world.anna.send(world.thread(), LONG)
    page = await world.anna.slash(world.channel, "streak")
    assert page.response.ephemeral
    await world.anna.click(page.response.message, label="Share")
    shared = world.channel.history()[-1]
    assert "anna's streak" in seen(shared) and "🔥 1" in seen(shared) and labels(shared) == []
    assert "anna's streak" in await world.reply(world.ben, "streak", member=world.anna)


async def test_boards_of_all_periods_own_rank_and_ties(world: World):
    await world.set_up(time="09:00")
    empty = await world.reply(world.anna, "leaderboard members")
    assert "Nobody has points" in empty and "An on-time answer earns 10" in empty
    await world.next_day()  # Thursday, 1 January
    await world.anna.send(world.thread(), LONG)
    await world.env.advance_time(HOUR)
    await world.ben.send(world.thread(), LONG)
    board = await world.anna.slash(world.channel, "leaderboard members")
    text = said(board)
    assert text.index("🥇 **anna** · 10 points") < text.index("🥇 **ben** · 10 points")
    assert "You're tied for **#1** with ben: 10 points each." in text and "Dec 29 to Jan 4, 2026, UTC" in text
    assert "January 2026" in await world.reply(world.anna, "leaderboard members", period="this-month")
    for _ in range(4):
        await world.next_day()
    monday = await world.reply(world.boss, "leaderboard members")  # 5 January
    assert monday.index("**Last week** 🥇 anna 10 · 🥇 ben 10") < monday.index("Nobody has points")
    assert "anna and ben are tied for 1st." in await world.reply(
        world.boss, "leaderboard members", period="last-week"
    )
    await world.boss.send(world.thread(), LONG)
    for period, first in {
        "this-week": "boss",
        "last-week": "anna",
        "this-month": "anna",
        "all-time": "anna",
    }.items():
        assert f"🥇 **{first}**" in await world.reply(world.ben, "leaderboard members", period=period), period
    assert "Nobody had points" in await world.reply(world.ben, "leaderboard members", period="last-month")
    assert "You had no points in this period" in await world.reply(
        world.boss, "leaderboard members", period="last-week"
    )
    await world.anna.click(board.response.message, label="Share")
    assert "Leaderboard" in seen(world.channel.history()[-1])


async def test_a_channel_s_board_sums_only_its_own(world: World):
    await world.set_up(time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Run both")
    await world.next_day()
    await world.anna.send(world.channel.threads[-1], LONG)
    await world.ben.send(other.threads[-1], LONG)
    assert "ben" not in await world.reply(world.anna, "leaderboard members", channel=world.channel)
    whole = await world.reply(world.anna, "leaderboard members")
    assert "anna" in whole and "ben" in whole
    lone = world.guild.create_text_channel("lone")
    assert "isn't a practice channel" in await world.reply(world.anna, "leaderboard members", channel=lone)


async def test_two_servers_know_nothing_of_each_other(world: World):
    await world.set_up()
    await world.post()
    await world.anna.send(world.thread(), LONG)
    other = world.env.create_guild("Other")
    place = other.create_text_channel("practice")
    stranger = other.add_member(world.env.create_user("stranger"))
    assert "Nobody has points" in await world.reply(stranger, "leaderboard members", place)
    assert "no practice channel" in await world.reply(stranger, "streak", place)


async def test_a_long_board_has_pages_ties_share_ranks_and_the_own_rank_stays(world: World):
    for number in range(23):
        await world.env.advance_time(60)
        await earn(world, 100 + number, 30 - number // 2 * 2, f"m{number:02}")
    await earn(world, world.anna.id, 1, "anna")
    board = await world.anna.slash(world.channel, "leaderboard members")
    text = said(board)
    assert "🥇 **m00** · 30 points\n🥇 **m01** · 30 points\n🥉 **m02** · 28 points\n🥉 **m03**" in text
    assert "Page 1 of 3 · 24 people" in text and "m10" not in text
    assert "You're **#24** of 24 with 1 point. 7 points behind m22." in text
    page = board.response.message
    await world.anna.click(page, label="Next")
    await world.restart()
    await world.anna.click(board.response.message, label="Next")
    text = seen(board.response.message)
    assert "Page 3 of 3" in text and "m22" in text and "m10" not in text and "You're **#24**" in text
    await world.anna.click(board.response.message, label="Share")
    shared = seen(world.channel.history()[-1])
    assert "m22" in shared and "You" not in shared
    await world.anna.click(board.response.message, label="Back")
    assert "Page 2 of 3" in seen(board.response.message)


async def test_each_row_of_a_board_says_the_member_s_streak(world: World):
    await world.set_up(time="09:00")
    for day in range(4):
        await world.next_day()
        for member, days in ((world.anna, (0, 1, 2, 3)), (world.ben, (0, 3)), (world.boss, (0,))):
            if day in days:
                await member.send(world.thread(), LONG)
        if day == 0:
            await world.reply(world.boss, "away set", **{"from": "tomorrow", "until": "tomorrow"})
    board = await world.reply(world.ben, "leaderboard members", period="all-time")
    assert "**anna** · 40 points · 🔥 4" in board and "**ben** · 20 points · 🔥 1" in board
    assert "**boss** · 10 points\n" in board and board.count("-# 🔥 Streak") == 1
    for member in (world.anna, world.ben, world.boss):
        streak = await world.bot.services.streaks.of(1, member.id)
        assert (f"**{member.user.name}**" in board) and (f"🔥 {streak.current}" in board or not streak.current)
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, timezone="UTC")
    await world.boss.click(asked.response.message, label="Run both")
    # Which of two channels' streaks would it be?
    assert "🔥" not in await world.reply(world.ben, "leaderboard members", period="all-time")
    assert "🔥 4" in await world.reply(world.ben, "leaderboard members", channel=world.channel)


async def test_movement_since_the_week_before(world: World):
    await world.set_up(time="09:00")
    for member_id, points in ((1, 30), (2, 20), (3, 10)):
        await earn(world, member_id, points, f"m{member_id}")
    assert "new" not in await world.reply(world.anna, "leaderboard members")  # there is no week before
    await world.beat(7 * DAY)
    for member_id, points in ((4, 40), (2, 30), (1, 20), (3, 10)):
        await earn(world, member_id, points, f"m{member_id}")
    text = await world.reply(world.anna, "leaderboard members")
    assert "**m4** · 40 points · new" in text and "**m2** · 30 points\n" in text and "•" not in text
    assert "**m1** · 20 points · ▼2" in text and "**m3** · 10 points · ▼1" in text
    assert "Change since the week before" in text
    await world.beat(7 * DAY)
    await earn(world, 3, 90)
    assert "**m3** · 90 points · ▲3" in await world.reply(world.anna, "leaderboard members")
    assert "▲" not in await world.reply(world.anna, "leaderboard members", period="all-time")


async def test_weeks_begin_in_the_zone_of_the_server_s_only_channel(world: World):
    await world.set_up(time="09:00")
    await world.reply(world.boss, "team create", name="Red")
    await world.reply(world.anna, "team join", name="Red")
    await world.beat(3 * DAY + 20 * HOUR)  # Sunday evening, in Auckland Monday
    await earn(world, world.anna.id, 10, "anna")
    assert "Dec 29 to Jan 4, 2026, UTC" in await world.reply(world.anna, "leaderboard members")
    await world.reply(world.boss, "setup", timezone="Pacific/Auckland")
    for board in ("members", "teams"):
        text = await world.reply(world.anna, f"leaderboard {board}")
        assert "Jan 5 to Jan 11, 2026, Pacific/Auckland" in text and "🥇" in text
        assert "🥇" not in await world.reply(world.anna, f"leaderboard {board}", period="last-week")
    assert (await report(world.bot.database)).disagreements == []
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, timezone="UTC")
    await world.boss.click(asked.response.message, label="Run both")
    await world.reply(world.boss, "setup", channel=world.channel, timezone="Asia/Tokyo")
    assert "Pacific/Auckland" in await world.reply(world.anna, "leaderboard members")


async def test_a_member_can_stay_off_boards_and_come_back(world: World):
    await earn(world, world.anna.id, 30, "anna")
    await earn(world, world.ben.id, 20, "ben")
    await earn(world, world.boss.id, 10, "boss")
    board = await world.anna.slash(world.channel, "leaderboard members")
    await world.anna.click(board.response.message, label="Keep me off boards")
    mine = seen(board.response.message)
    assert "**anna**" not in mine and "🥇 **ben**" in mine
    assert "You're **#1** of 3 with 30 points" in mine and "only you see your rank" in mine
    theirs = await world.reply(world.boss, "leaderboard members")
    assert "anna" not in theirs and "You're **#2** of 2 with 10 points. 10 points behind ben." in theirs
    await world.restart()
    await world.anna.click(board.response.message, label="Show me on boards")
    assert "🥇 **anna**" in seen(board.response.message)
    assert "🥇 **anna**" in await world.reply(world.boss, "leaderboard members")


async def test_the_trend_is_a_picture_with_words_for_those_who_do_not_see_it(world: World):
    await earn(world, 1, 30, "日本語")
    board = await world.anna.slash(world.channel, "leaderboard members")
    assert [file.filename for file in board.response.message.attachments] == ["board.png"]
    await world.beat(7 * DAY)
    await earn(world, 1, 10)
    board = await world.anna.slash(world.channel, "leaderboard members")
    assert [file.filename for file in board.response.message.attachments] == ["board.png"]
    assert "1. 日本語 10 (0, 0, 0, 0, 0, 0, 30, 10)" in _alt(board.response.message)
    await world.anna.click(board.response.message, label="Share")
    assert [file.filename for file in world.channel.history()[-1].attachments] == ["board.png"]
    await world.deny(attach_files=False)
    board = await world.anna.slash(world.channel, "leaderboard members")
    assert board.response.message.attachments == [] and "日本語" in said(board)


def _alt(message: Any) -> str:
    """What a reader hears of a message's picture."""
    gallery = next(
        part for part in message.components[0].children if isinstance(part, discord.MediaGalleryComponent)
    )
    return gallery.items[0].description or ""


async def test_while_a_week_has_no_points_the_podium_of_the_last_one_is_shown(world: World):
    for period in ("this-week", "this-month"):
        assert (
            await world.anna.slash(world.channel, "leaderboard members", period=period)
        ).response.message.attachments == []
    await earn(world, 1, 30, "Ben")
    await world.beat(7 * DAY)
    board = await world.anna.slash(world.channel, "leaderboard members")
    assert "Nobody has points" in said(board)
    assert [file.filename for file in board.response.message.attachments] == ["board.png"]
    assert _alt(board.response.message).startswith("Last week · ") and "1. Ben 30 (" in _alt(board.response.message)
    await world.beat(7 * DAY)
    assert (await world.anna.slash(world.channel, "leaderboard members")).response.message.attachments == []


async def test_names_are_those_shown_in_the_server_last(world: World):
    lena = world.guild.add_member(world.env.create_user("lena"), nick="Lena from Ops")
    await world.set_up(time="09:00")
    await world.next_day()
    await lena.send(world.thread(), LONG)
    await world.bot.close()
    await lena.send(world.thread(), "What Discord's history says of her is the name that she has everywhere")
    await world.ben.send(world.thread(), LONG)
    await world.restart()
    board = await world.reply(world.anna, "leaderboard members")
    assert "🥇 **Lena from Ops** · 10 points" in board and "**ben** · 10 points" in board
    rename(world, lena, "Lena on leave")
    rename(world, world.ben, "Benjamin")
    await lena.send(world.channel, "hello")
    board = await world.reply(world.ben, "leaderboard members")
    assert "**Lena on leave**" in board and "**Benjamin**" in board
    rename(world, world.boss, "The boss")
    await world.boss.send(world.channel, "hello")
    assert world.boss.id not in [row.member_id for row in await world.rows(members)]  # who only chats stays unknown


def rename(world: World, member: Any, nick: str) -> None:
    """Somebody gives a member another name in this server."""
    world.env.backend.edit_member(world.guild.id, member.id, {"nick": nick})


async def test_odd_names_do_no_harm(world: World):
    odd = (
        "*_`~|" * 20,
        "https://x`||y**",
        "مرحبا بالعالم",
        "🎉" * 100,
        "[a](https://b.c) <@1> @everyone",
        "\u202e\u200b",
        "\u3164\u2800",
        "# x\n# y",
    )
    for number, name in enumerate(odd):
        await earn(world, 100 + number, 10, name)
        await world.env.advance_time(60)
    text = await world.reply(world.anna, "leaderboard members")
    assert text.count("· 10 points") == len(odd) and "@everyone" not in text and "<@1>" not in text
    assert "x\\`\\|\\|y\\*\\*" in text and "https://" not in text
    assert "\u2068مرحبا بالعالم\u2069" in text and text.count("**A member**") == 2


@pytest.mark.parametrize(
    ("damage", "said_of_it"),
    [
        ("UPDATE ledger SET points = 99", "the ledger says 99"),
        ("DELETE FROM ledger", "the ledger says 0"),
        ("UPDATE standings SET points = points + 1", "the standing of member"),
        ("UPDATE team_standings SET points = points + 1", "for team"),
    ],
)
async def test_verify_agrees_after_a_week_and_finds_damage(world: World, damage: str, said_of_it: str):
    await world.set_up(time="09:00")
    await world.reply(world.boss, "team create", name="Red")
    await world.reply(world.anna, "team join", name="Red")
    await answer_days(world, 3)
    await world.env.advance_time(DAY)
    found = await report(world.bot.database)
    assert (
        found.disagreements == [] and found.streaks == 1 and found.standings == 2 * len(await world.rows(standings))
    )
    assert len(await world.rows(answers)) == len(await world.rows(ledger)) == 3
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(damage))
    assert any(said_of_it in disagreement(found) for found in (await report(world.bot.database)).disagreements)


async def test_the_calendar_is_attached_and_shared_where_the_bot_may(world: World):
    await world.set_up(time="09:00")
    newcomer = await world.anna.slash(world.channel, "streak")
    assert newcomer.response.message.attachments == []
    await answer_days(world, 2)
    page = await world.anna.slash(world.channel, "streak")
    (picture,) = page.response.message.attachments
    assert picture.filename == "streak.png"
    await world.anna.click(page.response.message, label="Share")
    assert [file.filename for file in world.channel.history()[-1].attachments] == ["streak.png"]
    await world.deny(attach_files=False)
    without = await world.anna.slash(world.channel, "streak")
    assert without.response.message.attachments == [] and "🔥 2" in said(without)


async def test_two_spent_freezes_are_told_as_two_and_promise_nothing(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 14)
    await let_pass(world, 4)
    page = await world.reply(world.anna, "streak")
    assert "🔥 0" in page and "2 freezes covered questions you missed" in page and "goes on" not in page
    assert "freezes covered" not in await world.reply(world.anna, "streak")


async def test_a_spent_freeze_is_told_in_the_receipt_of_a_late_answer_too(world: World):
    await world.set_up(time="09:00")
    await answer_days(world, 7)
    await world.next_day()
    missed = world.card()
    await world.next_day()
    opened = await world.anna.click(missed, label="Answer")
    receipt = said(await world.anna.submit_modal(opened, {"text": LONG}))
    assert "counts for 5 points" in receipt and "A freeze covered" in receipt
    assert "A freeze covered" not in await world.reply(world.anna, "streak")
