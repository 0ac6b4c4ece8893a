"""The Report button, its form, and the reports as managers read them."""

from collections.abc import Mapping

from bot.domain.bank import Bank
from bot.services.mistakes import OpenReports
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted, shown

REPORT_LIMIT = 1000

REFUSALS: Mapping[str, Sentence] = {
    "mistakes.left_bank": N_("This was already taken out of the bank."),
    "mistakes.empty": N_("Say in a few words what's wrong, then send it again."),
}


def report_button(target_id: str) -> Button:
    """A button to report a question (its id) or a quiz item (its id)."""
    return Button(_("Report a mistake"), f"mb:report:open:{target_id}")


def report_form(target_id: str, earlier: str) -> Form:
    """Asks what is wrong; `earlier` is what the member said before."""
    form = Form(_("Report a mistake"), f"mb:report:form:{target_id}")
    form.ask(
        "text",
        _("What's wrong?"),
        hint=_("Which sentence or option, and what would be right"),
        value=earlier,
        long=True,
        limit=REPORT_LIMIT,
    )
    return form


def thanks_text() -> str:
    """What a report gets."""
    return _("Thanks! Your managers will see this in `/daily status`.")


def reports_line(reports: OpenReports) -> str | None:
    """What `/daily status` says of reports; nothing when there are none."""
    count = len(reports.reports)
    if not count:
        return None
    return ngettext(
        "**Reports** {number} report of a mistake in the bank to look at",
        "**Reports** {number} reports of mistakes in the bank to look at",
        count,
    )


def reports_button() -> Button:
    """Opens the reports at the oldest one."""
    return Button(_("Read the reports"), "mb:report:list:0")


def waiting_page(reports: OpenReports) -> Page:
    """What `/daily status` says where there is no practice channel, but reports: quizzes need none."""
    return Page(
        _("There's no practice channel here yet. Use `/setup` to set one up."),
        *filter(None, [reports_line(reports)]),
        buttons=[reports_button()],
    )


def reports_page(reports: OpenReports, bank: Bank, wanted: int) -> Page:
    """One report after the other, with a button to resolve it; it says so when there are none.

    Args:
        wanted: the report to show, by id; a resolved one gives way to the next, the last one to the first.
    """
    if not reports.reports:
        return Page(_("No open reports. Thanks for looking after the bank!"))
    at = next((at for at, report in enumerate(reports.reports) if report.id >= wanted), 0)
    report = reports.reports[at]
    question = bank.find(report.question_id)
    item = next((item for item in question.items if item.id == report.item_id), None) if question else None
    what = [f"`{report.question_id}`"]
    if question is not None:
        wording = quoted(question.wording, WORDING_SHOWN)
        what = [_("**Question {number}** {wording}", number=question.number, wording=wording)]
    if report.item_id is not None and item is not None:
        stem = quoted(item.stem, WORDING_SHOWN)
        what.append(_("-# Quiz item `{item}`: {question}", item=report.item_id, question=stem))
    elif report.item_id is not None:
        what.append(_("-# Quiz item `{item}`", item=report.item_id))
    who = shown(reports.names.get(report.member_id, ""))
    head = _(
        "-# Report {number} of {count} · {member} · <t:{when}:R>",
        number=at + 1,
        count=len(reports.reports),
        member=who,
        when=int(report.made_at.timestamp()),
    )
    buttons = [Button(pgettext("report", "Resolved"), f"mb:report:settle:{report.id}", main=True)]
    if len(reports.reports) > 1:
        buttons.append(Button(_("Next"), f"mb:report:list:{report.id + 1}"))
    return Page(
        "\n".join([head, *what]),
        quoted(report.text, REPORT_LIMIT),
        buttons=buttons,
    )
