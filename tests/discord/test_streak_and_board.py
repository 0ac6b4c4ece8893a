"""Streaks, freezes and boards as members read them, and the books behind them."""

import pytest

from bot.services.verify import report
from bot.storage.tables import answers, ledger, standings
from tests.discord.conftest import DAY, HOUR, LONG, World, labels, said, seen


async def answer_days(world: World, days: int) -> None:
    """Anna answers on so many days in a row."""
    for _ in range(days):
        await world.next_day()
        await world.anna.send(world.thread(), LONG)


async def test_a_newcomer_s_streak_says_how_to_begin(world: World):
    assert "no practice channel here yet" in await world.reply(world.anna, "streak")
    await world.set_up()
    assert "No streak yet" in await world.reply(world.anna, "streak")


async def test_a_freeze_is_earned_spent_and_told_once(world: World):
    await world.set_up(time="09:00")
    await answer_days(world, 7)
    page = await world.reply(world.anna, "streak")
    assert "🔥 7" in page and "Freezes **1** of 2" in page and "Safe" in page
    await world.next_day()
    assert "waits for an answer" in await world.reply(world.anna, "streak")
    await world.next_day()
    page = await world.reply(world.anna, "streak")
    assert "🔥 7" in page and "Freezes **0** of 2" in page and "❄️ A freeze was spent" in page
    assert "A freeze was spent" not in await world.reply(world.anna, "streak")
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
    assert "Nobody has points" in empty and "An answer on time brings 10" in empty
    await world.next_day()  # Thursday, 1 January
    await world.anna.send(world.thread(), LONG)
    await world.env.advance_time(HOUR)
    await world.ben.send(world.thread(), LONG)
    board = await world.anna.slash(world.channel, "leaderboard members")
    text = said(board)
    assert text.index("🥇 **anna** · 10 points") < text.index("🥇 **ben** · 10 points")
    assert "You: rank **1** of 2" in text and "29 Dec to 4 Jan 2026, UTC" in text
    assert "January 2026" in await world.reply(world.anna, "leaderboard members", period="this-month")
    for _ in range(4):
        await world.next_day()
    await world.boss.send(world.thread(), LONG)  # Monday, 5 January
    for period, first in {
        "this-week": "boss",
        "last-week": "anna",
        "this-month": "anna",
        "all-time": "anna",
    }.items():
        assert f"🥇 **{first}**" in await world.reply(world.ben, "leaderboard members", period=period), period
    assert "Nobody has points" in await world.reply(world.ben, "leaderboard members", period="last-month")
    assert "You have no points here yet" in await world.reply(world.boss, "leaderboard members", period="last-week")
    await world.anna.click(board.response.message, label="Share")
    assert "Leaderboard" in seen(world.channel.history()[-1])


async def test_a_channel_s_board_sums_only_its_own(world: World):
    await world.set_up(time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Add a second one")
    await world.next_day()
    await world.anna.send(world.channel.threads[-1], LONG)
    await world.ben.send(other.threads[-1], LONG)
    assert "ben" not in await world.reply(world.anna, "leaderboard members", channel=world.channel)
    whole = await world.reply(world.anna, "leaderboard members")
    assert "anna" in whole and "ben" in whole
    lone = world.guild.create_text_channel("lone")
    assert "is no practice channel" in await world.reply(world.anna, "leaderboard members", channel=lone)


async def test_two_servers_know_nothing_of_each_other(world: World):
    await world.set_up()
    await world.post()
    await world.anna.send(world.thread(), LONG)
    other = world.env.create_guild("Other")
    place = other.create_text_channel("practice")
    stranger = other.add_member(world.env.create_user("stranger"))
    assert "Nobody has points" in await world.reply(stranger, "leaderboard members", place)
    assert "no practice channel" in await world.reply(stranger, "streak", place)


@pytest.mark.parametrize(
    ("damage", "said_of_it"),
    [
        ("UPDATE ledger SET points = 99", "the ledger says 99"),
        ("DELETE FROM ledger", "the ledger says 0"),
        ("UPDATE standings SET points = points + 1", "the standing of member"),
    ],
)
async def test_verify_agrees_after_a_week_and_finds_damage(world: World, damage: str, said_of_it: str):
    await world.set_up(time="09:00")
    await answer_days(world, 3)
    await world.env.advance_time(DAY)
    found = await report(world.bot.database)
    assert found.disagreements == [] and found.streaks == 1 and found.standings == len(await world.rows(standings))
    assert len(await world.rows(answers)) == len(await world.rows(ledger)) == 3
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(damage))
    assert any(said_of_it in line for line in (await report(world.bot.database)).disagreements)


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


async def test_a_spent_freeze_is_told_in_the_receipt_of_a_late_answer_too(world: World):
    await world.set_up(time="09:00")
    await answer_days(world, 7)
    await world.next_day()
    missed = world.card()
    await world.next_day()
    opened = await world.anna.click(missed, label="Answer")
    receipt = said(await world.anna.submit_modal(opened, {"text": LONG}))
    assert "late answer: 5 points" in receipt and "A freeze was spent" in receipt
    assert "A freeze was spent" not in await world.reply(world.anna, "streak")
