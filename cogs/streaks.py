"""`/streak` and its Share button."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.services.boards import BoardService
from bot.services.streaks import StreakService, StreakView
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.rendering import Pictures
from bot.ui.charts.streaks import FILE_NAME, streak_picture
from bot.ui.drills import answer_key
from bot.ui.kit import options
from bot.ui.kit.custom_ids import ANY_ID, TRACK
from bot.ui.kit.languages import speaking_in_public
from bot.ui.kit.layouts import Page
from bot.ui.kit.responses import reply, think
from bot.ui.kit.router import handles
from bot.ui.streaks import streak_page


@dataclass(eq=False, repr=False)
class StreaksCog(commands.Cog):
    """Streaks; private until shared."""

    _clock: Clock
    _streaks: StreakService
    _boards: BoardService
    _pictures: Pictures

    @app_commands.command(description="See your streak in a practice channel, or somebody else's")
    @app_commands.guild_only()
    @app_commands.describe(
        member="Whose streak; yours if left out", channel="A practice channel; this one if left out"
    )
    async def streak(
        self,
        interaction: discord.Interaction,
        member: discord.Member | None = None,
        channel: options.Channel | None = None,
    ) -> None:
        """Shows current and best streak, freezes, and the newest questions."""
        await think(interaction)
        where, who = options.where(interaction, channel), member or interaction.user
        own, named = who.id == interaction.user.id, channel is not None
        async with self._pictures.turn:
            view = await self._streaks.in_channel(*where, who.id, self._clock(), named=named, telling=own)
            shown = await self._private(interaction, view, who)
        await reply(interaction, *shown)

    @handles("streak", "mine", TRACK)
    async def mine(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The card's button “My streak”."""
        await think(interaction)
        guild_id, user = options.where(interaction)[0], interaction.user
        async with self._pictures.turn:
            view = await self._streaks.in_track(guild_id, int(words[0]), user.id, self._clock(), telling=True)
            shown = await self._private(interaction, view, user)
        await reply(interaction, *shown)

    async def _private(
        self, interaction: discord.Interaction, view: StreakView, who: discord.User | discord.Member
    ) -> tuple[Page, list[discord.File]]:
        own = who.id == interaction.user.id
        return await self._shown(interaction, view, who.id, who.display_name, own=own, shared=False)

    @handles("share", "streak", TRACK, ANY_ID)
    async def share_streak(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Posts the streak where it was asked for."""
        guild_id, _ = options.where(interaction)
        track_id, member_id = map(int, words)
        view = await self._streaks.in_track(guild_id, track_id, member_id, self._clock(), telling=False)
        if member_id == interaction.user.id:
            name = interaction.user.display_name
        else:
            name = await self._boards.name_to_share(guild_id, member_id)
        await think(interaction, public=True)
        async with self._pictures.turn:
            with speaking_in_public(interaction):
                shown = await self._shown(interaction, view, member_id, name, own=False, shared=True)
        await reply(interaction, *shown, public=True)

    async def _shown(
        self,
        interaction: discord.Interaction,
        view: StreakView,
        member_id: int,
        name: str,
        *,
        own: bool,
        shared: bool,
    ) -> tuple[Page, list[discord.File]]:
        """The page, with the calendar where there is a history and the bot may attach it."""
        drawn = bool(view.calendar) and interaction.app_permissions.attach_files
        answer = None if view.waiting is None else answer_key(view.waiting)
        page = streak_page(view, name=name, own=own, member_id=member_id, shared=shared, drawn=drawn, answer=answer)
        if not drawn:
            return page, []
        person = Person(name, self._pictures.portraits.of([member_id]).get(member_id))
        shown = view, person, Imprint.to(interaction, view.track.channel_id, view.today, shared=shared)
        return page, [await self._pictures.file(FILE_NAME, streak_picture, *shown)]
