"""The Report button, its form, and the reports as managers read them."""

from bot.domain.bank import Bank
from bot.domain.text import NOBODY
from bot.services.mistakes import OpenReports
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, counted, safe
from bot.ui.kit.words import shown

REPORT_LIMIT = 1000


def report_button(target_id: str) -> Button:
    """A button to report a question (its id) or a quiz item (its id)."""
    return Button("Report a mistake", f"mb:report:open:{target_id}")


def report_form(target_id: str, earlier: str) -> Form:
    """Asks what is wrong; `earlier` is what the member said before."""
    form = Form("Report a mistake", f"mb:report:form:{target_id}")
    form.ask(
        "text",
        "What is wrong?",
        hint="Which sentence or option, and what would be right",
        value=earlier,
        long=True,
        limit=REPORT_LIMIT,
    )
    return form


def reports_line(pile: OpenReports) -> str | None:
    """What `/daily status` says of reports; nothing when there are none."""
    count = len(pile.reports)
    return f"**Reports** {counted(count, 'report')} of mistakes in the bank to look at" if count else None


def pile_button() -> Button:
    """Opens the pile at its oldest report."""
    return Button("Read the reports", "mb:report:list:0")


def waiting_page(pile: OpenReports) -> Page:
    """What `/daily status` says where there is no practice channel, but reports: quizzes need none."""
    return Page(
        "There is no practice channel here yet. `/setup` makes one.",
        *filter(None, [reports_line(pile)]),
        buttons=[pile_button()],
    )


def pile_page(pile: OpenReports, bank: Bank, wanted: int) -> Page:
    """One report after the other, with a button to settle it; an empty pile says so.

    Args:
        wanted: the report to show, by id; a settled one gives way to the next, the last one to the first.
    """
    if not pile.reports:
        return Page("No reports are open. Thank you for looking after the bank.")
    at = next((at for at, report in enumerate(pile.reports) if report.id >= wanted), 0)
    report = pile.reports[at]
    question = bank.find(report.question_id)
    item = next((item for item in question.items if item.id == report.item_id), None) if question else None
    what = f"**Question {question.number}** {question.prompt}" if question else f"`{report.question_id}`"
    if report.item_id is not None:
        what += f"\n-# Quiz item `{report.item_id}`" + (f": {item.stem}" if item else "")
    who = shown(pile.names.get(report.member_id, NOBODY))
    buttons = [Button("Settled", f"mb:report:settle:{report.id}", main=True)]
    if len(pile.reports) > 1:
        buttons.append(Button("Next", f"mb:report:list:{report.id + 1}"))
    return Page(
        f"-# Report {at + 1} of {len(pile.reports)} · {who} · <t:{int(report.made_at.timestamp())}:R>\n{what}",
        safe(report.text, links=True),
        buttons=buttons,
    )
