"""Packs side by side: which questions a channel draws, and what a server knows of the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.bank import Module, Pack, Topic
from bot.domain.errors import OperatorError
from bot.storage.bank_files import BadPack, load_packs
from bot.storage.schema import drills, tracks
from tests.discord.conftest import PACK, World, said, seen
from tests.unit.packs import LAYERED, pack_folder

SQL = Pack(
    "sql",
    "SQL Interviews",
    (Module(1, "All"),),
    (Topic(1, "Joins", 1), Topic(2, "Indexes", 1)),
    (
        replace(LAYERED, id="sql-001", number=1, topic="Joins", prompt="What does a LEFT JOIN keep?", shown=None),
        replace(
            LAYERED,
            id="sql-002",
            number=2,
            topic="Indexes",
            prompt="When is an index ignored?",
            shown=None,
            items=(),
        ),
    ),
)


async def use(world: World) -> None:
    await world.restart(more=[SQL])


async def test_a_channel_draws_from_the_packs_that_it_names(world: World):
    await use(world)
    page = await world.set_up(time="09:00", packs="sql")
    assert "**Packs** sql" in said(page)
    assert "What does a LEFT JOIN keep?" in seen(await world.post())
    await world.next_day()
    assert "When is an index ignored?" in seen(world.card())
    assert [row.question_id for row in await world.rows(drills)] == ["sql-001", "sql-002"]


async def test_a_first_channel_draws_from_the_pack_that_comes_first(world: World):
    await use(world)
    await world.set_up()
    assert [row.packs for row in await world.rows(tracks)] == [("genai",)]
    assert PACK.questions[0].wording in seen(await world.post())


async def test_other_packs_leave_topics_that_they_do_not_have(world: World):
    await use(world)
    await world.set_up(topics="1, 2")
    assert "aren't in `genai`" in said(await world.set_up(topics="Joins"))
    await world.boss.slash(world.channel, "setup", packs="genai, sql")
    assert (await world.rows(tracks))[0].topics == (PACK.topics[0].title, PACK.topics[1].title)
    assert "**Topics** all" in said(await world.boss.slash(world.channel, "setup", packs="sql"))
    assert "**Topics** Joins" in said(await world.boss.slash(world.channel, "setup", topics="joins"))
    again = said(await world.boss.slash(world.channel, "setup", packs="all", topics="all"))
    assert "**Packs** genai, sql" in again
    assert "isn't a pack here" in said(await world.boss.slash(world.channel, "setup", packs="genai, cooking"))


async def test_packs_are_offered_one_after_the_other(world: World):
    await use(world)
    first = await world.boss.autocomplete(world.channel, "setup", "packs", "")
    assert [choice["value"] for choice in first] == ["genai", "sql"]
    more = await world.boss.autocomplete(world.channel, "setup", "packs", "genai, s")
    assert [choice["value"] for choice in more] == ["genai, sql"]
    assert not await world.boss.autocomplete(world.channel, "setup", "packs", "x" * 300)


async def test_search_quizzes_and_interviews_know_all_packs(world: World):
    await use(world)
    assert "LEFT JOIN" in await world.reply(world.anna, "question search", text="left join")
    assert "LEFT JOIN" in await world.reply(world.anna, "question show", question="sql-001")
    assert PACK.questions[0].wording in await world.reply(world.anna, "question show", question="1")
    joins = next(topic for topic in world.bank.topics if topic.title == "Joins")
    assert joins.number == len(PACK.topics) + 1
    assert f"Question 1 of {len(LAYERED.items)}" in await world.reply(
        world.anna, "quiz solo", topic="joins", questions=20
    )
    assert "is ignored" not in await world.reply(world.ben, "quiz solo", topic=str(joins.number))
    started = await world.anna.slash(world.channel, "interview start", topic="Indexes", questions=1)
    assert "interview" in said(started).lower()
    assert "When is an index ignored?" in "\n".join(seen(m) for m in world.thread().history())


def test_shipped_packs_begin_with_the_first_one_and_share_no_id():
    found = load_packs()
    assert found[0].id == "genai" and "genai-2026" in [pack.id for pack in found]
    ids = [question.id for pack in found for question in pack.questions]
    assert len(ids) == len(set(ids))


def test_an_operators_packs_come_behind_the_shipped_ones(tmp_path: Path):
    pack_folder(tmp_path, "- {id: p-001, number: 1, topic: T, difficulty: easy, prompt: What?}\n")
    *shipped, last = load_packs(tmp_path)
    assert last.id == "p" and [pack.id for pack in shipped] == [pack.id for pack in load_packs()]


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("- {id: p-001, number: 1, topic: T, difficulty: easy}\n", "p/t.yaml:1: prompt"),
        (
            "\n- {id: genai-001, number: 1, topic: T, difficulty: easy, prompt: What?}\n",
            "p/t.yaml:2: genai-001 is taken",
        ),
        ("- [\n", "p/t.yaml:2: not valid YAML"),
    ],
)
def test_an_operators_bad_pack_is_told_with_file_and_line(tmp_path: Path, topic: str, told: str):
    with pytest.raises(BadPack, match=told):
        load_packs(pack_folder(tmp_path, topic))


def test_an_operators_folder_without_a_pack_is_told(tmp_path: Path):
    with pytest.raises(OperatorError, match="holds no pack"):
        load_packs(tmp_path)
    with pytest.raises(OperatorError, match="holds no pack"):
        load_packs(tmp_path / "nowhere")
    folder = pack_folder(tmp_path, "- {id: p-001, number: 1, topic: T, difficulty: easy, prompt: What?}\n") / "p"
    (folder / "pack.yaml").write_text((folder / "pack.yaml").read_text().replace("id: p\n", "id: ours\n"))
    with pytest.raises(BadPack, match=r"p/pack.yaml:1: id: “ours” is taken"):
        load_packs(tmp_path)
