"""What the form of quiz items gives away: how a reader would guess who sees the options and not the stem.

The surface model is a conditional logit: an option's score is a weighted sum of its features, and the four options
share out the probability by their scores. Each item is guessed by a model that was fitted to the items of other
questions. Nothing in it is random: the same items bring the same guesses. `docs/authoring.md` names the features.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.bank import Item, Question
from bot.domain.text import content_words

RANKS = ("shortest", "second", "third", "longest")
APPLYING = frozenset({"case", "debugging", "calculation", "estimate", "measurement", "choice"})
FOLDS = 10
"""Questions are dealt into so many groups; the items of each are guessed by a model fitted to the others."""
RIDGE = 2.0
"""How strongly weights are drawn to zero, so that few items teach no nonsense."""
STEPS = 6

_HEDGES = re.compile(
    r"\b(?:usually|often|typically|generally|mostly|mainly|largely|sometimes|tends?|can|could|may|might|about|roughly"
    r"|around|nearly|almost|partly|some|many|few|most|likely|probably|at (?:least|most)|up to)\b",
    re.IGNORECASE,
)
_ABSOLUTES = re.compile(
    r"\b(?:all|always|every|each|never|none|no|nothing|only|any|must|entirely|exactly|completely|fully|whole|alone)\b",
    re.IGNORECASE,
)
_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nor|neither|cannot|without|rather|instead)\b|n[’']t\b", re.IGNORECASE
)
_REASONS = re.compile(r"\b(?:because|since|so|as|which|where|while|if|but|though|by|for)\b", re.IGNORECASE)
_PAUSES = re.compile(r"[,;:()–—]")


@dataclass(frozen=True, slots=True)
class ItemShares:
    """What a number of items have in common; shares go from 0 to 1.

    Attributes:
        guessed: how many the surface model picks the right option of.
        ranks: how often the right option is the shortest, second, third and longest; equal lengths share a rank.
        holding: how many have mostly distractors that are true statements.
        applying: how many apply knowledge.
    """

    items: int
    guessed: float
    ranks: tuple[float, float, float, float]
    holding: float
    applying: float


@dataclass(frozen=True, slots=True)
class Guess:
    """How the surface model takes an item.

    Attributes:
        probability: what it gives the right option.
        right: 1 where it picks that, 0 where another; a share where it cannot tell them apart.
        cue: what of the right option speaks most for it, compared with the other options.
    """

    item: Item
    probability: float
    right: float
    cue: str


def shares(found: Sequence[Guess]) -> ItemShares:
    """What at least one item have in common."""
    items = [guess.item for guess in found]
    ranks = [0.0] * 4
    for item in items:
        ranks = [share + weight for share, weight in zip(ranks, length_ranks(item), strict=True)]
    count = len(items)
    shortest, second, third, longest = (rank / count for rank in ranks)
    return ItemShares(
        count,
        sum(guess.right for guess in found) / count,
        (shortest, second, third, longest),
        sum(sum(distractor.holds for distractor in item.distractors) >= 2 for item in items) / count,
        sum(item.kind in APPLYING for item in items) / count,
    )


def length_ranks(item: Item) -> list[float]:
    """How much of each length rank an item's right option has, from the shortest to the longest."""
    return _rank_weights([item.correct, *(distractor.text for distractor in item.distractors)])[0]


def _rank_weights(options: Sequence[str]) -> list[list[float]]:
    """How much of each length rank each option has: all of one, or a part of those that equal lengths share."""
    lengths = [len(option) for option in options]
    found: list[list[float]] = []
    for length in lengths:
        first, same = sum(other < length for other in lengths), lengths.count(length)
        found.append([1 / same if first <= rank < first + same else 0.0 for rank in range(len(options))])
    return found


def _spread(values: Sequence[float]) -> list[float]:
    """Values as distances from their mean."""
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def _agreement(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _counts(pattern: re.Pattern[str], options: Sequence[str]) -> list[float]:
    return [float(len(pattern.findall(option))) for option in options]


def features(options: Sequence[str]) -> dict[str, list[float]]:
    """What can be seen of each option without knowing anything, relative to the other three."""
    words = [frozenset(content_words(option)) for option in options]
    near = [[_agreement(one, other) for j, other in enumerate(words) if j != i] for i, one in enumerate(words)]
    ranks = _rank_weights(options)
    plain = {
        **{f"{name}_length": [rank[at] for rank in ranks] for at, name in enumerate(RANKS[:3])},
        "length": [math.log(len(option) + 5) for option in options],
        "words_in_common": [sum(found) / 3 for found in near],
        "likeness": [max(found) for found in near],
        "hedges": _counts(_HEDGES, options),
        "absolutes": _counts(_ABSOLUTES, options),
        "negations": _counts(_NEGATIONS, options),
        "reasons": _counts(_REASONS, options),
        "pauses": _counts(_PAUSES, options),
        "digits": [float(any(sign.isdigit() for sign in option)) for option in options],
        "long_words": [sum(map(len, option.split())) / max(1, len(option.split())) / 2 for option in options],
        "shared_beginning": _alike([option.split()[:1] for option in options]),
        "shared_ending": _alike([option.split()[-1:] for option in options]),
    }
    return {name: _spread(values) for name, values in plain.items()}


def _alike(parts: Sequence[list[str]]) -> list[float]:
    return [float(parts.count(part) - 1) for part in parts]


@lru_cache(maxsize=4)
def guesses(questions: tuple[Question, ...]) -> tuple[Guess, ...]:
    """How the surface model takes each item of some questions, fitted to the items of other questions."""
    rows: list[tuple[Item, int, list[list[float]]]] = []
    names: list[str] = []
    for at, question in enumerate(questions):
        for item in question.items:
            found = features([item.correct, *(distractor.text for distractor in item.distractors)])
            names = list(found)
            rows.append((item, at % FOLDS, [list(values) for values in zip(*found.values(), strict=True)]))
    weights = {fold: _fitted([options for _, f, options in rows if f != fold], len(names)) for fold in range(FOLDS)}
    return tuple(_guess(item, options, weights[fold], names) for item, fold, options in rows)


def _guess(item: Item, options: list[list[float]], weights: list[float], names: list[str]) -> Guess:
    likely = _probabilities(options, weights)
    best = [option for option, probability in enumerate(likely) if probability > max(likely) - 1e-9]
    speaks = [weight * value for weight, value in zip(weights, options[0], strict=True)]
    loudest = speaks.index(max(speaks))
    cue = f"{'more' if options[0][loudest] > 0 else 'less'} {names[loudest]}"
    return Guess(item, likely[0], 1 / len(best) if 0 in best else 0.0, cue)


def _probabilities(options: list[list[float]], weights: list[float]) -> list[float]:
    scores = [sum(map(float.__mul__, option, weights)) for option in options]
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _fitted(items: list[list[list[float]]], count: int) -> list[float]:
    """The weights that make the right options, which stand first, most likely: Newton's method with a ridge."""
    weights = [0.0] * count
    for _ in range(STEPS):
        slope = [-RIDGE * weight for weight in weights]
        bend = [[RIDGE * (row == column) for column in range(count)] for row in range(count)]
        for options in items:
            likely = _probabilities(options, weights)
            mean = [sum(map(float.__mul__, likely, values)) for values in zip(*options, strict=True)]
            for at, value in enumerate(options[0]):
                slope[at] += value - mean[at]
            for option, probability in zip(options, likely, strict=True):
                away = [value - middle for value, middle in zip(option, mean, strict=True)]
                for row in range(count):
                    if part := probability * away[row]:
                        line = bend[row]
                        for column in range(row + 1):
                            line[column] += part * away[column]
        for row in range(count):
            for column in range(row):
                bend[column][row] = bend[row][column]
        weights = [weight + step for weight, step in zip(weights, _solved(bend, slope), strict=True)]
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solves a system of equations whose matrix is symmetric and positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, row in enumerate(rows):
        for below in rows[at + 1 :]:
            factor = below[at] / row[at]
            for column in range(at, len(row)):
                below[column] -= factor * row[column]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        known = sum(rows[at][column] * found[column] for column in range(at + 1, len(rows)))
        found[at] = (rows[at][-1] - known) / rows[at][at]
    return found
