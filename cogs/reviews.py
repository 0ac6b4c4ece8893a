"""The buttons of reviews; they work on messages of any age."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.hints import HintReader
from bot.domain.reviews import Rating
from bot.domain.servers import Thing
from bot.services.reviews import CardAnswer, ReviewService
from bot.ui.charts.questions import attached
from bot.ui.charts.rendering import Pictures
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, RATING, TEXT, an
from bot.ui.kit.forms import fields
from bot.ui.kit.responses import edit, open_form
from bot.ui.kit.router import handles
from bot.ui.reviews import answer_page, review_page, type_form, typed_page


@dataclass(eq=False, repr=False)
class ReviewsCog(commands.Cog):
    """Turns cards over and takes ratings; each step is in the database, so a restart loses nothing."""

    _clock: Clock
    _banks: Banks
    _reviews: ReviewService
    _reader: HintReader
    _pictures: Pictures

    @handles("review", "start")
    async def start(self, interaction: discord.Interaction, _: list[str]) -> None:
        """A Review button: the card that comes next."""
        guild_id, _channel = options.where(interaction)
        queue = await self._reviews.look(guild_id, interaction.user.id, self._clock())
        await edit(interaction, review_page(queue))

    @handles("review", "show", TEXT, NUMBER, NUMBER)
    async def show(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The answer of a card, or another page of it; a card that was rated since gives way to the next."""
        guild_id, _ = options.where(interaction)
        asked = await self._reviews.asked(guild_id, interaction.user.id, words[0], int(words[1]), self._clock())
        if asked is None:
            await self.start(interaction, [])
        else:
            await self._answer(interaction, asked, int(words[2]))

    async def _answer(
        self, interaction: discord.Interaction, asked: CardAnswer, at: int, typed: str | None = None
    ) -> None:
        """A page of a card's answer: the first has the picture, and what was typed where there are key points."""
        question = asked.question
        files = [] if at else await attached(self._pictures, question, interaction.app_permissions)
        if typed is None or not question.key_points:
            page = answer_page(asked, at, drawn=bool(files))
        else:
            page = typed_page(asked, typed, self._reader.of(question, typed), drawn=bool(files))
        await edit(interaction, page, files)

    @handles("review", "type", TEXT, NUMBER)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Type it first”."""
        question = options.bank(interaction, self._banks).find(words[0])
        if question is None:
            await self.start(interaction, [])
        else:
            await open_form(interaction, type_form(question, ":".join(words)))

    @handles("review", "typed", TEXT, NUMBER, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """What was typed: the card turns over, with what was spotted; nothing of it is stored."""
        guild_id, _ = options.where(interaction)
        text = fields(interaction)["text"]
        asked = await self._reviews.asked(guild_id, interaction.user.id, words[0], int(words[1]), self._clock())
        if asked is None:
            await self.start(interaction, [])
        else:
            await self._answer(interaction, asked, 0, text)

    @handles("review", "rate", TEXT, NUMBER, RATING)
    async def rate(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Again, Hard, Good or Easy; then the next card."""
        guild_id, _ = options.where(interaction)
        user = interaction.user
        queue = await self._reviews.rate(
            guild_id,
            user.id,
            user.display_name,
            words[0],
            int(words[1]),
            Rating(int(words[2])),
            self._clock(),
        )
        await edit(interaction, review_page(queue))

    @handles("review", "undo", an(Thing.REVIEW))
    async def undo(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Takes the last rating back."""
        guild_id, _ = options.where(interaction)
        queue = await self._reviews.undo(guild_id, interaction.user.id, int(words[0]), self._clock())
        await edit(interaction, review_page(queue))
