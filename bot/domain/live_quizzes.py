"""The rules of a live quiz: when it moves on, what a press counts for, and who is where at the end.

The bell of a round rings `seconds` after its card stood in the channel. A press counts by its own time, so the
round stays open a moment longer for presses that are still on their way.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.bank import Difficulty, Item

THINKING = 10
"""Seconds of a round beyond the time to read its item."""
SECONDS_BOUNDS = (10, 90)
LOBBY = timedelta(seconds=60)
PAUSE = timedelta(seconds=8)
ON_THE_WAY = timedelta(seconds=1)
"""How long after the bell a round waits for presses that were made before it."""
LAST_WORD = timedelta(seconds=3)
"""How long everybody may still change their mind once everybody has chosen."""
MOST_SCORE = 1000
MOST_POINTS = 15
COMPANY = 2
FORGOTTEN = timedelta(hours=1)
"""After standing still for longer than this nobody sits there any more: the quiz ends instead of asking on."""
EMPTY_ROUNDS = 2
"""A quiz ends by itself after this many rounds in a row in which nobody chose."""


class LiveState(StrEnum):
    """A live quiz's life. Done: all rounds; stopped: early; empty: nobody there; gone: Discord refuses."""

    LOBBY = "lobby"
    ASKING = "asking"
    SHOWING = "showing"
    DONE = "done"
    STOPPED = "stopped"
    EMPTY = "empty"
    GONE = "gone"


RUNNING = (LiveState.LOBBY, LiveState.ASKING, LiveState.SHOWING)


class Verdict(StrEnum):
    """What became of a press."""

    CHOSEN = "chosen"
    SAME = "same"
    CHANGED = "changed"
    SPENT = "spent"
    LATE = "late"
    OVER = "over"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LiveQuiz:
    """A live quiz.

    Attributes:
        place_id: where its rounds come: a thread, or its channel itself; None until that is decided.
        seconds: what its host asked for each round; 0 where every item has the time that it needs.
        sums: whether items are asked in which one has to calculate.
        next_at: when the lobby, the round or the pause is over; None while a round's card is owed.
    """

    id: int
    guild_id: int
    channel_id: int
    place_id: int | None
    host_id: int
    state: LiveState
    topic: str | None
    difficulty: Difficulty | None
    seconds: int
    sums: bool
    position: int
    next_at: datetime | None
    made_at: datetime
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.state in RUNNING

    @property
    def place(self) -> int:
        """Where its rounds and its podium come."""
        return self.place_id or self.channel_id

    def lobby_place(self, lobby_id: int | None) -> int:
        """Where its lobby stands: in the channel, or among the rounds of the quiz before it.

        Args:
            lobby_id: the lobby's message, whose id a thread that was opened on it has.
        """
        return self.channel_id if self.place_id == lobby_id else self.place

    def due(self, now: datetime) -> bool:
        """Whether its next step may be taken."""
        return self.running and self.next_at is not None and self.next_at <= now

    def waits_since(self, rounds: Iterable["LiveRound"]) -> datetime:
        """When its next step is or was due; of a round whose card is owed, when the round before it closed."""
        return self.next_at or max((r.closed_at for r in rounds if r.closed_at), default=self.made_at)

    def forgotten(self, rounds: Iterable["LiveRound"], now: datetime) -> bool:
        """Whether its next step has been waiting for so long that its players are gone."""
        return self.running and now - self.waits_since(rounds) > FORGOTTEN


@dataclass(frozen=True, slots=True)
class LiveRound:
    """One item of a live quiz; it opens when its card appears in the channel, for so many seconds."""

    position: int
    item_id: str
    question_id: str
    seconds: int
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LiveChoice:
    """What a member chose in a round (0 is A), when, and whether their change of mind is spent."""

    member_id: int
    position: int
    chosen: int
    chosen_at: datetime
    changed: bool
    right: bool


def weigh(earlier: LiveChoice | None, chosen: int, at: datetime, bell: datetime) -> Verdict:
    """Judges a press in an open round: the last choice counts, and it may be changed once before the bell."""
    if at > bell:
        return Verdict.LATE
    if earlier is None:
        return Verdict.CHOSEN
    # An event that Discord sends twice, or an older one that comes second, changes nothing.
    if earlier.chosen == chosen or at < earlier.chosen_at:
        return Verdict.SAME
    return Verdict.SPENT if earlier.changed else Verdict.CHANGED


def speed_score(after: timedelta, seconds: int) -> int:
    """What a right answer is worth: 1000 at once, half of it at the bell."""
    share = min(max(after.total_seconds() / seconds, 0.0), 1.0)
    return round(MOST_SCORE * (1 - share / 2))


def live_points(score: int, answered: int, rounds: int, players: int) -> int:
    """Points for the boards: up to 15, for those who answered at least half of the rounds.

    Args:
        players: how many took part. Alone there are none: a quiz can be begun at any time, and only the points of
            solo quizzes have a limit for each day.
    """
    if players < COMPANY or rounds == 0 or answered * 2 < rounds:
        return 0
    return round(MOST_POINTS * max(0, score) / (MOST_SCORE * rounds))


@dataclass(frozen=True, slots=True)
class LivePlace:
    """One row of a live quiz's ranking."""

    rank: int
    member_id: int
    score: int
    right: int
    answered: int


def round_seconds(item: Item) -> int:
    """How long a round with this item lasts where its host asked for no time."""
    least, most = SECONDS_BOUNDS
    return min(max(item.reading_seconds + THINKING, least), most)


def opened(rounds: Iterable[LiveRound]) -> dict[int, tuple[datetime, int]]:
    """When each round began that has closed, and how many seconds it had, by its position."""
    return {r.position: (r.opened_at, r.seconds) for r in rounds if r.opened_at and r.closed_at}


def ranking(choices: Iterable[LiveChoice], opened: Mapping[int, tuple[datetime, int]]) -> list[LivePlace]:
    """Everybody who chose in the closed rounds, best first; equal scores share a rank (1, 2, 2, 4).

    Args:
        opened: the beginning and the seconds of each closed round, by its position; choices of others do not count.
    """
    score: dict[int, int] = {}
    right: dict[int, int] = {}
    answered: dict[int, int] = {}
    for choice in choices:
        if choice.position not in opened:
            continue
        member = choice.member_id
        answered[member] = answered.get(member, 0) + 1
        right[member] = right.get(member, 0) + choice.right
        began, seconds = opened[choice.position]
        worth = speed_score(choice.chosen_at - began, seconds) if choice.right else 0
        score[member] = score.get(member, 0) + worth
    places: list[LivePlace] = []
    for number, member in enumerate(sorted(score, key=lambda m: (-score[m], -right[m], m)), start=1):
        rank = places[-1].rank if places and places[-1].score == score[member] else number
        places.append(LivePlace(rank, member, score[member], right[member], answered[member]))
    return places


def team_averages(places: Iterable[LivePlace], teams: Mapping[int, str]) -> list[tuple[str, int]]:
    """(team, average score of those of its members who chose at all), best first; equal ones by name."""
    scores: dict[str, list[int]] = {}
    for place in places:
        if place.member_id in teams:
            scores.setdefault(teams[place.member_id], []).append(place.score)
    averages = [(team, round(sum(own) / len(own))) for team, own in scores.items()]
    return sorted(averages, key=lambda row: (-row[1], row[0]))


def nobody_there(chosen: Sequence[int]) -> bool:
    """Whether the newest rounds, by how many chose in each, were all empty."""
    return len(chosen) >= EMPTY_ROUNDS and not any(chosen[-EMPTY_ROUNDS:])


def pick_items(
    fitting: Sequence[tuple[str, str]],
    last_asked: Mapping[str, float],
    count: int,
    chance: random.Random,
) -> list[tuple[str, str]]:
    """Draws (item, question) pairs: never or longest ago asked first, and different questions while there are any.

    Args:
        last_asked: when items were asked in this channel, as timestamps.
    """
    pool = list(fitting)
    chance.shuffle(pool)
    turn: dict[str, int] = {}
    order: dict[tuple[str, str], tuple[float, int]] = {}
    # Longest ago first, so that an item asked lately takes no turn from a fresh one of its question.
    for item_id, question_id in sorted(pool, key=lambda pair: last_asked.get(pair[0], 0)):
        turn[question_id] = turn.get(question_id, 0) + 1
        order[item_id, question_id] = (last_asked.get(item_id, 0), turn[question_id])
    drawn = sorted(pool, key=lambda pair: order[pair])[:count]
    chance.shuffle(drawn)
    return drawn
