"""What each flow may ask of the database, as design.md promises it, counted."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from simcord.http import router
from sqlalchemy import Connection

from bot.domain.tracks import TrackPlan
from bot.services.drill_plans import reschedule
from bot.storage import tracks
from tests.counting import Count, Spent, counting
from tests.discord.conftest import BOTH_ENGINES, LONG, World


class Budget(NamedTuple):
    """Statements and transactions of a flow: what it is meant to ask at most, and what it asks today.

    A flow that asks more than today fails, and so does one that asks less: its line is lowered with it.
    """

    target: Spent
    today: Spent


FORM = "a form, until everything is shown"
MESSAGE = "a message, until everything is shown"
REPLY = "a reply to the card, until everything is shown"
TALK_IN_THREAD = "ordinary talk in a thread that somebody opened"
ACKNOWLEDGED = {
    FORM: "a form, until it is acknowledged",
    MESSAGE: "a message, until it is acknowledged",
    REPLY: "a reply to the card, until it is acknowledged",
}
"""Everything is shown with the reaction, the receipt and the copy in the thread; the number on the card follows
with a later beat, for all who answered meanwhile."""

FLOWS = {
    "a form opens": Budget(Spent(4, 1), today=Spent(3, 1)),
    FORM: Budget(Spent(30, 3), today=Spent(19, 2)),
    MESSAGE: Budget(Spent(30, 3), today=Spent(15, 2)),
    REPLY: Budget(Spent(30, 3), today=Spent(16, 2)),
    TALK_IN_THREAD: Budget(Spent(1, 1), today=Spent(1, 1)),
    "ordinary talk": Budget(Spent(1, 1), today=Spent(1, 1)),
    "a beat with nothing due, 1 track": Budget(Spent(8, 2), today=Spent(4, 1)),
    "a beat with nothing due, 200 tracks": Budget(Spent(8, 2), today=Spent(4, 1)),
    "a drill from due to thread": Budget(Spent(30, 4), today=Spent(21, 4)),
    "/leaderboard members": Budget(Spent(10, 1), today=Spent(7, 1)),
    "/leaderboard teams": Budget(Spent(10, 1), today=Spent(6, 1)),
    "/streak": Budget(Spent(10, 1), today=Spent(7, 1)),
    "/progress": Budget(Spent(10, 1), today=Spent(9, 1)),
    ACKNOWLEDGED[FORM]: Budget(Spent(20, 1), today=Spent(17, 1)),
    ACKNOWLEDGED[MESSAGE]: Budget(Spent(20, 1), today=Spent(13, 1)),
    ACKNOWLEDGED[REPLY]: Budget(Spent(20, 1), today=Spent(13, 1)),
}


async def practice(world: World) -> None:
    """Gives a server a question that one member has answered, and nothing left to do."""
    await world.set_up(time="09:00")
    await world.post()
    await world.ben.send(world.thread(), LONG)
    await world.boss.send(world.channel, "Good morning")
    await world.beat(60)
    await world.beat(60)


async def more_tracks(world: World, number: int) -> None:
    """Tracks of other servers, which are not due."""
    now = world.bot.clock()

    def work(conn: Connection) -> None:
        for other in range(1, number + 1):
            reschedule(conn, tracks.add(conn, other, other, TrackPlan("UTC"), now), now)

    await world.bot.database.write(work)


async def play(world: World, flow: str, watch: Callable[[Count], None] = lambda count: None) -> Count:
    """Plays a flow and counts what it asks; `watch` is given the count before it begins."""
    await practice(world)
    form: Any = await world.anna.click(world.card(), label="Answer") if flow == FORM else None
    talk: Any = None
    if flow == TALK_IN_THREAD:
        talk = await world.open_thread(world.boss, await world.boss.send(world.channel, "Where do we eat?"))
    if flow.endswith("200 tracks"):
        await more_tracks(world, 199)
    with counting(world.bot.database) as count:
        watch(count)
        match flow:
            case "a form opens":
                await world.anna.click(world.card(), label="Answer")
            case "a form, until everything is shown":
                await world.anna.submit_modal(form, {"text": LONG})
            case "a message, until everything is shown":
                await world.anna.send(world.thread(), LONG)
            case "a reply to the card, until everything is shown":
                await world.anna.send(world.channel, LONG, reply_to=world.card())
            case "ordinary talk in a thread that somebody opened":
                await world.anna.send(talk, "Lunch?")
            case "ordinary talk":
                await world.anna.send(world.channel, "Lunch?")
            case "a beat with nothing due, 1 track" | "a beat with nothing due, 200 tracks":
                await world.beat(5)
            case "a drill from due to thread":
                await world.beat(at=datetime(2026, 1, 2, 9, tzinfo=UTC))
            case command:
                await world.ben.slash(world.channel, command.removeprefix("/"))
        await world.env.settle()
    if flow == "a drill from due to thread":
        # What comes behind it in the same beat is the reveal of the question before.
        threaded = (any("thread_note=" in statement for statement in work) for work in count.transactions)
        del count.transactions[list(threaded).index(True) + 1 :]
    return count


@BOTH_ENGINES
@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow not in ACKNOWLEDGED.values()])
async def test_a_flow_asks_what_its_line_says(world: World, flow: str):
    count = await play(world, flow)
    assert count.spent == FLOWS[flow].today, f"{count.spent}\n{count}"


@pytest.mark.parametrize(("flow", "ending"), [(FORM, "/callback"), (MESSAGE, "/@me"), (REPLY, "/@me")])
async def test_an_answer_is_acknowledged_early(
    world: World, monkeypatch: pytest.MonkeyPatch, flow: str, ending: str
):
    dispatch: Any = router.dispatch
    told: list[Spent] = []

    def watch(count: Count) -> None:
        def note(backend: Any, method: str, path: str, **options: Any) -> Any:
            if path.endswith(ending):
                told.append(count.spent)
            return dispatch(backend, method, path, **options)

        monkeypatch.setattr(router, "dispatch", note)

    count = await play(world, flow, watch)
    assert told[0] == FLOWS[ACKNOWLEDGED[flow]].today, f"{told[0]}\n{count}"


@pytest.mark.parametrize("flow", ["ordinary talk", TALK_IN_THREAD])
async def test_ordinary_talk_writes_nothing(world: World, flow: str):
    assert (await play(world, flow)).writes == 0
