"""Writing a question in steps: forms, preview, save or send. Each step is stored, so a restart loses nothing."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank_drafts import ItemFields, Purpose
from bot.domain.members import Actor
from bot.domain.servers import Thing
from bot.services.bank import BankService, DraftView, parse_pack
from bot.services.suggestions import SuggestionService
from bot.services.tracks import TrackService
from bot.ui import bank_drafts as ui
from bot.ui.bank_results import question_results
from bot.ui.kit import options
from bot.ui.kit.custom_ids import TEXT, an
from bot.ui.kit.members import actor
from bot.ui.kit.responses import open_form, reply, say
from bot.ui.kit.router import handles, require_manager
from bot.ui.refusals import explain
from bot.ui.suggestions import sent_text
from cogs.suggestions import SuggestionsCog


@dataclass(eq=False, repr=False)
class BankDraftsCog(commands.Cog):
    """Leads from the first form to the stored question; managers write questions, everybody may suggest one."""

    _clock: Clock
    _bank: BankService
    _suggestions: SuggestionService
    _tracks: TrackService
    _authors: SuggestionsCog

    @handles("bank", "new", TEXT, sent=True, purpose=Purpose.ADD)
    @handles("suggest", "form", sent=True, purpose=Purpose.SUGGEST)
    async def take_new(self, interaction: discord.Interaction, words: list[str], *, purpose: Purpose) -> None:
        """The form of a new question, or of a suggestion."""
        self._check(interaction, purpose)
        pack = parse_pack(self._bank.of(options.where(interaction)[0]), words[0] if words else None)
        await self._show(
            interaction,
            await self._bank.begin(self._who(interaction), purpose, ui.typed_question(interaction), pack),
        )

    @handles("bank", "change", TEXT, sent=True)
    async def take_change(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The form of a question that is edited."""
        require_manager(interaction)
        pack, typed = words[0].rsplit("-", 1)[0], ui.typed_question(interaction)
        await self._show(
            interaction,
            await self._bank.begin(self._who(interaction), Purpose.EDIT, typed, pack, words[0]),
        )

    @handles("bank", "again", an(Thing.DRAFT))
    async def open_again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Try again, and Change it: the form with what was typed."""
        draft = (await self._draft(interaction, words)).draft
        await open_form(interaction, ui.question_form(draft.purpose, f"mb:bank:draft:{draft.id}", draft.fields))

    @handles("bank", "draft", an(Thing.DRAFT), sent=True)
    async def take_again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """That form."""
        await self._draft(interaction, words)
        typed = ui.typed_question(interaction)
        await self._show(interaction, await self._bank.retype(self._who(interaction), int(words[0]), typed))

    @handles("bank", "item", an(Thing.DRAFT))
    async def open_item(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Add a quiz item; one that could not be taken stands in the form again."""
        draft = (await self._draft(interaction, words)).draft
        await open_form(interaction, ui.item_form(draft.id, draft.fields.pending or ItemFields()))

    @handles("bank", "take", an(Thing.DRAFT), sent=True)
    async def take_item(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The form of a quiz item."""
        await self._draft(interaction, words)
        typed = ui.typed_item(interaction)
        await self._show(interaction, await self._bank.add_item(self._who(interaction), int(words[0]), typed))

    @handles("bank", "unitem", an(Thing.DRAFT))
    async def drop_item(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Take the last item out."""
        await self._draft(interaction, words)
        await self._show(interaction, await self._bank.drop_item(self._who(interaction), int(words[0])))

    @handles("bank", "drop", an(Thing.DRAFT))
    async def discard(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Throw it away."""
        await self._draft(interaction, words)
        await self._bank.discard(self._who(interaction), int(words[0]))
        await say(interaction, ui.discarded_text())

    @handles("bank", "store", an(Thing.DRAFT))
    async def store(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Save it, or send it."""
        view, who = await self._draft(interaction, words), self._who(interaction)
        if view.draft.purpose is Purpose.SUGGEST:
            await say(interaction, sent_text(await self._suggestions.send(who, view.draft.id)))
            return
        question = await self._bank.store(who, view.draft.id)
        pack = next(pack for pack in self._bank.of(who.guild_id).packs if pack.id == view.draft.pack)
        drawn = any(pack.id in track.packs for track in await self._tracks.of_server(who.guild_id))
        await reply(interaction, ui.stored_page(question, len(pack.questions), pack.id, drawn=drawn))
        if view.draft.suggestion_id is not None:
            await self._authors.tell_all(who.guild_id)

    async def _draft(self, interaction: discord.Interaction, words: list[str]) -> DraftView:
        view = await self._bank.draft(self._who(interaction), int(words[0]))
        self._check(interaction, view.draft.purpose)
        return view

    def _who(self, interaction: discord.Interaction) -> Actor:
        return actor(interaction, self._clock)

    def _check(self, interaction: discord.Interaction, purpose: Purpose) -> None:
        if purpose is not Purpose.SUGGEST:
            require_manager(interaction)

    async def _show(self, interaction: discord.Interaction, view: DraftView) -> None:
        """The preview, or why it cannot be stored with the way to try again."""
        if view.wrong is not None:
            await reply(interaction, ui.again_page(view, explain(view.wrong)))
            return
        known = (
            None if view.draft.question_id is None else self._bank.own(view.draft.guild_id, view.draft.question_id)
        )
        results = (
            []
            if known is None
            else question_results(known, await self._bank.results(view.draft.guild_id, view.draft.member_id))
        )
        for page in ui.preview_pages(view, results):
            await reply(interaction, page)
