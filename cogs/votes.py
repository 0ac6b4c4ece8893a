"""Reactions on answers: a 👍 is a vote."""

from dataclasses import dataclass
from functools import partial

import discord
from discord.ext import commands

from bot.workers.events import Events
from bot.workers.votes import VoteSync


@dataclass(eq=False, repr=False)
class VotesCog(commands.Cog):
    """Hands reactions to those who count votes; a vote waits until the answer is stored that it follows."""

    _events: Events
    _sync: VoteSync

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A vote is given."""
        await self._events.follow([event.message_id], partial(self._sync.given, event))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A vote is taken back."""
        await self._events.follow([event.message_id], partial(self._sync.taken_back, event))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """A moderator clears a message's reactions."""
        await self._events.follow([event.message_id], partial(self._sync.cleared, event.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """A moderator clears one emoji of a message."""
        cleared = partial(self._sync.cleared, event.message_id, event.emoji.name)
        await self._events.follow([event.message_id], cleared)
