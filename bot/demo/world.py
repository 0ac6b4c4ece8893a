"""A simulated server in which the real bot runs, and what its people can do there."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MethodType
from typing import Any

import discord
import simcord
from simcord.results import to_discord_message

from bot.app import PracticeBot
from bot.clock import wall_clock
from bot.demo import samples
from bot.demo.stand_in import NAME, stand_in
from bot.settings import Settings
from bot.storage.bank_files import shipped_hints
from bot.tree import PracticeTree


@dataclass
class World:
    """The server, its people, and the clock that all of it runs on."""

    env: Any
    bot: PracticeBot
    guild: Any
    practice: Any
    lobby: Any
    manager: Any
    members: dict[str, Any]
    ahead: timedelta = timedelta()

    def begin_at(self, instant: datetime) -> None:
        """Sets simulated time, once: from then on it only passes."""
        # simcord has no public way to set its clock; it starts at a fixed date and stands still.
        clock = self.env.backend.clock
        clock._epoch = instant - timedelta(seconds=clock.elapsed)

    async def keep_pace(self) -> None:
        """Lets as much simulated time pass as real time did; it never goes back."""
        await self.move_to(wall_clock() + self.ahead)

    @property
    def viewers(self) -> list[Any]:
        """Everybody through whose eyes one can look."""
        return [*self.members.values(), self.manager]

    async def move_to(self, instant: datetime) -> None:
        """Lets simulated time pass."""
        seconds = (instant - self.env.now()).total_seconds()
        if seconds > 0:
            await self.env.advance_time(seconds)

    async def beat(self) -> None:
        """Rings the heartbeat once, so that nobody has to wait for it."""
        await self.bot.beat()
        await self.env.settle()

    async def after(self, seconds: float) -> None:
        """Lets some time pass, and the heartbeat ring then."""
        await self.env.advance_time(seconds)
        await self.beat()

    async def next_due(self) -> datetime:
        """When the practice channel posts next."""
        track = await self.bot.services.tracks.find(self.guild.id, self.practice.id)
        assert track.next_due_utc is not None
        return track.next_due_utc

    async def jump(self) -> None:
        """Goes to the next scheduled question."""
        due = await self.next_due()
        await self.move_to(due)
        await self.beat()
        self.ahead = self.env.now() - wall_clock()

    @property
    def threads(self) -> list[Any]:
        """The questions' threads, oldest first: their names begin with the question's number."""
        return [thread for thread in self.practice.threads if (thread.name or "").startswith("#")]

    def thread_on(self, message: discord.Message) -> Any:
        """The thread that was opened on a message, whose id it has."""
        return next(thread for thread in self.practice.threads if thread.id == message.id)

    def card(self) -> discord.Message:
        """The message of the newest question."""
        # A channel's history would make all of its messages to find this one.
        return to_discord_message(self.env, self.env.backend.get_message(self.practice.id, self.threads[-1].id))

    def newest(self, place: Any = None) -> discord.Message:
        """The bot's last message in the practice channel, or in a thread."""
        return [message for message in (place or self.practice).history() if message.components][-1]

    async def answer(self, name: str, way: str, text: str) -> None:
        """A member answers the open question in one of the three ways."""
        member = self.members[name]
        if way == "thread":
            await member.send(self.threads[-1], text)
        elif way == "reply":
            await member.send(self.practice, text, reply_to=self.card())
        else:
            opened = await member.click(self.card(), label="Answer")
            await member.submit_modal(opened, {"text": text})

    def answers_today(self) -> list[tuple[str, str, str]]:
        """Who says what to the open question, and in which way."""
        number, *_ = (self.threads[-1].name or "").split(" · ")
        question = self.bot.banks.of(self.guild.id).find(number)
        return [] if question is None else samples.answers_of((len(self.threads) - 1) % samples.DAYS, question)

    async def vote_today(self) -> None:
        """Two members each like somebody else's answer in the newest thread."""
        own = {member.id for member in self.members.values()}
        said = [message for message in self.threads[-1].history() if message.author.id in own]
        for voter in (self.members[name] for name in samples.VOTERS):
            liked = next((message for message in said if message.author.id != voter.id), None)
            if liked is not None:
                await voter.react(liked, "👍")

    async def quiz(self, name: str, wrong: int) -> None:
        """A member takes a quiz of three and picks so many wrong letters."""
        page = await self.members[name].slash(self.practice, "quiz solo", questions=3)
        await self._take(self.members[name], page, wrong)

    async def repair(self, name: str) -> None:
        """A member repairs the question that ended their run."""
        member = self.members[name]
        shown = await member.slash(self.practice, "streak")
        opened = await member.click(shown.response.message, label="Repair")
        await self._take(member, await member.submit_modal(opened, {"text": samples.REPAIR}), wrong=0)

    async def _take(self, member: Any, page: Any, wrong: int) -> None:
        """Answers the three items of a quiz that lies open."""
        for number in range(3):
            buttons = (
                button for row in page.response.message.components for button in getattr(row, "children", ())
            )
            first = next(button for button in buttons if getattr(button, "label", None) == "A")
            quiz_id, position, _ = map(int, first.custom_id.split(":")[-3:])
            quiz = await self.bot.services.quizzes.get(quiz_id, self.guild.id, member.id)
            options = next(asked.options for asked in quiz.rounds if asked.position == position)
            right = next(index for index, option in enumerate(options) if option.why is None)
            letter = (right + (number < wrong)) % len(options)
            await member.click(page.response.message, label="ABCD"[letter])
            await member.click(page.response.message, label="See the result" if number == 2 else "Next")

    async def interview(self, name: str) -> None:
        """A member sits an interview of one question and lets its follow-up pass."""
        member, before = self.members[name], set(self.practice.threads)
        await member.slash(self.practice, "interview start", questions=1, minutes=2)
        thread = next(one for one in self.practice.threads if one not in before)
        await member.send(thread, samples.INTERVIEW)
        await self.after(130)
        await self.after(130)

    async def practice_day(self) -> None:
        """Goes to the next question and lets the team answer it, within minutes."""
        await self.jump()
        for name, way, text in self.answers_today():
            await self.env.advance_time(60)
            await self.answer(name, way, text)
        await self.vote_today()
        self.ahead = self.env.now() - wall_clock()


@contextlib.asynccontextmanager
async def open_world(folder: Path) -> AsyncGenerator[World]:
    """Builds the server, with nothing in it yet; everything ends when the block ends."""
    worlds: list[World] = []
    # simcord waits five seconds at most for a bot that starts, and a busy machine may count words for longer.
    await asyncio.to_thread(shipped_hints().prepare)
    async with stand_in(shipped_hints()) as url:
        settings = Settings(
            database_url=f"sqlite+aiosqlite:///{folder / 'demo.db'}", llm_base_url=url, llm_model=NAME
        )
        bot = PracticeBot(settings, clock=lambda: worlds[0].env.now() if worlds else wall_clock(), shard_count=1)
        async with simcord.run(bot, check_errors=False, settle_timeout=60.0) as env:
            # simcord takes each refusal of a command for a crash of the bot, and says so in its pages.
            bot.tree.on_error = MethodType(PracticeTree.on_error, bot.tree)
            try:
                worlds.append(_people(env, bot))
                yield worlds[0]
            finally:
                await bot.close()


def _people(env: Any, bot: PracticeBot) -> World:
    env.backend.bot_user.name = "Mockingbird"
    guild = env.create_guild("Interview Club")
    practice = guild.create_text_channel("practice")
    lobby = guild.create_text_channel("lobby")
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    manager = guild.add_member(env.create_user("Maya"), roles=[role])
    members = {name: guild.add_member(env.create_user(name)) for name in (*samples.TEAM, "Newcomer")}
    return World(env, bot, guild, practice, lobby, manager, members)
