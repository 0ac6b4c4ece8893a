"""Suggesting questions: what members, reviewers and authors read."""

from collections.abc import Mapping, Sequence

from bot.domain.bank import Question
from bot.services.suggestions import Suggestion, SuggestionView
from bot.ui.bank_drafts import near_block, question_blocks
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, paged
from bot.ui.kit.words import WORDING_SHOWN, WORDS_SHOWN, Sentence, quoted, shown

REASON_CHARS = 300

REFUSALS: Mapping[str, Sentence] = {
    "suggestions.decided": N_("This one has already been decided. Use `/bank review` to see what's left."),
    "suggestions.too_many": N_("You've sent {most} suggestions today, which is the limit. Come back tomorrow!"),
    "suggestions.no_reason": N_("Say in a few words why not, so the author knows."),
}


def sent_text(waiting: int) -> str:
    """A suggestion was stored."""
    return ngettext(
        "Thanks! It's in the managers' queue ({number} suggestion waiting). I'll let you know what they decide.",
        "Thanks! It's in the managers' queue ({number} suggestions waiting). I'll let you know what they decide.",
        waiting,
    )


def review_pages(view: SuggestionView | None) -> list[Page]:
    """The suggestion to decide next; an honest word where none is left."""
    if view is None:
        return [Page(_("No suggestions are waiting. Members send them with `/question suggest`."))]
    one = view.suggestion
    head = _(
        "-# Suggestion {number} of {count} · <@{member}> · <t:{when}:R>",
        number=view.at,
        count=view.of,
        member=one.member_id,
        when=int(one.made_at.timestamp()),
    )
    words = f"{one.id}"
    buttons = [
        Button(_("Accept"), f"mb:suggest:accept:{words}", main=True),
        Button(_("Edit and accept"), f"mb:suggest:edit:{words}"),
        Button(_("Decline"), f"mb:suggest:decline:{words}", danger=True),
    ]
    if view.of > 1:
        buttons.append(Button(_("Next"), f"mb:suggest:list:{one.id + 1}"))
    return paged([head, *near_block(view.near), *question_blocks(view.question, view.number)], buttons)


def decline_form(suggestion_id: int) -> Form:
    """Asks for the reason, which the author reads."""
    form = Form(_("Decline a suggestion"), f"mb:suggest:declined:{suggestion_id}")
    form.ask("reason", _("Why not? The author reads this"), long=True, limit=REASON_CHARS)
    return form


def accepted_text(question: Question) -> str:
    """A suggestion became a question."""
    return _("Accepted as `{question}`.", question=question.id)


def told_page(server: str, decided: Sequence[Suggestion]) -> Page:
    """What the author reads of what became of their suggestions."""
    lines: list[str] = []
    for one in decided:
        wording = f"> {quoted(one.fields.prompt, WORDING_SHOWN)}"
        if one.question_id is not None:
            taken = _(
                "Your question is in: it's `{question}` now, with your name on its card.", question=one.question_id
            )
            lines.append(f"{taken}\n{wording}")
        else:
            reason = quoted(one.reason or "", REASON_CHARS)
            lines.append("\n".join((_("Your question wasn't taken this time."), wording, reason)))
    return Page(_("-# From {server}", server=shown(server, WORDS_SHOWN)), *lines)
