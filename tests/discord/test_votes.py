"""Votes: three ways of answering, six voters, what is taken back, absences, and the best answer, once."""

from typing import Any

import pytest

from bot.delivery.absence import Absence
from bot.services.audit import report
from bot.storage.schema import answers, drills, ledger, votes
from bot.ui.audit import disagreement
from tests.discord.conftest import BOTH_ENGINES, HOUR, LONG, MESSAGES, World, labels, said, seen

SHOWN = "Best answer:"


def thread_text(world: World, at: int = -1) -> str:
    return "\n".join(message.content or seen(message) for message in world.channel.threads[at].history())


def carried(world: World, text: str, at: int = -1) -> Any:
    """The bot's post that carries an answer."""
    return next(m for m in world.channel.threads[at].history() if m.author.bot and text in seen(m))


async def points(world: World, reason: str = "vote") -> list[int]:
    """Whose points of a reason the ledger holds, by member."""
    return sorted(row.member_id for row in await world.rows(ledger) if row.reason == reason)


async def books_agree(world: World) -> None:
    assert (await report(world.bot.database)).disagreements == []


def crowd(world: World, size: int) -> list[Any]:
    return [world.guild.add_member(world.env.create_user(f"voter{number}")) for number in range(size)]


async def answer_by_form(world: World, member: Any, text: str) -> None:
    opened = await member.click(world.card(), label="Answer")
    await member.submit_modal(opened, {"text": text})


@BOTH_ENGINES
async def test_a_thumb_counts_once_on_any_message_of_an_answer_in_each_way(world: World):
    await world.set_up()
    card = await world.post()
    first = await world.anna.send(world.thread(), LONG)
    second = await world.anna.send(world.thread(), "And one more message of the same answer")
    reply = await world.ben.send(world.channel, "Ben replies with enough different words to count", reply_to=card)
    await answer_by_form(world, world.boss, "The boss fills in the form with many words")
    for message in (first, second):
        await world.ben.react(message, "👍")
    await world.ben.react(first, "👍🏽")
    for message in (reply, carried(world, "Ben replies")):
        await world.anna.react(message, "👍🏿")
    await world.anna.react(carried(world, "The boss fills"), "👍")
    assert await points(world) == sorted([world.anna.id, world.ben.id, world.boss.id])
    await books_agree(world)


async def test_own_votes_bots_other_emoji_and_other_messages_do_not_count(world: World):
    await world.set_up()
    card = await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await answer_by_form(world, world.ben, "Ben fills in the form with many words")
    await world.anna.react(answer, "👍")
    await world.ben.react(carried(world, "Ben fills"), "👍")
    await world.ben.react(answer, "🎉")
    await world.ben.react(card, "👍")
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.react(answer, "👍")
    assert await world.rows(votes) == [] and await points(world) == []


def thumbs(world: World, *messages: Any) -> list[int]:
    """How many 👍 each message shows now, the bot's own included."""
    places = [world.channel, *world.channel.threads]
    fresh = {message.id: message.reactions for place in places for message in place.history()}
    return [sum(r.count for r in fresh[one.id] if str(r.emoji) == "👍") for one in messages]


async def test_the_bot_starts_each_answer_off_with_a_thumb_that_is_no_vote(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    anna = await world.anna.send(world.thread(), LONG)
    more = await world.anna.send(world.thread(), "And one more message of the same answer")
    short = await world.ben.send(world.thread(), "It learns")
    words = "The boss replies with enough different words to count"
    reply = await world.boss.send(world.channel, words, reply_to=card)
    await world.beat(5)
    assert thumbs(world, anna, more, short, reply, carried(world, "The boss")) == [1, 0, 0, 0, 1]
    await world.ben.edit(short, "It learns features by itself from the raw data at hand")
    # Once is once: what a moderator takes away stays away, also over a restart.
    found = await world.bot.get_channel(world.thread().id).fetch_message(anna.id)  # type: ignore[union-attr]
    await found.clear_reaction("👍")
    await world.restart()
    await world.beat(5)
    assert thumbs(world, anna, short) == [0, 1]
    assert await world.rows(votes) == [] and await points(world) == []
    await world.deny(add_reactions=False)
    late = world.guild.add_member(world.env.create_user("farah"))
    silent = await late.send(world.thread(), LONG)
    await world.beat(5)
    await world.deny(add_reactions=None)
    await world.beat(5)
    assert thumbs(world, silent) == [0] and "reaction" not in thread_text(world)
    await world.next_day()
    assert SHOWN not in thread_text(world, 0)


async def test_killed_before_it_is_recorded_the_first_thumb_comes_once(world: World):
    await world.set_up()
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.bot.close()
    assert thumbs(world, answer) == [0]
    await world.restart()
    await world.beat(5)
    assert thumbs(world, answer) == [1]
    await world.bot.database.write(lambda conn: conn.execute(answers.update().values(seeded=False)))
    await world.restart()
    await world.beat(5)
    assert thumbs(world, answer) == [1] and await world.rows(votes) == []
    assert not any(row.seeded is False for row in await world.rows(answers))


@BOTH_ENGINES
async def test_a_vote_taken_back_takes_its_point_away_and_lets_the_sixth_in(world: World):
    await world.set_up()
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    people = crowd(world, 6)
    for voter in people:
        await voter.react(answer, "👍")
    assert len(await world.rows(votes)) == 6 and await points(world) == [world.anna.id] * 5
    await books_agree(world)
    await people[0].unreact(answer, "👍")
    booked = {row.reference for row in await world.rows(ledger) if row.reason == "vote"}
    assert booked == {f"vote:1:{voter.id}" for voter in people[1:]}
    for voter in people[1:4]:
        await voter.unreact(answer, "👍")
    assert await points(world) == [world.anna.id] * 2
    await books_agree(world)
    assert "12 points" in await world.reply(world.ben, "leaderboard members")


async def test_one_of_two_thumbs_of_a_voter_keeps_the_vote(world: World):
    await world.set_up()
    card = await world.post()
    reply = await world.anna.send(world.channel, LONG, reply_to=card)
    await world.ben.react(reply, "👍")
    await world.ben.react(reply, "👍🏻")
    await world.ben.react(carried(world, LONG), "👍")
    await world.ben.unreact(reply, "👍")
    await world.ben.unreact(carried(world, LONG), "👍")
    assert await points(world) == [world.anna.id]
    await world.ben.unreact(reply, "👍🏻")
    assert await points(world) == []
    await books_agree(world)


@pytest.mark.parametrize("emoji", [None, "👍", "🎉"])
async def test_reactions_that_a_moderator_clears_are_votes_no_more(world: World, emoji: str | None):
    await world.set_up()
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.ben.react(answer, "👍")
    found = await world.bot.get_channel(world.thread().id).fetch_message(answer.id)  # type: ignore[union-attr]
    await (found.clear_reactions() if emoji is None else found.clear_reaction(emoji))
    await world.env.settle()
    assert await points(world) == ([world.anna.id] if emoji == "🎉" else [])
    await books_agree(world)


async def test_a_vote_on_a_short_answer_counts_once_the_answer_does(world: World):
    await world.set_up()
    await world.post()
    answer = await world.anna.send(world.thread(), "It learns")
    await world.ben.react(answer, "👍")
    assert await points(world) == []
    await world.anna.send(world.thread(), "features by itself from raw data")
    assert await points(world) == [world.anna.id]
    await books_agree(world)


async def test_the_reveal_names_the_best_answer_with_a_link_and_votes_are_over(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    anna = await world.anna.send(world.thread(), LONG)
    ben = await world.ben.send(world.channel, "Ben replies with enough different words to count", reply_to=card)
    await world.boss.react(anna, "👍")
    for voter in crowd(world, 2):
        await voter.react(ben, "👍")
    await world.next_day()
    told = thread_text(world, 0)
    link = f"https://discord.com/channels/{world.guild.id}/{world.channel.threads[0].id}/"
    assert "**Best answer:** ben, 2 👍 · [read it](" + link in told and told.count(SHOWN) == 1
    assert "best answer" not in seen(card) and await points(world, "best") == [world.ben.id]
    await world.beat(31)
    assert "Best answer last time: ben, 2 👍 · [read it](" + link in seen(world.card())
    (drill, _) = await world.rows(drills)
    assert drill.voted_until == drill.closed_at and drill.best_answer_id == 2
    before = await world.rows(ledger)
    await world.boss.unreact(anna, "👍")
    await world.anna.react(ben, "👍")
    late = await world.boss.send(world.channel.threads[0], "Late words on this one are these here")
    await world.anna.react(late, "👍")
    assert [row.reason for row in await world.rows(ledger)] == [*(row.reason for row in before), "late"]
    await books_agree(world)


async def test_equal_votes_go_to_the_earlier_answer_and_no_votes_to_nobody(world: World):
    await world.set_up(time="09:00")
    await world.post()
    anna = await world.anna.send(world.thread(), LONG)
    await world.env.advance_time(HOUR)
    ben = await world.ben.send(world.thread(), LONG)
    await world.boss.react(ben, "👍")
    await world.boss.react(anna, "👍")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await world.next_day()
    assert await points(world, "best") == [world.anna.id]
    assert SHOWN in thread_text(world, 0) and SHOWN not in thread_text(world, 1)


async def test_a_deleted_best_answer_keeps_its_credit_and_shows_no_text(world: World):
    await world.set_up(time="09:00")
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.ben.react(answer, "👍")
    await world.anna.delete(answer)
    await world.next_day()
    told = thread_text(world, 0)
    assert "**Best answer:** anna, 1 👍" in told and "read it" not in told and LONG not in told
    assert await points(world) == await points(world, "best") == [world.anna.id]


async def test_who_stays_off_boards_is_not_named(world: World):
    await world.set_up(time="09:00")
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.ben.react(answer, "👍")
    await world.bot.database.write(lambda conn: conn.exec_driver_sql("UPDATE members SET off_boards = TRUE"))
    await world.next_day()
    assert "**Best answer:** A member, 1 👍" in thread_text(world, 0)


@BOTH_ENGINES
async def test_votes_given_and_taken_back_while_the_bot_was_away_are_read_before_the_reveal(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    anna = await world.anna.send(world.thread(), LONG)
    ben = await world.ben.send(world.channel, "Ben replies with enough different words to count", reply_to=card)
    await world.boss.react(anna, "👍")
    shown = carried(world, "Ben replies")
    people = crowd(world, 2)
    await world.bot.close()
    await world.boss.unreact(anna, "👍")
    await people[0].react(shown, "👍🏾")
    await people[1].react(ben, "👍")
    await world.ben.react(ben, "👍")
    away = await world.boss.send(world.thread(), "Words of the boss while it was away")
    await people[0].react(away, "👍")
    await world.restart()
    assert await points(world) == sorted([world.ben.id, world.ben.id, world.boss.id])
    await world.next_day()
    assert "**Best answer:** ben, 2 👍" in thread_text(world, 0)
    await books_agree(world)


async def test_a_reveal_waits_for_the_votes_of_an_absence(world: World):
    await world.set_up(time="09:00")
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.bot.on_shard_disconnect(0)
    await world.next_day()
    assert "has closed" not in thread_text(world, 0)
    await world.ben.react(answer, "👍")
    await world.bot.database.write(lambda conn: conn.execute(votes.delete()))
    await world.bot.on_shard_ready(0)
    await world.beat()
    assert "**Best answer:** anna, 1 👍" in thread_text(world, 0)


async def test_catching_up_asks_who_voted_only_where_the_number_has_changed(world: World):
    await world.set_up()
    await world.post()
    answers_given = [await member.send(world.thread(), LONG) for member in (world.anna, world.ben)]
    await world.boss.react(answers_given[0], "👍")
    await world.beat(5)
    assert thumbs(world, *answers_given) == [2, 1]
    asked: list[str] = []
    request = world.bot.http.request

    async def counting(route: Any, **options: Any) -> Any:
        asked.append(f"{route.method} {route.path}")
        found = await request(route, **options)
        for message in found if route.path.endswith("/messages") else []:
            for reaction in message["reactions"]:
                reaction["me"] = True  # Discord says so of lists too, simcord only of single messages
        return found

    world.bot.http.request = counting  # type: ignore[method-assign]
    await world.bot.workers.votes.catch_up(Absence(0, frozenset({world.guild.id})))
    assert len(asked) == 1 and asked[0].endswith("/messages")
    await world.bot.database.write(lambda conn: conn.execute(votes.delete()))
    await world.bot.workers.votes.catch_up(Absence(0, frozenset({world.guild.id})))
    assert [line.rsplit("/", 1)[-1] for line in asked[1:]] == ["messages", "{emoji}"]
    assert await points(world) == [world.anna.id]


@BOTH_ENGINES
async def test_killed_between_the_count_and_the_reveal_the_best_answer_comes_once(world: World):
    await world.set_up(time="09:00")
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.ben.react(answer, "👍")
    lost = world.lose_answer(MESSAGES, world.thread().id)
    await world.next_day()
    assert lost and (await world.rows(drills))[0].reveal == "due"
    await world.restart()
    await world.beat(5)
    assert thread_text(world, 0).count(SHOWN) == 1 and await points(world, "best") == [world.anna.id]


async def blind_days(world: World, days: int) -> None:
    """Anna and Ben answer a blind question on so many days; the next is open then."""
    await world.set_up(time="09:00", answers="blind")
    for _ in range(days):
        await world.next_day()
        await answer_by_form(world, world.anna, LONG)
        await world.env.advance_time(HOUR)
        await answer_by_form(world, world.ben, "Ben fills in the form with many words")
    await world.next_day()


async def test_blind_answers_take_votes_from_the_reveal_until_the_next_question_closes(world: World):
    await blind_days(world, 1)
    assert thread_text(world).count("Give a 👍 to the answers that helped you") == 1
    await world.beat(5)
    assert thumbs(world, carried(world, LONG), carried(world, "Ben fills")) == [1, 1]
    await world.boss.react(carried(world, "Ben fills"), "👍")
    await world.restart()
    await world.next_day()
    told = thread_text(world, 0)
    assert "The votes for question 1 are in." in told and "**Best answer:** ben, 1 👍" in told
    await world.beat(31)
    assert "Best answer last time: ben, 1 👍" in seen(world.card())
    first = (await world.rows(drills))[0]
    second = (await world.rows(drills))[1]
    assert first.voted_until == second.closed_at and second.voted_until is None
    await world.boss.react(carried(world, LONG, 0), "👍")
    await world.restart()
    await world.beat(HOUR)
    assert thread_text(world, 0).count(SHOWN) == 1
    assert await points(world) == await points(world, "best") == [world.ben.id]
    await books_agree(world)


async def test_a_hidden_answer_is_owed_no_thumb_until_the_reveal(world: World):
    await world.set_up(time="09:00", answers="blind")
    await world.next_day()
    await answer_by_form(world, world.anna, LONG)
    await world.beat(5)
    assert [row.seeded for row in await world.rows(answers)] == [None]
    await world.next_day()
    await world.beat(5)
    assert [row.seeded for row in await world.rows(answers)] == [True]
    assert thumbs(world, carried(world, LONG)) == [1]


async def test_a_private_choice_is_a_vote_that_may_be_changed(world: World):
    await blind_days(world, 1)
    old = next(m for m in world.channel.history() if "Vote for the best" in labels(m))
    reveal = next(m for m in world.channel.threads[-1].history() if "Vote for the best" in labels(m))
    ballot = await world.anna.click(reveal, label="Vote for the best")
    assert "Ben fills in the form" in str(ballot.response.message.components) and ballot.response.ephemeral
    assert LONG not in str(ballot.response.message.components)  # it is her own
    page = (await world.boss.click(old, label="Vote for the best")).response.message
    assert "You voted for **anna**" in said(await world.boss.select(page, ["1"]))
    assert "You voted for **ben**" in said(await world.boss.select(page, ["2"]))
    await world.boss.react(carried(world, "Ben fills"), "👍")
    assert await points(world) == [world.ben.id]
    await world.restart()
    assert await points(world) == [world.ben.id]
    await books_agree(world)
    await world.next_day()
    assert "**Best answer:** ben, 1 👍" in thread_text(world, 0)
    assert "Voting on this question is over" in said(await world.boss.select(page, ["1"]))


async def test_blind_votes_end_after_seven_days_and_the_post_survives_a_crash(world: World):
    await blind_days(world, 1)
    await world.boss.slash(world.channel, "daily pause")
    await world.boss.react(carried(world, LONG), "👍")
    await world.beat(6 * 24 * HOUR)
    assert SHOWN not in thread_text(world, 0)
    lost = world.lose_answer(MESSAGES, world.channel.threads[0].id)
    await world.beat(24 * HOUR)
    assert lost and "**Best answer:** anna, 1 👍" in thread_text(world, 0)
    await world.restart()
    await world.beat(5)
    assert thread_text(world, 0).count(SHOWN) == 1 and await points(world, "best") == [world.anna.id]


async def test_a_best_answer_that_cannot_be_shown_is_tried_again_later(world: World):
    await blind_days(world, 1)
    await world.boss.react(carried(world, LONG), "👍")
    await world.deny(send_messages_in_threads=False)
    await world.next_day()
    assert SHOWN not in thread_text(world, 0)
    await world.deny(send_messages_in_threads=None)
    await world.beat(60)
    assert thread_text(world, 0).count(SHOWN) == 1


async def test_a_blind_drill_without_votes_is_counted_out_in_silence(world: World):
    await blind_days(world, 2)
    (first, *_) = await world.rows(drills)
    assert first.voted_until is not None and first.best_answer_id is None
    assert SHOWN not in thread_text(world, 0) and len(await world.rows(answers)) == 4
    assert "Answer" in labels(world.card())


@pytest.mark.parametrize(
    ("damage", "said_of_it"),
    [
        ("DELETE FROM votes", "vote:1:"),
        ("DELETE FROM ledger WHERE reason = 'best'", "best:1 is worth 5 points"),
        ("UPDATE drills SET best_answer_id = 2 WHERE id = 1", "the best answer of drill 1"),
    ],
)
async def test_verify_finds_wrong_votes_and_best_answers(world: World, damage: str, said_of_it: str):
    await world.set_up(time="09:00")
    await world.post()
    answer = await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    await world.ben.react(answer, "👍")
    await world.next_day()
    await books_agree(world)
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(damage))
    assert any(said_of_it in disagreement(found) for found in (await report(world.bot.database)).disagreements)
