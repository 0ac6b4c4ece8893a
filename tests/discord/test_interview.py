"""Interviews, as people go through them: in a private thread, in private messages, and on bad days."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.enums import MessageType

from bot.services.interview_answers import MessageVerdict
from bot.services.interviews import MOST_TRIES
from bot.storage.schema import cards, interview_parts, interview_questions, interviews, ticks
from tests.discord.conftest import DAY, HOUR, PACK, World, labels, new_bot, said, seen

MINE = "A model learns features layer by layer, and depth lets it reuse them."
TICK = "Tick the key points you had"
PACK_BY_ID = {question.id: question for question in PACK.questions}


async def start(world: World, member: Any = None, **options: Any) -> Any:
    options = {"topic": "1", "questions": 2, "minutes": 2} | options
    return await (member or world.anna).slash(world.channel, "interview start", **options)


def texts(world: World) -> list[str]:
    return [message.content or seen(message) for message in world.thread().history()]


def newest(world: World, label: str) -> Any:
    """The newest message of the thread that has a button."""
    return next(m for m in reversed(world.thread().history()) if label in labels(m))


def place(world: World) -> discord.Thread:
    """The newest thread as the bot sees it."""
    found = world.bot.get_channel(world.thread().id)
    assert isinstance(found, discord.Thread)
    return found


def marks(world: World, message: Any) -> list[str]:
    found = next(m for m in world.thread().history() if m.id == message.id)
    return [str(reaction.emoji) for reaction in found.reactions]


async def answer(world: World, page: Any, text: str, member: Any = None) -> str:
    """Sends the form behind Answer and returns what is said to it."""
    member = member or world.anna
    form = await member.click(page, label="Answer")
    return said(await member.submit_modal(form, {"text": text}))


async def through(world: World, *, text: str | None = MINE) -> None:
    """Answers all that is left, and goes on each time."""
    while (await world.rows(interviews))[-1].state == "running":
        if text is not None:
            await world.anna.send(world.thread(), text)
        await world.anna.click(newest(world, "Next"), label="Next")


async def states(world: World) -> list[str]:
    return [row.state for row in await world.rows(interviews)]


async def asked(world: World) -> list[Any]:
    return sorted(await world.rows(interview_questions), key=lambda row: (row.interview_id, row.position))


async def test_an_interview_from_the_first_question_to_the_scorecard(world: World):
    started = await start(world)
    thread = world.thread()
    assert f"<#{thread.id}>" in said(started) and "must not be used to select people" in texts(world)[0]
    assert thread.name == "Interview 1 · anna · 2026-01-01" and place(world).is_private()
    question = newest(world, "Next")
    assert "Question 1 of 2" in seen(question) and "<t:1767225720:R>" in seen(question)
    first = await world.anna.send(thread, "It learns features,")
    await world.anna.send(thread, "layer by layer.")
    assert marks(world, first) == ["✅"]
    await world.env.advance_time(72)
    await world.anna.click(question, label="Next")
    follow_up = newest(world, "Next")
    assert "Follow-up to question 1 of 2" in seen(follow_up) and "<t:1767225732:R>" in seen(follow_up)
    assert "Closed · answered · 1:12" in "\n".join(texts(world))
    await world.env.advance_time(10)
    assert "Saved" in await answer(world, follow_up, "Follow-up words")
    await world.anna.click(follow_up, label="Next")
    second = newest(world, "Next")
    assert "Question 2 of 2" in seen(second)
    await world.anna.click(second, label="Next")
    *_, card, other, end = texts(world)
    assert "It learns features,\n\nlayer by layer." in card and "1:12 of 2:00" in card
    for part in ("Model answer", "Key points", "Follow-up", "Follow-up words", "A good answer"):
        assert part in card
    assert "You didn't write anything" in other and "Follow-up" not in other
    assert "1 of 2 questions answered in 1:22" in end and "first interview" in end
    assert [row.text for row in await asked(world)] == [
        "It learns features,\n\nlayer by layer.",
        "Follow-up words",
        "",
    ]
    assert await states(world) == ["done"]
    # What was written in messages can still be taken back there, until all of it is erased for its age.
    await world.bot.services.interviews.forget(world.bot.clock() + timedelta(days=1))
    assert await world.rows(interview_parts) == [] and {row.text for row in await asked(world)} == {""}


@pytest.mark.parametrize("away", [False, True], ids=["listening", "away"])
async def test_a_message_deleted_after_its_question_closed_leaves_the_answer(world: World, away: bool):
    await start(world, questions=1)
    kept = await world.anna.send(world.thread(), "Only this is left of the answer")
    gone = await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    await through(world, text=None)
    assert any("You said" in text and MINE in text for text in texts(world))
    if away:
        await world.bot.close()
    await world.anna.delete(gone)
    if away:
        await world.restart()
    await world.beat(5)
    await world.beat(5)
    assert (await asked(world))[0].text == kept.content and (await asked(world))[0].answered
    assert not any("You said" in text and MINE in text for text in texts(world))
    assert MINE not in {row.text for row in await world.rows(interview_parts)}


async def test_key_points_are_ticked_and_the_last_interview_stands_beside(world: World):
    await start(world, questions=1)
    await through(world)
    card = newest(world, TICK)
    form = await world.anna.click(card, label=TICK)
    told = said(await world.anna.submit_modal(form, {"points": ["0", "2"]}))
    assert "Saved: 2 of" in told
    full = await world.anna.click(newest(world, TICK), label="Full answer")
    assert full.response.ephemeral and "Pitfalls" in said(full) and "Sources" in said(full)
    after = seen(newest(world, TICK))
    assert after.count("✅") == 2 and "**Key points** 2 of" in after
    form = await world.anna.click(card, label=TICK)
    assert str(form.modal).count("'default': True") == 2
    await world.anna.submit_modal(form, {"points": ["1"]})
    (ticked,) = await world.rows(ticks)
    assert ticked.reference == "interview:1:0" and ticked.points == [1]
    of = len(next(q for q in PACK.questions if q.id == ticked.question_id).key_points)
    await world.env.advance_time(3 * DAY)
    again = await world.anna.click(newest(world, "Another interview"), label="Another interview")
    assert "1 question, 2 minutes\n" in said(again)
    await world.env.advance_time(30)
    await through(world)
    assert f"Last time, Thu, Jan 1, 2026: 1 of {of} key points; now not ticked yet." in texts(world)[-1]
    form = await world.anna.click(newest(world, TICK), label=TICK)
    told = said(await world.anna.submit_modal(form, {"points": []}))
    assert f"Last time, Thu, Jan 1, 2026: 1 of {of}" in told and "Saved: 0 of" in told
    assert "0:00 then, 0:30 now." in texts(world)[-1] and "-# Tick" not in texts(world)[-1]


async def test_a_key_point_that_was_missing_makes_the_question_a_card_once(world: World):
    await start(world, questions=1)
    await through(world)
    card = newest(world, TICK)
    (first, *_) = await asked(world)
    every = [str(at) for at in range(len(PACK_BY_ID[first.question_id].key_points))]
    form = await world.anna.click(card, label=TICK)
    assert "comes back" not in said(await world.anna.submit_modal(form, {"points": every}))
    assert await world.rows(cards) == []
    for _ in range(2):
        form = await world.anna.click(card, label=TICK)
        assert "comes back in your reviews" in said(await world.anna.submit_modal(form, {"points": ["0"]}))
        page = await world.anna.slash(world.channel, "quiz review")
        if "1 card left today" in said(page):
            await world.anna.click(page.response.message, label="Show the answer")
            good = next(label for label in labels(page.response.message) if label.startswith("Good"))
            await world.anna.click(page.response.message, label=good)
    (row,) = await world.rows(cards)
    assert (row.member_id, row.question_id, row.times) == (world.anna.id, first.question_id, 1)
    assert row.due_at > world.bot.clock()  # the same form again made nothing due


async def test_a_scorecard_in_a_thread_that_has_hidden_itself_shows_later_ticks(world: World):
    await start(world, questions=1)
    await through(world)
    await world.beat(8 * DAY)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083)
    card = newest(world, TICK)
    form = await world.anna.click(card, label=TICK)
    await world.anna.submit_modal(form, {"points": ["0", "2"]})
    await world.beat(6)
    assert "**Key points** 2 of" in seen(newest(world, TICK)) and "**Key points** 2 of" in texts(world)[-1]


async def test_a_thread_that_can_never_be_written_to_is_left_alone_in_the_end(world: World):
    await start(world, questions=1)
    await through(world)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=500, times=None)
    form = await world.anna.click(newest(world, TICK), label=TICK)
    await world.anna.submit_modal(form, {"points": ["0"]})
    await world.bot.database.write(lambda conn: conn.execute(interviews.update().values(attempts=MOST_TRIES - 1)))
    for left in (True, True, False):
        (row,) = await world.rows(interviews)
        assert (row.version > row.shown_version) == left
        await world.beat(900)


async def test_when_time_is_up_it_goes_on_by_itself_and_says_so(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    old = newest(world, "Next")
    form = await world.anna.click(old, label="Answer")
    await world.beat(119)
    assert newest(world, "Next").id == old.id
    await world.beat(2)
    follow_up = newest(world, "Next")
    assert "Time was up for question 1 of 2" in seen(follow_up) and "Follow-up" in seen(follow_up)
    late = said(await world.anna.submit_modal(form, {"text": "Too late to count"}))
    assert "doesn't count" in late and "Too late to count" in late
    await world.beat(61)
    assert "Question 2 of 2" in seen(newest(world, "Next"))
    await world.beat(121)
    assert await states(world) == ["done"]
    assert [(row.ended, row.answered) for row in await asked(world)] == [
        ("time", True),
        ("time", False),
        ("time", False),
    ]
    assert "2:00 of 2:00 · time was up" in texts(world)[-2] or "time was up" in texts(world)[-3]
    assert "Too late" not in "\n".join(texts(world))


async def test_a_message_after_the_time_does_not_count_and_makes_it_go_on(world: World):
    await start(world)
    await world.env.advance_time(121)
    late = await world.anna.send(world.thread(), "These words come too late")
    assert marks(world, late) == ["🕒"]
    assert "Question 2 of 2" in seen(newest(world, "Next")) and "doesn't count" in seen(newest(world, "Next"))
    assert [row.answered for row in await asked(world)] == [False, False]


async def test_a_press_on_an_old_button_changes_nothing(world: World):
    await start(world)
    old = newest(world, "Next")
    await world.anna.send(world.thread(), MINE)
    await asyncio.gather(
        *(world.bot.services.interviews.go_on(1, 0, world.anna.id, world.bot.clock()) for _ in range(3))
    )
    await world.beat()
    assert [row.position for row in await asked(world)] == [0, 1, 2]
    again = await world.bot.services.interviews.go_on(1, 0, world.anna.id, world.bot.clock())
    assert not again.done
    assert sum("Follow-up to" in text for text in texts(world)) == 1
    assert labels(next(m for m in world.thread().history() if m.id == old.id)) == []


async def test_the_buttons_of_a_question_that_is_over_say_so(world: World):
    await start(world, questions=1)
    old = newest(world, "Next")
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50005)
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(old, label="Next")
    assert "Follow-up to" in texts(world)[-1]
    for label in ("Answer", "Next"):
        assert "This question is over" in said(await world.anna.click(old, label=label))
    await world.anna.click(newest(world, "Next"), label="Next")
    for label in ("Answer", "Next", "End interview"):
        assert "This interview is over" in said(await world.anna.click(old, label=label))
    assert len(await asked(world)) == 2


async def test_a_question_page_that_a_moderator_deleted_is_no_dead_end(world: World):
    await start(world, questions=1)
    message = await place(world).fetch_message(newest(world, "Next").id)
    await message.delete()
    await world.anna.send(world.thread(), MINE)
    await world.beat(121)
    assert "Follow-up to" in texts(world)[-1] and (await asked(world))[0].text == MINE


async def test_nobody_else_takes_part(world: World):
    await start(world)
    assert {member.id for member in await place(world).fetch_members()} == {world.anna.id, world.bot.user.id}  # type: ignore[union-attr]
    question = newest(world, "Next")
    await place(world).add_user(discord.Object(world.boss.id))
    await world.boss.send(world.thread(), "Words of a manager in the thread")
    for label in ("Answer", "Next", "End interview"):
        assert "isn't your interview" in said(await world.boss.click(question, label=label))
    assert await world.rows(interview_parts) == [] and await states(world) == ["running"]
    await start(world, world.ben)
    assert await states(world) == ["running", "running"]


@pytest.mark.parametrize("away", [False, True], ids=["listening", "away"])
async def test_an_edit_after_the_question_closed_changes_the_words_and_not_the_time(world: World, away: bool):
    await start(world, questions=1)
    mine = await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    await through(world, text=None)
    (before, *_), used = await asked(world), [text for text in texts(world) if "answered in" in text]
    if away:
        await world.bot.close()
    await world.anna.edit(mine, "Better words, found afterwards")
    if away:
        await world.restart()
    await world.beat(5)
    await world.beat(5)
    after = (await asked(world))[0]
    assert after.text == "Better words, found afterwards" and (after.answered, after.closed_at) == (
        before.answered,
        before.closed_at,
    )
    assert any("You said" in text and "found afterwards" in text for text in texts(world))
    assert not any("You said" in text and MINE in text for text in texts(world))
    assert [text for text in texts(world) if "answered in" in text] == used


async def test_edits_and_deletions_count_while_the_question_is_open(world: World):
    await start(world, questions=1)
    first = await world.anna.send(world.thread(), "First words")
    second = await world.anna.send(world.thread(), "Second words")
    await world.anna.edit(first, "Better words")
    await world.anna.delete(second)
    await world.anna.click(newest(world, "Next"), label="Next")
    assert (await asked(world))[0].text == "Better words"


async def test_the_form_holds_what_was_written_and_replaces_only_that(world: World):
    await start(world, questions=1)
    await world.anna.send(world.thread(), "Written in the thread")
    question = newest(world, "Next")
    form = await world.anna.click(question, label="Answer")
    assert "Written in the thread" in str(form.modal)
    await world.anna.send(world.thread(), "Sent meanwhile")
    await world.anna.submit_modal(form, {"text": "Written in the form"})
    form = await world.anna.click(question, label="Answer")
    assert "Sent meanwhile" in str(form.modal) and "Written in the form" in str(form.modal)
    assert "answer is empty" in said(await world.anna.submit_modal(form, {"text": "  "}))
    await world.restart()  # what the form has replaced is not read up again
    await world.anna.click(question, label="Next")
    assert (await asked(world))[0].text == "Sent meanwhile\n\nWritten in the form"


async def test_long_texts_are_kept_whole_and_cut_on_the_scorecard(world: World):
    await start(world, questions=1)
    for _ in range(3):
        await world.anna.send(world.thread(), "word " * 390)
    form = await world.anna.click(newest(world, "Next"), label="Answer")
    assert "word word" not in str(form.modal)  # more than a form holds: sending adds to it
    await world.anna.submit_modal(form, {"text": "x" * 3500})
    await world.anna.click(newest(world, "Next"), label="Next")
    await through(world)
    text = (await asked(world))[0].text
    assert text.count("word") == 3 * 390 and text.count("x") == 3500
    assert "Cut here: your text has 9," in "\n".join(texts(world))


async def test_a_file_alone_is_an_answer(world: World):
    await start(world, questions=1)
    await world.anna.send(world.thread(), "", attachments=[("board.png", b"\x89PNG")])
    await world.anna.click(newest(world, "Next"), label="Next")
    assert (await asked(world))[0].answered and "Follow-up to" in seen(newest(world, "Next"))


async def test_a_sticker_alone_is_no_answer(world: World):
    await start(world, questions=1)
    message = await world.anna.send(world.thread(), MINE)
    found = world.bot.workers.answer_reader.incoming(await place(world).fetch_message(message.id))
    assert found is not None
    for text, taken in ((" ", None), ("A word", MessageVerdict.COUNTED)):
        new = replace(found, message_id=found.message_id + 1, text=text)
        assert await world.bot.services.interview_answers.collect(new) is taken


async def test_without_message_content_the_thread_says_that_the_form_keeps_the_text(world: World):
    await world.bot.close()
    world.bot = new_bot(world.settings, message_content=False)
    await world.env.restart_bot(world.bot)
    await start(world, questions=1)
    assert "the form keeps your text" in texts(world)[0]
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    (first, follow_up) = await asked(world)
    assert first.answered and first.text == "" and follow_up.follow_up is not None


async def test_start_while_one_runs_offers_to_go_on_or_to_give_it_up(world: World):
    await start(world)
    again = await start(world)
    assert "running in <#" in said(again) and labels(again.response.message) == ["Continue", "End interview"]
    await place(world).remove_user(discord.Object(world.anna.id))
    await world.env.settle()
    again = await start(world)
    assert "interview running" not in said(again)  # who leaves the thread, ends it


async def test_giving_up_asks_once_and_scores_what_was_answered(world: World):
    await start(world, questions=3)
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    asked_back = await world.anna.click(newest(world, "End interview"), label="End interview")
    assert "End the interview now?" in said(asked_back) and asked_back.response.ephemeral
    await world.anna.click(asked_back.response.message, label="Continue")
    assert f"It continues in your private thread: <#{world.thread().id}>" in seen(asked_back.response.message)
    asked_back = await world.anna.click(newest(world, "End interview"), label="End interview")
    assert "scorecard follows" in said(await world.anna.click(asked_back.response.message, label="End it"))
    assert await states(world) == ["stopped"]
    told = "\n".join(texts(world))
    assert told.count("**Model answer**") == 1 and "1 of 3 questions answered" in told
    assert "is over" in said(await world.anna.click(asked_back.response.message, label="Continue"))


async def test_giving_up_before_an_answer_has_no_scorecard(world: World):
    again = await start(world)
    again = await start(world)
    stop = await world.anna.click(again.response.message, label="End interview")
    await world.anna.click(
        again.response.message if stop.response is None else stop.response.message, label="End it"
    )
    assert "there's no scorecard" in texts(world)[-1] and await states(world) == ["stopped"]
    await start(world)
    assert await states(world) == ["stopped", "running"]


async def test_a_topic_may_be_written_as_it_is_offered(world: World):
    topic = PACK.topics[0]
    assert "Your interview" in said(await start(world, topic=f"{topic.number} · {topic.title}"))
    assert [row.topic for row in await world.rows(interviews)] == [topic.title]


async def test_topics_and_numbers_that_do_not_fit(world: World):
    assert "no topic called" in said(await start(world, topic="99"))
    assert "Pick one topic" in said(await start(world, topic="1, 2"))
    some = tuple(q for q in PACK.questions if q.topic == PACK.topics[0].title)[:2]
    await world.restart(pack=replace(PACK, questions=some))
    assert "no questions on this topic yet" in said(await start(world, topic="2"))
    whole = f"{PACK.topics[0].number} · {PACK.topics[0].title}"  # as it stands in the list
    assert "Only 2 questions to choose from" in said(await start(world, topic=whole, questions=5))
    assert len(await asked(world)) == 2


async def test_nothing_is_asked_again_while_others_are_left(world: World):
    count = sum(q.topic == PACK.topics[0].title for q in PACK.questions)
    for _ in range(count):
        await start(world, questions=1)
        await through(world, text=None)
        await world.env.advance_time(HOUR)
    first = [row.question_id for row in await asked(world)]
    assert len(set(first)) == count
    await start(world, questions=2)
    assert [row.question_id for row in await asked(world)][count:] == first[:2]


async def test_a_question_that_left_the_bank_is_no_dead_end(world: World):
    await start(world, questions=1)
    await world.restart(pack=replace(PACK, questions=PACK.questions[20:]))
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    assert await states(world) == ["done"] and "taken out of the bank" in "\n".join(texts(world))


@pytest.mark.parametrize("days", [89, 91])
async def test_texts_older_than_the_retention_are_erased(world: World, days: int):
    await start(world, questions=1)
    await through(world)
    await world.beat(days * DAY)
    assert {row.text for row in await asked(world)} == {MINE if days < 90 else ""}


# Restarts


async def test_after_a_restart_in_the_middle_of_a_question_all_goes_on(world: World):
    await start(world)
    await world.anna.send(world.thread(), "Before,")
    await world.bot.close()
    away = await world.anna.send(world.thread(), "while the bot was away,")
    await world.restart()
    assert marks(world, away) == ["✅"]
    await world.restart()
    await world.anna.send(world.thread(), "and after.")
    form = await world.anna.click(newest(world, "Next"), label="Answer")
    assert "while the bot was away" in str(form.modal)
    await world.beat(121)
    assert (await asked(world))[0].text == "Before,\n\nwhile the bot was away,\n\nand after."
    assert "Follow-up" in seen(newest(world, "Next"))


async def test_what_was_written_in_time_counts_also_when_the_bot_comes_back_later(world: World):
    await start(world)
    await world.bot.close()
    await world.anna.send(world.thread(), "In time")
    await world.env.advance_time(HOUR)
    await world.anna.send(world.thread(), "Out of time")
    await world.restart()
    await world.beat()
    first, follow_up, _ = await asked(world)
    assert (first.text, first.ended, (first.closed_at - first.asked_at).seconds) == ("In time", "time", 120)
    assert follow_up.asked_at == world.bot.clock()


async def test_what_happens_while_the_history_is_read_is_followed(world: World):
    """The page of history that the bot has asked for tells an earlier state."""
    await start(world, questions=1)
    await world.bot.close()
    gone, better = [await world.anna.send(world.thread(), text) for text in ("Regretted", "First words")]
    world.env.inject_error("GET", "/channels/*/messages", status=500)
    await world.restart()
    send: Callable[..., Awaitable[Any]] = world.bot.http.request
    pages: list[Any] = []

    async def request(route: Any, **options: Any) -> Any:
        answer = await send(route, **options)
        if route.method == "GET" and route.path.endswith("/messages") and not pages:
            pages.append(answer)
            told = [asyncio.ensure_future(world.bot.wait_for(f"raw_message_{it}")) for it in ("delete", "edit")]
            world.env.backend.delete_message(world.thread().id, gone.id)
            world.env.backend.edit_message(world.thread().id, better.id, {"content": "Better words"})
            await asyncio.gather(*told)
            for _ in range(5):  # behind what the bot asks the database on hearing of them
                await world.rows(interviews)
        return answer

    world.bot.http.request = request  # type: ignore[method-assign]
    await world.anna.click(newest(world, "Next"), label="Next")
    assert pages and (await asked(world))[0].text == "Better words"


async def test_after_an_outage_of_days_what_was_answered_is_scored(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    await world.bot.close()
    await world.anna.send(world.thread(), "Written while the bot was away")
    await world.env.advance_time(2 * DAY)
    await world.restart()
    await world.beat()
    assert await states(world) == ["stopped"]
    told = "\n".join(texts(world))
    assert "Interview ended early" in told and told.count("**Model answer**") == 1
    assert "**Follow-up**" in told and "You said**\nWritten while" in told and "Question 2 of 2" not in told


async def test_a_history_that_cannot_be_read_delays_the_end_of_a_question(world: World):
    await start(world)
    await world.bot.close()
    await world.anna.send(world.thread(), "In time")
    world.env.inject_error("GET", "/channels/*/messages", status=500, times=2)
    await world.restart()
    await world.beat(121)
    assert (await asked(world))[0].closed_at is None
    await world.beat(5)
    assert (await asked(world))[0].text == "In time"


def lose_answers(world: World, method: str, path: str) -> None:
    """From now on requests of a kind reach Discord, but the bot never hears of it."""
    send: Callable[..., Awaitable[Any]] = world.bot.http.request

    async def request(route: Any, **options: Any) -> Any:
        done = await send(route, **options)
        if route.method == method and route.path.endswith(path):
            raise OSError("the connection broke")
        return done

    world.bot.http.request = request  # type: ignore[method-assign]


@pytest.mark.parametrize("path", ["/threads", "/messages"])
async def test_a_crash_between_sending_and_recording_sends_nothing_twice(world: World, path: str):
    lose_answers(world, "POST", path)
    await start(world)
    await world.restart()
    await world.beat(6)
    assert len(world.channel.threads) == 1 and sum("Your interview:" in text for text in texts(world)) == 1
    assert sum("Question 1 of 2" in text for text in texts(world)) == 1
    lose_answers(world, "POST", "/messages")
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    (_, follow_up, _) = await asked(world)
    assert follow_up.asked_at is None  # sent, and not recorded
    await world.restart()
    await world.anna.click(newest(world, "Next"), label="Next")
    assert sum("Follow-up to" in text for text in texts(world)) == 1
    lose_answers(world, "POST", "/messages")
    await through(world, text=None)
    form = await world.anna.click(newest(world, TICK), label=TICK)  # on a page that was sent, and not recorded
    await world.anna.submit_modal(form, {"points": ["0"]})
    for _ in range(3):
        await world.restart()
        await world.beat(900)
    told = texts(world)
    assert (
        sum("**Model answer**" in text for text in told) == 2 and sum("questions answered" in t for t in told) == 1
    )


# Bad days


async def test_an_interview_without_a_scorecard_is_nothing_to_be_compared_with(world: World):
    await start(world, questions=1)
    await world.anna.send(world.thread(), MINE)
    await place(world).delete()
    await world.env.settle()
    await start(world, questions=1)
    await through(world)
    assert "first interview here" in texts(world)[-1] and "**Key points** 0" not in texts(world)[-1]
    await start(world, questions=1)
    await through(world)
    assert "Last time, Thu, Jan 1, 2026: key points not ticked; now not ticked yet." in texts(world)[-1]


async def test_a_deleted_thread_ends_it_and_takes_what_was_said_in_it(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    await place(world).delete()
    await world.env.settle()
    assert await states(world) == ["gone"]
    assert (await asked(world))[0].text == "" and (await asked(world))[0].answered
    await world.beat(HOUR)
    await start(world)
    assert await states(world) == ["gone", "running"]


async def test_a_thread_deleted_while_the_bot_was_away_ends_it_too(world: World):
    await start(world)
    thread = world.thread()
    await world.bot.close()
    world.env.backend.delete_channel(thread.id)
    await world.restart()
    again = await start(world)
    await world.anna.click(again.response.message, label="Continue")
    assert await states(world) == ["gone"]
    await start(world)
    world.env.backend.delete_channel(world.thread().id)
    await world.bot.close()
    await world.restart()
    await world.beat(121)
    assert await states(world) == ["gone", "gone"]


async def test_a_deleted_channel_ends_it(world: World):
    await start(world)
    await world.bot.get_channel(world.channel.id).delete()  # type: ignore[union-attr]
    await world.env.settle()
    assert await states(world) == ["gone"]


async def test_a_member_who_left_the_server_is_noticed_when_time_is_up(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await guild.kick(discord.Object(world.anna.id))
    await world.beat(121)
    assert await states(world) == ["gone"] and (await asked(world))[0].text == MINE
    assert "Follow-up to" not in "\n".join(texts(world))


async def test_a_member_whom_a_manager_takes_out_of_the_thread(world: World):
    await start(world)
    kind = MessageType.RECIPIENT_REMOVE
    world.guild.create_system_message(world.thread(), kind, author=world.boss, recipient=world.ben)
    await world.env.settle()
    assert await states(world) == ["running"]
    world.guild.create_system_message(world.thread(), kind, author=world.boss, recipient=world.anna)
    await world.env.settle()
    assert await states(world) == ["gone"]


async def test_a_thread_that_cannot_be_opened_is_tried_again_or_given_up(world: World):
    world.env.inject_error("POST", "/channels/*/threads", status=500, times=None)
    assert "I'll keep trying" in said(await start(world))
    again = await start(world)
    assert "I'll keep trying" in said(await world.anna.click(again.response.message, label="Continue"))
    again = await start(world)
    stop = await world.anna.click(again.response.message, label="End interview")
    assert stop.response is not None
    assert "Nothing was answered" in said(await world.anna.click(stop.response.message, label="End it"))
    await world.beat(HOUR)
    assert world.channel.threads == [] and await states(world) == ["stopped"]


async def test_a_locked_away_thread_is_given_up_after_a_day(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50001, times=None)
    await world.anna.click(newest(world, "Next"), label="Next")
    await world.beat(HOUR)
    assert await states(world) == ["running"]
    await world.beat(DAY)
    assert await states(world) == ["stopped"] and (await asked(world))[0].text == MINE
    await start(world)
    assert await states(world) == ["stopped", "running"]


async def test_a_history_that_may_not_be_read_any_more_locks_nobody_in(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    world.env.inject_error("GET", "/channels/*/messages", status=403, code=50001, times=None)
    await world.anna.click(newest(world, "Next"), label="Next")
    assert (await asked(world))[0].text == MINE and "Follow-up to" in seen(newest(world, "Next"))
    stop = await world.anna.click(newest(world, "End interview"), label="End interview")
    assert "scorecard follows" in said(await world.anna.click(stop.response.message, label="End it"))


async def test_a_thread_that_is_hidden_with_its_channel_for_a_while_is_not_over(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    again = await start(world)
    await world.deny(view_channel=False)
    world.env.inject_error("*", f"/channels/{world.thread().id}/*", status=404, code=10003, times=None)
    assert "I can't reach your thread" in said(await world.anna.click(again.response.message, label="Continue"))
    await world.beat(121)
    assert await states(world) == ["running"]
    await world.beat(HOUR)
    world.env.backend.faults.clear()
    world.env.backend.edit_channel(world.channel.id, {}, overwrites=[])
    await world.beat(900)
    assert (await asked(world))[0].text == MINE and "Follow-up to" in texts(world)[-1]


async def test_while_the_history_fails_a_press_says_to_press_again(world: World):
    await start(world)
    await world.anna.send(world.thread(), MINE)
    world.env.inject_error("GET", "/channels/*/messages", status=500)
    assert "Press the button again" in said(await world.anna.click(newest(world, "Next"), label="Next"))
    await world.anna.click(newest(world, "Next"), label="Next")
    assert (await asked(world))[0].text == MINE and "Follow-up to" in seen(newest(world, "Next"))


async def test_the_bot_removed_from_the_server_ends_it(world: World):
    await start(world)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await guild.leave()
    await world.env.settle()
    assert await states(world) == ["gone"]


async def test_a_failing_discord_is_tried_again(world: World):
    await start(world)
    world.env.inject_error("POST", "/channels/*/messages", status=500)
    await world.anna.send(world.thread(), MINE)
    await world.anna.click(newest(world, "Next"), label="Next")
    assert "Follow-up" not in texts(world)[-1]
    await world.beat(6)
    assert "Follow-up" in texts(world)[-1]


# Where there is no thread


async def forms(world: World, **options: Any) -> Any:
    await world.deny(create_private_threads=False)
    return await start(world, **options)


async def test_without_private_threads_it_runs_in_private_messages(world: World):
    result = await forms(world, questions=1)
    assert world.channel.threads == [] and result.response.ephemeral
    assert "must not be used to select people" in seen(result.response.message) and labels(
        result.response.message
    ) == ["Answer", "Next", "End interview"]
    intro, asked = seen(result.response.message).split("Question 1 of 1", 1)
    assert "Your interview" in intro and "Time is up" in asked
    await answer(world, result.response.message, MINE)
    assert "**Saved so far**" in seen(result.response.message) and MINE in seen(result.response.message)
    form = await world.anna.click(result.response.message, label="Answer")
    assert MINE in str(form.modal)
    await world.restart()
    await world.anna.click(result.response.message, label="Next")
    assert "Follow-up to question 1 of 1" in seen(result.response.message) and "must not" not in seen(
        result.response.message
    )
    ended = await world.anna.click(result.response.message, label="Next")
    assert (
        MINE in seen(result.response.message)
        and "Model answer" in seen(result.response.message)
        and "1 of 1 question answered" in said(ended)
    )
    form = await world.anna.click(result.response.message, label=TICK)
    told = said(await world.anna.submit_modal(form, {"points": ["0"]}))
    assert "**Key points** 1 of" in seen(result.response.message) and "Saved: 1 of" in told
    assert await states(world) == ["done"] and len(world.channel.history()) == 0


async def test_without_a_thread_time_is_looked_at_with_each_press(world: World):
    result = await forms(world)
    await answer(world, result.response.message, "In time")
    form = await world.anna.click(result.response.message, label="Answer")
    await world.beat(300)
    late = said(await world.anna.submit_modal(form, {"text": "Too late"}))
    assert "doesn't count" in late and "Too late" in late
    assert "Time was up for question 1 of 2" in seen(result.response.message) and "Follow-up" in seen(
        result.response.message
    )
    assert (await asked(world))[0].text == "In time"
    await world.env.advance_time(61)
    await world.anna.click(result.response.message, label="Answer")
    assert "Question 2 of 2" in seen(result.response.message)
    await world.env.advance_time(HOUR)
    again = await start(world)
    await world.anna.click(again.response.message, label="Continue")
    assert "Model answer" in seen(again.response.message) and await states(world) == ["done"]


async def test_without_a_thread_giving_up_asks_and_can_be_taken_back(world: World):
    result = await forms(world)
    await world.anna.click(result.response.message, label="End interview")
    await world.anna.click(result.response.message, label="Continue")
    assert "Question 1 of 2" in seen(result.response.message)
    await answer(world, result.response.message, MINE)
    await world.anna.click(result.response.message, label="End interview")
    ended = await world.anna.click(result.response.message, label="End it")
    assert "1 of 2 questions answered" in said(ended) and await states(world) == ["stopped"]


async def test_an_interview_that_nobody_goes_on_with_is_scored_after_a_day(world: World):
    result = await forms(world)
    await answer(world, result.response.message, MINE)
    await world.beat(DAY + 60)
    assert await states(world) == ["stopped"] and (await asked(world))[0].text == MINE
    ended = await world.anna.click(result.response.message, label="Next")
    assert MINE in seen(result.response.message) and "1 of 2 questions answered" in said(ended)


async def test_without_a_thread_it_outlives_its_channel_but_not_the_bot_in_the_server(world: World):
    await answer(world, (await forms(world)).response.message, MINE)
    other = world.guild.create_text_channel("other")
    await world.bot.get_channel(world.channel.id).delete()  # type: ignore[union-attr]
    again = await world.anna.slash(other, "interview start")
    await world.anna.click(again.response.message, label="Continue")
    assert "Question 1 of 2" in seen(again.response.message) and MINE in seen(again.response.message)
    again = await world.anna.slash(other, "interview start")
    await world.bot.services.interviews.end_in_server(world.guild.id, world.bot.clock())
    assert "This interview is over" in said(await world.anna.click(again.response.message, label="Continue"))


async def test_channels_without_private_threads_and_threads_of_channels(world: World):
    news = world.guild.create_news_channel("news")
    result = await world.anna.slash(news, "interview start")
    assert "can't open a private thread" in said(result)
    assert labels(result.response.message) == ["Answer", "Next", "End interview"]
    await world.set_up()
    await world.post()
    inside = await world.ben.slash(world.thread(), "interview start")
    assert "private thread" in said(inside)
    assert (await world.rows(interviews))[1].channel_id == world.channel.id


async def test_a_refused_thread_falls_back_to_private_messages(world: World):
    world.env.inject_error("POST", "/channels/*/threads", status=400, code=160006)
    result = await start(world)
    assert labels((result.response or result.followups[0]).message) == ["Answer", "Next", "End interview"]
    assert (await world.rows(interviews))[0].way == "forms"
