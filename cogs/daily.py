"""`/daily`: how a track stands, posting by hand, pauses, skips, the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.schedule import parse_date
from bot.domain.tracks import Track
from bot.services.search import one, search
from bot.ui import places, tracks
from bot.ui.cards import drill_card
from bot.ui.layouts import Button, Page, counted
from bot.ui.permissions import missing
from bot.ui.router import require_manager, say

if TYPE_CHECKING:
    from bot.app import PracticeBot

NO_QUESTIONS = "The chosen topics hold no question, so there is nothing to post. Change them: `/setup topics:all`."


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Daily(commands.GroupCog, name="daily", description="The daily question: post, pause, skip, queue"):
    """Managers' commands on a track. Discord guards the commands; buttons are checked here."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        for verb, handler in {
            "post": self.post_button,
            "preview": self.preview_button,
            "skip": self.skip_button,
            "unqueue": self.unqueue_button,
            "reveal": self.reveal_button,
            "remove": self.remove_button,
        }.items():
            bot.router.on("daily", verb, handler)

    async def _track(self, interaction: discord.Interaction, channel: places.Channel | None) -> Track:
        return await self.bot.tracks.find(*places.where(interaction, channel), named=channel is not None)

    async def _button_track(self, interaction: discord.Interaction, track_id: str) -> Track:
        require_manager(interaction)
        return await self.bot.tracks.get(int(track_id), places.where(interaction)[0])

    async def _reply(
        self, interaction: discord.Interaction, track: Track, *texts: str, buttons: list[Button] | None = None
    ) -> None:
        """Answers in private; a track that runs out of questions says so."""
        left, total = await self.bot.drills.left(track)
        note = tracks.few_left(left, total)
        page = Page(*texts, *([note] if note else []), buttons=buttons or [])
        if interaction.response.is_done():
            await interaction.followup.send(view=page, ephemeral=True)
        else:
            await interaction.response.send_message(view=page, ephemeral=True)

    @app_commands.command(description="How the daily question stands")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def status(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Shows the next post, the open question, what is missing, and the settings."""
        track = await self._track(interaction, channel)
        place = self.bot.get_channel(track.channel_id)
        drill = await self.bot.drills.current(track.id)
        left, total = await self.bot.drills.left(track)
        standing = tracks.Standing(
            track=track,
            drill=drill,
            question=self.bot.pack.find(drill.question_id or "") if drill else None,
            answered=await self.bot.drills.answered(drill) if drill else 0,
            closing=await self.bot.drills.closing(drill, self.bot.clock()) if drill else None,
            left=left,
            total=total,
            skipped=await self.bot.tracks.skipped(track, self.bot.clock()),
            queued=await self.bot.tracks.queued(track),
            missing=missing(place) if isinstance(place, discord.TextChannel) else (),
            gone=place is None,
            reports=await self.bot.reports.unsettled(track.guild_id),
        )
        await interaction.response.send_message(view=tracks.status_page(standing, self.bot.pack), ephemeral=True)

    @app_commands.command(description="Post today's question now")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def post(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Posts the drill of the track's date today, at any hour."""
        await self._post(interaction, await self._track(interaction, channel))

    async def post_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Post the first question now”."""
        await self._post(interaction, await self._button_track(interaction, words[0]))

    async def _post(self, interaction: discord.Interaction, track: Track) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self.bot.drills.claim_today(track.id, self.bot.clock())
        if claim.drill is None:
            raise BadInput(NO_QUESTIONS)
        if claim.existed and claim.drill.message_id is not None:
            await self._reply(interaction, track, f"Today's question is there already: {claim.drill.link}")
            return
        await self.bot.drills.retry_now(claim.drill)
        await self.bot.courier.tick()
        drill = await self.bot.drills.get(claim.drill.id)
        if drill is not None and drill.message_id is not None:
            await self._reply(interaction, track, f"Posted: {drill.link}")
            return
        problem = (await self.bot.tracks.get(track.id, track.guild_id)).problem
        raise BadInput(f"It is not posted yet. {problem or ''} I keep trying; `/daily status` shows how it stands.")

    @app_commands.command(description="See the question that would be posted now")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def preview(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Shows in private exactly what `/daily post` would post now."""
        await self._preview(interaction, await self._track(interaction, channel))

    async def preview_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Preview”."""
        await self._preview(interaction, await self._button_track(interaction, words[0]))

    async def _preview(self, interaction: discord.Interaction, track: Track) -> None:
        drill = await self.bot.drills.would_post(track, self.bot.clock())
        if drill is None:
            raise BadInput(NO_QUESTIONS)
        question = self.bot.pack.find(drill.question_id or "")
        if question is None or drill.message_id is not None:
            await self._reply(interaction, track, f"Today's question is there already: {drill.link}")
            return
        closing = await self.bot.drills.closing(drill, self.bot.clock())
        card = drill_card(drill, question, 0, closing, track.ping_role_id, preview=True)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(description="Stop posting for a while")
    @app_commands.describe(
        until="The first date on which it posts again, such as 2027-01-04", channel="A practice channel"
    )
    async def pause(
        self,
        interaction: discord.Interaction,
        until: str | None = None,
        channel: places.Channel | None = None,
    ) -> None:
        """Pauses a track; the open question stays open."""
        track = await self._track(interaction, channel)
        track = await self.bot.tracks.pause(track, parse_date(until) if until else None, self.bot.clock())
        await self._reply(
            interaction, track, f"<#{track.channel_id}> is paused; streaks rest. {tracks.next_post(track)}"
        )

    @app_commands.command(description="Go on after a pause")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def resume(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Ends a pause."""
        track = await self.bot.tracks.resume(await self._track(interaction, channel), self.bot.clock())
        await self._reply(interaction, track, f"<#{track.channel_id}> goes on. {tracks.next_post(track)}")

    @app_commands.command(description="Leave a date out; the same date again takes it back")
    @app_commands.describe(date="Such as 2026-12-24; the next date if left out", channel="A practice channel")
    async def skip(
        self,
        interaction: discord.Interaction,
        date: str | None = None,
        channel: places.Channel | None = None,
    ) -> None:
        """Skips a date without using a question."""
        await self._skip(interaction, await self._track(interaction, channel), date)

    async def skip_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Take it back”."""
        await self._skip(interaction, await self._button_track(interaction, words[0]), words[1])

    async def _skip(self, interaction: discord.Interaction, track: Track, date: str | None) -> None:
        day = parse_date(date) if date else None
        track, chosen, skipped = await self.bot.tracks.skip(track, day, self.bot.clock())
        what = "is left out; streaks rest" if skipped else "is practised again"
        back = [Button("Take it back", f"mb:daily:skip:{track.id}:{chosen}")] if skipped else []
        await self._reply(
            interaction, track, f"{chosen:%A}, {chosen} {what}. {tracks.next_post(track)}", buttons=back
        )

    @app_commands.command(description="Put a question next")
    @app_commands.describe(question="Its number, id or words", channel="A practice channel; this one if left out")
    async def queue(
        self, interaction: discord.Interaction, question: str, channel: places.Channel | None = None
    ) -> None:
        """Queued questions come before all others, in their order."""
        track = await self._track(interaction, channel)
        chosen = one(self.bot.pack, question)
        queued = await self.bot.tracks.queue(track, chosen.id)
        back = [Button("Take it out again", f"mb:daily:unqueue:{track.id}:{chosen.id}")]
        await self._reply(interaction, track, tracks.queue_text(queued, self.bot.pack), buttons=back)

    async def unqueue_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Take it out again”."""
        track = await self._button_track(interaction, words[0])
        queued = await self.bot.tracks.unqueue(track, words[1])
        await self._reply(
            interaction, track, tracks.queue_text(queued, self.bot.pack) if queued else "The queue is empty."
        )

    @queue.autocomplete("question")
    async def _questions(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return places.question_choices(search(self.bot.pack, typed, places.CHOICES))

    @app_commands.command(description="Close the open question and show the model answer")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def reveal(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Asks before it closes, and says how many have answered."""
        track = await self._track(interaction, channel)
        drill = await self.bot.drills.current(track.id)
        if drill is None:
            raise BadInput(f"No question is open in <#{track.channel_id}>. {tracks.next_post(track)}")
        count = counted(await self.bot.drills.answered(drill), "person has", "people have")
        button = Button("Close and reveal", f"mb:daily:reveal:{track.id}:{drill.id}", danger=True)
        await self._reply(
            interaction,
            track,
            f"{count} answered. Closing it now ends the time for on-time answers and shows the model answer.",
            buttons=[button],
        )

    async def reveal_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/daily reveal`."""
        track = await self._button_track(interaction, words[0])
        drill = await self.bot.drills.get(int(words[1]))
        if drill is None or drill.track_id != track.id or drill.closed_at is not None:
            raise BadInput("This question is closed already.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.drills.close(drill, self.bot.clock())
        await self.bot.courier.tick()
        await self._reply(interaction, track, f"Closed; the model answer is out: {drill.link}")

    @app_commands.command(description="End practice in a channel; its history stays")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def remove(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Asks before it ends a track."""
        track = await self._track(interaction, channel)
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
        track = await self._button_track(interaction, words[0])
        await self.bot.tracks.remove(track, self.bot.clock())
        await say(interaction, f"Practice in <#{track.channel_id}> has ended. `/setup` there takes it up again.")


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(Daily(bot))
