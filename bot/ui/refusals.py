"""The one sentence for each refusal, gathered from the features that have them."""

from collections.abc import Mapping

from bot.domain.errors import Refusal
from bot.ui import (
    answers,
    away,
    bank,
    bank_drafts,
    bank_imports,
    boards,
    digests,
    drills,
    hints,
    interviews,
    key_points,
    live_quizzes,
    mistakes,
    opinions,
    quizzes,
    repairs,
    reviews,
    spoilers,
    suggestions,
    teams,
    tracks,
)
from bot.ui.kit import options
from bot.ui.kit.words import Sentence, say

FEATURES: tuple[Mapping[str, Sentence], ...] = (
    options.REFUSALS,
    answers.REFUSALS,
    away.REFUSALS,
    bank.REFUSALS,
    bank_imports.REFUSALS,
    bank_drafts.REFUSALS,
    boards.REFUSALS,
    digests.REFUSALS,
    drills.REFUSALS,
    hints.REFUSALS,
    interviews.REFUSALS,
    key_points.REFUSALS,
    live_quizzes.REFUSALS,
    mistakes.REFUSALS,
    opinions.REFUSALS,
    quizzes.REFUSALS,
    repairs.REFUSALS,
    reviews.REFUSALS,
    spoilers.REFUSALS,
    suggestions.REFUSALS,
    teams.REFUSALS,
    tracks.REFUSALS,
)
"""Each feature's `REFUSALS`, by code."""

SENTENCES: dict[str, Sentence] = {}
for _feature in FEATURES:
    assert not SENTENCES.keys() & _feature.keys(), "a refusal has two sentences"
    SENTENCES.update(_feature)


def explain(refusal: Refusal) -> str:
    """What the person reads, with the next step."""
    return say(SENTENCES[refusal.code], refusal.values)
