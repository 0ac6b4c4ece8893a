"""Members' portraits from Discord: in a picture where they are at hand, else read beside it for the next one.

No picture waits for a portrait, and none needs one. They are kept in memory only.
"""

import asyncio
import io
from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeVar

import discord
import structlog

K = TypeVar("K")
V = TypeVar("V")
log = structlog.get_logger()
SIZE, LARGEST = 128, 100_000
"""Dots on each side, and the bytes of the largest that is taken."""
KEPT, MET = 128, 1024
"""So many portraits of those last shown are kept, about 20 KB each, and of so many people what they chose."""
AT_ONCE, PATIENCE = 4, 10.0
"""So many are read at a time, and for so many seconds each at most."""
PNG = b"\x89PNG\r\n\x1a\n"


class Portraits:
    """Reads portraits beside everything else, each once; what could not be read is done without."""

    def __init__(self) -> None:
        self._met: OrderedDict[int, discord.Asset | None] = OrderedDict()
        self._kept: OrderedDict[str, bytes | None] = OrderedDict()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def meet(self, user: discord.User | discord.Member) -> None:
        """Remembers which portrait somebody has, of whom Discord has just told; it asks for nothing."""
        _keep(self._met, user.id, user.avatar, MET)

    def of(self, member_ids: Iterable[int]) -> dict[int, bytes]:
        """The portraits of some members as PNG, without those who have none, or none at hand yet."""
        found = {member_id: self._of(self._met.get(member_id)) for member_id in member_ids}
        return {member_id: portrait for member_id, portrait in found.items() if portrait is not None}

    def _of(self, asset: discord.Asset | None) -> bytes | None:
        if asset is None:
            return None
        if asset.key not in self._kept:
            task = asyncio.create_task(self._read(asset))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        portrait = self._kept.get(asset.key)
        _keep(self._kept, asset.key, portrait, KEPT)
        return portrait

    def close(self) -> None:
        """Reads nothing more."""
        for task in self._tasks:
            task.cancel()

    async def _read(self, asset: discord.Asset) -> None:
        try:
            async with self._slots, asyncio.timeout(PATIENCE):
                file = io.BytesIO()
                await asset.replace(size=SIZE, format="png").save(file)
        except (discord.DiscordException, OSError, TimeoutError) as error:
            log.info("portrait.not_read", error=type(error).__name__)
            return
        portrait = file.getvalue()
        if portrait.startswith(PNG) and len(portrait) <= LARGEST:
            _keep(self._kept, asset.key, portrait, KEPT)


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    """Keeps something as the newest of so many."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)
