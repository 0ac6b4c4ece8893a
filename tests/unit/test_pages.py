"""Messages stay within Discord's limits whatever people write."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import AnswerRules
from bot.domain.reviews import Card, comes_again
from bot.domain.text import split_message
from bot.services.drills import unposted
from bot.services.reviews import CardAnswer
from bot.storage.bank_files import shipped_pack
from bot.ui.bank import full_pages, question_pages
from bot.ui.drills import carried_pages, model_page, reveal_pages, short_notice
from bot.ui.kit.layouts import COMPONENT_LIMIT, TEXT_LIMIT, Button, Page, custom_ids, page_text, upright
from bot.ui.kit.words import quoted
from bot.ui.reviews import answer_page
from bot.ui.teams import points
from bot.ui.track_schedules import TypedSchedule
from bot.ui.track_settings import panel_page
from bot.ui.tracks import setup_again_page
from tests.builders import track
from tests.unit.packs import LAYERED, PLAIN

LINK = "https://discord.com/channels/" + "/".join(["1456074443980800013"] * 3)
PACK = shipped_pack("genai")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TRACK = track()


@given(st.text(max_size=32), st.text(alphabet=st.sampled_from("ab \n*_`@<>"), max_size=9000))
def test_an_answer_is_carried_whole_in_messages_that_fit(name: str, text: str):
    found = carried_pages(name, text, LINK, has_file=False)
    assert all(page.content_length() <= TEXT_LIMIT for page in found)
    carried = "".join(page_text(page.children) for page in found)
    for character in "ab*_`@<>":
        assert carried.count(character) >= text.count(character)


# Discord's rule for italics with underscores, as its clients have it.
ITALICS = re.compile(r"_((?:__|\\.|[^\\_])+?)_(?![A-Za-z0-9_])", re.DOTALL)


NO_PROSE = re.compile(r"```.*?```|`[^`]*`|<[^>\s]*>", re.DOTALL)
FORMULAS = ("h_t = tanh(W h_{t-1} + U x_t)", "q(x_t | x_{t-1}) and x_0", "W_i h_{j} + b_i")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_formula_turns_into_italics(formula: str):
    assert ITALICS.search(formula) and not ITALICS.search(upright(formula))
    assert upright(formula).replace("\\_", "_") == formula


def test_no_formula_of_the_bank_turns_into_italics():
    for question in PACK.questions:
        for page in (*question_pages(question), *full_pages(question)):
            assert not ITALICS.search(NO_PROSE.sub("", page_text(page.children)))
        assert upright(question.model_answer or "").replace("\\_", "_") == question.model_answer


@pytest.mark.parametrize(
    "text",
    [
        "_so_ it is",
        "`a_b c_`",
        "[here](https://a.b/c_d_(e))",
        "https://a.b/c_d/_",
        "<https://a.b/x_y_(z)>",
        "snake_case",
    ],
)
def test_italics_code_and_addresses_stay_as_they_are(text: str):
    assert upright(text) == text and upright(upright("W_l h_{l-1}")) == upright("W_l h_{l-1}") == "W_l h\\_{l-1}"


@given(st.integers(3500, 4001))
def test_a_text_without_any_break_is_cut_hard(length: int):
    found = carried_pages("*" * 32, "x" * length, LINK, has_file=False)
    assert sum(page_text(page.children).count("x") for page in found) == length


@given(st.text(max_size=100))
def test_names_have_no_working_markup_left(name: str):
    shown = quoted(name)
    assert "\n" not in shown and "@everyone" not in shown and "@here" not in shown


def test_every_question_of_the_bank_fits():
    for question in PACK.questions:
        drill = unposted(TRACK, NOW.date(), question.id, NOW)
        asked = CardAnswer(Card(question.id, None, NOW, 0), question, comes_again(None, NOW, "UTC"), NOW, "UTC")
        turned = [answer_page(asked, at) for at in range(3)]
        short = [*reveal_pages(question, drill), *question_pages(question), *model_page(question)]
        for page in (*short, *full_pages(question), *turned):
            assert page.content_length() <= TEXT_LIMIT
        assert len(short) == 3, "what fits one look fits one message"


def shown(pages: list[Page]) -> str:
    return "\n".join(page_text(page.children) for page in pages)


def test_a_reveal_has_what_one_says_and_the_rest_is_a_button_away():
    drill = unposted(TRACK, NOW.date(), LAYERED.id, NOW)
    (page,) = reveal_pages(LAYERED, drill, "Vote for the best answer.")
    said = page_text(page.children)
    assert "What does dropout do?" in said and LAYERED.prompt not in said
    assert f"**Model answer** · as of 2024\n{LAYERED.say}" in said
    must, bonus, _ = LAYERED.key_points
    assert f"**Key points** · bold ones are a must\n- **{must.text}**\n- {bonus.text}\n" in said
    assert said.endswith("Vote for the best answer.") and "Mechanism" not in said and "Sources" not in said
    labels = [button.label for button in page.walk_children() if isinstance(button, Button)]
    assert labels == ["Tick your key points", "Full answer", "Report a mistake"]


def test_the_full_answer_is_shown_as_it_is_written():
    said = shown(full_pages(LAYERED))
    assert (LAYERED.show or "").strip() in said and f"**What stands out**\n{LAYERED.stands_out}" in said
    assert "```\ny = m · x / p,   m ~ Bernoulli(p)\n```" in said
    assert all(part in said for part in ("**Pitfalls**", "**What an interviewer asks next**", "**Sources**"))
    assert str(LAYERED.say) not in said


def test_an_answer_in_short_and_in_full_has_the_same_two_looks():
    assert f"**Model answer**\n{PLAIN.gist}" in shown(question_pages(PLAIN))
    assert (PLAIN.answer or "").strip() in shown(full_pages(PLAIN))
    one_text = replace(PLAIN, gist=None)
    assert (PLAIN.answer or "").strip() in shown(question_pages(one_text)) and one_text.written is None


def test_a_question_without_content_has_nothing_more_to_show():
    bare = replace(PLAIN, gist=None, answer=None, key_points=(), pitfalls=(), follow_ups=(), sources=(), items=())
    (page,) = question_pages(bare)
    assert "no model answer" in page_text(page.children)
    assert [button.label for button in page.walk_children() if isinstance(button, Button)] == ["Report a mistake"]
    assert "no model answer" in shown(full_pages(bare))


def test_a_small_distance_between_large_teams_is_not_said_to_be_nothing():
    assert points(1 / 25) == "less than 0.1 points"
    assert [points(0), points(1 / 15), points(1), points(40 / 3)] == [
        *("0 points", "0.1 points", "1 point", "13.3 points")
    ]


CODE = "\n".join(f"    if x > {number}:  # a line of the code\n        return {number}" for number in range(60))


@given(before=st.text(max_size=80), language=st.sampled_from(["", "python", "c++"]), limit=st.integers(300, 900))
def test_code_longer_than_a_message_goes_on_as_code_with_its_indentation(before: str, language: str, limit: int):
    text = f"{before.replace('`', '')}\n```{language}\n{CODE}\n```\nAnd that was all"
    pieces = split_message(text, limit)
    assert all(len(piece) <= limit and piece.count("```") % 2 == 0 for piece in pieces)
    lines = [line for piece in pieces for line in piece.splitlines() if line.startswith(" ") and "x >" in line]
    assert lines == [line for line in CODE.splitlines() if "x >" in line]
    assert sum(piece.startswith(f"```{language}\n") for piece in pieces) >= len(pieces) - 3


def test_underlines_and_leading_spaces_of_peoples_words_survive():
    said = "  indented\n  too, with __an underline__ and _italics_ and x_t = f(x_{t-1})_"
    (page,) = carried_pages("Anna", said, None, has_file=False)
    shown = page_text(page.children)
    assert "  indented\n  too" in shown and "__an underline__" in shown and "_italics_" in shown


def test_whoever_forwards_a_message_is_not_told_to_edit_it():
    rules = AnswerRules(8, 60)
    assert "Edit" not in page_text(short_notice("Anna", "", rules, editable=False).children)
    assert "Edit" in page_text(short_notice("Anna", "It", rules).children)
    assert not rules.enough(["https://tenor.com/view/a-gif-of-one-who-nods-and-nods-12345"], has_file=False)


def test_the_fullest_panel_fits_one_message():
    titles = tuple(f"Topic number {number} with a rather long title" for number in range(60))
    full = track(topics=titles, packs=tuple(f"pack-{number}" for number in range(40)), ping_role_id=2**62)
    names = {number: "x" * 100 for number in range(1, 60)}
    long = "⚠️ " + "x" * 700
    page = panel_page(full, NOW, roles=long, warnings=[long] * 4, names=names, notice="y" * 3000)
    assert page.content_length() <= TEXT_LIMIT and page.total_children_count <= COMPONENT_LIMIT
    assert "https" not in page_text(page.children) and "Topic number 0" in page_text(page.children)


@given(st.text(max_size=40), st.text(max_size=12), st.sets(st.integers(0, 6)))
def test_what_was_typed_is_kept_in_a_button(zone: str, time: str, days: set[int]):
    typed = TypedSchedule(zone.strip(), time.strip(), frozenset(days))
    (custom_id,) = custom_ids(setup_again_page("Why", 2**63 - 1, typed).children)
    kept = TypedSchedule.parse(custom_id.split(":")[4:])
    assert kept.days == days and typed.time.startswith(kept.time) and typed.zone.startswith(kept.zone)
    if not set(zone + time) & set(":%"):
        assert (kept.zone, kept.time) == (typed.zone[:39], typed.time[:11])
