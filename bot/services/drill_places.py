"""Use cases of what happens to a drill's message, thread and channel in Discord. Each is one transaction."""

from sqlalchemy import Connection

from bot.domain.drills import POSTED, Drill, Reveal
from bot.domain.errors import Problem
from bot.services.use_cases import Service
from bot.storage import answers, drill_deliveries, drills

CHANNEL_DELETED = "channel_deleted"
"""Why a drill has no thread any more, nor a card."""


def went_with_channel(drill: Drill) -> bool:
    """Whether a drill's channel was deleted, so that nothing of it can be shown."""
    return drill.thread_note is not None and drill.thread_note.code == CHANNEL_DELETED


def _end_without_message(conn: Connection, drill: Drill | None) -> None:
    if drill is not None and drill.state in POSTED:
        drills.void(conn, drill.id)


def leave_thread(conn: Connection, drill: Drill, note: Problem) -> None:
    """Lets a drill go on without its thread, and says why."""
    drills.set_thread(conn, drill.id, None, note)
    answers.mark_drill_changed(conn, drill.id)


def thread_deleted(conn: Connection, thread_id: int) -> None:
    """Lets a drill go on without its thread; in a forum its message was deleted with it.

    Whoever deletes a thread deletes the messages in it: what they said is erased, and their credit stays.
    """
    drill = drills.by_thread(conn, thread_id)
    if drill is not None:
        answers.erase_in_place(conn, drill.id, thread_id)
    if drill is not None and drill.forum_post_id == thread_id:
        _end_without_message(conn, drill)
    elif drill is not None:
        leave_thread(conn, drill, Problem("thread_deleted"))


def thread_made(conn: Connection, thread_id: int) -> None:
    """Lets a thread that somebody opened on a drill's message be that drill's thread."""
    drill = drills.by_message(conn, thread_id)
    if drill is not None and drill.thread_id is None:
        drills.set_thread(conn, drill.id, thread_id)
        answers.mark_drill_changed(conn, drill.id)


def waits_behind_lock(conn: Connection, thread_id: int) -> Drill | None:
    """The drill of which something may wait until this thread, or post in a forum, is unlocked."""
    drill = drills.by_thread(conn, thread_id)
    if drill is None or not (_locked_post(drill) or answers.any_rests(conn, drill.id)):
        return None
    return drill


def _locked_post(drill: Drill) -> bool:
    return drill.forum_post_id is not None and drill.thread_note is not None


def unlocked(conn: Connection, drill: Drill) -> None:
    """Tries again what a lock on a drill's thread, or its post in a forum, has put off."""
    answers.wake_drill(conn, drill.id)
    if _locked_post(drill):
        drill_deliveries.mark_unlocked(conn, drill.id)


def channel_deleted(conn: Connection, channel_id: int) -> None:
    """Erases what was said in a deleted channel and its threads; questions and credit stay.

    Nothing can be shown there any more, and where the track has moved the open question's date is free again.
    """
    for drill in drills.in_channel(conn, channel_id):
        for place_id in drill.places:
            answers.erase_in_place(conn, drill.id, place_id)
        if drill.reveal is not Reveal.NONE:
            drills.mark_revealed(conn, drill.id, Reveal.DONE)
        drills.set_thread(conn, drill.id, None, Problem(CHANNEL_DELETED))


class DrillPlaceService(Service):
    """Follows what people do to the places of drills; what happens to other places means nothing here."""

    async def unlocked(self, thread_id: int) -> None:
        """Goes on with a drill in whose thread can be written again; other threads mean nothing here."""
        drill = await self.read(waits_behind_lock, thread_id)
        if drill is not None:
            await self.write(unlocked, drill)

    async def message_deleted(self, message_id: int) -> None:
        """Ends the drill whose message was deleted; other messages mean nothing here."""
        if await self.read(drills.by_message, message_id) is not None:
            await self._db.write(lambda conn: _end_without_message(conn, drills.by_message(conn, message_id)))

    async def thread_deleted(self, thread_id: int) -> None:
        """A drill whose thread was deleted goes on with form and replies; in a forum its message went with it."""
        if await self.read(drills.by_thread, thread_id) is not None:
            await self.write(thread_deleted, thread_id)

    async def channel_deleted(self, channel_id: int) -> None:
        """Erases what was said in a deleted practice channel; other channels mean nothing here."""
        if await self.read(drills.any_in_channel, channel_id):
            await self.write(channel_deleted, channel_id)

    async def thread_made(self, thread_id: int) -> None:
        """A thread that somebody opened by hand on a drill's message is that drill's thread."""
        drill = await self.read(drills.by_message, thread_id)
        if drill is not None and drill.thread_id is None:
            await self.write(thread_made, thread_id)
