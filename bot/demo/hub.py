"""The demo's page: it's there at once, shows how far the world is, and then the rooms beside the guide."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from importlib import resources
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from bot.demo.guide import Guide
    from bot.demo.rooms import Rooms
    from bot.demo.world import World

REFRESH_SECONDS = 0.4
PORTS_TRIED = 20


class Hub:
    """Serves the page; while the world is built, it shows the progress."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._rooms: Rooms | None = None
        self._guide: Guide | None = None
        self._world: World | None = None
        self._progress: tuple[str, float | None] | None = ("Opening the server…", 0.0)
        self._acting = False
        self._runner: web.AppRunner | None = None

    @contextlib.asynccontextmanager
    async def serve(self, port: int, say: Callable[[str], None]) -> AsyncGenerator[str]:
        """Serves the page on the loopback and yields its address.

        Args:
            port: 0 for any; where one is taken, the next free one is used and said.
        """
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/state", self._state),
                web.post("/act/{name}", self._act),
                web.post("/room", self._open_room),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            self.origin = await self._bind(port, say)
            yield f"{self.origin}/"
        finally:
            await self._runner.cleanup()

    async def _bind(self, port: int, say: Callable[[str], None]) -> str:
        assert self._runner is not None
        for tried in range(port, port + PORTS_TRIED):
            try:
                await web.TCPSite(self._runner, "127.0.0.1", tried).start()
            except OSError:
                if tried == port + PORTS_TRIED - 1:
                    raise
                continue
            if tried != port:
                say(f"Port {port} is taken, so the demo uses another one.")
            break
        address: tuple[str, int] = self._runner.addresses[0]
        return f"http://{address[0]}:{address[1]}"

    def built(self, days: int, of: int) -> None:
        """Shows how far the history is."""
        self._progress = (f"Four weeks pass: day {days} of {of}", days / of)

    @contextlib.asynccontextmanager
    async def shows(self, world: "World") -> AsyncGenerator[None]:
        """Shows a world until the block ends."""
        # Late: reading what they need takes seconds, and the page is there before.
        from bot.demo.guide import Guide
        from bot.demo.rooms import Rooms

        self._rooms = rooms = Rooms(world, self.origin, self._turn)
        self._guide = Guide(world, self._turn, lambda text, share: setattr(self, "_progress", (text, share)))
        await rooms.open()
        self._world, self._progress = world, None
        fresh = asyncio.create_task(self._keep_fresh())
        try:
            yield
        finally:
            fresh.cancel()
            await asyncio.gather(fresh, self._guide.stop(), return_exceptions=True)
            await rooms.close()

    async def _keep_fresh(self) -> None:
        """Lets time pass and shows what happened; never ends."""
        assert self._world is not None and self._rooms is not None
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            async with self._turn:
                with contextlib.suppress(TimeoutError):
                    await self._world.keep_pace()
                await self._rooms.refresh()

    async def _page(self, _: web.Request) -> web.Response:
        text = (resources.files("bot.demo") / "hub.html").read_text("utf-8")
        return web.Response(text=text, content_type="text/html")

    async def _state(self, _: web.Request) -> web.Response:
        told, share = self._progress or (None, None)
        rooms = self._rooms.all if self._rooms is not None and self._world is not None else []
        return web.json_response(
            {
                "ready": self._world is not None,
                "busy": told,
                "share": share,
                "rooms": [
                    {"id": str(room.channel.id), "name": room.name, "note": room.note, "url": room.preview.url}
                    for room in rooms
                ],
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        guide = self._own(request)
        act = guide.acts.get(request.match_info["name"])
        if act is None:
            raise web.HTTPNotFound
        if self._acting:
            return web.json_response({"said": "One moment: something is still going on."})
        self._acting = True
        try:
            lead = await act()
        finally:
            self._acting, self._progress = False, None
        assert self._rooms is not None
        async with self._turn:
            await self._rooms.refresh()
        return web.json_response(lead.payload())

    async def _open_room(self, request: web.Request) -> web.Response:
        """Finds the room that somebody pressed: a channel's id, or the beginning of a thread's name."""
        self._own(request)
        assert self._world is not None and self._rooms is not None
        asked: dict[str, Any] = await request.json()
        for thread in self._world.threads:
            if str(thread.id) == asked.get("room") or str(asked.get("thread", "")).startswith(thread.name or "?"):
                async with self._turn:
                    await self._rooms.show(thread)
                return web.json_response({"room": str(thread.id)})
        return web.json_response({"room": str(self._world.practice.id)})

    def _own(self, request: web.Request) -> "Guide":
        """The guide, for the demo's own page; a page elsewhere may not press buttons in a visitor's name."""
        if request.headers.get("Origin", "") != f"http://{request.host}":
            raise web.HTTPForbidden(text="Press the button on the demo's own page.")
        if self._guide is None or self._world is None:
            raise web.HTTPServiceUnavailable(text="The server is still being built.")
        return self._guide
