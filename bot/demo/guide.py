"""What the guide's buttons do in the demo's world, while somebody watches."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

import discord

from bot.demo.world import World
from bot.domain.live_quizzes import LiveState

PAUSE_SECONDS = 1.2
"""Between two things that people of the team do, so that a watcher can follow."""
LOBBY_SECONDS = 2.0
"""How long the team waits in the lobby of a live quiz once all are in."""
ROUND_SECONDS = 20
SIX_WEEKS = 30
"""Practice days."""
VISITOR, HOST = "Newcomer", "Maya"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where the guide leads: what it says, the room, whose eyes to see with, and what is pressed or typed."""

    said: str
    room: int
    viewer: str | None = None
    press: str | None = None
    command: str | None = None

    def payload(self) -> dict[str, Any]:
        """As the page reads it; a browser has no integers as long as Discord's ids."""
        return {**asdict(self), "room": str(self.room)}


class Guide:
    """Does what a button says.

    Args:
        turn: held for each single thing that is done, so that a visitor can act in between.
        tell: shows how far a longer act is: a text, and a share of 1 where it is known.
    """

    def __init__(self, world: World, turn: asyncio.Lock, tell: Callable[[str, float | None], None]) -> None:
        self._world, self._turn, self._tell = world, turn, tell
        self._answered: set[int] = set()
        self._team_plays: asyncio.Task[None] | None = None
        self._lobby: discord.Message | None = None
        self.acts: dict[str, Callable[[], Awaitable[Lead]]] = {
            "team": self._team,
            "you": self._you,
            "morning": self._morning,
            "quiz": self._quiz,
            "interview": self._interview,
            "weeks": self._weeks,
            "manager": self._manager,
        }

    async def stop(self) -> None:
        """Ends what the team still does by itself."""
        if self._team_plays is not None:
            self._team_plays.cancel()
            await asyncio.gather(self._team_plays, return_exceptions=True)

    async def _team(self) -> Lead:
        thread = self._world.threads[-1]
        if thread.id in self._answered:
            return Lead("The team has answered. Now you, or go to the next morning.", thread.id)
        self._answered.add(thread.id)
        for name, way, text in self._world.answers_today():
            self._tell(f"{name} answers…", None)
            async with self._turn:
                await self._world.answer(name, way, text)
            await asyncio.sleep(PAUSE_SECONDS)
        async with self._turn:
            await self._world.vote_today()
        return Lead(
            "The team has answered: in the thread, by reply, and in the form. A 👍 votes for the best.",
            thread.id,
        )

    async def _you(self) -> Lead:
        said = "Write what you know and send it. The bot tells you, and only you, what you mentioned."
        return Lead(said, self._world.practice.id, VISITOR, press="Answer")

    async def _morning(self) -> Lead:
        old = self._world.threads[-1]
        self._tell("The night passes…", None)
        async with self._turn:
            await self._world.jump()
        return Lead(
            "It's the next morning. A new question is in #practice, and here, under the old one, its model answer.",
            old.id,
        )

    async def _quiz(self) -> Lead:
        practice, host, visitor = self._world.practice, self._world.manager, self._world.members[VISITOR]
        if self._team_plays is None or self._team_plays.done():
            async with self._turn:
                await host.slash(practice, "quiz live", questions=3, seconds=ROUND_SECONDS)
                self._lobby = self._world.newest()
                await visitor.click(self._lobby, label="Join")
            self._team_plays = asyncio.create_task(self._play(self._lobby))
        assert self._lobby is not None
        said = "You're in. The first round comes in a few seconds, in the quiz's own thread: beat the team to it."
        return Lead(said, self._world.thread_on(self._lobby).id, VISITOR)

    async def _play(self, lobby: discord.Message) -> None:
        """The team joins, waits a moment, and presses letters, most of them right."""
        practice, host = self._world.practice, self._world.manager
        luck = random.Random(len(self._world.threads))
        quiz = self._world.thread_on(lobby)
        for name in ("Anna", "Ben", "Chen", "Dara"):
            await asyncio.sleep(luck.uniform(0.5, 1.5))
            await self._press(self._world.members[name], lobby, "Join", LiveState.LOBBY)
        await asyncio.sleep(LOBBY_SECONDS)
        await self._press(host, lobby, "Start now", LiveState.LOBBY)
        played = -1
        while (view := await self._world.bot.services.live_quizzes.running_in(practice.id)) is not None:
            asked = view.at(view.live.position)
            if asked is None or view.live.position == played:
                await asyncio.sleep(0.5)
                continue
            played = view.live.position
            right = next(index for index, option in enumerate(asked.options) if option.why is None)
            card = self._world.newest(quiz)
            for name in luck.sample(("Anna", "Ben", "Chen", "Dara"), 4):
                await asyncio.sleep(luck.uniform(1.0, 3.5))
                letter = right if luck.random() < 0.7 else luck.randrange(4)
                await self._press(self._world.members[name], card, "ABCD"[letter], LiveState.ASKING, played)

    async def _press(self, member: Any, card: Any, label: str, state: LiveState, round_: int | None = None) -> None:
        """Presses a button of the live quiz, unless it has gone on meanwhile: the visitor may be faster."""
        async with self._turn:
            view = await self._world.bot.services.live_quizzes.running_in(self._world.practice.id)
            if view is not None and view.live.state is state and round_ in (None, view.live.position):
                await member.click(card, label=label)

    async def _interview(self) -> Lead:
        visitor, practice = self._world.members[VISITOR], self._world.practice
        async with self._turn:
            await visitor.slash(practice, "interview start", questions=1, minutes=2)
            own = [thread for thread in practice.threads if thread not in self._world.threads]
        thread = max(own, key=lambda one: one.id)
        return Lead("Two minutes, one question. Write here as if you said it, then press Next.", thread.id, VISITOR)

    async def _weeks(self) -> Lead:
        for day in range(SIX_WEEKS):
            self._tell(f"Practice day {day + 1} of {SIX_WEEKS}…", day / SIX_WEEKS)
            async with self._turn:
                await self._world.practice_day()
            await asyncio.sleep(0)
        anna, host, practice = self._world.members["Anna"], self._world.manager, self._world.practice
        async with self._turn:
            for member, command, options in (
                (host, "leaderboard members", {"period": "all-time"}),
                (anna, "streak", {}),
            ):
                shown = await member.slash(practice, command, **options)
                await member.click(shown.response.message, label="Share")
        return Lead("Six weeks later: Anna shares her streak, and Maya the board.", practice.id)

    async def _manager(self) -> Lead:
        said = "You're Maya, the manager. This is your desk; /setup shows every setting."
        return Lead(said, self._world.practice.id, HOST, command="daily status")
