"""Progress: mastery with its picture, the way on, one's own answers, and what others may see."""

from typing import Any

from bot.storage.schema import parts, rounds
from tests.discord.conftest import DAY, LONG, World, labels, said, seen
from tests.discord.test_interview import newest
from tests.discord.test_quiz_and_bank import pick
from tests.discord.test_review import miss, press


def gallery(message: Any) -> Any:
    """The picture in a message; None without one."""
    stack = list(message.components)
    while stack:
        component = stack.pop()
        if hasattr(component, "items"):
            return component.items[0]
        stack += list(getattr(component, "children", ()))
    return None


async def quiz(world: World, member: Any, *rights: bool) -> None:
    """A solo quiz of topic 1 with these outcomes."""
    page = await member.slash(world.channel, "quiz solo", questions=len(rights), topic="1")
    for number, right in enumerate(rights):
        await pick(world, member, page, right=right)
        await member.click(page.response.message, label="See the result" if number == len(rights) - 1 else "Next")


async def test_without_practice_the_page_says_how_to_begin(world: World):
    page = await world.anna.slash(world.channel, "progress")
    assert "No progress yet" in said(page) and gallery(page.response.message) is None
    await press(world.anna, page, "Start a quiz")
    assert "Question 1 of 5" in seen(page.response.message)
    assert "ben** hasn't practiced here yet" in await world.reply(world.anna, "progress", member=world.ben)


async def test_mastery_is_drawn_and_said_and_leads_on(world: World):
    await quiz(world, world.anna, True, True, False)
    page = await world.anna.slash(world.channel, "progress")
    text, message = said(page), page.response.message
    practiced = len({row.question_id for row in await world.rows(rounds)})
    assert f"Your progress\n# {practiced} of 110 questions practiced" in text and page.response.ephemeral
    assert text.index("practiced") < text.index("% mastered") and "average" not in text
    assert "**Due today** 1 card" in text and "**Practice next** AI, ML, DL Fundamentals" in text
    assert "2 of 3 quiz questions right" in text
    picture = gallery(message)
    assert f"AI, ML, DL Fundamentals {practiced} of 7 questions, " in picture.description
    (attached,) = message.attachments
    assert attached.filename == "mastery.png" and attached.size > 5000
    assert labels(message) == [
        "Review 1 card",
        "Quiz: AI, ML, DL Fundamentals",
        "My answers",
        "How is mastery counted?",
        "Share",
    ]
    assert "the average over its questions" in said(
        await world.anna.click(message, label="How is mastery counted?")
    )
    started = await world.anna.click(message, label="Quiz: AI, ML, DL Fundamentals")
    assert "Question 1 of 5" in seen(started.response.message)
    assert started.response.message.attachments == []  # the page has turned, so its picture is gone


async def test_who_has_missed_nothing_yet_reads_where_cards_come_from(world: World):
    await quiz(world, world.anna, True)
    assert "**Nothing to review yet** Questions you get wrong will show up here." in await world.reply(
        world.anna, "progress"
    )


async def test_a_review_changes_mastery_and_time_lets_it_fade(world: World):
    await miss(world, world.anna)
    assert "0% mastered" in await world.reply(world.anna, "progress")
    page = await world.anna.slash(world.channel, "quiz review")
    await press(world.anna, page, "Show the answer")
    await press(world.anna, page, "Easy")

    async def first_topic() -> float:
        found = await world.bot.services.progress.of(world.guild.id, world.anna.id, world.bot.clock())
        return found.topics[0].mastery

    assert "under 1% mastered" in await world.reply(world.anna, "progress")
    fresh = await first_topic()
    assert 0 < fresh < 0.5 / 7 + 0.01  # the review and the missed item are averaged
    await world.env.advance_time(60 * DAY)
    assert 0 < await first_topic() < fresh


async def test_without_attach_files_the_page_comes_as_text_and_says_so(world: World):
    await quiz(world, world.anna, True)
    await world.deny(attach_files=False)
    page = await world.anna.slash(world.channel, "progress")
    assert gallery(page.response.message) is None and not page.response.message.attachments
    assert "Attach Files" in said(page) and "AI, ML, DL Fundamentals · 1 of 7" in said(page)


async def test_others_see_what_was_done_and_only_its_owner_shares_mastery(world: World):
    await world.set_up()
    await world.anna.send(world.channel, LONG, reply_to=await world.post())
    other = await world.ben.slash(world.channel, "progress", member=world.anna)
    assert "anna's progress" in said(other) and "**1** of 110 questions practiced" in said(other)
    assert labels(other.response.message) == [] and gallery(other.response.message) is None
    assert not any(private in said(other) for private in ("%", "mastery", "Practice next", LONG))
    own = await world.anna.slash(world.channel, "progress")
    shared = await world.anna.click(own.response.message, label="Share")
    post = shared.response.message
    assert not shared.response.ephemeral and labels(post) == []
    assert "anna's progress" in seen(post) and "Due today" not in seen(post) and gallery(post) is not None


async def test_an_odd_name_works_no_harm_in_a_shared_page(world: World):
    odd = world.guild.add_member(world.env.create_user("odd"), nick="\u202e# <#1> [x](https://e.vil)")
    await quiz(world, odd, True)
    own = await odd.slash(world.channel, "progress")
    text = seen((await odd.click(own.response.message, label="Share")).response.message)
    assert "'s progress" in text and not any(harm in text for harm in ("\u202e", "<#1>", "https://"))


async def test_what_was_answered_in_an_interview_is_practiced(world: World):
    await world.anna.slash(world.channel, "interview start", topic="1", questions=2)
    await world.anna.send(world.thread(), LONG)
    for _ in range(3):  # the first question, its follow-up, and the second, to which she says nothing
        await world.anna.click(newest(world, "Next"), label="Next")
    text = await world.reply(world.anna, "progress")
    assert (
        "# 1 of 110 questions practiced" in text
        and "**Practice next** AI, ML, DL Fundamentals (mastery 7%)" in text
    )


async def test_my_answers_are_my_own_newest_first_beside_the_model_answer(world: World):
    await world.set_up(time="09:00")
    await world.anna.send(world.channel, LONG, reply_to=await world.post())
    await world.ben.send(world.channel, "Words of ben that anna must not find here", reply_to=world.card())
    await world.next_day()
    await world.anna.send(world.channel, "The second answer, still to an open question", reply_to=world.card())
    page = await world.anna.slash(world.channel, "progress")
    opened = await world.anna.click(page.response.message, label="My answers")
    newest = said(opened)
    assert opened.response.ephemeral and "Answer 1 of 2" in newest and "still to an open question" in newest
    assert "comes when the question closes" in newest and "Model answer**" not in newest
    await world.restart()
    older = await press(world.anna, opened, "Older")
    assert "Answer 2 of 2" in older and LONG in older and "Key points" in older and "✅ on time" in older
    assert "Words of ben" not in newest + older
    assert "Answer 1 of 2" in await press(world.anna, opened, "Newer")


async def test_the_model_answer_also_comes_where_the_question_was_deleted(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.anna.send(world.channel, LONG, reply_to=card)
    await world.boss.delete(card)
    page = await world.anna.slash(world.channel, "progress")
    text = said(await world.anna.click(page.response.message, label="My answers"))
    assert LONG in text and "Key points" in text and "when the question closes" not in text


async def test_erased_texts_say_so_and_strangers_answers_stay_closed(world: World):
    await world.set_up(time="09:00")
    await world.anna.send(world.channel, LONG, reply_to=await world.post())
    await world.env.advance_time(1)
    await world.bot.services.answers.forget(world.bot.clock())
    page = await world.anna.slash(world.channel, "progress")
    assert (await world.rows(parts))[0].text == ""
    opened = await world.anna.click(page.response.message, label="My answers")
    assert "This text was erased" in said(opened)
    answer = await world.bot.services.progress.answer(world.guild.id, world.anna.id, 0)
    assert answer is not None
    assert await world.bot.services.progress.answer(world.guild.id, world.ben.id, answer.answer.id) is None
    await quiz(world, world.ben, True)
    ben = await world.ben.slash(world.channel, "progress")
    none = await world.ben.click(ben.response.message, label="My answers")
    assert "No answers yet" in said(none)
