"""A scripted day in the demo's world: what people do, what they see, and what must have come true."""

import asyncio
import re
from datetime import timedelta
from typing import Any

from bot.demo.bank import bank_desk
from bot.demo.care import streak_care
from bot.demo.stand_in import FOLLOW_UP, NAME
from bot.demo.transcript import Transcript, said
from bot.demo.world import World
from bot.services.audit import report
from bot.storage import quizzes
from bot.ui.audit import summary
from bot.ui.kit.layouts import page_text

TEXT = "Without one, stacked layers collapse into a single linear map, so that depth adds nothing."
RING_SECONDS = 30.0


def _thread(world: World, at: int = -1) -> str:
    return _text(world.threads[at])


def _text(thread: Any) -> str:
    return "\n".join(message.content or page_text(message.components) for message in thread.history())


def _marks(world: World, member: Any, channel: Any) -> list[str]:
    newest = [message for message in channel.history() if message.author.id == member.id][-1]
    return [str(reaction.emoji) for reaction in newest.reactions]


def _points(board: str, name: str) -> int:
    """A member's points on a board."""
    found = re.search(rf"\*\*{name}\*\* · ([\d,]+) points", board)
    return int(found[1].replace(",", "")) if found else 0


def _labels(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    rows = [getattr(component, "children", ()) for component in message.components]
    return [item.label for row in rows for item in row if getattr(item, "label", None)]


async def play_day(world: World, told: Transcript) -> None:
    """Plays the day from the first answer to the next morning."""
    await _answers(world, told)
    await _standings(world, told)
    await streak_care(world, told)
    await _teams(world, told)
    await _votes(world, told)
    await _quiz(world, told)
    await _live(world, told)
    await _review(world, told)
    await _progress(world, told)
    await _interview(world, told)
    await _bank(world, told)
    await bank_desk(world, told)
    await _manager(world, told)
    await _digest_plan(world, told)
    await _bad_input(world, told)
    await _next_day(world, told)
    await _ticks(world, told)
    await _forum(world, told)
    await _team_board(world, told)
    await _books(world, told)


async def _answers(world: World, told: Transcript) -> None:
    told.scene("Today's question is open")
    card = world.card()
    told.sees(page_text(card.components))
    anna, ben, chen = (world.members[name] for name in ("Anna", "Ben", "Chen"))
    told.does("Anna", "presses Answer and sends the form")
    sent = await anna.submit_modal(await anna.click(card, label="Answer"), {"text": TEXT})
    receipt = said(sent)
    told.sees(receipt)
    told.check("the form is acknowledged in private with her streak", "You're in!" in receipt)
    told.check("a hint counts the key points that it spotted in her words", "I spotted **" in receipt)
    await _opinion(world, told, sent)
    told.check("her text stands in the thread under her name", "Anna" in _thread(world) and TEXT in _thread(world))
    told.does("Ben", "replies to the card in the channel")
    await ben.send(world.practice, "A product of matrices is just one more matrix in the end", reply_to=card)
    told.check("his reply gets a ✅", _marks(world, ben, world.practice) == ["✅"])
    told.check("it is brought into the thread with a link", "original" in _thread(world))
    told.does("Chen", "writes three words in the thread")
    await chen.send(world.threads[-1], "it bends space")
    told.check("it gets a ✏️", _marks(world, chen, world.threads[-1]) == ["✏️"])
    told.check("the thread says what is missing", "an answer needs" in _thread(world))
    told.does("Chen", "adds to it")
    await chen.send(world.threads[-1], "so that one line can separate the classes of XOR")
    told.check("both messages together count: ✅", _marks(world, chen, world.threads[-1]) == ["✅"])
    told.check("the notice is gone", "an answer needs" not in _thread(world))


async def _opinion(world: World, told: Transcript, receipt: Any) -> None:
    """Anna looks at what was spotted, and hears a model, which in the demo is a stand-in that says so."""
    anna = world.members["Anna"]
    told.does("Anna", "presses What I spotted")
    mine = await anna.click(receipt.response.message, label="What I spotted")
    told.sees(said(mine))
    told.check("the hint quotes her own words and names no key point", "In these words" in said(mine))
    told.does("Anna", "presses Ask a model")
    await anna.click(mine.response.message, label="Ask a model")
    asked = page_text(mine.response.message.components)
    told.sees(asked)
    told.check("she is asked before her answer leaves", NAME in asked and "Your name and id don't" in asked)
    told.does("Anna", "agrees")
    await anna.click(mine.response.message, label="Yes, send them")
    opinion = page_text(mine.response.message.components)
    told.sees(opinion)
    told.check("what comes back says that a stand-in gave it, and is no grade", f"{NAME}** finds" in opinion)


async def _standings(world: World, told: Transcript) -> None:
    told.scene("Streaks and the board")
    anna = world.members["Anna"]
    told.does("Anna", "uses /streak")
    streak = said(await anna.slash(world.practice, "streak"))
    told.sees(streak)
    told.check("21 answers in a row, and two freezes held", "🔥 21" in streak and "Freezes **2**" in streak)
    told.does("Newcomer", "uses /leaderboard members")
    board = said(await world.members["Newcomer"].slash(world.practice, "leaderboard members", period="all-time"))
    told.sees(board)
    told.check("Anna leads", _points(board, "Anna") >= 210 and board.index("**Anna**") < board.index("**Chen**"))
    told.check("the newcomer reads how to get points", "no points" in board)


async def _teams(world: World, told: Transcript) -> None:
    told.scene("Teams")
    anna, ben, newcomer = (world.members[name] for name in ("Anna", "Ben", "Newcomer"))
    told.does("Maya", "uses /team create name:Pandas, and once more for Foxes")
    told.sees(said(await world.manager.slash(world.practice, "team create", name="Pandas")))
    await world.manager.slash(world.practice, "team create", name="Foxes")
    told.does("Newcomer", "tries to create a team, too")
    refused = said(await newcomer.slash(world.practice, "team create", name="Mine"))
    told.check("that takes Manage Server", "Manage Server" in refused)
    told.does("Anna", "and Newcomer join the Pandas, Ben the Foxes")
    for member, name in ((anna, "Pandas"), (newcomer, "pandas"), (ben, "Foxes")):
        joined = said(await member.slash(world.practice, "team join", name=name))
    told.sees(joined)
    told.check("points count for the team from now on", "from here on" in joined)


async def _team_board(world: World, told: Transcript) -> None:
    told.scene("The teams' board")
    told.does("Newcomer", "uses /leaderboard teams")
    board = said(await world.members["Newcomer"].slash(world.practice, "leaderboard teams", period="all-time"))
    told.sees(board)
    told.check("the Pandas have what Newcomer earned since joining", "**Pandas** ·" in board)
    told.check("the Owls keep what Anna earned for them", "Anna, Dara, Emil" in board)
    foxes = re.search(r"\*\*Foxes\*\* · ([\d.]+)", board)
    told.check("Ben's points from before stay his own", foxes is not None and float(foxes[1]) < 30)


async def _votes(world: World, told: Transcript) -> None:
    told.scene("Votes")
    anna = world.members["Anna"]
    answer = next(m for m in world.threads[-1].history() if TEXT in page_text(m.components))
    before = _points(said(await anna.slash(world.practice, "leaderboard members", period="all-time")), "Anna")
    for name in ("Ben", "Chen", "Anna"):
        told.does(name, "gives Anna's answer a 👍")
        await world.members[name].react(answer, "👍")
    board = said(await anna.slash(world.practice, "leaderboard members", period="all-time"))
    told.check("Ben's and Chen's votes bring her a point each, her own none", _points(board, "Anna") == before + 2)


async def _digest_plan(world: World, told: Transcript) -> None:
    told.scene("A weekly digest")
    maya, due = world.manager, await world.next_due()
    told.does("Maya", "uses /setup and presses Weekly digest")
    shown = await maya.slash(world.practice, "setup")
    opened = await maya.click(shown.response.message, label="Weekly digest")
    planned = said(await maya.submit_modal(opened, {"day": f"{due:%a}", "hour": str(due.hour)}))
    told.sees(planned)
    told.check("she reads when it comes", "gets a digest every week" in planned)


async def _quiz(world: World, told: Transcript) -> None:
    told.scene("A quiz")
    newcomer = world.members["Newcomer"]
    told.does("Newcomer", "uses /quiz solo questions:3")
    page = await newcomer.slash(world.practice, "quiz solo", questions=3, topic="1")
    told.sees(said(page))
    message = page.response.message
    for number in range(3):
        quiz = await world.bot.services.quizzes.running(world.guild.id, newcomer.id)
        waiting = quiz.waiting if quiz is not None else None
        if waiting is None:
            told.check("the quiz goes on", False)
            return
        right = next(index for index, option in enumerate(waiting.options) if option.why is None)
        choice = right if number < 2 else (right + 1) % 4
        await newcomer.click(message, label="ABCD"[choice])
        verdict = page_text(page.response.message.components)
        told.does("Newcomer", f"picks {'ABCD'[choice]}")
        told.check("the answer is explained", ("Right" in verdict) == (choice == right) and len(verdict) > 100)
        await newcomer.click(page.response.message, label="See the result" if number == 2 else "Next")
        message = page.response.message
    result = page_text(page.response.message.components)
    told.sees(result)
    told.check("the score is 2 / 3", "2 / 3" in result)
    stored = await world.bot.database.read(lambda conn: quizzes.last_seen(conn, world.guild.id, newcomer.id))
    told.check("every round is stored", len(stored) == 3)


async def _live(world: World, told: Transcript) -> None:
    told.scene("A live quiz")
    anna, ben, chen = (world.members[name] for name in ("Anna", "Ben", "Chen"))
    told.does("Anna", "uses /quiz live topic:1 questions:2 seconds:20")
    told.sees(said(await anna.slash(world.practice, "quiz live", topic="1", questions=2, seconds=20)))
    lobby = world.newest()
    told.sees(page_text(lobby.components))
    for player in (anna, ben, chen):
        await player.click(lobby, label="Join")
    told.does("Anna, Ben and Chen", "press Join, and Anna presses Start now")
    await anna.click(lobby, label="Start now")
    quiz = world.thread_on(lobby)
    told.sees(page_text(world.newest(quiz).components))
    right = await _right_letter(world)
    wrong = "ABCD"[(right + 1) % 4]
    told.does("Anna", "presses the right letter at once")
    told.sees(said(await anna.click(world.newest(quiz), label="ABCD"[right])))
    await world.move_to(world.env.now() + timedelta(seconds=6))
    told.does("Ben", "presses a wrong one, and changes his mind")
    await ben.click(world.newest(quiz), label=wrong)
    changed = said(await ben.click(world.newest(quiz), label="ABCD"[right]))
    told.check("he may change once", "That's final" in changed)
    await chen.click(world.newest(quiz), label=wrong)
    await world.after(4)
    reveal = page_text(world.newest(quiz).components)
    told.sees(reveal)
    told.check("the reveal says how many were right and who was fastest", "2 of 3 right" in reveal)
    told.check("a right answer after 6 of 20 seconds is worth 850", "+850" in reveal)
    await world.after(8)
    for player in (anna, ben, chen):
        await player.click(world.newest(quiz), label="ABCD"[await _right_letter(world)])
    await world.after(4)
    await world.after(8)
    podium = page_text(world.newest(quiz).components)
    told.sees(podium)
    told.check(
        "the podium has everybody", all(name in podium for name in ("🥇 **Anna**", "🥈 **Ben**", "🥉 **Chen**"))
    )
    mine = said(await ben.click(world.newest(quiz), label="My result"))
    told.does("Ben", "presses My result")
    told.sees(mine)
    told.check("it brought him 14 points", "14 points" in mine)


async def _right_letter(world: World) -> int:
    """Which letter is right in the round that is open, as a number."""
    view = await world.bot.services.live_quizzes.running_in(world.practice.id)
    asked = view.at(view.live.position) if view is not None else None
    assert asked is not None, "no round is open"
    return next(index for index, option in enumerate(asked.options) if option.why is None)


async def _review(world: World, told: Transcript) -> None:
    told.scene("What was missed comes again")
    newcomer = world.members["Newcomer"]
    told.does("Newcomer", "uses /quiz review")
    page = await newcomer.slash(world.practice, "quiz review")
    told.sees(said(page))
    told.check("the missed item has become a card", "1 card left today" in said(page))
    told.does("Newcomer", "presses Show the answer, then Good")
    await newcomer.click(page.response.message, label="Show the answer")
    told.check("the key points are there", "Key points" in page_text(page.response.message.components))
    good = next(label for label in _labels(page.response.message) if label.startswith("Good"))
    await newcomer.click(page.response.message, label=good)
    done = page_text(page.response.message.components)
    told.sees(done)
    told.check("the day's reviews are done, and the next date is known", "Done for today" in done)
    await newcomer.click(page.response.message, label="Undo the last rating")
    told.check("a rating can be taken back", "1 card left" in page_text(page.response.message.components))


async def _progress(world: World, told: Transcript) -> None:
    told.scene("Progress")
    newcomer = world.members["Newcomer"]
    told.does("Newcomer", "uses /progress")
    page = await newcomer.slash(world.practice, "progress")
    told.sees(said(page))
    told.check("it says what to practice next", "Practice next" in said(page))
    told.check("a picture is attached", [file.filename for file in page.response.message.attachments] != [])
    told.does("Anna", "presses My answers on her own page")
    anna = await world.members["Anna"].slash(world.practice, "progress")
    answers = said(await world.members["Anna"].click(anna.response.message, label="My answers"))
    told.check("her newest answer is there", TEXT in answers)


async def _interview(world: World, told: Transcript) -> None:
    told.scene("A mock interview")
    ben = world.members["Ben"]
    told.does("Ben", "uses /interview start questions:1 minutes:5")
    begun = await ben.slash(world.practice, "interview start", topic="1", questions=1, minutes=5)
    told.sees(said(begun))
    told.does("Ben", "agrees that a model asks the follow-ups")
    await ben.click(begun.followups[-1].message, label="Yes, send them")
    thread = world.practice.threads[-1]
    told.check("a private thread opens with the first question", "Question 1 of 1" in _text(thread))
    told.does("Ben", "writes his answer in the thread, and presses Next")
    await ben.send(thread, TEXT)
    await ben.click(thread.history()[1], label="Next")
    told.check("a follow-up comes", "Follow-up to question 1 of 1" in _text(thread))
    told.check("the stand-in asked it, and says so", FOLLOW_UP in _text(thread))
    told.does("Ben", "says nothing until time is up")
    await world.move_to(world.env.now() + timedelta(seconds=151))
    await world.beat()
    card = thread.history()[-2]
    told.check("the scorecard has his words and the model answer", TEXT in page_text(card.components))
    told.does("Ben", "ticks two key points that he had")
    form = await ben.click(card, label="Tick the key points you had")
    told.sees(said(await ben.submit_modal(form, {"points": ["0", "1"]})))
    told.check("they are counted", "**Key points** 2 of" in _text(thread))


async def _bank(world: World, told: Transcript) -> None:
    told.scene("Looking something up")
    chen = world.members["Chen"]
    told.does("Chen", "uses /question search text:reparameterization")
    found = said(await chen.slash(world.practice, "question search", text="reparameterization"))
    told.check("question 48 is found", "`" in found and "48" in found)
    told.does("Chen", "uses /help")
    told.check("help lists the quiz", "/quiz solo" in said(await chen.slash(world.practice, "help")))


async def _manager(world: World, told: Transcript) -> None:
    told.scene("The manager's desk")
    maya = world.manager
    told.does("Maya", "uses /daily status")
    status = said(await maya.slash(world.practice, "daily status"))
    told.sees(status)
    told.check("status names the open question", "Open now" in status and "3 answers" in status)
    told.does("Maya", "uses /daily skip, twice for the same date")
    skipped = await maya.slash(world.practice, "daily skip")
    told.check("the date is skipped", "is skipped" in said(skipped))
    back = await maya.click(skipped.response.message, label="Take it back")
    told.check("and taken back", "is back on the schedule" in said(back))
    told.does("Maya", "puts question 48 next")
    queue = said(await maya.slash(world.practice, "daily queue", question="48"))
    told.check("the queue shows it", "reparameterization" in queue)
    preview = said(await maya.slash(world.practice, "daily preview"))
    told.check("the preview shows it", "reparameterization" in preview)


async def _bad_input(world: World, told: Transcript) -> None:
    told.scene("Wrong input gets a clear sentence")
    for options in ({"timezone": "Atlantis"}, {"time": "25:99"}, {"days": "someday"}, {"topics": "99"}):
        told.does("Maya", f"uses /setup {' '.join(f'{name}:{value}' for name, value in options.items())}")
        answer = said(await world.manager.slash(world.practice, "setup", **options))
        told.sees(answer)
        told.check("the value is named, and what to write instead", next(iter(options.values())) in answer)


async def _next_day(world: World, told: Transcript) -> None:
    told.scene("The next day, by the bot's own scheduler")
    old = world.card()
    await world.move_to(await world.next_due())
    world.bot.heartbeat.start()
    for _ in range(int(RING_SECONDS / 0.2)):
        await asyncio.sleep(0.2)
        await world.env.settle()
        closed = world.card().id != old.id and "Closed" in page_text((await _again(world, old)).components)
        if closed and _digest(world) is not None:
            break
    card = page_text(world.card().components)
    told.sees(card)
    told.check("the heartbeat posted the queued question 48", "Question 48" in card)
    told.check("the old card is closed", "Closed" in page_text((await _again(world, old)).components))
    told.check("its thread has the model answer", "Model answer" in _thread(world, -2))
    told.check("and names the best answer", "**Best answer:** Anna, 2 👍" in _thread(world, -2))
    digest = _digest(world)
    told.sees("" if digest is None else page_text(digest.components))
    told.check("the weekly digest came with its picture", digest is not None and len(digest.attachments) == 1)
    ben = world.members["Ben"]
    told.does("Newcomer", "answers yesterday's question late")
    newcomer = world.members["Newcomer"]
    await newcomer.send(world.threads[-2], "Late, but I would say that linear layers alone stay linear")
    told.check("it gets a 🕒", _marks(world, newcomer, world.threads[-2]) == ["🕒"])
    told.does("Ben", "goes on discussing")
    await ben.send(world.threads[-2], "And what about polynomial activations, what do you all think?")
    told.check("discussion is left alone", _marks(world, ben, world.threads[-2]) == [])


async def _ticks(world: World, told: Transcript) -> None:
    told.scene("Ticking the key points")
    anna = world.members["Anna"]
    reveal = next(m for m in world.threads[-2].history() if "Tick your key points" in _labels(m))
    told.does("Anna", "ticks two key points of yesterday's question")
    form = await anna.click(reveal, label="Tick your key points")
    receipt = said(await anna.submit_modal(form, {"points": ["0", "1"]}))
    told.sees(receipt)
    told.check("two are counted and the others named", "2 of" in receipt and "This was missing" in receipt)


async def _forum(world: World, told: Transcript) -> None:
    told.scene("A second practice channel, in a forum")
    maya, chen = world.manager, world.members["Chen"]
    forum = world.guild.create_forum_channel("questions")
    told.does("Maya", "uses /setup channel:#questions and adds a second one")
    asked = await maya.slash(world.practice, "setup", channel=forum)
    added = said(await maya.click(asked.response.message, label="Run both"))
    told.check("the forum is set up", "is set up" in added)
    refused = said(await maya.slash(world.practice, "setup", channel=forum, answers="blind"))
    told.sees(refused)
    told.check("blind answers are refused there, with the reason", "don't work in a forum" in refused)
    told.does("Maya", "posts today's question there")
    await maya.slash(world.practice, "daily post", channel=forum)
    post = forum.threads[-1]
    told.check("it is one post with the card", len(forum.threads) == 1 and "Write below" in _text(post))
    told.does("Chen", "answers in the post")
    await chen.send(post, "It is about systems that do what we would call thinking")
    told.check("it gets a ✅", _marks(world, chen, post) == ["✅"])
    told.does("Maya", "closes it with /daily reveal")
    asked = await maya.slash(post, "daily reveal")
    await maya.click(asked.response.message, label="Close and reveal")
    told.check("the model answer is in the post", "Model answer" in _text(post))
    status = await maya.slash(world.practice, "daily status", channel=world.practice)
    told.sees(said(status))
    told.check("status shows two weeks of answers", "in the last 7 days" in said(status))
    quiet = said(await maya.click(status.response.message, label="Who's been quiet"))
    told.sees(quiet)
    told.check("who has been quiet is told to her alone", "two weeks" in quiet)


def _digest(world: World) -> Any:
    return next((m for m in world.practice.history() if "The week in" in page_text(m.components)), None)


async def _again(world: World, message: Any) -> Any:
    return next(found for found in world.practice.history() if found.id == message.id)


async def _books(world: World, told: Transcript) -> None:
    told.scene("The books")
    found = await report(world.bot.database)
    told.sees(summary(found))
    told.check("streaks and standings agree with answers and ledger", not found.disagreements)
