"""simcord's preview of one room, as the demo needs it: in its frame, in its dress, and quick."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import import_module, resources
from typing import Any

from aiohttp import web

ADDED = {"/preview.css": "room.css", "/app.js": "room.js"}
"""What the demo adds to a preview's own files: only what a visitor needs is shown, and links stay in the demo."""
LISTED = 10
"""Newest messages that are listed beside a conversation: the list is hidden, but a reply names the one it's to."""


def make_preview(env: Any, channel: Any, viewers: list[Any], frame: str, turn: asyncio.Lock) -> Any:
    """A preview that is yet to be entered.

    Args:
        frame: the origin of the page that shows it; no other page may.
        turn: held by whoever acts in the world, so that nobody looks at something half done.
    """
    # simcord allows one preview at a time; it asks only when a preview is made and entered.
    env._preview = None
    preview = env.preview(channel, viewers=viewers, layout="channel")
    _dress(preview._server, frame)
    _take_turns(preview, turn)
    # What a page shows is checked against rights with each look. Here a right that changes is shown anew at once.
    preview._filter_dependencies = _nothing_is_lost
    return preview


def _nothing_is_lost(page: Any, payload: Any) -> bool:
    return False


def leave_to_browsers(preview: Any) -> None:
    """Lets an entered preview go without the page that it keeps for scripts, which nobody looks at here."""
    del preview._pages[preview._python.id]


@cache
def show_quickly() -> None:
    """Saves most of what simcord's previews cost when a room is shown anew; once is enough for all of them."""
    markdown: Any = import_module("simcord.preview._markdown")
    snapshot: Any = import_module("simcord.preview._snapshot")
    make, navigate = markdown._markdown_parser, snapshot._message_navigation
    parsers: dict[int, tuple[Any, dict[str, Any]]] = {}

    # One parser for each kind of text, instead of one for each text: making it costs more than it does.
    def parser_of(policy: Any, context: Any) -> Any:
        if id(policy) not in parsers:
            names: dict[str, Any] = {}
            parsers[id(policy)] = make(policy, names), names
        parser, names = parsers[id(policy)]
        names.clear()
        names.update(context)
        return parser

    def listed(preview: Any, page: Any, visible: list[Any]) -> Any:
        return navigate(preview, page, visible[-LISTED:])

    markdown._markdown_parser = parser_of
    snapshot._message_navigation = listed


def _take_turns(preview: Any, turn: asyncio.Lock) -> None:
    """Lets what people do in a page wait for a refresh, which simcord would refuse instead.

    A page that has not shown the newest refresh yet may act all the same: its buttons are looked up again.
    """
    act = preview._action

    async def wait_and_act(context_id: str | None, body: Any) -> Any:
        async with turn:
            page = preview._pages.get(context_id)
            if page is not None and "published_revision" in body:
                body = {**body, "published_revision": page.revision}
            return await act(context_id, body)

    preview._action = wait_and_act


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
