"""Portraits in pictures: at hand or done without, and never waited for."""

import io
from typing import Any

import discord
from PIL import Image

from tests.discord.conftest import LONG, World

RED, HASH = (200, 50, 50), "a" * 32
PLACE = (2 * 34, 2 * 32)
"""The middle of a card's portrait, in dots."""


def red() -> bytes:
    """A portrait."""
    file = io.BytesIO()
    Image.new("RGB", (128, 128), RED).save(file, "PNG")
    return file.getvalue()


async def drawn(world: World, member: Any) -> tuple[int, ...]:
    """The color in the place of the portrait on a member's streak."""
    page = await member.slash(world.channel, "streak")
    (picture,) = page.response.message.attachments
    color = Image.open(io.BytesIO(await picture.read())).convert("RGB").getpixel(PLACE)
    assert isinstance(color, tuple)
    return color


async def joined(world: World, name: str, avatar: str | None) -> Any:
    """Somebody with a portrait who has answered."""
    member = world.guild.add_member(world.env.create_user(name, avatar=avatar))
    await member.send(world.thread(), LONG)
    return member


async def test_a_portrait_is_there_for_the_next_picture_and_one_that_cannot_be_read_is_done_without(world: World):
    asked: list[str] = []
    served: dict[str, bytes] = {}
    real = world.bot.http.get_from_cdn

    async def counting(url: str) -> bytes:
        asked.extend([url] if url.startswith(discord.Asset.BASE) else [])
        return served[url] if url in served else await real(url)

    world.bot.http.get_from_cdn = counting  # pyright: ignore[reportAttributeAccessIssue]
    await world.set_up(time="09:00")
    await world.next_day()
    pia, sam, tom = [
        await joined(world, name, avatar) for name, avatar in (("pia", HASH), ("sam", "b" * 32), ("tom", None))
    ]
    served[f"{discord.Asset.BASE}/avatars/{pia.id}/{HASH}.png?size=128"] = red()
    assert asked == []  # nobody's portrait is read before a picture shows them
    assert await drawn(world, pia) != RED
    await world.beat(1)
    assert await drawn(world, pia) == RED == await drawn(world, pia)
    for _ in range(3):
        assert await drawn(world, sam) != RED and await drawn(world, tom) != RED
        await world.beat(1)
    assert len(asked) == 2  # one each, however often they are shown, and none for who has chosen none
    board = await tom.slash(world.channel, "leaderboard members")
    (picture,) = board.response.message.attachments
    assert RED in {
        color for _, color in Image.open(io.BytesIO(await picture.read())).convert("RGB").getcolors(1 << 20) or []
    }
