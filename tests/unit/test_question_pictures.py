"""Drawings that explain answers: legible on a phone, told in words, and never in the way of the answer."""

import io
from dataclasses import replace
from pathlib import Path

import discord
import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.command_line import app
from bot.domain.bank import Picture
from bot.storage.bank_files import check_pack, load_packs
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.fonts import ELLIPSIS
from bot.ui.charts.questions import DRAWINGS, attached
from bot.ui.charts.questions.sketch import Sketch
from bot.ui.charts.rendering import Pictures, render
from tests.drawn import assert_legible, boxes, height, texts, written
from tests.unit.packs import FINISHED_FOLDER, HEAD, LAYERED

PHONE, LEAST = 390, 13
"""How wide a phone shows a picture, and how large the smallest words are there."""
ANSWERS = [question for pack in load_packs() for question in pack.questions if question.picture]
MAY, MAY_NOT = discord.Permissions(attach_files=True), discord.Permissions.none()
DRAWN = replace(LAYERED, picture=Picture("convolution", "What the picture shows."))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_read_on_a_phone(name: str):
    svg = DRAWINGS[name]()
    assert svg == DRAWINGS[name](), "a drawing is always the same"
    assert_legible(svg)
    assert min(line.size for line in written(svg)) * PHONE / WIDTH >= LEAST
    assert not any(ELLIPSIS in text for text in texts(svg))
    for box in boxes(svg):
        assert box.x >= 0 and box.x + box.width <= WIDTH and box.y >= 0 and box.y + box.height <= height(svg), box
    assert 120 <= height(svg) <= WIDTH, "a picture is no taller than it is wide"
    png = render(svg)
    assert Image.open(io.BytesIO(png)).width == 2 * WIDTH and len(png) < 100_000


def test_what_has_no_room_or_no_letters_is_refused():
    sketch = Sketch("A title", 200)
    for text, room in (("a text that is too long for its box", 50), ("日本", 400)):
        with pytest.raises(ValueError, match="no room here, or no letters"):
            sketch.label(20, 100, text, room=room)


def test_questions_have_pictures_and_all_of_them_are_drawn():
    named = [question.picture.name for question in ANSWERS if question.picture]
    assert set(named) == set(DRAWINGS) and len(named) == len(set(named))


def test_the_check_names_what_is_wrong_with_a_picture(tmp_path: Path):
    text = (FINISHED_FOLDER / "t.yaml").read_text("utf-8")
    line = text[: text.index("  as_of:")].count("\n") + 1
    (tmp_path / "pack.yaml").write_text(HEAD, "utf-8")
    for picture, said in (
        (f"{{name: convolution, alt: {'what is shown ' * 5}}}", ""),
        (f"{{name: nothing, alt: {'what is shown ' * 5}}}", "there is no drawing “nothing”"),
        ("{name: convolution, alt: A kernel.}", "in 40 to 400 characters; this one has 9"),
        (f"{{name: convolution, alt: {'word ' * 100}}}", "in 40 to 400 characters; this one has 499"),
        (f"{{name: convolution, alt: '{'what is shown ' * 5} **bold**'}}", "“*” is markup"),
        (f"{{name: convolution, alt: {'the colour of cells ' * 3}}}", "“colour” is British"),
    ):
        (tmp_path / "t.yaml").write_text(text.replace("  as_of:", f"  picture: {picture}\n  as_of:"), "utf-8")
        _, problems = check_pack(tmp_path, DRAWINGS)
        assert len(problems) == bool(said) and all(said in problem.message for problem in problems)
        assert {problem.line for problem in problems} <= {line}, "it names the line of the picture"


def test_the_command_line_draws_them_and_tells_of_those_that_nobody_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.ui.charts.questions.DRAWINGS", {"gan": DRAWINGS["gan"]})
    drawn = CliRunner().invoke(app, ["bank", "pictures", str(tmp_path / "drawn")])
    assert drawn.exit_code == 0 and "drawn has them: gan." in drawn.stdout
    assert (tmp_path / "drawn" / "gan.png").read_bytes() == render(DRAWINGS["gan"]())
    monkeypatch.setattr("bot.storage.bank_files.packs_folder", lambda: FINISHED_FOLDER.parent)
    checked = CliRunner().invoke(app, ["bank", "check"])
    assert checked.exit_code == 1 and "gan: no question uses this drawing" in checked.stderr
    assert CliRunner().invoke(app, ["bank", "check", str(FINISHED_FOLDER.parent)]).exit_code == 0


async def test_an_answer_goes_without_a_picture_that_cannot_be_attached_or_drawn(monkeypatch: pytest.MonkeyPatch):
    pictures = Pictures(threads=1)
    (file,) = await attached(pictures, DRAWN, MAY)
    assert file.filename == "convolution.png" and file.fp.read().startswith(b"\x89PNG")
    unknown = replace(DRAWN, picture=Picture("nothing", "What the picture shows."))
    assert [await attached(pictures, q, MAY) for q in (LAYERED, unknown)] == [[], []]
    assert await attached(pictures, DRAWN, MAY_NOT) == []
    monkeypatch.setattr("bot.ui.charts.questions.DRAWINGS", {"convolution": lambda: "<svg"})
    assert await attached(pictures, DRAWN, MAY) == []
    pictures.close()
