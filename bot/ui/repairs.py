"""A repair as its member sees it: the form with the missed question, the start of its quiz, how it ended."""

from collections.abc import Mapping

from bot.domain.bank import Question
from bot.services.quizzes import Quiz
from bot.services.repairs import RepairEnding
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.forms import ANSWER_LIMIT, Form
from bot.ui.kit.layouts import CLOSED_ACCENT, RIGHT_ACCENT, Button, Page
from bot.ui.kit.words import Sentence

FEATURE = "repair"

REFUSALS: Mapping[str, Sentence] = {
    "repairs.over": N_("There's nothing left to repair here. Use `/streak` to see how your streak stands."),
    "repairs.closed": N_("The 48 hours for this repair are up. Use `/streak` to see where you stand."),
    "repairs.question_gone": N_("This question was taken out of the bank, so it can't be repaired."),
    "repairs.no_items": N_("There are no quiz questions on this topic yet, so this miss can't be repaired."),
    "repairs.round_gone": N_(
        "This quiz question is no longer in the bank. Press Repair in `/streak` again to go on."
    ),
    "repairs.too_short": N_(
        "An answer needs {words} different words or {chars} characters to count. Nothing is lost: press "
        "**Repair** again."
    ),
}


def repair_form(drill_id: int, question: Question) -> Form:
    """Asks the missed question once more."""
    form = Form(_("Repair: question {number}", number=question.number), f"mb:{FEATURE}:form:{drill_id}")
    form.tell(question.wording)
    form.ask("text", _("Your answer"), long=True, limit=ANSWER_LIMIT)
    return form


def begun_note(quiz: Quiz, *, late: bool) -> str:
    """What stands over the first item."""
    now = ngettext(
        "🩹 Now {number} quiz question: get it right, in one try.",
        "🩹 Now {number} quiz questions: get all of them right, in one try.",
        len(quiz.rounds),
    )
    return "\n".join([_("🕒 Your answer is saved as a late one: 5 points."), now]) if late else now


def ending_page(ending: RepairEnding, quiz: Quiz) -> Page:
    """Whether the streak goes on."""
    button = Button(_("My streak"), f"mb:streak:mine:{ending.track_id}", main=True)
    if ending.repaired:
        said = _(
            "### 🩹 Repaired\n# 🔥 {streak}\nThe missed question no longer counts, and your streak goes on. You "
            "can repair again in 30 days.",
            streak=ending.streak.current,
        )
        return Page(said, buttons=[button], accent=RIGHT_ACCENT)
    score = ngettext(
        "### Not this time\n{right} of {number} question right, and you needed all of them.",
        "### Not this time\n{right} of {number} questions right, and you needed all of them.",
        len(quiz.rounds),
        right=quiz.score,
    )
    streak = _("Your streak is {streak}; every answer on time adds to it.", streak=ending.streak.current)
    return Page(f"{score} {streak}", buttons=[button], accent=CLOSED_ACCENT)
