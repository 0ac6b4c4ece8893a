"""What goes wrong on the way to Discord, told apart in one place: passing, refused, or ours."""

from datetime import datetime
from enum import Enum
from typing import Protocol

import aiohttp
import discord
import structlog

from bot.delivery.breaker import Paused
from bot.delivery.channels import CannotPost
from bot.delivery.codes import TOO_MANY_REQUESTS
from bot.domain.errors import NotStored, Problem

log = structlog.get_logger()


class InChannel(Protocol):
    """What belongs to a channel of a server: a track, a drill, an interview."""

    @property
    def id(self) -> int:
        """Its id among those of its kind."""
        ...

    @property
    def guild_id(self) -> int:
        """Its server."""
        ...

    @property
    def channel_id(self) -> int:
        """Its practice channel."""
        ...


def of(kind: str, thing: InChannel, next_try: datetime | None = None) -> dict[str, object]:
    """What a line of the log says of its subject: server, channel, and what it is.

    Args:
        kind: what it is called there.
        next_try: when what failed is tried again.
    """
    found: dict[str, object] = {"server": thing.guild_id, "channel": thing.channel_id, kind: thing.id}
    return found if next_try is None else found | {"next_try": f"{next_try:%Y-%m-%dT%H:%M:%SZ}"}


class Trouble(Enum):
    """Who can end it: time, somebody in the server, or a better bot."""

    PASSING = "passing"
    REFUSED = "refused"
    OURS = "ours"


def trouble(error: BaseException) -> Trouble:
    """What kind of trouble an error is."""
    if isinstance(error, discord.HTTPException):
        passing = error.status >= 500 or error.status == TOO_MANY_REQUESTS
        return Trouble.PASSING if passing else Trouble.REFUSED
    if isinstance(error, aiohttp.ClientError | OSError | NotStored):
        return Trouble.PASSING
    return Trouble.REFUSED if isinstance(error, CannotPost) else Trouble.OURS


def report(event: str, error: BaseException, **subject: object) -> Trouble:
    """Logs what went wrong once, with its subject, and returns what kind of trouble it is.

    What cannot be stored is logged by the database, once for everybody whom it concerns.
    """
    kind = trouble(error)
    if isinstance(error, NotStored):
        return kind
    if kind is Trouble.OURS:
        log.error(event, error=type(error).__name__, exc_info=error, **subject)
    elif isinstance(error, discord.HTTPException):
        log.warning(event, status=error.status, code=error.code, **subject)
    elif isinstance(error, CannotPost):
        log.warning(event, reason=error.code, **subject)
    else:
        log.warning(event, error=type(error).__name__, **subject)
    return kind


def said(error: discord.HTTPException) -> str:
    """What Discord said."""
    return error.text or f"error {error.status}"


def problem_of(error: BaseException, ours: str) -> Problem:
    """What a manager is told of an error.

    Args:
        ours: the code of the problem where it is the bot's own fault.
    """
    if isinstance(error, CannotPost):
        return Problem(error.code, error.values)
    if isinstance(error, discord.HTTPException):
        return Problem("discord", {"said": said(error)})
    if isinstance(error, Paused):
        return Problem("paused")
    return Problem(ours)
