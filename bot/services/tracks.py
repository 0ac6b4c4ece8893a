"""Use cases of a track's plan: set up, find, pause, skip, queue, remove."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.digests import same_digest
from bot.domain.drills import Mode
from bot.domain.errors import BadInput
from bot.domain.schedule import WEEKDAYS
from bot.domain.selection import Order
from bot.domain.tracks import Track
from bot.services.digests import replan
from bot.services.drills import reschedule
from bot.storage import drills, installation, ledger, proposals, question_queue, servers, tracks
from bot.storage.database import Database

NEEDS_ZONE = "For the first question I need your time zone: `/setup timezone:Europe/Berlin`."
NO_BLIND = (
    "Blind answers do not work in a forum: everyone can write and read in a post, so nothing stays hidden until "
    "the reveal. Leave `answers` out, or choose a text channel."
)
ZONE_DATA = "zone data"
PLAN_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What `/setup` was told; None keeps what is there."""

    zone: str | None = None
    at: time | None = None
    days: frozenset[int] | None = None
    topics: tuple[str, ...] | None = None
    order: Order | None = None
    mode: Mode | None = None
    ping_role_id: int | None = None

    def given(self) -> dict[str, Any]:
        """The columns that change."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def to_json(self) -> dict[str, Any]:
        """As stored while a manager decides."""
        plain = self.given()
        if self.at is not None:
            plain["at"] = self.at.isoformat()
        if self.days is not None:
            plain["days"] = sorted(self.days)
        return plain

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "PlanChange":
        """Reads what `to_json` wrote."""
        return PlanChange(
            zone=stored.get("zone"),
            at=time.fromisoformat(stored["at"]) if "at" in stored else None,
            days=frozenset(stored["days"]) if "days" in stored else None,
            topics=tuple(stored["topics"]) if "topics" in stored else None,
            order=Order(stored["order"]) if "order" in stored else None,
            mode=Mode(stored["mode"]) if "mode" in stored else None,
            ping_role_id=stored.get("ping_role_id"),
        )


@dataclass(frozen=True, slots=True)
class MoveOrAdd:
    """What `/setup` must ask: move the server's only track here, or add a second one?

    `opens` is true where the move makes blind answers open, since the new place is a forum.
    """

    proposal_id: int
    track: Track
    channel_id: int
    opens: bool


def _listing(known: list[Track]) -> str:
    return ", ".join(f"<#{track.channel_id}>" for track in known)


class TrackService:
    """Makes, changes and finds tracks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def _make(self, conn: Connection, guild_id: int, channel_id: int, change: PlanChange, now: datetime) -> Track:
        servers.ensure(conn, guild_id)
        home = servers.chosen_zone(conn, guild_id)
        zone = change.zone or home
        if zone is None:
            raise BadInput(NEEDS_ZONE)
        if home is None:
            self._settle(conn, guild_id, zone)
        defaults: dict[str, Any] = {
            "guild_id": guild_id,
            "channel_id": channel_id,
            "zone": zone,
            "at": time(9),
            "days": WEEKDAYS,
            "topics": (),
            "order": Order.CURRICULUM,
            "mode": Mode.OPEN,
            "active": True,
            "paused": False,
            "refill": 0,
            "created_at": now,
        }
        return self._planned(conn, tracks.add(conn, defaults | change.given()), now)

    def _settle(self, conn: Connection, guild_id: int, zone: str | None) -> None:
        """Lets a server's weeks and months begin in a zone, also those that have been booked by another one's."""
        if zone is not None and zone != servers.chosen_zone(conn, guild_id):
            servers.set_zone(conn, guild_id, zone)
            ledger.rebuild(conn, guild_id)

    def _planned(self, conn: Connection, track_id: int, now: datetime) -> Track:
        """Sets the next post of a changed track, and reads it again."""
        reschedule(conn, self._read(conn, track_id), now)
        replan(conn, self._read(conn, track_id), now)
        return self._read(conn, track_id)

    def _read(self, conn: Connection, track_id: int) -> Track:
        track = tracks.get(conn, track_id)
        assert track is not None
        return track

    async def set_up(
        self,
        guild_id: int,
        channel_id: int,
        change: PlanChange,
        now: datetime,
        *,
        named: bool,
        forums: Collection[int] = (),
    ) -> Track | MoveOrAdd:
        """Makes a channel's track or changes it; the next post is the first scheduled instant after `now`.

        Args:
            named: whether the channel was named; otherwise it is the one in which the command was run, and in a
                server that has tracks the usual way of finding one decides.
            forums: the server's forum channels, in which answers are always open.

        Raises:
            BadInput: a first track without a zone, several tracks to choose from, or blind answers in a forum.
        """

        def work(conn: Connection) -> Track | MoveOrAdd:
            here = tracks.in_channel(conn, channel_id)
            known = tracks.of_server(conn, guild_id)
            if here is None and known and not named:
                here = self._only(conn, guild_id, known)
            in_forum = (here.channel_id if here else channel_id) in forums
            if in_forum and change.mode is Mode.BLIND:
                raise BadInput(NO_BLIND)
            if here is not None:
                tracks.change(conn, here.id, **change.given(), active=True)
                if all(track.id == here.id for track in known):
                    self._settle(conn, guild_id, change.zone)
                return self._planned(conn, here.id, now)
            if len(known) == 1:
                options = (replace(change, mode=Mode.OPEN) if in_forum else change).to_json()
                proposal_id = proposals.propose(conn, guild_id, channel_id, options, now)
                opens = in_forum and known[0].mode is Mode.BLIND
                return MoveOrAdd(proposal_id, known[0], channel_id, opens)
            return self._make(conn, guild_id, channel_id, change, now)

        return await self._db.write(work)

    async def decide(self, guild_id: int, proposal_id: int, *, move: bool, now: datetime) -> Track:
        """Moves the server's only track to the proposed channel, or adds a second one there."""

        def work(conn: Connection) -> Track:
            proposal = proposals.take_proposal(conn, guild_id, proposal_id)
            known = tracks.of_server(conn, guild_id)
            if proposal is None or (move and len(known) != 1):
                raise BadInput("This question was answered already. `/setup` shows how things stand.")
            change = PlanChange.from_json(proposal.options)
            if tracks.in_channel(conn, proposal.channel_id) is not None:
                raise BadInput(f"<#{proposal.channel_id}> has a track of its own. Change it with `/setup` there.")
            if not move:
                return self._make(conn, guild_id, proposal.channel_id, change, now)
            # What was owed to the old channel gives way, so that today's question can be posted in the new one.
            drills.miss_claimed(conn, known[0].id)
            tracks.change(conn, known[0].id, **change.given(), channel_id=proposal.channel_id, problem=None)
            self._settle(conn, guild_id, change.zone)
            return self._planned(conn, known[0].id, now)

        return await self._db.write(work)

    def _only(self, conn: Connection, guild_id: int, known: list[Track]) -> Track:
        if len(known) == 1:
            return known[0]
        if not known:
            raise BadInput("There is no practice channel here yet. A manager can make one with `/setup`.")
        raise BadInput(f"Which channel do you mean? Name one with `channel`: {_listing(known)}.")

    async def find(self, guild_id: int, channel_id: int, *, named: bool = False) -> Track:
        """The track of a channel, else (unless it was named) the server's only one.

        Raises:
            BadInput: there is none, or there are several; says what to do.
        """

        def work(conn: Connection) -> Track:
            here = tracks.in_channel(conn, channel_id)
            if here is not None and here.active:
                return here
            known = tracks.of_server(conn, guild_id)
            if named and known:
                raise BadInput(f"<#{channel_id}> is no practice channel. These are: {_listing(known)}.")
            return self._only(conn, guild_id, known)

        return await self._db.read(work)

    async def get(self, track_id: int, guild_id: int) -> Track:
        """The track with this id in this server; raises BadInput when it was removed."""
        track = await self._db.read(lambda conn: tracks.get(conn, track_id))
        if track is None or track.guild_id != guild_id or not track.active:
            raise BadInput("This practice channel was removed. `/setup` there takes it up again.")
        return track

    async def ended_in(self, channel_id: int) -> bool:
        """Whether practice in a channel was ended, so that `/setup` there takes it up again."""
        track = await self._db.read(lambda conn: tracks.in_channel(conn, channel_id))
        return track is not None and not track.active

    async def of_server(self, guild_id: int) -> list[Track]:
        """A server's tracks, oldest first."""
        return await self._db.read(lambda conn: tracks.of_server(conn, guild_id))

    async def _change(self, track: Track, now: datetime, *, stops: bool = False, **values: Any) -> Track:
        def work(conn: Connection) -> Track:
            if stops:
                drills.miss_claimed(conn, track.id)
            tracks.change(conn, track.id, **values)
            return self._planned(conn, track.id, now)

        return await self._db.write(work)

    async def pause(self, track: Track, until: date | None, now: datetime) -> Track:
        """Stops posting; `until` is the first date on which it posts again. Raises BadInput."""
        today = schedule.local_date(now, track.zone)
        if until is not None and not today < until <= today + PLAN_AHEAD:
            raise BadInput(f"Name a date after today ({today}) and within a year, or leave `until` out.")
        return await self._change(track, now, stops=True, paused=True, paused_until=until)

    async def resume(self, track: Track, now: datetime) -> Track:
        """Posts again from the next scheduled instant on. Raises BadInput when it is not paused."""
        if not track.paused:
            raise BadInput("It is not paused.")
        return await self._change(track, now, paused=False, paused_until=None)

    async def remove(self, track: Track, now: datetime) -> Track:
        """Ends a track; its history stays."""
        return await self._change(track, now, stops=True, active=False, paused=False, paused_until=None)

    async def skip(self, track: Track, day: date | None, now: datetime) -> tuple[Track, date, bool]:
        """Skips a date, or takes a skip back: (track, date, whether it is skipped now).

        Raises:
            BadInput: a date that is past, used, a day off, or too far away.
        """

        def work(conn: Connection) -> tuple[Track, date, bool]:
            chosen = day or track.next_date
            today = schedule.local_date(now, track.zone)
            if chosen is None:
                raise BadInput("It is paused without an end, so there is no next date. Name a `date`.")
            if tracks.remove_skip(conn, track, chosen):
                return self._planned(conn, track.id, now), chosen, False
            if chosen < today or (track.last_date is not None and chosen <= track.last_date):
                raise BadInput(f"{chosen} is over or has its question already. Name a later date.")
            if chosen > today + PLAN_AHEAD:
                raise BadInput(f"{chosen} is more than a year away. Name an earlier date.")
            if chosen.weekday() not in track.days:
                raise BadInput(f"{chosen:%A}, {chosen} is a day off anyway: this channel posts {_days(track)}.")
            tracks.add_skip(conn, track, chosen)
            return self._planned(conn, track.id, now), chosen, True

        return await self._db.write(work)

    async def skipped(self, track: Track, now: datetime) -> list[date]:
        """Dates to come on which nothing is posted."""
        today = schedule.local_date(now, track.zone)
        return sorted(day for day in await self._db.read(lambda c: tracks.skipped(c, track.id)) if day >= today)

    async def queue(self, track: Track, question_id: str) -> list[str]:
        """Puts a question at the end of the queue and returns the queue. Raises BadInput when it is there."""

        def work(conn: Connection) -> list[str]:
            if question_id in question_queue.queued(conn, track.id):
                raise BadInput("This question is in the queue already.")
            question_queue.enqueue(conn, track, question_id)
            return question_queue.queued(conn, track.id)

        return await self._db.write(work)

    async def unqueue(self, track: Track, question_id: str) -> list[str]:
        """Takes a question out of the queue and returns the queue."""

        def work(conn: Connection) -> list[str]:
            question_queue.dequeue(conn, track.id, question_id)
            return question_queue.queued(conn, track.id)

        return await self._db.write(work)

    async def queued(self, track: Track) -> list[str]:
        """Question ids that come next."""
        return await self._db.read(lambda conn: question_queue.queued(conn, track.id))

    async def follow_zone_data(self, version: str) -> None:
        """Sets next posts and digests anew when the zone data have changed; dates stay, instants may move."""

        def work(conn: Connection) -> None:
            if installation.recall(conn, ZONE_DATA) == version:
                return
            for track in tracks.everywhere(conn):
                if track.next_date is not None:
                    due = schedule.instant(track.next_date, track.plan)
                    tracks.change(conn, track.id, next_due_utc=due)
                if (digest := same_digest(track)) is not None:
                    tracks.change(conn, track.id, digest_due_utc=digest)
            installation.remember(conn, ZONE_DATA, version)

        await self._db.write(work)


def _days(track: Track) -> str:
    return schedule.format_days(track.days)
