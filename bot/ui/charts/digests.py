"""The digest's picture: answers on each day of its week beside those of the week before.

The two series differ in lightness and hatching as well as in colour, and carry their numbers, so that it reads
for colour-blind people, in grey, on a phone, and on its own background in either theme.
"""

from collections.abc import Sequence
from typing import Any

from bot.ui.charts.canvas import alone, png

PAPER, INK, FAINT = "#FFFFFF", "#1F2329", "#D5D9DF"
NOW, BEFORE = "#0B5CAD", "#F3C77A"
HATCH = "#8A5A00"
WIDTH, HEIGHT, DPI = 6.0, 3.7, 170
BAR = 0.4
LEAST = 4
"""The axis reaches at least this far: a single answer is no tower."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _number(count: float) -> str:
    """What stands on a bar; nothing where there is none."""
    return f"{count:.0f}" if count else ""


@alone
def draw_week(dates: str, answers: Sequence[int], before: Sequence[int]) -> bytes:
    """A PNG of the week with these dates; takes a moment, so call it in a thread."""
    from matplotlib.figure import Figure  # half a second to load, and only digests need it

    figure: Any = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    axes: Any = figure.add_axes((0.03, 0.12, 0.94, 0.63), facecolor=PAPER)
    places = range(len(DAYS))
    old = axes.bar(
        [at - BAR / 2 for at in places],
        before,
        BAR,
        color=BEFORE,
        edgecolor=HATCH,
        hatch="///",
        linewidth=0.8,
        label="The week before",
    )
    new = axes.bar([at + BAR / 2 for at in places], answers, BAR, color=NOW, label=dates)
    for bars in (old, new):
        axes.bar_label(bars, fmt=_number, fontsize=14, color=INK, padding=2)
    axes.set_xticks(list(places), DAYS, fontsize=15, color=INK)
    axes.set_xlim(-0.6, len(DAYS) - 0.4)
    axes.set_ylim(0, max(*answers, *before, LEAST) * 1.12)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, pad=6)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    figure.text(0.03, 0.94, "Answers a day", va="center", fontsize=17, fontweight="bold", color=INK)
    figure.legend(
        loc="center left",
        bbox_to_anchor=(0.015, 0.84),
        ncols=2,
        frameon=False,
        fontsize=14,
        labelcolor=INK,
        handlelength=1.4,
    )
    return png(figure)


def week_in_words(dates: str, answers: Sequence[int], before: Sequence[int]) -> str:
    """What the picture shows, for those who do not see it."""

    def listed(counts: Sequence[int]) -> str:
        return ", ".join(f"{day} {count}" for day, count in zip(DAYS, counts, strict=True))

    return f"Answers a day. {dates}: {listed(answers)}. The week before: {listed(before)}."
