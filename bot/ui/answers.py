"""The answer form, and what a member reads in private about it."""

from collections.abc import Mapping

from bot.domain.answers import AnswerRules, AnswerStatus, measure
from bot.domain.bank import Question
from bot.domain.drills import Mode
from bot.domain.hints import Hint
from bot.services.answers import Collected, FormNews
from bot.ui.hints import hint_button, hint_line, take_back_button
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.forms import ANSWER_HINT, ANSWER_LIMIT, Form
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import Sentence, quoted
from bot.ui.milestones import receipt_line
from bot.ui.participation import turnout_line
from bot.ui.reminders import remind_button
from bot.ui.streaks import news as once_lines
from bot.ui.votes import vote_button

REFUSALS: Mapping[str, Sentence] = {
    "answers.being_posted": N_("I'm just posting this question. Press **Answer** again in a moment."),
    "answers.empty": N_("There's no text in your answer. Open the form again and write a few words."),
    "answers.forgotten": N_("I don't know this question anymore. Use `/answer` for the one that's open now."),
    "answers.model_later": N_("The model answer comes when the question closes."),
    "answers.no_hint": N_("There's no hint for this question yet."),
    "answers.none_posted": N_("No question has been posted in <#{channel_id}> yet."),
    "answers.nothing_to_take_back": N_("There's no text from your form here anymore."),
    "answers.question_removed": N_("This question was taken out of the bank."),
}


def given_back(text: str) -> str:
    """An answer that came too late."""
    return _("Here's your text, so nothing is lost:\n{text}", text=text)


def deleted_lines(kept: str) -> list[str]:
    """What a member reads whose question was deleted; `kept` is what they wrote, empty for nothing."""
    said = [_("This question was deleted, so it can't take answers anymore.")]
    return [*said, given_back(kept)] if kept else said


def receipt(stored: Collected, news: FormNews, rules: AnswerRules) -> list[str]:
    """How the answer counts, then what has to be told once."""
    first = _first(stored, news, rules)
    if news.turnout is not None and stored.answer.status is AnswerStatus.ON_TIME:
        first += f"\n{turnout_line(stored.drill, news.turnout)}"
    milestone = receipt_line(news.reached)
    return [first, *([milestone] if milestone else []), *once_lines(news.once)]


def receipt_page(stored: Collected, news: FormNews, rules: AnswerRules, hint: Hint | None) -> Page:
    """The receipt of a form, and what the answer mentions."""
    buttons = [*([hint_button(stored.drill.id)] if hint else []), take_back_button(stored.drill.id)]
    if news.turnout is not None and news.turnout.answered > 1 and stored.drill.mode is Mode.OPEN:
        buttons.append(vote_button(stored.drill.id))
    if news.may_remind:
        buttons.append(remind_button())
    return Page(*receipt(stored, news, rules), *([hint_line(hint)] if hint else []), buttons=buttons)


def missing(text: str, rules: AnswerRules) -> str:
    """What a too short answer has, and from what on it counts: a clause that ends a sentence or goes before one."""
    size = measure(text)
    least = {"min_words": rules.min_words, "min_chars": rules.min_chars}
    if not size.words:
        return _(
            "an answer needs {min_words} different words or {min_chars} characters to count, and "
            "I don't see any words of your own yet",
            **least,
        )
    return ngettext(
        "an answer needs {min_words} different words or {min_chars} characters to count, and "
        "yours has {number} word ({characters}) so far",
        "an answer needs {min_words} different words or {min_chars} characters to count, and "
        "yours has {number} words ({characters}) so far",
        size.words,
        characters=ngettext("{number} character", "{number} characters", size.chars),
        **least,
    )


def _first(stored: Collected, news: FormNews, rules: AnswerRules) -> str:
    drill = stored.drill
    if stored.answer.status is AnswerStatus.SHORT:
        return _(
            "✏️ Saved, but too short to count yet: {missing}. Press **Answer** to add to it.",
            missing=missing(stored.text, rules),
        )
    if stored.answer.status is AnswerStatus.LATE:
        if stored.credited:
            return _("🕒 Late, but it counts for 5 points. Streaks need an answer before the next question.")
        return _("🕒 Late, but it counts. Streaks need an answer before the next question.")
    said = [_("✅ You're in!")]
    if stored.credited:
        said = [_("✅ You're in! +10 points.")]
    elif stored.replaced:
        said = [_("✅ Updated.")]
    said.append(_("🔥 Your streak is **{streak}**.", streak=news.streak))
    if drill.mode is Mode.BLIND and drill.closed_at is None:
        said.append(_("Nobody sees it before the reveal."))
    return " ".join(said)


def take_back_page(drill_id: int) -> Page:
    """Asks before the text of a form is erased."""
    return Page(
        _(
            "**Take back what you sent in the form?** I'll erase it and delete my copy of it. "
            "You still answered, so your points and your streak stay."
        ),
        buttons=[Button(_("Take it back"), f"mb:drill:unsaid:{drill_id}", danger=True)],
    )


def taken_back_page() -> Page:
    """After that."""
    return Page(_("Done. Your text is erased, and so is my copy of it."))


def over_lines(question: Question, status: AnswerStatus | None) -> list[str]:
    """What a member reads whose answer a question takes no more.

    Args:
        status: how they answered it; None where they did not.
    """
    number = question.number
    if status is AnswerStatus.ON_TIME:
        return [
            _(
                "Question {number} is closed, and you answered it on time. Your answer stays as it is.",
                number=number,
            )
        ]
    if status is AnswerStatus.LATE:
        return [
            _("Question {number} is closed, and you answered it late. Your answer stays as it is.", number=number)
        ]
    return [
        _("Question {number} is closed for good. It took late answers for 7 days.", number=number),
        _("A quiz on its topic, {topic}, keeps you in practice.", topic=quoted(question.topic)),
    ]


def over_page(question: Question, topic: int, kept: str) -> Page:
    """The same for somebody who did not answer it in time, with a quiz to go on with.

    Args:
        topic: the number of the question's topic.
        kept: what they wrote, which is not lost; empty for nothing.
    """
    return Page(
        *over_lines(question, None),
        *([given_back(kept)] if kept else []),
        buttons=[Button(_("Start a quiz"), f"mb:quiz:again:{topic}:5:any", main=True)],
    )


def answer_form(drill_id: int, question: Question, earlier: str) -> Form:
    """The answer form of a drill; `earlier` is what the member sent before, and sending replaces it."""
    form = Form(_("Question {number}", number=question.number), f"mb:drill:form:{drill_id}")
    form.tell(question.wording)
    form.ask(
        "text",
        _("Your answer"),
        hint=_(ANSWER_HINT),
        value=earlier,
        long=True,
        limit=ANSWER_LIMIT,
    )
    return form
