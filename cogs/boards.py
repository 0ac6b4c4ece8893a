"""`/leaderboard`: boards of members and teams, their pages, and sharing them."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.points import Period
from bot.domain.schedule import local_date
from bot.services.boards import WHOLE_SERVER, Board, BoardService
from bot.services.team_boards import TeamBoard, TeamBoardService
from bot.services.tracks import TrackService
from bot.ui.boards import board_page, parse_button, span
from bot.ui.charts.boards import FILE_NAME, board_picture, board_words
from bot.ui.charts.cards import Imprint
from bot.ui.charts.rendering import Pictures
from bot.ui.kit import options
from bot.ui.kit.catalog import _
from bot.ui.kit.custom_ids import CHANNEL, NUMBER, PERIOD, maybe
from bot.ui.kit.languages import speaking_in_public
from bot.ui.kit.layouts import Page
from bot.ui.kit.members import actor
from bot.ui.kit.responses import accept, edit, reply, think
from bot.ui.kit.router import handles
from bot.ui.teams import team_board_page

PERIODS = options.fixed_choices(Period)
OPTIONS = {"period": "This week if left out", "channel": "One channel's board; the whole server if left out"}
MEMBERS, TEAMS = "members", "teams"


@app_commands.guild_only()
@dataclass(eq=False, repr=False)
class BoardsCog(commands.GroupCog, name="leaderboard", description="See who has how many points"):
    """Boards; private until shared. Buttons carry the period, the channel (0: the server) and the page."""

    _clock: Clock
    _tracks: TrackService
    _team_boards: TeamBoardService
    _boards: BoardService
    _pictures: Pictures

    @app_commands.command(description="See the members with the most points")
    @app_commands.describe(**OPTIONS)
    @app_commands.choices(period=PERIODS)
    async def members(
        self,
        interaction: discord.Interaction,
        period: str = Period.THIS_WEEK,
        channel: options.Channel | None = None,
    ) -> None:
        """Shows the ten best and the asking member's own rank."""
        await self._open(interaction, MEMBERS, period, channel)

    @app_commands.command(description="See the teams with the best scores")
    @app_commands.describe(**OPTIONS)
    @app_commands.choices(period=PERIODS)
    async def teams(
        self,
        interaction: discord.Interaction,
        period: str = Period.THIS_WEEK,
        channel: options.Channel | None = None,
    ) -> None:
        """Shows the teams, who made their scores, and the asking member's own team."""
        await self._open(interaction, TEAMS, period, channel)

    async def _open(
        self, interaction: discord.Interaction, kind: str, period: str, channel: options.Channel | None
    ) -> None:
        channel_id = channel.id if channel else None
        track_id = await self._track_id(interaction, channel_id)
        await think(interaction)
        await reply(interaction, *await self._page(interaction, kind, Period(period), channel_id, track_id, 0))

    async def _track_id(self, interaction: discord.Interaction, channel_id: int | None) -> int:
        if channel_id is None:
            return WHOLE_SERVER
        return (await self._tracks.find(options.where(interaction)[0], channel_id, named=True)).id

    async def _page(
        self,
        interaction: discord.Interaction,
        kind: str,
        period: Period,
        channel_id: int | None,
        track_id: int,
        number: int,
        *,
        shared: bool = False,
    ) -> tuple[Page, list[discord.File]]:
        """The page, with the trend of the best on the first one where the bot may attach files."""
        guild_id = options.where(interaction)[0]
        asked = (guild_id, track_id, period, interaction.user.id, self._clock(), number)
        trend = number == 0 and interaction.app_permissions.attach_files
        async with self._pictures.turn:
            if kind == TEAMS:
                teams = await self._team_boards.board(*asked, trend=trend)
                picture, files = await self._picture(interaction, _("Teams"), teams, channel_id, shared=shared)
                return team_board_page(teams, channel_id, shared=shared, picture=picture), files
            board = await self._boards.members(*asked, trend=trend)
            picture, files = await self._picture(interaction, _("Leaderboard"), board, channel_id, shared=shared)
            return board_page(board, channel_id, shared=shared, picture=picture), files

    @handles("board", "members", PERIOD, CHANNEL, maybe(NUMBER), kind=MEMBERS)
    @handles("board", "teams", PERIOD, CHANNEL, maybe(NUMBER), kind=TEAMS)
    async def turn(self, interaction: discord.Interaction, words: list[str], *, kind: str) -> None:
        """Next and Back: another page in the place of the one whose button was pressed."""
        period, channel_id, number = parse_button(words)
        track_id = await self._track_id(interaction, channel_id)
        await accept(interaction)
        await edit(interaction, *await self._page(interaction, kind, period, channel_id, track_id, number))

    @handles("board", "off", PERIOD, CHANNEL, maybe(NUMBER), off=True)
    @handles("board", "on", PERIOD, CHANNEL, maybe(NUMBER), off=False)
    async def stay_off(self, interaction: discord.Interaction, words: list[str], *, off: bool) -> None:
        """The buttons “Keep me off boards” and “Show me on boards”."""
        await self._boards.stay_off(actor(interaction), off=off)
        await self.turn(interaction, words, kind=MEMBERS)

    @handles("share", "board", PERIOD, CHANNEL, maybe(NUMBER), kind=MEMBERS)
    @handles("share", "teams", PERIOD, CHANNEL, maybe(NUMBER), kind=TEAMS)
    async def share(self, interaction: discord.Interaction, words: list[str], *, kind: str) -> None:
        """Posts the shown page where it was asked for."""
        period, channel_id, number = parse_button(words)
        track_id = await self._track_id(interaction, channel_id)
        await think(interaction, public=True)
        with speaking_in_public(interaction):
            page, files = await self._page(interaction, kind, period, channel_id, track_id, number, shared=True)
        await reply(interaction, page, files, public=True)

    async def _picture(
        self,
        interaction: discord.Interaction,
        title: str,
        board: Board | TeamBoard,
        channel_id: int | None,
        *,
        shared: bool,
    ) -> tuple[discord.MediaGalleryItem | None, list[discord.File]]:
        if board.trend is None:
            return None, []
        trend = board.trend.public if shared else board.trend
        imprint = Imprint.to(interaction, channel_id, local_date(self._clock(), board.zone), shared=shared)
        faces = self._pictures.portraits.of(line.member_id or 0 for line in trend.lines)
        dates = span(trend.period, trend.key)
        file = await self._pictures.file(FILE_NAME, board_picture, title, dates, trend, imprint, faces)
        return discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=board_words(dates, trend)), [file]
