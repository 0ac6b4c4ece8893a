"""What people do in a live quiz: open, join, start, choose, stop, and look at it. `live_rounds` moves it on."""

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import live_quizzes as rules
from bot.domain.bank import Bank, Item, Option
from bot.domain.errors import BadInput
from bot.domain.live_quizzes import LiveChoice, LiveQuiz, LiveState, Verdict
from bot.domain.quizzes import nothing_fits
from bot.domain.text import link_to
from bot.services.live_rounds import finish
from bot.services.live_view import Join, Joined, LiveQuestion, LiveQuizView, NewLiveQuiz, Press, Pressed
from bot.services.reviews import ReviewService
from bot.storage import live_quizzes, members, servers, teams
from bot.storage.database import Database

ENDED = "This quiz has ended. `/quiz live` starts a new one."
NOT_YOURS = "Only the host, or somebody with the permission Manage Server, can do this."


class LiveQuizService:
    """Takes what people do in live quizzes, and shows how those stand."""

    def __init__(
        self,
        database: Database,
        bank: Bank,
        cards: ReviewService,
        chance: random.Random | None = None,
    ) -> None:
        self._db = database
        self._bank = bank
        self._cards = cards
        self._chance = chance or random.Random()
        self._reading: dict[int, asyncio.Task[LiveQuizView | None]] = {}

    def _options(self, live_id: int, item: Item) -> tuple[Option, ...]:
        return item.options(f"live:{live_id}")

    async def view(self, live_id: int) -> LiveQuizView | None:
        """A live quiz as its cards show it."""

        def work(conn: Connection) -> LiveQuizView | None:
            live = live_quizzes.get(conn, live_id)
            if live is None:
                return None
            rounds = live_quizzes.rounds_of(conn, live_id)
            players = live_quizzes.players(conn, live_id)
            choices = live_quizzes.choices_of(conn, live_id)
            people = {live.host_id, *players, *(choice.member_id for choice in choices)}
            names = members.board_names(conn, live.guild_id, list(people))
            asked = tuple(
                LiveQuestion(r, number, len(rounds), *found, self._options(live_id, found[0]))
                for number, r in enumerate(rounds, start=1)
                if (found := self._bank.item(r.item_id)) is not None
            )
            sides = teams.names_of_members(conn, live.guild_id, list(people))
            places = tuple(rules.ranking(choices, rules.opened(rounds), live.seconds))
            return LiveQuizView(live, tuple(rounds), asked, tuple(players), tuple(choices), names, sides, places)

        return await self._db.read(work)

    async def result(self, live_id: int) -> LiveQuizView | None:
        """The same for an ended quiz, whose players all look at once: those who come while it is read share it."""
        reading = self._reading.get(live_id)
        if reading is None:
            reading = self._reading[live_id] = asyncio.create_task(self.view(live_id))
            reading.add_done_callback(lambda _: self._reading.pop(live_id))
        return await asyncio.shield(reading)

    async def running_in(self, channel_id: int) -> LiveQuizView | None:
        """The live quiz that runs in a channel."""
        live = await self._db.read(lambda conn: live_quizzes.running_in(conn, channel_id))
        return None if live is None else await self.view(live.id)

    async def open(
        self, guild_id: int, channel_id: int, host_id: int, name: str, wish: NewLiveQuiz, now: datetime
    ) -> int:
        """Opens a lobby and returns the quiz's id.

        Raises:
            BadInput: one runs in the channel already, or no item fits.
        """

        def work(conn: Connection) -> int:
            running = live_quizzes.running_in(conn, channel_id)
            if running is not None:
                raise BadInput(f"A live quiz is running here already: {self._link(conn, running)}. Join it.")
            asked = live_quizzes.last_asked(conn, guild_id, channel_id)
            items = rules.pick_items(self._fitting(wish), asked, wish.count, self._chance)
            servers.ensure(conn, guild_id)
            members.record(conn, guild_id, host_id, name, now)
            values = dict(
                guild_id=guild_id,
                channel_id=channel_id,
                host_id=host_id,
                state=LiveState.LOBBY,
                topic=wish.topic,
                difficulty=wish.difficulty,
                seconds=wish.seconds,
                position=0,
                next_at=now + rules.LOBBY,
                made_at=now,
            )
            return live_quizzes.add(conn, values, items)

        return await self._db.write(work)

    def _fitting(self, wish: NewLiveQuiz) -> list[tuple[str, str]]:
        fitting = [(item.id, question.id) for item, question in self._bank.items(wish.topic, wish.difficulty)]
        if not fitting:
            ready = (question.topic for _, question in self._bank.items(None, wish.difficulty))
            raise BadInput(nothing_fits(ready, wish.topic, wish.difficulty))
        return fitting

    def _link(self, conn: Connection, live: LiveQuiz) -> str:
        message_id = live.message_id
        if live.state is not LiveState.LOBBY:
            present = live_quizzes.round_at(conn, live.id, live.position)
            message_id = (present and present.message_id) or message_id
        return link_to(live.guild_id, live.channel_id, message_id)

    async def join(self, live_id: int, guild_id: int, member_id: int, name: str, now: datetime) -> Joined:
        """Adds a player. Raises BadInput when the quiz is over."""

        joined = await self._db.write(
            lambda conn: self._join_all(conn, [Join(live_id, guild_id, member_id, name, now)])[0]
        )
        if joined is None:
            raise BadInput(ENDED)
        return joined

    def _join_all(self, conn: Connection, joins: list[Join]) -> list[Joined | None]:
        """Adds those who pressed Join in one moment; None for those whose quiz is over."""
        found: dict[tuple[int, int], tuple[LiveQuiz | None, set[int]]] = {}
        results: list[Joined | None] = []
        for join in joins:
            key = (join.guild_id, join.live_id)
            if key not in found:
                live = live_quizzes.get(conn, join.live_id)
                fits = live is not None and live.guild_id == join.guild_id and live.running
                found[key] = (live, set(live_quizzes.players(conn, join.live_id))) if fits else (None, set())
            live, players = found[key]
            results.append(None if live is None else Joined(live, join.member_id not in players))
            players.add(join.member_id)
        for (guild_id, live_id), (live, _) in found.items():
            here = [join for join in joins if (join.guild_id, join.live_id) == (guild_id, live_id)]
            if live is not None:
                at = max(join.at for join in here)
                members.record_all(conn, guild_id, {join.member_id: join.name for join in here}, at)
                live_quizzes.join(conn, guild_id, live_id, {join.member_id: join.at for join in here})
        return results

    async def leave(self, live_id: int, guild_id: int, member_id: int, now: datetime) -> bool:
        """Takes a player out; what they chose counts. Returns whether the open round waited for nobody else."""

        def work(conn: Connection) -> bool:
            live = self._running(conn, live_id, guild_id)
            live_quizzes.leave(conn, live_id, member_id)
            return live.state is LiveState.ASKING and self._hurry(conn, live, now)

        return await self._db.write(work)

    def _running(self, conn: Connection, live_id: int, guild_id: int, host_id: int | None = None) -> LiveQuiz:
        """A running quiz; where a host is named, only theirs."""
        live = live_quizzes.get(conn, live_id)
        if live is None or live.guild_id != guild_id or not live.running:
            raise BadInput(ENDED)
        if host_id not in (None, live.host_id):
            raise BadInput(NOT_YOURS)
        return live

    async def start(self, live_id: int, guild_id: int, member_id: int, now: datetime, *, manager: bool) -> None:
        """Ends the lobby now.

        Raises:
            BadInput: not the host, nobody joined, or the quiz has begun or ended.
        """

        def work(conn: Connection) -> None:
            live = self._running(conn, live_id, guild_id, None if manager else member_id)
            if live.state is not LiveState.LOBBY:
                raise BadInput("The quiz has begun. Press a letter to take part.")
            if not live_quizzes.players(conn, live_id):
                raise BadInput("Nobody has joined yet. Press **Join** first.")
            live_quizzes.change(conn, live_id, next_at=now)

        await self._db.write(work)

    async def stop(self, live_id: int, guild_id: int, member_id: int, now: datetime, *, manager: bool) -> None:
        """Ends a quiz; the round that is open does not count. Raises BadInput for others than host and managers."""

        def work(conn: Connection) -> None:
            live = self._running(conn, live_id, guild_id, None if manager else member_id)
            finish(conn, self._cards, live, LiveState.STOPPED, now)

        await self._db.write(work)

    async def press(self, press: Press) -> Pressed:
        """Takes a choice; the last one counts, with its time. Presses of one moment are stored together."""
        return await self._db.write(lambda conn: self._take(conn, [press])[0])

    def _take(self, conn: Connection, presses: list[Press]) -> list[Pressed]:
        """Judges presses in the order in which they came, and stores those that count."""
        results: dict[int, Pressed] = {}
        rounds: dict[tuple[int, int, int], list[int]] = {}
        for number, press in enumerate(presses):
            rounds.setdefault((press.guild_id, press.live_id, press.position), []).append(number)
        for numbers in rounds.values():
            results |= self._take_round(conn, {number: presses[number] for number in numbers})
        return [results[number] for number in range(len(presses))]

    def _take_round(self, conn: Connection, presses: dict[int, Press]) -> dict[int, Pressed]:
        """Presses on the same round."""
        first = next(iter(presses.values()))
        live = live_quizzes.get(conn, first.live_id)
        if live is None or live.guild_id != first.guild_id or not live.running:
            return {number: Pressed(Verdict.ENDED, press.chosen) for number, press in presses.items()}
        asked = live_quizzes.round_at(conn, live.id, first.position)
        found = None if asked is None else self._bank.item(asked.item_id)
        if asked is None or found is None or (live.state, live.position) != (LiveState.ASKING, first.position):
            return {number: Pressed(Verdict.OVER, press.chosen) for number, press in presses.items()}
        bell = (asked.opened_at or first.card_at) + timedelta(seconds=live.seconds)
        options = self._options(live.id, found[0])
        standing = {choice.member_id: choice for choice in live_quizzes.choices_in(conn, live.id, asked.position)}
        results: dict[int, Pressed] = {}
        made: dict[int, LiveChoice] = {}
        for number, press in presses.items():
            earlier = standing.get(press.member_id)
            verdict = rules.weigh(earlier, press.chosen, press.at, bell)
            if verdict in (Verdict.CHOSEN, Verdict.CHANGED):
                changed, right = verdict is Verdict.CHANGED, options[press.chosen].why is None
                choice = LiveChoice(press.member_id, asked.position, press.chosen, press.at, changed, right)
                standing[press.member_id] = made[press.member_id] = choice
                results[number] = Pressed(verdict, press.chosen)
            else:
                results[number] = Pressed(verdict, earlier.chosen if earlier else press.chosen)
        if made:
            people = {press.member_id: press.name for press in presses.values() if press.member_id in made}
            latest = max(choice.chosen_at for choice in made.values())
            members.record_all(conn, live.guild_id, people, latest)
            live_quizzes.choose(conn, live.guild_id, live.id, made.values())
            if self._hurry(conn, live, latest):
                last = max(results)
                results[last] = replace(results[last], hurried=True)
        return results

    def _hurry(self, conn: Connection, live: LiveQuiz, at: datetime) -> bool:
        """Everybody who is in has chosen: the bell comes forward."""
        soon = at + rules.LAST_WORD
        if live.next_at is None or live.next_at <= soon:
            return False
        if not live_quizzes.everybody_chose(conn, live.id, live.position):
            return False
        live_quizzes.change(conn, live.id, next_at=soon)
        return True
