"""Discord fails for a while: whatever was put off meanwhile comes with the first beat after it is back."""

import pytest

from bot.delivery.breaker import Breaker
from bot.delivery.gate import Gate
from bot.delivery.limiter import Limiter
from bot.storage.schema import drills, interviews, reminded
from tests.discord.conftest import World


@pytest.fixture(autouse=True)
def guarded(world: World) -> None:
    """simcord has put its own client in the place of the one that tells how Discord took each request.

    Its clock stands still while the bot works, so that nobody may have to wait for a turn.
    """
    world.bot.gate = Gate(Limiter(per_second=1_000_000), Breaker(), world.bot.outage)
    world.bot.gate.guard(world.bot.http)


async def test_what_waited_comes_with_the_first_beat_after_discord_is_back(world: World):
    await world.set_up(time="09:00")
    await world.anna.slash(world.channel, "reminders on", hour=20)
    await world.next_day()
    card = world.card()
    await world.beat(at=world.bot.clock().replace(hour=19, minute=59))
    await world.anna.slash(world.channel, "interview start", questions=1)
    (talk,) = await world.rows(interviews)
    await world.bot.services.interviews.give_up(talk.id, world.anna.id, world.bot.clock())
    world.env.inject_error("*", "*", status=503, times=None)
    for _ in range(12):
        await world.beat(60)
    (talk,), (reminder,) = await world.rows(interviews), await world.rows(reminded)
    soon = world.bot.clock().replace(microsecond=0)
    assert talk.retry_at > soon and talk.attempts > 3 and reminder.due_at > soon
    assert card.id == world.card().id
    world.env.backend.faults.clear()
    await world.beat(5)
    (talk,), (reminder,) = await world.rows(interviews), await world.rows(reminded)
    assert talk.shown_version == talk.version and reminder.at is not None


@pytest.mark.parametrize("lost", ["send_messages", "view_channel"])
async def test_a_question_comes_as_soon_as_the_bot_is_let_in_again(world: World, lost: str):
    await world.set_up(time="09:00")
    await world.deny(**{lost: False})
    await world.next_day()
    for _ in range(12):
        await world.beat(60)
    (drill,) = await world.rows(drills)
    assert drill.message_id is None and (drill.retry_at - world.bot.clock()).total_seconds() > 60
    world.env.backend.edit_channel(world.channel.id, {}, overwrites=[])
    await world.env.settle()
    await world.beat(5)
    assert (await world.rows(drills))[0].message_id is not None


async def test_what_fails_in_one_place_waits_ever_longer(world: World):
    await world.set_up(time="09:00")
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
    await world.next_day()
    for _ in range(12):
        await world.beat(60)
    (drill,) = await world.rows(drills)
    assert drill.retry_at > world.bot.clock()
    world.env.backend.faults.clear()
    await world.beat(5)
    assert (await world.rows(drills))[0].message_id is None
