"""Drawings about serving large models."""

from bot.ui.charts.palette import ACCENT, CARD, DARK, FAINT, INK, PANEL
from bot.ui.charts.questions.sketch import Sketch


def key_value_heads() -> str:
    """Which query heads share a key-value head: none, those of a group, all."""
    sketch = Sketch("Query heads that share one cached head", 262)
    kinds = ((8, "MHA", "cache 1"), (2, "GQA", "cache ¼"), (1, "MQA", "cache ⅛"))
    for at, (caches, name, size) in enumerate(kinds):
        top = 50 + at * 72
        sketch.label(14, top + 12, name, bold=True, align="start")
        sketch.label(14, top + 44, size, color=FAINT, align="start")
        middles = [78 + (cache + 0.5) * 312 / caches - 3.5 for cache in range(caches)]
        for head in range(8):
            x = 78 + head * 39
            sketch.node(x, top, 32, 22, f"q{head + 1}")
            sketch.arrow((x + 16, top + 22), (middles[head * caches // 8], top + 34))
        for middle in middles:
            sketch.node(middle - 16, top + 34, 32, 22, "kv", strong=True)
    return sketch.svg()


def prefill_and_decode() -> str:
    """A prompt goes through the weights at once, an answer token by token: each pass reads all weights."""
    sketch = Sketch("One pass for the prompt, one per token", 290)
    sketch.label(14, 60, "prefill", bold=True, align="start")
    sketch.label(130, 60, "decode", bold=True, align="start")
    sketch.tokens(14, 78, ["p1", "p2", "p3"], width=30, gap=3)
    sketch.tokens(14, 109, ["p4", "p5", "p6"], width=30, gap=3)
    for at in range(4):
        x = 130 + 66 * at
        sketch.node(x, 94, 44, 28, f"a{at + 1}", strong=True)
        if at:
            sketch.arrow((x - 21, 108), (x - 1, 108))
    for x, width in ((14, 96), *((130 + 66 * at, 44) for at in range(4))):
        sketch.arrow((x + width / 2, 168), (x + width / 2, 142 if x == 14 else 126))
        sketch.node(x, 168, width, 28, "weights" if x == 14 else "all")
        sketch.label(x + width / 2, 210, "6 tokens" if x == 14 else "1 token", color=FAINT)
    sketch.note(
        238,
        "Each pass reads all weights, 16 GB for an 8B model.",
        "Prefill is bound by arithmetic, decode by memory: for one",
        "request alone, an H100 takes 4.8 ms a token.",
    )
    return sketch.svg()


def paged_cache() -> str:
    """Block tables map the positions of requests to blocks anywhere in memory; a common prefix is stored once."""
    sketch = Sketch("A block table instead of one long stretch", 262)
    tables = {
        "A": ((76, "0–15", 2), (106, "16–31", 4), (136, "32–40", 1)),
        "B": ((196, "0–15", 2), (226, "16–24", 5)),
    }
    for name, rows in tables.items():
        sketch.label(14, rows[0][0] - 15, f"request {name}: positions, block", bold=True, align="start")
        for top, positions, block in rows:
            sketch.node(14, top, 66, 26, positions)
            sketch.arrow((81, top + 13), (109, top + 13))
            sketch.node(110, top, 32, 26, str(block), strong=block == 2)
    owners = {1: "A 32–40", 2: "A and B", 3: "free", 4: "A 16–31", 5: "B 16–24", 6: "free"}
    for block, owner in owners.items():
        x, y = 226 + 84 * ((block - 1) % 2), 88 + 56 * ((block - 1) // 2)
        sketch.node(x, y, 76, 46, f"block {block}", owner, strong=block == 2, size=13.5)
    return sketch.svg()


def speculative_decoding() -> str:
    """What the draft proposes is accepted up to the large model's probability; the rest is drawn anew."""
    sketch = Sketch("Accept what overlaps, redraw the rest", 292)
    base, unit = 204, 180
    large, draft = (0.5, 0.3, 0.2), (0.7, 0.2, 0.1)
    for at, (p, q) in enumerate(zip(large, draft, strict=True)):
        x, common = 40 + 122 * at, min(p, q)
        sketch.box(x, base - common * unit, 44, common * unit, ACCENT)
        if q > p:
            sketch.box(x, base - q * unit, 44, (q - p) * unit, CARD, edge=INK)
            sketch.cross(x + 22, base - (q + p) / 2 * unit, 8, INK)
            sketch.label(x + 52, base - (q + p) / 2 * unit, f"−{q - p:.1f}", align="start")
        else:
            sketch.hatched(x, base - p * unit, 44, (p - q) * unit, PANEL, INK)
            sketch.label(x + 52, base - (q + p) / 2 * unit, f"+{p - q:.1f}", align="start")
        sketch.label(x + 22, base - common * unit / 2, f"{common:g}", color=DARK, bold=True)
        sketch.label(x + 22, base + 16, f"token {'abc'[at]}")
        sketch.label(x + 22, base + 36, f"p {p:g}, q {q:g}", color=FAINT)
    sketch.line([(24, base), (386, base)], FAINT)
    sketch.label(386, 62, "crossed: rejected 0.2", color=FAINT, align="end")
    sketch.label(386, 82, "hatched: drawn anew", color=FAINT, align="end")
    sketch.label(386, 102, "filled: accepted 0.8", color=FAINT, align="end")
    sketch.note(268, "Filled plus hatched is p: the large model's own odds.")
    return sketch.svg()


def experts() -> str:
    """A router picks two of eight experts for a token; a shared one always runs."""
    sketch = Sketch("A router picks a few experts", 292)
    sketch.node(14, 132, 58, 34, "token")
    sketch.node(104, 132, 66, 34, "router")
    sketch.arrow((73, 149), (103, 149))
    scores = ("", "0.6", "", "", "0.4", "", "", "")
    for at, score in enumerate(scores):
        y = 50 + 27 * at
        sketch.node(222, y, 86, 22, f"expert {at + 1}", strong=bool(score))
        if score:
            sketch.arrow((171, 149), (221, y + 11), strong=True)
            sketch.arrow((309, y + 11), (352, 146))
            sketch.label(316, y + (0 if at < 4 else 20), f"× {score}", align="start")
    sketch.node(104, 232, 66, 30, "shared")
    sketch.arrow((43, 167), (43, 247), (103, 247))
    sketch.arrow((171, 247), (200, 247), (200, 272), (366, 272), (366, 164))
    sketch.disc(366, 150, 13, CARD, edge=ACCENT)
    sketch.label(366, 150, "+", size=16, bold=True)
    return sketch.svg()
