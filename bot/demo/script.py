"""A scripted day in the demo's world: what people do, what they see, and what must have come true."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.demo.world import World
from bot.services.verify import report
from bot.storage import quizzes
from bot.ui.layouts import page_text

TEXT = "It learns its own features: each layer turns the one below into a more useful representation."
RING_SECONDS = 30.0


class Transcript:
    """Tells the day to a reader and counts what did not come true."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.passed = 0
        self.failed: list[str] = []

    def scene(self, title: str) -> None:
        """A new scene."""
        self._say(f"\n{title}")

    def does(self, who: str, what: str) -> None:
        """What somebody does."""
        self._say(f"  {who} {what}")

    def sees(self, text: str) -> None:
        """What that person sees."""
        for line in filter(None, readable(text).splitlines()):
            self._say(f"      │ {line}")

    def check(self, fact: str, true: bool) -> None:
        """Something that must have come true."""
        self._say(f"    {'✓' if true else '✗ NOT TRUE:'} {fact}")
        if true:
            self.passed += 1
        else:
            self.failed.append(fact)

    def close(self) -> None:
        """The last lines."""
        self._say("")
        for fact in self.failed:
            self._say(f"Not true: {fact}")
        self._say(f"{self.passed} of {self.passed + len(self.failed)} facts came true.")


def readable(text: str) -> str:
    """Discord's markup as its clients show it, for a terminal."""
    text = re.sub(r"<t:(\d+):[A-Za-z]>", lambda found: _moment(int(found[1])), text)
    text = re.sub(r"<#\d+>", "#practice", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return re.sub(r"^(#{1,3}|-#) |\*\*|`", "", text, flags=re.MULTILINE)


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%A %d %B, %H:%M} UTC"


def said(result: Any) -> str:
    """All text of an interaction's answers."""
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    return "\n".join(page_text(answer.message.components) for answer in answers)


def _thread(world: World, at: int = -1) -> str:
    history = world.practice.threads[at].history()
    return "\n".join(message.content or page_text(message.components) for message in history)


def _marks(world: World, member: Any, channel: Any) -> list[str]:
    newest = [message for message in channel.history() if message.author.id == member.id][-1]
    return [str(reaction.emoji) for reaction in newest.reactions]


async def play_day(world: World, told: Transcript) -> None:
    """Plays the day from the first answer to the next morning."""
    await _answers(world, told)
    await _standings(world, told)
    await _votes(world, told)
    await _quiz(world, told)
    await _bank(world, told)
    await _manager(world, told)
    await _digest_plan(world, told)
    await _bad_input(world, told)
    await _next_day(world, told)
    await _books(world, told)


async def _answers(world: World, told: Transcript) -> None:
    told.scene("Today's question is open")
    card = world.card()
    told.sees(page_text(card.components))
    anna, ben, chen = (world.members[name] for name in ("Anna", "Ben", "Chen"))
    told.does("Anna", "presses Answer and sends the form")
    receipt = said(await anna.submit_modal(await anna.click(card, label="Answer"), {"text": TEXT}))
    told.sees(receipt)
    told.check("the form is acknowledged in private with her streak", "Your answer counts" in receipt)
    told.check("her text stands in the thread under her name", "Anna" in _thread(world) and TEXT in _thread(world))
    told.does("Ben", "replies to the card in the channel")
    await ben.send(world.practice, "Layers build features from features, so nobody has to", reply_to=card)
    told.check("his reply gets a ✅", _marks(world, ben, world.practice) == ["✅"])
    told.check("it is brought into the thread with a link", "original" in _thread(world))
    told.does("Chen", "writes three words in the thread")
    await chen.send(world.practice.threads[-1], "learned features win")
    told.check("it gets a ✏️", _marks(world, chen, world.practice.threads[-1]) == ["✏️"])
    told.check("the thread says what is missing", "an answer counts from" in _thread(world))
    told.does("Chen", "adds to it")
    await chen.send(world.practice.threads[-1], "because raw pixels say little by themselves")
    told.check("both messages together count: ✅", _marks(world, chen, world.practice.threads[-1]) == ["✅"])
    told.check("the notice is gone", "an answer counts from" not in _thread(world))


async def _standings(world: World, told: Transcript) -> None:
    told.scene("Streaks and the board")
    anna = world.members["Anna"]
    told.does("Anna", "uses /streak")
    streak = said(await anna.slash(world.practice, "streak"))
    told.sees(streak)
    told.check("seven answers in a row, and a freeze earned", "🔥 7" in streak and "Freezes **1**" in streak)
    told.does("Newcomer", "uses /leaderboard members")
    board = said(await world.members["Newcomer"].slash(world.practice, "leaderboard members", period="all-time"))
    told.sees(board)
    told.check("Anna leads with 70 points", "🥇 **Anna** · 70 points" in board)
    told.check("the newcomer reads how to get points", "no points" in board)


async def _votes(world: World, told: Transcript) -> None:
    told.scene("Votes")
    anna = world.members["Anna"]
    answer = next(m for m in world.practice.threads[-1].history() if TEXT in page_text(m.components))
    for name in ("Ben", "Chen", "Anna"):
        told.does(name, "gives Anna's answer a 👍")
        await world.members[name].react(answer, "👍")
    board = said(await anna.slash(world.practice, "leaderboard members", period="all-time"))
    told.check("Ben's and Chen's votes bring her a point each, her own none", "**Anna** · 72 points" in board)


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
        quiz = await world.bot.quizzes.running(world.guild.id, newcomer.id)
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
    told.check("the date is left out", "is left out" in said(skipped))
    back = await maya.click(skipped.response.message, label="Take it back")
    told.check("and taken back", "is practised again" in said(back))
    told.does("Maya", "puts question 48 next")
    queue = said(await maya.slash(world.practice, "daily queue", question="48"))
    told.check("the queue shows it", "reparameterization" in queue)
    preview = said(await maya.slash(world.practice, "daily preview"))
    told.check("today's question is there already, says the preview", "there already" in preview)


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
    await newcomer.send(world.practice.threads[-2], "Late, but I would say it learns the features by itself")
    told.check("it gets a 🕒", _marks(world, newcomer, world.practice.threads[-2]) == ["🕒"])
    told.does("Ben", "goes on discussing")
    await ben.send(world.practice.threads[-2], "And what about transfer learning, what do you all think?")
    told.check("discussion is left alone", _marks(world, ben, world.practice.threads[-2]) == [])


def _digest(world: World) -> Any:
    return next((m for m in world.practice.history() if "The week in" in page_text(m.components)), None)


async def _again(world: World, message: Any) -> Any:
    return next(found for found in world.practice.history() if found.id == message.id)


async def _books(world: World, told: Transcript) -> None:
    told.scene("The books")
    found = await report(world.bot.database)
    told.sees(found.summary)
    told.check("streaks and standings agree with answers and ledger", not found.disagreements)
