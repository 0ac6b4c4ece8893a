"""A forum as practice channel: a post for each question, answers in it, nothing twice."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import discord
import discord.http
import pytest
import pytest_asyncio

from bot.storage.schema import answers, digests, drills, parts, tracks
from tests.discord.conftest import HOUR, LONG, POSTS, World, labels, new_bot, said, seen

NEEDS_TAG = 1 << 4


@pytest_asyncio.fixture
async def forum(world: World) -> Any:
    """The practice channel of these tests, set up at nine each day."""
    made = world.guild.create_forum_channel("questions")
    result = await world.boss.slash(
        world.channel, "setup", channel=made, timezone="UTC", days="daily", time="09:00"
    )
    assert "is set up" in said(result)
    return made


def live(world: World, place: Any) -> Any:
    """A channel or post as the bot sees it."""
    return world.bot.get_channel(place.id)


async def post(world: World, forum: Any) -> Any:
    """Posts today's question and returns its post."""
    assert "Posted: https://" in await world.reply(world.boss, "daily post")
    return forum.threads[-1]


def card(thread: Any) -> Any:
    return thread.history()[0]


def marks(thread: Any, message: Any) -> list[str]:
    found = next(found for found in thread.history() if found.id == message.id)
    return [str(reaction.emoji) for reaction in found.reactions]


def told(thread: Any) -> str:
    return "\n".join(message.content or seen(message) for message in thread.history())


async def test_the_scheduler_posts_one_post_with_card_name_and_ping(world: World, forum: Any):
    role = world.guild.create_role("Practice")
    await world.reply(world.boss, "setup", ping=role)
    preview = await world.reply(world.boss, "daily preview")
    assert "Write below" in preview
    await world.next_day()
    (thread,), (drill,) = forum.threads, await world.rows(drills)
    assert thread.name.startswith("#1 · 2026-01-01 · ")
    assert labels(card(thread)) == ["Answer", "Hint", "My answer", "My streak"]
    assert seen(card(thread)).split("Nobody")[0] == preview.split("Nobody")[0]
    assert [found.id for found in card(thread).role_mentions] == [role.id]
    assert (drill.message_id, drill.forum_post_id, drill.thread_id) == (card(thread).id, thread.id, thread.id)
    status = await world.reply(world.boss, "daily status")
    assert f"/{thread.id}/{card(thread).id}" in status and "⚠️" not in status
    assert f"/{thread.id}/" in await world.reply(world.boss, "daily post") and len(forum.threads) == 1
    assert "already posted" in await world.reply(world.boss, "daily preview")


async def test_answers_by_message_reply_and_form_count_once_each(world: World, forum: Any):
    thread = await post(world, forum)
    wrote = await world.anna.send(thread, LONG)
    replied = await world.ben.send(thread, LONG, reply_to=card(thread))
    opened = await world.boss.click(card(thread), label="Answer")
    assert "You're in!" in said(await world.boss.submit_modal(opened, {"text": "The form of " + LONG}))
    assert marks(thread, wrote) == marks(thread, replied) == ["✅"]
    assert [row.status for row in await world.rows(answers)] == ["on_time"] * 3
    assert {row.source for row in await world.rows(parts)} == {"thread", "form"}
    assert told(thread).count("The form of") == 1 and told(thread).count("original") == 0
    await world.beat(31)
    assert "3 people have answered" in seen(card(thread)) and "Write below" in seen(card(thread))
    assert "🔥 1" in await world.reply(world.ben, "streak", thread)
    opened = await world.anna.slash(thread, "answer")
    assert opened.modal is not None


async def test_a_short_answer_is_told_and_an_edit_mends_it(world: World, forum: Any):
    thread = await post(world, forum)
    short = await world.anna.send(thread, "It learns")
    assert marks(thread, short) == ["✏️"] and "an answer needs" in told(thread)
    await world.anna.edit(short, LONG)
    assert marks(thread, short) == ["✅"] and "an answer needs" not in told(thread)


async def test_the_next_question_reveals_closes_and_takes_late_answers(world: World, forum: Any):
    old = await post(world, forum)
    await world.anna.send(old, LONG)
    await world.next_day()
    assert len(forum.threads) == 2
    assert "Model answer" in told(old) and "Key points" in told(old)
    assert "Closed" in seen(card(old)) and labels(card(old)) == ["Answer", "Model answer", "My answer", "My streak"]
    late = await world.ben.send(old, LONG)
    talk = await world.anna.send(old, "And one more thought about all of this")
    assert marks(old, late) == ["🕒"] and marks(old, talk) == []
    metadata = live(world, old)
    assert not metadata.locked and not metadata.archived


async def test_reveal_and_remove_work_by_hand(world: World, forum: Any):
    thread = await post(world, forum)
    asked = await world.boss.slash(thread, "daily reveal")
    assert f"/{thread.id}/" in said(await world.boss.click(asked.response.message, label="Close and reveal"))
    assert "Closed" in seen(card(thread)) and "Model answer" in told(thread)
    asked = await world.boss.slash(thread, "daily remove")
    await world.boss.click(asked.response.message, label="End it")
    assert "is set up" in await world.reply(world.boss, "setup", thread)


async def test_a_hidden_post_is_shown_again_for_its_closing(world: World, forum: Any):
    thread = await post(world, forum)
    await live(world, thread).edit(archived=True)
    await world.env.settle()
    await world.next_day()
    assert "Closed" in seen(card(thread)) and not live(world, thread).archived


def cut_off(world: World, method: str, path: str) -> None:
    """The next such request takes effect, but its answer never arrives."""
    http: Any = world.bot.http
    send: Callable[..., Awaitable[Any]] = http.request

    async def request(route: discord.http.Route, **options: Any) -> Any:
        result = await send(route, **options)
        if (route.method, route.path) == (method, path):
            http.request = send
            raise ConnectionResetError
        return result

    http.request = request


@pytest.mark.parametrize("archived", [False, True])
async def test_killed_between_send_and_record_the_post_is_found_and_read(world: World, forum: Any, archived: bool):
    cut_off(world, "POST", "/channels/{channel_id}/threads")
    await world.next_day()
    (thread,), (drill,) = forum.threads, await world.rows(drills)
    assert (drill.state, drill.attempts > 0) == ("claimed", True)
    if archived:
        await live(world, thread).edit(archived=True)
    await world.bot.close()
    meantime = await world.anna.send(thread, LONG)
    await world.restart()
    await world.beat(60)
    assert len(forum.threads) == 1
    (drill,) = await world.rows(drills)
    assert (drill.state, drill.message_id, drill.thread_id) == ("open", card(thread).id, thread.id)
    assert marks(thread, meantime) == ["✅", "👍"]
    assert [row.status for row in await world.rows(answers)] == ["on_time"]


async def test_somebody_else_s_posts_and_older_ones_are_not_mistaken_for_it(world: World, forum: Any):
    await post(world, forum)
    await world.env.advance_time(HOUR)
    await live(world, forum).create_thread(name="#2 · 2026-01-02 · by another part of me", content="hello")
    world.env.inject_error("POST", f"/channels/{forum.id}/threads", status=503)
    await world.next_day()
    await world.beat(60)
    assert len(forum.threads) == 3
    assert [row.state for row in await world.rows(drills)] == ["closed", "open"]


async def test_messages_written_while_the_bot_was_away_are_collected_once(world: World, forum: Any):
    thread = await post(world, forum)
    await world.bot.close()
    first = await world.anna.send(thread, "word and another one")
    await world.anna.send(thread, "and the rest of it")
    reply = await world.ben.send(thread, LONG, reply_to=card(thread))
    await world.restart()
    await world.restart()
    assert len(await world.rows(parts)) == 3
    assert marks(thread, first) == marks(thread, reply) == ["✅"]


@pytest.mark.parametrize(
    ("names", "chosen"),
    [(["News", "Practice"], "Practice"), (["News", "Talk"], "News"), (["Question"], "Question")],
)
async def test_a_required_tag_is_chosen_by_its_name(world: World, forum: Any, names: list[str], chosen: str):
    found = await live(world, forum).edit(available_tags=[discord.ForumTag(name=name) for name in names])
    await world.env.settle()
    live(world, forum)._flags = NEEDS_TAG  # simcord's forums have no flags
    assert found is not None
    thread = await post(world, forum)
    assert [tag.name for tag in live(world, thread).applied_tags] == [chosen]


async def test_no_tag_is_set_where_none_is_required(world: World, forum: Any):
    await live(world, forum).edit(available_tags=[discord.ForumTag(name="practice")])
    await world.env.settle()
    assert live(world, await post(world, forum)).applied_tags == []


async def test_a_required_tag_that_is_missing_is_told_and_posting_goes_on_with_one(world: World, forum: Any):
    await live(world, forum).edit(available_tags=[discord.ForumTag(name="staff", moderated=True)])
    await world.env.settle()
    live(world, forum)._flags = NEEDS_TAG
    assert "requires a tag" in await world.reply(world.boss, "setup")
    await world.next_day()
    assert forum.threads == [] and (await world.rows(drills))[0].state == "claimed"
    assert "requires a tag" in await world.reply(world.boss, "daily status")
    await live(world, forum).edit(available_tags=[discord.ForumTag(name="practice")])
    await world.env.settle()
    live(world, forum)._flags = NEEDS_TAG
    await world.beat(HOUR)
    assert len(forum.threads) == 1
    assert "requires a tag" not in await world.reply(world.boss, "daily status")


async def test_missing_permissions_are_named_as_forums_name_them(world: World, forum: Any):
    overwrite = discord.PermissionOverwrite(
        send_messages=False, send_messages_in_threads=False, create_public_threads=False
    )
    found = live(world, forum)
    await found.set_permissions(found.guild.me, overwrite=overwrite)
    await world.env.settle()
    text = await world.reply(world.boss, "setup")
    assert "Create Posts" in text and "Send Messages in Threads" in text
    assert "Public Threads" not in text and "Send Messages," not in text
    await world.next_day()
    assert forum.threads == []
    assert "Create Posts" in await world.reply(world.boss, "daily status")
    await found.set_permissions(found.guild.me, overwrite=None)
    await world.env.settle()
    await world.beat(HOUR)
    assert len(forum.threads) == 1


async def test_a_deleted_post_or_first_message_makes_the_drill_void(world: World, forum: Any):
    thread = await post(world, forum)
    await world.anna.send(thread, LONG)
    await live(world, thread).delete()
    await world.env.settle()
    assert [row.state for row in await world.rows(drills)] == ["void"]
    assert "🔥 0" in await world.reply(world.anna, "streak")
    second = await post(world, forum)
    await world.boss.delete(card(second))
    assert [row.state for row in await world.rows(drills)] == ["void", "void"]


async def test_a_post_deleted_while_the_bot_was_away_is_void_at_its_closing(world: World, forum: Any):
    thread = await post(world, forum)
    found = live(world, thread)
    await world.bot.close()
    world.env.backend.delete_channel(found.id)
    await world.restart()
    await world.next_day()
    assert [row.state for row in await world.rows(drills)] == ["void", "open"]
    assert "⚠️" not in await world.reply(world.boss, "daily status")


async def test_a_locked_post_is_named_until_it_is_unlocked_and_then_gets_its_reveal(world: World, forum: Any):
    thread = await post(world, forum)
    http, lock, tried = world.bot.http, {thread.id}, 0
    request = http.request

    async def refused(route: Any, **options: Any) -> Any:
        nonlocal tried
        if route.method == "POST" and route.channel_id in lock:
            tried += 1
            answer: Any = SimpleNamespace(status=400, reason="Bad Request")
            raise discord.HTTPException(answer, {"code": 160005, "message": "Thread is locked"})
        return await request(route, **options)

    http.request = refused  # type: ignore[method-assign]
    await world.next_day()
    for _ in range(10):
        await world.beat(60)
    assert tried == 1
    status = await world.reply(world.boss, "daily status")
    assert "of question 1](" in status and ") is locked" in status and "Unlock it" in status
    lock.clear()
    await live(world, thread).edit(locked=False)
    await world.env.settle()
    await world.beat(5)
    assert told(thread).count("has closed") == 1 and "**Closed**" in seen(card(thread))
    assert "⚠️" not in await world.reply(world.boss, "daily status")


async def test_blind_is_refused_with_the_reason(world: World, forum: Any):
    assert "don't work in a forum" in await world.reply(world.boss, "setup", answers="blind")
    assert "don't work in a forum" in await world.reply(world.boss, "setup", channel=forum, answers="blind")
    (track,) = await world.rows(tracks)
    assert track.mode == "open"


async def test_a_track_moves_from_a_text_channel_to_a_forum_and_back(world: World):
    await world.set_up(time="09:00", answers="blind")
    await world.post()
    forum = world.guild.create_forum_channel("questions")
    asked = await world.boss.slash(world.channel, "setup", channel=forum)
    assert "In a forum they become open" in said(asked)
    await world.boss.click(asked.response.message, label="Move it")
    await world.next_day()
    assert "Question 2" in seen(card(forum.threads[-1]))
    assert "Closed" in seen(world.card())
    await world.anna.send(forum.threads[-1], LONG)
    asked = await world.boss.slash(world.channel, "setup", channel=world.channel)
    assert "become open" not in said(asked)
    await world.boss.click(asked.response.message, label="Move it")
    await world.next_day()
    assert "Question 3" in seen(world.card()) and "Closed" in seen(card(forum.threads[-1]))
    assert "Write in the thread" in seen(world.card())
    assert "🔥 1" in await world.reply(world.anna, "streak")


async def test_a_media_channel_is_no_place_for_questions(world: World):
    forum = world.guild.create_forum_channel("pictures")
    live(world, forum)._type = discord.ChannelType.media.value  # simcord knows no media channels
    assert "text, announcement or forum" in await world.reply(world.boss, "setup", channel=forum, timezone="UTC")


async def test_where_texts_are_withheld_the_post_says_so_once(world: World, forum: Any):
    await world.bot.close()
    world.bot = new_bot(world.settings, message_content=False)
    await world.env.restart_bot(world.bot)
    thread = await post(world, forum)
    await world.beat(60)
    assert told(thread).count("I can see that you're writing here, but not what you say") == 1


@pytest.mark.parametrize("known", [True, False])
async def test_the_weekly_digest_is_a_post_of_its_own_and_comes_once(world: World, forum: Any, known: bool):
    shown = await world.boss.slash(world.channel, "setup")
    opened = await world.boss.click(shown.response.message, label="Weekly digest")
    assert "gets a digest" in said(await world.boss.submit_modal(opened, {"day": "fri", "hour": "17"}))
    thread = await post(world, forum)
    await world.anna.send(thread, LONG)
    evening_before = None if known else world.backup()
    lost = world.lose_answer(POSTS, forum.id) if known else None
    await world.beat(at=datetime.fromisoformat("2026-01-02T17:00:00+00:00"))
    assert lost != []
    (digest,) = [found for found in forum.threads if found.name.startswith("The week of")]
    (message,) = digest.history()
    assert digest.name == "The week of Dec 29 to Jan 4, 2026"
    assert "🥇 **anna** · 10 points" in seen(message) and message.attachments[0].filename == "digest.png"
    await world.ben.send(digest, LONG)
    assert marks(digest, digest.history()[-1]) == []  # talk about the week is no answer
    if known:
        await live(world, digest).edit(archived=True)
    await world.restart(evening_before)
    await world.beat(HOUR)
    assert sum(found.name.startswith("The week of") for found in forum.threads) == 1
    assert [(row.state, row.message_id) for row in await world.rows(digests)] == [("sent", message.id)]


async def test_a_digest_waits_for_the_tag_that_the_forum_asks_for(world: World, forum: Any):
    shown = await world.boss.slash(world.channel, "setup")
    opened = await world.boss.click(shown.response.message, label="Weekly digest")
    await world.boss.submit_modal(opened, {"day": "thu", "hour": "17"})
    await live(world, forum).edit(available_tags=[discord.ForumTag(name="staff", moderated=True)])
    await world.env.settle()
    live(world, forum)._flags = NEEDS_TAG
    await world.beat(at=datetime.fromisoformat("2026-01-01T17:00:00+00:00"))
    assert not [found for found in forum.threads if found.name.startswith("The week of")]
    assert "requires a tag" in await world.reply(world.boss, "daily status", forum)
    await live(world, forum).edit(available_tags=[discord.ForumTag(name="practice")])
    await world.env.settle()
    live(world, forum)._flags = NEEDS_TAG
    await world.beat(HOUR)
    (digest,) = [found for found in forum.threads if found.name.startswith("The week of")]
    assert [tag.name for tag in live(world, digest).applied_tags] == ["practice"]
