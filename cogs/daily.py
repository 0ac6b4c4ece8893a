"""`/daily post`, `preview`, `reveal` and `remove`."""

from dataclasses import dataclass

import discord
from discord import app_commands

from bot.domain.drills import Drill, Reveal
from bot.domain.errors import Refusal
from bot.domain.tracks import Track
from bot.ui import drills, tracks
from bot.ui.kit import options
from bot.ui.kit.custom_ids import DRILL, TRACK
from bot.ui.kit.responses import reply, say, think
from bot.ui.kit.router import handles
from bot.workers.drills import DrillPublisher
from cogs.daily_base import DailyBase


@dataclass(eq=False, repr=False)
class DailyPostsCog(DailyBase):
    """Posts by hand, closes a question early, and ends a track."""

    _client: discord.Client
    _publisher: DrillPublisher

    @app_commands.command(description="Post today's question now")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def post(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Posts the drill of the track's date today, at any hour."""
        await self._post(interaction, await self.track(interaction, channel))

    @handles("daily", "post", TRACK)
    async def post_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Post the first question now”."""
        await self._post(interaction, await self.button_track(interaction, words[0]))

    async def _post(self, interaction: discord.Interaction, track: Track) -> None:
        await think(interaction)
        claim = await self._drills.claim_today(track.id, self._clock())
        if claim.drill is None:
            raise Refusal("tracks.no_questions")
        if claim.existed and claim.drill.message_id is not None:
            await self.reply(interaction, track, drills.posted_already(claim.drill))
            return
        await self._drills.retry_at_once(claim.drill.id)
        await self._publisher.deliver()
        drill = await self._drills.get(claim.drill.id)
        if drill is not None and drill.message_id is not None:
            await self.reply(interaction, track, drills.posted_now(drill))
            return
        problem = (await self._tracks.get(track.id, track.guild_id)).problem
        raise Refusal("tracks.not_posted", problem=problem)

    @app_commands.command(description="See the question that comes next, as it will look")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def preview(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Shows in private exactly what `/daily post` would post now, or what follows today's question."""
        await self._preview(interaction, await self.track(interaction, channel))

    @handles("daily", "preview", TRACK)
    async def preview_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Preview”."""
        await self._preview(interaction, await self.button_track(interaction, words[0]))

    async def _preview(self, interaction: discord.Interaction, track: Track) -> None:
        drill = await self._drills.would_post(track, self._clock())
        if drill is None:
            raise Refusal("tracks.no_questions")
        question = self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at)
        if question is None or drill.message_id is not None:
            following = await self._drills.would_follow(track, self._clock())
            texts = [] if following is None else [tracks.follows_text(track, following.date)]
            await self.reply(interaction, track, drills.posted_already(drill), *texts)
            if following is not None:
                await self._preview_card(interaction, track, following)
            return
        await self._preview_card(interaction, track, drill)

    async def _preview_card(self, interaction: discord.Interaction, track: Track, drill: Drill) -> None:
        question = self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at)
        if question is None:
            raise Refusal("tracks.no_questions")
        closing = await self._drills.closing(drill, drill.claimed_at)
        in_forum = isinstance(self._client.get_channel(track.channel_id), discord.ForumChannel)
        card = drills.drill_card(drill, question, 0, closing, track.ping_role_id, in_forum=in_forum, preview=True)
        await reply(interaction, card)

    @app_commands.command(description="Close the open question and show the model answer")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def reveal(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Asks before it closes, and says how many have answered."""
        track = await self.track(interaction, channel)
        drill = await self._drills.current(track.id)
        if drill is None:
            raise Refusal("tracks.none_open", track=track)
        text, button = drills.ask_to_reveal(drill, await self._drills.answered(drill.id))
        await self.reply(interaction, track, text, buttons=[button])

    @handles("daily", "reveal", TRACK, DRILL)
    async def reveal_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/daily reveal`."""
        track = await self.button_track(interaction, words[0])
        drill = await self._drills.get(int(words[1]))
        if drill is None or drill.track_id != track.id or drill.closed_at is not None:
            raise Refusal("drills.closed")
        await think(interaction)
        await self._drills.close(drill.id, self._clock())
        await self._publisher.deliver()
        after = await self._drills.get(drill.id)
        out = after is not None and after.reveal is Reveal.DONE
        await self.reply(interaction, track, drills.closed_now(drill, out=out))

    @app_commands.command(description="End practice in a channel; its history stays")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def remove(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Asks before it ends a track."""
        track = await self.track(interaction, channel)
        await reply(interaction, tracks.ask_to_end_page(track))

    @handles("daily", "remove", TRACK)
    async def remove_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/daily remove`."""
        track = await self.button_track(interaction, words[0])
        await self._tracks.remove(track, self._clock())
        await say(interaction, tracks.ended_text(track))
