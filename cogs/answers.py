"""`/answer` and the card's buttons."""

from dataclasses import dataclass
from datetime import date

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.answers import AnswerStatus
from bot.domain.bank import Banks, Question
from bot.domain.drills import Drill, DrillState
from bot.domain.errors import Refusal
from bot.domain.hints import Hint, HintReader
from bot.services.answers import AnswerForm, AnswerService, CardKey, Collected, SubmittedForm
from bot.services.drills import DrillService
from bot.services.spoilers import SpoilerService
from bot.services.tracks import TrackService
from bot.ui.answers import answer_form, deleted_lines, given_back, over_lines, over_page, receipt_page
from bot.ui.charts.questions import attached
from bot.ui.charts.rendering import Pictures
from bot.ui.drills import hint_page, model_page
from bot.ui.kit import options
from bot.ui.kit.custom_ids import CHANNEL, DAY, DRILL, TEXT
from bot.ui.kit.forms import fields
from bot.ui.kit.responses import open_form, reply, reply_in_turn, say
from bot.ui.kit.router import handles
from bot.workers.answer_marks import AnswerPresenter


def _key(interaction: discord.Interaction, words: list[str]) -> CardKey:
    """What the pressed button of a card says of its drill."""
    message_id = interaction.message.id if interaction.message else 0
    return CardKey(message_id, int(words[0]), date.fromisoformat(words[1]), words[2])


@dataclass(eq=False, repr=False)
class AnswersCog(commands.Cog):
    """Takes answers by form; the ingest takes those by message."""

    _clock: Clock
    _banks: Banks
    _tracks: TrackService
    _answers: AnswerService
    _drills: DrillService
    _spoilers: SpoilerService
    _presenter: AnswerPresenter
    _reader: HintReader
    _pictures: Pictures

    @app_commands.command(description="Answer the open question in a form")
    @app_commands.guild_only()
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def answer(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Opens the form of the newest question."""
        track = await self._tracks.find(*options.where(interaction, channel), named=channel is not None)
        opening = await self._answers.open_newest(track.id, interaction.user.id, self._clock())
        if opening is None:
            raise Refusal("answers.none_posted", channel_id=track.channel_id)
        await self._open(interaction, opening)

    @handles("drill", "answer", CHANNEL, DAY, TEXT)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Answer button of a card of any age."""
        opening = await self._answers.open_card(_key(interaction, words), interaction.user.id, self._clock())
        if opening is None:
            raise Refusal("answers.forgotten")
        await self._open(interaction, opening)

    def _question(self, drill: Drill) -> Question:
        question = self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at)
        if question is None:
            raise Refusal("answers.question_removed")
        return question

    async def _open(self, interaction: discord.Interaction, opening: AnswerForm) -> None:
        if opening.open:
            form = answer_form(opening.drill.id, self._question(opening.drill), opening.earlier)
            await open_form(interaction, form)
        else:
            await self._over(interaction, opening)

    async def _over(self, interaction: discord.Interaction, opening: AnswerForm, kept: str = "") -> None:
        if opening.drill.state is DrillState.VOID:
            await say(interaction, *deleted_lines(kept))
            return
        question = self._question(opening.drill)
        if opening.status in (AnswerStatus.ON_TIME, AnswerStatus.LATE):
            await say(interaction, *over_lines(question, opening.status), *([given_back(kept)] if kept else []))
            return
        page = over_page(question, options.bank(interaction, self._banks).topic_number(question.topic), kept)
        await reply(interaction, page)

    @handles("drill", "form", DRILL, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form; stored first, then told, so that a slow answer loses nothing."""
        user, text = interaction.user, fields(interaction)["text"]
        form = SubmittedForm(int(words[0]), user.id, user.display_name, text, interaction.created_at)
        stored = await self._answers.submit(form, telling=True)
        if stored is None or stored.news is None:
            opening = await self._answers.open_known(form.drill_id, user.id, self._clock())
            if opening is None:
                raise Refusal("answers.forgotten")
            await self._over(interaction, opening, kept=text)
            return
        await reply(interaction, receipt_page(stored, stored.news, self._answers.rules, self._hint(stored)))
        await self._presenter.show(stored.view)

    def _hint(self, stored: Collected) -> Hint | None:
        """What the answer mentions, where its track gives hints and its question has key points."""
        question = self._banks.of(stored.drill.guild_id).asked(stored.drill.question_id, stored.drill.claimed_at)
        wanted = stored.news is not None and stored.news.hints and stored.answer.status is not AnswerStatus.SHORT
        return self._reader.of(question, stored.text) if wanted and question and question.key_points else None

    async def _drill_of(self, interaction: discord.Interaction, words: list[str]) -> Drill:
        """The drill of a card: the one that its message is, else the newest with the key that its buttons carry."""
        drill = await self._drills.of_card(*_key(interaction, words))
        if drill is None:
            raise Refusal("answers.forgotten")
        return drill

    @handles("drill", "hint", CHANNEL, DAY, TEXT)
    async def hint(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Hint button."""
        question = self._question(await self._drill_of(interaction, words))
        if not question.key_points:
            raise Refusal("answers.no_hint")
        await reply(interaction, hint_page(question))

    @handles("drill", "model", CHANNEL, DAY, TEXT)
    async def model(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Model answer button of a closed card."""
        drill = await self._drill_of(interaction, words)
        if drill.closed_at is None:
            raise Refusal("answers.model_later")
        question = self._question(drill)
        await self._spoilers.check(question, drill.guild_id, interaction.user.id, self._clock())
        files = await attached(self._pictures, question, interaction.app_permissions)
        await reply_in_turn(interaction, model_page(question, drawn=bool(files)), files)
