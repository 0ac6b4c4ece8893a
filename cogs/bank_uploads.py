"""The buttons of a file of questions: look at it, import it, have it asked, take it back."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.servers import Thing
from bot.domain.tracks import PlanChange
from bot.services.bank_uploads import BankUploadService
from bot.services.tracks import MoveOrAdd, TrackService
from bot.ui import bank_uploads as ui
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TEXT, TRACK, an, maybe
from bot.ui.kit.layouts import Page
from bot.ui.kit.members import actor
from bot.ui.kit.responses import edit, say
from bot.ui.kit.router import handles, require_manager
from bot.workers.track_log import TrackLog


@dataclass(eq=False, repr=False)
class BankUploadsCog(commands.Cog):
    """Leads from the preview of a file to questions that a channel asks."""

    _clock: Clock
    _banks: Banks
    _uploads: BankUploadService
    _tracks: TrackService
    _log: TrackLog

    @handles("bank", "look", an(Thing.IMPORT), NUMBER)
    async def look(self, interaction: discord.Interaction, words: list[str]) -> None:
        """See the questions, Back, Next; page 0 is the summary."""
        require_manager(interaction)
        view = await self._uploads.look(actor(interaction, self._clock), int(words[0]))
        page = int(words[1])
        await edit(interaction, ui.cards_page(view, page) if page else ui.preview_page(view))

    @handles("bank", "bring", an(Thing.IMPORT), maybe(NUMBER))
    async def bring(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Import; with 1, questions that are there become what the file says."""
        require_manager(interaction)
        done = await self._uploads.bring(actor(interaction, self._clock), int(words[0]), take=words[1:] == ["1"])
        await edit(interaction, ui.imported_page(done, await self._named_tracks(interaction)))

    @handles("bank", "cancel", an(Thing.IMPORT))
    async def cancel(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Cancel."""
        require_manager(interaction)
        await self._uploads.discard(actor(interaction, self._clock), int(words[0]))
        await edit(interaction, Page(ui.cancelled_text()))

    @handles("bank", "undo", an(Thing.IMPORT))
    async def undo(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Take it back."""
        require_manager(interaction)
        done = await self._uploads.take_back(actor(interaction, self._clock), int(words[0]))
        await edit(interaction, Page(ui.taken_back_text(done.pack, len(done.added or ()))))

    @handles("bank", "draw", TRACK, TEXT, only=True)
    @handles("bank", "mix", TRACK, TEXT, only=False)
    async def draw(self, interaction: discord.Interaction, words: list[str], *, only: bool) -> None:
        """Ask only these, and Add them: a channel draws from the pack, alone or beside what it draws from now."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        track = await self._tracks.get(int(words[0]), guild_id)
        bank = self._banks.of(guild_id)
        chosen = bank.parse_packs(words[1])[0]
        pack = next(pack for pack in bank.packs if pack.id == chosen)
        if only:
            change = PlanChange(packs=(chosen,), topics=())
        else:
            # Whoever chose topics keeps them, and gets those of the pack beside them.
            topics = (*track.topics, *(topic.title for topic in pack.topics)) if track.topics else None
            change = PlanChange(packs=tuple(dict.fromkeys((*track.packs, chosen))), topics=topics)
        now, by = self._clock(), interaction.user.id
        changed = await self._tracks.set_up(guild_id, track.channel_id, change, now, named=True, by=by)
        assert not isinstance(changed, MoveOrAdd)
        await say(interaction, ui.drawn_text(changed.track, pack))
        await self._log.changed(interaction, changed)

    async def _named_tracks(self, interaction: discord.Interaction) -> list[ui.NamedTrack]:
        """The server's tracks whose channels can be named."""
        guild_id, _ = options.where(interaction)
        found = [
            (track, interaction.client.get_channel(track.channel_id))
            for track in await self._tracks.of_server(guild_id)
        ]
        return [
            ui.NamedTrack(track, place.name)
            for track, place in found
            if isinstance(place, discord.abc.GuildChannel)
        ]
