"""What people are told about hints."""

from collections.abc import Iterator, Mapping

from bot.domain.answers import AnswerStatus
from bot.domain.bank import Question
from bot.domain.drills import Mode
from bot.domain.errors import Refusal
from bot.domain.hints import Flag, Hint, Mention
from bot.domain.opinions import Opinion
from bot.services.hints import OwnAnswer
from bot.ui.bank import key_points, point_text
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import Sentence, quoted
from bot.ui.opinions import ASKING, ask_button, opinion_blocks, stop_button
from bot.ui.participation import turnout_line
from bot.ui.votes import vote_button

REFUSALS: Mapping[str, Sentence] = {
    "hints.not_answered": N_("You haven't answered this question yet. Press **Answer** on its card."),
}
STANDS: Mapping[AnswerStatus, str] = {
    AnswerStatus.ON_TIME: N_("✅ It counts."),
    AnswerStatus.LATE: N_("🕒 It counts as a late answer."),
    AnswerStatus.SHORT: N_("✏️ It's too short to count yet."),
}
QUOTE_LIMIT, TEXT_LIMIT, QUOTES = 200, 600, 6
"""How much of a sentence and of an answer is repeated, and how many sentences."""
MARKS = {Mention.MENTIONED: "✅", Mention.UNSURE: "❔", Mention.NOT_SPOTTED: "▫️"}
NO_GRADE = N_("-# I only look at your words. It isn't a grade, and I can't tell whether they're right.")
WHY: Mapping[Flag, str] = {
    Flag.ECHO: N_("It mostly repeats the question. Add what you know."),
    Flag.KEYWORDS: N_("Keywords alone don't count as mentioned. Say in a sentence how they fit together."),
    Flag.NEGATED: N_("Something in it is said with a “not”, so I'm not sure about that part."),
    Flag.REPEATED: N_("It says the same words over and over."),
    Flag.GIBBERISH: N_("I can't make out the words."),
}


def hint_line(hint: Hint) -> str:
    """How many key points an answer mentions; none is spelled out."""
    if hint.copied:
        return _("💡 That's the model answer, word for word. Try it in your own words.")
    spotted, of = len(hint.mentioned), len(hint.points)
    if unsure := sum(point.mention is Mention.UNSURE for point in hint.points):
        return ngettext(
            "💡 I spotted **{spotted} of {number} key point**, and maybe {unsure} more.",
            "💡 I spotted **{spotted} of {number} key points**, and maybe {unsure} more.",
            of,
            spotted=spotted,
            unsure=unsure,
        )
    return ngettext(
        "💡 I spotted **{spotted} of {number} key point**.",
        "💡 I spotted **{spotted} of {number} key points**.",
        of,
        spotted=spotted,
    )


def spotted_points(question: Question, hint: Hint) -> str:
    """The key points under their heading, each with what the answer makes of it; unmarked where it is a copy."""
    marks = ["-" if hint.copied else MARKS[point.mention] for point in hint.points]
    rows = zip(marks, question.key_points, strict=True)
    return key_points([f"{mark} {point_text(point)}" for mark, point in rows], question)


def hint_button(drill_id: int) -> Button:
    """Under a receipt: what in the answer that was."""
    return Button(_("What I spotted"), f"mb:hint:drill:{drill_id}")


def take_back_button(drill_id: int) -> Button:
    """Under a member's own answer, where a form brought it: Discord lets nobody else delete the bot's copy."""
    return Button(_("Take it back"), f"mb:drill:unsay:{drill_id}")


def own_answer_page(
    own: OwnAnswer,
    question: Question,
    hint: Hint | None,
    opinion: tuple[str, Opinion] | None = None,
    note: str = "",
) -> Page:
    """A member's own answer, with a hint where there is one: before the reveal only in the member's own words.

    Args:
        opinion: the name of a model, and what it says of it.
        note: stands below, while a model is asked or in place of its opinion.

    Raises:
        Refusal: there is no answer.
    """
    answer = own.answer
    if answer is None:
        raise Refusal("hints.not_answered")
    text = quoted(answer.text, TEXT_LIMIT) if answer.text else _("I don't have your text here.")
    head = _("-# Your answer to question {number}", number=question.number)
    blocks = [f"{head}\n{text}", _stands(own, answer.status)]
    if hint is not None and answer.text:
        blocks += [
            hint_line(hint),
            *([] if hint.copied else _details(question, hint, revealed=own.revealed)),
            _(NO_GRADE),
        ]
    buttons: list[Button] = []
    if opinion is not None:
        model, found = opinion
        blocks += opinion_blocks(question, found, model, revealed=own.revealed)
        buttons = [stop_button(own.drill.id)]
    elif own.consent is not None and hint is not None and not hint.copied and note != ASKING:
        buttons = [ask_button(own.drill.id)]
    if answer.by_form:
        buttons.append(take_back_button(own.drill.id))
    if own.turnout is not None and own.turnout.answered > 1 and own.drill.mode is Mode.OPEN:
        buttons.append(vote_button(own.drill.id))
    return Page(*blocks, *([_(note)] if note else []), buttons=buttons)


def _stands(own: OwnAnswer, status: AnswerStatus) -> str:
    """How the answer counts; while its question is open also the streak, and how many have answered."""
    if status is not AnswerStatus.ON_TIME or own.streak is None or own.turnout is None:
        return _(STANDS[status])
    streak = _("🔥 Your streak is **{streak}**.", streak=own.streak)
    return f"{_(STANDS[status])} {streak}\n{turnout_line(own.drill, own.turnout)}"


def _details(question: Question, hint: Hint, *, revealed: bool) -> Iterator[str]:
    if revealed:
        yield spotted_points(question, hint)
    elif quotes := dict.fromkeys(point.quote for point in hint.points if point.mention is Mention.MENTIONED):
        yield "\n".join(
            [_("In these words:"), *(f"> {quoted(quote, QUOTE_LIMIT)}" for quote in list(quotes)[:QUOTES])]
        )
    yield from (_(WHY[flag]) for flag in hint.flags if flag in WHY)
