"""`/setup`, and the form behind the greeting's Set up button."""

from dataclasses import dataclass
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.drills import Mode
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.selection import Order
from bot.domain.servers import Thing
from bot.domain.tracks import PlanChange, Track
from bot.services.milestones import MilestoneService
from bot.services.tracks import MoveOrAdd, TrackService
from bot.ui import tracks
from bot.ui.kit import options
from bot.ui.kit.custom_ids import an
from bot.ui.kit.permissions import practisable, warnings
from bot.ui.kit.responses import open_form, reply, think
from bot.ui.kit.router import handles, require_manager
from bot.ui.milestones import roles_text
from bot.workers.drills import DrillPublisher


@dataclass(eq=False, repr=False)
class SetupCog(commands.Cog):
    """Makes and changes tracks."""

    _client: discord.Client
    _clock: Clock
    _banks: Banks
    _tracks: TrackService
    _milestones: MilestoneService
    _publisher: DrillPublisher

    @app_commands.command(description="Make a practice channel, or change it")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
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
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: options.Channel | None = None,
        time: str | None = None,
        timezone: str | None = None,
        days: str | None = None,
        packs: str | None = None,
        topics: str | None = None,
        order: Order | None = None,
        answers: Mode | None = None,
        ping: discord.Role | None = None,
        hints: Literal["on", "off"] | None = None,
    ) -> None:
        """Makes or changes a track; without any option it shows the settings."""
        change = PlanChange(
            zone=parse_zone(timezone) if timezone else None,
            at=parse_time(time) if time else None,
            days=parse_days(days) if days else None,
            topics=options.bank(interaction, self._banks).parse_topics(topics) if topics else None,
            packs=options.bank(interaction, self._banks).parse_packs(packs) if packs else None,
            order=order,
            mode=answers,
            ping_role_id=ping.id if ping else None,
            hints=None if hints is None else hints == "on",
        )
        guild_id, own_id = options.where(interaction)
        if channel is None and await self._tracks.ended_in(own_id):
            await self._set_up(interaction, guild_id, own_id, change, named=True)
            return
        if channel is None and change.is_empty and await self._tracks.of_server(guild_id):
            track = await self._tracks.find(guild_id, own_id)
            guild = interaction.guild
            roles = None if guild is None else roles_text(await self._milestones.roles(guild.id), guild)
            await reply(interaction, tracks.settings_page(track, self._warnings(track), roles))
            return
        place = channel.id if channel else own_id
        await self._set_up(interaction, guild_id, place, change, named=channel is not None)

    async def _set_up(
        self, interaction: discord.Interaction, guild_id: int, channel_id: int, change: PlanChange, *, named: bool
    ) -> None:
        if change.zone is not None:  # weeks may begin anew, which takes a while where there are many points
            await think(interaction)
        channel = practisable(channel_id, self._client.get_channel(channel_id))
        forums = {forum.id for forum in channel.guild.forums}
        done = await self._tracks.set_up(guild_id, channel_id, change, self._clock(), named=named, forums=forums)
        if isinstance(done, MoveOrAdd):
            await reply(interaction, tracks.move_or_add_page(done))
        else:
            await self._show(interaction, done)

    async def _show(self, interaction: discord.Interaction, track: Track) -> None:
        self._publisher.replan()
        await reply(interaction, tracks.set_up_page(track, self._warnings(track)))

    def _warnings(self, track: Track) -> list[str]:
        return warnings(track.channel_id, self._client.get_channel(track.channel_id))

    @setup.autocomplete("timezone")
    async def _zones(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.zone_choices(typed)

    @setup.autocomplete("packs")
    async def _packs(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.pack_choices(options.bank(interaction, self._banks).packs, typed)

    @setup.autocomplete("topics")
    async def _topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(options.bank(interaction, self._banks), typed)

    @handles("setup", "open")
    async def open_form(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The Set up button of the greeting."""
        require_manager(interaction)
        await open_form(interaction, tracks.setup_form())

    @handles("setup", "form", sent=True)
    async def take_form(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The form behind it: the channel is the one in which it was opened."""
        require_manager(interaction)
        await self._set_up(interaction, *options.where(interaction), tracks.sent_plan(interaction), named=True)

    @handles("setup", "move", an(Thing.PROPOSAL), move=True)
    @handles("setup", "add", an(Thing.PROPOSAL), move=False)
    async def decide(self, interaction: discord.Interaction, words: list[str], *, move: bool) -> None:
        """Moves the server's only track, or adds a second one."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        await think(interaction)
        track = await self._tracks.decide(guild_id, int(words[0]), move=move, now=self._clock())
        await self._show(interaction, track)
