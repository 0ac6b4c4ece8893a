"""Use cases of a track's plan: set up, find, pause, skip, queue, remove."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.bank import Bank, Banks
from bot.domain.digests import FIVE, FRIDAY, same_digest
from bot.domain.drills import Mode
from bot.domain.errors import Refusal
from bot.domain.tracks import PlanChange, Track, TrackPlan
from bot.services import seasons
from bot.services.digests import replan
from bot.services.drill_plans import reschedule
from bot.services.use_cases import Service, reads, writes
from bot.storage import drills, installation, ledger, proposals, question_queue, servers, tracks
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind
from bot.storage.tracks import NextPost

log = structlog.get_logger()
ZONE_DATA = "zone data"
PLAN_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class MoveOrAdd:
    """What `/setup` must ask: move the server's only track here, or add a second one?

    `opens` is true where the move makes blind answers open, since the new place is a forum.
    """

    proposal_id: int
    track: Track
    channel_id: int
    opens: bool


@dataclass(frozen=True, slots=True)
class ChangedTrack:
    """A track as a manager's change left it; `before` is None where it is new, or taken up again."""

    before: Track | None
    track: Track

    @property
    def changed(self) -> list[str]:
        """The names of the settings that are not as they were."""
        names = (*(field.name for field in fields(TrackPlan)), "channel_id")
        return [name for name in names if getattr(self.before, name, None) != getattr(self.track, name)]


@dataclass(frozen=True, slots=True)
class SkippedDate:
    """A date that is left out from now on, or practiced again; the track is as it is then."""

    track: Track
    day: date
    skipped: bool


def owner(track: Track) -> Owner:
    """The track as the owner of what its managers are told."""
    return Owner(OwnerKind.TRACK, track.id, track.guild_id, track.created_at.isoformat())


def _fitting(bank: Bank, change: PlanChange, plan: TrackPlan) -> TrackPlan:
    """A changed plan whose topics stand in its packs: where only packs were named, topics of others make room.

    Raises:
        Refusal: none of the topics that were named stands in the packs.
    """
    if change.packs is None and change.topics is None:
        return plan
    here = {topic.title for pack in bank.packs if pack.id in plan.packs for topic in pack.topics}
    elsewhere = {topic.title for topic in bank.topics} - here
    if here.intersection(plan.topics) or not elsewhere.intersection(plan.topics):
        return plan
    if change.topics is not None:
        raise Refusal("tracks.topics_elsewhere", packs=plan.packs)
    return replace(plan, topics=())


def _planned(conn: Connection, track: Track, now: datetime) -> Track:
    """Sets the next post and digest of a changed track, and returns it as it is then."""
    track = reschedule(conn, track, now)
    return replace(track, digest_due_utc=replan(conn, track, now))


def _set_server_zone(conn: Connection, guild_id: int, home: str | None, zone: str | None, now: datetime) -> None:
    """Lets a server's weeks and months begin in a zone, also those that have been booked by another one's."""
    if zone is not None and zone != home:
        servers.set_zone(conn, guild_id, zone)
        ledger.rebuild(conn, guild_id)
        seasons.plan(conn, guild_id, zone, now)


def _make(
    conn: Connection,
    bank: Bank,
    guild_id: int,
    channel_id: int,
    change: PlanChange,
    now: datetime,
    by: int | None,
) -> ChangedTrack:
    servers.ensure(conn, guild_id)
    home = servers.chosen_zone(conn, guild_id)
    zone = change.zone or home
    if zone is None:
        raise Refusal("tracks.no_zone")
    if home is None:
        _set_server_zone(conn, guild_id, home, zone, now)
    plan = _fitting(bank, change, change.applied(TrackPlan(zone)))
    made = tracks.add(conn, guild_id, channel_id, plan, now, by)
    return ChangedTrack(None, _planned(conn, tracks.set_digest(conn, made.id, FRIDAY, FIVE), now))


def _only(known: Sequence[Track]) -> Track:
    """A server's only track; raises Refusal where there is none, or several."""
    if not known:
        raise Refusal("tracks.none")
    if len(known) > 1:
        raise Refusal("tracks.several", channel_ids=[track.channel_id for track in known])
    return known[0]


def set_up(
    conn: Connection,
    bank: Bank,
    guild_id: int,
    channel_id: int,
    change: PlanChange,
    now: datetime,
    *,
    named: bool,
    forums: Collection[int] = (),
    by: int | None = None,
) -> ChangedTrack | MoveOrAdd:
    """Makes a channel's track or changes it; the next post is the first scheduled instant after `now`.

    Args:
        named: whether the channel was named; otherwise it is the one in which the command was run, and in a
            server that has tracks the usual way of finding one decides.
        forums: the server's forum channels, in which answers are always open.
        by: the manager who does so.

    Raises:
        Refusal: a first track without a zone, several tracks to choose from, blind answers in a forum, or topics
            that none of its packs has.
    """
    here = tracks.in_channel(conn, channel_id)
    known = tracks.of_server(conn, guild_id)
    if here is None and known and not named:
        here = _only(known)
    in_forum = (here.channel_id if here else channel_id) in forums
    if here is not None:
        return _change(conn, bank, here, known, change, now, in_forum=in_forum, by=by)
    _check_mode(change, in_forum=in_forum)
    if len(known) == 1:
        change = replace(change, mode=Mode.OPEN) if in_forum else change
        proposal_id = proposals.propose(conn, guild_id, channel_id, change, now)
        return MoveOrAdd(proposal_id, known[0], channel_id, opens=in_forum and known[0].mode is Mode.BLIND)
    return _make(conn, bank, guild_id, channel_id, change, now, by)


def _check_mode(change: PlanChange, *, in_forum: bool) -> None:
    if in_forum and change.mode is Mode.BLIND:
        raise Refusal("tracks.no_blind_in_forum")


def _change(
    conn: Connection,
    bank: Bank,
    track: Track,
    known: Sequence[Track],
    change: PlanChange,
    now: datetime,
    *,
    in_forum: bool,
    by: int | None,
) -> ChangedTrack:
    """Changes a track, or takes it up again; the zone of the only one of those `known` is its server's, too."""
    _check_mode(change, in_forum=in_forum)
    changed = tracks.change_plan(conn, track.id, _fitting(bank, change, change.applied(track.chosen)), by)
    if change.zone is not None and all(one.id == track.id for one in known):
        _set_server_zone(conn, track.guild_id, servers.chosen_zone(conn, track.guild_id), change.zone, now)
    return ChangedTrack(track if track.active else None, _planned(conn, changed, now))


def change_track(
    conn: Connection,
    bank: Bank,
    guild_id: int,
    track_id: int,
    change: PlanChange,
    now: datetime,
    *,
    forums: Collection[int] = (),
    by: int | None = None,
) -> ChangedTrack:
    """Changes a track of a server, as `set_up` does; raises Refusal, also when it was removed."""
    track = get(conn, track_id, guild_id)
    known = tracks.of_server(conn, guild_id)
    return _change(conn, bank, track, known, change, now, in_forum=track.channel_id in forums, by=by)


def move_track(
    conn: Connection,
    guild_id: int,
    track_id: int,
    channel_id: int,
    now: datetime,
    *,
    forums: Collection[int] = (),
    by: int | None = None,
) -> ChangedTrack:
    """Moves a track to another channel, history included; in a forum blind answers become open.

    Raises:
        Refusal: it was removed, or the channel has a track of its own.
    """
    track = get(conn, track_id, guild_id)
    if channel_id == track.channel_id:
        return ChangedTrack(track, track)
    if tracks.in_channel(conn, channel_id) is not None:
        raise Refusal("tracks.channel_taken", channel_id=channel_id)
    plan = replace(track.chosen, mode=Mode.OPEN) if channel_id in forums else track.chosen
    return _move(conn, track, channel_id, plan, now, by)


def _move(
    conn: Connection, track: Track, channel_id: int, plan: TrackPlan, now: datetime, by: int | None
) -> ChangedTrack:
    # What was owed to the old channel gives way, so that today's question can be posted in the new one.
    drills.miss_claimed(conn, track.id)
    tracks.move(conn, track.id, channel_id)
    return ChangedTrack(track, _planned(conn, tracks.change_plan(conn, track.id, plan, by), now))


def decide(
    conn: Connection,
    bank: Bank,
    guild_id: int,
    proposal_id: int,
    now: datetime,
    *,
    move: bool,
    by: int | None = None,
) -> ChangedTrack:
    """Moves the server's only track to the proposed channel, or adds a second one there.

    Raises:
        Refusal: it was decided before, the channel has a track, or as `set_up` does.
    """
    proposal = proposals.take(conn, guild_id, proposal_id)
    known = tracks.of_server(conn, guild_id)
    if proposal is None or (move and len(known) != 1):
        raise Refusal("tracks.decided")
    if tracks.in_channel(conn, proposal.channel_id) is not None:
        raise Refusal("tracks.channel_taken", channel_id=proposal.channel_id)
    if not move:
        return _make(conn, bank, guild_id, proposal.channel_id, proposal.change, now, by)
    plan = _fitting(bank, proposal.change, proposal.change.applied(known[0].chosen))
    _set_server_zone(conn, guild_id, servers.chosen_zone(conn, guild_id), proposal.change.zone, now)
    return _move(conn, known[0], proposal.channel_id, plan, now, by)


def find(conn: Connection, guild_id: int, channel_id: int, *, named: bool = False) -> Track:
    """The track of a channel, else (unless it was named) the server's only one; raises Refusal."""
    here = tracks.in_channel(conn, channel_id)
    if here is not None and here.active:
        return here
    known = tracks.of_server(conn, guild_id)
    if named and known:
        others = [track.channel_id for track in known]
        raise Refusal("tracks.not_here", channel_id=channel_id, channel_ids=others)
    return _only(known)


def get(conn: Connection, track_id: int, guild_id: int) -> Track:
    """The track with this id in this server; raises Refusal when it was removed."""
    track = tracks.get(conn, track_id)
    if track is None or track.guild_id != guild_id or not track.active:
        raise Refusal("tracks.removed")
    return track


def stop(conn: Connection, track: Track, now: datetime, how: Callable[[Connection, int], Track]) -> Track:
    """Stops posting, for a while or for good, as `how` stores it; what is owed is given up."""
    drills.miss_claimed(conn, track.id)
    return _planned(conn, how(conn, track.id), now)


def skip(conn: Connection, track: Track, day: date | None, now: datetime) -> SkippedDate:
    """Skips a date, the next one if none is named, or takes a skip back; Refusal for one past, used or off."""
    track = tracks.get(conn, track.id) or track  # a question may have been claimed since it was read
    chosen = day or track.next_date
    today = schedule.local_date(now, track.zone)
    if chosen is None:
        raise Refusal("tracks.no_next_date")
    skipped = not tracks.remove_skip(conn, track, chosen)
    if skipped:
        if chosen < today or (track.last_date is not None and chosen <= track.last_date):
            raise Refusal("tracks.date_over", day=chosen)
        if chosen > today + PLAN_AHEAD:
            raise Refusal("tracks.date_too_far", day=chosen)
        if chosen.weekday() not in track.days:
            raise Refusal("tracks.day_off", day=chosen, days=track.days)
        tracks.add_skip(conn, track, chosen)
    return SkippedDate(_planned(conn, track, now), chosen, skipped)


def take_back_skip(conn: Connection, track: Track, day: date, now: datetime) -> SkippedDate:
    """Practices a skipped date again; one that was taken back already stays so."""
    tracks.remove_skip(conn, track, day)
    return SkippedDate(_planned(conn, tracks.get(conn, track.id) or track, now), day, False)


def follow_zone_data(conn: Connection, version: str) -> None:
    """Sets next posts and digests anew when the zone data have changed; dates stay, instants may move."""
    if installation.recall(conn, ZONE_DATA) == version:
        return
    for track in tracks.everywhere(conn):
        if track.next_date is not None:
            at = schedule.instant(track.next_date, track.plan)
            if at != track.next_due_utc:
                tracks.schedule(conn, track.id, NextPost(track.next_date, at))
        if (digest := same_digest(track)) not in (None, track.digest_due_utc):
            tracks.schedule_digest(conn, track.id, digest)
    installation.remember(conn, ZONE_DATA, version)


def _log_track(event: str, track: Track, **more: object) -> None:
    due = track.next_due_utc
    when = None if due is None else f"{due:%Y-%m-%dT%H:%M:%SZ}"
    log.info(event, server=track.guild_id, channel=track.channel_id, track=track.id, next_due=when, **more)


def _logged(done: ChangedTrack) -> ChangedTrack:
    """Logs what became of a track, by the names of its settings."""
    if done.before is None:
        _log_track("track.set_up", done.track)
    elif changed := done.changed:
        _log_track("track.changed", done.track, changed=changed)
    return done


class TrackService(Service):
    """Makes, changes and finds tracks."""

    find = reads(find)
    get = reads(get)
    of_server = reads(tracks.of_server)
    practiced_in = reads(tracks.practiced_in)
    outlook = reads(tracks.outlook)
    skip = writes(skip)
    take_back_skip = writes(take_back_skip)
    follow_zone_data = writes(follow_zone_data)
    queued = reads(question_queue.queued)

    def __init__(self, database: Database, banks: Banks) -> None:
        super().__init__(database)
        self._banks = banks

    async def set_up(
        self,
        guild_id: int,
        channel_id: int,
        change: PlanChange,
        now: datetime,
        *,
        named: bool,
        forums: Collection[int] = (),
        by: int | None = None,
    ) -> ChangedTrack | MoveOrAdd:
        """Makes a channel's track or changes it; raises Refusal as `set_up` says."""
        place = (self._banks.of(guild_id), guild_id, channel_id)
        done = await self.write(set_up, *place, change, now, named=named, forums=forums, by=by)
        return done if isinstance(done, MoveOrAdd) else _logged(done)

    async def decide(
        self, guild_id: int, proposal_id: int, *, move: bool, now: datetime, by: int | None = None
    ) -> ChangedTrack:
        """Moves the server's only track to the proposed channel, or adds a second one there; see `decide`."""
        bank = self._banks.of(guild_id)
        return _logged(await self.write(decide, bank, guild_id, proposal_id, now, move=move, by=by))

    async def change(
        self, track: Track, change: PlanChange, now: datetime, *, forums: Collection[int], by: int
    ) -> ChangedTrack:
        """Changes a track; raises Refusal as `set_up` does."""
        place = (self._banks.of(track.guild_id), track.guild_id, track.id)
        return _logged(await self.write(change_track, *place, change, now, forums=forums, by=by))

    async def move(
        self, track: Track, channel_id: int, now: datetime, *, forums: Collection[int], by: int
    ) -> ChangedTrack:
        """Moves a track to another channel; raises Refusal where that has one of its own."""
        place = (track.guild_id, track.id)
        return _logged(await self.write(move_track, *place, channel_id, now, forums=forums, by=by))

    async def ended_in(self, channel_id: int) -> bool:
        """Whether practice in a channel was ended, so that `/setup` there starts it again."""
        track = await self.read(tracks.in_channel, channel_id)
        return track is not None and not track.active

    async def pause(self, track: Track, until: date | None, now: datetime) -> Track:
        """Stops posting; `until` is the first date on which it posts again.

        Raises:
            Refusal: that date is not after today, or more than a year away.
        """
        today = schedule.local_date(now, track.zone)
        if until is not None and not today < until <= today + PLAN_AHEAD:
            raise Refusal("tracks.pause_range", today=today)
        paused = await self._db.write(
            lambda conn: stop(conn, track, now, lambda conn, track_id: tracks.pause(conn, track_id, until))
        )
        _log_track("track.paused", paused, until=until and str(until))
        return paused

    async def resume(self, track: Track, now: datetime) -> Track:
        """Posts again from the next scheduled instant on; raises Refusal when it is not paused."""
        if not track.paused:
            raise Refusal("tracks.not_paused", track=track)
        track = await self._db.write(lambda conn: _planned(conn, tracks.resume(conn, track.id), now))
        _log_track("track.resumed", track)
        return track

    async def remove(self, track: Track, now: datetime) -> Track:
        """Ends a track; its history stays."""
        ended = await self.write(stop, track, now, tracks.end)
        _log_track("track.removed", ended)
        return ended

    async def skipped(self, track: Track, now: datetime) -> list[date]:
        """Dates to come on which nothing is posted."""
        today = schedule.local_date(now, track.zone)
        return sorted(day for day in await self.read(tracks.skipped, track.id) if day >= today)
