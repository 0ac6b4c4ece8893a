"""What a drill is, as every other room sees it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Problem
from bot.domain.text import link_to

LIFETIME = timedelta(days=7)
"""A drill closes this long after it opened, unless the next one opens first; late answers count as long again."""


class Mode(StrEnum):
    """Who can read answers while a drill is open."""

    OPEN = "open"
    BLIND = "blind"


class DrillState(StrEnum):
    """A drill's life: claimed (owed to the channel), open, closed; or missed, or void once its message is gone."""

    CLAIMED = "claimed"
    OPEN = "open"
    CLOSED = "closed"
    MISSED = "missed"
    VOID = "void"


POSTED = (DrillState.OPEN, DrillState.CLOSED)
"""What stands in its channel."""


class Reveal(StrEnum):
    """What is owed at the end of a drill: nothing yet, the model answer, the closed card, nothing any more."""

    NONE = "none"
    DUE = "due"
    CARD = "card"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One question posted (or owed) in one track for one local date."""

    id: int
    guild_id: int
    track_id: int
    channel_id: int
    date: date
    zone: str
    question_id: str | None
    refill: int
    mode: Mode
    state: DrillState
    late: bool
    claimed_at: datetime
    message_id: int | None = None
    thread_id: int | None = None
    thread_note: Problem | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    reveal: Reveal = Reveal.NONE
    best_answer_id: int | None = None
    voted_until: datetime | None = None
    forum_post_id: int | None = None

    @property
    def place_id(self) -> int:
        """Where its message stands: the channel, or its own post in a forum."""
        return self.forum_post_id or self.channel_id

    @property
    def places(self) -> set[int]:
        """Where people may answer it by message."""
        return {self.place_id, self.thread_id or self.place_id}

    @property
    def link(self) -> str:
        """The address of its message in Discord's clients."""
        return link_to(self.guild_id, self.place_id, self.message_id)

    @property
    def ends(self) -> datetime | None:
        """When it closed, or closes at the latest; None before it opens."""
        return self.closed_at or self.closes_at
