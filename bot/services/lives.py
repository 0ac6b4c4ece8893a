"""Use cases of a live quiz. The database decides when it moves on; the quizmaster brings it to the channel."""

import asyncio
import random
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import live as rules
from bot.domain.errors import BadInput
from bot.domain.live import Choice, Live, LiveRound, LiveState, Verdict
from bot.domain.points import Reason, live_prefix
from bot.domain.questions import Item, Option, Pack, Question
from bot.services.cards import CardService
from bot.services.live_view import Asked, Join, Joined, LiveView, Press, Pressed, Wish
from bot.storage import ledger, lives, servers, teams
from bot.storage.batch import Batch
from bot.storage.engine import Database

PATIENCE = 12
"""After this many failures in a row of bringing something to Discord a quiz ends."""
LAST_PATIENCE = 60 * PATIENCE
"""After this many its end is not brought there either."""
ENDED = "This quiz has ended. `/quiz live` starts a new one."
NOT_YOURS = "Only the host, or somebody with the permission Manage Server, can do this."


def _opened(rounds: Iterable[LiveRound]) -> dict[int, datetime]:
    """When each round began that has closed, by its position."""
    return {r.position: r.opened_at for r in rounds if r.opened_at and r.closed_at}


class LiveService:
    """Opens, moves on, scores and ends live quizzes."""

    def __init__(
        self,
        database: Database,
        pack: Callable[[], Pack],
        cards: CardService,
        chance: random.Random | None = None,
    ) -> None:
        self._db = database
        self._pack = pack
        self._cards = cards
        self._chance = chance or random.Random()
        self._presses = Batch(database, self._take)
        self._joins = Batch(database, self._join_all)
        self._reading: dict[int, asyncio.Task[LiveView | None]] = {}

    def _find(self, item_id: str) -> tuple[Item, Question] | None:
        for question in self._pack().questions:
            for item in question.items:
                if item.id == item_id:
                    return item, question
        return None

    def _options(self, live_id: int, item: Item) -> tuple[Option, ...]:
        return item.options(f"live:{live_id}")

    async def view(self, live_id: int) -> LiveView | None:
        """A live quiz as its cards show it."""

        async def work(conn: AsyncConnection) -> LiveView | None:
            live = await lives.get(conn, live_id)
            if live is None:
                return None
            rounds = await lives.rounds_of(conn, live_id)
            players = await lives.players(conn, live_id)
            choices = await lives.choices_of(conn, live_id)
            people = {live.host_id, *players, *(choice.member_id for choice in choices)}
            names = await servers.board_names(conn, live.guild_id, list(people))
            asked = tuple(
                Asked(r, number, len(rounds), *found, self._options(live_id, found[0]))
                for number, r in enumerate(rounds, start=1)
                if (found := self._find(r.item_id)) is not None
            )
            sides = await teams.names_of_members(conn, live.guild_id, list(people))
            places = tuple(rules.ranking(choices, _opened(rounds), live.seconds))
            return LiveView(live, tuple(rounds), asked, tuple(players), tuple(choices), names, sides, places)

        return await self._db.read(work)

    async def result(self, live_id: int) -> LiveView | None:
        """The same for an ended quiz, whose players all look at once: those who come while it is read share it."""
        reading = self._reading.get(live_id)
        if reading is None:
            reading = self._reading[live_id] = asyncio.create_task(self.view(live_id))
            reading.add_done_callback(lambda _: self._reading.pop(live_id))
        return await asyncio.shield(reading)

    async def running_in(self, channel_id: int) -> LiveView | None:
        """The live quiz that runs in a channel."""
        live = await self._db.read(lambda conn: lives.running_in(conn, channel_id))
        return None if live is None else await self.view(live.id)

    # What people do.

    async def open(self, guild_id: int, channel_id: int, host_id: int, name: str, wish: Wish, now: datetime) -> int:
        """Opens a lobby and returns the quiz's id.

        Raises:
            BadInput: one runs in the channel already, or no item fits.
        """

        async def work(conn: AsyncConnection) -> int:
            running = await lives.running_in(conn, channel_id)
            if running is not None:
                raise BadInput(f"A live quiz is running here already: {await self._link(conn, running)}. Join it.")
            asked = await lives.last_asked(conn, guild_id, channel_id)
            items = rules.pick_items(self._fitting(wish), asked, wish.count, self._chance)
            await servers.touch(conn, guild_id)
            await servers.saw(conn, guild_id, host_id, name, now)
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
            return await lives.add(conn, values, items)

        return await self._db.write(work)

    def _fitting(self, wish: Wish) -> list[tuple[str, str]]:
        questions = [q for q in self._pack().questions if q.items and wish.difficulty in (None, q.difficulty)]
        fitting = [(item.id, q.id) for q in questions if wish.topic in (None, q.topic) for item in q.items]
        if fitting:
            return fitting
        if not questions:
            raise BadInput("There are no quiz items of this kind yet. Try another difficulty.")
        items = f"{wish.difficulty} items" if wish.difficulty else "items"
        ready = ", ".join(dict.fromkeys(question.topic for question in questions))
        raise BadInput(f"There are no {items} on {wish.topic or 'this'} yet. Topics with {items}: {ready}.")

    async def _link(self, conn: AsyncConnection, live: Live) -> str:
        message_id = live.message_id
        if live.state is not LiveState.LOBBY:
            present = await lives.round_at(conn, live.id, live.position)
            message_id = (present and present.message_id) or message_id
        place = f"https://discord.com/channels/{live.guild_id}/{live.channel_id}"
        return f"{place}/{message_id}" if message_id else place

    async def join(self, live_id: int, guild_id: int, member_id: int, name: str, now: datetime) -> Joined:
        """Adds a player. Raises BadInput when the quiz is over."""

        joined = await self._joins.do(Join(live_id, guild_id, member_id, name, now))
        if joined is None:
            raise BadInput(ENDED)
        return joined

    async def _join_all(self, conn: AsyncConnection, joins: list[Join]) -> list[Joined | None]:
        """Adds those who pressed Join in one moment; None for those whose quiz is over."""
        found: dict[tuple[int, int], tuple[Live | None, set[int]]] = {}
        results: list[Joined | None] = []
        for join in joins:
            key = (join.guild_id, join.live_id)
            if key not in found:
                live = await lives.get(conn, join.live_id)
                fits = live is not None and live.guild_id == join.guild_id and live.running
                found[key] = (live, set(await lives.players(conn, join.live_id))) if fits else (None, set())
            live, players = found[key]
            results.append(None if live is None else Joined(live, join.member_id not in players))
            players.add(join.member_id)
        for (guild_id, live_id), (live, _) in found.items():
            here = [join for join in joins if (join.guild_id, join.live_id) == (guild_id, live_id)]
            if live is not None:
                at = max(join.at for join in here)
                await servers.saw_all(conn, guild_id, {join.member_id: join.name for join in here}, at)
                await lives.join(conn, guild_id, live_id, {join.member_id: join.at for join in here})
        return results

    async def leave(self, live_id: int, guild_id: int, member_id: int, now: datetime) -> bool:
        """Takes a player out; what they chose counts. Returns whether the open round waited for nobody else."""

        async def work(conn: AsyncConnection) -> bool:
            live = await self._running(conn, live_id, guild_id)
            await lives.leave(conn, live_id, member_id)
            return live.state is LiveState.ASKING and await self._hurry(conn, live, now)

        return await self._db.write(work)

    async def _running(self, conn: AsyncConnection, live_id: int, guild_id: int) -> Live:
        live = await lives.get(conn, live_id)
        if live is None or live.guild_id != guild_id or not live.running:
            raise BadInput(ENDED)
        return live

    async def start(self, live_id: int, guild_id: int, member_id: int, now: datetime, *, manager: bool) -> None:
        """Ends the lobby now.

        Raises:
            BadInput: not the host, nobody joined, or the quiz has begun or ended.
        """

        async def work(conn: AsyncConnection) -> None:
            live = await self._running(conn, live_id, guild_id)
            if member_id != live.host_id and not manager:
                raise BadInput(NOT_YOURS)
            if live.state is not LiveState.LOBBY:
                raise BadInput("The quiz has begun. Press a letter to take part.")
            if not await lives.players(conn, live_id):
                raise BadInput("Nobody has joined yet. Press **Join** first.")
            await lives.change(conn, live_id, next_at=now)

        await self._db.write(work)

    async def stop(self, live_id: int, guild_id: int, member_id: int, now: datetime, *, manager: bool) -> None:
        """Ends a quiz; the round that is open does not count. Raises BadInput for others than host and managers."""

        async def work(conn: AsyncConnection) -> None:
            live = await self._running(conn, live_id, guild_id)
            if member_id != live.host_id and not manager:
                raise BadInput(NOT_YOURS)
            await self._finish(conn, live, LiveState.STOPPED, now)

        await self._db.write(work)

    async def press(self, press: Press) -> Pressed:
        """Takes a choice; the last one counts, with its time. Presses of one moment are stored together."""
        return await self._presses.do(press)

    async def _take(self, conn: AsyncConnection, presses: list[Press]) -> list[Pressed]:
        """Judges presses in the order in which they came, and stores those that count."""
        results: dict[int, Pressed] = {}
        rounds: dict[tuple[int, int, int], list[int]] = {}
        for number, press in enumerate(presses):
            rounds.setdefault((press.guild_id, press.live_id, press.position), []).append(number)
        for numbers in rounds.values():
            results |= await self._take_round(conn, {number: presses[number] for number in numbers})
        return [results[number] for number in range(len(presses))]

    async def _take_round(self, conn: AsyncConnection, presses: dict[int, Press]) -> dict[int, Pressed]:
        """Presses on the same round."""
        first = next(iter(presses.values()))
        live = await lives.get(conn, first.live_id)
        if live is None or live.guild_id != first.guild_id or not live.running:
            return {number: Pressed(Verdict.ENDED, press.chosen) for number, press in presses.items()}
        asked = await lives.round_at(conn, live.id, first.position)
        found = None if asked is None else self._find(asked.item_id)
        if asked is None or found is None or (live.state, live.position) != (LiveState.ASKING, first.position):
            return {number: Pressed(Verdict.OVER, press.chosen) for number, press in presses.items()}
        bell = (asked.opened_at or first.card_at) + timedelta(seconds=live.seconds)
        options = self._options(live.id, found[0])
        standing = {choice.member_id: choice for choice in await lives.choices_in(conn, live.id, asked.position)}
        results: dict[int, Pressed] = {}
        made: dict[int, Choice] = {}
        for number, press in presses.items():
            earlier = standing.get(press.member_id)
            verdict = rules.weigh(earlier, press.chosen, press.at, bell)
            if verdict in (Verdict.CHOSEN, Verdict.CHANGED):
                changed, right = verdict is Verdict.CHANGED, options[press.chosen].why is None
                choice = Choice(press.member_id, asked.position, press.chosen, press.at, changed, right)
                standing[press.member_id] = made[press.member_id] = choice
                results[number] = Pressed(verdict, press.chosen)
            else:
                results[number] = Pressed(verdict, earlier.chosen if earlier else press.chosen)
        if made:
            people = {press.member_id: press.name for press in presses.values() if press.member_id in made}
            latest = max(choice.chosen_at for choice in made.values())
            await servers.saw_all(conn, live.guild_id, people, latest)
            await lives.choose(conn, live.guild_id, live.id, made.values())
            if await self._hurry(conn, live, latest):
                last = max(results)
                results[last] = replace(results[last], hurried=True)
        return results

    async def _hurry(self, conn: AsyncConnection, live: Live, at: datetime) -> bool:
        """Everybody who is in has chosen: the bell comes forward."""
        soon = at + rules.LAST_WORD
        if live.next_at is None or live.next_at <= soon:
            return False
        if not await lives.everybody_chose(conn, live.id, live.position):
            return False
        await lives.change(conn, live.id, next_at=soon)
        return True

    # How it moves on.

    async def advance(self, live_id: int, now: datetime) -> bool:
        """Takes the next step if it is due, once; returns whether it was."""

        async def work(conn: AsyncConnection) -> bool:
            live = await lives.get(conn, live_id)
            if live is None or not live.due(now):
                return False
            if live.state is LiveState.ASKING:
                await lives.change_round(conn, live_id, live.position, closed_at=now)
            if live.state is LiveState.ASKING:
                await lives.change(conn, live_id, state=LiveState.SHOWING, next_at=now + rules.PAUSE)
            elif live.state is LiveState.LOBBY and not await lives.players(conn, live_id):
                await self._finish(conn, live, LiveState.EMPTY, now)
            else:
                # As of the instant at which it was due: a late bot moves nobody's points into another week.
                await self._go_on(conn, live, live.next_at or now)
            return True

        return await self._db.write(work)

    async def pass_over(self, live_id: int, position: int, now: datetime) -> None:
        """The item of the open round left the bank: the round does not count, and the next one comes."""

        async def work(conn: AsyncConnection) -> None:
            live = await lives.get(conn, live_id)
            if live is not None and (live.state, live.position) == (LiveState.ASKING, position):
                await lives.change_round(conn, live_id, position, opened_at=None, closed_at=now)
                await lives.change(conn, live_id, state=LiveState.SHOWING, next_at=now)

        await self._db.write(work)

    async def forget(self, live_id: int, now: datetime) -> None:
        """Ends a quiz that stood still until its players were gone, as of the instant at which it stood still."""

        async def work(conn: AsyncConnection) -> None:
            live = await lives.get(conn, live_id)
            rounds = await lives.rounds_of(conn, live_id)
            if live is None or not live.forgotten(rounds, now):
                return
            since = live.waits_since(rounds)
            if live.state is LiveState.ASKING and live.next_at is not None:
                await lives.change_round(conn, live_id, live.position, closed_at=since)
            await self._finish(conn, live, LiveState.STOPPED, since)

        await self._db.write(work)

    async def _go_on(self, conn: AsyncConnection, live: Live, at: datetime) -> None:
        """The next round; or the end, after the last one or when nobody is there."""
        following: LiveRound | None = None
        closed: list[int] = []
        for r in await lives.rounds_of(conn, live.id):
            if r.closed_at is not None:
                closed.append(r.position)
            elif self._find(r.item_id) is None:
                await lives.drop_round(conn, live.id, r.position)
            elif following is None:
                following = r
        choices = await lives.choices_of(conn, live.id)
        if rules.nobody_there([sum(c.position == position for c in choices) for position in closed]):
            await self._finish(conn, live, LiveState.EMPTY, at)
        elif following is None:
            await self._finish(conn, live, LiveState.DONE, at)
        else:
            await lives.change(
                conn, live.id, state=LiveState.ASKING, position=following.position, next_at=None, shown=0
            )

    async def _finish(self, conn: AsyncConnection, live: Live, state: LiveState, at: datetime) -> None:
        """Ends a quiz, books its points, and makes cards of what was missed."""
        await lives.change(conn, live.id, state=state, next_at=None, finished_at=at)
        rounds = await lives.rounds_of(conn, live.id)
        opened = _opened(rounds)
        choices = await lives.choices_of(conn, live.id)
        asked = {r.position: r.question_id for r in rounds}
        # Hundreds may have played: as one statement for each of them, this would hold up everybody else's presses.
        wrong = {(c.member_id, asked[c.position]) for c in choices if c.position in opened and not c.right}
        await self._cards.missed(conn, live.guild_id, wrong, at)
        places = rules.ranking(choices, opened, live.seconds)
        earned = {p.member_id: rules.live_points(p.score, p.answered, len(rounds), len(places)) for p in places}
        await ledger.enter_all(
            conn,
            guild_id=live.guild_id,
            reason=Reason.LIVE,
            prefix=live_prefix(live.id),
            earned={member_id: points for member_id, points in earned.items() if points},
            at=at,
        )

    # What the quizmaster records.

    async def due(self, now: datetime) -> list[int]:
        """Quizzes whose next step is due."""
        return await self._db.read(lambda conn: lives.due(conn, now))

    async def unsettled(self) -> list[int]:
        """Quizzes that run, or whose end Discord does not show yet."""
        return await self._db.read(lives.unsettled)

    async def next_at(self, after: datetime) -> datetime | None:
        """The earliest instant after this one at which a step is due."""
        return await self._db.read(lambda conn: lives.next_at(conn, after))

    async def by_cards(self, message_ids: Collection[int]) -> list[int]:
        """Running quizzes whose present card is one of these messages."""
        return await self._db.read(lambda conn: lives.by_cards(conn, message_ids))

    async def trying(self, live: Live) -> None:
        """Records before a send that it may have happened: the next try looks first."""
        await self._db.write(lambda conn: lives.change(conn, live.id, attempts=max(live.attempts, 1)))

    async def lobby_posted(self, live_id: int, message_id: int) -> None:
        """Records the lobby's card."""
        await self._db.write(lambda conn: lives.change(conn, live_id, message_id=message_id, attempts=0))

    async def lobby_closed(self, live_id: int) -> None:
        """Records that the lobby's card no longer invites."""
        await self._db.write(lambda conn: lives.change(conn, live_id, lobby_open=False, attempts=0))

    async def asked(self, live_id: int, position: int, message_id: int, opened_at: datetime) -> None:
        """Records a round's card; the round began when the card came to stand in the channel."""

        async def work(conn: AsyncConnection) -> None:
            await lives.change_round(conn, live_id, position, message_id=message_id, opened_at=opened_at)
            live = await lives.get(conn, live_id)
            assert live is not None
            asking = (live.state, live.position) == (LiveState.ASKING, position)
            over = opened_at + timedelta(seconds=live.seconds) + rules.ON_THE_WAY
            await lives.change(conn, live_id, attempts=0, next_at=over if asking else live.next_at)

        await self._db.write(work)

    async def counted(self, live_id: int, count: int) -> None:
        """Records the count that the present card says."""
        await self._db.write(lambda conn: lives.change(conn, live_id, shown=count, attempts=0))

    async def revealed(self, live_id: int, position: int) -> None:
        """Records that a round's card says how it ended."""

        async def work(conn: AsyncConnection) -> None:
            await lives.change_round(conn, live_id, position, shown=True)
            await lives.change(conn, live_id, attempts=0)

        await self._db.write(work)

    async def settled(self, live_id: int, result_id: int | None) -> None:
        """Records that nothing is owed any more."""
        await self._db.write(
            lambda conn: lives.change(conn, live_id, settled=True, result_id=result_id, attempts=0)
        )

    async def give_up(self, live_id: int, now: datetime) -> None:
        """Discord refuses: channel, card or permission are gone. The quiz ends quietly, with what was scored."""

        async def work(conn: AsyncConnection) -> None:
            live = await lives.get(conn, live_id)
            if live is None:
                return
            if live.running:
                await self._finish(conn, live, LiveState.GONE, now)
            await lives.change(conn, live_id, settled=True)

        await self._db.write(work)

    async def failed(self, live_id: int, now: datetime, *, ours: bool = False) -> None:
        """Something is out of order: the next heartbeat tries again, and after about a minute the quiz ends.

        Its end is brought to Discord for about an hour more, so that nobody is left with a card that does nothing.

        Args:
            ours: the mistake is the bot's own, and will be the same in an hour.
        """

        async def work(conn: AsyncConnection) -> None:
            live = await lives.get(conn, live_id)
            if live is None:
                return
            tries = live.attempts + 1
            await lives.change(conn, live_id, attempts=tries)
            if tries >= PATIENCE and live.running:
                await self._finish(conn, live, LiveState.STOPPED, now)
            if tries >= (PATIENCE if ours else LAST_PATIENCE):
                await lives.change(conn, live_id, settled=True)

        await self._db.write(work)
