"""The demo's channels and threads in the browser: one preview each, in the demo's frame, and kept fresh."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from aiohttp import web
from simcord.backend.access import can_access_channel

from bot.demo.world import World

THREADS_SHOWN = 3
ADDED = {"/preview.css": "room.css", "/app.js": "room.js"}
"""What the demo adds to a preview's own files: only what a visitor needs is shown, and links stay in the demo."""


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
        # simcord allows one preview at a time; it asks only when a preview is made and entered.
        self._world.env._preview = None
        preview = self._world.env.preview(channel, viewers=viewers, layout="channel")
        _dress(preview._server, self._frame)
        await self._stack.enter_async_context(preview)
        self._take_turns(preview)
        self._rooms[channel.id] = Room(name, note, channel, preview)

    def _take_turns(self, preview: Any) -> None:
        """Lets what people do in a page wait for a refresh, which simcord would refuse instead.

        A page that has not shown the newest refresh yet may act all the same: its buttons are looked up again.
        """
        act = preview._action

        async def wait_and_act(context_id: str | None, body: Any) -> Any:
            async with self._turn:
                page = preview._pages.get(context_id)
                if page is not None and "published_revision" in body:
                    body = {**body, "published_revision": page.revision}
                return await act(context_id, body)

        preview._action = wait_and_act

    async def refresh(self) -> None:
        """Shows what happened, in the rooms where it did: a page takes nothing while it is shown anew."""
        if len(self._world.practice.threads) != self._threads:
            self._threads = len(self._world.practice.threads)
            await self._open_threads()
        for room in self.all:
            if (seen := _fingerprint(room.channel)) != room.seen:
                await room.preview.refresh()
                room.seen = seen


def _fingerprint(channel: Any) -> object:
    """Tells whether a room looks as before: its messages, and how many each of its threads has."""
    messages = [
        (message.id, message.edited_at, [(str(r.emoji), r.count) for r in message.reactions])
        for message in channel.history()
    ]
    return messages, [(thread.id, len(thread.history())) for thread in channel.threads]


def _dress(server: Any, frame: str) -> None:
    """Lets one page frame a preview, and adds the demo's own style and script to it."""
    policy = server._SECURITY_HEADERS["Content-Security-Policy"]
    headers = {name: value for name, value in server._SECURITY_HEADERS.items() if name != "X-Frame-Options"}
    headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", f"frame-ancestors {frame}")
    server._SECURITY_HEADERS = headers
    serve: Callable[[web.Request], Awaitable[web.Response]] = server._static

    async def dressed(request: web.Request) -> web.Response:
        response = await serve(request)
        if added := ADDED.get(request.path):
            response.text = f"{response.text}\n{(resources.files('bot.demo') / added).read_text('utf-8')}"
        return response

    server._static = dressed
