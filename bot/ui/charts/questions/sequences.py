"""Drawings about networks that read and write sequences."""

import math

from bot.ui.charts.palette import ACCENT, CARD, EDGE, FAINT, PANEL
from bot.ui.charts.questions.sketch import MARGIN, Sketch


def attention_masks() -> str:
    """Who may look at whom: in an encoder, in a decoder, and from a decoder to an encoder."""
    sketch = Sketch("Who may look at whom", 226)
    cell, steps = 23, range(4)
    kinds = (("encoder", "all see all"), ("decoder", "only the past"), ("cross", "output sees input"))
    for at, (name, said) in enumerate(kinds):
        left = 36 + at * 128
        down, across = ("y", "x") if name == "cross" else ("t", "t")
        seen = {(row, column) for row in steps for column in steps if name != "decoder" or column <= row}
        rows = [["" if (row, column) in seen else "×" for column in steps] for row in steps]
        sketch.label(left + 2 * cell, 56, name, bold=True)
        sketch.grid(left, 92, rows, cell, strong=seen)
        for step in steps:
            middle = (step + 0.5) * cell
            sketch.label(left + middle, 80, f"{across}{step + 1}", color=FAINT)
            sketch.label(left - 5, 92 + middle, f"{down}{step + 1}", color=FAINT, align="end")
        sketch.label(left + 2 * cell - 8, 202, said, color=FAINT)
    return sketch.svg()


def factors_through_time() -> str:
    """An unrolled network: the gradient meets the same factor at every step, so it fades or explodes."""
    sketch = Sketch("The same factor at every step", 242)
    for at in range(4):
        x = 22 + 98 * at
        sketch.node(x, 62, 58, 34, f"h{at + 1}")
        sketch.arrow((x + 29, 126), (x + 29, 98))
        sketch.label(x + 29, 138, f"x{at + 1}", color=FAINT)
        if at:
            sketch.arrow((x - 1, 79), (x - 39, 79), strong=True)
            sketch.label(x - 20, 62, "× w", bold=True)
    sketch.label(14, 168, "steps back", color=FAINT, align="start")
    for column, steps in enumerate((1, 10, 100)):
        sketch.label(200 + 90 * column, 168, str(steps), color=FAINT, align="end")
        for row, factor in enumerate((0.9, 1.1)):
            left = factor**steps
            said = f"{left:,.0f}" if left > 1000 else f"{left:.5f}" if left < 0.001 else f"{left:.2g}"
            sketch.label(200 + 90 * column, 194 + 26 * row, said, align="end", bold=steps == 100)
    for row, (factor, said) in enumerate(((0.9, "fades"), (1.1, "explodes"))):
        sketch.label(14, 194 + 26 * row, f"w = {factor} {said}", align="start")
    return sketch.svg()


def lstm_cell() -> str:
    """The cell state runs straight through and is only scaled and added to; gates decide by how much."""
    sketch = Sketch("A memory that is added to", 282)
    sketch.arrow((14, 88), (386, 88), strong=True)
    sketch.label(14, 68, "c before", align="start")
    sketch.label(386, 68, "c now", align="end")
    for x, sign in ((96, "×"), (206, "+")):
        sketch.disc(x, 88, 12, CARD, edge=ACCENT)
        sketch.label(x, 88, sign, size=16, bold=True)
    sketch.node(56, 146, 80, 42, "f", "keep")
    sketch.node(152, 146, 108, 42, "i · g", "write new")
    sketch.node(276, 146, 80, 42, "o", "show")
    sketch.arrow((96, 146), (96, 101))
    sketch.arrow((206, 146), (206, 101))
    sketch.arrow((316, 89), (316, 112))
    sketch.node(286, 112, 60, 24, "tanh")
    sketch.arrow((316, 136), (316, 145))
    sketch.arrow((356, 167), (388, 167))
    sketch.label(388, 150, "h", bold=True, align="end")
    sketch.line([(30, 214), (316, 214)], FAINT, width=1.4)
    for x in (96, 206, 316):
        sketch.arrow((x, 214), (x, 189))
    sketch.label(14, 232, "x now and h before decide all gates", color=FAINT, align="start")
    sketch.note(260, "On the upper road an error is only multiplied by f.")
    return sketch.svg()


def self_attention() -> str:
    """Whom one word draws on, in two sentences that differ in a single word."""
    sketch = Sketch("What “it” draws on", 326)
    words = ["parcel", "didn't fit", "locker", "as", "it", "was"]
    for top, last, said, shares in (
        (74, "big", "the parcel", (66, 4, 14, 2, 4, 2, 8)),
        (198, "small", "the locker", (14, 4, 66, 2, 4, 2, 8)),
    ):
        sketch.label(MARGIN, top - 14, f"too {last}: it is {said}", bold=True, align="start")
        middles = sketch.tokens(MARGIN, top, [*words, last], strong={4}, gap=4)
        for middle, share in zip(middles, shares, strict=True):
            sketch.box(middle - 13, top + 72 - share * 0.55, 26, share * 0.55, ACCENT)
            sketch.label(middle, top + 82, f"{share}%", bold=share > 50)
    sketch.note(308, "Example weights of one head; each row adds up to 100%.")
    return sketch.svg()


def clock_hands() -> str:
    """Rotary positions: each pair of coordinates is a hand that turns at its own speed."""
    sketch = Sketch("Positions as clock hands", 290)
    for column in range(4):
        sketch.label(136 + 74 * column, 56, f"pos {column}", color=FAINT)
    for row, (name, turn) in enumerate((("fast", 90), ("middle", 30), ("slow", 10))):
        y = 94 + 58 * row
        sketch.label(14, y - 9, name, bold=True, align="start")
        sketch.label(14, y + 10, f"{turn}° a step", color=FAINT, align="start")
        for column in range(4):
            x, angle = 136 + 74 * column, math.radians(turn * column - 90)
            sketch.disc(x, y, 24, PANEL, edge=EDGE)
            sketch.arrow((x, y), (x + 22 * math.cos(angle), y + 22 * math.sin(angle)), strong=True)
    sketch.note(252, "A query turned by m, a key by n: of the positions, their", "dot product knows only m − n.")
    return sketch.svg()
