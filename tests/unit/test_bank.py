"""The shipped bank, and packs that need mending."""

import hashlib
import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from bot.command_line import app
from bot.domain.bank import Bank
from bot.services.bank_export import export_json
from bot.storage.bank_files import packs_folder, shipped_pack
from tests.unit.packs import FINISHED_FOLDER, LAYERED, PACK, PLAIN, pack_folder

SEED = "84b4b63f53bbf0f1d57b16e5b769813999448e3636aa6a13bd83f68267da8d5f"
"""The hash of the 110 questions as they were given: number, topic and wording of each."""
GOOD = "- id: p-001\n  number: 1\n  topic: T\n  difficulty: easy\n  prompt: What?\n"


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


@contextmanager
def logs_of_its_own() -> Generator[None]:
    """A start sends all logs to its standard error, which is closed once it has ended: others get theirs back."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.configure(**configured)


def test_the_bank_holds_the_110_questions_of_15_topics():
    pack = shipped_pack("genai")
    assert [question.number for question in pack.questions] == list(range(1, 111))
    assert [question.id for question in pack.questions] == [f"genai-{number:03}" for number in range(1, 111)]
    assert len(pack.topics) == 15 and [module.number for module in pack.modules] == [1, 2, 3, 4, 5]
    bank = Bank(pack)
    found = bank.find("#48")
    assert found is not None and found.prompt == "What is the reparameterization trick?"
    assert found == bank.find("genai-048") and found.module == 2
    assert bank.find("1110") is None
    share = [sum(q.difficulty == level for q in pack.questions) / 110 for level in ("easy", "medium", "hard")]
    assert min(share) >= 0.2


def test_wording_and_topics_are_exactly_the_seed():
    """The questions are the user's own words: whoever changes one on purpose changes this, too."""
    questions = shipped_pack("genai").questions
    wording = "\n".join(f"{q.number}\t{q.topic}\t{q.prompt}" for q in questions)
    assert hashlib.sha256(wording.encode()).hexdigest() == SEED


def test_the_pack_of_2026_asks_40_other_questions_in_6_topics():
    pack, seed = map(shipped_pack, ("genai-2026", "genai"))
    assert [question.number for question in pack.questions] == list(range(1, 41))
    assert [question.id for question in pack.questions] == [f"genai26-{number:03}" for number in range(1, 41)]
    assert len(pack.topics) == 6 and sum(len(question.items) for question in pack.questions) >= 120
    assert not {question.wording for question in pack.questions} & {question.wording for question in seed.questions}


def test_the_shipped_packs_meet_the_standard_and_are_counted():
    code, out, told = run("bank", "check")
    assert code == 0, told
    assert "genai: 110 questions" in out and out.count("nothing to mend") == len(list(packs_folder().iterdir()))


def test_check_tells_the_form_of_items_by_topic(tmp_path: Path):
    folder = pack_folder(tmp_path, (FINISHED_FOLDER / "t.yaml").read_text("utf-8"))
    code, out, _ = run("bank", "check", str(folder))
    assert code == 0 and "all topics: 3 items; right option shortest" in out and "T: 3 items" not in out
    code, out, _ = run("bank", "check", "--form", str(folder))
    assert "T: 3 items; right option shortest" in out and "mostly true distractors 33%; applied 67%" in out


def test_the_export_has_the_promised_shape():
    code, out, _ = run("bank", "export", "genai", "--format", "json")
    bank = json.loads(out)
    assert code == 0 and set(bank) == {"pack", "title", "questions"}
    assert list(bank["questions"][0]) == [
        *("id", "number", "module", "topic", "difficulty", "prompt", "shown", "say", "show", "stands_out", "as_of"),
        *("picture", "gist", "answer", "key_points", "pitfalls", "follow_ups", "sources", "items"),
    ]
    assert run("bank", "export", "nothing")[0] == 1


def test_the_export_has_the_layers_and_what_is_said_of_items():
    (question,) = json.loads(export_json(PACK))["questions"]
    assert question["shown"] == "What does dropout do?" and question["prompt"] == "What dropout does?"
    assert question["as_of"] == {"year": 2024, "source": "https://example.org/dropout"}
    assert [point["must"] for point in question["key_points"]] == [True, False, False]
    assert all(question["answer"].count(question[layer]) == 1 for layer in ("say", "show", "stands_out"))
    plain, sums, true = question["items"]
    assert (plain["difficulty"], plain["sums"]) == ("easy", False) and sums["sums"] is True
    assert [true["holds"][true["correct"]], true["holds"].count(True)] == [None, 3]
    assert list(true) == [
        *("id", "kind", "difficulty", "sums", "seconds", "stem"),
        *("options", "correct", "explanation", "why_wrong", "holds"),
    ]


def test_a_question_has_one_wording_and_one_model_answer_whatever_its_form():
    assert (LAYERED.wording, PLAIN.wording) == ("What does dropout do?", "What dropout does?")
    assert LAYERED.model_answer == "\n\n".join(map(str, (LAYERED.say, LAYERED.show, LAYERED.stands_out)))
    assert PLAIN.model_answer == PLAIN.answer and LAYERED.layered and not PLAIN.layered
    item = LAYERED.items[2]
    assert LAYERED.difficulty_of(item) == "hard"
    assert LAYERED.difficulty_of(replace(item, difficulty=None)) == "easy"


@pytest.mark.parametrize(
    ("topic", "where", "what"),
    [
        (GOOD.replace("easy", "trivial"), "t.yaml:4", "difficulty"),
        (GOOD + "  colour: red\n", "t.yaml:6", "colour"),
        (GOOD.replace("  prompt: What?\n", ""), "t.yaml:1", "prompt"),
        (GOOD + GOOD, "t.yaml:6", "p-001 is used twice"),
        (GOOD.replace("topic: T", "topic: U"), "t.yaml:3", "topic must be"),
        ("- id: [", "t.yaml:", "not valid YAML"),
        ("hello", "t.yaml:1", "list of questions"),
        (
            GOOD.replace("What?", "What " * 1200),
            "t.yaml:5",
            "prompt has 5,999 characters, and a card or a form holds",
        ),
        (GOOD.replace("What?", '"What\\a?"'), "t.yaml:5", "control character (U+0007)"),
        (GOOD.replace("What?", "What\x07?"), "t.yaml:5", "control character"),
        (GOOD + "  prompt: Why?\n", "t.yaml:6", "“prompt” stands here a second time"),
        (GOOD + "  answer: &a A\n  gist: *a\n", "t.yaml:7", "*a refers to another place"),
        ("- " * 60 + "a", "t.yaml:1", "levels deep"),
        (GOOD + "  as_of: {year: 2024-13-45, source: x}\n", "t.yaml:", "not valid YAML"),
    ],
)
def test_a_bad_pack_is_told_file_line_and_what_to_mend(tmp_path: Path, topic: str, where: str, what: str):
    code, _, err = run("bank", "check", str(pack_folder(tmp_path, topic)))
    assert code == 1 and where in err and what in err


def test_an_empty_folder_is_no_pack(tmp_path: Path):
    code, _, err = run("bank", "check", str(tmp_path))
    assert code == 1 and "pack.yaml" in err


def test_the_start_stops_with_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    with logs_of_its_own():
        code, _, err = run("run")
    assert code == 78 and "DISCORD_TOKEN is missing" in err
    monkeypatch.setenv("MOCKINGBIRD_COLOUR", "red")
    with logs_of_its_own():
        code, _, err = run("run")
    assert code == 78 and "MOCKINGBIRD_COLOUR isn't a setting" in err
