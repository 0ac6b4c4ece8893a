"""The first commands: set up a practice channel, post, see one's streak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.services.tracks import Plan
from bot.ui.layouts import Page

if TYPE_CHECKING:
    from bot.app import PracticeBot


class Practice(commands.Cog):
    """`/setup`, `/daily` and `/streak`."""

    daily = app_commands.Group(
        name="daily",
        description="The daily question",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @app_commands.command(description="Make this channel a practice channel")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | None = None,
        timezone: str | None = None,
        time: str | None = None,
        days: str | None = None,
        topics: str | None = None,
    ) -> None:
        """Makes or changes a track and says when it posts next."""
        plan = Plan(
            zone=parse_zone(timezone) if timezone else None,
            at=parse_time(time) if time else None,
            days=parse_days(days) if days else None,
            topics=self.bot.pack.parse_topics(topics) if topics else None,
        )
        place = channel.id if channel else interaction.channel_id
        assert interaction.guild_id is not None and place is not None
        track = await self.bot.tracks.set_up(interaction.guild_id, place, plan, self.bot.clock())
        due = int(track.next_due_utc.timestamp()) if track.next_due_utc else 0
        await interaction.response.send_message(
            view=Page(f"<#{place}> is set up. The next question comes <t:{due}:F>."), ephemeral=True
        )

    @daily.command(description="Post today's question now")
    async def post(self, interaction: discord.Interaction) -> None:
        """Posts the drill of the track's date today."""
        assert interaction.guild_id is not None and interaction.channel_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        track = await self.bot.tracks.find(interaction.guild_id, interaction.channel_id)
        claim = await self.bot.drills.claim_today(track.id, self.bot.clock())
        if claim.drill is None:
            text = "The chosen topics hold no question. Change them with `/setup topics:all`."
        elif claim.existed:
            text = f"Today's question is posted already: {claim.drill.link}"
        else:
            await self.bot.courier.tick()
            text = f"Posted in <#{track.channel_id}>."
        await interaction.followup.send(view=Page(text), ephemeral=True)

    @app_commands.command(description="Your streak in this channel")
    @app_commands.guild_only()
    async def streak(self, interaction: discord.Interaction) -> None:
        """Shows current and best streak and the freezes held."""
        assert interaction.guild_id is not None and interaction.channel_id is not None
        track = await self.bot.tracks.find(interaction.guild_id, interaction.channel_id)
        streak = await self.bot.streaks.of(track.id, interaction.user.id)
        text = f"Your streak is **{streak.current}**, your best {streak.best}. Freezes held: {streak.freezes}."
        await interaction.response.send_message(view=Page(text), ephemeral=True)
