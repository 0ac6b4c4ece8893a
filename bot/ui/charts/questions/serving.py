"""Drawings about serving large models."""

from bot.ui.charts.questions.sketch import DIM, Sketch


def key_value_heads() -> str:
    """Which query heads share a key-value head: none, those of a group, all."""
    sketch = Sketch("Query heads that share one cached head", 262)
    kinds = ((8, "MHA", "cache 1"), (2, "GQA", "cache ¼"), (1, "MQA", "cache ⅛"))
    for at, (caches, name, size) in enumerate(kinds):
        top = 50 + at * 72
        sketch.write(14, top + 12, name, bold=True, align="start")
        sketch.write(14, top + 44, size, color=DIM, align="start")
        middles = [78 + (cache + 0.5) * 312 / caches - 3.5 for cache in range(caches)]
        for head in range(8):
            x = 78 + head * 39
            sketch.node(x, top, 32, 22, f"q{head + 1}")
            sketch.arrow((x + 16, top + 22), (middles[head * caches // 8], top + 34))
        for middle in middles:
            sketch.node(middle - 16, top + 34, 32, 22, "kv", strong=True)
    return sketch.svg()
