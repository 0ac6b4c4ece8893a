"""Drawings about networks that see images."""

from collections.abc import Sequence

from bot.ui.charts.palette import EDGE, FAINT
from bot.ui.charts.questions.sketch import Sketch


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
    sketch.label(14, 56, "image", color=FAINT, align="start")
    sketch.grid(14, top, _signed(image), cell, strong=window)
    sketch.label(163, 56, "kernel", color=FAINT, align="start")
    sketch.grid(163, top, _signed(kernel), cell + 3)
    sketch.label(300, 56, "map", color=FAINT, align="start")
    sketch.grid(300, top, _signed(summed), cell + 3, strong={(0, 0)})
    sketch.arrow((142, 112), (159, 112))
    sketch.arrow((250, 112), (294, 112), strong=True)
    sketch.label(270, 96, "sum", color=FAINT)
    sketch.note(
        216,
        "The kernel slides: its 9 weights give all 9 values.",
        "Local windows without sharing: 9 · 9 = 81 weights.",
        "Dense, everything to everything: 25 · 9 = 225 weights.",
    )
    return sketch.svg()


def shifted_maps() -> str:
    """An image and the same one shifted: the map moves along, its maximum stays."""
    sketch = Sketch("The map moves along, the maximum stays", 214)
    for top, place in ((72, 1), (140, 2)):
        image = ["" if at != place else "cat" for at in range(4)]
        values = {place: "9", place + 1: "1"}
        sketch.grid(14, top, [image], 34, strong={(0, place)})
        sketch.arrow((154, top + 16), (172, top + 16))
        sketch.grid(178, top, [[values.get(at, "0") for at in range(4)]], 34, strong={(0, place)})
        sketch.arrow((318, top + 16), (336, top + 16))
        sketch.node(342, top, 44, 32, "9", strong=True)
    for x, name in ((80, "image"), (245, "map: equivariant"), (364, "max")):
        sketch.label(x, 58, name, color=FAINT)
    sketch.arrow((80, 108), (80, 136), dashed=True)
    sketch.label(90, 122, "shift by one", color=FAINT, align="start")
    sketch.arrow((245, 108), (245, 136), dashed=True)
    sketch.label(255, 122, "same shift", color=FAINT, align="start")
    sketch.label(364, 122, "same", color=FAINT)
    sketch.note(194, "Equivariant: f(shifted) = shifted f. Invariant: same f.")
    return sketch.svg()


def pooling() -> str:
    """Windows of two by two: their maximum, and their mean."""
    sketch = Sketch("Pooling 2 × 2, stride 2", 254)
    rows = [[1, 3, 0, 2], [2, 9, 1, 4], [0, 1, 5, 3], [2, 0, 2, 6]]
    windows = [[[rows[2 * r + i][2 * c + j] for i in (0, 1) for j in (0, 1)] for c in (0, 1)] for r in (0, 1)]
    first = {(0, 0), (0, 1), (1, 0), (1, 1)}
    sketch.grid(14, 66, [[str(value) for value in row] for row in rows], 34, strong=first)
    sketch.line([(81, 62), (81, 204)], EDGE, width=2)
    sketch.line([(10, 133), (152, 133)], EDGE, width=2)
    sketch.arrow((156, 100), (196, 84), strong=True)
    sketch.arrow((156, 166), (196, 176))
    sketch.grid(250, 54, [[str(max(four)) for four in row] for row in windows], 44, strong={(0, 0)})
    sketch.grid(250, 150, [[f"{sum(four) / 4:g}" for four in row] for row in windows], 44, strong={(0, 0)})
    sketch.label(243, 76, "max", align="end")
    sketch.label(243, 172, "mean", align="end")
    sketch.note(220, "4 × 4 becomes 2 × 2")
    return sketch.svg()


def receptive_field() -> str:
    """How much of the input one unit sees, layer by layer, with kernels of three."""
    sketch = Sketch("What one unit sees, kernels of 3", 268)
    cell, middle = 26, 131
    for layer in range(4):
        top, seen, shown = 202 - 46 * layer, 7 - 2 * layer, 9 - 2 * layer
        lit = {(0, at) for at in range(1, seen + 1)}
        sketch.grid(middle - shown / 2 * cell, top, [[""] * shown], cell, strong=lit)
        if layer:
            for side in (-1, 1):
                edge = middle + side * seen / 2 * cell - 1
                sketch.line([(edge, top + 24), (edge + side * cell, top + 46)], "#56B4E9", width=1.6)
            sketch.label(276, top + 12, f"sees {1 + 2 * layer}", align="start", bold=layer == 3)
        sketch.label(386, top + 12, f"layer {layer}" if layer else "input", color=FAINT, align="end")
    sketch.note(246, "A stride multiplies what every later layer adds.")
    return sketch.svg()


def image_tokens() -> str:
    """An image in patches, which become tokens beside those of the text."""
    sketch = Sketch("Patches become tokens", 276)
    sketch.grid(14, 58, [[str(4 * row + column + 1) for column in range(4)] for row in range(4)], 28)
    sketch.arrow((128, 113), (152, 113))
    sketch.node(154, 92, 88, 42, "vision", "encoder")
    sketch.arrow((243, 113), (267, 113))
    sketch.node(269, 92, 88, 42, "projector")
    sketch.arrow((313, 135), (313, 179), (84, 179), (84, 193))
    sketch.tokens(14, 194, ["1", "2", "3", "⋅⋅", "16"], strong=range(5))
    sketch.tokens(196, 194, ["what", "is", "this", "?"])
    sketch.label(14, 236, "image tokens", color=FAINT, align="start")
    sketch.label(196, 236, "text tokens, one sequence", color=FAINT, align="start")
    sketch.note(260, "336 pixels / 14 = 24 a side: 24 · 24 = 576 tokens")
    return sketch.svg()


def image_text_pairs() -> str:
    """Similarities of images and texts: pairs on the diagonal are pulled up, all others pushed down."""
    sketch = Sketch("Pairs on the diagonal, the rest apart", 252)
    values = ((9, 1, 2, 0), (2, 8, 0, 1), (0, 2, 9, 3), (1, 0, 2, 7))
    sketch.grid(
        76, 76, [[f"{value / 10:g}" for value in row] for row in values], 38, strong={(at, at) for at in range(4)}
    )
    for at in range(4):
        sketch.label(76 + 38 * at + 18, 62, f"t{at + 1}", color=FAINT)
        sketch.label(68, 76 + 38 * at + 18, f"image {at + 1}", color=FAINT, align="end")
    sketch.label(244, 92, "CLIP", bold=True, align="start")
    for at, line in enumerate(("softmax along each", "row and column")):
        sketch.label(244, 112 + 20 * at, line, align="start")
    sketch.label(244, 168, "SigLIP", bold=True, align="start")
    for at, line in enumerate(("each cell alone:", "a pair, yes or no?")):
        sketch.label(244, 188 + 20 * at, line, align="start")
    return sketch.svg()


def _signed(rows: Sequence[Sequence[int]]) -> list[list[str]]:
    """A matrix as it is written."""
    return [[str(value).replace("-", "−") for value in row] for row in rows]
