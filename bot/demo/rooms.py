"""The demo's channels and threads in the browser: one preview each, in the demo's frame, and kept fresh."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from simcord.backend.access import can_access_channel

from bot.demo.previews import leave_to_browsers, make_preview, show_quickly
from bot.demo.world import World

THREADS_SHOWN = 3


@dataclass
class Room:
    """A channel or thread with the preview that shows it.

    Attributes:
        seen: what stood there when it was last shown anew.
    """

    name: str
    note: str
    channel: Any
    preview: Any
    seen: object = None


class Rooms:
    """Opens previews for the rooms of a world, as they come.

    Args:
        frame: the origin of the page that shows them; no other page may.
        turn: held by whoever acts in the world, so that nobody looks at something half done.
    """

    def __init__(self, world: World, frame: str, turn: asyncio.Lock) -> None:
        self._world, self._frame, self._turn = world, frame, turn
        self._rooms: dict[int, Room] = {}
        self._stack = contextlib.AsyncExitStack()
        self._threads = 0

    @property
    def all(self) -> list[Room]:
        """Channels first, then threads, newest first."""
        found = list(self._rooms.values())
        threads = sorted((room for room in found if room.channel.is_thread), key=lambda room: -room.channel.id)
        return [*(room for room in found if not room.channel.is_thread), *threads]

    async def open(self) -> None:
        """Opens the rooms that are there."""
        show_quickly()
        await self._add(self._world.practice, "# practice", "Where the question comes every day")
        await self._add(self._world.lobby, "# lobby", "Another channel, without a daily question")
        await self._open_threads()

    async def close(self) -> None:
        """Closes all of them."""
        await self._stack.aclose()

    async def show(self, thread: Any) -> None:
        """Opens a thread that is older than those that are shown."""
        number, day, *_ = (thread.name or "").split(" · ")
        await self._add(thread, f"Thread of question {number.removeprefix('#')}", f"{day} · answers and reveal")

    async def _open_threads(self) -> None:
        for thread in self._world.threads[-THREADS_SHOWN:]:
            await self.show(thread)
        questions = {thread.id for thread in self._world.threads}
        posted = {message.id for message in self._world.practice.history()}
        for thread in self._world.practice.threads:
            if thread.id not in questions:
                quiz = thread.id in posted
                note = "A live quiz, round by round" if quiz else "A private thread: only its member looks in"
                await self._add(thread, thread.name or "Thread", note)

    async def _add(self, channel: Any, name: str, note: str) -> None:
        viewers = [one for one in self._world.viewers if can_access_channel(self._world.env, channel.id, one)]
        if channel.id in self._rooms or not viewers:
            return
        preview = make_preview(self._world.env, channel, viewers, self._frame, self._turn)
        await self._stack.enter_async_context(preview)
        leave_to_browsers(preview)
        self._rooms[channel.id] = Room(name, note, channel, preview)

    async def refresh(self) -> None:
        """Shows what happened, in the rooms where it did: a page takes nothing while it is shown anew."""
        if len(self._world.practice.threads) != self._threads:
            self._threads = len(self._world.practice.threads)
            await self._open_threads()
        for room in self.all:
            if (seen := self._seen(room.channel)) != room.seen:
                await room.preview.refresh()
                room.seen = seen

    def _seen(self, channel: Any) -> object:
        """Tells whether a room looks as before: its messages, and how many each of its threads has."""
        stored = self._world.env.backend.messages
        messages = [
            (message.id, message.edited_timestamp, [(one.emoji, len(one.user_ids)) for one in message.reactions])
            for message in stored.get(channel.id, {}).values()
            if not message.is_ephemeral
        ]
        return messages, [(thread.id, len(stored.get(thread.id, ()))) for thread in channel.threads]
