"""The standard of a finished question: each rule by a question that breaks just it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.command_line import app
from bot.domain.bank import AsOf, Difficulty, Distractor, FollowUp, Item, KeyPoint, Question
from bot.domain.standard import findings
from tests.unit.packs import FINISHED_FOLDER, LAYERED, PACK, PLAIN, pack_folder

ITEM = LAYERED.items[1]
SHOW = LAYERED.show or ""


def said_of(*questions: Question) -> str:
    return "\n".join(finding.message for finding in findings(replace(PACK, questions=questions)))


def with_item(**changes: object) -> Question:
    return replace(LAYERED, items=(LAYERED.items[0], replace(ITEM, **changes), LAYERED.items[2]))


def wrong(*texts: str) -> tuple[Distractor, ...]:
    return tuple(Distractor(text, "Because it is not.") for text in texts)


def test_a_question_without_content_is_unfinished_and_passes():
    assert said_of(replace(PLAIN, answer=None, gist=None, key_points=(), items=())) == ""


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (replace(PLAIN, answer="Too short."), "the answer has 2 words"),
        (replace(PLAIN, answer="word " * 221), "the answer has 221 words"),
        (replace(PLAIN, answer="word " * 100 + "$x$"), "“$” is markup"),
        (replace(PLAIN, answer="word " * 100 + "KL(q || p)"), "“||” is markup"),
        (replace(PLAIN, gist=None), "has a gist"),
        (replace(PLAIN, gist="One. Two. Three."), "one or two sentences"),
        (replace(PLAIN, sources=LAYERED.sources * 2), "sources has 4 entries; write 1 to 3"),
    ],
)
def test_an_answer_in_short_and_in_full_has_its_rules(broken: Question, message: str):
    assert message in said_of(broken)
    assert said_of(PLAIN) == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gist": "In short."}, "take the place of gist and answer"),
        ({"shown": None}, "as people read it: shown"),
        ({"show": None}, "a finished question has show"),
        ({"stands_out": None}, "a finished question has stands_out"),
        ({"say": None}, "a finished question has say"),
        ({"say": "word " * 59}, "say has 59 words"),
        ({"say": "word " * 121}, "say has 121 words"),
        ({"say": "word " * 70 + "W = 2"}, "“=” cannot be said"),
        ({"say": "word " * 70 + "θ"}, "“θ” cannot be said"),
        ({"say": "word " * 70 + "so: one; two; three"}, "at most 2 colons and semicolons"),
        ({"stands_out": "One. Two. Three."}, "stands_out is one or two sentences"),
        ({"show": "**Mechanism.** " + "word " * 90}, "for easy write at most 170"),
        ({"difficulty": Difficulty.HARD, "show": "**Mechanism.** " + "word " * 170}, "for hard write at most 260"),
        ({"show": SHOW + "\n\nNo lead."}, "begins with a bold lead"),
        ({"show": SHOW + "\n\n**Lead.** W_{l+1} is here."}, "formulas stand on lines of their own"),
        ({"show": SHOW + "\n\n**Lead.** x\n```\n" + "y\n" * 7 + "```\n"}, "at most 6 lines; this one has 7"),
        ({"show": SHOW + "\n\n**Lead.** x\n```\n" + "y" * 73 + "\n```\n"}, "a line of code has at most 72"),
        ({"show": SHOW + "\n\n**Lead.** ```y```"}, "on lines of their own"),
        ({"as_of": AsOf(2026, "https://elsewhere.org")}, "the source of as_of is one of the sources"),
        ({"as_of": None, "stands_out": "The latest models do it."}, "depends on the year"),
        ({"stands_out": "The behaviour changes."}, "“behaviour” is British"),
        ({"show": SHOW + "\n\n**Lead.** An optimiser."}, "“optimiser” is British"),
        ({"key_points": tuple(replace(point, must=True) for point in LAYERED.key_points)}, "at most 2 key points"),
        ({"key_points": LAYERED.key_points[::-1]}, "must stand first"),
        ({"sources": LAYERED.sources * 3}, "sources has 6 entries; write 1 to 5"),
        ({"items": (*LAYERED.items[:2], replace(LAYERED.items[2], difficulty=None))}, "a difficulty of its own"),
        ({"items": (*LAYERED.items[:1], replace(ITEM, sums=False), LAYERED.items[2])}, "sums: true"),
    ],
)
def test_an_answer_in_layers_has_its_rules(changes: dict[str, Any], message: str):
    assert message in said_of(replace(LAYERED, **changes))
    assert said_of(LAYERED) == ""


@pytest.mark.parametrize("word", ["analyses", "parallel", "hypothesis", "emphasis", "labels", "hour", "contour"])
def test_american_words_are_not_taken_for_british(word: str):
    assert said_of(replace(LAYERED, stands_out=f"Here is the {word} of 2020.")) == ""


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (replace(LAYERED, key_points=LAYERED.key_points[:2]), "key_points has 2 entries"),
        (replace(LAYERED, pitfalls=()), "pitfalls has 0 entries"),
        (replace(LAYERED, sources=()), "sources has 0 entries"),
        (replace(LAYERED, follow_ups=(FollowUp("Why?", "One sentence."),) * 2), "has two sentences"),
        (replace(LAYERED, key_points=(KeyPoint("too short", ("a",)),) * 3), "6 to 15 words"),
        (
            replace(LAYERED, key_points=(KeyPoint("the dropout does what a dropout does", ("a",)),) * 3),
            "two content words",
        ),
        (replace(LAYERED, key_points=(KeyPoint(LAYERED.key_points[1].text, ()),) * 3), "1 to 3 aliases"),
        (replace(LAYERED, items=LAYERED.items[:2]), "at least 3 items"),
        (replace(LAYERED, items=(LAYERED.items[0], ITEM, replace(ITEM, id="x"))), "different kinds"),
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
    assert message not in said_of(LAYERED)


def test_a_capital_negation_and_a_named_year_are_fine():
    fine = with_item(stem="Which of these is NOT fitted to data?", explanation="In 2020 the latest models did it.")
    assert said_of(fine) == ""


def shaped(number: int, right: str, *others: str) -> Question:
    """A finished question whose items all have these options."""
    items = tuple(
        Item(f"q-{number}-{kind}", kind, f"Stem {number} {kind}?", right, wrong(*others), "It is so.")
        for kind in ("definition", "reason", "case")
    )
    return replace(PLAIN, id=f"q-{number}", number=number, items=items)


@pytest.mark.parametrize(
    ("right", "name"), [("a very long option", "longest"), ("x", "shortest"), ("same", "longest")]
)
def test_length_must_not_give_the_right_option_away(right: str, name: str):
    others = ("sama", "samb", "samc") if right == "same" else ("middle", "medium", "medial")
    assert f"the right option is the {name} in 12 of 12" in said_of(*(shaped(n, right, *others) for n in range(4)))


def test_items_of_two_questions_that_ask_the_same_are_found():
    twin = replace(LAYERED, id="twin-001", items=tuple(replace(i, id=i.id + "x") for i in LAYERED.items))
    assert "asks the same as p-001-a" in said_of(LAYERED, twin)


def test_check_names_file_and_line(tmp_path: Path):
    lines = (FINISHED_FOLDER / "t.yaml").read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "stem:" in line)
    lines[at] = "      stem: Which of these is not learned?"
    folder = pack_folder(tmp_path, "\n".join(lines))
    result = CliRunner().invoke(app, ["bank", "check", str(folder)])
    assert result.exit_code == 1 and f"t.yaml:{at + 1}: p-001: “not” in a stem" in result.stderr
