"""The Report button, its form, and the reports as managers read them."""

from collections.abc import Mapping

from bot.domain.bank import Bank
from bot.services.mistakes import OpenReports
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted, shown

REPORT_LIMIT = 1000
THANKS = "Thanks! Your managers will see this in `/daily status`."

REFUSALS: Mapping[str, Sentence] = {
    "mistakes.left_bank": "This is already out of the bank.",
    "mistakes.empty": "Say in a few words what's wrong, then send it again.",
}


def report_button(target_id: str) -> Button:
    """A button to report a question (its id) or a quiz item (its id)."""
    return Button("Report a mistake", f"mb:report:open:{target_id}")


def report_form(target_id: str, earlier: str) -> Form:
    """Asks what is wrong; `earlier` is what the member said before."""
    form = Form("Report a mistake", f"mb:report:form:{target_id}")
    form.ask(
        "text",
        "What's wrong?",
        hint="Which sentence or option, and what would be right",
        value=earlier,
        long=True,
        limit=REPORT_LIMIT,
    )
    return form


def reports_line(reports: OpenReports) -> str | None:
    """What `/daily status` says of reports; nothing when there are none."""
    count = len(reports.reports)
    return f"**Reports** {counted(count, 'report')} of mistakes in the bank to look at" if count else None


def reports_button() -> Button:
    """Opens the reports at the oldest one."""
    return Button("Read the reports", "mb:report:list:0")


def waiting_page(reports: OpenReports) -> Page:
    """What `/daily status` says where there is no practice channel, but reports: quizzes need none."""
    return Page(
        "There's no practice channel here yet. `/setup` makes one.",
        *filter(None, [reports_line(reports)]),
        buttons=[reports_button()],
    )


def reports_page(reports: OpenReports, bank: Bank, wanted: int) -> Page:
    """One report after the other, with a button to resolve it; it says so when there are none.

    Args:
        wanted: the report to show, by id; a resolved one gives way to the next, the last one to the first.
    """
    if not reports.reports:
        return Page("No open reports. Thanks for looking after the bank!")
    at = next((at for at, report in enumerate(reports.reports) if report.id >= wanted), 0)
    report = reports.reports[at]
    question = bank.find(report.question_id)
    item = next((item for item in question.items if item.id == report.item_id), None) if question else None
    what = (
        f"**Question {question.number}** {quoted(question.wording, WORDING_SHOWN)}"
        if question
        else f"`{report.question_id}`"
    )
    if report.item_id is not None:
        what += f"\n-# Quiz item `{report.item_id}`" + (f": {quoted(item.stem, WORDING_SHOWN)}" if item else "")
    who = shown(reports.names.get(report.member_id, ""))
    buttons = [Button("Settled", f"mb:report:settle:{report.id}", main=True)]
    if len(reports.reports) > 1:
        buttons.append(Button("Next", f"mb:report:list:{report.id + 1}"))
    return Page(
        f"-# Report {at + 1} of {len(reports.reports)} · {who} · <t:{int(report.made_at.timestamp())}:R>\n{what}",
        quoted(report.text, REPORT_LIMIT),
        buttons=buttons,
    )
