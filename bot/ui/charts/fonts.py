"""The face of all pictures: which signs it has, how wide they are, and its files, which the renderer reads.

FiraGO comes from a package, under the SIL Open Font License. It writes Latin, Greek, Cyrillic, Georgian, Arabic,
Hebrew, Thai and Devanagari; what else stands in a name is left out.
"""

import struct
import threading
import unicodedata
from functools import cache, lru_cache
from itertools import accumulate, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.text import visible

FAMILY = "FiraGO"
CAPITALS = 0.69
"""The height of a capital letter, as a share of the font size."""
ELLIPSIS = "…"
_MARKS = 3
"""So many accents and vowel signs may stand on a letter: more of them would grow over the lines above."""
_writing = threading.Lock()


class Face:
    """The signs of a font and their widths.

    Args:
        font: a TrueType file.
    """

    def __init__(self, font: bytes) -> None:
        count = struct.unpack_from(">H", font, 4)[0]
        records = (struct.unpack_from(">4s4xI", font, 12 + 16 * at) for at in range(count))
        tables: dict[bytes, int] = dict(records)
        (self._units,) = struct.unpack_from(">H", font, tables[b"head"] + 18)
        (measured,) = struct.unpack_from(">H", font, tables[b"hhea"] + 34)
        widths = struct.unpack_from(">" + "Hxx" * measured, font, tables[b"hmtx"])
        glyphs = _glyphs(font, tables[b"cmap"])
        self._widths = {sign: widths[min(glyph, measured - 1)] for sign, glyph in glyphs.items()}

    def has(self, sign: str) -> bool:
        """Whether the font can write a sign."""
        return ord(sign) in self._widths

    def width(self, text: str, size: float) -> float:
        """How wide a text is at most: letters that join or lean on one another take a little less."""
        return sum(self._widths.get(ord(sign), 0) for sign in text) * size / self._units


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """Which glyph shows which sign, by the table of format 4 that covers the basic plane."""
    for at in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * at)[0]
        if struct.unpack_from(">H", font, start)[0] == 4:
            break
    else:
        raise ValueError("a font without a character map of format 4")
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    columns = [
        struct.unpack_from(f">{doubled // 2}H", font, start + 14 + doubled * at + 2 * (at > 0)) for at in range(4)
    ]
    offsets = start + 16 + 3 * doubled
    found: dict[int, int] = {}
    for at, (last, first, shift, offset) in enumerate(zip(*columns, strict=True)):
        for sign in range(first, last + 1):
            glyph = sign
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets + 2 * at + offset + 2 * (sign - first))
            if glyph and (glyph := (glyph + shift) % 0x10000):
                found[sign] = glyph
    return found


@cache
def _files() -> dict[str, bytes]:
    """The fonts by the names of their files; they are unpacked only where pictures are drawn."""
    from pymupdf_fonts import FiraGO_Bold, FiraGO_Regular  # pyright: ignore[reportMissingTypeStubs]

    return {"regular.ttf": FiraGO_Regular.fontbuffer, "bold.ttf": FiraGO_Bold.fontbuffer}


@cache
def _folder() -> TemporaryDirectory[str]:
    """Where the files stand while the process runs."""
    return TemporaryDirectory(prefix="mockingbird-fonts-")


@cache
def face(*, bold: bool = False) -> Face:
    """The measures of the regular or the bold face. The first call takes long: make it in a thread."""
    return Face(_files()["bold.ttf" if bold else "regular.ttf"])


def font_files() -> list[str]:
    """Where the renderer finds the fonts, which are written again should somebody have tidied them away."""
    with _writing:
        folder = Path(_folder().name)
        for name, font in _files().items():
            if not (folder / name).exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                (folder / name).write_bytes(font)
        return [str(folder / name) for name in _files()]


@lru_cache(maxsize=64)
def writable(text: str) -> str:
    """What the face can write of a text, on one line; a picture writes the same names again and again."""
    left: list[str] = []
    marks = 0
    for sign in visible(unicodedata.normalize("NFC", text)):
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if face().has(sign) and marks <= _MARKS:
            left.append(sign)
    return visible("".join(left))


def fitting(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """A writable text as it is, or as much of it as fits, with an ellipsis.

    Args:
        size: of the font.
        room: how wide the text may become, in the same unit.
    """
    measure = face(bold=bold).width
    if measure(text, size) <= room:
        return text
    ends = accumulate(measure(sign, size) for sign in text)
    kept = sum(1 for _ in takewhile(lambda end: end + measure(ELLIPSIS, size) <= room, ends))
    return shortened(text, kept)


def shortened(text: str, length: int) -> str:
    """The first so many signs of a text that has more, with an ellipsis; nothing where none would be left."""
    kept = text[: max(length, 0)].rstrip()
    return kept and kept + ELLIPSIS
