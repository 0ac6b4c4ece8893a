"""The demo in a browser: one preview for each room, a page that leads to them, and pictures that stay fresh."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from aiohttp import web
from simcord.backend.access import can_access_channel

from bot.demo.world import World

REFRESH_SECONDS = 0.4
THREADS_SHOWN = 3


@dataclass
class Room:
    """A channel or thread with the preview that shows it."""

    name: str
    note: str
    channel: Any
    preview: Any


class Hub:
    """Opens previews for the rooms of a world and serves the page that links to them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rooms: dict[int, Room] = {}
        self._stack = contextlib.AsyncExitStack()
        self._seen: object = None
        self._turn = asyncio.Lock()

    @property
    def rooms(self) -> list[Room]:
        """Channels first, then threads, newest first."""
        found = list(self._rooms.values())
        threads = sorted((room for room in found if room.channel.is_thread), key=lambda room: -room.channel.id)
        return [*(room for room in found if not room.channel.is_thread), *threads]

    async def open(self) -> None:
        """Opens the rooms that are there."""
        await self._add(self._world.practice, "# practice", "Where the question comes every day")
        await self._add(self._world.lobby, "# lobby", "Another channel: try /setup here, as Maya")
        await self._open_threads()

    async def _open_threads(self) -> None:
        for thread in self._world.threads[-THREADS_SHOWN:]:
            number, day, *_ = (thread.name or "").split(" · ")
            await self._add(thread, f"Thread of question {number.removeprefix('#')}", f"{day} · answers and reveal")
        questions = {thread.id for thread in self._world.threads}
        for thread in self._world.practice.threads:
            if thread.id not in questions:
                await self._add(thread, thread.name or "Thread", "A private thread: only its member looks in")

    async def _add(self, channel: Any, name: str, note: str) -> None:
        viewers = [one for one in self._world.viewers if can_access_channel(self._world.env, channel.id, one)]
        if channel.id in self._rooms or not viewers:
            return
        # simcord allows one preview at a time; it asks only when a preview is made and entered.
        self._world.env._preview = None
        preview = self._world.env.preview(channel, viewers=viewers, layout="channel")
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

    async def keep_fresh(self) -> None:
        """Shows in every room what happened in any, and keeps simulated time at real time; never ends."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            self._world.follow_clock()
            seen = self._fingerprint()
            if seen == self._seen:
                continue
            async with self._turn:
                await self._open_threads()
                for room in self.rooms:
                    await room.preview.refresh()
            self._seen = seen

    def _fingerprint(self) -> object:
        return [
            (message.id, message.edited_at, [(str(r.emoji), r.count) for r in message.reactions])
            for room in self.rooms
            for message in room.channel.history()
        ], len(self._world.practice.threads)

    async def next_question(self) -> str:
        """Goes to the next day, as soon as no page is in the middle of something."""
        async with self._turn:
            await self._world.jump()
        return "The next question is there. Look into #practice, and into the thread of the old one."

    @contextlib.asynccontextmanager
    async def serve(self, port: int) -> AsyncGenerator[str]:
        """Serves the page on the loopback and yields its address."""
        app = web.Application()
        app.add_routes([web.get("/", self._page), web.get("/rooms", self._list), web.post("/next", self._next)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        fresh: asyncio.Task[None] | None = None
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            await self.open()
            fresh = asyncio.create_task(self.keep_fresh())
            address: tuple[str, int] = runner.addresses[0]
            yield f"http://{address[0]}:{address[1]}/"
        finally:
            if fresh is not None:
                fresh.cancel()
                await asyncio.gather(fresh, return_exceptions=True)
            await runner.cleanup()
            await self._stack.aclose()

    async def _page(self, _: web.Request) -> web.Response:
        text = (resources.files("bot.demo") / "hub.html").read_text("utf-8")
        return web.Response(text=text, content_type="text/html")

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response(
            [{"name": room.name, "note": room.note, "url": room.preview.url} for room in self.rooms]
        )

    async def _next(self, request: web.Request) -> web.Response:
        # A page elsewhere may not press this button in a visitor's name.
        if request.headers.get("Origin", "").split("://")[-1] != request.host:
            raise web.HTTPForbidden(text="Press the button on the demo's own page.")
        return web.json_response({"said": await self.next_question()})


def announce(address: str, say: Callable[[str], None]) -> None:
    """What the terminal says once the demo is open."""
    say(f"The demo is open: {address}")
    say("It runs until you press Ctrl+C.")
