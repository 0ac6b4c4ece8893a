"""`/question`: look into the bank."""

import random
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Bank, Banks, Question
from bot.domain.bank_drafts import Purpose, QuestionFields
from bot.domain.errors import Refusal
from bot.services.search import one_aside, search_aside
from bot.services.spoilers import SpoilerService
from bot.services.suggestions import SuggestionService
from bot.ui.bank import drawn_page, found_page, full_pages, question_pages
from bot.ui.bank_drafts import question_form
from bot.ui.charts.questions import attached
from bot.ui.charts.rendering import Pictures
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TEXT
from bot.ui.kit.layouts import Page
from bot.ui.kit.members import actor
from bot.ui.kit.responses import edit, open_form, reply, reply_in_turn
from bot.ui.kit.router import handles

FOUND = 10


@app_commands.guild_only()
@dataclass(eq=False, repr=False)
class BankCog(commands.GroupCog, name="question", description="Browse the question bank"):
    """Shows, finds and draws questions."""

    _clock: Clock
    _banks: Banks
    _spoilers: SpoilerService
    _suggestions: SuggestionService
    _pictures: Pictures

    @app_commands.command(description="Suggest a question for your team")
    async def suggest(self, interaction: discord.Interaction) -> None:
        """Opens the form of a suggestion, unless there were enough today."""
        await self._suggestions.check_quota(actor(interaction, self._clock))
        await open_form(interaction, question_form(Purpose.SUGGEST, "mb:suggest:form", QuestionFields()))

    @app_commands.command(description="See a question with its model answer")
    @app_commands.describe(question="Its number, id or words")
    async def show(self, interaction: discord.Interaction, question: str) -> None:
        """Shows everything that belongs to a question."""
        await self._show(interaction, await one_aside(options.bank(interaction, self._banks), question))

    @show.autocomplete("question")
    async def _questions(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.question_choices(
            await search_aside(options.bank(interaction, self._banks), typed, options.CHOICES)
        )

    async def _show(self, interaction: discord.Interaction, question: Question) -> None:
        await self._check(interaction, question)
        files = await attached(self._pictures, question, interaction.app_permissions)
        await reply_in_turn(interaction, question_pages(question, drawn=bool(files)), files)

    async def _check(self, interaction: discord.Interaction, question: Question) -> None:
        guild_id, _ = options.where(interaction)
        await self._spoilers.check(question, guild_id, interaction.user.id, self._clock())

    @handles("question", "show", TEXT)
    async def show_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Show the answer”."""
        await self._show(interaction, await one_aside(options.bank(interaction, self._banks), words[0]))

    @handles("question", "full", TEXT)
    async def full_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Full answer”, wherever a short one stands."""
        bank = options.bank(interaction, self._banks)
        then = bank.edition(words[0], int(words[1])) if len(words) > 1 else None
        question = then or await one_aside(bank, words[0])
        await self._check(interaction, question)
        await reply_in_turn(interaction, full_pages(question))

    @app_commands.command(name="search", description="Find questions by words")
    @app_commands.describe(text="Words of the question")
    async def search_questions(self, interaction: discord.Interaction, text: str) -> None:
        """Lists what fits best."""
        found = await search_aside(options.bank(interaction, self._banks), text, FOUND)
        if not found:
            raise Refusal("bank.nothing_found", text=text)
        await reply(interaction, found_page(found))

    @app_commands.command(name="random", description="Get a question to think about")
    @app_commands.describe(topic="All topics if left out")
    async def random_question(self, interaction: discord.Interaction, topic: str | None = None) -> None:
        """Draws a question and keeps its answer back."""
        bank = options.bank(interaction, self._banks)
        await reply(interaction, self._drawn(bank, options.topic_title(bank, topic)))

    @random_question.autocomplete("topic")
    async def _topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(options.bank(interaction, self._banks), typed)

    @handles("question", "random", NUMBER)
    async def random_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Another one”."""
        bank = options.bank(interaction, self._banks)
        await edit(interaction, self._drawn(bank, bank.topic_title(int(words[0]))))

    def _drawn(self, bank: Bank, title: str | None) -> Page:
        pool = bank.of_topic(title)
        if not pool:
            raise Refusal("bank.topic_empty")
        return drawn_page(random.choice(pool), bank, title)
