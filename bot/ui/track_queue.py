"""`/daily queue`: what comes next, and what a manager may do about it."""

from collections.abc import Callable, Sequence

from bot.domain.bank import Question
from bot.domain.selection import Order
from bot.domain.tracks import Track
from bot.services.track_queue import SHOWN, ComingQuestion, ComingQuestions, QueueChange
from bot.ui.kit.catalog import _
from bot.ui.kit.custom_ids import LARGEST_NUMBER
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import Beside, Button, Page
from bot.ui.kit.words import WORDING_SHOWN, quoted, weekday_and_day
from bot.ui.participation import dates_text
from bot.ui.tracks import ORDERS, few_left, next_post

Known = Callable[[str], Question | None]
"""Finds a question by its id, also one that is not asked any more."""
SEARCHED = 100
OUTSIDE = LARGEST_NUMBER
"""Stands for no position in the queue."""


def _name(known: Known, question_id: str) -> str:
    question = known(question_id)
    if question is None:
        return f"`{question_id}`"
    return f"{quoted(question.wording, WORDING_SHOWN)} (`{question.number}`)"


def _entry(number: int, one: ComingQuestion, known: Known) -> str:
    when = _("once you resume")
    if one.post is not None:
        when = f"{weekday_and_day(one.post.day)}, <t:{int(one.post.at.timestamp())}:R>"
    queued = [_("queued")] if one.queued else []
    anew = [_("all asked, starting over")] if one.starts_over else []
    return f"{' · '.join([f'**{number}**', when, *queued, *anew])}\n{_name(known, one.question_id)}"


def _beside(number: int, one: ComingQuestion, track: Track) -> Button:
    """What is likeliest wanted of a question: queued ones can leave, others come first."""
    if one.queued:
        return Button(_("Remove"), f"mb:daily:unqueue:{track.id}:{one.question_id}")
    if number == 1:
        return Button(_("Preview"), f"mb:daily:preview:{track.id}")
    return Button(_("To the front"), _to_front(track, one.question_id, number))


def _to_front(track: Track, question_id: str, number: int) -> str:
    """Names the line too, since of a few questions one may come several times."""
    return f"mb:daily:front:{track.id}:{number}:{question_id}"


def _note(found: ComingQuestions) -> str:
    """What one should know of the list, in small print."""
    track = found.track
    lines = [] if track.next_due_utc is not None else [next_post(track)]
    if found.skipped:
        lines.append(dates_text(_("Skipped"), found.skipped))
    planned = [one for one in found.coming if not one.queued]
    if len(planned) == len(found.coming) and not found.first:
        lines.append(_("Nothing is queued, so they come as planned: {order}.", order=_(ORDERS[track.order])))
    if planned and track.order is Order.ADAPTIVE:
        lines.append(_("The team's quiz answers decide what comes as planned, so it can still change."))
    small = [f"-# {line}" for line in lines]
    few = few_left(found.left, found.total)
    return "\n".join([*small, *([few] if few else [])])


def queue_page(found: ComingQuestions, known: Known, said: str | None = None, back: Button | None = None) -> Page:
    """The questions that come next, with what a manager may do about each.

    Args:
        said: what was just done.
        back: takes that back.
    """
    track, page = found.track, found.first // SHOWN
    numbered = list(enumerate(found.coming, start=found.first + 1))
    entries = [Beside(_entry(number, one, known), _beside(number, one, track)) for number, one in numbered]
    moves = [
        Button(_("Move {number} to the front", number=number), _to_front(track, one.question_id, number))
        for number, one in numbered
        if one.queued and number > 1
    ]
    turns = [(_("Earlier"), page - 1)] if page else []
    turns += [(_("Later"), page + 1)] if found.more else []
    if entries:
        blocks = [*entries, *([note] if (note := _note(found)) else [])]
    else:
        blocks = [_("Nothing: the chosen topics have no questions. Add one, or pick topics with `/setup topics:`.")]
    return Page(
        *([f"✅ {said}"] if said else []),
        _("### What comes next in <#{channel}>", channel=track.channel_id),
        *blocks,
        buttons=[
            Button(_("Add a question"), f"mb:daily:search:{track.id}", main=True),
            *([back] if back else []),
            *(Button(label, f"mb:daily:queued:{track.id}:{at}") for label, at in turns),
            *moves,
        ],
    )


def changed(track: Track, change: QueueChange, known: Known) -> tuple[str, Button | None]:
    """What was done to the queue, and the button that takes it back; none where nothing was."""
    name = _name(known, change.question_id)
    if change.now is None:
        if change.was is None:
            return _("No longer in the queue: {question}", question=name), None
        return _("Removed from the queue: {question}", question=name), _back(track, change)
    if change.now == change.was:
        return _("Already there: {question}", question=name), None
    if change.now == 0:
        return _("Next up: {question}", question=name), _back(track, change)
    return _("Queued: {question}", question=name), _back(track, change)


def _back(track: Track, change: QueueChange) -> Button:
    was = OUTSIDE if change.was is None else change.was
    return Button(_("Take it back"), f"mb:daily:back:{track.id}:{was}:{change.question_id}")


def search_form(track: Track) -> Form:
    """Asks which question to add."""
    form = Form(_("Add a question to the queue"), f"mb:daily:sought:{track.id}")
    form.ask("text", _("Its number, or words from it"), hint=_("48, or: reparameterization trick"), limit=SEARCHED)
    return form


def which_page(track: Track, text: str, near: Sequence[Question]) -> Page:
    """Offers what is near to a search that names no single question."""
    again = [Button(_("Search again"), f"mb:daily:search:{track.id}", main=not near)]
    if not near:
        nothing = _("Nothing here matches “{text}”. Try another word, or a number.", text=quoted(text))
        return Page(nothing, buttons=again)
    return Page(
        _("Which one do you mean by “{text}”?", text=quoted(text)),
        *(
            Beside(
                f"{quoted(one.wording, WORDING_SHOWN)} (`{one.number}`)\n-# {quoted(one.topic)}",
                Button(_("Add"), f"mb:daily:add:{track.id}:{one.id}"),
            )
            for one in near
        ),
        buttons=again,
    )
