"""Drawings about how networks learn."""

import math

from bot.ui.charts.palette import ACCENT, EDGE, FAINT, INK, PANEL
from bot.ui.charts.questions.sketch import Sketch, points_of


def backpropagation() -> str:
    """One example forward, and its error backward: a weight's gradient is its input times the error after it."""
    sketch = Sketch("Forward values, backward errors", 262)
    forward = (("x", "1"), ("z", "2"), ("h", "2"), ("ŷ", "6"), ("loss", "½"))
    factors = ("· w₁ = 2", "relu", "· w₂ = 3", "½(ŷ − 5)²")
    backward = (("at z", "3"), ("at h", "3"), ("at ŷ", "1"))
    for at, (name, value) in enumerate(forward):
        x = 14 + 78 * at
        sketch.node(x, 52, 60, 42, name, value)
        if at:
            sketch.arrow((x - 18, 73), (x - 1, 73))
            sketch.label(x + 30, 107, factors[at - 1], color=FAINT, room=78)
    for at, (name, value) in enumerate(backward):
        x = 92 + 78 * at
        sketch.node(x, 130, 60, 42, name, value, strong=True)
        sketch.arrow((x + 78, 151), (x + 61, 151), strong=True)
    sketch.label(336, 145, "error", color=FAINT, align="start")
    sketch.label(336, 163, "6 − 5", color=FAINT, align="start")
    sketch.note(
        198,
        "A weight's gradient is its input times the error after it:",
        "w₂: 2 · 1 = 2, w₁: 1 · 3 = 3",
        "To pass w₂ the error is multiplied by 3, to pass relu by 1.",
    )
    return sketch.svg()


def bent_lines() -> str:
    """Two linear layers stay a line; two bends make the absolute value."""
    sketch = Sketch("Without a bend, layers add nothing", 262)
    for left, name in ((14, "linear · linear"), (208, "relu(x) + relu(−x)")):
        sketch.label(left, 56, name, bold=True, align="start")
        sketch.line([(left, 170), (left + 178, 170)], FAINT)
        sketch.line([(left + 89, 76), (left + 89, 176)], FAINT)
    sketch.curve([(23, 80), (103, 170), (183, 80)], dashed=True)
    sketch.curve([(14, 125), (192, 125)], strong=True)
    sketch.label(14, 192, "still one line", align="start")
    sketch.curve([(217, 80), (297, 170), (377, 80)], strong=True)
    sketch.label(208, 192, "exactly |x|", align="start")
    sketch.note(222, "Dashed: the target, |x|.", "W₂(W₁x) is one matrix times x, however many layers.")
    return sketch.svg()


def activation_slopes() -> str:
    """What each activation multiplies a gradient by."""
    sketch = Sketch("The slope that the gradient meets", 262)
    left, base, unit, high = 44, 204, 42, 128

    def place(z: float, slope: float) -> tuple[float, float]:
        return left + (z + 4) * unit, base - slope * high

    def logistic(z: float) -> float:
        return 1 / (1 + math.exp(-z))

    for slope in (0, 0.25, 1):
        sketch.line([(left, base - slope * high), (left + 8 * unit, base - slope * high)], "#4A515D")
        sketch.label(left - 6, base - slope * high, f"{slope:g}", color=FAINT, align="end")
    for z in (-4, -2, 0, 2, 4):
        sketch.label(left + (z + 4) * unit, base + 16, str(z).replace("-", "−"), color=FAINT)
    sketch.curve(points_of(lambda z: 1 - math.tanh(z) ** 2, -4, 4, place))
    sketch.curve(points_of(lambda z: logistic(z) * (1 - logistic(z)), -4, 4, place), dashed=True)
    sketch.curve([place(-4, 0), place(0, 0), place(0, 1), place(4, 1)], strong=True)
    sketch.label(left + 6.9 * unit, base - high - 14, "ReLU: 1 where z > 0", bold=True, room=240)
    sketch.label(left + 5.2 * unit, base - 78, "tanh: 1 at 0 only", align="start")
    sketch.label(left + 2, base - 50, "sigmoid: ≤ 0.25", align="start")
    sketch.note(242, "Ten sigmoids in a row pass on less than a millionth.")
    return sketch.svg()


def learning_rates() -> str:
    """The same parabola at three rates: too small crawls, a fitting one arrives, too large leaves."""
    sketch = Sketch("One parabola, three learning rates", 232)
    for at, (rate, factor, start) in enumerate(((0.001, 0.99, 1.7), (0.08, 0.2, 1.7), (0.25, -1.5, 0.5))):
        middle = 71 + at * 129

        def place(w: float, loss: float, middle: float = middle) -> tuple[float, float]:
            return middle + w * 30, 166 - loss * 26

        sketch.label(middle, 56, ("too small", "fits", "too large")[at], bold=True)
        sketch.curve(points_of(lambda w: w * w, -1.85, 1.85, place))
        walked = [start * factor**step for step in range(4)]
        sketch.line([place(w, w * w) for w in walked], INK, width=1.2)
        for w in walked:
            sketch.disc(*place(w, w * w), 4.2, "#56B4E9", edge="#1B1D23")
        sketch.label(middle, 186, f"rate {rate:g}", color=FAINT)
        sketch.label(middle, 206, f"each step × {factor:g}".replace("-", "−"), color=FAINT, room=126)
    return sketch.svg()


def residual_path() -> str:
    """A plain stack multiplies every gradient; beside a residual path each layer only adds to it."""
    sketch = Sketch("A road past every layer", 262)
    sketch.label(14, 56, "plain: the gradient passes every layer", align="start")
    for at in range(4):
        sketch.node(38 + 90 * at, 72, 54, 32, f"F{at + 1}")
        sketch.arrow((14 if not at else 2 + 90 * at, 88), (37 + 90 * at, 88))
    sketch.arrow((362, 88), (388, 88))
    sketch.label(14, 122, "50 layers: 0.9⁵⁰ ≈ 0.005, 1.1⁵⁰ ≈ 117", color=FAINT, align="start")
    sketch.label(14, 156, "residual: it also goes straight through", align="start")
    sketch.arrow((14, 186), (388, 186), strong=True)
    for at in range(4):
        x = 28 + 90 * at
        sketch.arrow((x, 186), (x, 222), (x + 9, 222))
        sketch.node(x + 10, 206, 42, 32, f"F{at + 1}")
        sketch.arrow((x + 53, 222), (x + 66, 222), (x + 66, 197))
        sketch.disc(x + 66, 186, 9, "#1B1D23", edge="#56B4E9")
        sketch.label(x + 66, 186, "+", bold=True)
    return sketch.svg()


def group_advantage() -> str:
    """Four answers to one prompt: each is compared with the mean of its group, so no critic is needed."""
    sketch = Sketch("Each answer against its own group", 276)
    base = 150
    rewards = (1, 0, 0, 0)
    mean = sum(rewards) / 4
    spread = (sum((reward - mean) ** 2 for reward in rewards) / 4) ** 0.5
    sketch.line([(96, base), (386, base)], FAINT)
    sketch.label(14, base, "mean 0.25", color=FAINT, align="start")
    for at, reward in enumerate(rewards):
        x, advantage = 108 + 70 * at, (reward - mean) / spread
        high = advantage * 40
        fill, edge = (ACCENT, None) if high > 0 else (PANEL, EDGE)
        sketch.box(x, base - max(high, 0), 44, abs(high), fill, edge=edge)
        said = f"{advantage:+.2f}".replace("-", "−")
        sketch.label(x + 22, base - high + (-13 if high > 0 else 13), said, bold=True)
        sketch.label(x + 22, 208, f"answer {at + 1}", color=FAINT)
        sketch.label(x + 22, 228, f"r = {reward}", color=FAINT)
    sketch.label(14, 66, "advantage", bold=True, align="start")
    sketch.note(256, "GRPO: (r − mean) / std. PPO asks a learned critic.")
    return sketch.svg()
