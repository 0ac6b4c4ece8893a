"""Asks a chat model of any OpenAI-compatible API: one request, one short reply, and nothing else."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

REPLY_BYTES = 64 * 1024
"""The most that is read of a reply: what is asked for has less than four."""
SECONDS = 8.0
TOKENS = 900
_BOUNDS: Mapping[str, object] = {
    "temperature": 0,
    "max_tokens": TOKENS,
    "response_format": {"type": "json_object"},
}
"""What keeps replies short and in form; a model that refuses one of these is asked without them from then on."""


class ModelFailed(Exception):
    """There is no reply. Says why in a word, and nothing of what was sent or came back.

    Attributes:
        status: of HTTP; 0 where there was none.
        rest: how many seconds the API asks to be left alone.
    """

    def __init__(self, reason: str, status: int = 0, rest: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.status, self.rest = reason, status, rest


class ChatModel:
    """A model behind an address such as `https://api.example.com/v1`.

    Args:
        key: sent to this address alone; empty for none.
        seconds: how long a reply may take from the first byte sent to the last byte read.
    """

    def __init__(self, base_url: str, model: str, key: str, seconds: float = SECONDS) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._seconds = seconds
        self._bounds: Mapping[str, object] = _BOUNDS
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, messages: Sequence[Mapping[str, str]]) -> str:
        """The text of the model's reply.

        Raises:
            ModelFailed: there is none.
        """
        try:
            async with asyncio.timeout(self._seconds):
                try:
                    return await self._post(messages, self._bounds)
                except ModelFailed as error:
                    if error.status not in (400, 422) or not self._bounds:
                        raise
                reply = await self._post(messages, {})
                self._bounds = {}
                return reply
        except TimeoutError:
            raise ModelFailed("slow") from None
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            # A RuntimeError comes of a session that was closed meanwhile: the bot stops.
            raise ModelFailed(type(error).__name__) from None

    async def _post(self, messages: Sequence[Mapping[str, str]], bounds: Mapping[str, object]) -> str:
        if self._session is None:
            # It keeps no cookies, follows no proxy of the environment, and unpacks nothing that grows by it.
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
        body = json.dumps({"model": self._model, "messages": list(messages), **bounds}).encode()
        async with self._session.post(
            self._url, data=body, headers=self._headers, allow_redirects=False
        ) as response:
            if response.status != 200:
                raise ModelFailed("refused", response.status, _rest(response.headers))
            found = bytearray()
            async for chunk in response.content.iter_any():
                found += chunk
                if len(found) > REPLY_BYTES:
                    raise ModelFailed("huge")
        return _content(bytes(found))

    async def close(self) -> None:
        """Ends its connections."""
        if self._session is not None:
            await self._session.close()


def _rest(headers: Mapping[str, str]) -> float:
    try:
        return max(0.0, float(headers.get("Retry-After", 0)))
    except ValueError:
        return 0.0


def _content(body: bytes) -> str:
    """The text in a completion."""
    try:
        found: Any = json.loads(body)
        content = found["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise ModelFailed("not understood") from None
    if not isinstance(content, str):
        raise ModelFailed("not understood")
    return content
