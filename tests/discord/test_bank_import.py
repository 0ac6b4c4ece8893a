"""A manager brings a file of questions: looks at it, imports it, has it asked, takes it back."""

import json
from typing import Any

import discord
import pytest

from bot.domain.errors import Refusal
from bot.services import bank_reader
from bot.services.bank_export import export_file
from bot.storage.schema import bank_imports, questions
from bot.ui.refusals import explain
from tests.discord.conftest import PACK, World, filled, labels, said, seen
from tests.discord.test_own_questions import ITEM, JOIN, last, saved, write
from tests.discord.walk import press

TOPICS = ("Caching", "Queues", "Databases")
LIST = "# Backend\n\n" + "\n".join(
    f"## {topic}\n\n"
    + "\n".join(
        f"### What does fact {at} about {topic.lower()} mean?\n\nIt means that {topic.lower()} have rule {at}.\n"
        for at in range(1, 11)
    )
    for topic in TOPICS
)
"""Thirty questions as somebody writes them."""


@pytest.fixture(autouse=True)
def patient(world: World) -> None:
    """A process begins for each file, however busy the machine is."""
    world.env.settle_timeout = 60.0


async def bring(world: World, text: str | bytes = LIST, name: str = "backend.md", **options: Any) -> Any:
    """Uses `/bank import` with a file."""
    data = text if isinstance(text, bytes) else text.encode()
    return await world.boss.slash(world.channel, "bank import", file=(name, data), **options)


def asked(world: World) -> list[str]:
    """The ids of all questions of the server's own that may be asked."""
    return [question.id for question in world.bank.own.questions]


async def test_thirty_questions_from_a_file_are_in_tomorrows_drill(world: World):
    await world.set_up(time="09:00")
    preview = await bring(world)
    for part in ("30 questions for `ours`", "backend.md", "3 topics", "30 with an answer", "Caching: 10"):
        assert part in said(preview)
    assert asked(world) == []
    await world.restart()
    done = await world.boss.click(last(preview), label="Import 30 questions")
    assert "30 questions added to `ours`: `ours-001` to `ours-030`" in said(done)
    drawn = await world.boss.click(last(done), label="Ask only these in #practice")
    assert "now gets its questions from `ours` (30 questions). Next question:" in said(drawn)
    await world.next_day()
    assert "What does fact 1 about caching mean?" in seen(world.card())
    await world.restart()
    assert len(asked(world)) == 30
    # The preview has become this page; whoever has the old one open still presses its buttons.
    for verb in ("bring:1", "look:1:1", "cancel:1"):
        assert "already been imported" in said(await press(world, world.boss, f"mb:bank:{verb}", last(done)))
    assert "`ours-001` has already been asked" in said(await world.boss.click(last(done), label="Take it back"))
    assert len(asked(world)) == 30
    assert "All of these questions are already in `ours`" in said(await bring(world))


async def test_what_is_in_a_file_is_looked_at_before_it_is_stored(world: World):
    await saved(world)
    twin = world.bank.questions[0].wording
    text = f"""## Joins
1. What does a LEFT JOIN keep?
2. {twin}
3. Which index does a range scan need?

   A B-tree.

   - [ ] A hash index
   - [x] A B-tree index
4. What does a RIGHT JOIN keep?

## Loose ends
Just a remark.
"""
    preview = await bring(world, text, "more.md")
    for part in ("3 questions for `ours`", "1 question in this file is already in `ours`", "1 quiz item"):
        assert part in said(preview)
    assert "2 questions look like ones you have" in said(preview) and "like `genai-001`" in said(preview)
    assert "Line 13: this doesn't belong to any question" in said(preview)
    cards = await world.boss.click(last(preview), label="See the questions")
    for part in ("**Question 2** · Joins · medium", "**Question 3**", "✅ A B-tree index", "Page 1 of 1"):
        assert part in said(cards)
    await world.restart()
    summary = await world.boss.click(last(cards), label="Summary")
    assert "Canceled. Nothing was saved." in said(await world.boss.click(last(summary), label="Cancel"))
    assert await world.rows(bank_imports) == [] and asked(world) == ["ours-001"]
    assert "out of date" in said(await press(world, world.boss, "mb:bank:bring:1", last(summary)))


async def test_an_import_is_taken_back_alone_and_wholly(world: World):
    await saved(world)
    preview = await bring(world, "1. What is a queue?\n2. What is a topic?\n", "two.txt")
    done = await world.boss.click(last(preview), label="Import 2 questions")
    await saved(world, prompt="What is a view?", topic="Views")
    assert asked(world) == ["ours-001", "ours-002", "ours-003", "ours-004"]
    assert "set up a channel" in said(done)
    await world.restart()
    undone = await world.boss.click(last(done), label="Take it back")
    assert "Taken back: the 2 questions" in said(undone) and asked(world) == ["ours-001", "ours-004"]
    assert "already taken back" in said(await press(world, world.boss, "mb:bank:undo:1", last(undone)))
    again = await bring(world, "1. What is a queue?\n2. What is a topic?\n", "two.txt")
    await world.boss.click(last(again), label="Import 2 questions")
    assert asked(world)[2:] == ["ours-005", "ours-006"]


async def test_a_newer_file_takes_the_place_of_one_that_waits(world: World):
    first = await bring(world, "1. What is a queue?\n", "a.md", pack="mq")
    second = await bring(world, "1. What is a topic?\n", "b.md", pack="mq")
    assert "out of date" in said(await world.boss.click(last(first), label="Import 1 question"))
    await world.boss.click(last(second), label="Import 1 question")
    assert asked(world) == ["mq-001"] and world.bank.questions[-1].prompt == "What is a topic?"
    elsewhere = await press(world, world.anna, "mb:bank:undo:2", last(second))
    assert "Manage Server" in said(elsewhere) and asked(world) == ["mq-001"]


async def test_two_files_at_once_do_not_bring_a_question_twice(world: World):
    await bring(world, "1. What is a queue?\n")
    role = world.guild.create_role("Chiefs", permissions=discord.Permissions(manage_guild=True))
    first, world.boss = world.boss, world.guild.add_member(world.env.create_user("chief"), roles=[role])
    second = await bring(world, "1. What is a queue?\n2. What is a topic?\n")
    assert "1 question added" in said(await press(world, first, "mb:bank:bring:1", last(second)))
    assert "1 question added" in said(await press(world, world.boss, "mb:bank:bring:2", last(second)))
    assert [row.number for row in await world.rows(questions)] == [1, 2]


async def test_what_cannot_be_read_is_told_in_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch):
    told = [
        ("a.md", b"Just words.\n", "I found no questions in this file"),
        ("a.yaml", b"- prompt: What?\n  prompt: Why?\n", "Line 2: the key “prompt”"),
    ]
    for name, data, sentence in told:
        answer = said(await bring(world, data, name))
        assert sentence in answer and "Reference" not in answer and len(answer) < 200
    assert "5.1 MB, and I can read up to 5 MB" in said(await bring(world, b"1. What is X?\n" * 380_000))
    assert "read-only" in said(await bring(world, pack="genai"))
    monkeypatch.setattr(world.bot.http, "get_from_cdn", lost)
    assert "I couldn't get that file from Discord" in said(await bring(world))
    assert await world.rows(bank_imports) == [] and asked(world) == []


async def lost(url: str) -> bytes:
    raise ConnectionResetError(url)


async def test_a_file_that_takes_too_long_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bank_reader, "SECONDS", 0.01)
    assert "takes me too long to read" in said(await bring(world))


async def exported(world: World, **options: str) -> tuple[str, bytes]:
    """The file that `/bank export` gives."""
    result = await world.boss.slash(world.channel, "bank export", **options)
    (file,) = last(result).attachments
    return file.filename, world.env.backend.cdn.get(file.url)


@pytest.mark.parametrize("form", ["yaml", "json", "csv", "md"])
async def test_what_is_exported_comes_back_as_it_was(world: World, form: str):
    preview = await write(world)
    form_of_item = await world.boss.click(last(preview), label="Add a quiz item")
    with_item = await world.boss.submit_modal(form_of_item, ITEM)
    await world.boss.click(last(with_item), label="Save it")
    await saved(world, prompt="When does a query ignore an index?", topic="Indexes", answer="", key_points="")
    edited = {**JOIN, "prompt": "Which rows does a LEFT JOIN keep?"}
    change = await world.boss.slash(world.channel, "bank edit", question="ours-001")
    await world.boss.click(last(await world.boss.submit_modal(change, edited)), label="Save it")
    name, data = await exported(world, format=form)
    assert name == f"ours.{form}"
    again = await bring(world, data, name, pack="again")
    assert "2 questions for `again`" in said(again) and "Check these lines" not in said(again)
    await world.boss.click(last(again), label="Import 2 questions")
    for number in ("001", "002"):
        then, now = world.bank.find(f"ours-{number}"), world.bank.find(f"again-{number}")
        assert then is not None and now is not None
        parts = ["wording", "topic", "difficulty", "model_answer"]
        parts += ["key_points", "module"] if form in ("yaml", "json") else []
        if form == "md":
            parts.remove("difficulty")
        assert [getattr(now, part) for part in parts] == [getattr(then, part) for part in parts]
        assert [(item.stem, item.correct, {wrong.text for wrong in item.distractors}) for item in now.items] == [
            (item.stem, item.correct, {wrong.text for wrong in item.distractors}) for item in then.items
        ]


async def test_a_pack_that_is_too_large_or_empty_is_told(world: World):
    assert (await exported(world))[0] == "genai.yaml"
    await saved(world)
    assert (await exported(world))[0] == "ours.yaml"
    assert "A file holds one pack" in said(await world.boss.slash(world.channel, "bank export", pack="all"))
    with pytest.raises(Refusal) as refused:
        export_file(PACK, "json", 1000)
    assert "I can send up to 0.0 MB here. Try `format:csv`" in explain(refused.value)


EDITED = "Rows that match on both sides, by the join's condition."
SQL = "## Joins\n\n### What is a join?\n\nRows side by side.\n\n### What is a view?\n\nA stored query.\n"


async def edited(world: World, question_id: str, **typed: str) -> None:
    """A manager edits a question of the server's own."""
    form = await world.boss.slash(world.channel, "bank edit", question=question_id)
    page = await world.boss.submit_modal(form, {**filled(form), **typed})
    await world.boss.click(last(page), label="Save it")


async def test_a_question_that_was_edited_since_is_a_choice_and_not_simply_there(world: World):
    await world.boss.click(last(await bring(world, SQL, "sql.md", pack="sql")), label="Import 2 questions")
    await edited(world, "sql-001", answer=EDITED)
    preview = await bring(world, SQL, "sql.md", pack="sql")
    told = said(preview)
    assert "1 question in this file is different here" in told and "`sql-001` What is a join" in told
    assert "differs in answer" in told and "1 question in this file is already in `sql`" in told
    assert labels(last(preview)) == ["Take the file's", "Keep ours"]
    await world.boss.click(last(preview), label="Keep ours")
    assert (kept := world.bank.find("sql-001")) is not None and kept.answer == EDITED
    more = SQL + "\n### What is an index?\n\nA sorted copy.\n"
    preview = await bring(world, more, "sql.md", pack="sql")
    assert labels(last(preview))[0] == "Import 1 question, keep ours"
    await world.restart()
    done = await world.boss.click(last(preview), label="Import 1 question, take the file's")
    assert "added to `sql`: `sql-003`" in said(done) and "1 question in `sql` now matches the file" in said(done)
    assert (now := world.bank.find("sql-001")) is not None and now.answer == "Rows side by side."
    await edited(world, "sql-001", prompt="How do joins pair rows?")
    preview = await bring(world, more, "sql.md", pack="sql")
    assert "differs in wording" in said(preview)
    taken = await world.boss.click(last(preview), label="Take the file's")
    assert "1 question in `sql` now matches the file" in said(taken) and asked(world) == [
        "sql-001",
        "sql-002",
        "sql-003",
    ]
    assert (again := world.bank.find("sql-001")) is not None and again.prompt == "What is a join?"
    assert "nothing" in said(await bring(world, more, "sql.md", pack="sql")).lower()


async def test_an_export_keeps_back_what_is_open(world: World):
    await world.set_up()
    await world.post()
    _, data = await exported(world, pack="genai", format="json")
    first, second = json.loads(data)["questions"][:2]
    assert not first["answer"] and not first["items"] and not first["key_points"] and first["prompt"]
    assert second["answer"] and second["items"]
    result = await world.boss.slash(world.channel, "bank export", pack="genai")
    assert "Question `1` is open right now" in said(result)


async def test_packs_are_offered_and_what_draws_from_them_is_logged(world: World):
    log = world.guild.create_text_channel("log")
    await world.set_up()
    panel = (await world.boss.slash(world.channel, "setup")).response.message
    form = await press(world, world.boss, "mb:panel:open:1:log", panel)
    await world.boss.submit_modal(form, {"log": [log]})
    done = await world.boss.click(last(await bring(world, pack="sql")), label="Import 30 questions")
    for command in ("bank import", "bank add"):
        found = await world.boss.autocomplete(world.channel, command, "pack", "")
        assert [choice["value"] for choice in found] == ["sql"]
        found = await world.boss.autocomplete(world.channel, command, "pack", "system")
        assert [(choice["name"], choice["value"]) for choice in found] == [("system (a new pack)", "system")]
        assert await world.boss.autocomplete(world.channel, command, "pack", "genai") == []
    await world.boss.click(last(done), label="Ask only these in #practice")
    assert f"<@{world.boss.id}> changed" in seen(log.history()[-1]) and "genai → sql" in seen(log.history()[-1])
