"""Spaced repetition: when a card comes again, and how well its question is remembered (FSRS)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Self

import fsrs

from bot.domain.schedule import day_begins, local_date

REVIEWS_A_DAY = 20
"""So many known cards come on one day; what is more waits for the next."""
NEW_A_DAY = 5
"""So many cards are met for the first time on one day."""

_AGAIN_AFTER = timedelta(minutes=10)
_SCHEDULER = fsrs.Scheduler(
    learning_steps=(_AGAIN_AFTER,), relearning_steps=(_AGAIN_AFTER,), maximum_interval=365, enable_fuzzing=False
)


class Rating(IntEnum):
    """How well a question was known."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS keeps of a reviewed card: learning state and step, stability in days, difficulty 1 to 10."""

    state: int
    step: int | None
    stability: float
    difficulty: float
    reviewed_at: datetime

    def stored(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {**asdict(self), "reviewed_at": self.reviewed_at.isoformat()}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """From what `stored` gave."""
        values: dict[str, Any] = {**stored, "reviewed_at": datetime.fromisoformat(stored["reviewed_at"])}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Card:
    """A member's review state for one question; without a memory it is new.

    `times` counts the ratings it has got, so that a button that was pressed before is known as old.
    """

    question_id: str
    memory: Memory | None
    due_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class ReviewDay:
    """What a member reviewed today: question ids, and those of them that were new."""

    reviewed: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()


def rate(memory: Memory | None, rating: Rating, now: datetime, zone: str) -> tuple[Memory, datetime]:
    """The memory after a rating, and when the card comes again: in minutes, or when a day begins in the zone."""
    now = now.astimezone(UTC)
    card = fsrs.Card(card_id=0, due=now)
    if memory is not None:
        card.state, card.step = fsrs.State(memory.state), memory.step
        card.stability, card.difficulty = memory.stability, memory.difficulty
        card.last_review = memory.reviewed_at
    card, _ = _SCHEDULER.review_card(card, fsrs.Rating(rating), now)
    assert card.stability is not None and card.difficulty is not None
    due = card.due
    if due - now >= timedelta(days=1):
        # Days are dates here, not 24 hours: a day on which the clock changes has 23 or 25.
        due = day_begins(local_date(now, zone) + (due - now), zone)
    return Memory(card.state.value, card.step, card.stability, card.difficulty, now), due


def comes_again(memory: Memory | None, now: datetime, zone: str) -> dict[Rating, datetime]:
    """When the card would come again after each rating."""
    return {rating: rate(memory, rating, now, zone)[1] for rating in Rating}


def recall(memory: Memory | None, now: datetime) -> float:
    """The chance (0 to 1) that a question is remembered now; a card that is still being learned has none."""
    if memory is None or memory.state != fsrs.State.Review:
        return 0.0
    card = fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.reviewed_at,
        last_review=memory.reviewed_at,
    )
    return _SCHEDULER.get_card_retrievability(card, now.astimezone(UTC))


def queue(due: Iterable[Card], day: ReviewDay) -> tuple[list[Card], int]:
    """(cards to review today in their order, how many due ones wait for another day).

    Known cards come before new ones, and the one that is due longest first. A card that was reviewed today and is
    due again always comes: only the first time a day counts for the bounds.
    """
    ordered = sorted(due, key=lambda card: (card.memory is None, card.due_at, card.question_id))
    repeated = [card for card in ordered if card.question_id in day.reviewed]
    fresh = [card for card in ordered if card.question_id not in day.reviewed]
    known_left = max(0, REVIEWS_A_DAY - len(day.reviewed - day.new))
    new_left = max(0, NEW_A_DAY - len(day.new))
    taken = [card for card in fresh if card.memory is not None][:known_left]
    taken += [card for card in fresh if card.memory is None][:new_left]
    kept = [card for card in ordered if card in taken or card in repeated]
    return kept, len(ordered) - len(kept)


def missing(points: int, ticked: Collection[int]) -> list[int]:
    """The positions of key points that were not ticked."""
    return [at for at in range(points) if at not in ticked]


def known(positions: Sequence[int], points: int) -> list[int]:
    """Ticked positions that a question (still) has, in order and once each."""
    return sorted({at for at in positions if 0 <= at < points})
