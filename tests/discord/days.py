"""Days that pass: answered or missed, with the heartbeat ringing at each post."""

from typing import Any

from tests.discord.conftest import LONG, World, seen


async def practice(world: World, member: Any, days: int) -> None:
    """A member answers on so many days in a row."""
    for _ in range(days):
        await world.next_day()
        await member.send(world.thread(), LONG)


async def let_pass(world: World, days: int) -> None:
    """So many questions come."""
    for _ in range(days):
        await world.next_day()


def thread_text(world: World, at: int = -1) -> str:
    """All text in a thread; the newest one's if left out."""
    return "\n".join(message.content or seen(message) for message in world.channel.threads[at].history())
