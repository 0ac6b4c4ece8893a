"""Streaks as a fold over a track's posted drills: computed from answers, never kept as a counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FREEZE_EVERY = 7
FREEZES_HELD = 2


class Outcome(StrEnum):
    """What one drill means for one member."""

    ANSWERED = "answered"
    MISSED = "missed"
    AWAY = "away"
    NEUTRAL = "neutral"
    OPEN = "open"


class State(StrEnum):
    """How the newest drill left the streak; NEW is a member without an on-time answer."""

    SAFE = "safe"
    DUE = "due"
    FROZEN = "frozen"
    AWAY = "away"
    MISSED = "missed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Streak:
    """A member's streak in one track. `frozen_at` are the positions of drills that cost a freeze."""

    current: int
    best: int
    freezes: int
    state: State
    frozen_at: tuple[int, ...]


def fold(outcomes: Iterable[Outcome]) -> Streak:
    """The streak after a track's drills, oldest first (the rules of design section 3, “Streak”).

    A freeze is earned at each multiple of 7 while fewer than 2 are held, and spent by a miss. Neutral drills and
    the open one change nothing.
    """
    run = best = freezes = 0
    state = State.NEW
    frozen: list[int] = []
    for position, outcome in enumerate(outcomes):
        if state is State.NEW and outcome is not Outcome.ANSWERED:
            continue
        match outcome:
            case Outcome.ANSWERED:
                run += 1
                best = max(best, run)
                state = State.SAFE
                if run % FREEZE_EVERY == 0 and freezes < FREEZES_HELD:
                    freezes += 1
            case Outcome.OPEN:
                state = State.DUE
            case Outcome.AWAY:
                state = State.AWAY
            case Outcome.MISSED if freezes:
                freezes -= 1
                frozen.append(position)
                state = State.FROZEN
            case Outcome.MISSED:
                run = 0
                state = State.MISSED
            case Outcome.NEUTRAL:
                pass
    return Streak(run, best, freezes, state, tuple(frozen))
