"""What managers read of how their questions did."""

from dataclasses import replace

from discord.ui import TextDisplay

from bot.domain.bank import Bank, Pack
from bot.domain.mastery import Tally
from bot.services.bank import BankResults
from bot.ui.bank_results import each_page, question_results, results_page
from bot.ui.kit.layouts import Page
from tests.unit.packs import PACK, PLAIN

ITEMS = [item.id for item in PLAIN.items]


def shown(page: Page) -> str:
    """All text of a page."""
    return "\n".join(part.content for part in page.walk_children() if isinstance(part, TextDisplay))


def test_a_question_tells_its_key_points_and_items_the_missed_most_first():
    ticked = [[0], [0, 1], [0]]
    tallies = {ITEMS[0]: Tally(3, 3), ITEMS[1]: Tally(0, 4), ITEMS[2]: Tally(1, 2)}
    (told,) = question_results(PLAIN, BankResults({PLAIN.id: 3}, {PLAIN.id: ticked}, tallies))
    lines = told.split("\n")
    assert lines[0].startswith("**3 answers, ") and "of key points ticked" in lines[0]
    assert lines[1].endswith("ticked by 3 of 3") and lines[2].endswith("ticked by 1 of 3")
    assert lines[3].endswith("ticked by 0 of 3")
    endings = [line.rsplit(": ", 1)[1] for line in lines[-3:]]
    assert endings == ["0 of 4 right (nobody)", "1 of 2 right", "3 of 3 right (everybody)"]
    assert question_results(PLAIN, BankResults({}, {}, {})) == []
    (kept,) = question_results(
        PLAIN, BankResults({PLAIN.id: 3}, {PLAIN.id: ticked}, tallies, frozenset({PLAIN.id}))
    )
    assert kept.startswith("**3 answers**\n-# This question is open right now") and kept.count("\n") == 1


def test_all_of_many_questions_are_a_few_presses_away():
    many = [replace(PLAIN, id=f"p-{at:03}", number=at, prompt="What? " * 300, items=()) for at in range(1, 101)]
    bank = Bank(Pack("p", "P", (), (), tuple(many)))
    results = BankResults({question.id: 1 for question in many}, {}, {})
    read = [shown(each_page(bank, results, at)) for at in range(1, 9)]
    assert all(f"`{question.id}`" in "".join(read) for question in many)
    assert shown(each_page(bank, results, 99)) == shown(each_page(bank, results, 0 + len(set(read))))
    assert "Nothing has been answered yet" in shown(each_page(Bank(PACK), BankResults({}, {}, {}), 1))
    assert "Answered most" in shown(results_page(bank, results))
