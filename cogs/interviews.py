"""`/interview start`: begins an interview, or goes on with the one that runs."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.interviews import Interview, InterviewState, InterviewWay
from bot.services.interviews import InterviewService, NewInterview
from bot.services.opinions import OpinionService
from bot.services.scorecards import ScorecardService
from bot.ui.interviews import (
    back_page,
    forms_intro,
    intro_text,
    running_page,
    there_text,
)
from bot.ui.kit import options
from bot.ui.kit.custom_ids import INTERVIEW, NUMBER
from bot.ui.kit.permissions import may_open_private_threads
from bot.ui.kit.responses import accept, edit, reply, say, think
from bot.ui.kit.router import handles
from bot.ui.opinions import interview_page
from bot.workers.interviews import InterviewRunner
from cogs.interview_pages import show_privately

MOST_QUESTIONS, MOST_MINUTES = 5, 10


@app_commands.guild_only()
@dataclass(eq=False, repr=False)
class InterviewsCog(commands.GroupCog, name="interview", description="A mock interview for yourself"):
    """Leads a member through an interview: in a private thread, else in private messages of a command."""

    _client: discord.Client
    _clock: Clock
    _banks: Banks
    _interviews: InterviewService
    _scorecards: ScorecardService
    _opinions: OpinionService
    _runner: InterviewRunner

    @app_commands.command(description="A mock interview: open questions with a timer, and a scorecard")
    @app_commands.describe(
        topic="All topics if left out",
        questions="How many, 1 to 5; 3 if left out",
        minutes="For each question, 1 to 10; 5 if left out",
    )
    async def start(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        questions: app_commands.Range[int, 1, MOST_QUESTIONS] = 3,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] = 5,
    ) -> None:
        """Begins an interview, or asks what to do with the one that runs."""
        await self._start(
            interaction,
            NewInterview(options.topic_title(options.bank(interaction, self._banks), topic), questions, minutes),
        )

    @start.autocomplete("topic")
    async def _topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(options.bank(interaction, self._banks), typed)

    @handles("interview", "again", NUMBER, NUMBER, NUMBER)
    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Another interview”."""
        topic, count, minutes = map(int, words)
        count, minutes = min(max(count, 1), MOST_QUESTIONS), min(max(minutes, 1), MOST_MINUTES)
        await self._start(
            interaction, NewInterview(options.bank(interaction, self._banks).topic_title(topic), count, minutes)
        )

    async def _start(self, interaction: discord.Interaction, wish: NewInterview) -> None:
        guild_id, channel_id = options.where(interaction)
        known = await self._interviews.running(guild_id, interaction.user.id)
        if known is not None:
            await reply(interaction, running_page(known))
            return
        await think(interaction)
        threads = may_open_private_threads(self._client.get_channel(channel_id))
        interview = await self._interviews.start(
            guild_id,
            channel_id,
            interaction.user.id,
            interaction.user.display_name,
            InterviewWay.THREAD if threads else InterviewWay.FORMS,
            wish,
            self._clock(),
        )
        await self._runner.bring(interview.id)
        interview = await self._interviews.own(interview.id, interaction.user.id)
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview, forms_intro(interview, wish.count))
        else:
            await say(interaction, intro_text(interview, wish.count), there_text(interview))
        terms = self._opinions.terms if interview.hints else None
        consent = await self._opinions.consent(guild_id, interaction.user.id)
        if terms is not None and consent is not None and (page := interview_page(terms, consent)) is not None:
            await reply(interaction, page)

    @handles("interview", "go", INTERVIEW)
    async def go_on(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Back to the open question; who has left the thread is added again."""
        interview = await self._interviews.present(int(words[0]), interaction.user.id, self._clock())
        if interview.way is InterviewWay.THREAD and interview.state is InterviewState.RUNNING:
            await accept(interaction)
            await self._runner.invite(interview)
            interview = await self._interviews.own(interview.id, interaction.user.id)
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview)
        elif interview.state is not InterviewState.RUNNING:
            raise Refusal("interviews.over")
        elif interview.thread_id is None:
            raise Refusal("interviews.no_thread_yet")
        else:
            await edit(interaction, back_page(interview))

    async def _show(self, interaction: discord.Interaction, interview: Interview, *notes: str) -> None:
        await show_privately(
            interaction, self._scorecards, options.bank(interaction, self._banks), interview, self._clock(), *notes
        )
