"""A small double of Discord's REST API and gateway on real sockets, for one bot in one process."""

import asyncio
import contextlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import ClientConnectionResetError, WSMsgType, web

from tests.wire.openapi import violations

EPOCH_MS = 1_420_070_400_000
BOT_ID, OWNER_ID, GUILD_ID, CHANNEL_ID = (f"11000000000000{number}" for number in (9000, 9001, 7000, 7001))
ALL_PERMISSIONS = str((1 << 50) - 1 - (1 << 3))
"""All but Administrator, whom no channel is hidden from."""
VIEW_CHANNEL = str(1 << 10)
TEXT_INTENT = 1 << 15
DIRECT_TYPE, THREAD_TYPE, PRIVATE_THREAD_TYPE = 1, 11, 12
Answer = tuple[int, Any]
Json = dict[str, Any]


def snowflake(seconds: float, number: int = 0) -> str:
    """A Discord id for an instant."""
    return str(((int(seconds * 1000) - EPOCH_MS) << 22) + number)


@dataclass
class Fault:
    """What happens to the next requests that match, before or after their effect."""

    method: str
    path: str
    says: str
    after: bool
    status: int | None
    drop: bool
    hold: bool
    times: int
    hit: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)


class Double:
    """Discord for one server with one text channel. All ids are strings, as on the wire."""

    def __init__(self) -> None:
        self.messages: defaultdict[str, dict[str, Json]] = defaultdict(dict)
        self.threads: dict[str, Json] = {}
        self.direct: dict[str, str] = {}
        self.reactions: defaultdict[str, set[str]] = defaultdict(set)
        self.requests: list[tuple[str, str, Any]] = []
        self.files: list[bytes] = []
        self.violations: list[str] = []
        self.unknown: list[str] = []
        self.answers: dict[str, Json] = {}
        self.answered_at: dict[str, float] = {}
        self.waited: list[float] = []
        self.followups: defaultdict[str, list[Json]] = defaultdict(list)
        self.allow_text = True
        self.in_server = self.available = self.visible = True
        self.api_base = ""
        self.identified: list[float] = []
        self.connections = 0
        self.refuses: int | None = None
        """With which code an IDENTIFY is answered; 9 stands for an invalid session."""
        self.sessions_left = 1000
        """How many Discord says that may still begin today."""
        self.silent = False
        """Whether the gateway says nothing to those who connect."""
        self._nonces: dict[tuple[str, str], str] = {}
        self._faults: list[Fault] = []
        self._sockets: dict[web.WebSocketResponse, int] = {}
        self._number = 0
        self._session = 0
        self._sent: list[str] = []
        self._news = asyncio.Event()
        self._identified = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/v10/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0]
        self._host = f"{host}:{port}"
        self.api_base = f"http://{self._host}/api/v10"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        for fault in self._faults:
            fault.release.set()
        for socket in list(self._sockets):
            await socket.close()
        await self._runner.cleanup()

    def now(self) -> float:
        """Discord's clock, in seconds."""
        return time.time()

    # What a test does.

    def forget_nonces(self) -> None:
        """Lets the few minutes pass after which Discord no longer knows a nonce."""
        self._nonces.clear()

    def fault(
        self,
        method: str,
        path: str,
        *,
        says: str = "",
        after: bool = False,
        status: int | None = None,
        drop: bool = False,
        hold: bool = False,
        times: int = 1,
    ) -> Fault:
        """Arms a fault for requests whose path (a regular expression) matches and whose body holds what is said.

        With a status the request is answered so, with `drop` its connection is cut; with neither it hangs until
        the fault is released. `after` lets the effect happen first; with `hold` the answer waits until the fault is
        released, and tells what was true before.
        """
        made = Fault(method, path, says, after or hold, status, drop, hold, times)
        self._faults.append(made)
        return made

    def has_message(self, channel_id: str, author_id: str, seconds: float, **extra: Any) -> str:
        """Puts a message there without telling anybody."""
        self._number += 1
        message_id = snowflake(seconds, self._number)
        self.messages[channel_id][message_id] = self._message(channel_id, message_id, author_id, **extra)
        return message_id

    def has_thread(self, message_id: str, name: str) -> None:
        """Puts a thread on a message without telling anybody."""
        self.threads[message_id] = self._thread(CHANNEL_ID, message_id, name)

    def has_direct(self, user_id: str) -> str:
        """The channel of the bot's direct messages with a person."""
        self._number += 1
        return self.direct.setdefault(user_id, snowflake(self.now(), self._number))

    def has_drill(self, seconds: float, card: Json) -> tuple[str, str | None]:
        """Puts a question of ours there, with its thread: (message, the forum post that it opens)."""
        message_id = self.has_message(CHANNEL_ID, BOT_ID, seconds, **card)
        self.has_thread(message_id, "#1")
        return message_id, None

    async def says(self, channel_id: str, user_id: str, text: str, *, reply_to: str | None = None) -> str:
        """A person writes a message."""
        reference = {"message_reference": {"message_id": reply_to, "channel_id": channel_id}} if reply_to else {}
        kind = {"type": 19} if reply_to else {}
        message_id = self.has_message(channel_id, user_id, self.now(), content=text, **reference, **kind)
        await self._dispatch("MESSAGE_CREATE", self._seen(self.messages[channel_id][message_id]))
        return message_id

    async def rewrites(self, channel_id: str, message_id: str, text: str) -> None:
        """A person edits their message."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00", time.gmtime(self.now() + 1))
        self.messages[channel_id][message_id] |= {"content": text, "edited_timestamp": stamp}
        await self._dispatch("MESSAGE_UPDATE", self._seen(self.messages[channel_id][message_id]))

    async def hides_thread(self, thread_id: str, *, locked: bool = False) -> None:
        """Nobody has written in a thread for long, so it is archived; or a moderator has locked it as well."""
        await self._set_thread(thread_id, archived=True, locked=locked)

    async def unlocks(self, thread_id: str) -> None:
        """A moderator unlocks a thread, which stays archived."""
        await self._set_thread(thread_id, locked=False)

    async def _set_thread(self, thread_id: str, **changes: bool) -> None:
        self.threads[thread_id]["thread_metadata"].update(changes)
        await self._dispatch("THREAD_UPDATE", self.threads[thread_id])

    def is_archived(self, channel_id: str) -> bool:
        """Whether a place is a thread that is hidden."""
        return channel_id in self.threads and self.threads[channel_id]["thread_metadata"]["archived"]

    async def deletes(self, channel_id: str, message_id: str) -> None:
        """A person deletes their message."""
        del self.messages[channel_id][message_id]
        place = {"channel_id": channel_id, "guild_id": GUILD_ID}
        await self._dispatch("MESSAGE_DELETE", {"id": message_id, **place})

    async def thumbs(self, channel_id: str, message_id: str, user_id: str) -> None:
        """A person puts a 👍 on a message."""
        author = self.messages[channel_id][message_id]["author"]["id"]
        whose = {"user_id": user_id, "member": self._member(user_id), "message_author_id": author}
        place = {"channel_id": channel_id, "message_id": message_id, "guild_id": GUILD_ID}
        emoji = {"emoji": {"id": None, "name": "👍"}, "burst": False, "type": 0}
        await self._dispatch("MESSAGE_REACTION_ADD", {**whose, **place, **emoji})

    async def uses(self, command: str, user_id: str, **options: Any) -> Json:
        """A person uses a command such as `quiz live`; returns what the bot answers."""
        name, *rest = command.split()
        kinds = {bool: 5, int: 4, str: 3}
        given: list[Json] = [{"name": key, "type": kinds[type(v)], "value": v} for key, v in options.items()]
        for part in reversed(rest):
            given = [{"name": part, "type": 1, "options": given}]
        return await self.interacts(2, {"id": "1", "name": name, "type": 1, "options": given}, user_id)

    async def presses(self, message: Json, custom_id: str, user_id: str) -> Json:
        """A person presses a button; returns what the bot answers."""
        return await self.interacts(3, {"component_type": 2, "custom_id": custom_id}, user_id, message)

    async def interacts(self, kind: int, data: Json, user_id: str, message: Json | None = None) -> Json:
        """A person uses a command (2), presses a button (3) or sends a form (5); returns what the bot answers."""
        self._number += 1
        interaction_id = snowflake(self.now(), self._number)
        begun = time.monotonic()
        channel_id = message["channel_id"] if message else CHANNEL_ID
        interaction: Json = {
            "id": interaction_id,
            "application_id": BOT_ID,
            "type": kind,
            "token": f"t{interaction_id}",
            "version": 1,
            "data": data,
            "guild_id": GUILD_ID,
            "channel_id": channel_id,
            "channel": self._channel(),
            "member": {**self._member(user_id), "permissions": ALL_PERMISSIONS},
            "app_permissions": ALL_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 1,
        }
        if message is not None:
            interaction["message"] = message
        await self._dispatch("INTERACTION_CREATE", interaction)
        await self.until(lambda: interaction_id in self.answers)
        self.waited.append(self.answered_at[interaction_id] - begun)
        return self.answers[interaction_id]

    async def kicks(self) -> None:
        """Somebody removes the bot from the server."""
        self.in_server = False
        await self._dispatch("GUILD_DELETE", {"id": GUILD_ID})

    async def invites(self) -> None:
        """Somebody invites the bot again."""
        self.in_server = True
        await self._dispatch("GUILD_CREATE", self._guild())

    async def fails(self) -> None:
        """Discord loses the server for a while."""
        self.available = False
        await self._dispatch("GUILD_DELETE", {"id": GUILD_ID, "unavailable": True})

    async def recovers(self) -> None:
        """Discord has the server again."""
        self.available = True
        await self._dispatch("GUILD_CREATE", {**self._guild(), "unavailable": False})

    async def hides(self) -> None:
        """A manager takes View Channel from the bot in the practice channel."""
        self.visible = False
        await self._dispatch("CHANNEL_UPDATE", self._channel())

    async def shows(self) -> None:
        """A manager gives View Channel back."""
        self.visible = True
        await self._dispatch("CHANNEL_UPDATE", self._channel())
        threads = {"guild_id": GUILD_ID, "threads": self._threads(), "members": list[Json]()}
        await self._dispatch("THREAD_LIST_SYNC", threads)

    async def interrupt(self) -> None:
        """Cuts every connection to the gateway; what happens now is sent once the bot resumes its session."""
        await self._cut()

    async def disconnect(self) -> None:
        """Cuts every connection to the gateway; nothing that happens now is ever sent."""
        self._session += 1
        await self._cut()

    async def closes(self, code: int) -> None:
        """Closes every connection to the gateway with a code; nothing that happens now is ever sent."""
        self._session += 1
        await self._cut(code)

    async def _cut(self, code: int = 4000) -> None:
        sockets = list(self._sockets)
        self._sockets.clear()
        self._identified.clear()
        for socket in sockets:
            await socket.close(code=code)

    async def tells(self, event: str, data: Json) -> None:
        """Sends an event as it is."""
        await self._dispatch(event, data)

    async def connected(self) -> None:
        """Waits until a bot is connected."""
        await self._identified.wait()

    async def until(self, true: Callable[[], bool], seconds: float = 30.0) -> None:
        """Waits until something is true; fails after a while."""
        async with asyncio.timeout(seconds):
            while not true():
                self._news.clear()
                await self._news.wait()

    # What Discord is.

    def _user(self, user_id: str) -> Json:
        bot = user_id == BOT_ID
        name = "Mockingbird" if bot else f"user{user_id}"
        return {
            "id": user_id,
            "username": name,
            "discriminator": "0",
            "avatar": None,
            "bot": bot,
            "global_name": None,
        }

    def _member(self, user_id: str) -> Json:
        joined = "2026-01-01T00:00:00+00:00"
        base = {"roles": [], "nick": None, "joined_at": joined, "deaf": False, "mute": False, "flags": 0}
        return {**base, "user": self._user(user_id)}

    def _channel(self) -> Json:
        last = max(self.messages[CHANNEL_ID], key=int, default=None)
        base = {"id": CHANNEL_ID, "type": 0, "guild_id": GUILD_ID, "name": "practice", "position": 0}
        hidden = {"id": BOT_ID, "type": 1, "allow": "0", "deny": VIEW_CHANNEL}
        overwrites = [] if self.visible else [hidden]
        return {
            **base,
            "permission_overwrites": overwrites,
            "nsfw": False,
            "last_message_id": last,
            "parent_id": None,
        }

    def _threads(self) -> list[Json]:
        active = [thread for thread in self.threads.values() if not self.is_archived(thread["id"])]
        shown = active if self.visible else ()
        return [{**thread, "last_message_id": self._last(thread["id"])} for thread in shown]

    def _thread(self, parent_id: str, thread_id: str, name: str, kind: int = THREAD_TYPE) -> Json:
        return {
            "id": thread_id,
            "type": kind,
            "guild_id": GUILD_ID,
            "parent_id": parent_id,
            "owner_id": BOT_ID,
            "name": name,
            "last_message_id": None,
            "message_count": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 10080,
                "archive_timestamp": "2026-01-01T00:00:00+00:00",
                "locked": False,
            },
        }

    def _message(self, channel_id: str, message_id: str, author_id: str, **extra: Any) -> Json:
        sent = ((int(message_id) >> 22) + EPOCH_MS) / 1000
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(sent)) + f".{int(sent * 1000) % 1000:03}000+00:00"
        base: Json = {
            "id": message_id,
            "channel_id": channel_id,
            "author": self._user(author_id),
            "content": "",
            "timestamp": stamp,
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
        }
        return {**base, **extra}

    def _seen(self, message: Json) -> Json:
        """A message as the gateway gives it to the bot: without the intent, others' text is withheld."""
        own = message["author"]["id"] == BOT_ID
        hidden = {} if own or self.allow_text else {"content": "", "components": [], "attachments": []}
        return {**message, "guild_id": GUILD_ID, "member": self._member(message["author"]["id"]), **hidden}

    def _application(self) -> Json:
        flags = (1 << 19) if self.allow_text else 0
        base = {"id": BOT_ID, "name": "Mockingbird", "icon": None, "description": "", "flags": flags}
        more = {"bot_public": True, "bot_require_code_grant": False, "verify_key": "", "summary": "", "team": None}
        return {**base, **more, "owner": self._user(OWNER_ID)}

    # REST.

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        try:
            body = await self._body(request)
        except ConnectionResetError:
            return web.Response()  # nobody hears it: whoever asked was killed meanwhile
        self.requests.append((request.method, path, body))
        fault = self._next_fault(request.method, path, body)
        if fault is not None and not fault.after:
            return await self._fail(request, fault)
        bad = violations(request.method, path, body) if body is not None else []
        if bad:
            self.violations += [f"{request.method} {path} {line}" for line in bad]
            return self._respond(400, {"code": 50035, "message": "; ".join(bad)[:500]})
        status, answer = await self._effect(request.method, path, body, dict(request.query))
        self._news.set()
        said = self._respond(status, answer)
        if fault is None:
            return said
        if fault.hold:
            fault.hit.set()
            await fault.release.wait()
            return said
        return await self._fail(request, fault)

    async def _body(self, request: web.Request) -> Any:
        if request.content_type == "application/json":
            return json.loads(await request.text() or "null")
        if request.content_type == "multipart/form-data":
            form = await request.post()
            self.files += [part.file.read() for part in form.values() if isinstance(part, web.FileField)]
            return json.loads(str(form.get("payload_json", "null")))
        return None

    def _respond(self, status: int, answer: Any) -> web.Response:
        if answer is None:
            return web.Response(status=status)
        # discord.py reads JSON only where the content type is exactly this, without a charset.
        headers = {"Content-Type": "application/json"}
        return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)

    def _next_fault(self, method: str, path: str, body: Any) -> Fault | None:
        said = json.dumps(body, ensure_ascii=False)
        for fault in self._faults:
            matches = fault.method == method and re.fullmatch(fault.path, path) and fault.says in said
            if fault.times and matches:
                fault.times -= 1
                return fault
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        fault.hit.set()
        if fault.status is not None:
            return self._respond(fault.status, {"code": 0, "message": "a fault of the double"})
        if not fault.drop:
            await fault.release.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _effect(self, method: str, path: str, body: Any, query: dict[str, str]) -> Answer:
        routes: list[tuple[str, str, Callable[..., Awaitable[Answer]]]] = [
            ("GET", r"/gateway/bot", self._bot_gateway),
            ("GET", r"/users/@me", self._me),
            ("GET", r"/users/@me/guilds", self._my_guilds),
            ("GET", rf"/guilds/{GUILD_ID}", self._get_guild),
            ("GET", rf"/guilds/{GUILD_ID}/channels", self._get_channels),
            ("GET", r"/(?:oauth2/)?applications/@me", self._application_info),
            ("PUT", r"/applications/\d+/commands", self._commands),
            ("GET", r"/channels/(\d+)", self._get_channel),
            ("PATCH", r"/channels/(\d+)", self._edit_thread),
            ("GET", r"/channels/(\d+)/messages", self._history),
            ("GET", r"/channels/(\d+)/messages/(\d+)", self._get_message),
            ("POST", r"/channels/(\d+)/messages", self._send),
            ("PATCH", r"/channels/(\d+)/messages/(\d+)", self._edit),
            ("DELETE", r"/channels/(\d+)/messages/(\d+)", self._delete),
            ("POST", r"/channels/(\d+)/messages/(\d+)/threads", self._open_thread),
            ("POST", r"/channels/(\d+)/threads", self._open_private_thread),
            ("PUT", r"/channels/\d+/thread-members/\d+", self._add_to_thread),
            ("POST", r"/users/@me/channels", self._open_direct),
            ("GET", rf"/guilds/{GUILD_ID}/members/(\d+)", self._get_member),
            ("PUT", r"/channels/\d+/messages/(\d+)/reactions/([^/]+)/@me", self._react),
            ("DELETE", r"/channels/\d+/messages/(\d+)/reactions/([^/]+)/@me", self._unreact),
            ("POST", r"/interactions/(\d+)/[^/]+/callback", self._callback),
            ("POST", rf"/webhooks/{BOT_ID}/t(\d+)", self._follow_up),
        ]
        refused = self._refusal(path) or self._archived(method, path)
        if refused is not None:
            return refused
        for wanted, pattern, work in routes:
            found = re.fullmatch(pattern, path)
            if method == wanted and found:
                return await work(*found.groups(), body=body, query=query)
        self.unknown.append(f"{method} {path}")
        return 404, {"code": 0, "message": "404: Not Found"}

    async def _bot_gateway(self, **_: Any) -> Answer:
        limit = {"total": 1000, "remaining": self.sessions_left, "reset_after": 500, "max_concurrency": 1}
        return 200, {"url": f"ws://{self._host}/gateway", "shards": 1, "session_start_limit": limit}

    async def _me(self, **_: Any) -> Answer:
        return 200, self._user(BOT_ID)

    async def _my_guilds(self, **_: Any) -> Answer:
        return 200, [self._guild()] if self.in_server else []

    async def _get_guild(self, **_: Any) -> Answer:
        return 200, self._guild()

    async def _get_channels(self, **_: Any) -> Answer:
        return 200, [self._channel()] if self.visible else []

    async def _application_info(self, **_: Any) -> Answer:
        return 200, self._application()

    async def _commands(self, *, body: list[Json], **_: Any) -> Answer:
        ids = {"application_id": BOT_ID, "version": "1", "default_member_permissions": None}
        return 200, [{**ids, "id": str(100 + at), **command} for at, command in enumerate(body)]

    def _is_place(self, channel_id: str) -> bool:
        return channel_id == CHANNEL_ID or channel_id in self.threads

    def _refusal(self, path: str) -> Answer | None:
        """What is said of places of the server that the bot does not see now."""
        place = re.match(r"/channels/(\d+)", path)
        if place is None or not self._is_place(place[1]) or (self.in_server and self.available and self.visible):
            return None
        if place[1] in self.threads:
            return 404, {"code": 10003, "message": "Unknown Channel"}
        return 403, {"code": 50001, "message": "Missing Access"}

    def _archived(self, method: str, path: str) -> Answer | None:
        """What is said of changes to messages in archived threads; a new message shows one that is not locked."""
        place = re.match(r"/channels/(\d+)/messages", path)
        if method == "GET" or place is None or not self.is_archived(place[1]):
            return None
        state = self.threads[place[1]]["thread_metadata"]
        if path == place[0] and not state["locked"]:
            state["archived"] = False
            return None
        return 400, {"code": 50083, "message": "Thread is archived"}

    async def _edit_thread(self, channel_id: str, *, body: Json, **_: Any) -> Answer:
        """The bot has no Manage Threads: it may archive and unarchive its own threads that are not locked."""
        state = self.threads[channel_id]["thread_metadata"]
        if state["locked"]:
            return 403, {"code": 50013, "message": "Missing Permissions"}
        await self._set_thread(channel_id, archived=body["archived"])
        return 200, self.threads[channel_id]

    async def _get_channel(self, channel_id: str, **_: Any) -> Answer:
        if channel_id in self.threads:
            return 200, self.threads[channel_id]
        return (
            (200, self._channel())
            if channel_id == CHANNEL_ID
            else (404, {"code": 10003, "message": "Unknown Channel"})
        )

    async def _history(self, channel_id: str, *, query: dict[str, str], **_: Any) -> Answer:
        known = sorted(self.messages[channel_id].values(), key=lambda message: -int(message["id"]))
        limit = int(query.get("limit", "50"))
        if "after" in query:
            return 200, [m for m in known if int(m["id"]) > int(query["after"])][-limit:]
        if "around" in query:
            known = sorted(known, key=lambda message: abs(int(message["id"]) - int(query["around"])))
        if "before" in query:
            known = [m for m in known if int(m["id"]) < int(query["before"])]
        return 200, known[:limit]

    async def _get_message(self, channel_id: str, message_id: str, **_: Any) -> Answer:
        message = self.messages[channel_id].get(message_id)
        return (
            (404, {"code": 10008, "message": "Unknown Message"}) if message is None else (200, self._seen(message))
        )

    async def _send(self, channel_id: str, *, body: Json, **_: Any) -> Answer:
        direct = channel_id in self.direct.values()
        if not (direct or self._is_place(channel_id)):
            return 404, {"code": 10003, "message": "Unknown Channel"}
        nonce = str(body.get("nonce") or "")
        if body.get("enforce_nonce") and (channel_id, nonce) in self._nonces:
            return 200, self.messages[channel_id][self._nonces[channel_id, nonce]]
        kept = {key: body[key] for key in ("components", "flags", "message_reference") if body.get(key)}
        content = {"content": body.get("content") or "", "nonce": body.get("nonce")}
        message_id = self.has_message(channel_id, BOT_ID, self.now(), **kept, **content)
        self._nonces[channel_id, nonce] = message_id
        message = self.messages[channel_id][message_id]
        if not direct:
            await self._dispatch("MESSAGE_CREATE", self._seen(message))
        return 200, message

    async def _edit(self, channel_id: str, message_id: str, *, body: Json, **_: Any) -> Answer:
        message = self.messages[channel_id].get(message_id)
        if message is None:
            return 404, {"code": 10008, "message": "Unknown Message"}
        message.update({key: body[key] for key in ("components", "flags") if body.get(key)})
        return 200, message

    async def _delete(self, channel_id: str, message_id: str, **_: Any) -> Answer:
        gone = self.messages[channel_id].pop(message_id, None)
        return (204, None) if gone else (404, {"code": 10008, "message": "Unknown Message"})

    async def _open_thread(self, channel_id: str, message_id: str, *, body: Json, **_: Any) -> Answer:
        if message_id not in self.messages[channel_id]:
            return 404, {"code": 10008, "message": "Unknown Message"}
        if message_id in self.threads:
            return 400, {"code": 160004, "message": "A thread has already been created for this message"}
        self.threads[message_id] = self._thread(channel_id, message_id, body["name"])
        await self._dispatch("THREAD_CREATE", {**self.threads[message_id], "newly_created": True})
        return 201, self.threads[message_id]

    async def _open_private_thread(self, channel_id: str, *, body: Json, **_: Any) -> Answer:
        self._number += 1
        thread_id = snowflake(self.now(), self._number)
        self.threads[thread_id] = self._thread(channel_id, thread_id, body["name"], PRIVATE_THREAD_TYPE)
        await self._dispatch("THREAD_CREATE", {**self.threads[thread_id], "newly_created": True})
        return 201, self.threads[thread_id]

    async def _add_to_thread(self, **_: Any) -> Answer:
        return 204, None

    async def _open_direct(self, *, body: Json, **_: Any) -> Answer:
        user_id = str(body["recipient_id"])
        channel_id = self.has_direct(user_id)
        people = [self._user(user_id)]
        return 200, {"id": channel_id, "type": DIRECT_TYPE, "last_message_id": None, "recipients": people}

    async def _get_member(self, user_id: str, **_: Any) -> Answer:
        return 200, self._member(user_id)

    async def _react(self, message_id: str, emoji: str, **_: Any) -> Answer:
        self.reactions[message_id].add(emoji)
        return 204, None

    async def _unreact(self, message_id: str, emoji: str, **_: Any) -> Answer:
        self.reactions[message_id].discard(emoji)
        return 204, None

    async def _callback(self, interaction_id: str, *, body: Json, **_: Any) -> Answer:
        if interaction_id in self.answers:
            return 400, {"code": 40060, "message": "Interaction has already been acknowledged."}
        self.answers[interaction_id] = body
        self.answered_at[interaction_id] = time.monotonic()
        interaction = {"id": interaction_id, "type": 2, "response_message_id": interaction_id}
        resource = {"type": body["type"], "message": self._message(CHANNEL_ID, interaction_id, BOT_ID)}
        return 200, {"interaction": interaction, "resource": resource}

    async def _follow_up(self, interaction_id: str, *, body: Json, **_: Any) -> Answer:
        self.followups[interaction_id].append(body)
        return 200, self._message(CHANNEL_ID, snowflake(self.now()), BOT_ID)

    # The gateway.

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._news.set()
        if self.silent:
            async for _ in socket:
                pass
            return socket
        await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None}))
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            packet = json.loads(frame.data)
            if packet["op"] == 1:
                await socket.send_str(json.dumps({"op": 11, "d": None, "s": None, "t": None}))
            elif packet["op"] == 2:
                self.identified.append(time.monotonic())
                self._news.set()
                if self.refuses == 9:
                    await socket.send_str(json.dumps({"op": 9, "d": False, "s": None, "t": None}))
                    continue
                if self.refuses is not None:
                    await socket.close(code=self.refuses)
                    break
                if packet["d"]["intents"] & TEXT_INTENT and not self.allow_text:
                    await socket.close(code=4014)
                    break
                self._sockets[socket] = packet["d"]["intents"]
                await self._welcome(packet["d"].get("shard") or [0, 1])
            elif packet["op"] == 6 and packet["d"]["session_id"] == str(self._session):
                self._sockets[socket] = TEXT_INTENT
                for missed in self._sent[packet["d"]["seq"] :]:
                    await socket.send_str(missed)
                await self._dispatch("RESUMED", {})
                self._identified.set()
            elif packet["op"] == 6:
                await socket.send_str(json.dumps({"op": 9, "d": False, "s": None, "t": None}))
        self._sockets.pop(socket, None)
        if not self._sockets:
            self._identified.clear()
        return socket

    async def _welcome(self, shard: list[int]) -> None:
        me = self._user(BOT_ID)
        servers = [{"id": GUILD_ID, "unavailable": True}] if self.in_server else []
        ready: Json = {"v": 10, "user": me, "guilds": servers, "session_id": str(self._session)}
        application = {"id": BOT_ID, "flags": self._application()["flags"]}
        address = f"ws://{self._host}/gateway"
        await self._dispatch(
            "READY", {**ready, "shard": shard, "application": application, "resume_gateway_url": address}
        )
        if self.in_server and self.available:
            await self._dispatch("GUILD_CREATE", self._guild())
        self._identified.set()

    def _guild(self) -> Json:
        role = {"id": GUILD_ID, "name": "@everyone", "permissions": ALL_PERMISSIONS, "position": 0, "color": 0}
        shape = {"hoist": False, "managed": False, "mentionable": False, "flags": 0}
        guild: Json = {
            "id": GUILD_ID,
            "name": "Club",
            "owner_id": OWNER_ID,
            "roles": [{**role, **shape}],
            "channels": [self._channel()],
            "threads": self._threads(),
            "members": [self._member(BOT_ID)],
            "member_count": 2,
            "system_channel_id": CHANNEL_ID,
            "preferred_locale": "en-US",
            "joined_at": "2026-01-01T00:00:00+00:00",
        }
        lists = (
            "emojis",
            "stickers",
            "features",
            "voice_states",
            "presences",
            "stage_instances",
            "soundboard_sounds",
        )
        levels = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        more = {name: list[str]() for name in lists} | dict.fromkeys((*levels, "nsfw_level", "premium_tier"), 0)
        return {**guild, **more, "guild_scheduled_events": [], "large": False}

    def _last(self, channel_id: str) -> str | None:
        return max(self.messages[channel_id], key=int, default=None)

    async def _dispatch(self, event: str, data: Json) -> None:
        packet = json.dumps({"op": 0, "t": event, "s": len(self._sent) + 1, "d": data})
        self._sent.append(packet)
        for socket in list(self._sockets):
            # Of a bot that was killed just now a socket does not know yet that it is closed.
            with contextlib.suppress(ClientConnectionResetError):
                if not socket.closed:
                    await socket.send_str(packet)
