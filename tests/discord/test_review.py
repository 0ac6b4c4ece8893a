"""Reviewing: what becomes a card, the cards one by one, their bounds, and taking a rating back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.reviews import NEW_A_DAY, Rating
from bot.storage import reviews as stored_reviews
from bot.storage.schema import cards, ledger, reviews
from tests.discord.conftest import DAY, LONG, PACK, World, labels, new_bot, said, seen, without_content
from tests.discord.test_quiz_and_bank import pick

ANSWERS = "Here is one more answer of five words"


async def miss(world: World, member: Any, count: int = 1, topic: str = "1") -> Any:
    """A solo quiz in which everything goes wrong; returns its page."""
    page = await member.slash(world.channel, "quiz solo", questions=count, topic=topic)
    for number in range(count):
        await pick(world, member, page, right=False)
        await member.click(page.response.message, label="See the result" if number == count - 1 else "Next")
    return page


async def add(world: World, member: Any, *numbers: int) -> None:
    """Makes cards, as any part of the bot does inside its transaction."""
    now = world.bot.clock()

    now = world.bot.clock()

    def work(conn: Any) -> None:
        missed = [(member.id, f"genai-{number:03}") for number in numbers]
        stored_reviews.recall_now(conn, world.guild.id, missed, now)

    await world.bot.database.write(work)


async def press(member: Any, page: Any, start: str) -> str:
    """Presses the button whose label begins like this, and returns what the page says then."""
    message = page.response.message
    label = next(label for label in labels(message) if label.startswith(start))
    await member.click(message, label=label)
    return seen(page.response.message)


async def test_a_missed_item_is_a_card_that_is_reviewed_at_once(world: World):
    page = await miss(world, world.anna)
    assert "/quiz review" in seen(page.response.message)
    assert "Review 1 card" in labels(page.response.message)
    front = await press(world.anna, page, "Review 1 card")
    assert "1 card left today" in front and "Key points" not in front
    back = await press(world.anna, page, "Show the answer")
    assert "Model answer" in back and "Key points" in back and "Pitfalls" not in back
    assert labels(page.response.message)[:4] == [
        "Again · in 10 min",
        "Hard · in 15 min",
        "Good · Jan 3",
        "Easy · Jan 9",
    ]
    assert "Pitfalls" in await press(world.anna, page, "Keep reading")
    assert "Key points" in await press(world.anna, page, "Read from the start")
    done = await press(world.anna, page, "Good")
    assert "Done for today" in done and "reviewed 1 card" in done and "<t:" in done
    (card,) = await world.rows(cards)
    assert card.times == 1 and card.due_at == datetime(2026, 1, 3, tzinfo=UTC)
    assert await world.rows(ledger) == []  # reviewing gives no points
    await world.env.advance_time((card.due_at - world.bot.clock()).total_seconds())
    assert "1 card left today" in await world.reply(world.anna, "quiz review")


async def test_without_cards_the_page_says_how_they_come_and_offers_a_quiz(world: World):
    page = await world.anna.slash(world.channel, "quiz review")
    assert "No cards yet" in said(page) and page.response.ephemeral
    await press(world.anna, page, "Start a quiz")
    assert "Question 1 of 5" in seen(page.response.message)


async def test_missing_a_known_question_again_makes_its_card_due(world: World):
    await add(world, world.anna, 1)
    page = await world.anna.slash(world.channel, "quiz review")
    await press(world.anna, page, "Show the answer")
    assert "Done for today" in await press(world.anna, page, "Easy")
    await add(world, world.anna, 1)
    assert "1 card left today" in await world.reply(world.anna, "quiz review")
    (card,) = await world.rows(cards)
    assert card.times == 1 and card.memory is not None


async def test_a_rating_pressed_twice_counts_once_and_can_be_taken_back(world: World):
    await add(world, world.anna, 1, 2)
    page = await world.anna.slash(world.channel, "quiz review")
    first = seen(page.response.message)
    await press(world.anna, page, "Show the answer")
    before = world.bot.clock()
    (one, _) = await world.rows(cards)
    wanted = (world.guild.id, world.anna.id, "anna", "genai-001", 0, Rating.GOOD, before)
    assert [(await world.bot.services.reviews.rate(*wanted)).left for _ in range(2)] == [1, 1]
    assert len(await world.rows(reviews)) == 1
    second = await press(world.anna, page, "Good")  # the old button: that card was rated, so the next one comes
    assert len(await world.rows(reviews)) == 1 and second != first
    assert await press(world.anna, page, "Undo") == first
    assert await world.rows(reviews) == []
    (back, _) = await world.rows(cards)
    assert (back.memory, back.due_at) == (one.memory, one.due_at)
    await press(world.anna, page, "Show the answer")
    assert await press(world.anna, page, "Good") == second


async def test_only_the_last_rating_can_be_taken_back(world: World):
    await add(world, world.anna, 1, 2)
    old = await world.anna.slash(world.channel, "quiz review")
    await press(world.anna, old, "Show the answer")
    await press(world.anna, old, "Good")
    new = await world.anna.slash(world.channel, "quiz review")
    await press(world.anna, new, "Show the answer")
    await press(world.anna, new, "Good")
    refused = await world.anna.click(old.response.message, label="Undo the last rating")
    assert "Only your last rating" in said(refused)
    assert len(await world.rows(reviews)) == 2


async def test_reviews_go_on_after_a_restart_and_skip_questions_that_left_the_bank(world: World):
    await add(world, world.anna, 1, 2)
    page = await world.anna.slash(world.channel, "quiz review")
    await world.restart()
    assert "Key points" in await press(world.anna, page, "Show the answer")
    await world.bot.close()
    world.bot = new_bot(world.settings, pack=replace(PACK, questions=PACK.questions[1:]))
    await world.env.restart_bot(world.bot)
    await world.env.settle()
    shown = await press(world.anna, page, "Good")  # rated while it was there; now the next one comes
    assert "1 card left today" in shown and "Question 2" in shown
    assert "1 card left today" in await world.reply(world.anna, "quiz review")


async def test_a_card_of_a_question_that_left_gives_way_to_the_next(world: World):
    await add(world, world.anna, 1, 2)
    page = await world.anna.slash(world.channel, "quiz review")
    await world.restart(pack=replace(PACK, questions=PACK.questions[1:]))
    assert "Question 2" in await press(world.anna, page, "Show the answer")


async def test_a_day_is_bounded_and_says_what_waits(world: World):
    await add(world, world.anna, *range(1, NEW_A_DAY + 3))
    page = await world.anna.slash(world.channel, "quiz review")
    assert f"{NEW_A_DAY} cards left today" in said(page)
    for _ in range(NEW_A_DAY):
        await press(world.anna, page, "Show the answer")
        await press(world.anna, page, "Good")
    done = seen(page.response.message)
    assert "Done for today" in done and "2 more cards are waiting for tomorrow" in done
    await world.env.advance_time(DAY)
    assert "2 cards left today" in await world.reply(world.anna, "quiz review")


async def test_again_comes_back_the_same_day(world: World):
    await add(world, world.anna, 1)
    page = await world.anna.slash(world.channel, "quiz review")
    await press(world.anna, page, "Show the answer")
    assert "All caught up" in await press(world.anna, page, "Again")
    await world.env.advance_time(601)
    assert "1 card left today" in await press(world.anna, page, "Keep reviewing")


async def test_again_comes_back_the_same_day_also_when_the_day_is_full(world: World):
    await add(world, world.anna, *range(1, 3 * NEW_A_DAY))
    page = await world.anna.slash(world.channel, "quiz review")
    for number in range(NEW_A_DAY):
        await press(world.anna, page, "Show the answer")
        await press(world.anna, page, "Good" if number else "Again")
    text = seen(page.response.message)
    assert "Done for today" not in text and "comes <t:" in text
    assert f"{2 * NEW_A_DAY - 1} more cards are waiting for tomorrow, to keep each day short." in text
    assert "**Next card** <t:" in await world.reply(world.anna, "progress")
    await world.env.advance_time(601)
    assert "1 card left today" in await press(world.anna, page, "Keep reviewing")
    await press(world.anna, page, "Show the answer")
    assert "Done for today" in await press(world.anna, page, "Good")
    waiting = f"**Waiting** {2 * NEW_A_DAY - 1} cards: today's are done, the rest can wait until tomorrow"
    assert waiting in await world.reply(world.anna, "progress")


async def test_drills_missed_by_those_who_took_part_become_cards_when_they_look(world: World):
    await world.set_up(time="09:00")
    await world.anna.send(world.channel, LONG, reply_to=await world.post())
    await world.next_day()  # question 2, answered by nobody
    await world.next_day()  # question 3 is open
    assert await world.rows(cards) == []  # a closing drill writes no cards
    assert "No cards yet" in await world.reply(world.ben, "quiz review")
    text = await world.reply(world.anna, "quiz review")
    assert "1 card left today" in text and "Question 2" in text
    assert [(row.member_id, row.question_id) for row in await world.rows(cards)] == [(world.anna.id, "genai-002")]
    await world.anna.send(world.channel, ANSWERS, reply_to=world.card())
    await world.next_day()
    assert "1 card left today" in await world.reply(world.anna, "quiz review")


async def test_a_question_without_a_model_answer_says_so(world: World):
    await world.restart(pack=without_content(5))
    await add(world, world.anna, 5)
    page = await world.anna.slash(world.channel, "quiz review")
    assert "no model answer for this one yet" in await press(world.anna, page, "Show the answer")
    assert "All caught up" in await press(world.anna, page, "Hard")


async def test_a_solo_quiz_asks_due_cards_first(world: World):
    await add(world, world.anna, 5, 3)
    await world.anna.slash(world.channel, "quiz solo", questions=4)
    quiz = await world.bot.services.quizzes.running(world.guild.id, world.anna.id)
    assert quiz is not None
    assert [asked.question.id for asked in quiz.rounds][:2] == ["genai-003", "genai-005"]
    assert not {asked.question.id for asked in quiz.rounds[2:]} & {"genai-003", "genai-005"}
    await world.ben.slash(world.channel, "quiz solo", questions=4)
    assert await world.bot.services.quizzes.running(world.guild.id, world.ben.id) is not None
