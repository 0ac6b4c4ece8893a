"""What people do in a live quiz: open, join, start, choose, stop, and look at it. `live_rounds` moves it on."""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import live_quizzes as rules
from bot.domain.bank import Bank, Banks, Difficulty, Item, Option, Question
from bot.domain.errors import Refusal
from bot.domain.live_quizzes import LiveChoice, LivePlace, LiveQuiz, LiveRound, LiveState, Verdict
from bot.services.live_rounds import finish
from bot.services.quizzes import fitting_items
from bot.services.spoilers import hidden
from bot.services.use_cases import Service, writes
from bot.storage import live_choices, live_quizzes, members, servers, teams
from bot.storage.database import Database
from bot.storage.live_deliveries import LiveDelivery


@dataclass(frozen=True, slots=True)
class NewLiveQuiz:
    """What kind of quiz somebody asks for.

    Args:
        topic: a title, or None for all.
        seconds: for each round; None for the time that its item needs.
        sums: whether items are asked in which one has to calculate.
    """

    topic: str | None
    difficulty: Difficulty | None
    count: int
    seconds: int | None
    sums: bool = False


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """A round with what it asks; the options stand in the order of their letters."""

    round: LiveRound
    number: int
    of: int
    item: Item
    question: Question
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveQuizView:
    """Everything that a card of a live quiz says.

    Attributes:
        asked: the rounds with what they ask, without those whose item left the bank.
        names: of those who play or played, without who stays off boards.
        places: the ranking over the rounds that have closed.
        delivery: what of it Discord shows by now.
    """

    live: LiveQuiz
    rounds: tuple[LiveRound, ...]
    asked: tuple[LiveQuestion, ...]
    players: tuple[int, ...]
    choices: tuple[LiveChoice, ...]
    names: dict[int, str]
    teams: dict[int, str]
    places: tuple[LivePlace, ...]
    delivery: LiveDelivery

    @property
    def averages(self) -> list[tuple[str, int]]:
        """(team, average score of its players), best first."""
        return rules.team_averages(self.places, self.teams)

    def at(self, position: int) -> LiveQuestion | None:
        """The round at a position; None when its item has left the bank."""
        return next((asked for asked in self.asked if asked.round.position == position), None)

    def chosen(self, position: int) -> list[LiveChoice]:
        """What was chosen in a round, earliest first."""
        return sorted((c for c in self.choices if c.position == position), key=lambda c: c.chosen_at)

    def points(self, place: LivePlace) -> int:
        """What the quiz is worth to a player."""
        return rules.live_points(place.score, place.answered, len(self.rounds), len(self.places))


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of a press on Join: the quiz, and whether the player had not joined before."""

    live: LiveQuiz
    fresh: bool


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a letter. `at` is the press's own time, `card_at` when the card appeared in the channel."""

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


def options_of(live_id: int, item: Item) -> tuple[Option, ...]:
    """An item's options in the order of their letters in a live quiz."""
    return item.options(f"live:{live_id}")


def load(conn: Connection, banks: Banks, live_id: int) -> LiveQuizView | None:
    """A live quiz as its cards show it."""
    found = live_quizzes.whole(conn, live_id)
    if found is None:
        return None
    live, rounds, delivery = found
    bank = banks.of(live.guild_id)
    players = live_choices.players(conn, live_id)
    choices = live_choices.choices_of(conn, live_id)
    people = list({live.host_id, *players, *(choice.member_id for choice in choices)})
    return LiveQuizView(
        live=live,
        rounds=tuple(rounds),
        asked=tuple(
            LiveQuestion(one, number, len(rounds), *pair, options_of(live_id, pair[0]))
            for number, one in enumerate(rounds, start=1)
            if (pair := bank.item(one.item_id)) is not None
        ),
        players=tuple(players),
        choices=tuple(choices),
        names=members.board_names(conn, live.guild_id, people),
        teams=teams.names_of_members(conn, live.guild_id, people),
        places=tuple(rules.ranking(choices, rules.opened(rounds))),
        delivery=delivery,
    )


def load_running(conn: Connection, banks: Banks, channel_id: int) -> LiveQuizView | None:
    """The live quiz that runs in a channel."""
    live = live_quizzes.running_in(conn, channel_id)
    return None if live is None else load(conn, banks, live.id)


def open_lobby(
    conn: Connection,
    bank: Bank,
    chance: random.Random,
    wish: NewLiveQuiz,
    guild_id: int,
    channel_id: int,
    host_id: int,
    name: str | None,
    now: datetime,
) -> int:
    """Opens a lobby and returns the quiz's id.

    Args:
        channel_id: where it was asked for; in the thread of an earlier quiz it stays there, where the players are.
        name: the host's; None where they are not there, since the quiz was planned.

    Raises:
        Refusal: `live_quizzes.running_here` with its card, `quizzes.nothing_fits` or `quizzes.only_open`.
    """
    home = live_quizzes.home_of(conn, guild_id, channel_id) or channel_id
    place_id = None if home == channel_id else channel_id
    running = live_quizzes.running_in(conn, home)
    if running is not None:
        place, message_id = live_quizzes.card_of(conn, running)
        raise Refusal(
            "live_quizzes.running_here", guild_id=running.guild_id, channel_id=place, message_id=message_id
        )
    found = fitting_items(bank, wish.topic, wish.difficulty, hidden(conn, guild_id), sums=wish.sums)
    fitting = [(item.item_id, item.question_id) for item in found]
    asked = live_quizzes.last_asked(conn, guild_id, home)
    servers.ensure(conn, guild_id)
    if name is not None:
        members.record(conn, guild_id, host_id, name, now)
    return live_quizzes.add(
        conn,
        guild_id=guild_id,
        channel_id=home,
        place_id=place_id,
        host_id=host_id,
        topic=wish.topic,
        difficulty=wish.difficulty,
        seconds=wish.seconds,
        sums=wish.sums,
        rounds=[
            (item_id, question_id, wish.seconds or _seconds(bank, item_id))
            for item_id, question_id in rules.pick_items(fitting, asked, wish.count, chance)
        ],
        starts_at=now + rules.LOBBY,
        at=now,
    )


def _seconds(bank: Bank, item_id: str) -> int:
    pair = bank.item(item_id)
    assert pair is not None
    return rules.round_seconds(pair[0])


def running_live(conn: Connection, live_id: int, guild_id: int, host_id: int | None = None) -> LiveQuiz:
    """A running live quiz; where a host is named, only theirs.

    Raises:
        Refusal: `live_quizzes.ended`, or `live_quizzes.not_host`.
    """
    live = live_quizzes.get(conn, live_id)
    if live is None or live.guild_id != guild_id or not live.running:
        raise Refusal("live_quizzes.ended")
    if host_id not in (None, live.host_id):
        raise Refusal("live_quizzes.not_host")
    return live


def join(conn: Connection, live_id: int, guild_id: int, member_id: int, name: str, now: datetime) -> Joined:
    """Adds a player. Raises Refusal (`live_quizzes.ended`)."""
    live = running_live(conn, live_id, guild_id)
    members.record(conn, guild_id, member_id, name, now)
    return Joined(live, live_choices.join(conn, guild_id, live_id, member_id, now))


def leave(conn: Connection, live_id: int, guild_id: int, member_id: int, now: datetime) -> bool:
    """Takes a player out; what they chose counts. Returns whether the open round waited for nobody else."""
    live = running_live(conn, live_id, guild_id)
    live_choices.leave(conn, live_id, member_id)
    return live.state is LiveState.ASKING and _hurry(conn, live, now)


def start(conn: Connection, live_id: int, guild_id: int, host_id: int | None, now: datetime) -> None:
    """Ends the lobby now.

    Raises:
        Refusal: `live_quizzes.ended`, `.not_host`, `.begun`, or `.nobody_joined`.
    """
    live = running_live(conn, live_id, guild_id, host_id)
    if live.state is not LiveState.LOBBY:
        raise Refusal("live_quizzes.begun")
    if not live_choices.players(conn, live_id):
        raise Refusal("live_quizzes.nobody_joined")
    live_quizzes.set_next_at(conn, live_id, now)


def stop(conn: Connection, live_id: int, guild_id: int, host_id: int | None, now: datetime) -> None:
    """Ends a quiz; the round that is open does not count. Raises Refusal (`live_quizzes.ended`, `.not_host`)."""
    finish(conn, running_live(conn, live_id, guild_id, host_id), LiveState.STOPPED, now)


def press(conn: Connection, banks: Banks, made: Press) -> Pressed:
    """Takes a choice; the last one counts, with its time."""
    found = live_quizzes.pressed_round(conn, made.live_id, made.position, made.member_id)
    if found is None or found.live.guild_id != made.guild_id or not found.live.running:
        return Pressed(Verdict.ENDED, made.chosen)
    live, asked, earlier = found
    pair = None if asked is None else banks.of(live.guild_id).item(asked.item_id)
    if asked is None or pair is None or (live.state, live.position) != (LiveState.ASKING, made.position):
        return Pressed(Verdict.OVER, made.chosen)
    bell = (asked.opened_at or made.card_at) + timedelta(seconds=asked.seconds)
    verdict = rules.weigh(earlier, made.chosen, made.at, bell)
    if verdict not in (Verdict.CHOSEN, Verdict.CHANGED):
        return Pressed(verdict, earlier.chosen if earlier else made.chosen)
    choice = LiveChoice(
        member_id=made.member_id,
        position=made.position,
        chosen=made.chosen,
        chosen_at=made.at,
        changed=verdict is Verdict.CHANGED,
        right=options_of(live.id, pair[0])[made.chosen].why is None,
    )
    members.record(conn, live.guild_id, made.member_id, made.name, made.at)
    live_choices.choose(conn, live.guild_id, live.id, choice)
    return Pressed(verdict, made.chosen, hurried=_hurry(conn, live, made.at))


def _hurry(conn: Connection, live: LiveQuiz, at: datetime) -> bool:
    """Everybody who is in has chosen: the bell comes forward."""
    soon = at + rules.LAST_WORD
    if live.next_at is None or live.next_at <= soon:
        return False
    if not live_choices.everybody_chose(conn, live.id, live.position):
        return False
    live_quizzes.set_next_at(conn, live.id, soon)
    return True


class LiveQuizService(Service):
    """Takes what people do in live quizzes, and shows how those stand."""

    join = writes(join)
    leave = writes(leave)

    def __init__(self, database: Database, banks: Banks, chance: random.Random | None = None) -> None:
        super().__init__(database)
        self._banks = banks
        self._chance = chance or random.Random()
        self._reading: dict[int, asyncio.Task[LiveQuizView | None]] = {}

    async def view(self, live_id: int) -> LiveQuizView | None:
        """A live quiz as its cards show it."""
        return await self.read(load, self._banks, live_id)

    async def result(self, live_id: int) -> LiveQuizView | None:
        """The same for an ended quiz, whose players all look at once: those who come while it is read share it."""
        reading = self._reading.get(live_id)
        if reading is None:
            reading = self._reading[live_id] = asyncio.create_task(self.view(live_id))
            reading.add_done_callback(lambda _: self._reading.pop(live_id))
        return await asyncio.shield(reading)

    async def running_in(self, channel_id: int) -> LiveQuizView | None:
        """The live quiz that runs in a channel."""
        return await self.read(load_running, self._banks, channel_id)

    async def open(
        self, guild_id: int, channel_id: int, host_id: int, name: str, wish: NewLiveQuiz, now: datetime
    ) -> int:
        """Opens a lobby and returns the quiz's id.

        Raises:
            Refusal: `live_quizzes.running_here` with its card, or `quizzes.nothing_fits`.
        """
        return await self.write(
            open_lobby,
            self._banks.of(guild_id),
            self._chance,
            wish,
            guild_id,
            channel_id,
            host_id,
            name,
            now,
        )

    async def start(self, live_id: int, guild_id: int, member_id: int, now: datetime, *, manager: bool) -> None:
        """Ends the lobby now; its host and managers may.

        Raises:
            Refusal: `live_quizzes.ended`, `.not_host`, `.begun`, or `.nobody_joined`.
        """
        host_id = None if manager else member_id
        await self.write(start, live_id, guild_id, host_id, now)

    async def stop(self, live_id: int, guild_id: int, member_id: int, now: datetime, *, manager: bool) -> None:
        """Ends a quiz; its host and managers may. Raises Refusal (`live_quizzes.ended`, `.not_host`)."""
        host_id = None if manager else member_id
        await self.write(stop, live_id, guild_id, host_id, now)

    async def press(self, made: Press) -> Pressed:
        """Takes a choice; the last one counts, with its time. Presses of one moment share a commit."""
        return await self.write(press, self._banks, made)
