"""What goes into and comes out of the use cases of live quizzes."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.bank import Difficulty, Item, Option, Question
from bot.domain.live_quizzes import LiveChoice, LivePlace, LiveQuiz, LiveRound, Verdict, live_points, team_averages


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """A round with what it asks; the options stand in the order of their letters."""

    round: LiveRound
    number: int
    of: int
    item: Item
    question: Question
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class LiveQuizView:
    """Everything that a card of a live quiz says; its `names` leave out who stays off boards."""

    live: LiveQuiz
    rounds: tuple[LiveRound, ...]
    asked: tuple[LiveQuestion, ...]
    players: tuple[int, ...]
    choices: tuple[LiveChoice, ...]
    names: dict[int, str]
    teams: dict[int, str]
    places: tuple[LivePlace, ...]
    """The ranking over the rounds that have closed."""

    @property
    def averages(self) -> list[tuple[str, int]]:
        """(team, average score of its players), best first."""
        return team_averages(self.places, self.teams)

    def at(self, position: int) -> LiveQuestion | None:
        """The round at a position; None when its item has left the bank."""
        return next((asked for asked in self.asked if asked.round.position == position), None)

    def chosen(self, position: int) -> list[LiveChoice]:
        """What was chosen in a round, earliest first."""
        return sorted((c for c in self.choices if c.position == position), key=lambda c: c.chosen_at)

    def points(self, place: LivePlace) -> int:
        """What the quiz is worth to a player."""
        return live_points(place.score, place.answered, len(self.rounds), len(self.places))


@dataclass(frozen=True, slots=True)
class NewLiveQuiz:
    """What kind of quiz somebody asks for."""

    topic: str | None
    difficulty: Difficulty | None
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Join:
    """A press on Join."""

    live_id: int
    guild_id: int
    member_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of a press on Join: the quiz, and whether the player had not joined before."""

    live: LiveQuiz
    fresh: bool


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a letter. `at` is the press's own time, `card_at` when the card came to stand in the channel."""

    live_id: int
    position: int
    chosen: int
    guild_id: int
    member_id: int
    name: str
    at: datetime
    card_at: datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    """What became of a press: the letter that stands now, and whether it moved the bell forward."""

    verdict: Verdict
    chosen: int
    hurried: bool = False
