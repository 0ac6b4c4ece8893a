"""Drawings about what stands around a model: search, tools, protocols."""

from itertools import pairwise

from bot.ui.charts.palette import ACCENT, CARD, EDGE, FAINT, PANEL
from bot.ui.charts.questions.sketch import Sketch


def retrieval() -> str:
    """Documents become an index beforehand; a question brings passages, and the answer quotes them."""
    sketch = Sketch("Look it up, then answer from it", 262)
    sketch.label(14, 56, "beforehand", color=FAINT, align="start")
    for at, name in enumerate(("documents", "chunks", "vectors")):
        sketch.node(14 + 106 * at, 68, 84, 34, name)
        sketch.arrow((99 + 106 * at, 85), (119 + 106 * at, 85))
    sketch.node(332, 68, 54, 34, "index", strong=True)
    sketch.label(14, 126, "at each question", color=FAINT, align="start")
    sketch.node(14, 138, 84, 34, "question")
    sketch.arrow((99, 155), (225, 155))
    sketch.label(160, 144, "as a vector", color=FAINT)
    sketch.node(227, 138, 84, 34, "search")
    sketch.arrow((332 + 27, 103), (359, 155), (312, 155))
    sketch.arrow((269, 173), (269, 201))
    sketch.node(192, 202, 118, 40, "question +", "best passages")
    sketch.arrow((191, 222), (165, 222))
    sketch.node(106, 202, 58, 40, "model")
    sketch.arrow((105, 222), (87, 222))
    sketch.node(14, 202, 72, 40, "answer", "[1] [2]", strong=True)
    return sketch.svg()


def neighbor_graph() -> str:
    """A search through layers of a graph: long hops on top, short ones below."""
    sketch = Sketch("Long hops first, short ones below", 282)
    xs = (44, 96, 140, 186, 226, 272, 318, 362)
    shown = ((0, 4), (0, 2, 4, 6), tuple(range(8)))
    for layer, points in enumerate(shown):
        base = 96 + 70 * layer
        sketch.area([(30, base + 18), (60, base - 24), (388, base - 24), (374, base + 18)], PANEL)
        places = [(xs[at], base + (-8 if at % 3 == 1 else 4 if at % 3 == 2 else -2)) for at in points]
        sketch.line(places, EDGE, width=1.4)
        for x, y in places:
            sketch.disc(x, y, 5, FAINT)
    walk = [(xs[0], 94), (xs[4], 88), (xs[4], 158), (xs[6], 164), (xs[6], 234), (xs[5], 240)]
    for start, end in pairwise(walk):
        sketch.arrow(start, end, strong=True)
    sketch.label(44, 76, "start", bold=True)
    sketch.label(272, 204, "query", bold=True)
    sketch.disc(272, 219, 5, CARD, edge=ACCENT)
    sketch.note(270, "top layer: few vectors; bottom layer: all of them")
    return sketch.svg()


def agent_loop() -> str:
    """The model chooses a tool, its result goes back into the context, until the model answers."""
    sketch = Sketch("Act, look, decide again", 250)
    sketch.node(14, 112, 62, 40, "goal")
    sketch.arrow((77, 132), (125, 132))
    sketch.node(127, 106, 104, 52, "model", "decides", strong=True)
    sketch.node(286, 66, 100, 40, "tool runs")
    sketch.node(286, 158, 100, 40, "result")
    sketch.arrow((179, 105), (179, 86), (285, 86))
    sketch.label(190, 72, "tool call", color=FAINT, align="start")
    sketch.arrow((336, 107), (336, 157))
    sketch.arrow((285, 178), (179, 178), (179, 159))
    sketch.label(190, 192, "to the context", color=FAINT, align="start")
    sketch.arrow((145, 159), (145, 202), (78, 202))
    sketch.node(14, 184, 62, 36, "answer")
    sketch.note(236, "It ends with an answer, or at a limit of steps.")
    return sketch.svg()


def protocol() -> str:
    """Every app with every service, or every one with a protocol in the middle."""
    sketch = Sketch("From a connector per pair to one each", 252)
    ys = (84, 124, 164)
    for left, name, said in ((14, "before", "3 · 3 = 9 connectors"), (208, "with MCP", "3 + 3 = 6")):
        sketch.label(left, 60, name, bold=True, align="start")
        sketch.label(left, 206, said, align="start")
        for at, y in enumerate(ys):
            sketch.node(left, y - 13, 50, 26, f"app {'ABC'[at]}")
            sketch.node(left + 128, y - 13, 50, 26, ("mail", "files", "issues")[at])
    for start in ys:
        for end in ys:
            sketch.line([(65, start), (141, end)], FAINT, width=1.4)
        sketch.line([(259, start), (286, 124)], FAINT, width=1.4)
        sketch.line([(308, 124), (335, start)], FAINT, width=1.4)
    sketch.node(276, 110, 42, 28, "MCP", strong=True)
    sketch.note(232, "Ten apps and twenty services: 200 connectors, or 30.")
    return sketch.svg()
