"""`/setup`: makes and changes tracks."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.drills import Mode
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.selection import Order
from bot.domain.servers import Thing
from bot.domain.tracks import NOTHING, PlanChange
from bot.services.tracks import TrackService
from bot.ui.kit import options
from bot.ui.kit.custom_ids import an
from bot.ui.kit.responses import think
from bot.ui.kit.router import handles, require_manager
from bot.ui.kit.typed import in_english, read
from cogs.track_setup import TrackSetup

HOURS = (9, 8, 10, 7, 11, 12, 13, 14, 15, 16, 17, 18)
"""What is offered before anything is typed: times at which people begin their day first."""


@dataclass(eq=False, repr=False)
class SetupCog(commands.Cog):
    """Makes and changes tracks."""

    _clock: Clock
    _banks: Banks
    _tracks: TrackService
    _setup: TrackSetup

    @app_commands.command(description="Set up a practice channel, or change one")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.rename(hints="feedback")
    @app_commands.describe(
        channel="Where questions are posted; this channel if left out",
        time="Local time, such as 09:00",
        timezone="Such as Europe/Berlin",
        days="mon-fri, daily, or a list like mon,wed,fri",
        packs="Where questions come from; genai if left out",
        topics="all, or numbers and names with commas",
        order="curriculum: by number; shuffle: at random without repeats; adaptive: weak topics first",
        answers="open: everyone reads along; blind: hidden until the reveal",
        ping="A role that is mentioned with each question",
        hints="Tell members in private which key points I spot in their answers; on if left out",
    )
    @app_commands.choices(
        order=options.fixed_choices(Order),
        answers=options.fixed_choices(Mode),
        hints=options.fixed_choices(("on", "off")),
    )
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: options.Channel | None = None,
        time: str | None = None,
        timezone: str | None = None,
        days: str | None = None,
        packs: str | None = None,
        topics: str | None = None,
        order: str | None = None,
        answers: str | None = None,
        ping: discord.Role | None = None,
        hints: str | None = None,
    ) -> None:
        """Makes or changes a track; without any option it shows the settings."""
        bank = options.bank(interaction, self._banks)
        change = PlanChange(
            zone=parse_zone(timezone) if timezone else None,
            at=parse_time(time) if time else None,
            days=read(parse_days, days) if days else None,
            topics=bank.parse_topics(in_english(topics, "all")) if topics else None,
            packs=bank.parse_packs(in_english(packs, "all")) if packs else None,
            order=Order(order) if order else None,
            mode=Mode(answers) if answers else None,
            ping_role_id=None if ping is None else NOTHING if ping.is_default() else ping.id,
            hints=None if hints is None else hints == "on",
        )
        guild_id, own_id = options.where(interaction)
        if channel is None and await self._tracks.ended_in(own_id):
            await self._setup.set_up(interaction, guild_id, own_id, change, named=True)
            return
        if channel is None and change.is_empty and await self._tracks.of_server(guild_id):
            await self._setup.show_panel(interaction, guild_id, own_id)
            return
        place = channel.id if channel else own_id
        await self._setup.set_up(interaction, guild_id, place, change, named=channel is not None)

    @setup.autocomplete("time")
    async def _times(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.time_choices(typed, HOURS)

    @setup.autocomplete("days")
    async def _days(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.days_choices(typed)

    @setup.autocomplete("timezone")
    async def _zones(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.zone_choices(typed)

    @setup.autocomplete("packs")
    async def _packs(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.pack_choices(options.bank(interaction, self._banks).packs, typed)

    @setup.autocomplete("topics")
    async def _topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(options.bank(interaction, self._banks), typed)

    @handles("setup", "move", an(Thing.PROPOSAL), move=True)
    @handles("setup", "add", an(Thing.PROPOSAL), move=False)
    async def decide(self, interaction: discord.Interaction, words: list[str], *, move: bool) -> None:
        """Moves the server's only track, or adds a second one."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        await think(interaction)
        by = interaction.user.id
        done = await self._tracks.decide(guild_id, int(words[0]), move=move, now=self._clock(), by=by)
        await self._setup.show(interaction, done)
