"""Bringing a file of questions: what is in it before it is stored, and the next steps once it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.bank import Pack, Question
from bot.domain.tracks import Track
from bot.services.bank_uploads import Imported, ImportView
from bot.ui.bank_drafts import question_blocks
from bot.ui.bank_imports import why_skipped
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import Button, Page, cut
from bot.ui.kit.words import quoted
from bot.ui.tracks import next_post

A_PAGE = 3
CARD_CHARS = 1150
"""So many questions stand on a page of the preview, each cut where it is longer than this."""
TOPICS, NEAR, SKIPPED, TRACKS = 8, 4, 5, 4
TOPIC_CHARS, WORDING_CHARS, FILE_CHARS, NAME_CHARS = 40, 70, 60, 40


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """A track, and how its channel is called."""

    track: Track
    name: str


PARTS = {
    "wording": N_("wording"),
    "answer": N_("answer"),
    "key_points": N_("key points"),
    "pitfalls": N_("pitfalls"),
    "follow_ups": N_("follow-ups"),
    "sources": N_("sources"),
    "items": N_("quiz items"),
}
"""What the parts of a question are called in which a file differs."""


def _buttons(view: ImportView) -> list[Button]:
    new, changed = len(view.read.questions), len(view.read.changed)
    bring, cancel = f"mb:bank:bring:{view.id}", f"mb:bank:cancel:{view.id}"
    if not changed:
        taken = ngettext("Import {number} question", "Import {number} questions", new)
        return [Button(taken, bring, main=True), Button(_("Cancel"), cancel)]
    if not new:
        return [Button(_("Take the file's"), f"{bring}:1", main=True), Button(_("Keep ours"), cancel)]
    ours = ngettext("Import {number} question, keep ours", "Import {number} questions, keep ours", new)
    theirs = ngettext(
        "Import {number} question, take the file's", "Import {number} questions, take the file's", new
    )
    return [Button(ours, bring, main=True), Button(theirs, f"{bring}:1"), Button(_("Cancel"), cancel)]


def preview_page(view: ImportView) -> Page:
    """What a file would add, before anything is stored."""
    read = view.read
    answers = sum(question.spoken is not None for question in read.questions)
    items = sum(len(question.items) for question in read.questions)
    topics = Counter(question.topic for question in read.questions)
    parts = [
        ngettext("{number} topic", "{number} topics", len(topics)),
        ngettext("{number} with an answer", "{number} with an answer", answers) if answers else _("no answers"),
    ]
    if items:
        parts.append(ngettext("{number} quiz item", "{number} quiz items", items))
    head = [
        ngettext(
            "### {number} question for `{pack}`",
            "### {number} questions for `{pack}`",
            len(read.questions),
            pack=view.pack,
        ),
        _("From **{file}**: {parts}.", file=quoted(view.file, FILE_CHARS), parts=", ".join(parts)),
        *(
            _("- {topic}: {count:,}", topic=quoted(name, TOPIC_CHARS), count=count)
            for name, count in list(topics.items())[:TOPICS]
        ),
    ]
    if (more := len(topics) - TOPICS) > 0:
        head.append(ngettext("- and {number} more topic", "- and {number} more topics", more))
    if read.known:
        head.append(
            ngettext(
                "{number} question in this file is already in `{pack}`.",
                "{number} questions in this file are already in `{pack}`.",
                read.known,
                pack=view.pack,
            )
        )
    blocks = ["\n".join(head), *_changed(view), *_near(view), *_skipped(view)]
    see = [Button(_("See the questions"), f"mb:bank:look:{view.id}:1")] if read.questions else []
    *bring, cancel = _buttons(view)
    return Page(*blocks, _("-# This is a preview: nothing is saved yet."), buttons=[*bring, *see, cancel])


def _changed(view: ImportView) -> list[str]:
    changed = view.read.changed
    if not changed:
        return []
    lines = [
        _(
            "- `{question}` {wording}\n  differs in {parts}",
            question=one.question_id,
            wording=quoted(one.found.wording, WORDING_CHARS),
            parts=", ".join(_(PARTS[part]) for part in one.parts),
        )
        for one in changed[:NEAR]
    ]
    head = ngettext(
        "✏️ **{number} question in this file is different here**: keep ours, or take the file's?",
        "✏️ **{number} questions in this file are different here**: keep ours, or take the file's?",
        len(changed),
    )
    if (more := len(changed) - NEAR) > 0:
        lines.append(ngettext("- and {number} more question", "- and {number} more questions", more))
    return ["\n".join([head, *lines])]


def _near(view: ImportView) -> list[str]:
    pairs = [(one.prompt, found) for one in view.read.near if (found := view.near.get(one.question_id))]
    if not pairs:
        return []
    lines = [
        _(
            "- {wording}\n  like `{question}` {other}",
            wording=quoted(prompt, WORDING_CHARS),
            question=found.id,
            other=quoted(found.wording, WORDING_CHARS),
        )
        for prompt, found in pairs[:NEAR]
    ]
    head = ngettext(
        "⚠️ **{number} question looks like one you have**",
        "⚠️ **{number} questions look like ones you have**",
        len(pairs),
    )
    if (more := len(pairs) - NEAR) > 0:
        lines.append(ngettext("- and {number} more pair", "- and {number} more pairs", more))
    return ["\n".join([head, *lines])]


def _skipped(view: ImportView) -> list[str]:
    found = view.read.skipped
    if not found:
        return []
    lines = [
        _(
            "- Line {line}: {why}: “{text}”",
            line=one.line,
            why=why_skipped(one),
            text=quoted(one.text, WORDING_CHARS),
        )
        for one in found[:SKIPPED]
    ]
    if (more := len(found) - SKIPPED) > 0:
        lines.append(ngettext("- and {number} more line", "- and {number} more lines", more))
    return ["\n".join([_("**Check these lines**"), *lines])]


def cards_page(view: ImportView, page: int) -> Page:
    """Some of the questions as their cards will look; pages count from 1 on."""
    questions = view.read.questions
    last = -(-len(questions) // A_PAGE)
    page = min(max(page, 1), last)
    first = (page - 1) * A_PAGE
    shown = questions[first : first + A_PAGE]
    blocks = [
        cut("\n".join(question_blocks(question, view.number + first + at)), CARD_CHARS)
        for at, question in enumerate(shown)
    ]
    steps = ((_("Back"), page - 1), (_("Next"), page + 1))
    turning = [Button(way, f"mb:bank:look:{view.id}:{to}") for way, to in steps if 1 <= to <= last]
    turning.append(Button(_("Summary"), f"mb:bank:look:{view.id}:0"))
    note = _("-# Page {page:,} of {pages:,}. This is a preview: nothing is saved yet.", page=page, pages=last)
    return Page(*blocks, note, buttons=turning, more=_buttons(view))


def cancelled_text() -> str:
    """An import was left."""
    return _("Canceled. Nothing was saved.")


def imported_page(done: Imported, tracks: Sequence[NamedTrack]) -> Page:
    """An import was stored; the next steps are a press away."""
    changed = ngettext(
        "✅ {number} question in `{pack}` now matches the file.",
        "✅ {number} questions in `{pack}` now match the file.",
        len(done.changed),
        pack=done.pack,
    )
    if not done.questions:
        again = _("Use `/bank edit` to change them again; what was already asked keeps its wording.")
        return Page(
            f"{changed} {again}",
            buttons=[Button(_("See the packs"), "mb:bank:packs")],
        )
    first, last = done.questions[0].id, done.questions[-1].id
    ids = f"`{first}`" if first == last else _("`{first}` to `{last}`", first=first, last=last)
    hint = _("Where should I ask them?")
    if not tracks:
        hint = _("To have them asked, set up a channel: `/setup packs:{pack}` and your `timezone`.", pack=done.pack)
    asking = [
        button
        for one in tracks[:TRACKS]
        for button in (
            Button(
                _("Ask only these in #{channel}", channel=cut(one.name, NAME_CHARS)),
                f"mb:bank:draw:{one.track.id}:{done.pack}",
                main=True,
            ),
            Button(
                _("Add them to #{channel}", channel=cut(one.name, NAME_CHARS)),
                f"mb:bank:mix:{one.track.id}:{done.pack}",
            ),
        )
    ]
    others = [
        Button(_("See the packs"), "mb:bank:packs"),
        Button(_("Take it back"), f"mb:bank:undo:{done.id}", danger=True),
    ]
    told = [changed] if done.changed else []
    added = ngettext(
        "✅ {number} question added to `{pack}`: {questions}.",
        "✅ {number} questions added to `{pack}`: {questions}.",
        len(done.questions),
        pack=done.pack,
        questions=ids,
    )
    return Page("\n".join([added, *told, hint]), buttons=asking or others, more=others if asking else ())


def drawn_text(track: Track, pack: Pack) -> str:
    """A channel asks the questions of a pack from now on."""
    others = [f"`{name}`" for name in track.packs if name != pack.id]
    values = {"channel": track.channel_id, "pack": pack.id}
    if not others:
        asks = ngettext(
            "<#{channel}> now gets its questions from `{pack}` ({number} question).",
            "<#{channel}> now gets its questions from `{pack}` ({number} questions).",
            len(pack.questions),
            **values,
        )
    else:
        asks = ngettext(
            "<#{channel}> now gets its questions from `{pack}` ({number} question), along with {packs}.",
            "<#{channel}> now gets its questions from `{pack}` ({number} questions), along with {packs}.",
            len(pack.questions),
            **values,
            packs=", ".join(others),
        )
    return f"{asks} {next_post(track)}"


def export_page(pack: Pack, name: str, kept_back: Sequence[Question] = ()) -> Page:
    """What `/bank export` answers, above the file.

    Args:
        kept_back: questions that are open now, so that only their wording is in it.
    """
    count = len(pack.questions)
    if name.endswith((".yaml", ".json")):
        held = ngettext(
            "{number} question from `{pack}`, with everything there is about it.",
            "{number} questions from `{pack}`, with everything there is about them.",
            count,
            pack=pack.id,
        )
    else:
        held = ngettext(
            "{number} question from `{pack}`, with its wording, answer and quiz items, easy to edit.",
            "{number} questions from `{pack}`, with wordings, answers and quiz items, easy to edit.",
            count,
            pack=pack.id,
        )
    open_now = ngettext(
        "🔒 Question {questions} is open right now: its answer and quiz items stay out of the "
        "file until it closes.",
        "🔒 Questions {questions} are open right now: their answers and quiz items stay out "
        "of the file until they close.",
        len(kept_back),
        questions=", ".join(f"`{question.number}`" for question in kept_back),
    )
    return Page(
        held,
        *([open_now] if kept_back else []),
        _("-# You can bring this file back with `/bank import`, in another server, too."),
        file=name,
    )


def taken_back_text(pack: str, count: int) -> str:
    """An import was taken back."""
    return ngettext(
        "Taken back: the {number} question from this import won't be asked. The rest of `{pack}` stays.",
        "Taken back: the {number} questions from this import won't be asked. The rest of `{pack}` stays.",
        count,
        pack=pack,
    )
