"""`/daily`: posting by hand, reveals, and the end of a track; the rest of the group joins in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.drills import Reveal
from bot.domain.errors import Refusal
from bot.domain.tracks import Track
from bot.ui.drills import drill_card
from bot.ui.kit import options
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.router import say
from cogs.daily_calendar import DailyCalendar
from cogs.daily_status import DailyStatus

if TYPE_CHECKING:
    from bot.app import PracticeBot

GROUP = "The daily question: post, pause, skip, queue"


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class DailyCog(DailyStatus, DailyCalendar, commands.GroupCog, name="daily", description=GROUP):
    """Managers' commands on a track."""

    def __init__(self, bot: PracticeBot) -> None:
        super().__init__(bot)
        bot.router.on("daily", "post", self.post_button)
        bot.router.on("daily", "preview", self.preview_button)
        bot.router.on("daily", "reveal", self.reveal_button)
        bot.router.on("daily", "remove", self.remove_button)

    @app_commands.command(description="Post today's question now")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def post(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Posts the drill of the track's date today, at any hour."""
        await self._post(interaction, await self.track(interaction, channel))

    async def post_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Post the first question now”."""
        await self._post(interaction, await self.button_track(interaction, words[0]))

    async def _post(self, interaction: discord.Interaction, track: Track) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self.bot.drills.claim_today(track.id, self.bot.clock())
        if claim.drill is None:
            raise Refusal("tracks.no_questions")
        if claim.existed and claim.drill.message_id is not None:
            await self.reply(interaction, track, f"Today's question is there already: {claim.drill.link}")
            return
        await self.bot.drills.retry_at_once(claim.drill)
        await self.bot.courier.run()
        drill = await self.bot.drills.get(claim.drill.id)
        if drill is not None and drill.message_id is not None:
            await self.reply(interaction, track, f"Posted: {drill.link}")
            return
        problem = (await self.bot.tracks.get(track.id, track.guild_id)).problem
        raise Refusal("tracks.not_posted", problem=problem)

    @app_commands.command(description="See the question that would be posted now")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def preview(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Shows in private exactly what `/daily post` would post now."""
        await self._preview(interaction, await self.track(interaction, channel))

    async def preview_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Preview”."""
        await self._preview(interaction, await self.button_track(interaction, words[0]))

    async def _preview(self, interaction: discord.Interaction, track: Track) -> None:
        drill = await self.bot.drills.would_post(track, self.bot.clock())
        if drill is None:
            raise Refusal("tracks.no_questions")
        question = self.bot.bank.find(drill.question_id or "")
        if question is None or drill.message_id is not None:
            await self.reply(interaction, track, f"Today's question is there already: {drill.link}")
            return
        closing = await self.bot.drills.closing(drill, self.bot.clock())
        in_forum = isinstance(self.bot.get_channel(track.channel_id), discord.ForumChannel)
        card = drill_card(drill, question, 0, closing, track.ping_role_id, in_forum=in_forum, preview=True)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(description="Close the open question and show the model answer")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def reveal(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Asks before it closes, and says how many have answered."""
        track = await self.track(interaction, channel)
        drill = await self.bot.drills.current(track.id)
        if drill is None:
            raise Refusal("tracks.none_open", track=track)
        count = counted(await self.bot.drills.answered(drill), "person has", "people have")
        button = Button("Close and reveal", f"mb:daily:reveal:{track.id}:{drill.id}", danger=True)
        await self.reply(
            interaction,
            track,
            f"{count} answered. Closing it now ends the time for on-time answers and shows the model answer.",
            buttons=[button],
        )

    async def reveal_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/daily reveal`."""
        track = await self.button_track(interaction, words[0])
        drill = await self.bot.drills.get(int(words[1]))
        if drill is None or drill.track_id != track.id or drill.closed_at is not None:
            raise Refusal("drills.closed")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.drills.close(drill.id, self.bot.clock())
        await self.bot.courier.run()
        after = await self.bot.drills.get(drill.id)
        out = after is not None and after.reveal is Reveal.DONE
        said = "the model answer is out" if out else "the model answer comes as soon as I can post it"
        await self.reply(interaction, track, f"Closed; {said}: {drill.link}")

    @app_commands.command(description="End practice in a channel; its history stays")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def remove(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Asks before it ends a track."""
        track = await self.track(interaction, channel)
        await interaction.response.send_message(
            view=Page(
                f"End practice in <#{track.channel_id}>? No more questions come. Answers, streaks and points "
                "stay, and `/setup` there takes it up again.",
                buttons=[Button("End it", f"mb:daily:remove:{track.id}", danger=True)],
            ),
            ephemeral=True,
        )

    async def remove_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/daily remove`."""
        track = await self.button_track(interaction, words[0])
        await self.bot.tracks.remove(track, self.bot.clock())
        await say(interaction, f"Practice in <#{track.channel_id}> has ended. `/setup` there takes it up again.")


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(DailyCog(bot))
