"""Events that cannot be followed are tried again, in order, and one that never can be holds up nothing for ever."""

from itertools import count

from bot.delivery.jobs import KeyedLocks
from bot.domain.errors import NotStored
from bot.workers.events import MOST_FAULTS, Events


async def test_an_event_that_fails_by_our_own_fault_is_given_up_and_what_came_after_it_is_followed():
    seconds, followed = count(step=100), list[str]()
    events = Events(KeyedLocks(), lambda: float(next(seconds)))

    async def poison() -> None:
        raise ValueError("private words")

    async def deletion() -> None:
        followed.append("deletion")

    async def other() -> None:
        followed.append("other")

    await events.follow([1], poison)
    await events.follow([1], deletion)
    await events.follow([2], other)
    assert followed == ["other"] and events.oldest == 1
    for _ in range(MOST_FAULTS):
        await events.step()
    assert followed == ["other", "deletion"] and events.oldest is None


async def test_what_cannot_be_stored_is_never_given_up():
    seconds, full = count(step=100), True
    events = Events(KeyedLocks(), lambda: float(next(seconds)))
    followed = list[int]()

    async def stored() -> None:
        if full:
            raise NotStored("full")
        followed.append(1)

    await events.follow([1], stored)
    for _ in range(3 * MOST_FAULTS):
        await events.step()
    assert followed == [] and events.oldest == 1
    full = False
    await events.step()
    assert followed == [1]
