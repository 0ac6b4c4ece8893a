"""The standard of a finished question: each rule by a question that breaks just it."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.bank import Distractor, FollowUp, Item, KeyPoint, Question
from bot.domain.standard import findings
from bot.storage.bank_files import load_pack, packs_folder

PACK = load_pack(packs_folder() / "genai")
FINISHED = PACK.questions[0]
ITEM = FINISHED.items[1]


def said_of(*questions: Question) -> str:
    return "\n".join(finding.message for finding in findings(replace(PACK, questions=questions)))


def with_item(**changes: object) -> Question:
    return replace(FINISHED, items=(FINISHED.items[0], replace(ITEM, **changes), FINISHED.items[2]))


def wrong(*texts: str) -> tuple[Distractor, ...]:
    return tuple(Distractor(text, "Because it is not.") for text in texts)


def test_the_shipped_bank_meets_it():
    assert findings(PACK) == []


def test_a_question_without_content_is_unfinished_and_passes():
    assert said_of(replace(FINISHED, answer=None, gist=None, key_points=(), items=())) == ""


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (replace(FINISHED, answer="Too short."), "the answer has 2 words"),
        (replace(FINISHED, answer="word " * 221), "the answer has 221 words"),
        (replace(FINISHED, answer="word " * 100 + "$x$"), "“$” is markup"),
        (replace(FINISHED, answer="word " * 100 + "KL(q || p)"), "“||” is markup"),
        (replace(FINISHED, gist=None), "has a gist"),
        (replace(FINISHED, gist="One. Two. Three."), "one or two sentences"),
        (replace(FINISHED, key_points=FINISHED.key_points[:2]), "key_points has 2 entries"),
        (replace(FINISHED, pitfalls=()), "pitfalls has 0 entries"),
        (replace(FINISHED, sources=()), "sources has 0 entries"),
        (replace(FINISHED, follow_ups=(FollowUp("Why?", "One sentence."),) * 2), "has two sentences"),
        (replace(FINISHED, key_points=(KeyPoint("too short", ("a",)),) * 3), "6 to 15 words"),
        (
            replace(FINISHED, key_points=(KeyPoint("a difference between machine and deep learning", ("a",)),) * 3),
            "two content words",
        ),
        (replace(FINISHED, key_points=(KeyPoint(FINISHED.key_points[1].text, ()),) * 3), "1 to 3 aliases"),
        (replace(FINISHED, items=FINISHED.items[:2]), "at least 3 items"),
        (replace(FINISHED, items=(FINISHED.items[0], ITEM, replace(ITEM, id="x"))), "different kinds"),
        (with_item(kind="trivia"), "the kind is one of"),
        (with_item(stem="Which of these is not a model?"), "“not” in a stem"),
        (with_item(stem="Which model doesn’t learn?"), "“n’t” in a stem"),
        (with_item(stem="long " * 60), "at most 240 characters"),
        (with_item(correct="x" * 111), "at most 110 characters"),
        (with_item(correct="all of the above"), "none may refer to another or"),
        (with_item(correct="B, since it is cheap"), "or to a letter"),
        (with_item(distractors=wrong("both A and C", "two", "three")), "none may refer to another or"),
        (with_item(distractors=wrong("a sum of logits", "the sum of the logits", "three")), "say the same"),
        (
            with_item(stem="What is softmax?", correct="the softmax", distractors=wrong("a", "b", "c")),
            "only in the right option: softmax",
        ),
        (with_item(explanation="The latest models do it."), "depends on the year"),
    ],
)
def test_each_rule_is_held(broken: Question, message: str):
    assert message in said_of(broken)
    assert message not in said_of(FINISHED)


def test_a_capital_negation_and_a_named_year_are_fine():
    fine = with_item(stem="Which of these is NOT fitted to data?", explanation="In 2020 the latest models did it.")
    assert said_of(fine) == ""


def shaped(number: int, right: str, *others: str) -> Question:
    """A finished question whose items all have these options."""
    items = tuple(
        Item(f"q-{number}-{kind}", kind, f"Stem {number} {kind}?", right, wrong(*others), "It is so.")
        for kind in ("definition", "reason", "case")
    )
    return replace(FINISHED, id=f"q-{number}", number=number, items=items)


@pytest.mark.parametrize(
    ("right", "name"), [("a very long option", "longest"), ("x", "shortest"), ("same", "longest")]
)
def test_length_must_not_give_the_right_option_away(right: str, name: str):
    others = ("sama", "samb", "samc") if right == "same" else ("middle", "medium", "medial")
    assert f"the right option is the {name} in 12 of 12" in said_of(*(shaped(n, right, *others) for n in range(4)))


def test_items_of_two_questions_that_ask_the_same_are_found():
    twin = replace(FINISHED, id="twin-001", items=tuple(replace(i, id=i.id + "x") for i in FINISHED.items))
    assert "asks the same as genai-001-a" in said_of(FINISHED, twin)


def test_check_names_file_and_line(tmp_path: Path):
    source = (packs_folder() / "genai" / "01-ai-ml-dl-fundamentals.yaml").read_text("utf-8")
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "pack.yaml").write_text(
        "id: p\ntitle: P\nmodules: [{number: 1, title: O}]\n"
        'topics: [{number: 1, title: "AI, ML, DL Fundamentals", module: 1, file: t.yaml}]\n'
    )
    lines = source.splitlines()
    at = next(number for number, line in enumerate(lines) if "stem:" in line)
    lines[at] = "      stem: Which of these is not learned?"
    (folder / "t.yaml").write_text("\n".join(lines))
    result = CliRunner().invoke(app, ["bank", "check", str(tmp_path)])
    assert result.exit_code == 1 and f"t.yaml:{at + 1}: genai-001: “not” in a stem" in result.stderr
