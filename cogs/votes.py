"""Reactions on answers: a 👍 is a vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.workers.votes import VoteSync

if TYPE_CHECKING:
    from bot.app import PracticeBot


@dataclass(eq=False, repr=False)
class VotesCog(commands.Cog):
    """Hands reactions to those who count votes."""

    _sync: VoteSync

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A vote is given."""
        await self._sync.given(event)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A vote is taken back."""
        await self._sync.taken_back(event)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """A moderator clears a message's reactions."""
        await self._sync.cleared(event.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """A moderator clears one emoji of a message."""
        await self._sync.cleared(event.message_id, event.emoji.name)


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(VotesCog(bot.workers.votes))
