"""A simulated server in which the real bot runs, with four weeks of sample history before today."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.app import PracticeBot
from bot.demo import samples
from bot.demo.stand_in import NAME, stand_in
from bot.domain.hints import HintReader
from bot.domain.schedule import format_days
from bot.settings import Settings
from bot.storage.bank_files import load_packs

POSTED_AGO = timedelta(minutes=20)


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

    def follow_clock(self) -> None:
        """Sets simulated time to real time, plus the days that somebody jumped ahead."""
        # simcord has no public way to set its clock; it starts at a fixed date and stands still.
        clock = self.env.backend.clock
        clock._epoch = datetime.now(UTC) + self.ahead - timedelta(seconds=clock.elapsed)

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
        self.ahead = self.env.now() - datetime.now(UTC)

    @property
    def threads(self) -> list[Any]:
        """The questions' threads, oldest first; an interview's private thread belongs to no message."""
        posted = {message.id for message in self.practice.history()}
        return [thread for thread in self.practice.threads if thread.id in posted]

    def card(self) -> discord.Message:
        """The message of the newest question."""
        newest = self.threads[-1].id
        return next(message for message in self.practice.history() if message.id == newest)

    def newest(self) -> discord.Message:
        """The last message in the practice channel."""
        return self.practice.history()[-1]

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


@contextlib.asynccontextmanager
async def open_world(folder: Path) -> AsyncGenerator[World]:
    """Builds the server and plays its history; everything ends when the block ends."""
    worlds: list[World] = []
    database, packs = f"sqlite+aiosqlite:///{folder / 'demo.db'}", load_packs(None)
    async with stand_in(HintReader(packs[0].questions)) as url:
        settings = Settings(database_url=database, llm_base_url=url, llm_model=NAME)
        bot = PracticeBot(
            settings,
            clock=lambda: worlds[0].env.now() if worlds else datetime.now(UTC),
            shard_count=1,
            packs=packs,
        )
        async with simcord.run(bot, check_errors=False) as env:
            try:
                worlds.append(_people(env, bot))
                await _history(worlds[0])
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


def _practice_days(today: datetime) -> list[datetime]:
    """When questions came in the weeks before, oldest first: five weekdays a week, of which today is one."""
    days_off = {(today.weekday() + 3) % 7, (today.weekday() + 4) % 7}
    before = (today - timedelta(days=back) for back in range(7 * samples.WEEKS, 0, -1))
    return [day for day in before if day.weekday() not in days_off]


async def _history(world: World) -> None:
    today = (datetime.now(UTC) - POSTED_AGO).replace(second=0, microsecond=0)
    past = _practice_days(today)
    world.ahead = past[0] - timedelta(hours=1) - datetime.now(UTC)
    world.follow_clock()
    days = format_days({day.weekday() for day in past})
    await world.manager.slash(world.practice, "setup", timezone="UTC", time=f"{today:%H:%M}", days=days)
    # The story plans its digest itself, for a moment that comes soon.
    (track,) = await world.bot.services.tracks.of_server(world.guild.id)
    await world.bot.services.digests.plan(track, None, world.bot.clock())
    for team, names in samples.TEAMS.items():
        await world.manager.slash(world.practice, "team create", name=team)
        for name in names:
            await world.members[name].slash(world.practice, "team join", name=team)
    await world.manager.send(world.lobby, samples.LOBBY)
    await world.manager.send(world.practice, samples.STARTS)
    for number, opened in enumerate(past):
        await world.move_to(opened)
        await world.beat()
        question = world.bot.banks.of(world.guild.id).questions[number]
        for hour, (name, way, text) in enumerate(samples.answers_of(number, question), start=1):
            await world.move_to(opened + timedelta(hours=hour))
            await world.answer(name, way, text)
    await world.manager.send(world.practice, samples.ENDS)
    await world.move_to(today)
    await world.beat()
    world.ahead = timedelta()
    world.follow_clock()
