"""A stand-in for a chat model: it speaks OpenAI's API on the loopback, and behaves as a test wants."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class StandIn:
    """What it was sent, and what it answers: the text of a completion, or anything else it is told to do."""

    url: str = ""
    content: str = "{}"
    answer: Answer | None = None
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: list[str | None] = field(default_factory=list[str | None])
    strangers: list[str] = field(default_factory=list[str])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers one request."""
        self.keys.append(request.headers.get("Authorization"))
        if request.path != "/v1/chat/completions":
            self.strangers.append(request.path)
            return web.Response(status=404)
        self.requests.append(await request.json())
        if self.answer is not None:
            return await self.answer(request)
        return completion(self.content)

    def judge(self, *rows: tuple[str, str], follow_up: str = "What about its limits?") -> None:
        """From now on it says this of the key points, in their order: (verdict, evidence)."""
        points = [{"verdict": verdict, "evidence": evidence} for verdict, evidence in rows]
        self.content = json.dumps({"key_points": points, "improve": "Give an example.", "follow_up": follow_up})


def completion(content: object) -> web.Response:
    """A chat completion with this text."""
    return web.json_response({"choices": [{"message": {"role": "assistant", "content": content}}]})


def status(code: int, **headers: str) -> Answer:
    """Refuses."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers=headers, text="the secret of the model")

    return answer


def stream(chunks: Sequence[bytes], *, pause: float = 0, breaks: bool = False) -> Answer:
    """Sends a body piece by piece, with pauses of so many seconds; one that breaks ends in the middle."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for chunk in chunks:
                await response.write(chunk)
                await asyncio.sleep(pause)
            if breaks and request.transport is not None:
                request.transport.abort()
        return response

    return answer


@contextlib.asynccontextmanager
async def stand_in() -> AsyncGenerator[StandIn]:
    """Serves it while the block runs."""
    model = StandIn()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", model.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    model.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield model
    finally:
        await runner.cleanup()
