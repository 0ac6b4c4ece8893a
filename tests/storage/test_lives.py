"""A live quiz against a simple model, in any order of joining, pressing, waiting, stopping and restarting."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.live_quizzes import LiveState, Verdict
from bot.services.live_quizzes import LiveQuizService, LiveQuizView, NewLiveQuiz, Press
from bot.services.live_rounds import LiveRoundService
from bot.storage import ledger, schema, teams
from bot.storage.database import Database
from tests.builders import asked, bank, banks, fresh_url
from tests.counting import counting

BANK = bank()
T = TypeVar("T")
GUILD, CHANNEL, HOST, SECONDS, ROUNDS = 1, 10, 100, 20, 4
people = st.integers(HOST, HOST + 2)
letters = st.sampled_from([0, 0, 1, 2])


def services(database: Database) -> tuple[LiveQuizService, LiveRoundService]:
    """What people do in live quizzes, and what moves those on."""
    return LiveQuizService(database, banks(), random.Random(1)), LiveRoundService(database, banks())


class LiveQuiz(RuleBasedStateMachine):
    """What is said here is the rule; the service must agree with it after every step."""

    engine = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.resources = ExitStack()
        self.url = self.resources.enter_context(fresh_url(self.engine))
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self.next_message = 1000
        self.joined: set[int] = set()
        self.opened: dict[int, datetime] = {}
        self.closed: set[int] = set()
        self.keys: dict[int, int] = {}
        self.chosen: dict[tuple[int, int], tuple[int, datetime, bool]] = {}
        self.ended = False

    def run(self, work: Awaitable[T]) -> T:
        async def whole() -> T:
            return await work

        return self.loop.run_until_complete(whole())

    def connect(self) -> None:
        self.database = Database(self.url)
        self.service, self.rounds = services(self.database)

    @initialize(begun=st.sampled_from([True, True, False]))
    def begin(self, begun: bool) -> None:
        self.connect()
        wish = NewLiveQuiz(None, None, ROUNDS, SECONDS)
        self.live_id = self.run(self.service.open(GUILD, CHANNEL, HOST, "host", wish, self.now))
        if begun:
            self.join(HOST)
            self.start(HOST)
            self.wait(0)

    def view(self) -> LiveQuizView:
        view = self.run(self.service.view(self.live_id))
        assert view is not None
        return view

    def right(self, position: int) -> int:
        if position not in self.keys:
            asked = self.view().at(position)
            assert asked is not None
            self.keys[position] = next(at for at, option in enumerate(asked.options) if option.why is None)
        return self.keys[position]

    @rule(member=people)
    def join(self, member: int) -> None:
        try:
            joined = self.run(self.service.join(self.live_id, GUILD, member, "x", self.now))
        except Refusal:
            assert self.ended
        else:
            assert not self.ended and joined.fresh == (member not in self.joined)
            self.joined.add(member)

    @precondition(lambda self: bool(self.joined))
    @rule(member=people)
    def start(self, member: int) -> None:
        try:
            self.run(self.service.start(self.live_id, GUILD, member, self.now, manager=False))
        except Refusal:
            assert self.ended or member != HOST or self.view().live.state is not LiveState.LOBBY
        else:
            assert member == HOST

    @rule(
        member=people, back=st.sampled_from([0, 0, 0, 1]), ago=st.integers(0, 2), offs=st.lists(letters, max_size=3)
    )
    def press(self, member: int, back: int, ago: int, offs: list[int]) -> None:
        """Presses letters of the present or an earlier round; the presses may have been on their way a while."""
        position = self.view().live.position - back
        if position in self.opened:
            for off in offs:
                self.press_one(
                    member, position, (self.right(position) + off) % 4, self.now - timedelta(seconds=ago)
                )

    def press_one(self, member: int, position: int, letter: int, at: datetime) -> None:
        card_at = self.opened[position]
        press = Press(self.live_id, position, letter, GUILD, member, "x", at=at, card_at=card_at)
        verdict = self.run(self.service.press(press)).verdict
        bell = card_at + timedelta(seconds=SECONDS)
        held = self.chosen.get((position, member))
        if self.ended:
            assert verdict is Verdict.ENDED
        elif position in self.closed:
            assert verdict is Verdict.OVER
        elif at > bell:
            assert verdict is Verdict.LATE
        elif held is None:
            assert verdict is Verdict.CHOSEN
            self.chosen[position, member] = letter, at, False
            self.joined.add(member)
        elif held[0] == letter or at < held[1]:
            assert verdict is Verdict.SAME
        elif held[2]:
            assert verdict is Verdict.SPENT
        else:
            assert verdict is Verdict.CHANGED
            self.chosen[position, member] = letter, at, True

    @rule()
    def dawdle(self) -> None:
        """The bell of the open round rings, but the bot is slow."""
        live = self.view().live
        if live.state is LiveState.ASKING:
            self.now = max(self.now, self.opened[live.position] + timedelta(seconds=SECONDS, milliseconds=500))

    @rule(seconds=st.sampled_from([1, 3, 9, 22, 61]))
    def wait(self, seconds: int) -> None:
        """Time passes, and the runner takes each step that is due, sending the card of a new round."""
        self.now += timedelta(seconds=seconds)
        for _ in range(2 * ROUNDS + 2):
            before = self.view().live
            moved = self.run(self.rounds.advance(self.live_id, self.now))
            live = self.view().live
            assert moved == before.due(self.now)
            if before.state is LiveState.ASKING and moved:
                assert live.state is LiveState.SHOWING
                self.closed.add(before.position)
            if not moved:
                break
            if live.state is LiveState.ASKING:
                assert live.position not in self.opened
                self.opened[live.position] = self.now
                self.next_message += 1
                self.run(asked(self.database, self.live_id, live.position, self.next_message, self.now))
            self.ended = not live.running

    @precondition(lambda self: len(self.closed) > 1)
    @rule(member=people)
    def stop(self, member: int) -> None:
        try:
            self.run(self.service.stop(self.live_id, GUILD, member, self.now, manager=False))
        except Refusal:
            assert self.ended or member != HOST
        else:
            assert not self.ended and member == HOST
            self.ended = True

    @rule()
    def restart(self) -> None:
        self.run(self.database.close())
        self.connect()

    @rule()
    def refuse_a_second(self) -> None:
        wish = NewLiveQuiz(None, None, 1, SECONDS)
        if self.ended:
            return
        try:
            self.run(self.service.open(GUILD, CHANNEL, HOST, "host", wish, self.now))
        except Refusal:
            return
        raise AssertionError("two in one channel")

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "live_id"):
            return
        view = self.view()
        stored = {(c.position, c.member_id): (c.chosen, c.chosen_at, c.changed) for c in view.choices}
        assert stored == self.chosen
        assert set(view.players) == self.joined and view.live.running == (not self.ended)
        scores: dict[int, int] = {}
        for (position, member), (letter, at, _) in self.chosen.items():
            assert at <= self.opened[position] + timedelta(seconds=SECONDS)
            if position in self.closed:
                t = (at - self.opened[position]).total_seconds()
                worth = round(1000 * (1 - max(t, 0) / SECONDS / 2)) if letter == self.right(position) else 0
                scores[member] = scores.get(member, 0) + worth
        assert {place.member_id: place.score for place in view.places} == scores
        booked = self.run(self.database.read(self.entries))
        answered = {m: sum(p in self.closed for p, who in self.chosen if who == m) for m in scores}
        owed = {m: round(15 * score / (1000 * ROUNDS)) for m, score in scores.items() if answered[m] * 2 >= ROUNDS}
        owed = owed if len(scores) > 1 else {}  # whoever plays alone has the solo quiz for points
        assert booked == ({m: points for m, points in owed.items() if points} if self.ended else {})

    @staticmethod
    def entries(conn: Connection) -> dict[int, int]:
        rows = conn.execute(sa.select(schema.ledger)).all()
        assert len({row.reference for row in rows}) == len(rows) == len({row.member_id for row in rows})
        return {row.member_id: row.points for row in rows}

    @staticmethod
    def standings(conn: Connection) -> bool:
        return ledger.stored(conn) == ledger.recompute(conn)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            assert self.run(self.database.read(self.standings))
            self.run(self.database.close())
        self.loop.close()
        self.resources.close()


LiveQuiz.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
)
TestLiveQuiz = LiveQuiz.TestCase


class LiveQuizOnPostgres(LiveQuiz):
    """The same on the other engine."""

    engine = "postgres"


LiveQuizOnPostgres.TestCase.settings = settings(LiveQuiz.TestCase.settings, max_examples=4)
TestLiveQuizOnPostgres = LiveQuizOnPostgres.TestCase


def gathered(count: int) -> Callable[[LiveQuizService, int, datetime], Awaitable[list[Any]]]:
    """Presses of many members in one moment."""

    async def work(service: LiveQuizService, live_id: int, at: datetime) -> list[Any]:
        presses = [Press(live_id, 0, who % 4, GUILD, who, f"m{who}", at, at) for who in range(count)]
        return await asyncio.gather(*(service.press(press) for press in [*presses, *presses]))

    return work


async def test_presses_of_one_moment_are_counted_once_each(database: Database):
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    service, rounds = services(database)
    live_id = await service.open(GUILD, CHANNEL, HOST, "host", NewLiveQuiz(None, None, 1, SECONDS), now)
    await service.join(live_id, GUILD, 0, "m0", now)
    await service.start(live_id, GUILD, HOST, now, manager=False)
    assert await rounds.advance(live_id, now)
    await asked(database, live_id, 0, 1, now)
    results = await gathered(100)(service, live_id, now)
    assert [r.verdict for r in results] == [Verdict.CHOSEN] * 100 + [Verdict.SAME] * 100
    view = await service.view(live_id)
    assert view is not None and sorted(c.member_id for c in view.choices) == list(range(100))
    assert len(view.names) == 101 and view.live.next_at == now + timedelta(seconds=3)


async def played(database: Database, players: int) -> tuple[LiveQuizService, LiveRoundService, int, datetime]:
    """A quiz of four rounds whose last pause is over; half of its players are in a team."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    service, rounds = services(database)
    live_id = await service.open(GUILD, CHANNEL, HOST, "host", NewLiveQuiz(None, None, ROUNDS, SECONDS), now)
    joins = (service.join(live_id, GUILD, who, f"m{who}", now) for who in range(players))
    assert all(joined.fresh for joined in await asyncio.gather(*joins))

    def team_up(conn: Connection) -> None:
        team_id = teams.add(conn, GUILD, "Evens", None, now).id
        for who in range(0, players, 2):
            teams.move(conn, GUILD, who, teams.Placement(team_id), now)

    await database.write(team_up)
    await service.start(live_id, GUILD, HOST, now, manager=False)
    for position in range(ROUNDS):
        assert await rounds.advance(live_id, now)
        await asked(database, live_id, position, position + 1, now)
        # Each option is chosen by some of either half, whichever is right.
        presses = [
            Press(live_id, position, who // 2 % 4, GUILD, who, f"m{who}", now, now) for who in range(players)
        ]
        await asyncio.gather(*(service.press(press) for press in presses))
        now += timedelta(seconds=30)
        assert await rounds.advance(live_id, now)
        now += timedelta(seconds=30)
    return service, rounds, live_id, now


async def test_the_end_of_a_large_quiz_is_few_statements_and_the_books_agree(database: Database):
    """Else its one transaction holds up everybody else's presses for seconds."""
    service, rounds, live_id, now = await played(database, 100)
    with counting(database) as end:
        assert await rounds.advance(live_id, now)
    assert end.statements < 30, end
    with counting(database) as looks:  # all look at their result at once
        views = await asyncio.gather(*(service.result(live_id) for _ in range(100)))
    assert looks.statements < 12 and all(view is views[0] for view in views), looks
    view = views[0]
    assert view is not None and not view.live.running
    missed = {(c.member_id, view.rounds[c.position].question_id) for c in view.choices if not c.right}

    def books(conn: Connection) -> None:
        stored = ledger.stored(conn)
        assert stored == ledger.recompute(conn)
        rows = conn.execute(sa.select(schema.ledger)).all()
        assert {row.member_id: row.points for row in rows} == {
            place.member_id: view.points(place) for place in view.places if view.points(place)
        }
        assert {row.team_id is not None for row in rows if row.member_id % 2 == 0} == {True}
        assert {row.team_id for row in rows if row.member_id % 2} == {None}
        cards = conn.execute(sa.select(schema.cards)).all()
        assert {(card.member_id, card.question_id) for card in cards} == missed

    await database.read(books)
