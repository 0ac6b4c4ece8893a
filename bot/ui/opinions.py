"""A model's opinion as people read it, and what they are asked before the first one."""

from collections.abc import Iterator, Mapping

from bot.domain.bank import Question
from bot.domain.opinions import Consent, Judgment, Opinion
from bot.services.opinions import ModelTerms
from bot.ui.bank import key_points, point_text
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import TEXT_LIMIT, Button, Page
from bot.ui.kit.words import Sentence, quoted

REFUSALS: Mapping[str, Sentence] = {
    "opinions.not_here": N_(
        "No model can read this answer right now. **My answer** on its card shows what I spotted."
    ),
}
ASKING = N_("🤖 Asking the model…")
NONE = N_("-# 🤖 No opinion this time: the model is busy, didn't make sense, or was asked often enough today.")
NO_GRADE = N_("-# A model's opinion: it can be wrong, it isn't a grade, and it doesn't count for anything.")
AFTER_REVEAL = N_("-# Ask again after the reveal to hear which they are, and what would make it better.")
MARKS = {Judgment.COVERED: "🟢", Judgment.PARTLY: "🟡", Judgment.NO: "⚪"}
QUOTE_LIMIT, QUOTES = 200, 6


def ask_button(drill_id: int) -> Button:
    """Under a member's own answer: what a model thinks of it."""
    return Button(_("Ask a model"), f"mb:opinion:ask:{drill_id}")


def stop_button(drill_id: int | None = None) -> Button:
    """Takes back that a model may read answers."""
    return Button(_("Stop asking models"), _words("refuse", drill_id))


def _words(verb: str, drill_id: int | None) -> str:
    return f"mb:opinion:{verb}" if drill_id is None else f"mb:opinion:{verb}:{drill_id}"


def consent_page(terms: ModelTerms, drill_id: int | None = None) -> Page:
    """What a member is asked before their first answer leaves.

    Args:
        drill_id: the answer to it is sent as soon as they agree; None in an interview.
    """
    return Page(
        _(
            "### May a model read your answers?\nAn AI model can tell you more than I can: which "
            "key points your answer covers and what would make it better. In interviews, it asks "
            "a follow-up to what you said."
        ),
        _(
            "For that, the question, its key points and the text of your answer go to "
            "**{model}** at **{host}**, each time you press **Ask a model** and after each "
            "answer in an interview. Your name and id don't. What that host does with them is up "
            "to whoever runs it. The opinion doesn't count for anything: points and streaks "
            "don't change.",
            model=quoted(terms.model),
            host=quoted(terms.host),
        ),
        _("-# You can say no and change your mind at any time."),
        buttons=[
            Button(_("Yes, send them"), _words("agree", drill_id), main=True),
            Button(_("No, keep them here"), _words("refuse", drill_id)),
        ],
    )


def interview_page(terms: ModelTerms, consent: Consent) -> Page | None:
    """What an interview's member hears of a model as it begins; None for who does not want one."""
    if consent is Consent.UNASKED:
        return consent_page(terms)
    if consent is Consent.REFUSED:
        return None
    note = _(
        "-# 🤖 **{model}** at **{host}** reads your answers here and asks the follow-ups.",
        model=quoted(terms.model),
        host=quoted(terms.host),
    )
    return Page(note, buttons=[stop_button()])


def refused_text() -> str:
    """What is said to a no."""
    return _("OK, your answers stay here. If you change your mind, press **Ask a model** under your answer.")


def agreed_page() -> Page:
    """What is said to a yes in an interview, with the way back."""
    return Page(
        _("OK. The model asks the follow-ups now, starting with the one to your next answer."),
        buttons=[stop_button()],
    )


def opinion_blocks(question: Question, opinion: Opinion, model: str, *, revealed: bool) -> Iterator[str]:
    """A model's opinion: before the reveal only its count, and the member's own words that it goes by."""
    covered, partly = opinion.count(Judgment.COVERED), opinion.count(Judgment.PARTLY)
    name, of = quoted(model), len(opinion.points)
    head = ngettext(
        "🤖 **{model}** finds **{covered} of {number} key point** covered.",
        "🤖 **{model}** finds **{covered} of {number} key points** covered.",
        of,
        model=name,
        covered=covered,
    )
    if partly:
        head = ngettext(
            "🤖 **{model}** finds **{covered} of {number} key point** covered, and **{partly}** partly.",
            "🤖 **{model}** finds **{covered} of {number} key points** covered, and **{partly}** partly.",
            of,
            model=name,
            covered=covered,
            partly=partly,
        )
    if not revealed:
        quotes = dict.fromkeys(point.evidence for point in opinion.points if point.evidence)
        said = [f"> {quoted(quote, QUOTE_LIMIT)}" for quote in list(quotes)[:QUOTES]]
        yield "\n".join([" ".join((head, _("Based on:"))), *said]) if said else head
        yield f"{_(AFTER_REVEAL)}\n{_(NO_GRADE)}"
        return
    marks = [MARKS[found.verdict] for found in opinion.points]
    rows = [f"{mark} {point_text(point)}" for mark, point in zip(marks, question.key_points, strict=True)]
    yield f"{head}\n{key_points(rows, question)}"
    if opinion.improve:
        yield "\n".join((_("**What would make it better**"), quoted(opinion.improve, TEXT_LIMIT)))
    if opinion.follow_up:
        yield "\n".join((_("**What it would ask next**"), quoted(opinion.follow_up, TEXT_LIMIT)))
    yield _(NO_GRADE)
