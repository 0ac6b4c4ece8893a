"""`doctor`: looks at everything that the bot needs, changes nothing, and says what to do next."""

import shutil
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import aiohttp
import discord
import discord.http

from bot.delivery.breaker import Breaker
from bot.delivery.gate import Gate
from bot.delivery.limiter import Limiter
from bot.delivery.outage import Outage
from bot.domain.errors import NotStored, OperatorError, plainly
from bot.domain.schedule import use_packaged_zones
from bot.domain.tracks import Track
from bot.services.backups import made_backups
from bot.settings import Settings
from bot.storage import backups, tracks
from bot.storage.bank_files import load_packs
from bot.storage.database import Database
from bot.storage.migrate import head, is_current
from bot.storage.sqlite_files import database_file
from bot.storage.urls import is_postgres
from bot.ui.charts.questions import DRAWINGS
from bot.ui.charts.rendering import render
from bot.ui.kit.layouts import counted
from bot.ui.kit.permissions import can_practice, invite_link, lacks_tag, missing, missing_to_post

GOOD, NOTE, BAD = "✓", "!", "✗"
PER_SECOND = 10
"""So few requests leave room for the bot, which may be running."""
MOST_SERVERS = 200
MEGABYTE = 1_000_000
FREE_MEGABYTES = 500
FEW_SESSIONS = 200
OLD_BACKUP, HOUR = timedelta(days=7), timedelta(hours=1)
UNREACHABLE = (discord.HTTPException, aiohttp.ClientError, OSError)


class CheckedThing(NamedTuple):
    """What was found out about one thing: whether it is good, and what to do where it is not."""

    mark: str
    subject: str
    text: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.mark} {self.subject}: {self.text}"


async def examine(settings: Settings, now: datetime) -> AsyncIterator[CheckedThing]:
    """Looks at one thing after the other.

    The database is opened to read only, and Discord is asked for nothing but descriptions.
    """
    python = ".".join(map(str, sys.version_info[:3]))
    yield CheckedThing(
        GOOD, "Mockingbird", f"{version('mockingbird')} on Python {python}, discord.py {discord.__version__}"
    )
    yield CheckedThing(GOOD, "settings", "they can be used")
    for look in (_zones, _packs, _pictures):
        yield look(settings)
    practiced: Sequence[Track] | None = None
    try:
        for finding in _file(settings, now):
            yield finding
        practiced = await _practiced(settings)
        if is_postgres(settings.database_url):
            state = "its schema is up to date" if practiced is not None else "the next start brings it up to date"
            yield CheckedThing(GOOD, "database", f"PostgreSQL answers, {state}")
            yield _last_backup(settings, now)
    except OperatorError as error:
        yield CheckedThing(BAD, "database", str(error))
    except NotStored as error:
        what = f"it can't be read ({plainly(error)}): mend that, or check MOCKINGBIRD_DATABASE_URL"
        yield CheckedThing(BAD, "database", what)
    async for finding in _discord(settings, practiced or ()):
        yield finding


def _safely(subject: str, what_next: str, look: Callable[[], str]) -> CheckedThing:
    """What a look finds; whatever it raises is what is wrong."""
    try:
        return CheckedThing(GOOD, subject, look())
    except Exception as error:
        return CheckedThing(BAD, subject, f"{error} {what_next}".strip())


def _zones(_: Settings) -> CheckedThing:
    def look() -> str:
        use_packaged_zones()
        ZoneInfo("Europe/Berlin")
        return f"tzdata {version('tzdata')}"

    return _safely("time zones", "Install tzdata again.", look)


def _packs(settings: Settings) -> CheckedThing:
    def look() -> str:
        packs = load_packs(settings.packs_dir)
        return ", ".join(f"{pack.id} ({counted(len(pack.questions), 'question')})" for pack in packs)

    return _safely("packs", "", look)


def _pictures(_: Settings) -> CheckedThing:
    def look() -> str:
        name, draw = next(iter(DRAWINGS.items()))
        return f"{counted(len(DRAWINGS), 'drawing')}; {name} came out with {len(render(draw())):,} bytes"

    return _safely("pictures", "Install resvg-py and pymupdf-fonts again.", look)


def _file(settings: Settings, now: datetime) -> Iterator[CheckedThing]:
    """The file of the database, the room for it, and its backups; raises OperatorError where it cannot be used."""
    file = database_file(settings.database_url)
    if file is None:
        return
    if not file.is_file():
        yield CheckedThing(NOTE, "database", f"{file} isn't there yet: the bot makes it at its first start")
    else:
        revision = backups.check(file, "quick_check")
        size = sum(part.stat().st_size for end in backups.BESIDE if (part := Path(f"{file}{end}")).exists())
        state = "up to date" if revision == head() else "older: the next start brings it up to date"
        yield CheckedThing(
            GOOD, "database", f"{file}, {size / MEGABYTE:,.1f} MB, whole, schema {revision} ({state})"
        )
        yield _last_backup(settings, now)
    folder = next(folder for folder in file.absolute().parents if folder.is_dir())
    free = shutil.disk_usage(folder).free / MEGABYTE
    text = f"{free:,.0f} MB free in {folder}"
    if free < FREE_MEGABYTES:
        yield CheckedThing(BAD if free < FREE_MEGABYTES / 10 else NOTE, "disk", f"only {text}: make room")
    else:
        yield CheckedThing(GOOD, "disk", text)


def _last_backup(settings: Settings, now: datetime) -> CheckedThing:
    made, every = made_backups(settings.database_url), timedelta(hours=settings.backup_hours)
    if not made:
        what = "there is none: `python -m bot backup` makes one; with MOCKINGBIRD_BACKUP_HOURS the bot does"
        return CheckedThing(NOTE, "backup", what)
    at, copy = made[0]
    text = f"last backup {copy.name}, one of {len(made)}"
    if every and now - at > 2 * every:
        why = "the log says why, under backup.failed"
        return CheckedThing(
            BAD, "backup", f"{text}, though the bot makes one every {counted(every // HOUR, 'hour')}: {why}"
        )
    if now - at > OLD_BACKUP:
        return CheckedThing(NOTE, "backup", f"{text}, {(now - at).days} days old: make a new one")
    return CheckedThing(GOOD, "backup", text)


async def _practiced(settings: Settings) -> Sequence[Track] | None:
    """The tracks of all servers; None where the bot has not yet made the database, or brought it up to date."""
    file = database_file(settings.database_url)
    if file is not None and not file.is_file():
        return None
    async with Database(settings.database_url, read_only=True) as database:
        return await database.read(tracks.everywhere) if await is_current(database) else None


async def _discord(settings: Settings, practiced: Sequence[Track]) -> AsyncIterator[CheckedThing]:
    token = settings.token
    if not token:
        what = "DISCORD_TOKEN is empty, so Discord wasn't asked. Copy the token from the Developer Portal into .env"
        yield CheckedThing(BAD, "token", what)
        return
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base.rstrip("/")
    # The bot never speaks: what discord.py says of libraries for that is nothing to mend.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with discord.Client(intents=discord.Intents.none()) as client:
        Gate(Limiter(PER_SECOND), Breaker(), Outage()).guard(client.http)
        try:
            await client.login(token)
            async for finding in _application(client):
                yield finding
            async for finding in _servers(client, practiced):
                yield finding
        except discord.LoginFailure:
            yield CheckedThing(
                BAD, "token", "Discord refuses it: copy it again from the Developer Portal, under Bot"
            )
        except UNREACHABLE as error:
            where = settings.api_base or "discord.com"
            yield CheckedThing(
                BAD, "Discord", f"{where} didn't answer as it should ({error}): try again in a while"
            )


async def _application(client: discord.Client) -> AsyncIterator[CheckedThing]:
    """Whose token it is, what it may read, and how many sessions it may still begin."""
    assert client.user is not None
    yield CheckedThing(GOOD, "token", f"it belongs to {client.user}")
    flags = client.application.flags if client.application else discord.ApplicationFlags()
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        yield CheckedThing(GOOD, "intents", "Message Content is on")
    else:
        what = (
            "Message Content is off, so only forms keep what people write: turn it on in the Developer Portal, Bot"
        )
        yield CheckedThing(NOTE, "intents", what)
    limit = (await client.http.request(discord.http.Route("GET", "/gateway/bot")))["session_start_limit"]
    text = f"{limit['remaining']} of {limit['total']} left for today"
    few = limit["remaining"] < FEW_SESSIONS
    yield CheckedThing(
        NOTE if few else GOOD, "sessions", text + (": don't restart more than you must" if few else "")
    )


async def _servers(client: discord.Client, practiced: Sequence[Track]) -> AsyncIterator[CheckedThing]:
    """What the bot may do in each practice channel."""
    assert client.application_id is not None
    present = {guild.id async for guild in client.fetch_guilds(limit=None)}
    of_servers: defaultdict[int, list[Track]] = defaultdict(list)
    for track in practiced:
        of_servers[track.guild_id].append(track)
    text = f"{counted(len(present), 'server')}, {counted(len(practiced), 'practice channel')}"
    yield CheckedThing(
        GOOD if present else NOTE, "servers", text if present else "the bot is in none: open the link below"
    )
    for guild_id, own in list(of_servers.items())[:MOST_SERVERS]:
        if guild_id not in present:
            yield CheckedThing(NOTE, f"server {guild_id}", "it removed the bot; its data go after 30 days")
            continue
        try:
            for finding in await _channels(client, guild_id, own):
                yield finding
        except UNREACHABLE as error:
            yield CheckedThing(BAD, f"server {guild_id}", f"Discord doesn't say anything about it ({error})")
    if len(of_servers) > MOST_SERVERS:
        yield CheckedThing(NOTE, "servers", f"only the first {MOST_SERVERS} were looked at")
    yield CheckedThing(GOOD, "invite link", invite_link(client.application_id))


async def _channels(client: discord.Client, guild_id: int, own: Sequence[Track]) -> list[CheckedThing]:
    assert client.user is not None
    guild = await client.fetch_guild(guild_id, with_counts=False)
    me = await guild.fetch_member(client.user.id)
    channels = {channel.id: channel for channel in await guild.fetch_channels()}
    return [_channel(track, guild, channels.get(track.channel_id), me) for track in own]


def _channel(
    track: Track, guild: discord.Guild, channel: discord.abc.GuildChannel | None, me: discord.Member
) -> CheckedThing:
    if not can_practice(channel):
        subject = f"channel {track.channel_id} in {guild.name}"
        return CheckedThing(BAD, subject, "I can't see it: it was deleted, or View Channel is missing there")
    subject = f"#{channel.name} in {guild.name}"
    if lacks_tag(channel):
        return CheckedThing(BAD, subject, "the forum asks for a tag, and there is none: make one called practice")
    lacking = missing(channel, me)
    if not lacking:
        return CheckedThing(GOOD, subject, "nothing is missing")
    mark = BAD if missing_to_post(channel, me) else NOTE
    return CheckedThing(
        mark, subject, f"missing {', '.join(lacking)}: channel settings, Permissions, the bot's role"
    )
