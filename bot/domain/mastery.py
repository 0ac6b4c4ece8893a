"""How well a member knows the topics of the bank, and which of them are weak."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.bank import Question
from bot.domain.reviews import Card, recall

ANSWERED_ONLY = 0.5
"""What a question counts that was answered as a drill or in an interview and never asked again."""
WEAK_BELOW = 0.7
"""A topic is weak while less than this share of its quiz items is answered right …"""
WEAK_FROM = 3
"""… and so many of them were answered: fewer say nothing."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Quiz answers: how many were right of how many."""

    right: int = 0
    asked: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.asked + other.asked)

    @property
    def share(self) -> float:
        """The share that was right; 0 without answers."""
        return self.right / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class TopicMastery:
    """A topic's mastery (0 to 1), how many of its questions were practiced, and its quiz answers.

    Attributes:
        proven: the part of its mastery (0 to 1) that quizzes and reviews have shown; the rest was answered only.
    """

    topic: str
    mastery: float
    proven: float
    practiced: int
    questions: int
    quiz: Tally


def by_topic(questions: Iterable[Question], results: Mapping[str, Tally]) -> dict[str, Tally]:
    """Quiz answers summed over each topic's questions."""
    sums: dict[str, Tally] = {}
    for question in questions:
        sums[question.topic] = sums.get(question.topic, Tally()) + results.get(question.id, Tally())
    return sums


def weak_topics(tallies: Mapping[str, Tally]) -> list[str]:
    """Topics that need practice, the weakest first."""
    weak = [name for name, tally in tallies.items() if tally.asked >= WEAK_FROM and tally.share < WEAK_BELOW]
    return sorted(weak, key=lambda name: tallies[name].share)


def weakness(tallies: Mapping[str, Tally]) -> dict[str, float]:
    """How weak (above 0, below 1) the topics with wrong quiz answers are; the others are left out.

    One wrong answer more and one right answer more are assumed, so that a single slip weighs less than many.
    """
    return {
        name: 1 - (tally.right + 1) / (tally.asked + 2)
        for name, tally in tallies.items()
        if tally.right < tally.asked
    }


def mastery(
    questions: Iterable[Question],
    cards: Mapping[str, Card],
    results: Mapping[str, Tally],
    answered: Collection[str],
    now: datetime,
) -> list[TopicMastery]:
    """Mastery of each topic, in the order of the questions.

    A topic's mastery is the average over all its questions. One with a reviewed card counts the chance that it is
    remembered now (FSRS); one with quiz answers the share of its items answered right last; one with both their
    average; one that was only answered as a drill or in an interview a half; one never practiced nothing.
    """
    scores: dict[str, list[tuple[float | None, bool]]] = {}
    for question in questions:
        shown = _proven(question.id, cards, results, now)
        score = ANSWERED_ONLY if shown is None and question.id in answered else shown
        scores.setdefault(question.topic, []).append((score, shown is not None))
    tallies = by_topic(questions, results)
    return [
        TopicMastery(
            topic,
            sum(score or 0.0 for score, _ in found) / len(found),
            sum(score or 0.0 for score, proven in found if proven) / len(found),
            sum(score is not None for score, _ in found),
            len(found),
            tallies[topic],
        )
        for topic, found in scores.items()
    ]


def _proven(
    question_id: str, cards: Mapping[str, Card], results: Mapping[str, Tally], now: datetime
) -> float | None:
    """What quizzes and reviews have shown of one question; None where it was in neither."""
    parts: list[float] = []
    card, tally = cards.get(question_id), results.get(question_id)
    if card is not None and card.memory is not None:
        parts.append(recall(card.memory, now))
    if tally is not None and tally.asked:
        parts.append(tally.share)
    return sum(parts) / len(parts) if parts else None


def practice_next(topics: Iterable[TopicMastery], with_items: Collection[str]) -> TopicMastery | None:
    """The topic to practice next: the least mastered of those begun, unless it is strong; else the first new one.

    Only topics that have quiz items are named; None when there are none.
    """
    ready = [topic for topic in topics if topic.topic in with_items]
    begun = [topic for topic in ready if topic.practiced]
    new = [topic for topic in ready if not topic.practiced]
    weakest = min(begun, key=lambda topic: topic.mastery, default=None)
    if weakest is not None and (weakest.mastery < WEAK_BELOW or not new):
        return weakest
    return new[0] if new else None
