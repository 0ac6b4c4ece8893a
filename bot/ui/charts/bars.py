"""Shares as bars, one below the other. Words stand above them, so that a phone shows them large enough to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ui.charts.canvas import FAINT, WIDTH, Canvas
from bot.ui.charts.fonts import ELLIPSIS, face, fitting, writable

HEAD, ROW, MARGIN, BAR_HEIGHT = 44, 36, 14, 9
LABEL, NOTE_ROOM, SHARE_ROOM = 14, 64, 46


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length (0 to 1), and a few words beside its number."""

    label: str
    share: float
    note: str


def bars_picture(title: str, bars: Sequence[Bar]) -> str:
    """An SVG with one horizontal bar after the other, the first on top."""
    canvas = Canvas(HEAD + ROW * len(bars) + MARGIN / 2)
    right, full = WIDTH - MARGIN, WIDTH - 2 * MARGIN
    canvas.text(MARGIN, HEAD / 2, title, size=18, bold=True, room=full)
    for at, bar in enumerate(bars):
        top = HEAD + ROW * at
        words, label_room = top + 8, full - NOTE_ROOM - SHARE_ROOM
        canvas.text(MARGIN, words, _short(writable(bar.label), label_room), size=LABEL, room=label_room)
        canvas.text(right - SHARE_ROOM, words, bar.note, color=FAINT, align="end", room=NOTE_ROOM)
        canvas.text(right, words, f"{bar.share:.0%}", size=15, bold=True, align="end", room=SHARE_ROOM)
        canvas.bar(MARGIN, top + 17, full, BAR_HEIGHT, bar.share)
    return canvas.svg()


def _short(label: str, room: float) -> str:
    """A label that fits beside its numbers: without what stands in brackets, and cut between words."""
    if face().width(label, LABEL) > room and "(" in label:
        label = label[: label.index("(")].strip()
    kept = fitting(label, LABEL, room).removesuffix(ELLIPSIS)
    if kept == label or label[len(kept)] == " ":
        return label if kept == label else kept + ELLIPSIS
    return kept.rsplit(" ", 1)[0] + ELLIPSIS
