"""Ledger, standings, votes and best answers bear each other out after any history through the services."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.drills import Drill, Mode, Reveal
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.services.answers import AnswerService, IncomingMessage, SubmittedForm
from bot.services.audit import report
from bot.services.drill_places import DrillPlaceService
from bot.services.drills import DrillService
from bot.services.teams import TeamService
from bot.services.votes import VoteService
from bot.storage import servers
from bot.storage.database import Database
from bot.storage.privacy_log import DeletionLog
from tests.builders import bank, banks, come_by, fresh_url, made_team, posted
from tests.storage.test_drills import make_track

BANK = bank()
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROLE = 10
THUMBS = ("👍", "👍🏿")
TEXTS = ("hm", "The point first and then how it works")


class Practice:
    """An open and a blind channel; every step takes two small numbers that say who, where and what."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.answers = AnswerService(database, DeletionLog(None), min_words=5, min_chars=30)
        self.service = DrillService(database, banks(), timedelta(hours=6))
        self.places = DrillPlaceService(database)
        self.votes = VoteService(database, DeletionLog(None))
        self.teams = TeamService(database)
        self.now = START
        self.number = 1000
        self.drills: list[int] = []
        self.messages: list[tuple[int, int]] = []

    async def open(self) -> None:
        every_day = frozenset(range(7))
        self.tracks = [
            await make_track(self.database, channel_id=channel, days=every_day, mode=mode)
            for channel, mode in ((1, Mode.OPEN), (2, Mode.BLIND))
        ]
        await self.database.write(lambda conn: servers.set_zone(conn, 1, "America/New_York"))
        for name, role in (("Role", ROLE), ("Open", None)):
            await made_team(self.database, 1, name, role, START - timedelta(days=60))
        await self.post(0, 0)

    async def stored(self, drill_id: int) -> Drill:
        drill = await self.service.get(drill_id)
        assert drill is not None
        return drill

    async def drill(self, pick: int) -> Drill:
        """One of the newest drills."""
        recent = self.drills[-3:]
        return await self.stored(recent[pick % len(recent)])

    def message(self, pick: int) -> tuple[int, int]:
        """(drill, message) of one of the newest messages; a message of nobody's before the first."""
        recent = self.messages[-6:] or [(self.drills[0], 1)]
        return recent[pick % len(recent)]

    def next_id(self) -> int:
        self.number += 1
        return self.number

    async def wait(self, hours: int, _: int) -> None:
        self.now += timedelta(hours=1 + 3 * hours)

    async def post(self, track: int, _: int) -> None:
        """The next day's question, which closes the one before; on the same day again where that one is void."""
        self.now += timedelta(hours=12)
        claim = await self.service.claim_today(self.tracks[track % 2], self.now)
        if claim.existed or claim.drill is None or claim.drill.question_id is None:
            return
        message = self.next_id()
        await posted(self.database, claim.drill, message, self.now)
        await self.service.threaded(claim.drill, message, None)
        self.drills.append(claim.drill.id)

    async def close(self, pick: int, _: int) -> None:
        await self.service.close((await self.drill(pick)).id, self.now)

    async def reveal(self, _: int, __: int) -> None:
        """What is closed is revealed, and votes that have ended are tallied."""
        for drill in [await self.stored(drill_id) for drill_id in self.drills]:
            if drill.reveal is Reveal.DUE:
                if drill.mode is Mode.OPEN:
                    await self.votes.tally(drill.id)
                await self.service.revealed(drill, Reveal.CARD)
                await self.service.revealed(drill, Reveal.DONE)
        for drill in await self.votes.to_tally(self.now):
            await self.votes.tally(drill.id)

    async def lose_card(self, pick: int, really: int) -> None:
        """The message of a drill is deleted, now and then."""
        if really == 0:
            await self.places.message_deleted((await self.drill(pick)).message_id or 0)

    async def write(self, pick: int, other: int) -> None:
        """A message in a drill's thread, of now or found in the history, which reaches the bot twice."""
        drill, ago = await self.drill(pick), timedelta(hours=(0, 0, 5, 30)[other % 4])
        text, member = TEXTS[other % 2], 1 + other % 3
        sent = self.now - ago
        incoming = IncomingMessage(
            self.next_id(), drill.thread_id or 0, None, member, "M", text, False, False, sent
        )
        for _ in range(2):
            await self.answers.collect(incoming)
        self.messages.append((drill.id, incoming.message_id))

    async def fill_in(self, pick: int, other: int) -> None:
        drill = await self.drill(pick)
        await self.answers.submit(SubmittedForm(drill.id, 1 + other % 3, "M", TEXTS[other % 2], self.now))

    async def edit(self, pick: int, other: int) -> None:
        await self.answers.follow_edit(self.message(pick)[1], TEXTS[other % 2], False, self.now)

    async def delete(self, pick: int, _: int) -> None:
        await self.answers.erase(self.message(pick)[1])

    async def vote(self, pick: int, voters: int) -> None:
        """Up to eight people put a 👍 on a message."""
        for voter in range(1, 2 + voters):
            await self.votes.give(self.message(pick)[1], voter, THUMBS[voters % 2], self.now)

    async def take_back(self, pick: int, voter: int) -> None:
        """One person takes back what they gave, or a moderator takes all off."""
        thumbs = THUMBS[: voter % 3]
        await self.votes.take_back(self.message(pick)[1], self.now, voter_id=voter or None, thumbs=thumbs)

    async def read_up(self, pick: int, present: int) -> None:
        """What stands on a message after the bot was away."""
        drill_id, message = self.message(pick)
        drill = await self.stored(drill_id)
        open_to_votes = {known.id for known in await self.votes.open_to_votes([1])}
        for place in await self.votes.messages(drill.id):
            if place.message_id == message and drill_id in open_to_votes:
                await self.votes.correct(place, [(voter, "👍") for voter in range(present)], self.now)

    def actor(self, member: int, *roles: int, at: datetime | None = None) -> Actor:
        return Actor(
            guild_id=1,
            member_id=1 + member % 3,
            name="M",
            now=at or self.now,
            roles=frozenset(roles),
            existing=frozenset({ROLE}),
        )

    async def come_by(self, member: int, other: int) -> None:
        """A member is seen with the role or without it, some with an old message."""
        at = self.now - timedelta(hours=(0, 20)[other % 2])
        await come_by(self.database, self.actor(member, *((ROLE,) if other % 4 < 2 else ()), at=at))

    async def change_team(self, member: int, leaves: int) -> None:
        here = self.actor(member)
        try:
            if leaves % 2:
                await self.teams.leave(here)
            else:
                await self.teams.join(here, "Open")
        except Refusal:
            pass

    async def agrees(self) -> None:
        assert (await report(self.database)).disagreements == []


STEPS: list[Callable[[Practice, int, int], Awaitable[None]]] = [
    *(Practice.write, Practice.write, Practice.write, Practice.vote, Practice.vote, Practice.post, Practice.reveal),
    *(Practice.wait, Practice.close, Practice.lose_card, Practice.fill_in, Practice.edit, Practice.delete),
    *(Practice.take_back, Practice.read_up, Practice.come_by, Practice.change_team),
]
SMALL = st.integers(0, 7)
Steps = list[tuple[Callable[[Practice, int, int], Awaitable[None]], int, int]]


# One answer is too short when votes end and has most of them; it is completed after the other was found best.
COMPLETED_LATE = [
    *((Practice.write, 0, 0), (Practice.vote, 0, 3), (Practice.write, 0, 1), (Practice.vote, 1, 0)),
    *((Practice.close, 0, 0), (Practice.reveal, 0, 0), (Practice.fill_in, 0, 3)),
]


HISTORIES = st.lists(st.tuples(st.sampled_from(STEPS), SMALL, SMALL), min_size=20, max_size=60)


@settings(max_examples=10)
@example(COMPLETED_LATE)
@given(HISTORIES)
def test_the_books_agree_after_any_history(steps: Steps):
    play(steps, "sqlite")


@settings(max_examples=2)
@example(COMPLETED_LATE)
@given(HISTORIES)
def test_they_agree_on_postgres(steps: Steps):
    play(steps, "postgres")


def play(steps: Steps, engine: str) -> None:
    """A history from its beginning; the books are compared now and then, and at the end."""

    async def run(url: str) -> None:
        async with Database(url) as database:
            practice = Practice(database)
            await practice.open()
            for number, (step, one, other) in enumerate(steps):
                await step(practice, one, other)
                if number % 5 == 0:
                    await practice.agrees()
            await practice.agrees()

    with fresh_url(engine) as url:
        asyncio.run(run(url))
