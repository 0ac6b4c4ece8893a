"""Suggesting questions: what members, reviewers and authors read."""

from collections.abc import Mapping, Sequence

from bot.domain.bank import Question
from bot.services.suggestions import Suggestion, SuggestionView
from bot.ui.bank_drafts import near_block, question_blocks
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Button, Page, counted, paged
from bot.ui.kit.words import WORDING_SHOWN, WORDS_SHOWN, Sentence, quoted, shown

REASON_CHARS = 300

REFUSALS: Mapping[str, Sentence] = {
    "suggestions.decided": "This one has been decided already. `/bank review` shows what's left.",
    "suggestions.too_many": "You've sent {most} suggestions today, which is the limit. Come back tomorrow!",
    "suggestions.no_reason": "Say in a few words why not, so the author knows.",
}


def sent_text(waiting: int) -> str:
    """A suggestion was stored."""
    count = counted(waiting, "suggestion")
    return f"Thanks! It's in the managers' queue ({count} waiting). I'll tell you what comes of it."


def review_pages(view: SuggestionView | None) -> list[Page]:
    """The suggestion to decide next; an honest word where none is left."""
    if view is None:
        return [Page("No suggestions are waiting. Members send them with `/question suggest`.")]
    one = view.suggestion
    head = f"-# Suggestion {view.at} of {view.of} · <@{one.member_id}> · <t:{int(one.made_at.timestamp())}:R>"
    words = f"{one.id}"
    buttons = [
        Button("Accept", f"mb:suggest:accept:{words}", main=True),
        Button("Edit and accept", f"mb:suggest:edit:{words}"),
        Button("Decline", f"mb:suggest:decline:{words}", danger=True),
    ]
    if view.of > 1:
        buttons.append(Button("Next", f"mb:suggest:list:{one.id + 1}"))
    return paged([head, *near_block(view.near), *question_blocks(view.question, view.number)], buttons)


def decline_form(suggestion_id: int) -> Form:
    """Asks for the reason, which the author reads."""
    form = Form("Decline a suggestion", f"mb:suggest:declined:{suggestion_id}")
    form.ask("reason", "Why not? The author reads this", long=True, limit=REASON_CHARS)
    return form


def accepted_text(question: Question) -> str:
    """A suggestion became a question."""
    return f"Accepted as `{question.id}`."


def told_page(server: str, decided: Sequence[Suggestion]) -> Page:
    """What the author reads of what became of their suggestions."""
    lines: list[str] = []
    for one in decided:
        wording = f"> {quoted(one.fields.prompt, WORDING_SHOWN)}"
        if one.question_id is not None:
            lines.append(
                f"Your question is in: it's `{one.question_id}` now, with your name on its card.\n{wording}"
            )
        else:
            lines.append(
                f"Your question wasn't taken this time.\n{wording}\n{quoted(one.reason or '', REASON_CHARS)}"
            )
    return Page(f"-# From {shown(server, WORDS_SHOWN)}", *lines)
