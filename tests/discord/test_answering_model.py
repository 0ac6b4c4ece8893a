"""Whatever people and Discord do, and in whatever order: in the end the bot holds just what stands there."""

import copy
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, cast

import discord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.answers import AnswerRules
from bot.storage.schema import answers, drills, parts, votes
from tests.discord.conftest import World, seen

TEXTS = (
    "It",
    "The point first and then how it works in a few words",
    "How it works first, then the point, and what all of that costs",
)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["write", "reply"]), st.integers(0, 1), st.sampled_from(TEXTS)),
    st.tuples(st.just("edit"), st.integers(0, 9), st.sampled_from(TEXTS)),
    st.tuples(st.sampled_from(["delete", "vote"]), st.integers(0, 9), st.just("")),
    st.tuples(st.sampled_from(["hide", "show", "leave", "return", "drop", "beat"]), st.just(0), st.just("")),
    st.tuples(st.just("replay"), st.integers(1, 9), st.just("")),
)


@dataclass
class Day:
    """One question, and what people have written to it, as they see it themselves."""

    world: World
    card: Any
    thread: Any
    said: dict[int, tuple[Any, Any, str]] = field(default_factory=dict[int, tuple[Any, Any, str]])
    voted: set[int] = field(default_factory=set[int])
    away: bool = False
    dropped: bool = False
    hidden: bool = False

    async def do(self, step: str, number: int, text: str) -> None:
        """Something happens, if it can."""
        world, people = self.world, [self.world.anna, self.world.ben]
        if step in ("write", "reply"):
            author = people[number]
            place = self.thread if step == "write" else world.channel
            options = {} if step == "write" else {"reply_to": self.card}
            message = await author.send(place, text, **options)
            self.said[message.id] = (author, message, text)
        elif step in ("edit", "delete", "vote") and self.said:
            message_id = list(self.said)[number % len(self.said)]
            author, message, _ = self.said[message_id]
            if step == "edit":
                await author.edit(message, text)
                self.said[message_id] = (author, message, text)
            elif step == "delete":
                await author.delete(message)
                del self.said[message_id]
                self.voted.discard(message_id)
            elif message_id not in self.voted:
                await world.boss.react(message, "👍")
                self.voted.add(message_id)
        elif step in ("hide", "show"):
            await self.hide(step == "hide")
        elif step == "leave" and not self.away:
            await world.bot.close()
            self.away, self.dropped = True, False
        elif step == "drop" and not self.away and not self.dropped:
            await self.shard.disconnect()
            self.dropped = True
        elif step == "return":
            await self.come_back()
        elif step == "replay" and not self.away and not self.dropped:
            await self.replay(number)
        elif step == "beat" and not self.away:
            await world.beat(5)

    @property
    def shard(self) -> discord.ShardInfo:
        """The bot's only connection."""
        shard = self.world.bot.get_shard(0)
        assert shard is not None
        return shard

    def bots_own(self) -> AbstractContextManager[None]:
        """What is set going in here is the bot's work, so that `settle` waits for it, as for that of events."""
        return cast(Any, self.world.env)._bot_scope()

    async def replay(self, number: int) -> None:
        """Discord sends the newest events about messages again, as after a RESUME: in order, none left out."""
        told = [entry[1:] for entry in self.world.env.backend.transcript if entry[0] == "GATEWAY"]
        with self.bots_own():
            for event, payload in [entry for entry in told if entry[0].startswith("MESSAGE_")][-number:]:
                cast(Any, self.world.bot)._connection.parsers[event](copy.deepcopy(dict(payload)))
        await self.world.env.settle()

    async def hide(self, hidden: bool) -> None:
        """A manager takes the channel from the bot, or gives it back."""
        if hidden != self.hidden and not self.away:
            if hidden:
                await self.world.deny(view_channel=False)
            else:
                self.world.env.backend.edit_channel(self.world.channel.id, {}, overwrites=[])
                await self.world.env.settle()
            self.hidden = hidden

    async def come_back(self) -> None:
        """The bot is started again after it was ended, or its connection is back, with another session."""
        if self.away:
            await self.world.restart()
        elif self.dropped:
            with self.bots_own():
                await self.shard.reconnect()
            await self.world.env.settle()
        self.away = self.dropped = False


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, max_size=14))
async def test_in_the_end_what_stands_is_stored_and_nothing_else(world: World, steps: list[tuple[str, int, str]]):
    if not await world.rows(drills):
        await world.set_up(time="09:00")
    await world.next_day()
    day = Day(world, world.card(), world.thread())
    for step in steps:
        await day.do(*step)
    await day.come_back()
    await day.hide(False)
    for _ in range(3):
        await world.beat(60)
    drill = (await world.rows(drills))[-1]
    answered = {row.id: row for row in await world.rows(answers) if row.drill_id == drill.id}
    stored = [row for row in await world.rows(parts) if row.answer_id in answered]
    assert {row.message_id: row.text for row in stored if not row.gone} == {
        message_id: text for message_id, (_, _, text) in day.said.items()
    }
    assert not any(row.text for row in stored if row.gone)
    rules = AnswerRules(8, 60)
    for person in (world.anna, world.ben):
        texts = [text for author, _, text in day.said.values() if author.id == person.id]
        if rules.enough(texts, has_file=False):
            assert [row.status for row in answered.values() if row.member_id == person.id] == ["on_time"]
    own = [seen(message) for message in day.thread.history() if message.author.bot]
    replies = [text for _, message, text in day.said.values() if message.channel.id == world.channel.id]
    copies = [one for one in own if "[original]" in one]
    assert sorted(text for text in replies) == sorted(next(t for t in TEXTS if one.endswith(t)) for one in copies)
    voted = {row.message_id for row in await world.rows(votes) if row.answer_id in answered}
    assert day.voted <= voted
