"""Standings of members and teams are what the ledger gives, after any history."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.services.teams import TeamService
from bot.storage import departures, ledger, servers, teams
from bot.storage.database import Database
from bot.storage.departures import MemberKey
from tests.builders import come_by, fresh_url, made_team
from tests.storage.test_drills import make_track

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROLES = (10, 20)
MEMBERS = st.sampled_from([1, 2, 3])
HOURS_AGO = st.integers(0, 24 * 40)


@dataclass
class Book:
    """What should be known: entries by reference, and since when each member has been in which team."""

    entries: dict[str, tuple[int | None, int, int, datetime, int | None]] = field(default_factory=dict)
    changes: dict[int, list[tuple[datetime, int | None]]] = field(default_factory=dict)
    gone: dict[int, datetime] = field(default_factory=dict)

    def team_of(self, member: int, at: datetime) -> int | None:
        return next((team for since, team in reversed(self.changes.get(member, [])) if since <= at), None)

    def change(self, member: int, at: datetime, team: int | None) -> None:
        """A change; what is older than the newest one known says nothing. What was earned later moves."""
        known = self.changes.setdefault(member, [])
        if known and at < known[-1][0]:
            return
        known.append((at, team))
        for reference, (track, owner, points, earned, _) in self.entries.items():
            if owner == member and earned > at:
                self.entries[reference] = (track, owner, points, earned, self.team_of(member, earned))

    def standings(self) -> dict[Any, tuple[int, datetime]]:
        """Every sum, one entry at a time."""
        sums: dict[Any, list[tuple[int, datetime]]] = {}
        for track, member, points, at, owner in self.entries.values():
            year, week, _ = at.isocalendar()
            for board in {0, track or 0}:
                for period in ("all", f"{year}-W{week:02}", f"{at.year}-{at.month:02}"):
                    for team in {0, owner or 0}:
                        sums.setdefault((1, board, period, team, member), []).append((points, at))
        return {cell: (sum(p for p, _ in rows), max(at for _, at in rows)) for cell, rows in sums.items()}


class History(RuleBasedStateMachine):
    """Points come, late and early, and go again, while members change teams."""

    references = Bundle("references")
    engine = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.url = self.resources.enter_context(fresh_url(self.engine))
        self.runner = asyncio.Runner()
        self.book = Book()
        self.now = START
        self.number = 0

    @initialize()
    def open(self) -> None:
        self.runner.run(self._open())

    async def _open(self) -> None:
        self.database = Database(self.url)
        self.teams = TeamService(self.database)
        self.tracks = [None, *[await make_track(self.database, channel_id=channel) for channel in (1, 2)]]
        await self.database.write(lambda conn: servers.set_zone(conn, 1, "UTC"))
        made = START - timedelta(days=60)
        self.by_role = [(await made_team(self.database, 1, f"Role {role}", role, made)).id for role in ROLES]
        self.joined = (await made_team(self.database, 1, "Open", None, made)).id

    def do(self, work: Callable[[], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            return await work()

        return self.runner.run(run())

    def actor(self, member: int, roles: set[int], at: datetime | None = None) -> Actor:
        return Actor(
            guild_id=1,
            member_id=member,
            name="Somebody",
            now=at or self.now,
            roles=frozenset(roles),
            existing=frozenset(ROLES),
        )

    def placed(self, member: int, roles: set[int]) -> int | None:
        """The team of a member with these roles: that of the older role, none when its role is gone."""
        for role, team in zip(ROLES, self.by_role, strict=True):
            if role in roles:
                return team
        now = self.book.team_of(member, datetime.max.replace(tzinfo=UTC))
        return None if now in self.by_role else now

    def interacts(self, member: int) -> None:
        """As with every command, the roles are followed before the command does anything."""
        self.do(lambda: come_by(self.database, self.actor(member, set())))
        self.follow(member, set(), self.now)

    def follow(self, member: int, roles: set[int], at: datetime) -> None:
        if member in self.book.gone and at < self.book.gone[member]:
            return
        self.book.gone.pop(member, None)
        team = self.placed(member, roles)
        if team != self.book.team_of(member, datetime.max.replace(tzinfo=UTC)):
            self.book.change(member, at, team)

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(target=references, member=MEMBERS, track=st.integers(0, 2), points=st.integers(1, 15), hours=HOURS_AGO)
    def earn(self, member: int, track: int, points: int, hours: int) -> str:
        self.number += 1
        reference, at, track_id = f"r{self.number}", self.now - timedelta(hours=hours), self.tracks[track]
        for first in (True, False):
            assert first == self.do(
                lambda: self.database.write(
                    lambda conn: ledger.enter(
                        conn,
                        guild_id=1,
                        track_id=track_id,
                        member_id=member,
                        reason="late" if hours else "on_time",
                        points=points,
                        reference=reference,
                        at=at,
                    )
                )
            )
        self.book.entries[reference] = (track_id, member, points, at, self.book.team_of(member, at))
        return reference

    @rule(reference=consumes(references))
    def undo(self, reference: str) -> None:
        for first in (True, False):
            taken = self.do(
                lambda: self.database.write(lambda conn: ledger.withdraw(conn, guild_id=1, reference=reference))
            )
            assert taken == first
        del self.book.entries[reference]

    @rule(member=MEMBERS, roles=st.sets(st.sampled_from([*ROLES, 99])), hours=HOURS_AGO)
    def come_by(self, member: int, roles: set[int], hours: int) -> None:
        at = self.now - timedelta(hours=hours)
        self.do(lambda: come_by(self.database, self.actor(member, roles, at)))
        self.follow(member, roles, at)

    @rule(member=MEMBERS)
    def join(self, member: int) -> None:
        self.interacts(member)
        try:
            self.do(lambda: self.teams.join(self.actor(member, set()), "open"))
            self.book.change(member, self.now, self.joined)
        except Refusal:
            assert self.book.team_of(member, self.now) == self.joined

    @rule(member=MEMBERS)
    def leave(self, member: int) -> None:
        self.interacts(member)
        try:
            self.do(lambda: self.teams.leave(self.actor(member, set())))
            self.book.change(member, self.now, None)
        except Refusal:
            assert self.book.team_of(member, self.now) is None

    @rule(member=MEMBERS)
    def leave_the_server(self, member: int) -> None:
        """It is news only of somebody who is known and was not seen at this instant."""
        person = MemberKey(1, member)
        if self.do(lambda: self.database.write(lambda conn: departures.mark_left(conn, [person], self.now))):
            self.book.gone[member] = self.now
            if self.book.team_of(member, self.now) is not None:
                self.book.change(member, self.now, None)

    @invariant()
    def nobody_who_is_gone_is_in_a_team(self) -> None:
        stays = self.do(lambda: self.database.read(lambda conn: teams.stays_at(conn, 1, self.now)))
        assert not {stay.member_id for stay in stays} & self.book.gone.keys()

    @rule()
    def team_ends(self) -> None:
        old = self.joined
        self.do(lambda: self.teams.end(1, old, self.now))
        for member in (1, 2, 3):
            if self.book.team_of(member, datetime.max.replace(tzinfo=UTC)) == old:
                self.book.change(member, self.now, None)
        self.joined = self.do(lambda: made_team(self.database, 1, "Open", None, self.now)).id

    @invariant()
    def agrees(self) -> None:
        stored = self.do(lambda: self.database.read(ledger.stored))
        assert stored == self.book.standings()
        assert stored == self.do(lambda: self.database.read(ledger.recompute))

    def teardown(self) -> None:
        try:
            stored = self.do(lambda: self.database.read(ledger.stored))
            self.do(lambda: self.database.write(ledger.rebuild))
            assert stored == self.do(lambda: self.database.read(ledger.stored))
        finally:
            self.do(self.database.close)
            self.runner.close()
            self.resources.close()


class HistoryOnPostgres(History):
    """The same on the other engine."""

    engine = "postgres"


TestHistory = History.TestCase
TestHistoryOnPostgres = HistoryOnPostgres.TestCase
TestHistoryOnPostgres.settings = settings(max_examples=4, stateful_step_count=20)
TestHistory.settings = settings(max_examples=15, stateful_step_count=20)
