"""Votes on answers: a 👍 is one, and so is a private choice."""

from dataclasses import dataclass
from functools import partial

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.errors import Refusal
from bot.services.votes import VoteService
from bot.ui.kit.custom_ids import ANY_ID, DRILL
from bot.ui.kit.forms import picked
from bot.ui.kit.responses import edit, reply
from bot.ui.kit.router import handles
from bot.ui.votes import ballot_page
from bot.workers.events import Events
from bot.workers.votes import VoteSync


@dataclass(eq=False, repr=False)
class VotesCog(commands.Cog):
    """Hands reactions and choices to those who count votes; a reaction waits for its answer."""

    _clock: Clock
    _events: Events
    _sync: VoteSync
    _votes: VoteService

    @handles("votes", "open", DRILL)
    async def open_ballot(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button Vote for the best."""
        paper = await self._votes.ballot(int(words[0]), interaction.user.id, self._clock())
        await reply(interaction, ballot_page(paper))

    @handles("votes", "pick", DRILL)
    async def pick(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The menu behind it."""
        chosen = picked(interaction)
        if len(chosen) != 1 or not ANY_ID.fits(chosen[0]):
            raise Refusal("commands.outdated")
        paper = await self._votes.pick(int(words[0]), int(chosen[0]), interaction.user.id, self._clock())
        await edit(interaction, ballot_page(paper))

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
