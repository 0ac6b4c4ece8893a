"""How drawn pictures become files: outside the interpreter's lock, several at a time, each of them once."""

import asyncio
import io
import os
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import blake2b
from typing import ParamSpec

import discord

from bot.ui.charts.fonts import FAMILY, face, font_files
from bot.ui.charts.portraits import Portraits

P = ParamSpec("P")
PACKED = 3
"""How hard a picture is packed, from 0 to 9."""
KEPT = 32
"""So many of the newest pictures are kept: about 50 KB each."""


class Pictures:
    """Renders pictures in threads of its own; a picture that shows the same is rendered once.

    Args:
        threads: how many are rendered at a time; as many as there are processors, 2 to 4, if left out.

    Attributes:
        portraits: of members, as far as they are at hand.
        turn: held while something with a picture is read and drawn. When sixty people ask at once, a few have their
            turn, in the order in which they asked, and whoever answers meanwhile does not stand behind all of them.
    """

    def __init__(self, threads: int | None = None) -> None:
        at_once = threads or max(2, min(4, os.cpu_count() or 1))
        self.portraits = Portraits()
        self.turn = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, "pictures")
        self._prepared = False
        self._kept: OrderedDict[bytes, asyncio.Future[bytes]] = OrderedDict()

    async def file(self, name: str, draw: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> discord.File:
        """A picture to be attached.

        Args:
            name: of the file.
            draw: returns the picture as SVG for these arguments.
        """
        if not self._prepared:
            await asyncio.to_thread(_prepare)
            self._prepared = True
        return discord.File(io.BytesIO(await self.png(draw(*args, **kwargs))), name)

    async def png(self, svg: str) -> bytes:
        """A picture as PNG; who asks for one that is just being rendered waits for the same rendering."""
        key = blake2b(svg.encode()).digest()  # of its own, a picture with portraits is long
        future = self._kept.get(key)
        if future is None:
            future = asyncio.get_running_loop().run_in_executor(self._threads, render, svg)
            self._kept[key] = future
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        try:
            # Whoever stops waiting leaves the others their picture.
            return await asyncio.shield(future)
        finally:
            if future.done() and (future.cancelled() or future.exception()):
                self._kept.pop(key, None)

    def close(self) -> None:
        """Renders nothing more; what is just being rendered ends by itself."""
        self.portraits.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


def render(svg: str) -> bytes:
    """An SVG as PNG, with no fonts but ours. Takes a while: call it in a thread."""
    font_files()
    return _renderer()(svg)


@cache
def _renderer() -> Callable[[str], bytes]:
    """This machine's renderer: resvg in the binding that lets go of the interpreter's lock, where there is one.

    It is loaded only where pictures are drawn. The other binding draws the same dots, while everything else waits.
    """
    try:
        import svg2png_py  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        return render_holding_lock
    fonts = svg2png_py.FontDatabase()
    for file in font_files():
        fonts.load_font_file(file)
    options = svg2png_py.RenderOptions(font_family=FAMILY)
    return lambda svg: _png(*svg2png_py.svg_to_rgba(svg, fonts, options=options))


def render_holding_lock(svg: str) -> bytes:
    """An SVG as PNG by the binding that has builds for every machine."""
    from resvg_py import svg_to_bytes

    return svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=font_files(), font_family=FAMILY)


def _png(dots: bytes, width: int, height: int) -> bytes:
    """A PNG of opaque dots, in red, green, blue and opacity.

    Charts are flat: unfiltered and lightly packed they are as small as resvg's own PNGs, in a quarter of the time.
    """
    rows = b"".join(b"\0" + dots[at : at + 4 * width] for at in range(0, len(dots), 4 * width))
    header = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, PACKED)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _prepare() -> None:
    """Unpacks the fonts where this has not been done, so that drawing holds up nobody."""
    face()
    face(bold=True)
