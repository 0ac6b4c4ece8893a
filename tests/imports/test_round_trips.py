"""What an export writes an import reads back: whole packs, and whatever questions people have."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.command_line import app
from bot.domain.bank_imports import FoundItem, FoundQuestion, differing, taken
from bot.services.bank_export import export_pack, export_questions, save_pack
from bot.services.bank_imports import find_questions
from bot.storage.bank_blocks import write_blocks
from bot.storage.bank_files import check_pack, load_pack, packs_folder
from bot.storage.bank_markup import read_blocks
from bot.ui.bank_terminal import found_json
from tests.unit.packs import PACK

CORPUS = Path(__file__).parent / "corpus"
SAID = """cache index lock queue 2 `x < y` **must** *may* x_t List<String> a|b 100% C# café θ -1 = @home (see) [1]
https://example.org [docs](https://example.org) 3.5 <b> \\* & ; , " ' 1. - # Answer: Q: A:"""
WORDS = st.lists(
    st.sampled_from(SAID.split()),
    min_size=1,
    max_size=8,
).map(" ".join)
LINES = st.one_of(
    WORDS,
    WORDS.map(lambda words: f"- {words}\n- a second"),
    WORDS.map(lambda words: f"1. {words}\n2. a second\n   - and below"),
    WORDS.map(lambda words: f"```python\n{words}\n# <!-- kept -->\nQ: kept\n```"),
    WORDS.map(lambda words: f"> {words}"),
    WORDS.map(lambda words: f"**{words.replace('*', '')}:** and more\non a second line"),
    st.just("- [x] done\n- [ ] open"),
)
# Signs alone, such as a dash in a cell or a number of a list, say that there is no answer.
ANSWERS = (
    st.lists(LINES, min_size=1, max_size=4)
    .map("\n\n".join)
    .filter(lambda text: re.search(r"[^\W\d]|\d(?![.)]?$)", text))
)
PROMPTS = WORDS.map(lambda words: f"What is {words}?")
ITEMS = st.builds(
    lambda stem, options, at: FoundItem(f"Which {stem}?", tuple(options), at % len(options)),
    WORDS,
    st.lists(
        st.sampled_from(["yes", "no", "`O(n)`", "It depends", "2", "B", "-1"]), min_size=2, max_size=4, unique=True
    ),
    st.integers(0, 3),
)


def as_shown(text: str | None) -> str | None:
    """A text as an import leaves it: the same for whoever reads it in Discord."""
    return text and write_blocks(read_blocks(text), soft="\n")


def of_a_list(
    prompts: list[str], answers: list[str | None], items: list[tuple[FoundItem, ...]]
) -> list[FoundQuestion]:
    """Questions as an import finds them, numbered and in two topics."""
    return [
        FoundQuestion(
            prompt=" ".join((as_shown(prompt) or "").split()),
            line=1,
            answer=as_shown(answers[at % len(answers)]) or None,
            topic=("Storage", "Networks")[at >= len(prompts) // 2],
            number=at + 1,
            items=tuple(
                FoundItem(as_shown(i.stem) or "", tuple(as_shown(o) or "" for o in i.options), i.correct)
                for i in items[at % len(items)]
            ),
        )
        for at, prompt in enumerate(dict.fromkeys(prompts))
    ]


@pytest.mark.parametrize("form", ["json", "yaml", "csv", "md"])
def test_a_finished_pack_comes_back(form: str):
    found = find_questions(export_pack(PACK, form).encode(), f"pack.{form}")
    assert not found.skipped
    (question,) = found.questions
    (given_one,) = json.loads(export_pack(PACK, "json"))["questions"]
    assert (question.prompt, question.topic, question.number) == (given_one["prompt"], "T", 1)
    answer = given_one["answer"] if form != "md" else as_shown(given_one["answer"])
    assert question.answer == answer
    assert [(i.stem, set(i.options), i.options[i.correct]) for i in question.items] == [
        (i["stem"], set(i["options"]), i["options"][i["correct"]]) for i in given_one["items"]
    ]
    if form == "yaml":
        assert question.whole == replace(PACK.questions[0])
    if form == "json":
        assert [list(i.options) for i in question.items] == [i["options"] for i in given_one["items"]]


@settings(max_examples=60)
@given(
    st.lists(PROMPTS, min_size=1, max_size=4),
    st.lists(st.none() | ANSWERS, min_size=1, max_size=3),
    st.lists(st.lists(ITEMS, max_size=2).map(tuple), min_size=1, max_size=2),
    st.sampled_from(["csv", "md"]),
)
@example(prompts=["What is `x Answer: `x?"], answers=[None], items=[()], form="md")
def test_whatever_people_ask_comes_back_from_a_list(
    prompts: list[str], answers: list[str | None], items: list[tuple[FoundItem, ...]], form: str
):
    questions = of_a_list(prompts, answers, items)
    found = find_questions(export_questions(questions, "Ours", form).encode(), f"a.{form}")
    again = found_json(replace(found, skipped=()))["questions"]
    kept = find_questions(export_questions(questions, "Ours", "csv").encode(), "a.csv").questions
    expected = [question for question in questions if question.number in {one.number for one in kept}]
    assert [one["prompt"] for one in again] == [question.prompt for question in expected]
    assert [one["answer"] for one in again] == [question.answer for question in expected]
    assert [(one["topic"], one["number"]) for one in again] == [(q.topic, q.number) for q in expected]
    assert [one["items"] for one in again] == [
        [{"stem": i.stem, "options": list(i.options), "correct": i.correct} for i in q.items] for q in expected
    ]


def test_what_was_found_becomes_a_pack_that_the_check_reads(tmp_path: Path):
    source = CORPUS / "numbered_under_headings.md"
    folder = tmp_path / "packs" / "Backend 2"
    done = CliRunner().invoke(app, ["bank", "import", str(source), "--to", str(folder)])
    assert done.exit_code == 0 and "Wrote a pack into" in done.stderr
    pack, problems = check_pack(folder, ())
    assert not problems and pack.title == "Backend interview prep"
    assert [question.id for question in pack.questions] == [f"backend2-{number:03}" for number in range(1, 6)]
    assert [topic.title for topic in pack.topics] == ["Databases", "Caching & Queues"]
    again = CliRunner().invoke(app, ["bank", "import", str(source), "--to", str(folder)])
    assert again.exit_code == 1 and "can't write" in again.stderr


def test_a_pack_of_ours_is_written_with_everything(tmp_path: Path):
    found = find_questions(export_pack(PACK, "yaml").encode(), "pack.yaml")
    assert save_pack(tmp_path / "p", found) == 0
    (question,) = load_pack(tmp_path / "p").questions
    (own,) = PACK.questions
    assert replace(question, id=own.id, items=()) == replace(own, items=())
    assert [item.stem for item in question.items] == [item.stem for item in own.items]


def test_an_answer_that_says_the_same_keeps_its_layers():
    own = load_pack(packs_folder() / "genai").questions[47]
    layers = {"say": None, "show": None, "stands_out": None}
    found = replace(own, prompt="Why is sampling moved out of the way?", answer=own.model_answer, **layers)
    assert own.layered and differing(own, found) == ("wording",)
    now = taken(own, found)
    assert now.prompt == found.prompt and (now.say, now.show, now.stands_out) == (own.say, own.show, own.stands_out)
    other = replace(found, answer="By a sum.")
    assert differing(own, other) == ("wording", "answer") and taken(own, other).model_answer == "By a sum."
