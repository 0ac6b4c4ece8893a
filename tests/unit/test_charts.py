"""The drawing kit: what the fonts can write and how wide it is, and how pictures become files."""

import asyncio
import io
import struct
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.ui.charts.canvas import CORNER, DOTS, SCALE, WIDTH, Canvas
from bot.ui.charts.fonts import ELLIPSIS, face, fitting, font_files, writable
from bot.ui.charts.palette import ACCENT, CARD, DEEP, INK
from bot.ui.charts.rendering import KEPT, Pictures, render, render_holding_lock
from tests.drawn import boxes, parsed, texts, written


def picture(text: str, *, bold: bool = False) -> str:
    """A canvas with one line of text."""
    canvas = Canvas(40)
    canvas.text(10, 20, text, size=20, bold=bold)
    return canvas.svg()


def ink(svg: str, high: float = 40) -> tuple[int, int, int, int] | None:
    """What of the rendered picture is not the card, as left, upper, right and lower dot."""
    return ImageChops.difference(*(_opaque(one) for one in (svg, Canvas(high).svg()))).getbbox()


def _opaque(svg: str) -> Image.Image:
    image = Image.open(io.BytesIO(render(svg)))
    card = Image.new("RGBA", image.size, CARD)
    card.alpha_composite(image)
    return card.convert("RGB")


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", ["WWWWWW", "iiiiii", "Дмитрий Ω", "0123456789%", "สวัสดี", "नमस्ते"])
def test_text_is_as_wide_as_it_was_measured_and_never_wider(text: str, bold: bool):
    drawn = ink(picture(text, bold=bold))
    assert drawn is not None
    measured = face(bold=bold).width(text, 20) * SCALE
    assert 0.75 * measured < drawn[2] - drawn[0] <= measured + 2  # the dots at both ends are gray


def test_the_middle_of_capital_letters_stands_where_it_was_asked_for():
    drawn = ink(picture("HHH"))
    assert drawn is not None
    assert abs((drawn[1] + drawn[3]) / 2 - 20 * SCALE) <= 1
    assert abs(drawn[0] - 10 * SCALE) <= 4


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Anna", "Anna"),
        ("  Zoë \n 日本 ", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("مرحبا", "مرحبا"),
        ("שלום", "שלום"),
        ("日本語", ""),
        ("👨\u200d👩\u200d👧", ""),
        ("a\u202eb\x00c\ud800", "abc"),
        ("q" + "\u0300" * 20, "q" + "\u0300" * 3),
    ],
)
def test_the_fonts_write_what_they_have_on_one_line(text: str, left: str):
    assert writable(text) == left


def test_what_does_not_fit_ends_with_an_ellipsis():
    name, room = "Maximilian von Hohenzollern", 100
    kept = fitting(name, 14, room)
    assert kept.endswith(ELLIPSIS) and name.startswith(kept[:-1]) and len(kept) > 10
    assert face().width(kept, 14) <= room < face().width(kept, 14) + 14
    assert fitting("Anna", 14, room) == "Anna"
    assert fitting("Anna", 14, 5) == ""
    canvas = Canvas(40)
    canvas.text(10, 20, "مرحبا بالعالم", room=50)
    assert texts(canvas.svg()) == ["مرحبا…\u200f"]  # the mark takes the ellipsis to the left of the word


@given(st.text(max_size=60), st.floats(0, 200), st.booleans())
def test_nothing_is_wider_than_its_room_and_everything_is_xml(text: str, room: float, bold: bool):
    canvas = Canvas(40)
    canvas.text(0, 20, text, room=room, bold=bold)
    (line,) = written(canvas.svg())
    assert line.right - line.left <= room + 0.001


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_whatever_people_call_themselves_is_rendered(text: str):
    assert render(picture(text)).startswith(b"\x89PNG")


def test_words_that_look_like_markup_are_words():
    svg = picture('<b> & "$x^{2$" \\alpha')
    assert texts(svg) == ['<b> & "$x^{2$" \\alpha']
    assert ink(svg) is not None


def test_a_tall_picture_has_fewer_dots_a_unit():
    for units in (100, 500, 2000):
        width, high = struct.unpack(">II", render(Canvas(units).svg())[16:24])
        assert width <= WIDTH * SCALE and width * high <= DOTS * 1.01
        assert abs(high / width - units / WIDTH) < 0.01


def test_a_bar_fills_its_shares_of_the_track_and_a_first_step_is_a_dot():
    canvas = Canvas(40)
    canvas.bar(10, 10, 200, 8, (0.5, DEEP), (0.25, ACCENT))
    canvas.bar(10, 30, 200, 8, (0.001, ACCENT), (0, DEEP))
    track, answered, proven, _, dot = boxes(canvas.svg())
    assert (track.width, answered.width, proven.width, dot.width) == (200, 100, 50, 8)
    assert {track.x, answered.x, proven.x} == {10} and len({track.fill, answered.fill, proven.fill}) == 3


def test_a_card_is_round_and_clear_outside_its_corners():
    image = Image.open(io.BytesIO(render(Canvas(40).svg())))
    assert image.mode == "RGBA" and image.getpixel((0, 0)) == (0, 0, 0, 0)
    assert image.getpixel((CORNER * SCALE, CORNER * SCALE)) == (*bytes.fromhex(CARD[1:]), 255)


def test_a_portrait_fills_its_circle_and_nothing_beside_it():
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 50, 50)).save(file, "PNG")
    canvas = Canvas(40)
    canvas.portrait(100, 20, 15, file.getvalue())
    image = Image.open(io.BytesIO(render(canvas.svg()))).convert("RGB")
    card = tuple(bytes.fromhex(CARD[1:]))
    assert image.getpixel((100 * SCALE, 20 * SCALE)) == (200, 50, 50)
    assert image.getpixel((100 * SCALE - 28, 20 * SCALE - 28)) == card == image.getpixel((130 * SCALE, 20 * SCALE))


def test_a_hatched_box_keeps_its_lines_inside_and_differs_from_a_plain_one():
    canvas = Canvas(60)
    canvas.hatched(20, 10, 30, 40, "#F3C77A", INK)
    drawn = ink(canvas.svg(), 60)
    assert drawn is not None
    assert all(abs(at - SCALE * edge) <= 2 for at, edge in zip(drawn, (20, 10, 50, 50), strict=True))
    plain = Canvas(60)
    plain.box(20, 10, 30, 40, "#F3C77A", edge=INK)
    assert render(plain.svg()) != render(canvas.svg())


async def test_a_picture_becomes_a_file():
    pictures = Pictures()
    file = await pictures.file("one.png", partial(picture, bold=True), "Anna")
    assert file.filename == "one.png" and file.fp.read() == render(picture("Anna", bold=True))
    pictures.close()


async def test_one_picture_is_rendered_once_for_all_who_ask():
    pictures = Pictures()
    svg = picture("Anna")
    first, second, other = await asyncio.gather(pictures.png(svg), pictures.png(svg), pictures.png(picture("Ben")))
    assert first is second and first != other and await pictures.png(svg) is first
    pictures.close()


async def test_who_stops_waiting_leaves_the_others_their_picture():
    pictures = Pictures(threads=1)
    svg = picture("Anna")
    impatient, patient = asyncio.ensure_future(pictures.png(svg)), asyncio.ensure_future(pictures.png(svg))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).startswith(b"\x89PNG") and impatient.cancelled()
    pictures.close()


async def test_a_picture_that_failed_is_tried_again():
    pictures = Pictures()
    for _ in range(2):
        with pytest.raises((RuntimeError, ValueError)):
            await pictures.png("<svg")
    pictures.close()


async def test_only_the_newest_pictures_are_kept():
    pictures = Pictures()
    first = await pictures.png(picture("Anna"))
    for number in range(KEPT):
        await pictures.png(picture(str(number)))
    assert await pictures.png(picture("Anna")) is not first
    pictures.close()


def test_fonts_that_were_tidied_away_are_written_again():
    before = render(picture("Anna"))
    for file in font_files():
        Path(file).unlink()
    assert render(picture("Anna")) == before != render(picture(""))


def test_both_renderers_draw_the_same():
    svg = picture("Anna & Дмитрий")
    assert (
        ImageChops.difference(
            *(Image.open(io.BytesIO(draw(svg))) for draw in (render, render_holding_lock))
        ).getbbox()
        is None
    )
    assert parsed(svg).attrib["font-family"] == "FiraGO"
