"""`/quiz schedule`: weekly live quizzes, and the buttons that change and stop them."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.live_quiz_plans import parse_quiz_day
from bot.domain.schedule import DAY_NAMES, parse_time
from bot.services.live_quiz_plans import LiveQuizPlanService, QuizChange
from bot.ui.kit import options
from bot.ui.kit.custom_ids import QUIZ_PLAN
from bot.ui.kit.forms import fields
from bot.ui.kit.members import actor
from bot.ui.kit.responses import edit, open_form, reply
from bot.ui.kit.router import handles, require_manager
from bot.ui.kit.typed import read
from bot.ui.kit.words import weekday
from bot.ui.live_quiz_plans import plan_form, planned_text, plans_page, stopped_plan_text
from cogs.quizzes import QuizzesCog

HOURS = (18, 17, 16, 12, 13, 9, 10, 11, 14, 15, 19, 20, 8, 21)
"""What is offered before anything is typed: times at which teams meet."""
MOST = 20


@dataclass(eq=False, repr=False)
class LiveQuizPlansCog(commands.Cog):
    """Managers plan quizzes that come every week."""

    _clock: Clock
    _banks: Banks
    _plans: LiveQuizPlanService

    def join(self, quizzes: QuizzesCog) -> None:
        """Adds the command to `/quiz`: added to the bot itself, it would be one of its own."""
        assert isinstance(quizzes.app_command, app_commands.Group)
        for command in self.get_app_commands():
            quizzes.app_command.add_command(command)

    @app_commands.command(description="Plan a live quiz every week; without options, see what's planned")
    @app_commands.describe(
        day="The weekday, like fri",
        time="When its lobby opens, like 6pm",
        topic="All topics if left out",
        questions="How many, 1 to 20; 5 if left out",
        channel="Where; this channel if left out",
    )
    async def schedule(
        self,
        interaction: discord.Interaction,
        day: str | None = None,
        time: str | None = None,
        topic: str | None = None,
        questions: app_commands.Range[int, 1, MOST] | None = None,
        channel: options.Channel | None = None,
    ) -> None:
        """Plans or changes the weekly quiz of a channel, or shows what is planned."""
        require_manager(interaction)
        guild_id, channel_id = options.where(interaction, channel)
        if (day, time, topic, questions) == (None, None, None, None):
            await reply(interaction, plans_page(await self._plans.of_server(guild_id)))
            return
        if not isinstance(interaction.client.get_channel(channel_id), discord.TextChannel):
            raise Refusal("live_quiz_plans.wrong_kind")
        change = QuizChange(
            day=read(parse_quiz_day, day) if day else None,
            at=parse_time(time) if time else None,
            topic=options.topic_title(options.bank(interaction, self._banks), topic),
            questions=questions,
        )
        await self._plan(interaction, channel_id, change)

    async def _plan(self, interaction: discord.Interaction, channel_id: int, change: QuizChange) -> None:
        plan = await self._plans.plan(actor(interaction), channel_id, change, self._clock())
        await self._show(interaction, planned_text(plan))

    async def _show(self, interaction: discord.Interaction, note: str) -> None:
        plans = await self._plans.of_server(options.where(interaction)[0])
        await edit(interaction, plans_page(plans, note=note))

    @handles("quizplan", "change", QUIZ_PLAN)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button Change."""
        require_manager(interaction)
        await open_form(interaction, plan_form(await self._plans.get(int(words[0]), options.where(interaction)[0])))

    @handles("quizplan", "form", QUIZ_PLAN, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The form behind it."""
        require_manager(interaction)
        plan = await self._plans.get(int(words[0]), options.where(interaction)[0])
        sent = fields(interaction)
        number = sent["questions"].strip()
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= MOST):
            raise Refusal("live_quiz_plans.not_a_number", text=number[:20])
        topic = sent["topic"].strip()
        title = topic and options.topic_title(options.bank(interaction, self._banks), topic)
        change = QuizChange(read(parse_quiz_day, sent["day"]), parse_time(sent["time"]), title or "", int(number))
        await self._plan(interaction, plan.channel_id, change)

    @handles("quizplan", "stop", QUIZ_PLAN)
    async def stop(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button Stop."""
        require_manager(interaction)
        stopped = await self._plans.stop(int(words[0]), options.where(interaction)[0], self._clock())
        await self._show(interaction, stopped_plan_text(stopped))

    @schedule.autocomplete("day")
    async def _days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().lower().removeprefix("every ").removesuffix("s")
        named = ((name, weekday(day, whole=True)) for day, name in enumerate(DAY_NAMES))
        return [
            app_commands.Choice(name=whole, value=name)
            for name, whole in named
            if whole.lower().startswith(wanted) or wanted.startswith(name)
        ]

    @schedule.autocomplete("time")
    async def _times(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.time_choices(typed, HOURS)

    @schedule.autocomplete("topic")
    async def _topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(options.bank(interaction, self._banks), typed)
