"""Drawings about networks that see images."""

from collections.abc import Sequence

from bot.ui.charts.questions.sketch import DIM, Sketch


def convolution() -> str:
    """One kernel on two places of an image: the same nine weights give every value of the map."""
    sketch = Sketch("One kernel, used everywhere", 276)
    cell, top, reach = 25, 72, range(3)
    image = [[1, 0, 2, 1, 0], [0, 1, 1, 0, 2], [2, 0, 1, 1, 0], [1, 1, 0, 2, 1], [0, 2, 1, 0, 1]]
    kernel = [[1, 0, -1]] * 3
    summed = [
        [sum(image[row + i][column + j] * kernel[i][j] for i in reach for j in reach) for column in reach]
        for row in reach
    ]
    window = {(row, column) for row in reach for column in reach}
    sketch.write(14, 56, "image", color=DIM, align="start")
    sketch.grid(14, top, _signed(image), cell, strong=window)
    sketch.write(163, 56, "kernel", color=DIM, align="start")
    sketch.grid(163, top, _signed(kernel), cell + 3)
    sketch.write(300, 56, "map", color=DIM, align="start")
    sketch.grid(300, top, _signed(summed), cell + 3, strong={(0, 0)})
    sketch.arrow((142, 112), (159, 112))
    sketch.arrow((250, 112), (294, 112), strong=True)
    sketch.write(270, 96, "sum", color=DIM)
    sketch.note(
        216,
        "The kernel slides: its 9 weights give all 9 values.",
        "Local windows without sharing: 9 · 9 = 81 weights.",
        "Dense, everything to everything: 25 · 9 = 225 weights.",
    )
    return sketch.svg()


def _signed(rows: Sequence[Sequence[int]]) -> list[list[str]]:
    """A matrix as it is written."""
    return [[str(value).replace("-", "−") for value in row] for row in rows]
