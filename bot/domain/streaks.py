"""Streaks as a fold over a track's posted drills: computed from answers, never kept as a counter."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum

FREEZE_EVERY = 7
FREEZES_HELD = 2
MILESTONES = (3, 7, 14, 21, 30, 50, 75, 100, 150, 200, 250, 300, 365)
REPAIR_FROM = 3
"""A run of so many answers may be repaired."""


class Outcome(StrEnum):
    """What one drill means for one member."""

    ANSWERED = "answered"
    MISSED = "missed"
    AWAY = "away"
    NEUTRAL = "neutral"
    OPEN = "open"


class StreakState(StrEnum):
    """How the newest drill left the streak; NEW is a member without an on-time answer."""

    SAFE = "safe"
    DUE = "due"
    FROZEN = "frozen"
    AWAY = "away"
    MISSED = "missed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Streak:
    """A member's streak in one track.

    Attributes:
        frozen_at: the positions of drills that cost a freeze.
        reached: (milestone, the position of the drill that reached it first).
        broken_at: the position of the single miss that ended the last run; None if another miss followed it.
        broken_run: how long that run was.
    """

    current: int
    best: int
    freezes: int
    state: StreakState
    frozen_at: tuple[int, ...]
    reached: tuple[tuple[int, int], ...] = ()
    broken_at: int | None = None
    broken_run: int = 0

    @property
    def repairable(self) -> int | None:
        """The position of the miss that a repair would make neutral; None where there is none."""
        return self.broken_at if self.broken_run >= REPAIR_FROM else None


def current_run(drills: int, unanswered: Iterable[int], harmless: Container[int]) -> int:
    """The run that `fold` finds, from what was not answered on time alone: quick where most was.

    Args:
        drills: how many there were.
        unanswered: positions, from 0, of those that were not answered on time, oldest first.
        harmless: positions of those among them that were no miss.
    """
    run = freezes = begins = 0
    for position in unanswered:
        grown = run + position - begins
        if freezes < FREEZES_HELD:
            freezes = min(FREEZES_HELD, freezes + grown // FREEZE_EVERY - run // FREEZE_EVERY)
        run, begins = grown, position + 1
        if position in harmless:
            continue
        if freezes:
            freezes -= 1
        else:
            run = 0
    return run + drills - begins


def fold(outcomes: Iterable[Outcome]) -> Streak:
    """The streak after a track's drills, oldest first (the rules of design section 3, “Streak”).

    A freeze is earned at each multiple of 7 while fewer than 2 are held, and spent by a miss. Neutral drills and
    the open one change nothing.
    """
    run = best = freezes = 0
    state = StreakState.NEW
    frozen: list[int] = []
    reached: dict[int, int] = {}
    broken_at, broken_run = None, 0
    for position, outcome in enumerate(outcomes):
        if state is StreakState.NEW and outcome is not Outcome.ANSWERED:
            continue
        match outcome:
            case Outcome.ANSWERED:
                run += 1
                best = max(best, run)
                state = StreakState.SAFE
                if run % FREEZE_EVERY == 0 and freezes < FREEZES_HELD:
                    freezes += 1
                if run in MILESTONES:
                    reached.setdefault(run, position)
            case Outcome.OPEN:
                state = StreakState.DUE
            case Outcome.AWAY:
                state = StreakState.AWAY
            case Outcome.MISSED if freezes:
                freezes -= 1
                frozen.append(position)
                state = StreakState.FROZEN
            case Outcome.MISSED:
                broken_at, broken_run = (position, run) if run else (None, 0)
                run = 0
                state = StreakState.MISSED
            case Outcome.NEUTRAL:
                pass
    return Streak(run, best, freezes, state, tuple(frozen), tuple(reached.items()), broken_at, broken_run)
