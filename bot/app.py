"""The bot and its composition root: everything is built once here, and closed in reverse."""

from datetime import date, timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock, system_clock
from bot.domain.errors import BadInput
from bot.domain.questions import Pack
from bot.domain.schedule import use_packaged_zones
from bot.services.answers import AnswerService
from bot.services.drills import DrillService
from bot.services.streaks import StreakService
from bot.services.tracks import TrackService
from bot.settings import Settings
from bot.storage import drills
from bot.storage.engine import Database
from bot.storage.migrate import migrate
from bot.storage.packs import load_pack, packs_folder
from bot.ui.forms import FORM, AnswerForm, submitted_text
from bot.ui.layouts import Page
from bot.workers.collector import Collector
from bot.workers.courier import MARKER, Courier
from bot.workers.heartbeat import Heartbeat


class PracticeBot(commands.AutoShardedBot):
    """Mockingbird as a Discord client.

    Args:
        ring: starts the heartbeat with the connection; tests and the demo ring it themselves.
    """

    def __init__(
        self, settings: Settings, *, clock: Clock = system_clock, ring: bool = False, **options: Any
    ) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, message_content=True)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        use_packaged_zones()
        self.clock = clock
        self.pack: Pack = load_pack(packs_folder() / "genai")
        self.database = Database(settings.database_url)
        self.tracks = TrackService(self.database)
        self.drills = DrillService(self.database, lambda: self.pack, timedelta(hours=settings.late_hours))
        self.answers = AnswerService(self.database, min_words=settings.min_words, min_chars=settings.min_chars)
        self.streaks = StreakService(self.database)
        self.courier = Courier(self, self.database, self.drills, self.pack, clock)
        self._heartbeat = Heartbeat(self._beat)
        self._ring = ring
        self.collector = Collector(self, self.database, self.answers)
        self.tree.on_error = self._present  # pyright: ignore[reportAttributeAccessIssue]

    async def setup_hook(self) -> None:
        """Prepares the database and the commands before Discord sends anything."""
        from cogs.practice import Practice

        await migrate(self.database)
        await self.add_cog(Practice(self))
        await self.tree.sync()
        if self._ring:
            self._heartbeat.start()

    async def _beat(self) -> None:
        if self.is_ready():
            await self.courier.tick()

    async def on_message(self, message: discord.Message, /) -> None:
        """Collects answers."""
        await self.collector.message(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows edits."""
        await self.collector.edit(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Erases the text of deleted messages."""
        await self.answers.deleted(event.message_id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Opens and takes the answer form, also after a restart while somebody types."""
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        if interaction.type is discord.InteractionType.component and custom_id.startswith(MARKER):
            channel_id, day, question_id = custom_id.removeprefix(MARKER).split(":")
            drill = await self.database.read(
                lambda conn: drills.by_key(conn, int(channel_id), date.fromisoformat(day), question_id)
            )
            question = self.pack.find(question_id)
            if drill is None or question is None:
                await self._say(interaction, "This question is over. The next one comes by the plan.")
                return
            earlier = await self.answers.form_text(drill.id, interaction.user.id)
            await interaction.response.send_modal(AnswerForm(drill.id, question.number, earlier))
        elif interaction.type is discord.InteractionType.modal_submit and custom_id.startswith(FORM):
            drill_id = int(custom_id.removeprefix(FORM))
            name, words = interaction.user.display_name, submitted_text(interaction)
            stored = await self.answers.submit(drill_id, interaction.user.id, name, words, self.clock())
            if stored is None:
                text = "This question is over for you; your text was not stored."
            elif stored.answer.counted_at is None:
                text = "Stored, but too short to count: write at least 5 words. Press Answer to add to it."
            else:
                text = "Your answer is stored and counts."
            await self._say(interaction, text)

    async def _present(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        cause = error.__cause__ or error
        if not isinstance(cause, BadInput):
            cause_text = "Something went wrong on our side; nothing was lost. Please try again."
            await self._say(interaction, cause_text)
            raise error
        await self._say(interaction, str(cause))

    async def _say(self, interaction: discord.Interaction, text: str) -> None:
        if interaction.response.is_done():
            await interaction.followup.send(view=Page(text), ephemeral=True)
        else:
            await interaction.response.send_message(view=Page(text), ephemeral=True)

    async def close(self) -> None:
        """Closes the connection to Discord, then the database."""
        self._heartbeat.stop()
        await super().close()
        await self.database.close()
