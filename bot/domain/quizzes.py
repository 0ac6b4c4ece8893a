"""Which items a solo quiz asks."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class QuizState(StrEnum):
    """A quiz's life: stopped by the next one, or of a repair, beside which a solo quiz may run."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that fits the quiz, with its question and topic."""

    item_id: str
    question_id: str
    topic: str


@dataclass(frozen=True, slots=True)
class LastAnswers:
    """When a member last answered one of a question's items right, and when wrong."""

    right: datetime | None
    wrong: datetime | None

    def satisfy(self, due_at: datetime) -> bool:
        """Whether a quiz has asked what a card that is due since then is due for, and heard the right answer."""
        return self.right is not None and self.right >= due_at and (self.wrong is None or self.right > self.wrong)


def pick(
    candidates: Sequence[Candidate],
    count: int,
    *,
    due: Sequence[str],
    weak: Sequence[str],
    seen: Mapping[str, float],
    chance: random.Random,
) -> list[Candidate]:
    """The items of a quiz, in the order in which they are asked.

    First one item of each question whose card is due; of the places left, weak topics get half (rounded up) and
    items never seen the rest; what is still free is filled with what was seen longest ago. Inside each part items
    never seen come first, then those seen longest ago; of equals one item of each question comes before a second
    one of any, in an order by chance.

    Args:
        due: question ids, the one that is due longest first.
        weak: topics, the weakest first.
        seen: when the member last answered an item, as a timestamp.
    """
    pool = list(candidates)
    chance.shuffle(pool)
    turn: dict[str, int] = {}
    order: dict[Candidate, tuple[float, int]] = {}
    for candidate in sorted(pool, key=lambda candidate: seen.get(candidate.item_id, 0.0)):
        turn[candidate.question_id] = turn.get(candidate.question_id, 0) + 1
        order[candidate] = (seen.get(candidate.item_id, 0.0), turn[candidate.question_id])
    pool.sort(key=lambda candidate: order[candidate])
    chosen: list[Candidate] = []

    def take(limit: int, fits: Callable[[Candidate], bool]) -> None:
        for candidate in pool:
            if limit <= 0 or len(chosen) >= count:
                return
            if candidate not in chosen and fits(candidate):
                chosen.append(candidate)
                limit -= 1

    for question_id in due:
        take(1, lambda candidate, wanted=question_id: candidate.question_id == wanted)
    half = len(chosen) + (count - len(chosen) + 1) // 2
    for topic in weak:
        take(half - len(chosen), lambda candidate, wanted=topic: candidate.topic == wanted)
    take(count, lambda candidate: candidate.item_id not in seen)
    take(count, lambda _: True)
    return chosen
