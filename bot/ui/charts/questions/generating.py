"""Drawings about models that generate."""

import math
import random
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from bot.ui.charts.palette import ACCENT, CARD, EDGE, FAINT, INK, PANEL
from bot.ui.charts.questions.sketch import Point, Sketch, points_of

_HOUSE = ("........", "...##...", "..####..", ".######.", ".##..##.", ".##..##.", ".######.", "........")


def autoencoder() -> str:
    """An hourglass: the input has to pass through a code that is smaller than itself."""
    sketch = Sketch("Through a narrow code and back", 248)
    sketch.area([(70, 66), (170, 106), (170, 142), (70, 182)], PANEL)
    sketch.area([(230, 106), (330, 66), (330, 182), (230, 142)], PANEL)
    sketch.node(28, 66, 36, 116, "x")
    sketch.node(336, 66, 36, 116, "x̂")
    sketch.node(176, 102, 48, 44, "z", strong=True)
    sketch.label(120, 124, "encoder")
    sketch.label(280, 124, "decoder")
    sketch.label(200, 84, "the code", color=FAINT)
    sketch.line([(46, 186), (46, 210), (354, 210), (354, 186)], FAINT, width=1.4, dashed=True)
    sketch.label(200, 196, "compare: ‖x − x̂‖²", color=FAINT)
    sketch.note(230, "The input is its own target; the code is what one wants.")
    return sketch.svg()


def bottleneck_floor() -> str:
    """The least error of a linear autoencoder: what the directions left out would have explained."""
    sketch = Sketch("Error left by the best linear code", 262)
    left = (10, 5, 2, 1, 0.5, 0)
    for units, error in enumerate(left):
        x, high = 40 + 58 * units, error * 13
        sketch.box(x, 204 - high, 40, high, ACCENT)
        sketch.label(x + 20, 204 - high - 13, f"{error:g}", bold=True)
        sketch.label(x + 20, 218, str(units), color=FAINT)
    sketch.line([(30, 204), (388, 204)], FAINT)
    sketch.label(388, 64, "variances: 5, 3, 1, 0.5, 0.5", color=FAINT, align="end")
    sketch.note(244, "units in the code; after the elbow each buys little")
    return sketch.svg()


def latent_map() -> str:
    """Codes as points leave gaps that decode to nothing; codes as clouds fill them."""
    sketch = Sketch("Points leave gaps, clouds fill them", 262)
    groups = {"3": ((30, 90), (54, 84), (36, 114), (60, 108)), "8": ((118, 86), (144, 92), (126, 112), (150, 118))}
    groups["1"] = ((66, 166), (90, 160), (78, 186), (102, 180))
    codes = [(digit, x, y + 2) for digit, places in groups.items() for x, y in places]
    drawn = 92, 140
    for left, name in ((0, "autoencoder"), (194, "VAE")):
        sketch.box(14 + left, 68, 178, 134, CARD, edge=EDGE, corner=6)
        sketch.label(14 + left, 56, name, bold=True, align="start")
        pulled = 0.62 if left else 1  # the prior keeps a VAE's codes together
        there = [(digit, left + 103 + (x - 103) * pulled, 135 + (y - 135) * pulled) for digit, x, y in codes]
        for _, x, y in there if left else ():
            sketch.disc(x, y, 26, PANEL, edge=EDGE)
        for digit, x, y in there:
            sketch.label(x, y, digit)
        sketch.disc(left + drawn[0], drawn[1], 10, CARD, edge=ACCENT)
        sketch.label(left + drawn[0], drawn[1], "z" if left else "?", bold=True)
    sketch.note(
        224, "A code from the gap may decode to nonsense.", "Where clouds overlap, a draw decodes to a digit."
    )
    return sketch.svg()


def kl_two_ways() -> str:
    """A simple q for a p with two peaks: one direction spreads it over both, the other settles it on one."""
    sketch = Sketch("The order decides what q does", 292)

    def bell(x: float, middle: float, width: float) -> float:
        return math.exp(-(((x - middle) / width) ** 2) / 2) / width

    def both(x: float) -> float:
        return (bell(x, -2, 0.6) + bell(x, 2, 0.6)) / 2

    for base, name, said, middle, width in (
        (142, "KL(p ‖ q)", "q must cover all of p", 0, 2.09),
        (256, "KL(q ‖ p)", "q avoids where p is low", 2, 0.6),
    ):

        def place(x: float, density: float, base: float = base) -> Point:
            return 200 + x * 42, base - density * 34

        sketch.label(14, base - 82, name, bold=True, align="start")
        sketch.label(386, base - 82, said, color=FAINT, align="end")
        sketch.line([(14, base), (386, base)], EDGE)
        sketch.curve(points_of(both, -4.4, 4.4, place), dashed=True)
        sketch.curve(points_of(partial(bell, middle=middle, width=width), -4.4, 4.4, place), strong=True)
    sketch.note(276, "p is dashed, q is the thick line")
    return sketch.svg()


def reparameterization() -> str:
    """A draw inside the graph stops the gradient; a draw beside it lets the gradient pass."""
    sketch = Sketch("Move the dice out of the way", 292)
    for top, middle in ((64, ("draw z from", "N(μ, σ²)")), (184, ("z = μ + σ · ε",))):
        after = top > 64
        sketch.node(14, top, 64, 42, "μ, σ")
        sketch.node(138, top, 124, 42, *middle, strong=after)
        sketch.node(322, top, 64, 42, "loss")
        sketch.arrow((79, top + 12), (137, top + 12))
        sketch.arrow((263, top + 12), (321, top + 12))
        sketch.arrow((321, top + 30), (263, top + 30), strong=True, dashed=True)
        if after:
            sketch.arrow((137, top + 30), (79, top + 30), strong=True, dashed=True)
        else:
            sketch.cross(108, top + 30, 6, INK)
    sketch.label(14, 126, "A draw has no slope: the gradient stops.", color=FAINT, align="start")
    sketch.line([(14, 152), (386, 152)], EDGE)
    sketch.label(14, 168, "The same z, but ε is drawn outside:", color=FAINT, align="start")
    sketch.node(150, 252, 100, 28, "ε of N(0, 1)")
    sketch.arrow((200, 251), (200, 227))
    sketch.label(14, 246, "to μ: × 1", align="start")
    sketch.label(14, 268, "to σ: × ε", align="start")
    return sketch.svg()


def gan() -> str:
    """Two players: one forges, one tells, and the teller's gradient teaches the forger."""
    sketch = Sketch("Two networks, one game", 240)
    sketch.node(14, 66, 62, 40, "noise")
    sketch.node(106, 66, 92, 40, "generator", strong=True)
    sketch.node(14, 150, 62, 40, "data")
    sketch.node(106, 150, 92, 40, "real image")
    sketch.node(276, 106, 110, 44, "discriminator")
    sketch.arrow((77, 86), (105, 86))
    sketch.arrow((77, 170), (105, 170))
    sketch.arrow((199, 92), (275, 118))
    sketch.label(244, 92, "fake", color=FAINT, align="start")
    sketch.arrow((199, 170), (275, 140))
    sketch.label(238, 168, "real", color=FAINT, align="start")
    sketch.arrow((331, 151), (331, 180))
    sketch.label(331, 192, "real or fake?")
    sketch.arrow((331, 105), (331, 58), (152, 58), (152, 65), strong=True, dashed=True)
    sketch.label(326, 72, "gradient", bold=True, align="end")
    sketch.note(220, "Each step of one player changes the other's task.")
    return sketch.svg()


def gan_spiral() -> str:
    """Two players of θ·ψ with simultaneous steps: they circle the balance and drift outward."""
    sketch = Sketch("Steps that circle outward: V = θ · ψ", 300)
    x, y, unit, rate = 150, 172, 46, 0.3
    sketch.line([(34, y), (264, y)], FAINT)
    sketch.line([(x, 62), (x, 284)], FAINT)
    sketch.label(268, y, "θ", align="start")
    sketch.label(x + 10, 66, "ψ", align="start")
    theta, psi = 0.5, 0.0
    walked = [(theta, psi)]
    for _ in range(32):
        theta, psi = theta - rate * psi, psi + rate * theta
        walked.append((theta, psi))
    places = [(x + unit * theta, y - unit * psi) for theta, psi in walked]
    sketch.curve(places, strong=True)
    for place in places:
        sketch.disc(*place, 3, INK)
    sketch.label(places[0][0] + 8, y + 14, "start")
    sketch.disc(x, y, 5, CARD, edge=INK)
    said = "balance at", "the center", "", "each step:", "radius² times", "1 + η²", "", f"here η = {rate}"
    for at, line in enumerate(said):
        sketch.label(300, 96 + 20 * at, line, color=FAINT, align="start")
    return sketch.svg()


def cycle() -> str:
    """There and back: a translation that can be undone must have kept what the image shows."""
    sketch = Sketch("There and back must give the same", 262)
    for top, first, second, there, back in ((64, "horse", "zebra", "G", "F"), (146, "zebra", "horse", "F", "G")):
        sketch.node(14, top, 70, 36, first)
        sketch.arrow((85, top + 18), (157, top + 18))
        sketch.label(120, top + 6, there, bold=True)
        sketch.node(159, top, 84, 36, f"fake {second}")
        sketch.arrow((244, top + 18), (314, top + 18))
        sketch.label(278, top + 6, back, bold=True)
        sketch.node(316, top, 70, 36, f"{first}?")
        there_and_back = [(49, top + 37), (49, top + 54), (351, top + 54), (351, top + 37)]
        sketch.line(there_and_back, ACCENT, width=1.6, dashed=True)
        sketch.label(96, top + 65, "same image? else a loss", color=FAINT, align="start")
    sketch.note(242, "A discriminator in each domain judges the fakes.")
    return sketch.svg()


def noising() -> str:
    """One image at five levels: less signal and more noise, whose squares add up to one."""
    sketch = Sketch("From the image to noise", 220)
    for at, kept in enumerate((1, 0.75, 0.5, 0.25, 0)):
        left = 14 + 76 * at
        _tile(sketch, left, 54, _noisy(kept), 8.5)
        sketch.label(left + 34, 138, f"{math.sqrt(kept):.2g}", bold=True)
        sketch.label(left + 34, 160, f"{math.sqrt(1 - kept):.2g}")
    sketch.note(184, "above: weight of the image, √ᾱ", "below: weight of the noise, √(1 − ᾱ)")
    return sketch.svg()


def denoising_step() -> str:
    """One step back: guess the noise, take it out for a guess of the image, and go only a little way there."""
    sketch = Sketch("One step back", 262)
    _tile(sketch, 14, 66, _noisy(0.25), 8.5)
    sketch.node(101, 80, 104, 42, "network", "guesses noise", strong=True)
    _tile(sketch, 229, 66, _blurred(), 8.5)
    _tile(sketch, 318, 66, _noisy(0.4), 8.5)
    sketch.arrow((84, 101), (100, 101))
    sketch.arrow((206, 101), (226, 101))
    sketch.arrow((299, 101), (316, 101))
    for x, lines in ((48, ("x at t",)), (263, ("guess of", "the image")), (352, ("x at t − 1",))):
        for at, line in enumerate(lines):
            sketch.label(x, 150 + 18 * at, line, color=FAINT)
    sketch.arrow((352, 166), (352, 200), (48, 200), (48, 164), strong=True, dashed=True)
    sketch.label(200, 188, "again, 20 to 1,000 times", bold=True)
    sketch.note(
        224, "The first guess is a blur of all images that fit.", "So one goes a little way, and guesses again."
    )
    return sketch.svg()


def latent_diffusion() -> str:
    """A GAN draws in one pass; latent diffusion takes many in a small space, steered by the prompt."""
    sketch = Sketch("One pass, or many in a small space", 282)
    sketch.label(14, 56, "GAN", bold=True, align="start")
    sketch.node(14, 70, 62, 34, "noise")
    sketch.arrow((77, 87), (133, 87))
    sketch.node(135, 70, 130, 34, "generator")
    sketch.arrow((266, 87), (322, 87))
    sketch.node(324, 70, 62, 34, "image")
    sketch.line([(14, 122), (386, 122)], EDGE)
    sketch.label(14, 140, "Stable Diffusion", bold=True, align="start")
    sketch.node(14, 196, 62, 42, "noise", "64 × 64", size=13.5)
    sketch.node(110, 196, 96, 42, "denoiser", strong=True)
    sketch.node(240, 196, 66, 42, "decoder")
    sketch.node(324, 196, 62, 42, "image", "512²", size=13.5)
    for start, end in ((77, 109), (207, 239), (307, 323)):
        sketch.arrow((start, 217), (end, 217))
    sketch.arrow((190, 239), (190, 254), (126, 254), (126, 240), strong=True, dashed=True)
    sketch.label(198, 254, "20 to 50 steps", color=FAINT, align="start")
    sketch.node(210, 146, 176, 30, "prompt, encoded", size=13.5)
    sketch.arrow((209, 161), (158, 161), (158, 195))
    return sketch.svg()


def flow_matching() -> str:
    """Training on straight lines between noise and data, and sampling along the field that results."""
    sketch = Sketch("Learn straight lines, follow the field", 272)
    starts, ends = (84, 112, 146, 178), (146, 96, 182, 120)
    for left, name in ((14, "training"), (214, "sampling")):
        sketch.label(left, 56, name, bold=True, align="start")
        sketch.label(left, 206, "noise", color=FAINT, align="start")
        sketch.label(left + 172, 206, "data", color=FAINT, align="end")
    for start, end in zip(starts, ends, strict=True):
        sketch.line([(22, start), (176, end)], FAINT, width=1.2)
        sketch.disc(22, start, 5, CARD, edge=INK)
        sketch.disc(176, end, 5, INK)
    x, y = 22 + 0.4 * 154, 84 + 0.4 * 62
    sketch.arrow((x, y), (x + 62, y + 25), strong=True)
    sketch.disc(x, y, 4.5, ACCENT)
    sketch.label(116, 76, "v = x₁ − x₀")
    places = [(222, 150), (260, 148), (298, 140), (336, 128), (374, 118)]
    for start, end in pairwise(places):
        sketch.arrow(start, end, strong=True)
    sketch.disc(*places[0], 5, CARD, edge=INK)
    sketch.disc(*places[-1], 5, INK)
    sketch.label(300, 92, "x + v · Δt, 4 steps")
    sketch.note(
        232,
        "Each pair is a straight line. The field is their average,",
        "so sampled paths bend; the straighter, the fewer steps.",
    )
    return sketch.svg()


def _noisy(kept: float) -> list[list[float]]:
    """The house with a share of its signal kept (0 to 1): values from −1 to 1, and beyond."""
    dice = random.Random(7)
    return [
        [math.sqrt(kept) * (1 if sign == "#" else -1) + math.sqrt(1 - kept) * dice.gauss(0, 1) for sign in row]
        for row in _HOUSE
    ]


def _blurred() -> list[list[float]]:
    """The house as the mean of each place's neighbors."""
    found: list[list[float]] = []
    for y in range(8):
        near = [
            [_HOUSE[i][j] for i in range(y - 1, y + 2) for j in range(x - 1, x + 2) if 0 <= i < 8 and 0 <= j < 8]
            for x in range(8)
        ]
        found.append([2 * cells.count("#") / len(cells) - 1 for cells in near])
    return found


def _tile(sketch: Sketch, left: float, top: float, values: Sequence[Sequence[float]], cell: float) -> None:
    """A small image of gray cells."""
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            gray = f"{round(min(max((value + 1.6) / 3.2, 0), 1) * 225 + 20):02x}"
            sketch.box(left + column * cell, top + row * cell, cell + 0.3, cell + 0.3, f"#{gray * 3}")
