"""Looking through a channel for a message of ours whose sending was not recorded."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import discord

NEWEST = 100
FIRST_SINCE = 500
SKEW = timedelta(minutes=1)
"""How far our clock and Discord's may be apart."""


async def far_back(place: discord.abc.Messageable, since: datetime) -> AsyncIterator[discord.Message]:
    """The messages among which one of ours stands that an earlier try may have sent since an instant.

    First the newest, whatever the instant: a restored backup knows later ones only. In a busy place those may all
    be younger than ours, so the first ones after the instant come as well.
    """
    number, oldest = 0, None
    async for message in place.history(limit=NEWEST):
        number, oldest = number + 1, message
        yield message
    if oldest is None or number < NEWEST or oldest.created_at < since - SKEW:
        return
    async for message in place.history(limit=FIRST_SINCE, after=since - SKEW, before=oldest, oldest_first=True):
        yield message
