"""`/progress`: mastery with its picture, what to practice next, and one's own answers. Share posts mastery."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.servers import Thing
from bot.services.progress import Progress, ProgressService
from bot.services.reviews import ReviewQueue
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.progress import FILE_NAME, progress_picture
from bot.ui.charts.rendering import Pictures
from bot.ui.kit import options
from bot.ui.kit.custom_ids import ANY_ID, NUMBER, an
from bot.ui.kit.languages import speaking_in_public
from bot.ui.kit.layouts import Page
from bot.ui.kit.responses import edit, reply, think
from bot.ui.kit.router import handles
from bot.ui.progress import answer_page, begun, done_page, empty_page, formula_page, mastery_page


@dataclass(eq=False, repr=False)
class ProgressCog(commands.Cog):
    """Progress is private until shared; answers are shown to their author only."""

    _clock: Clock
    _banks: Banks
    _progress: ProgressService
    _pictures: Pictures

    @app_commands.command(description="See how well you know the topics, and what to practice next")
    @app_commands.guild_only()
    @app_commands.describe(member="See what somebody else has practiced")
    async def progress(self, interaction: discord.Interaction, member: discord.Member | None = None) -> None:
        """Shows one's own mastery by topic, what is due and the way on; of others only what they have done."""
        guild_id, _ = options.where(interaction)
        await think(interaction)
        who = member or interaction.user
        async with self._pictures.turn:
            if who.id == interaction.user.id:
                own = await self._progress.own(guild_id, who.id, self._clock())
                shown = await self._shown(interaction, own.progress, own.queue)
            else:
                found = await self._progress.of(guild_id, who.id, self._clock())
                name, files = who.display_name, list[discord.File]()
                shown = done_page(found, name) if found.practiced else empty_page(name, own=False), files
        await reply(interaction, *shown)

    @handles("share", "progress", ANY_ID)
    async def share(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Posts mastery where it was asked for."""
        guild_id, _ = options.where(interaction)
        member_id = int(words[0])
        if member_id != interaction.user.id:
            raise Refusal("progress.not_yours")
        await think(interaction, public=True)
        async with self._pictures.turn:
            found = await self._progress.of(guild_id, member_id, self._clock())
            with speaking_in_public(interaction):
                shown = await self._shown(interaction, found, None)
        await reply(interaction, *shown, public=True)

    async def _shown(
        self,
        interaction: discord.Interaction,
        found: Progress,
        queue: ReviewQueue | None,
    ) -> tuple[Page, list[discord.File]]:
        """The page of whoever asks, with its picture where files may be attached; shared it has no queue."""
        name, member_id = interaction.user.display_name, interaction.user.id
        if not found.practiced:
            return empty_page(name, own=queue is not None), []
        drawn = interaction.app_permissions.attach_files
        page = mastery_page(
            found,
            name=name,
            member_id=member_id,
            drawn=drawn,
            shared=queue is None,
            queue=queue,
            bank=options.bank(interaction, self._banks),
        )
        files: list[discord.File] = []
        if drawn:
            imprint = Imprint.of(interaction.guild, None, self._clock().date())
            person = Person(name, self._pictures.portraits.of([member_id]).get(member_id))
            picture = begun(found), person, imprint
            files = [await self._pictures.file(FILE_NAME, progress_picture, *picture)]
        return page, files

    @handles("progress", "how")
    async def how(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button that asks how mastery is counted."""
        await reply(interaction, formula_page())

    @handles("progress", "answers", an(Thing.ANSWER), NUMBER)
    async def answers(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button My answers, and its pages; the first opens a message of its own."""
        guild_id, _ = options.where(interaction)
        look = await self._progress.answer(guild_id, interaction.user.id, int(words[0]))
        page = answer_page(look, int(words[1]))
        if int(words[0]):
            await edit(interaction, page)
        else:
            await reply(interaction, page)
