"""Drawings about networks that read and write sequences."""

from bot.ui.charts.questions.sketch import DIM, Sketch


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
        sketch.write(left + 2 * cell, 56, name, bold=True)
        sketch.grid(left, 92, rows, cell, strong=seen)
        for step in steps:
            middle = (step + 0.5) * cell
            sketch.write(left + middle, 80, f"{across}{step + 1}", color=DIM)
            sketch.write(left - 5, 92 + middle, f"{down}{step + 1}", color=DIM, align="end")
        sketch.write(left + 2 * cell - 8, 202, said, color=DIM)
    return sketch.svg()
