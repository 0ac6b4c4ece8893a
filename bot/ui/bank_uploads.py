"""Bringing a file of questions: what is in it before it is stored, and the next steps once it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.bank import Pack, Question
from bot.domain.tracks import Track
from bot.services.bank_uploads import Imported, ImportView
from bot.ui.bank_drafts import question_blocks
from bot.ui.bank_imports import why_skipped
from bot.ui.kit.layouts import Button, Page, counted, cut
from bot.ui.kit.words import quoted
from bot.ui.tracks import next_post

A_PAGE = 3
CARD_CHARS = 1150
"""So many questions stand on a page of the preview, each cut where it is longer than this."""
TOPICS, NEAR, SKIPPED, TRACKS = 8, 4, 5, 4
TOPIC_CHARS, WORDING_CHARS, FILE_CHARS, NAME_CHARS = 40, 70, 60, 40
CANCELLED = "Cancelled. Nothing was stored."


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """A track, and how its channel is called."""

    track: Track
    name: str


PARTS = {
    "wording": "wording",
    "answer": "answer",
    "key_points": "key points",
    "pitfalls": "pitfalls",
    "follow_ups": "follow-ups",
    "sources": "sources",
    "items": "quiz items",
}
"""What the parts of a question are called in which a file differs."""


def _buttons(view: ImportView) -> list[Button]:
    new, changed = len(view.read.questions), len(view.read.changed)
    count = counted(new, "question")
    bring, keep = f"mb:bank:bring:{view.id}", "Keep ours"
    if not changed:
        found = [Button(f"Import {count}", bring, main=True)]
    elif new:
        found = [
            Button(f"Import {count}, keep ours", bring, main=True),
            Button(f"Import {count}, take the file's", f"{bring}:1"),
        ]
    else:
        found = [Button("Take the file's", f"{bring}:1", main=True)]
    return [*found, Button(keep if changed and not new else "Cancel", f"mb:bank:cancel:{view.id}")]


def preview_page(view: ImportView) -> Page:
    """What a file would add, before anything is stored."""
    read = view.read
    answers = sum(question.spoken is not None for question in read.questions)
    items = sum(len(question.items) for question in read.questions)
    topics = Counter(question.topic for question in read.questions)
    parts = [counted(len(topics), "topic"), f"{answers:,} with an answer" if answers else "no answers"]
    if items:
        parts.append(counted(items, "quiz item"))
    head = [
        f"### {counted(len(read.questions), 'question')} for `{view.pack}`",
        f"From **{quoted(view.file, FILE_CHARS)}**: {', '.join(parts)}.",
        *(f"- {quoted(name, TOPIC_CHARS)}: {count:,}" for name, count in list(topics.items())[:TOPICS]),
        *_more(len(topics) - TOPICS, "topic"),
    ]
    if read.known:
        head.append(f"{counted(read.known, 'question')} of this file {_are(read.known)} in `{view.pack}` already.")
    blocks = ["\n".join(head), *_changed(view), *_near(view), *_skipped(view)]
    see = [Button("See the questions", f"mb:bank:look:{view.id}:1")] if read.questions else []
    *bring, cancel = _buttons(view)
    return Page(*blocks, "-# This is a preview: nothing is stored yet.", buttons=[*bring, *see, cancel])


def _changed(view: ImportView) -> list[str]:
    changed = view.read.changed
    if not changed:
        return []
    lines = [
        f"- `{one.question_id}` {quoted(one.found.wording, WORDING_CHARS)}\n"
        f"  differs in {', '.join(PARTS[part] for part in one.parts)}"
        for one in changed[:NEAR]
    ]
    read = "is different here" if len(changed) == 1 else "are different here"
    head = f"✏️ **{counted(len(changed), 'question')} of this file {read}**: keep ours, or take the file's?"
    return ["\n".join([head, *lines, *_more(len(changed) - NEAR, "question")])]


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _more(count: int, what: str) -> list[str]:
    return [f"- and {counted(count, f'more {what}')}"] if count > 0 else []


def _near(view: ImportView) -> list[str]:
    pairs = [(one.prompt, found) for one in view.read.near if (found := view.near.get(one.question_id))]
    if not pairs:
        return []
    lines = [
        f"- {quoted(prompt, WORDING_CHARS)}\n  like `{found.id}` {quoted(found.wording, WORDING_CHARS)}"
        for prompt, found in pairs[:NEAR]
    ]
    alike = "looks like one you have" if len(pairs) == 1 else "look like ones you have"
    head = f"⚠️ **{counted(len(pairs), 'question')} {alike}**"
    return ["\n".join([head, *lines, *_more(len(pairs) - NEAR, "pair")])]


def _skipped(view: ImportView) -> list[str]:
    found = view.read.skipped
    if not found:
        return []
    lines = [f"- Line {one.line}: {why_skipped(one)}: “{quoted(one.text, WORDING_CHARS)}”" for one in found]
    return ["\n".join(["**Look at these lines**", *lines[:SKIPPED], *_more(len(lines) - SKIPPED, "line")])]


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
    steps = {"Back": page - 1, "Next": page + 1}
    turning = [Button(way, f"mb:bank:look:{view.id}:{to}") for way, to in steps.items() if 1 <= to <= last]
    turning.append(Button("Summary", f"mb:bank:look:{view.id}:0"))
    note = f"-# Page {page:,} of {last:,}. This is a preview: nothing is stored yet."
    return Page(*blocks, note, buttons=turning, more=_buttons(view))


def imported_page(done: Imported, tracks: Sequence[NamedTrack]) -> Page:
    """An import was stored; the next steps are a press away."""
    match = "matches" if len(done.changed) == 1 else "match"
    changed = f"✅ {counted(len(done.changed), 'question')} of `{done.pack}` now {match} the file."
    if not done.questions:
        return Page(
            f"{changed} `/bank edit` changes them again; what was asked keeps its wording.",
            buttons=[Button("See the packs", "mb:bank:packs")],
        )
    first, last = done.questions[0].id, done.questions[-1].id
    ids = f"`{first}`" if first == last else f"`{first}` to `{last}`"
    hint = (
        "Where should I ask them?"
        if tracks
        else f"To have them asked, set up a channel: `/setup packs:{done.pack}` and your `timezone`."
    )
    asking = [
        button
        for one in tracks[:TRACKS]
        for button in (
            Button(_label("Ask only these in", one), f"mb:bank:draw:{one.track.id}:{done.pack}", main=True),
            Button(_label("Add them to", one), f"mb:bank:mix:{one.track.id}:{done.pack}"),
        )
    ]
    others = [
        Button("See the packs", "mb:bank:packs"),
        Button("Take it back", f"mb:bank:undo:{done.id}", danger=True),
    ]
    told = [changed] if done.changed else []
    text = "\n".join([f"✅ {counted(len(done.questions), 'question')} added to `{done.pack}`: {ids}.", *told, hint])
    return Page(text, buttons=asking or others, more=others if asking else ())


def _label(verb: str, one: NamedTrack) -> str:
    return f"{verb} #{cut(one.name, NAME_CHARS)}"


def drawn_text(track: Track, pack: Pack) -> str:
    """A channel asks the questions of a pack from now on."""
    others = [f"`{name}`" for name in track.packs if name != pack.id]
    beside = f", beside {', '.join(others)}" if others else ""
    count = counted(len(pack.questions), "question")
    return f"<#{track.channel_id}> asks from `{pack.id}` now ({count}){beside}. {next_post(track)}"


def export_page(pack: Pack, name: str, kept_back: Sequence[Question] = ()) -> Page:
    """What `/bank export` answers, above the file.

    Args:
        kept_back: questions that are open now, so that only their wording is in it.
    """
    whole = name.endswith((".yaml", ".json"))
    what = "everything there is about them" if whole else "wordings, answers and quiz items, easy to edit"
    numbers = ", ".join(f"`{question.number}`" for question in kept_back)
    are = f"Question {numbers} is open" if len(kept_back) == 1 else f"Questions {numbers} are open"
    open_now = f"🔒 {are} right now: answer and quiz items stay out of the file until it closes."
    return Page(
        f"{counted(len(pack.questions), 'question')} of `{pack.id}`, with {what}.",
        *([open_now] if kept_back else []),
        "-# `/bank import` reads this file, also in another server.",
        file=name,
    )


def taken_back_text(pack: str, count: int) -> str:
    """An import was taken back."""
    return (
        f"Taken back: the {counted(count, 'question')} of this import won't be asked. The rest of `{pack}` stays."
    )
