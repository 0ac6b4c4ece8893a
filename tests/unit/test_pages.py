"""Messages stay within Discord's limits whatever people write."""

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.packs import load_pack, packs_folder
from bot.ui.cards import carried_pages, question_pages, reveal_pages
from bot.ui.layouts import TEXT_LIMIT, page_text, safe

LINK = "https://discord.com/channels/" + "/".join(["1456074443980800013"] * 3)
PACK = load_pack(packs_folder() / "genai")


@given(st.text(max_size=32), st.text(alphabet=st.sampled_from("ab \n*_`@<>"), max_size=9000))
def test_an_answer_is_carried_whole_in_messages_that_fit(name: str, text: str):
    found = carried_pages(name, text, LINK)
    assert all(page.content_length() <= TEXT_LIMIT for page in found)
    carried = "".join(page_text(page.children) for page in found)
    for character in "ab*_`@<>":
        assert carried.count(character) >= text.count(character)


@given(st.integers(3500, 4001))
def test_a_text_without_any_break_is_cut_hard(length: int):
    found = carried_pages("*" * 32, "x" * length, LINK)
    assert sum(page_text(page.children).count("x") for page in found) == length


@given(st.text(max_size=100))
def test_names_have_no_working_markup_left(name: str):
    shown = safe(name)
    assert "\n" not in shown and "@everyone" not in shown and "@here" not in shown


def test_every_question_of_the_bank_fits():
    for question in PACK.questions:
        for page in (*reveal_pages(question), *question_pages(question)):
            assert page.content_length() <= TEXT_LIMIT
