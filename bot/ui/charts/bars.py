"""Pictures, drawn without a screen. They bring their own background, so both of Discord's themes can show them."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.ui.charts.canvas import alone, png

# One hue of Okabe and Ito's palette on white; numbers stand at the bars, so that no colour has to be told apart.
BAR, TRACK, INK, FAINT, PAPER = "#0072B2", "#E3E7EB", "#1F2328", "#5A6470", "#FFFFFF"
WIDTH, ROW, HEAD, MARGIN, BAR_HEIGHT = 4.3, 0.44, 0.62, 0.16, 0.11
"""In inches. Words stand above the bars, not beside them, so that a phone shows them large enough to read."""
DOTS_PER_INCH = 200
LABEL_LENGTH = 33


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length (0 to 1), and a few words beside its number."""

    label: str
    share: float
    note: str


@alone
def bars_picture(title: str, bars: Sequence[Bar]) -> bytes:
    """A PNG with one horizontal bar after the other, the first on top. Takes a while: call it in a thread."""
    height = HEAD + ROW * len(bars) + MARGIN / 2
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    right, full = WIDTH - MARGIN, WIDTH - 2 * MARGIN
    axes.text(MARGIN, HEAD / 2, title, va="center", color=INK, fontsize=14, weight="bold")
    for at, bar in enumerate(bars):
        top = HEAD + ROW * at
        words, line = top + 0.09, top + 0.2
        # A $ in a label is a $, no formula.
        axes.text(MARGIN, words, _short(bar.label), va="center", color=INK, fontsize=10.5, parse_math=False)
        axes.text(right - 0.62, words, bar.note, ha="right", va="center", color=FAINT, fontsize=9.5)
        axes.text(right, words, f"{bar.share:.0%}", ha="right", va="center", color=INK, fontsize=11, weight="bold")
        axes.add_patch(Rectangle((MARGIN, line), full, BAR_HEIGHT, color=TRACK, linewidth=0))
        axes.add_patch(Rectangle((MARGIN, line), full * bar.share, BAR_HEIGHT, color=BAR, linewidth=0))
    return png(figure)


def _short(label: str) -> str:
    """A label that fits beside its bar: without what stands in brackets, and cut between words."""
    if len(label) > LABEL_LENGTH and "(" in label:
        label = label[: label.index("(")].strip()
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1].rsplit(" ", 1)[0] + "…"
