"""A server with a manager and two members, driven as people drive it."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import discord.http
import pytest
import pytest_asyncio
import sqlalchemy as sa
from simcord import Env
from sqlalchemy import Connection

from bot.app import PracticeBot
from bot.domain.bank import Bank, Pack
from bot.domain.points import Reason
from bot.settings import Settings
from bot.storage import ledger, members
from bot.storage.bank_files import shipped_hints, shipped_pack
from bot.storage.schema import tracks
from bot.ui.kit.layouts import page_text
from tests.builders import fresh_url

MESSAGES, POSTS = "/channels/{channel_id}/messages", "/channels/{channel_id}/threads"
PACK = shipped_pack("genai")
LONG = "The point first and then how it works"
BOTH_ENGINES = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
"""Marks flows that race, or whose statements count: they run on each engine."""


def seen(message: Any) -> str:
    """All text that a person reads in a message."""
    return page_text(message.components)


def labels(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    found: list[str] = []
    stack = list(message.components)
    while stack:
        component = stack.pop(0)
        if getattr(component, "label", None):
            found.append(component.label)
        beside = getattr(component, "accessory", None)
        stack = [*getattr(component, "children", ()), *([beside] if beside else []), *stack]
    return found


@dataclass
class World:
    """The simulated server and the bot in it."""

    env: Any
    bot: PracticeBot
    settings: Settings
    guild: Any
    channel: Any
    boss: Any
    anna: Any
    ben: Any

    @property
    def bank(self) -> Bank:
        """The questions that this server knows."""
        return self.bot.banks.of(self.guild.id)

    async def rows(self, table: sa.Table) -> list[Any]:
        """Everything stored in a table, by its key: PostgreSQL has no order of its own."""
        query = sa.select(table).order_by(*table.primary_key)
        return await self.bot.database.read(lambda conn: list(conn.execute(query)))

    async def beat(self, seconds: float = 0, at: datetime | None = None) -> None:
        """Moves the clock and lets the heartbeat ring once."""
        if at is not None:
            seconds = (at - self.bot.clock()).total_seconds()
        if seconds:
            await self.env.advance_time(seconds)
        await self.bot.beat()
        await self.env.settle()

    async def next_day(self) -> None:
        """Lets the heartbeat ring when the next scheduled question is due."""
        due = [track.next_due_utc for track in await self.rows(tracks) if track.next_due_utc is not None]
        await self.beat(at=min(due))

    async def set_up(self, **options: Any) -> Any:
        """What a manager does first; a test that wants a digest turns it on."""
        known = {row.id for row in await self.rows(tracks)}
        made = await self.boss.slash(self.channel, "setup", **{"timezone": "UTC", "days": "daily"} | options)
        for track in await self.bot.services.tracks.of_server(self.guild.id):
            if track.id not in known:
                await self.bot.services.digests.plan(track, None, self.bot.clock())
        return made

    async def post(self) -> Any:
        """Posts today's question and returns its card."""
        await self.boss.slash(self.channel, "daily post")
        return self.card()

    def card(self) -> Any:
        """The newest drill's message."""
        return next(m for m in reversed(self.channel.history()) if "Answer" in labels(m) and m.author.bot)

    def thread(self) -> Any:
        """The newest thread."""
        return self.channel.threads[-1]

    async def reply(self, member: Any, command: str, place: Any = None, /, **options: Any) -> str:
        """Runs a command in a channel (the practice channel) and returns what its private answer says."""
        result = await member.slash(place or self.channel, command, **options)
        return said(result)

    async def open_thread(self, member: Any, card: Any) -> Any:
        """A member opens a thread on a card by hand, and returns it."""
        self.env.backend.create_thread(self.channel.id, "by hand", member.id, message_id=card.id)
        await self.env.settle()
        return self.thread()

    async def deny(self, **permissions: bool | None) -> None:
        """Changes what the bot may do in the practice channel."""
        found = self.bot.get_channel(self.channel.id)
        assert isinstance(found, discord.TextChannel)
        await found.set_permissions(found.guild.me, overwrite=discord.PermissionOverwrite(**permissions))
        await self.env.settle()

    def lose_answer(self, path: str, place_id: int) -> list[str]:
        """The next POST to a place has its effect, but its answer is lost: all that a crash leaves behind, too.

        Args:
            path: the route as discord.py writes it.

        Returns:
            What was lost, once it is.
        """
        http, request, lost = self.bot.http, self.bot.http.request, list[str]()

        async def losing(route: discord.http.Route, **options: Any) -> Any:
            answer = await request(route, **options)
            if (route.method, route.path, route.channel_id) == ("POST", path, place_id) and not lost:
                lost.append(path)
                raise ConnectionResetError
            return answer

        http.request = losing  # type: ignore[method-assign]
        return lost

    def backup(self) -> Path:
        """A copy of the database as it is now."""
        if not self.settings.database_url.startswith("sqlite"):
            pytest.skip("a backup of a file is restored, and PostgreSQL has none")
        file = Path(self.settings.database_url.removeprefix("sqlite+aiosqlite:///"))
        copy = file.with_name("backup.db")
        with contextlib.closing(sqlite3.connect(file)) as now, contextlib.closing(sqlite3.connect(copy)) as then:
            now.backup(then)
        return copy

    async def restart(self, backup: Path | None = None, **options: Any) -> None:
        """Ends the bot and starts a new one on the same database, or on a backup of it."""
        await self.bot.close()
        if backup is not None:
            shutil.copy(backup, self.settings.database_url.removeprefix("sqlite+aiosqlite:///"))
        self.bot = new_bot(self.settings, **options)
        await self.env.restart_bot(self.bot)
        await self.env.settle()


def without_content(number: int) -> Pack:
    """The bank as it is while nobody has authored one of its questions yet."""
    layers: dict[str, Any] = {
        "say": None,
        "show": None,
        "stands_out": None,
        "as_of": None,
        "picture": None,
        "gist": None,
        "answer": None,
    }
    bare = {**layers, "key_points": (), "pitfalls": (), "follow_ups": (), "sources": (), "items": ()}
    return replace(PACK, questions=tuple(replace(q, **bare) if q.number == number else q for q in PACK.questions))


def said(result: Any) -> str:
    """All text of an interaction's answers."""
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    return "\n".join(seen(answer.message) for answer in answers)


def filled(form: Any) -> dict[str, Any]:
    """What stands in an opened form's fields, by their names: texts, or chosen values and ids."""
    found: dict[str, Any] = {}
    for row in form.modal["components"]:
        field = row.get("component", {})
        options = [option["value"] for option in field.get("options", []) if option.get("default")]
        chosen = [int(value["id"]) for value in field.get("default_values", [])]
        if "custom_id" in field:
            found[field["custom_id"]] = field.get("value") or "" if field["type"] == 4 else options + chosen
    return found


async def earn(world: World, member_id: int, points: int, name: str | None = None) -> None:
    """A member earns points now, as in a quiz; a name makes somebody known who has not come by."""
    guild_id, at = world.guild.id, world.bot.clock()

    def work(conn: Connection) -> None:
        if name is not None:
            members.record(conn, guild_id, member_id, name, at)
        ledger.enter(
            conn,
            guild_id=guild_id,
            track_id=None,
            member_id=member_id,
            reason=Reason.ITEM,
            points=points,
            reference=f"item:{member_id}:{at}",
            at=at,
        )

    await world.bot.database.write(work)


def new_bot(settings: Settings, *, pack: Pack = PACK, more: Sequence[Pack] = (), **options: Any) -> PracticeBot:
    """The real bot, whose heartbeat the test rings; `more` are packs for all servers beside the first one."""
    # However slow the machine is, no answer counts as late unless a test says so.
    return PracticeBot(settings, shard_count=1, **{"packs": [pack, *more], "patience": 600.0, **options})


@pytest.fixture(scope="session", autouse=True)
def counted_words() -> None:
    """What a bot counts beside its start is there already: a test's first step would wait for it."""
    shipped_hints().prepare()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of the newest schema.

    With MOCKINGBIRD_TEST_ENGINE=postgres all flows run there; what is about a file's backup is left out.
    """
    with fresh_url(getattr(request, "param", os.environ.get("MOCKINGBIRD_TEST_ENGINE", "sqlite"))) as url:
        yield url


@pytest.fixture
def settings(database_url: str) -> Settings:
    # Far longer than allowed: who holds a lease is heard of six times in it, and the clock's steps wait for that.
    return Settings(database_url=database_url, lease_seconds=2_000_000)


class QuickEnv(Env):
    """Looks soon again whether the bot has come to rest: simcord looks every 50 ms, for which thousands of presses
    would wait."""

    async def _settle_internal(self, *, idle: float = 0.005, **options: Any) -> None:
        await super()._settle_internal(idle=idle, **options)


@pytest_asyncio.fixture
async def env(settings: Settings) -> AsyncIterator[Env]:
    """simcord finds it among the fixtures and lets the test run on its clock."""
    # Time for a busy machine, and less than the 15 seconds after which aiohttp closes what it no longer uses:
    # a timer that is due within it is waited for.
    env = QuickEnv(new_bot(settings), check_errors=False, settle_timeout=10.0)
    await env.start()
    try:
        yield env
    finally:
        await env.bot.close()
        await env.shutdown()


@pytest_asyncio.fixture
async def world(env: Env, settings: Settings) -> World:
    guild = env.create_guild()
    channel = guild.create_text_channel("practice")
    managers = guild.create_role(
        "Managers", permissions=discord.Permissions(manage_guild=True, manage_messages=True)
    )
    boss = guild.add_member(env.create_user("boss"), roles=[managers])
    anna = guild.add_member(env.create_user("anna"))
    ben = guild.add_member(env.create_user("ben"))
    assert isinstance(env.bot, PracticeBot)
    return World(env, env.bot, settings, guild, channel, boss, anna, ben)


HOUR = timedelta(hours=1).total_seconds()
DAY = timedelta(days=1).total_seconds()
