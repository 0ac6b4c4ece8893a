"""The managers' week: who takes part, who has been quiet, and a page that always fits."""

from datetime import timedelta

import discord
from sqlalchemy import Connection

from bot.domain.errors import Problem
from bot.storage import members
from bot.storage.schema import answers, drills, milestone_roles, skips, tracks
from tests.discord.conftest import DAY, HOUR, LONG, World, labels, said, seen

ODD = "@everyone <@123456789012345678> "


async def status(world: World) -> str:
    return await world.reply(world.boss, "daily status")


async def test_what_is_wished_and_missing_is_named_in_one_small_line(world: World):
    await world.set_up()
    assert "-# Also useful" not in await status(world)
    await world.deny(attach_files=False, create_private_threads=False)
    text = await status(world)
    (line,) = (line for line in text.splitlines() if line.startswith("-# Also useful"))
    assert "**Attach Files** (pictures in replies, digests and boards)" in line
    assert "**Create Private Threads** (interviews)" in line and "⚠️" not in text
    await world.deny(attach_files=None, create_private_threads=False)
    assert "Attach Files" not in await status(world) and "(interviews)" in await status(world)


async def test_before_the_first_question_it_says_so(world: World):
    await world.set_up()
    assert "No question was posted in the last two weeks" in await status(world)


async def test_two_weeks_are_counted_by_date_and_compared(world: World):
    await world.set_up(time="09:00")  # the simulation begins on Thursday, 1 January
    for day in range(9):
        await world.next_day()
        await world.anna.send(world.thread(), LONG)
        if day < 2:
            await world.ben.send(world.thread(), LONG)
    await world.boss.send(world.thread(), "Short")
    (track,) = await world.bot.services.tracks.of_server(world.guild.id)
    found = await world.bot.services.participation.of(track, world.bot.clock())
    assert [f"{day:%a}" for day, _ in found.now.days] == ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]
    assert [count for _, count in found.before.days] == [None] * 5 + [2, 2]
    assert [count for _, count in found.now.days] == [1] * 7
    text = await status(world)
    assert "**Answers** 7 in the last 7 days, 4 in the 7 before (+3) · 1 of 2 members on an average day" in text


async def test_a_late_answer_counts_for_its_question_s_date(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    old = world.thread()
    await world.next_day()
    await world.anna.send(old, LONG)
    (track,) = await world.bot.services.tracks.of_server(world.guild.id)
    found = await world.bot.services.participation.of(track, world.bot.clock())
    assert [count for _, count in found.now.days] == [None] * 5 + [1, 0]
    assert "1 in the last 7 days, 0 in the 7 before (+1) · 0.5 of 1 member" in await status(world)


async def test_missed_dates_and_skipped_ones_are_named(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    assert "⚠️" in await status(world)
    await world.deny(send_messages=None)
    await world.beat(7 * HOUR)
    await world.reply(world.boss, "daily skip", date="2026-01-05")
    text = await status(world)
    assert "Not posted; streaks are safe** Thu, Jan 1" in text and "Skipped** Mon, Jan 5" in text


async def test_who_has_been_quiet_is_told_to_managers_in_private_and_nobody_is_tagged(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    odd = world.guild.add_member(world.env.create_user("odd"), nick=ODD)
    for member in (world.anna, world.ben, odd):
        await member.send(world.thread(), LONG)
    await world.boss.send(world.thread(), "Short")
    page = await world.boss.slash(world.channel, "daily status")
    assert "Who's been quiet" in labels(page.response.message)
    nobody = await world.boss.click(page.response.message, label="Who's been quiet")
    assert "Nobody's gone quiet" in said(nobody)
    await world.beat(10 * DAY)
    await world.ben.send(world.thread(), LONG)
    await world.beat(5 * DAY)
    await world.restart()
    before = len(world.channel.history())
    shown = await world.boss.click(page.response.message, label="Who's been quiet")
    text = said(shown)
    assert shown.response.ephemeral and len(world.channel.history()) == before
    assert "2 members took part before and haven't answered" in text
    assert "anna" in text and "ben" not in text and "boss" not in text and "last answer <t:" in text
    assert "@everyone" not in text and "<@1" not in text


async def test_whoever_is_away_is_said_to_be_in_the_list_of_the_quiet(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    await world.reply(world.anna, "away set", **{"from": "2026-01-03", "until": "2026-01-25"})
    await world.reply(world.ben, "away set", **{"from": "2026-01-03", "until": "2026-01-10"})
    await world.beat(15 * DAY)
    page = await world.boss.slash(world.channel, "daily status")
    anna, ben = said(await world.boss.click(page.response.message, label="Who's been quiet")).split("\n- ")[1:]
    assert anna.startswith("anna") and "away until Sun, Jan 25" in anna and "away" not in ben


async def test_who_is_no_manager_any_more_reads_no_list(world: World):
    await world.set_up()
    page = await world.boss.slash(world.channel, "daily status")
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    member = await guild.fetch_member(world.boss.id)
    await member.remove_roles(*member.roles[1:])
    await world.env.settle()
    assert "Manage Server" in said(await world.boss.click(page.response.message, label="Who's been quiet"))


async def test_the_list_of_the_quiet_has_pages(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    (drill,) = await world.rows(drills)
    people = [world.guild.add_member(world.env.create_user(f"m{number}")) for number in range(45)]

    now = world.bot.clock()

    def many(conn: Connection) -> None:
        for number, member in enumerate(people):
            at = now + timedelta(minutes=number)
            members.record(conn, world.guild.id, member.id, f"{ODD * 3}{number}"[:100], at)
            row = {"guild_id": world.guild.id, "track_id": 1, "drill_id": drill.id, "member_id": member.id}
            conn.execute(answers.insert().values(**row, status="on_time", counted_at=at))

    await world.bot.database.write(many)
    await world.beat(15 * DAY)
    page = await world.boss.slash(world.channel, "daily status")
    shown = await world.boss.click(page.response.message, label="Who's been quiet")
    first = shown.response.message
    assert "45 members" in seen(first) and labels(first) == ["Next"]
    await world.boss.click(first, label="Next")
    second = shown.response.message
    await world.boss.click(second, label="Next")
    third = shown.response.message
    assert labels(third) == ["Back"] and seen(third).count("last answer") == 5
    await world.boss.click(third, label="Back")
    assert labels(shown.response.message) == ["Back", "Next"]


async def test_the_fullest_page_fits_one_message(world: World):
    await world.set_up(time="09:00", topics=",".join(str(topic.number) for topic in world.bank.topics))
    for question in sorted(world.bank.questions, key=lambda question: -len(question.wording))[:12]:
        await world.reply(world.boss, "daily queue", question=question.id)
    await world.next_day()
    (track,) = await world.rows(tracks)

    powers = discord.Permissions(administrator=True)
    powerful = {days: world.guild.create_role(f"{days}", permissions=powers) for days in (7, 30, 100, 365)}
    await world.env.settle()

    def fill(conn: Connection) -> None:
        conn.execute(tracks.update().values(problem=Problem("other", {"text": "x" * 2000})))
        for days, role in powerful.items():
            row = {"guild_id": track.guild_id, "days": days, "role_id": role.id}
            conn.execute(milestone_roles.insert().values(**row))
        for ahead in range(2, 300):
            day = world.bot.clock().date() + timedelta(days=ahead)
            conn.execute(skips.insert().values(guild_id=track.guild_id, track_id=track.id, date=day))

    await world.bot.database.write(fill)
    text = await status(world)
    assert "and 288 more" in text and "11." in text and "**Answers**" in text
    assert text.count("moderator permissions") == 2


async def test_it_begins_with_what_is_owed_and_offers_what_a_manager_may_do(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    page = (await world.boss.slash(world.channel, "daily status")).response.message
    first = seen(page).splitlines()[1]
    assert first.startswith("⚠️ Today's question is **not posted yet**.") and "I'll try again <t:" in first
    assert seen(page).count("Send Messages") == 2  # why it is owed, and where the permission is given
    assert labels(page) == ["Post now", "Skip next", "Pause", "Queue", "Settings", "Who's been quiet"]
    await world.deny(send_messages=None)
    await world.restart()
    assert "Posted: " in said(await world.boss.click(page, label="Post now"))
    page = (await world.boss.slash(world.channel, "daily status")).response.message
    lines = seen(page).splitlines()[1:4]
    assert lines[0] == "**State** ▶️ On, daily at 09:00, UTC"
    assert lines[1].startswith("**Open now** [question 1](") and "0 answers, closes <t:" in lines[1]
    assert lines[2].startswith("**Next** <t:") and "Post now" not in labels(page)
    paused = await world.boss.click(page, label="Pause")
    assert "**State** ⏸️ Paused until you resume it; streaks are safe" in said(paused)
    assert {"Resume", "Post now"} & set(labels(page)) == set()
    resumed = await world.boss.click(paused.response.message, label="Resume")
    assert "▶️ On" in said(resumed) and "Pause" in labels(resumed.response.message)
    assert "Nothing is queued" in said(await world.boss.click(resumed.response.message, label="Queue"))
    assert "Settings for" in said(await world.boss.click(resumed.response.message, label="Settings"))
    skipped = said(await world.boss.click(resumed.response.message, label="Skip next"))
    assert "Fri, Jan 2" in skipped
