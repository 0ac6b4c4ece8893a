"""Files that are broken or meant to do harm: each ends in questions, in told lines, or in one sentence."""

import contextlib
import json
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.command_line import app
from bot.domain.bank_imports import SKIPPED, Found, ReadFile
from bot.domain.bank_limits import ANSWER_CHARS, PROMPT_CHARS, controls
from bot.domain.errors import Refusal
from bot.services.bank_imports import find_questions
from bot.services.bank_reader import FileToRead, read_file
from bot.ui.bank_imports import why_skipped
from bot.ui.bank_terminal import found_json, found_lines
from bot.ui.refusals import explain

BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
LONG = 12_000
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "too large": ("a.md", b"1. What is X?\n" * 400_000, "up to 5 MB"),
    "empty": ("a.md", b" \n\r\n", "empty"),
    "nothing but marks": ("a.csv", b"\xef\xbb\xbf", "empty"),
    "a zip in disguise": ("a.csv", b"PK\x03\x04" + bytes(range(256)), "text file"),
    "bytes": ("a.md", bytes(range(256)) * 40, "Save it as"),
    "a document": ("a.docx", b"hello", ".docx"),
    "half a JSON": ("a.json", b'{"questions": [\n{"question": "What?"', "Line 2 isn't valid JSON"),
    "a deep JSON": ("a.json", b"[" * 200_000, "too deep"),
    "a deep JSON that ends": ("a.json", b"[" * 900 + b'"What?"' + b"]" * 900, "too deep"),
    "a number without end": ("a.json", b"[" + b"9" * 100_000 + b"]", "thousands of digits"),
    "aliases": ("a.yaml", b"a: &x What?\nb: *x\n", "Line 2: “\\*x” refers"),
    "a bomb": ("a.yaml", BOMB.encode(), "refers to another place"),
    "a deep YAML": ("a.yaml", b"[" * 200_000, "Line 1 is nested"),
    "dashes": ("a.yaml", b"- " * 200_000, "Line 1 is nested"),
    "a key twice": ("a.yaml", b"- prompt: What?\n  answer: A\n  prompt: Why?\n", "Line 3: the key “prompt”"),
    "objects": ("a.yaml", b"- !!python/object/apply:os.system [ls]\n", "Line 1 isn't valid YAML"),
    "a broken YAML": ("a.yaml", b"- prompt: 'What?\n", "isn't valid YAML"),
    "a day that does not exist": ("a.yaml", b"- 2024-13-45\n", "isn't valid YAML"),
}
HARMLESS = {
    "brackets": "[" * 300_000,
    "stars": "*a " * 100_000,
    "ticks": "`" * 300_000,
    "growing ticks": "".join("`" * (n % 50) + "a" for n in range(10_000)),
    "quotes in quotes": ">" * 300_000,
    "lists in lists": "- " * 150_000,
    "indented lists": "".join(f"{'  ' * n}- a\n" for n in range(500)),
    "tags": "<details>" * 30_000,
    "tags on lines": "<details>\n" * 30_000,
    "summaries": "<details><summary>What?</summary>\n" * 9_000,
    "open tags": "<b>" * 100_000,
    "half tags": "<summary " * 30_000,
    "comments": "<!--" * 70_000,
    "references": "[a]: b\n" * 40_000,
    "headings": "# What?\n" * 30_000,
    "pipes": "|" * 300_000,
    "a table": "|a|b|\n|-|-|\n" + "|What?|x|\n" * 30_000,
    "labels": "Q: A: " * 50_000,
    "labelled lines": "Q: What?\nA: That.\n" * 15_000,
    "numbers": "1." * 150_000,
    "emphasis": "**What?** " * 30_000,
    "one line": "What? " * 50_000,
    "fences": "```\n" * 75_000,
    "front matter": "---\n" + "a: b\n" * 60_000,
    "commas": "," * 300_000,
    "quotation marks": '"' * 300_001,
    "an open quotation mark": 'question,answer\n"What?,x\n' + "Why?,y\n" * 30_000,
    "broken quotation marks": 'a"b"c,"d"e\n' * 20_000,
    "an empty table": "question,answer\n" + ",\n" * 100_000,
}


def read(text: str | bytes, name: str) -> Found:
    """What is found in a file, or nothing in one that is refused: with a sentence, too."""
    try:
        return find_questions(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), name)
    except Refusal as refusal:
        assert explain(refusal)
        return Found()


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_gets_one_sentence(case: str):
    name, data, said = REFUSED[case]
    with pytest.raises(Refusal) as error:
        find_questions(data, name)
    assert said in explain(error.value) and len(explain(error.value)) < 300


@pytest.mark.parametrize("ending", ["md", "csv"])
@pytest.mark.parametrize("case", HARMLESS)
def test_strange_files_end_in_what_can_be_shown(case: str, ending: str):
    found = read(HARMLESS[case][:LONG], f"a.{ending}")
    assert json.dumps(found_json(found)).isascii() and len(found.skipped) <= SKIPPED + 1


def test_time_grows_with_a_file_and_not_with_its_square():
    """Four times the file takes about four times as long, not sixteen times."""
    for case in ("ticks", "fences", "headings", "brackets"):
        short = min(spent(HARMLESS[case][:10_000]) for _ in range(3))
        assert any(spent(HARMLESS[case][:40_000]) < 10 * short + 0.05 for _ in range(3)), case


def spent(text: str) -> float:
    """The processor time that reading takes, in seconds."""
    begun = time.process_time()
    read(text, "a.md")
    return time.process_time() - begun


SIGNS = st.sampled_from(
    [
        *"#*-_`>|[]()<>!?:.=+@\"'\\&\n\n\n \t,;{}1234567890abcQA\0\x07\x85\u2028\u202e\ufeff\ud800é中👍🏿",
        *(
            "\n- ",
            "\n1. ",
            "\n## ",
            "\n\n",
            "**",
            "Q: ",
            "A: ",
            "Answer: B",
            "- [x] ",
            "- [ ] ",
            "A) ",
            "B) ",
            "```",
        ),
        *(
            "<details>",
            "</details>",
            "<summary>",
            "</summary>",
            "<br>",
            "<b>",
            "</b>",
            "What is X?",
            "question,answer",
        ),
        *('"question": ', '"options": ', "| Question | Answer |\n|-|-|\n", "---\n", "![a](b)", "[a](#a)", "=cmd|"),
    ]
)
FILES = st.lists(SIGNS, max_size=60).map("".join)


@given(FILES, st.sampled_from(["md", "txt", "csv", "tsv", "json", "jsonl", "yaml"]))
def test_whatever_a_file_holds_what_is_found_can_be_shown(text: str, ending: str):
    found = read(text, f"a.{ending}")
    for question in found.questions:
        assert question.prompt.strip() == question.prompt and len(question.prompt) <= PROMPT_CHARS
        assert question.answer is None or 0 < len(question.answer) <= ANSWER_CHARS
        assert 1 <= question.line <= text.count("\n") + text.count("\r") + text.count("\x85") + 3
        for item in question.items:
            assert 0 <= item.correct < len(item.options)
    for skipped in found.skipped:
        assert why_skipped(skipped) and skipped.line >= 1
    shown = json.dumps(found_json(found), ensure_ascii=False)
    assert controls(shown) is None
    assert found_lines(found)


@given(FILES, st.sampled_from(["md", "csv", "json", "yaml"]))
def test_whatever_is_read_apart_comes_back_whole(text: str, ending: str):
    with contextlib.suppress(Refusal):
        found = read_file(FileToRead(text.encode("utf-8", "surrogatepass"), f"a.{ending}", {}, {}))
        assert msgspec.json.decode(msgspec.json.encode(found), type=ReadFile) == found


def test_signs_that_no_text_can_have_are_left_out_wherever_they_stand():
    """Half a sign, in every place of our own format that nobody sees."""
    item = {"id": "a", "kind": "case\ud800", "stem": "Which?", "correct": "A", "distractors": [{"text": "B"}]}
    source = {"title": "S", "url": "https://a.example/\ud800"}
    picture = {"name": "\ud800", "alt": "A curve."}
    entry = {"id": "p-001", "number": 1, "topic": "T", "difficulty": "easy", "prompt": "What?", "items": [item]}
    for odd in ({"sources": [source]}, {"as_of": {"year": 2026, "source": "\udfff"}}, {"picture": picture}, {}):
        data = json.dumps({"questions": [{**entry, **odd}]}).encode()
        assert b"What?" in msgspec.json.encode(read_file(FileToRead(data, "a.json", {}, {})))


@given(st.binary(max_size=300), st.sampled_from(["md", "csv", "json", "yaml"]))
def test_bytes_of_any_kind_do_no_harm(data: bytes, ending: str):
    json.dumps(found_json(read(data, f"a.{ending}"))).encode()


def test_what_no_card_can_carry_is_told_with_its_line():
    long = "What is " + "very " * 1200 + "long?"
    found = read(f"## T\n1. {long}\n2. What is short?\n\n### What has a long answer?\n" + "word " * 3000, "a.md")
    assert [question.prompt for question in found.questions] == ["What is short?", "What has a long answer?"]
    told = {skipped.line: why_skipped(skipped) for skipped in found.skipped}
    assert "6,013 characters" in told[2] and "cut it" in told[5]
    assert len(found.questions[1].answer or "") <= ANSWER_CHARS


def test_a_cut_answer_closes_its_code():
    found = read("## What is long?\n```\n" + "code\n" * 2000 + "```\n", "a.md")
    assert (found.questions[0].answer or "").count("```") == 2


def test_a_list_that_repeats_itself_is_taken_once():
    found = read("## T\n1. What is X?\n2. What is Y?\n3. what is  x\n", "a.md")
    assert [question.number for question in found.questions] == [1, 2]
    assert why_skipped(found.skipped[0]) == "the same question is on line 2; I took it once"


def test_the_command_line_tells_what_is_in_a_file(tmp_path: Path):
    file = tmp_path / "list.md"
    file.write_text("## Git\n1. What is a tag?\n\nLoose words.\n", "utf-8")
    plain = CliRunner().invoke(app, ["bank", "import", str(file), "--dry-run"])
    assert (
        plain.exit_code == 0 and "1 question in 1 topic" in plain.stdout and "Nothing is stored" not in plain.stderr
    )
    shaped = CliRunner().invoke(app, ["bank", "import", str(file), "--format", "json"])
    assert json.loads(shaped.stdout)["questions"][0] == {
        "prompt": "What is a tag?",
        "answer": "Loose words.",
        "topic": "Git",
        "number": 1,
        "items": [],
    }
    assert "Nothing is stored" in shaped.stderr
    missing = CliRunner().invoke(app, ["bank", "import", str(tmp_path / "no.md")])
    assert missing.exit_code == 1 and "can't read" in missing.stderr and "Traceback" not in missing.output
