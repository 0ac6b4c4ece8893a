"""`/daily queue`: which questions come next."""

from dataclasses import dataclass
from functools import partial

import discord
from discord import app_commands

from bot.domain.errors import Refusal
from bot.domain.tracks import Track
from bot.services.search import one_aside, search_aside
from bot.services.track_queue import SHOWN, QueueChange, TrackQueueService
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TEXT, TRACK, maybe
from bot.ui.kit.forms import fields
from bot.ui.kit.responses import edit, open_form, reply
from bot.ui.kit.router import handles
from bot.ui.track_queue import OUTSIDE, Known, changed, queue_page, search_form, which_page
from cogs.daily_base import DailyBase


@dataclass(eq=False, repr=False)
class DailyQueueCog(DailyBase):
    """Shows what comes next, and lets managers put questions there."""

    _queue: TrackQueueService

    @app_commands.command(description="See what comes next, or put a question in line")
    @app_commands.describe(
        question="Its number, id or words; without it you see what comes next",
        channel="A practice channel; this one if left out",
    )
    async def queue(
        self,
        interaction: discord.Interaction,
        question: str | None = None,
        channel: options.Channel | None = None,
    ) -> None:
        """Queued questions come before all others, in their order; looking changes nothing."""
        track = await self.track(interaction, channel)
        if question is None:
            found = await self._queue.coming(track, 0, self._clock())
            await reply(interaction, queue_page(found, self._known(track)))
            return
        chosen = await one_aside(options.bank(interaction, self._banks), question)
        await self._told(interaction, track, await self._queue.enqueue(track, chosen.id))

    def _known(self, track: Track) -> Known:
        """The questions of a track's server, retired ones too."""
        return partial(self._banks.of(track.guild_id).asked, at=self._clock())

    async def _told(self, interaction: discord.Interaction, track: Track, change: QueueChange) -> None:
        """Shows the part of the list in which something has changed, and what."""
        stands = change.was if change.now is None else change.now
        found = await self._queue.coming(track, (stands or 0) // SHOWN, self._clock())
        await edit(interaction, queue_page(found, self._known(track), *changed(track, change, self._known(track))))

    @handles("daily", "queued", TRACK, maybe(NUMBER))
    async def shown(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Queue” of a track's status opens the list; Earlier and Later turn its pages."""
        track = await self.button_track(interaction, words[0])
        found = await self._queue.coming(track, int(words[1]) if len(words) > 1 else 0, self._clock())
        page = queue_page(found, self._known(track))
        await (edit(interaction, page) if len(words) > 1 else reply(interaction, page))

    @handles("daily", "unqueue", TRACK, TEXT)
    async def removed(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Remove”."""
        track = await self.button_track(interaction, words[0])
        await self._told(interaction, track, await self._queue.dequeue(track, words[1]))

    @handles("daily", "front", TRACK, NUMBER, TEXT)
    async def moved(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The buttons that move a question to the front."""
        track, chosen = await self.button_track(interaction, words[0]), self._chosen(interaction, words[2])
        await self._told(interaction, track, await self._queue.place(track, chosen, 0))

    @handles("daily", "back", TRACK, NUMBER, TEXT)
    async def taken_back(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Take it back” of whatever was done."""
        track, was = await self.button_track(interaction, words[0]), int(words[1])
        if was == OUTSIDE:
            change = await self._queue.dequeue(track, words[2])
        else:
            change = await self._queue.place(track, self._chosen(interaction, words[2]), was)
        await self._told(interaction, track, change)

    @handles("daily", "add", TRACK, TEXT)
    async def added(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Add” beside what a search has found."""
        track, chosen = await self.button_track(interaction, words[0]), self._chosen(interaction, words[1])
        await self._told(interaction, track, await self._queue.enqueue(track, chosen))

    @handles("daily", "search", TRACK)
    async def opened(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Add a question” opens the form."""
        await open_form(interaction, search_form(await self.button_track(interaction, words[0])))

    @handles("daily", "sought", TRACK, sent=True)
    async def sought(self, interaction: discord.Interaction, words: list[str]) -> None:
        """That form: the one question that fits is added, else those that are near are offered."""
        track = await self.button_track(interaction, words[0])
        bank, text = options.bank(interaction, self._banks), fields(interaction)["text"]
        try:
            chosen = await one_aside(bank, text)
        except Refusal:
            await edit(interaction, which_page(track, text, await search_aside(bank, text, SHOWN)))
            return
        await self._told(interaction, track, await self._queue.enqueue(track, chosen.id))

    def _chosen(self, interaction: discord.Interaction, question_id: str) -> str:
        """The id of a question that is there to be asked; raises Refusal."""
        question = options.bank(interaction, self._banks).find(question_id)
        if question is None or question.id != question_id:
            raise Refusal("commands.outdated")
        return question_id

    @queue.autocomplete("question")
    async def _questions(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.question_choices(
            await search_aside(options.bank(interaction, self._banks), typed, options.CHOICES)
        )
