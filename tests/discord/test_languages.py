"""Everybody reads their own language in private, and a channel that of its server."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import interactions

from bot.storage.schema import aways, skips
from bot.ui.kit import catalog as spoken
from bot.ui.kit.commands import COMMAND, OPTION
from bot.ui.kit.layouts import custom_ids
from tests import catalog
from tests.discord.conftest import HOUR, LONG, MESSAGES, World, labels, said, seen

GERMAN, SPANISH = "«", "¡"
NAME = re.compile("[a-z_]+")


@pytest.fixture
def two_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Translations that are told from English, and from one another, by their first sign."""
    source = catalog.template()
    for language, sign in {"de": GERMAN, "es": SPANISH}.items():
        found = catalog.empty(language)
        for message in source:
            if isinstance(message.id, tuple):
                found.add(message.id, tuple(f"{sign}{text}" for text in message.id), context=message.context)
            elif isinstance(message.id, str) and message.id:
                named = message.context in (COMMAND, OPTION) and NAME.fullmatch(message.id)
                found.add(message.id, f"{language if named else sign}{message.id}", context=message.context)
        file = tmp_path / language / "LC_MESSAGES" / f"{spoken.DOMAIN}.mo"
        file.parent.mkdir(parents=True)
        file.write_bytes(catalog.compiled(found))
    monkeypatch.setattr(spoken, "LOCALES", tmp_path)
    spoken._translations.cache_clear()
    yield
    spoken._translations.cache_clear()


@pytest.fixture
def locales(monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """The language of each member's client, by their id: English for all others, as simcord has it."""
    chosen = dict[int, str]()
    build = interactions.base_payload

    def with_locales(backend: Any, **options: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = build(backend, **options)
        payload["locale"] = chosen.get(options["user_id"], "en-US")
        if options["guild_id"] is not None:
            payload["guild_locale"] = backend.get_guild(options["guild_id"]).preferred_locale
        return record, payload

    monkeypatch.setattr(interactions, "base_payload", with_locales)
    return chosen


def server(world: World, locale: str) -> World:
    """Another server of the same bot, with the same people, in a language of its own."""
    guild = world.env.create_guild(preferred_locale=locale)
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    people = {
        name: guild.add_member(
            world.env.create_user(f"{name}-{locale}"), roles=[managers] if name == "boss" else []
        )
        for name in ("boss", "anna", "ben")
    }
    return replace(world, guild=guild, channel=guild.create_text_channel("practice"), **people)


def public(world: World) -> list[str]:
    """What the bot has written in a channel and its threads, where everybody reads it."""
    places = [world.channel, *world.channel.threads]
    found = [message for place in places for message in place.history() if message.author.bot]
    return ["\n".join([seen(message), *labels(message)]) for message in found if seen(message)]


async def answer(world: World, member: Any) -> tuple[str, str]:
    """(the form, the receipt) that a member reads who answers by form."""
    card = next(found for found in world.channel.history() if any(map(is_answer, custom_ids(found.components))))
    opened = await member.click(card, custom_id=next(filter(is_answer, custom_ids(card.components))))
    return str(opened.modal), said(await member.submit_modal(opened, {"text": LONG}))


def is_answer(custom_id: str) -> bool:
    return custom_id.startswith("mb:drill:answer:")


async def share(world: World, member: Any, command: str) -> str:
    """What a member reads in private, whose answer they then share."""
    shown = await member.slash(world.channel, command)
    message = shown.followups[-1].message if shown.followups else shown.response.message
    await member.click(
        message, custom_id=next(at for at in custom_ids(message.components) if ":share" in at or "share:" in at)
    )
    return said(shown)


async def test_a_german_reads_german_in_private_and_an_english_channel_stays_english(
    two_languages: None, world: World, locales: dict[int, str]
):
    locales[world.anna.id] = "de"
    await world.set_up()
    await world.post()
    form, receipt = await answer(world, world.anna)
    assert GERMAN in form and GERMAN in receipt
    assert GERMAN in await share(world, world.anna, "streak")
    assert GERMAN in said(await world.anna.slash(world.channel, "quiz live", questions=1, seconds=20))
    locales[world.boss.id] = "de"
    assert GERMAN in said(await world.boss.slash(world.channel, "daily status"))
    assert GERMAN not in said(await world.ben.slash(world.channel, "streak"))
    await world.next_day()
    assert len(public(world)) > 4 and not [text for text in public(world) if GERMAN in text]


async def test_a_spanish_server_reads_spanish_and_its_english_member_english(
    two_languages: None, world: World, locales: dict[int, str]
):
    there = server(world, "es-ES")
    locales[there.anna.id] = "de"
    assert SPANISH not in said(await there.set_up())
    assert SPANISH not in said(await there.boss.slash(there.channel, "daily post"))
    form, receipt = await answer(there, there.ben)
    assert SPANISH not in form + receipt and GERMAN not in form + receipt
    assert SPANISH not in await share(there, there.ben, "streak")
    await there.anna.slash(there.channel, "quiz live", questions=1, seconds=20)
    await there.next_day()
    assert len(public(there)) > 4
    assert not [text for text in public(there) if GERMAN in text or not (SPANISH in text or LONG in text)]


async def test_commands_have_names_and_texts_in_each_locale_and_are_registered_anew_when_these_change(
    two_languages: None, world: World, monkeypatch: pytest.MonkeyPatch
):
    command = world.env.backend.find_command("daily", world.guild.id, type=1)
    assert command["name_localizations"] == {"de": "dedaily", "es-ES": "esdaily", "es-419": "esdaily"}
    assert command["description_localizations"]["de"] == f"{GERMAN}{command['description']}"
    post = next(inner for inner in command["options"] if inner["name"] == "post")
    assert post["name_localizations"]["es-419"] == "espost"
    assert post["options"][0]["name_localizations"]["de"] == "dechannel"
    board = world.env.backend.find_command("leaderboard", world.guild.id, type=1)["options"][0]["options"][0]
    assert board["choices"][0]["name_localizations"]["de"] == f"{GERMAN}{board['choices'][0]['name']}"
    await world.restart()
    monkeypatch.setattr(spoken, "LOCALES", Path("/nowhere"))
    spoken._translations.cache_clear()
    await world.restart()
    command = world.env.backend.find_command("daily", world.guild.id, type=1)
    assert not command.get("name_localizations")


async def test_a_change_of_language_between_sending_and_looking_doubles_nothing(
    two_languages: None, world: World, locales: dict[int, str]
):
    there = server(world, "es-ES")
    await there.set_up()
    await there.boss.slash(there.channel, "daily post")
    thread = there.thread()
    before = len(list(thread.history()))
    lost = there.lose_answer(MESSAGES, thread.id)
    await there.next_day()
    assert lost and any(SPANISH in seen(message) for message in thread.history()[before:])
    found = there.bot.get_guild(there.guild.id)
    assert found is not None
    await found.edit(preferred_locale=discord.Locale.german)
    await there.beat(HOUR)
    shown = [seen(message) for message in thread.history()[before:]]
    assert len(shown) == 1 and GERMAN in shown[0] and SPANISH not in shown[0]


@pytest.mark.parametrize(
    ("language", "days", "skipped", "away"),
    [
        ("de", "mo, mi-fr", "24. Dezember", ("28. Dez.", "3. Jan.")),
        ("es-419", "lun, mié-vie", "24 de diciembre", ("28 dic", "3 de enero")),
    ],
)
async def test_days_and_dates_are_typed_as_the_reader_writes_them(
    world: World, locales: dict[int, str], language: str, days: str, skipped: str, away: tuple[str, str]
):
    await world.beat(at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    locales[world.boss.id] = language
    await world.set_up(days=days)
    (track,) = await world.bot.services.tracks.of_server(world.guild.id)
    assert track.plan.days == {0, 2, 3, 4}
    await world.boss.slash(world.channel, "daily skip", date=skipped)
    await world.boss.slash(world.channel, "away set", **{"from": away[0], "until": away[1]})
    assert [str(row.date) for row in await world.rows(skips)] == ["2026-12-24"]
    (taken,) = await world.rows(aways)
    assert (str(taken.first), str(taken.last)) == ("2026-12-28", "2027-01-03")
