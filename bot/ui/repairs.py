"""A repair as its member sees it: the form with the missed question, the start of its quiz, how it ended."""

from collections.abc import Mapping

from bot.domain.bank import Question
from bot.services.quizzes import Quiz
from bot.services.repairs import RepairEnding
from bot.ui.kit.forms import ANSWER_LIMIT, Form
from bot.ui.kit.layouts import CLOSED_ACCENT, RIGHT_ACCENT, Button, Page, counted
from bot.ui.kit.words import Sentence

FEATURE = "repair"

REFUSALS: Mapping[str, Sentence] = {
    "repairs.over": "There's nothing left to repair here. `/streak` shows how your streak stands.",
    "repairs.closed": ("The 48 hours for this repair are up. `/streak` shows how you stand."),
    "repairs.question_gone": "This question was taken out of the bank, so it can't be repaired.",
    "repairs.no_items": "There are no quiz items on this topic yet, so this miss can't be repaired.",
    "repairs.round_gone": "This round is no longer in the bank. Press Repair in `/streak` again to go on.",
    "repairs.too_short": (
        "An answer needs {words} different words or {chars} characters to count. Nothing is lost: press "
        "**Repair** again."
    ),
}


def repair_form(drill_id: int, question: Question) -> Form:
    """Asks the missed question once more."""
    form = Form(f"Repair: question {question.number}", f"mb:{FEATURE}:form:{drill_id}")
    form.tell(question.wording)
    form.ask("text", "Your answer", long=True, limit=ANSWER_LIMIT)
    return form


def begun_note(quiz: Quiz, *, late: bool) -> str:
    """What stands over the first item."""
    stored = "🕒 Your answer is stored as a late one: 5 points.\n" if late else ""
    return f"{stored}🩹 Now {counted(len(quiz.rounds), 'quiz item')}: get all of them right, in one try."


def ending_page(ending: RepairEnding, quiz: Quiz) -> Page:
    """Whether the streak goes on."""
    button = Button("My streak", f"mb:streak:mine:{ending.track_id}", main=True)
    if ending.repaired:
        return Page(
            f"### 🩹 Repaired\n# 🔥 {ending.streak.current}\nThe missed question no longer counts, and your "
            "streak goes on. You can repair again in 30 days.",
            buttons=[button],
            accent=RIGHT_ACCENT,
        )
    return Page(
        f"### Not this time\n{quiz.score} of {counted(len(quiz.rounds), 'item')} right, and all were needed. "
        f"Your streak is {ending.streak.current}; every answer on time adds to it.",
        buttons=[button],
        accent=CLOSED_ACCENT,
    )
