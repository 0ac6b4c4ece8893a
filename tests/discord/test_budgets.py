"""What each flow may ask of the database, counted. A flow that comes to ask less lowers its limit."""

from typing import NamedTuple

import pytest

from tests.counting import Spent, counting
from tests.discord.conftest import DAY, LONG, World


class Budget(NamedTuple):
    """What a flow asks today at most, and what it is meant to ask."""

    limit: Spent
    target: Spent | None


FLOWS = {
    "a form opens": Budget(Spent(5, 3), Spent(4, 1)),
    "a form, until everything is shown": Budget(Spent(16, 4), Spent(30, 3)),
    "a message, until everything is shown": Budget(Spent(18, 5), Spent(30, 3)),
    "ordinary talk": Budget(Spent(4, 3), None),
    "a beat with nothing due": Budget(Spent(15, 11), Spent(8, 2)),
    "a drill from due to thread": Budget(Spent(18, 14), Spent(30, 4)),
    "/leaderboard members": Budget(Spent(7, 4), Spent(10, 1)),
    "/streak": Budget(Spent(10, 5), Spent(10, 1)),
    "/progress": Budget(Spent(13, 5), Spent(10, 1)),
}


async def spent(world: World, flow: str) -> Spent:
    """Plays a flow in a server where one question was answered before, and counts what it asks."""
    await world.set_up(time="09:00")
    card = await world.post()
    await world.ben.send(world.thread(), LONG)
    await world.boss.send(world.channel, "Good morning")
    await world.beat(60)
    await world.beat(60)
    if flow == "a form, until everything is shown":
        form = await world.anna.click(card, label="Answer")
        with counting(world.bot.database) as count:
            await world.anna.submit_modal(form, {"text": LONG})
            await world.env.settle()
        return count.spent
    with counting(world.bot.database) as count:
        match flow:
            case "a form opens":
                await world.anna.click(card, label="Answer")
            case "a message, until everything is shown":
                await world.anna.send(world.thread(), LONG)
            case "ordinary talk":
                await world.anna.send(world.channel, "Lunch?")
            case "a beat with nothing due":
                await world.beat(5)
            case "a drill from due to thread":
                await world.beat(DAY - 120)
            case command:
                await world.ben.slash(world.channel, command.removeprefix("/"))
        await world.env.settle()
    return count.spent


@pytest.mark.parametrize("flow", FLOWS)
async def test_a_flow_asks_no_more_than_it_has_to(world: World, flow: str):
    asked, limit = await spent(world, flow), FLOWS[flow].limit
    assert asked.statements <= limit.statements and asked.transactions <= limit.transactions, asked


async def test_ordinary_talk_writes_nothing(world: World):
    await world.set_up(time="09:00")
    await world.post()
    await world.boss.send(world.channel, "Good morning")
    with counting(world.bot.database) as count:
        await world.boss.send(world.channel, "Lunch?")
        await world.env.settle()
    assert count.writes == 0, count
