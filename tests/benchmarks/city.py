"""Discord for many servers at once, with its limit of 50 requests a second, for benchmarks of the real process."""

import asyncio
import time
from collections import Counter, defaultdict
from typing import Any

from aiohttp import web

from tests.wire.double import (
    ALL_PERMISSIONS,
    BOT_ID,
    CHANNEL_ID,
    GUILD_ID,
    OWNER_ID,
    THREAD_TYPE,
    Answer,
    Double,
    Json,
    snowflake,
)

PER_SECOND = 50
PATIENCE_SECONDS = 3.0
"""After this long Discord tells a person that the bot does not answer."""
FREE = ("interactions/", "webhooks/")


class City(Double):
    """Servers with text channels; the first is the server of the tests.

    Args:
        servers: how many there are.
        each: how many channels each of them has.
    """

    def __init__(self, servers: int = 1, each: int = 1) -> None:
        super().__init__()
        self.channels = {
            str(int(CHANNEL_ID) + at * 1000 + number): str(int(GUILD_ID) + at * 1000)
            for at in range(servers)
            for number in range(each)
        }
        self.started: list[tuple[float, str, str, int]] = []
        """(seconds of the monotonic clock, method, path, status) of every request that Discord counts."""
        self.failing_until = 0.0
        self.per_second = PER_SECOND
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._seconds: Counter[int] = Counter()

    def fail_for(self, seconds: float) -> None:
        """Answers every request that Discord counts with 502 for a while."""
        self.failing_until = time.monotonic() + seconds

    async def interact(
        self, kind: int, data: Json, user_id: str, message: Json | None = None, channel_id: str = CHANNEL_ID
    ) -> tuple[Json | None, float]:
        """(what the bot answers first, after how many seconds); (None, …) where that is too late for Discord."""
        self._number += 1
        interaction_id = snowflake(self.now(), self._number)
        interaction: Json = {
            "id": interaction_id,
            "application_id": BOT_ID,
            "type": kind,
            "token": f"t{interaction_id}",
            "version": 1,
            "data": data,
            "guild_id": self.channels[channel_id],
            "channel_id": channel_id,
            "channel": self._place(channel_id),
            "member": {**self._member(user_id), "permissions": ALL_PERMISSIONS},
            "app_permissions": ALL_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 1,
            **({"message": message} if message else {}),
        }
        answered = self._waiting[interaction_id] = asyncio.get_running_loop().create_future()
        begun = time.monotonic()
        await self._dispatch("INTERACTION_CREATE", interaction)
        try:
            return await asyncio.wait_for(answered, PATIENCE_SECONDS), time.monotonic() - begun
        except TimeoutError:
            return None, time.monotonic() - begun
        finally:
            del self._waiting[interaction_id]

    async def picture(self, interaction_id: str) -> None:
        """Waits until the answer of an interaction has been completed."""
        await self.until(lambda: interaction_id in self.followups, 120)

    async def _callback(self, interaction_id: str, *, body: Json, **more: Any) -> Answer:
        waiting = self._waiting.get(interaction_id)
        if waiting is None:
            return 404, {"code": 10062, "message": "Unknown interaction"}
        if not waiting.done():
            waiting.set_result({**body, "id": interaction_id})
        return await super()._callback(interaction_id, body=body, **more)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        now = time.monotonic()
        status = 200
        if not path.startswith(FREE):
            self._seconds[int(now)] += 1
            if now < self.failing_until:
                status = 502
            elif self._seconds[int(now)] > self.per_second:
                status = 429
            self.started.append((now, request.method, path, status))
        if status == 502:
            return self._respond(502, {"code": 0, "message": "502: Bad Gateway"})
        if status == 429:
            wait = 1 - now % 1
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": True}
            answer = self._respond(429, body)
            answer.headers.update({"Retry-After": str(wait), "Via": "1.1 google", "X-RateLimit-Global": "true"})
            return answer
        body = await self._body(request)
        code, answer = await self._effect(request.method, "/" + path, body, dict(request.query))
        self._news.set()
        return self._respond(code, answer)

    def _place(self, channel_id: str) -> Json:
        return {**self._channel(), "id": channel_id, "guild_id": self.channels[channel_id], "last_message_id": None}

    async def _get_channel(self, channel_id: str, **_: Any) -> Answer:
        if channel_id in self.threads:
            return 200, self.threads[channel_id]
        if channel_id in self.channels:
            return 200, self._place(channel_id)
        return 404, {"code": 10003, "message": "Unknown Channel"}

    def _is_place(self, channel_id: str) -> bool:
        return channel_id in self.channels or channel_id in self.threads

    def _seen(self, message: Json) -> Json:
        place = message["channel_id"]
        parent = self.threads[place]["parent_id"] if place in self.threads else place
        return {**super()._seen(message), "guild_id": self.channels[parent]}

    def _thread(self, parent_id: str, thread_id: str, name: str, kind: int = THREAD_TYPE) -> Json:
        return {**super()._thread(parent_id, thread_id, name, kind), "guild_id": self.channels[parent_id]}

    def _guilds(self) -> list[Json]:
        role = {"name": "@everyone", "permissions": ALL_PERMISSIONS, "position": 0, "color": 0}
        shape = {"hoist": False, "managed": False, "mentionable": False, "flags": 0}
        lists = (
            *("emojis", "stickers", "features", "voice_states", "presences"),
            *("stage_instances", "soundboard_sounds", "guild_scheduled_events"),
        )
        levels = (
            *("verification_level", "default_message_notifications", "explicit_content_filter"),
            *("mfa_level", "nsfw_level", "premium_tier"),
        )
        places: defaultdict[str, list[Json]] = defaultdict(list)
        for channel_id, guild_id in self.channels.items():
            places[guild_id].append(self._place(channel_id))
        return [
            {
                "id": guild_id,
                "name": f"Club {guild_id}",
                "owner_id": OWNER_ID,
                "roles": [{**role, **shape, "id": guild_id}],
                "channels": own,
                "threads": [thread for thread in self.threads.values() if thread["guild_id"] == guild_id],
                "members": [self._member(BOT_ID)],
                "member_count": 2,
                "system_channel_id": own[0]["id"],
                "preferred_locale": "en-US",
                "joined_at": "2026-01-01T00:00:00+00:00",
                "large": False,
                **{name: list[str]() for name in lists},
                **dict.fromkeys(levels, 0),
            }
            for guild_id, own in places.items()
        ]

    async def _welcome(self, shard: list[int]) -> None:
        guilds = [{"id": guild_id, "unavailable": True} for guild_id in dict.fromkeys(self.channels.values())]
        ready: Json = {"v": 10, "user": self._user(BOT_ID), "guilds": guilds, "session_id": "s", "shard": shard}
        application = {"id": BOT_ID, "flags": self._application()["flags"]}
        address = f"ws://{self._host}/gateway"
        await self._dispatch("READY", {**ready, "application": application, "resume_gateway_url": address})
        for guild in self._guilds():
            await self._dispatch("GUILD_CREATE", guild)
        self._identified.set()
