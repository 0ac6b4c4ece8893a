"""Lists as people write them: each document of the corpus, and beside it what a person would want of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.services.bank_imports import find_questions
from bot.storage.bank_files import shipped_pack
from bot.ui.bank_imports import why_skipped
from bot.ui.bank_terminal import found_json

CORPUS = Path(__file__).parent / "corpus"
DOCUMENTS = sorted(file for file in CORPUS.iterdir() if file.with_name(f"{file.name}.json").exists())


@pytest.mark.parametrize("file", DOCUMENTS, ids=[file.name for file in DOCUMENTS])
def test_a_document_is_understood_as_a_person_would(file: Path):
    expected: dict[str, Any] = json.loads(file.with_name(f"{file.name}.json").read_text("utf-8"))
    found = find_questions(file.read_bytes(), file.name)
    assert found_json(found)["questions"] == expected["questions"]
    told = [(skipped.line, why_skipped(skipped)) for skipped in found.skipped]
    assert [line for line, _ in told] == [line for line, _ in expected["skipped"]], told
    for (_, why), (_, said) in zip(told, expected["skipped"], strict=True):
        assert said in why


def test_a_numbered_list_of_a_whole_bank_is_understood_to_the_last_question():
    """A list as such banks begin: questions numbered through, below numbered headings, without answers."""
    pack = shipped_pack("genai")
    lines = ["# Generative AI - Interview Questions", "", "A collection that prepares for interviews."]
    for topic in pack.topics:
        lines += ["", "---", "", f"## {topic.number}. {topic.title}"]
        lines += [f"{one.number}. {one.prompt}" for one in pack.questions if one.topic == topic.title]
    found = find_questions("\n".join(lines).encode(), "questions.md")
    assert (len(found.questions), found.skipped) == (110, ())
    assert [(one.number, one.prompt, one.topic) for one in found.questions] == [
        (one.number, one.prompt, one.topic) for one in pack.questions
    ]
    assert len({one.topic for one in found.questions}) == 15
