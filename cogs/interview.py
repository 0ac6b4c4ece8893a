"""`/interview start`, and the buttons and the form of the open question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.interview import Interview, State, Way
from bot.services.interviews import Wish
from bot.ui import places
from bot.ui.forms import ANSWER_LIMIT, fields
from bot.ui.interview import (
    FOR_PRACTICE,
    TOO_LATE,
    answer_form,
    intro_text,
    question_page,
    running_page,
    score_pages,
    stop_page,
)
from bot.ui.layouts import Page
from bot.ui.permissions import may_open_private_threads
from bot.ui.router import say

if TYPE_CHECKING:
    from bot.app import PracticeBot

MOST_QUESTIONS, MOST_MINUTES = 5, 10
OVER = "This question is over. Go on with the newest one below it."


@app_commands.guild_only()
class InterviewCog(commands.GroupCog, name="interview", description="A mock interview for yourself"):
    """Leads a member through an interview: in a private thread, else in private messages of a command."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        for verb, handler in {
            "again": self.again,
            "go": self.go_on,
            "answer": self.open_form,
            "form": self.take_form,
            "next": self.next,
            "stop": self.ask_to_stop,
            "end": self.end,
        }.items():
            bot.router.on("interview", verb, handler)

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
        titles = self.bot.pack.parse_topics(topic) if topic else ()
        if len(titles) > 1:
            raise BadInput("An interview has one topic, or all of them. Name one, or leave the topic out.")
        await self._start(interaction, Wish(titles[0] if titles else None, questions, minutes))

    @start.autocomplete("topic")
    async def _topics(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return places.topic_choices(self.bot.pack, typed)

    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Another interview”."""
        topic, count, minutes = map(int, words)
        title = next((t.title for t in self.bot.pack.topics if t.number == topic), None)
        await self._start(
            interaction, Wish(title, min(max(count, 1), MOST_QUESTIONS), min(max(minutes, 1), MOST_MINUTES))
        )

    async def _start(self, interaction: discord.Interaction, wish: Wish) -> None:
        guild_id, channel_id = places.where(interaction)
        known = await self.bot.interviews.running(guild_id, interaction.user.id)
        if known is not None:
            await interaction.response.send_message(view=running_page(known), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        threads = may_open_private_threads(self.bot.get_channel(channel_id))
        interview = await self.bot.interviews.start(
            guild_id,
            channel_id,
            interaction.user.id,
            interaction.user.display_name,
            Way.THREAD if threads else Way.FORMS,
            wish,
            self.bot.clock(),
        )
        await self.bot.interviewer.bring(interview.id)
        interview = await self.bot.interviews.own(interview.id, interaction.user.id)
        intro = intro_text(interview, wish.count)
        if interview.way is Way.FORMS:
            await self._show(interaction, interview, f"{intro}\n{FOR_PRACTICE}")
        elif interview.thread_id is None:
            await say(interaction, intro, "I cannot open your thread just now. I keep trying and add you to it.")
        else:
            await say(interaction, intro, f"It is in your private thread: <#{interview.thread_id}>. The time runs.")

    async def _show(self, interaction: discord.Interaction, interview: Interview, *notes: str) -> None:
        """Where there is no thread: the open question in the one private message, or the scorecard."""
        now = self.bot.clock()
        interview = await self.bot.interviews.asked(interview, now)
        sheet = await self.bot.interviews.sheet(interview.id)
        if interview.current is not None:
            question = self.bot.interviews.question(interview.current)
            pages = [question_page(sheet, interview.current, question, now, notes)]
        elif interview.state is State.GONE:
            raise BadInput("This interview is over: nobody went on with it. `/interview start` begins a new one.")
        else:
            pages = [page for _, page in score_pages(sheet, self.bot.pack)]
        message = interaction.message
        if not interaction.response.is_done() and message is not None and message.flags.ephemeral:
            await interaction.response.edit_message(view=pages.pop(0))
        for page in pages:
            if interaction.response.is_done():
                await interaction.followup.send(view=page, ephemeral=True)
            else:
                await interaction.response.send_message(view=page, ephemeral=True)

    async def go_on(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Back to the open question."""
        interview = await self._moved_by_time(interaction, int(words[0]))
        if interview.way is Way.FORMS:
            await self._show(interaction, interview)
        elif interview.state is not State.RUNNING:
            raise BadInput("This interview is over. `/interview start` begins a new one.")
        else:
            page = Page(f"It goes on in your private thread: <#{interview.thread_id}>.")
            await interaction.response.edit_message(view=page)

    async def _moved_by_time(self, interaction: discord.Interaction, interview_id: int) -> Interview:
        """A member's interview; without a thread nobody watches the time but the member's own presses."""
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        if interview.way is Way.FORMS:
            await self.bot.interviews.time_up(interview_id, self.bot.clock())
            interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        return interview

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Answer button."""
        interview_id, position = map(int, words)
        opening = await self.bot.interviews.open_form(
            interview_id, position, interaction.user.id, ANSWER_LIMIT, self.bot.clock()
        )
        if opening.open:
            await interaction.response.send_modal(answer_form(opening, position))
        elif opening.interview.way is Way.FORMS:
            await self._show(interaction, await self._moved_by_time(interaction, interview_id))
        else:
            raise BadInput(OVER)

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted answer; what came too late is given back."""
        interview_id, position, upto = map(int, words)
        text = fields(interaction)["text"]
        user = interaction.user
        if not text.strip():
            raise BadInput("There is no word in it. Press **Answer** and write your answer.")
        stored = await self.bot.interviews.submit(
            interview_id, position, upto, user.id, user.display_name, text, interaction.created_at
        )
        interview = await self._moved_by_time(interaction, interview_id)
        if interview.way is Way.FORMS:
            await self._show(interaction, interview)
        elif stored:
            await say(interaction, "✅ Stored. **Next** goes on; **Answer** changes it while there is time.")
        if not stored:
            await say(interaction, TOO_LATE, f"Your text, so that it is not lost:\n{text}")

    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Done with this question."""
        interview_id, position = map(int, words)
        await self._leave(interaction, interview_id)
        moved = await self.bot.interviews.go_on(interview_id, position, interaction.user.id, self.bot.clock())
        await self._after(interaction, interview_id, None if moved else OVER)

    async def ask_to_stop(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Asks once before giving up."""
        interview = await self.bot.interviews.own(int(words[0]), interaction.user.id)
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await interaction.response.edit_message(view=stop_page(interview))
        else:
            await interaction.response.send_message(view=stop_page(interview), ephemeral=True)

    async def end(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Gives up."""
        interview_id = int(words[0])
        await self._leave(interaction, interview_id)
        ended = await self.bot.interviews.give_up(interview_id, interaction.user.id, self.bot.clock())
        await self._after(interaction, interview_id, "Ended; the scorecard follows." if ended else OVER)

    async def _leave(self, interaction: discord.Interaction, interview_id: int) -> None:
        """Before a question closes: what was written in the thread is read up."""
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        if interview.way is Way.THREAD:
            await interaction.response.defer()
            await self.bot.interviewer.before_closing(interview)

    async def _after(self, interaction: discord.Interaction, interview_id: int, said: str | None) -> None:
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        if interview.way is Way.FORMS:
            await self._show(interaction, interview)
            return
        await self.bot.interviewer.bring(interview_id)
        if said is not None:
            await say(interaction, said)


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(InterviewCog(bot))
