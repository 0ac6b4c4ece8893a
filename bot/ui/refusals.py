"""The one sentence for each refusal, gathered from the features that have them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from bot.domain.away import Away
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
    live_quiz_plans,
    live_quizzes,
    mistakes,
    opinions,
    progress,
    quizzes,
    repairs,
    reviews,
    spoilers,
    suggestions,
    teams,
    tracks,
    votes,
)
from bot.ui.kit import options
from bot.ui.kit.words import Sentence, quoted, say, weekday_and_day

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
    live_quiz_plans.REFUSALS,
    live_quizzes.REFUSALS,
    mistakes.REFUSALS,
    opinions.REFUSALS,
    progress.REFUSALS,
    quizzes.REFUSALS,
    repairs.REFUSALS,
    reviews.REFUSALS,
    spoilers.REFUSALS,
    suggestions.REFUSALS,
    teams.REFUSALS,
    tracks.REFUSALS,
    votes.REFUSALS,
)
"""Each feature's `REFUSALS`, by code."""

SENTENCES: dict[str, Sentence] = {}
for _feature in FEATURES:
    assert not SENTENCES.keys() & _feature.keys(), "a refusal has two sentences"
    SENTENCES.update(_feature)


AS_WRITTEN = ("link", "wording", "zones", "near")
"""Values that nobody typed, such as names of time zones, and a question, which is shown as on its card."""


def explain_in_terminal(refusal: Refusal) -> str:
    """What the person at a command line reads, where no markup works."""
    return say(SENTENCES[refusal.code], refusal.values)


def explain(refusal: Refusal) -> str:
    """What the person reads, with the next step; what somebody typed is quoted, and dates are named."""
    values = {name: value if name in AS_WRITTEN else _quoted(value) for name, value in refusal.values.items()}
    return say(SENTENCES[refusal.code], values)


def _quoted(value: object) -> object:
    if type(value) is str:
        return quoted(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return weekday_and_day(value)
    if isinstance(value, Away):
        return away.dates(value)
    if isinstance(value, list | tuple):
        return [_quoted(one) for one in cast("Sequence[object]", value)]
    return value
