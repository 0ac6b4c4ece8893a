"""Which question comes next. A track's history decides; nothing else is stored."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FRESH_START = 10
"""A new bag does not begin with this many questions that were used last."""


class Order(StrEnum):
    """How a track goes through its topics."""

    CURRICULUM = "curriculum"
    SHUFFLE = "shuffle"
    ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True)
class SelectedQuestion:
    """The next question; `left` counts the questions of this refill that remain after it."""

    question_id: str
    from_queue: bool
    refilled: bool
    left: int


def _bag(questions: Sequence[str], seed: str, refill: int) -> list[str]:
    bag = list(questions)
    random.Random(f"{seed}:{refill}").shuffle(bag)
    return bag


def choose(
    order: Order,
    questions: Sequence[str],
    used: Sequence[str],
    queue: Sequence[str],
    seed: str,
    refill: int,
    weakness: Mapping[str, float] | None = None,
) -> SelectedQuestion | None:
    """Picks the next question, or None when the topics hold none.

    Args:
        questions: ids of the track's topics, lowest number first.
        used: ids used since the last refill, oldest first.
        queue: ids that a manager put first; they count as used.
        seed: what makes this track's shuffle its own.
        refill: how often the questions have begun anew.
        weakness: how weak the topic of a question is, by question id; what is left out is not known to be weak.
            `adaptive` takes the first of the weakest in the bag, so without any it is the shuffle.
    """
    gone = set(used)
    left = [question for question in questions if question not in gone]
    if queue:
        return SelectedQuestion(queue[0], True, False, len([q for q in left if q != queue[0]]))
    if not questions:
        return None
    refilled = not left
    if order is Order.CURRICULUM:
        pool = list(questions) if refilled else left
    else:
        bag = _bag(questions, seed, refill + refilled)
        # Of a few questions at least one must be left to begin with.
        keep_back = min(FRESH_START, len(questions) - 1)
        recent = set(used[-keep_back:]) if refilled and keep_back else set[str]()
        apart = recent if refilled else gone
        pool = [question for question in bag if question not in apart]
        if order is Order.ADAPTIVE and weakness:
            pool.sort(key=lambda question: -weakness.get(question, 0.0))
    return SelectedQuestion(pool[0], False, refilled, (len(questions) if refilled else len(left)) - 1)


def upcoming(
    order: Order,
    questions: Sequence[str],
    used: Sequence[str],
    queue: Sequence[str],
    seed: str,
    refill: int,
    weakness: Mapping[str, float] | None = None,
) -> Iterator[SelectedQuestion]:
    """The questions that come one after the other as things stand, each as `choose` picks it then; see there."""
    while (chosen := choose(order, questions, used, queue, seed, refill, weakness)) is not None:
        yield chosen
        queue = queue[1:] if chosen.from_queue else queue
        refill += chosen.refilled
        used = [chosen.question_id] if chosen.refilled else [*used, chosen.question_id]
