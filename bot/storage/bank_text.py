"""The bytes of a file as text, whoever wrote it and with whatever program."""

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from bot.domain.bank_imports import SkippedText, skip
from bot.domain.bank_limits import MOST_BYTES, without_controls
from bot.domain.errors import Refusal

_BINARY = (
    b"PK\x03\x04",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN, _FEW = "cp1252", 0.3
"""A text with few letters beyond ASCII is nearly always Western, though a short one shows the detector nothing."""
_CENTRAL_EUROPE = frozenset(
    ("Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Slovene", "Romanian", "Turkish", "Lithuanian")
)
_SAMPLE = 64 * 1024
"""How much of a file the detector looks at: languages show themselves soon."""


class FileText(NamedTuple):
    """A file's text with `\\n` between its lines, and what there is to tell about how it was read."""

    text: str
    told: tuple[SkippedText, ...]


def read_text(data: bytes) -> FileText:
    """The text of a file.

    Raises:
        Refusal: `bank.file_large`, `bank.file_empty`, `bank.file_binary`, or `bank.file_encoding`.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("bank.file_large", size=len(data))
    if not data.strip(b" \t\r\n\x00"):
        raise Refusal("bank.file_empty")
    if data.startswith(_BINARY):
        raise Refusal("bank.file_binary")
    text, told = _decoded(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    clean = "\n".join(without_controls(line.replace("\f", " ")) for line in re.split(r"[\n\x85\u2028\u2029]", text))
    if not clean.strip():
        raise Refusal("bank.file_empty")
    if len(text) - len(clean) > len(text) // 20:
        raise Refusal("bank.file_binary")
    if len(clean) < len(text):
        lines = [at for at, line in enumerate(text.split("\n"), start=1) if without_controls(line) != line]
        first = text.split("\n")[lines[0] - 1] if lines else ""
        told = [*told, skip(lines[0] if lines else 1, first, "bank.control_lines", count=len(lines))]
    return FileText(clean, tuple(told))


def _decoded(data: bytes) -> tuple[str, list[SkippedText]]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        at = error.start
    # An even offset keeps the pairs of UTF-16 together.
    sample = data[max(0, at - _SAMPLE // 2) & ~1 :][:_SAMPLE]
    best, line = from_bytes(sample).best(), data.count(b"\n", 0, at) + 1
    if best is None:
        raise Refusal("bank.file_encoding", line=line)
    name = best.encoding
    if best.language not in _CENTRAL_EUROPE and sum(byte > 127 for byte in sample) < _FEW * len(sample):
        name = _WESTERN if _fits(sample, _WESTERN) else name
    text = data.decode(name, "replace")
    lines = text.split("\n")
    return text, [skip(line, lines[min(line, len(lines)) - 1], "bank.not_utf8", name=name.replace("_", "-"))]


def _fits(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True
