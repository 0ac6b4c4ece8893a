"""The buttons of live quizzes, and what `/quiz live` and `/quiz stop` do."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.errors import Refusal
from bot.services.live_quizzes import LiveQuizService, LiveQuizView, NewLiveQuiz, Press
from bot.ui.kit import options
from bot.ui.kit.custom_ids import LETTER, LIVE, NUMBER
from bot.ui.kit.permissions import missing_to_play
from bot.ui.kit.responses import accept, edit, reply, say, think
from bot.ui.kit.router import handles
from bot.ui.live_quizzes import joined_page, left_page, mine_page, opened_text, pressed_text, stopped_text
from bot.workers.live_quizzes import LiveQuizRunner


@dataclass(eq=False, repr=False)
class LiveQuizzesCog(commands.Cog):
    """Live quizzes; everything lives in the database, so buttons work after a restart."""

    _clock: Clock
    _quizzes: LiveQuizService
    _runner: LiveQuizRunner

    async def open_lobby(self, interaction: discord.Interaction, wish: NewLiveQuiz) -> None:
        """Posts a lobby where it was asked for, and tells its host in private."""
        guild_id, channel_id = options.here(interaction)
        is_thread = isinstance(interaction.channel, discord.Thread)
        lacking = missing_to_play(interaction.app_permissions, thread=is_thread)
        if lacking:
            raise Refusal("live_quizzes.lacking_permissions", permissions=lacking)
        await think(interaction)
        user = interaction.user
        live_id = await self._quizzes.open(guild_id, channel_id, user.id, user.display_name, wish, self._clock())
        await self._runner.proceed(live_id)
        view = await self._quizzes.view(live_id)
        if view is None or (view.delivery.lobby_id is None and not view.live.running):
            raise Refusal("live_quizzes.not_posted")
        if view.delivery.lobby_id is None:
            raise Refusal("live_quizzes.not_yet_posted")
        await say(interaction, opened_text(view, wish))

    async def stop_here(self, interaction: discord.Interaction) -> None:
        """Ends the live quiz of a channel."""
        _, channel_id = options.here(interaction)
        view = await self._quizzes.running_in(channel_id)
        if view is None:
            raise Refusal("live_quizzes.none_here")
        await self._stop(interaction, view.live.id)

    async def _stop(self, interaction: discord.Interaction, live_id: int) -> None:
        guild_id, _ = options.here(interaction)
        await think(interaction)
        manager = interaction.permissions.manage_guild
        await self._quizzes.stop(live_id, guild_id, interaction.user.id, self._clock(), manager=manager)
        await self._runner.proceed(live_id)
        await say(interaction, stopped_text())

    async def _result(self, interaction: discord.Interaction, live_id: int) -> LiveQuizView:
        view = await self._quizzes.result(live_id)
        if view is None or view.live.guild_id != interaction.guild_id:
            raise Refusal("live_quizzes.ended")
        return view

    @handles("live", "join", LIVE)
    async def join(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The lobby's Join button; pressed in the private answer, that answer changes."""
        guild_id, _ = options.here(interaction)
        live_id, user = int(words[0]), interaction.user
        joined = await self._quizzes.join(live_id, guild_id, user.id, user.display_name, self._clock())
        await edit(interaction, joined_page(joined))

    @handles("live", "leave", LIVE)
    async def leave(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The way back out."""
        guild_id, _ = options.here(interaction)
        live_id = int(words[0])
        hurried = await self._quizzes.leave(live_id, guild_id, interaction.user.id, self._clock())
        await edit(interaction, left_page(live_id))
        if hurried:
            self._runner.alarm.moved()

    @handles("live", "start", LIVE)
    async def start(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Ends the lobby now."""
        guild_id, _ = options.here(interaction)
        live_id, manager = int(words[0]), interaction.permissions.manage_guild
        await accept(interaction)
        await self._quizzes.start(live_id, guild_id, interaction.user.id, self._clock(), manager=manager)
        await self._runner.proceed(live_id)

    @handles("live", "cancel", LIVE)
    async def cancel(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Calls a lobby off."""
        await self._stop(interaction, int(words[0]))

    @handles("live", "pick", LIVE, NUMBER, LETTER)
    async def pick(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A press on A, B, C or D."""
        guild_id, _ = options.here(interaction)
        user, message = interaction.user, interaction.message
        assert message is not None
        live_id, position, chosen = map(int, words)
        who = (guild_id, user.id, user.display_name)
        press = Press(live_id, position, chosen, *who, at=interaction.created_at, card_at=message.created_at)
        pressed = await self._quizzes.press(press)
        await say(interaction, pressed_text(pressed))
        if pressed.hurried:
            self._runner.alarm.moved()

    @handles("live", "mine", LIVE)
    async def mine(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A player's own result."""
        page = mine_page(await self._result(interaction, int(words[0])), interaction.user.id)
        await reply(interaction, page)

    @handles("live", "again", LIVE)
    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A new lobby of the same kind; who presses is its host."""
        view = await self._result(interaction, int(words[0]))
        live = view.live
        wish = NewLiveQuiz(live.topic, live.difficulty, len(view.rounds), live.seconds or None, live.sums)
        await self.open_lobby(interaction, wish)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A deleted card ends its quiz."""
        await self._runner.deleted([payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """So do many at once."""
        await self._runner.deleted(payload.message_ids)
