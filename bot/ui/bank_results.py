"""How a server's questions did: over all of them, and each with its key points and quiz items."""

from bot.domain.bank import Bank, Item, Question
from bot.domain.mastery import Tally
from bot.services.bank import BankResults
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import Button, Page, cut, pages
from bot.ui.kit.words import quoted
from bot.ui.spoilers import kept_back_text

NOTHING = N_("Nothing has been answered yet. Results come with the first answers and quizzes.")
RESULTS, STEM_SHOWN, SHOWN = 8, 100, 5
TELLING = 3
"""From so many answers on, an item that nobody or everybody gets right says something about the item."""
BLOCK_CHARS, PAGE_CHARS = 1500, 3500
"""How much one question takes of the pages that show them all, and how much each of these holds."""


def results_page(bank: Bank, results: BankResults) -> Page:
    """How the questions did that were asked: most answered, missed most, and items that tell nothing."""
    asked = sorted(
        (question for question in bank.questions if results.answered.get(question.id)),
        key=lambda question: -results.answered[question.id],
    )
    items = [
        (*found, tally)
        for item_id, tally in results.items.items()
        if (found := bank.item(item_id)) and found[1].id not in results.hidden
    ]
    if not asked and not items:
        return Page(_(NOTHING))
    blocks: list[str] = []
    if asked:
        lines = [f"- {_head(question)}: {_answers(question, results)}" for question in asked[:RESULTS]]
        blocks.append("\n".join([_("**Answered most**"), *lines]))
    wrong = sorted(
        (row for row in items if row[2].right < row[2].asked), key=lambda row: row[2].right - row[2].asked
    )
    telling = [row for row in items if row[2].asked >= TELLING]
    for title, rows in (
        (_("**Missed most**"), wrong),
        (_("**Nobody gets right**"), [row for row in telling if row[2].right == 0]),
        (_("**Everybody gets right**"), [row for row in telling if row[2].right == row[2].asked]),
    ):
        if rows:
            lines = [
                _(
                    "- {item} (`{question}`): {right} of {asked} right",
                    item=quoted(item.stem, STEM_SHOWN),
                    question=question.id,
                    right=tally.right,
                    asked=tally.asked,
                )
                for item, question, tally in rows[:SHOWN]
            ]
            blocks.append("\n".join([title, *lines]))
    return Page(*blocks, buttons=[Button(_("Question by question"), "mb:bank:each:1", main=True)])


def _head(question: Question) -> str:
    return f"`{question.id}` {quoted(question.wording, STEM_SHOWN)}"


def _answers(question: Question, results: BankResults) -> str:
    answers, forms = results.answered.get(question.id, 0), results.ticked.get(question.id, [])
    of = len(forms) * len(question.key_points)
    if not of:
        return ngettext("{number} answer", "{number} answers", answers)
    return ngettext(
        "{number} answer, {share:.0%} of key points ticked",
        "{number} answers, {share:.0%} of key points ticked",
        answers,
        share=sum(map(len, forms)) / of,
    )


def question_results(question: Question, results: BankResults) -> list[str]:
    """How one question did: answers, each key point, each quiz item; nothing where it was never answered."""
    if question.id in results.hidden:
        answers = ngettext("{number} answer", "{number} answers", results.answered.get(question.id, 0))
        return [f"**{answers}**\n-# {kept_back_text()}"]
    forms = results.ticked.get(question.id, [])
    points = [
        _(
            "- {point}: ticked by {count} of {people}",
            point=quoted(point.text),
            count=sum(at in form for form in forms),
            people=len(forms),
        )
        for at, point in enumerate(question.key_points)
        if forms
    ]
    asked = [(item, tally) for item in question.items if (tally := results.items.get(item.id)) is not None]
    items = [_item(item, tally) for item, tally in sorted(asked, key=lambda row: row[1].right - row[1].asked)]
    if not (results.answered.get(question.id) or points or items):
        return []
    return [cut("\n".join([f"**{_answers(question, results)}**", *points, *items]), BLOCK_CHARS)]


def _item(item: Item, tally: Tally) -> str:
    values = {"item": quoted(item.stem, STEM_SHOWN), "right": tally.right, "asked": tally.asked}
    if tally.asked >= TELLING and tally.right == 0:
        return _("- Quiz: {item}: {right} of {asked} right (nobody)", **values)
    if tally.asked >= TELLING and tally.right == tally.asked:
        return _("- Quiz: {item}: {right} of {asked} right (everybody)", **values)
    return _("- Quiz: {item}: {right} of {asked} right", **values)


def each_page(bank: Bank, results: BankResults, wanted: int) -> Page:
    """Question by question, those that were answered; pages count from 1 on."""
    told = [
        f"{_head(question)}\n{block}"
        for question in bank.questions
        for block in question_results(question, results)
    ]
    if not told:
        return Page(_(NOTHING))
    found = pages(told, PAGE_CHARS)
    at = min(max(wanted, 1), len(found))
    steps = ((_("Back"), at - 1), (_("Next"), at + 1))
    buttons = [Button(way, f"mb:bank:each:{to}") for way, to in steps if 1 <= to <= len(found)]
    page = _("-# Page {page:,} of {pages:,}", page=at, pages=len(found))
    return Page("\n\n".join(found[at - 1]), page, buttons=buttons)
