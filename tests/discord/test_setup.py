"""The first minutes: `/setup`, its form, and everything that may be wrong about them."""

import asyncio
from typing import Any, cast
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.domain.tracks import PlanChange
from bot.storage.schema import drills, tracks
from tests.discord.conftest import BOTH_ENGINES, LONG, World, filled, labels, said, seen
from tests.discord.test_review import miss


async def test_a_first_track_needs_only_a_time_zone(world: World):
    text = await world.reply(world.boss, "setup", timezone="berlin")
    there = world.bot.clock().astimezone(ZoneInfo("Europe/Berlin"))
    assert f"It's {there:%H:%M} there now, in Europe/Berlin." in text
    assert "is set up" in text and "Mon-Fri at 09:00, Europe/Berlin" in text
    assert "curriculum" in text and "open" in text and "nobody" in text and "<t:" in text
    (track,) = await world.rows(tracks)
    assert (track.channel_id, track.zone) == (world.channel.id, "Europe/Berlin")


async def test_without_a_time_zone_it_says_so_with_an_example(world: World):
    assert "/setup timezone:Europe/Berlin" in await world.reply(world.boss, "setup")
    assert await world.rows(tracks) == []


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"timezone": "Atlantis"}, "Did you mean `America/"),
        ({"timezone": "xyzzy"}, "Europe/Berlin"),
        ({"timezone": "UTC", "time": "25:99"}, "isn't a time of day"),
        ({"timezone": "UTC", "days": "someday"}, "mon,wed,fri"),
        ({"timezone": "UTC", "topics": "99"}, "no topic called"),
    ],
)
async def test_wrong_input_gets_a_sentence_and_changes_nothing(world: World, options: dict[str, str], answer: str):
    assert answer in await world.reply(world.boss, "setup", **options)
    assert await world.rows(tracks) == []


async def test_what_is_left_out_stays_and_no_option_shows_the_settings(world: World):
    await world.set_up(time="10:00", topics="1,2", order="shuffle", answers="blind")
    await world.reply(world.boss, "setup", time="11:30")
    text = await world.reply(world.boss, "setup")
    assert "daily at 11:30, UTC" in text and "Generative AI Concepts" in text
    assert "shuffle" in text and "blind" in text


async def test_a_forum_is_fine(world: World):
    forum = world.guild.create_forum_channel("ideas")
    assert "is set up" in await world.reply(world.boss, "setup", channel=forum, timezone="UTC")


async def test_an_announcement_channel_is_fine(world: World):
    news = world.guild.create_news_channel("news")
    assert "is set up" in await world.reply(world.boss, "setup", channel=news, timezone="UTC")
    await world.boss.slash(news, "daily post")
    assert any("Answer" in labels(message) for message in news.history())


async def test_each_missing_permission_is_named(world: World):
    mute = world.guild.create_text_channel(
        "mute",
        overwrites={
            world.guild.default_role: discord.PermissionOverwrite(),
            world.guild.me: discord.PermissionOverwrite(send_messages=False, create_public_threads=False),
        },
    )
    text = await world.reply(world.boss, "setup", channel=mute, timezone="UTC")
    assert "Send Messages" in text and "Create Public Threads" in text and "Read Message" not in text


async def test_a_change_later_offers_today_s_question_not_the_first(world: World):
    first = (await world.set_up()).response.message
    assert "Post the first question now" in labels(first)
    role = world.guild.create_role("Team", mentionable=True)
    assert f"**Ping** nobody → <@&{role.id}>" in said(await world.boss.select(first, [role]))
    assert "→ nobody" in said(await world.boss.select(first, [world.guild.default_role]))
    await world.post()
    changed = await world.boss.slash(world.channel, "setup", answers="blind")
    assert labels(changed.response.message) == ["Post today's question now", "Preview"]


async def test_another_channel_asks_whether_to_move_or_to_add(world: World):
    await world.set_up(time="08:15")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other)
    message = asked.response.message
    assert labels(message) == ["Move it", "Run both"]
    assert "is set up" in said(await world.boss.click(message, label="Move it"))
    (track,) = await world.rows(tracks)
    assert track.channel_id == other.id and track.at.isoformat() == "08:15:00"
    assert "already decided" in said(await world.boss.click(message, label="Run both"))


async def test_a_second_channel_takes_the_server_s_zone(world: World):
    await world.set_up(timezone="Asia/Tokyo")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, time="18:00")
    await world.boss.click(asked.response.message, label="Run both")
    assert {row.zone for row in await world.rows(tracks)} == {"Asia/Tokyo"}
    third = world.guild.create_text_channel("third")
    assert "Which channel do you mean" in await world.reply(world.boss, "daily status", third)
    assert "is set up" in await world.reply(world.boss, "setup", channel=third)


@BOTH_ENGINES
async def test_two_at_once_make_one_track(world: World):
    change = PlanChange(zone="Europe/Berlin")
    both = [world.bot.services.tracks.set_up(1, 5, change, world.bot.clock(), named=True) for _ in range(2)]
    await asyncio.gather(*both)
    assert len(await world.rows(tracks)) == 1


async def test_times_and_days_are_offered_as_people_type_them(world: World):
    async def offered(option: str, typed: str) -> list[str]:
        return [found["name"] for found in await world.boss.autocomplete(world.channel, "setup", option, typed)]

    assert (await offered("time", ""))[0] == "09:00 · 9:00 am"
    assert await offered("time", "9") == ["09:00 · 9:00 am", "21:00 · 9:00 pm"]
    assert await offered("time", "noon") == []
    assert (await offered("days", ""))[:2] == ["Mon-Fri", "Mon, Wed, Fri"]
    assert await offered("days", "Mon, Wed & Fri") == ["Mon, Wed, Fri"]
    assert await offered("days", "weekends") == ["Sat, Sun"]


async def test_autocomplete_finds_cities(world: World):
    found = await world.boss.autocomplete(world.channel, "setup", "timezone", "new y")
    assert "America/New_York" in [choice["value"] for choice in found][:3]


async def test_the_bot_greets_once_with_a_set_up_button(world: World):
    new = world.env.create_guild("New")
    lobby = new.create_text_channel("general")
    guild, cog = world.bot.get_guild(new.id), world.bot.get_cog("ServersCog")
    for _ in range(2):  # the gateway may send an event twice; simcord sends none of this kind
        await cast(Any, cog).on_guild_join(guild)
    (greeting,) = lobby.history()
    assert "Mockingbird" in seen(greeting) and labels(greeting) == ["Set up"]
    nobody = new.add_member(world.env.create_user("nobody"))
    assert "Manage Server" in said(await nobody.click(greeting, label="Set up"))
    owner = new.add_member(
        world.env.create_user("owner"),
        roles=[new.create_role("M", permissions=discord.Permissions(manage_guild=True))],
    )
    form = await owner.click(greeting, label="Set up")
    assert filled(form)["channel"] == [], "nobody posts in #general unasked"
    place = new.create_text_channel("interview-practice")
    form = await owner.click(greeting, label="Set up")
    assert filled(form)["channel"] == [place.id] and filled(form)["days"] == list("01234")
    every = list("0123456")
    typed = {"channel": [lobby], "other_zone": "Mars: 100%", "time": "7:45", "days": every}
    wrong = await owner.submit_modal(form, typed)
    assert "Mars" in said(wrong) and labels(wrong.response.message) == ["Try again"]
    form = await owner.click(wrong.response.message, label="Try again")
    assert filled(form) == {**typed, "channel": [lobby.id], "zone": []}
    mended = {"channel": [place], "zone": ["Europe/Paris"], "time": "7:45", "days": ["5"]}
    right = said(await owner.submit_modal(form, mended))
    assert f"<#{place.id}> is set up" in right and "Sat at 07:45, Europe/Paris" in right
    (track,) = await world.rows(tracks)
    assert (track.channel_id, track.manager_id) == (place.id, owner.id)


async def test_an_adaptive_track_asks_about_the_topic_its_members_get_wrong(world: World):
    assert "adaptive (weak topics first)" in said(await world.set_up(time="09:00", order="adaptive"))
    await world.anna.send(world.channel, LONG, reply_to=await world.post())
    await miss(world, world.anna, 3)
    for _ in range(3):
        await world.next_day()
        assert world.bank.topics[0].title in seen(world.card())
    asked = [row.question_id for row in await world.rows(drills)]
    assert len(set(asked)) == len(asked) == 4


async def test_an_adaptive_track_shuffles_while_its_members_have_no_wrong_quiz_answers(world: World):
    await world.set_up(time="09:00", order="shuffle")
    shuffled = said(await world.boss.slash(world.channel, "daily preview"))
    await world.boss.slash(world.channel, "setup", order="adaptive")
    await miss(world, world.ben, 3)  # ben answered no question of this track
    assert said(await world.boss.slash(world.channel, "daily preview")) == shuffled
