"""What a card and a form can carry of a question, whichever way it came: as a file, a list or in a form."""

import re
from collections.abc import Iterator

from bot.domain.bank import Question

MOST_BYTES = 5 * 1024 * 1024
"""The largest file of questions that is read."""
PROMPT_CHARS = 2000
"""A card holds 4,000 characters with its head, foot and the backslashes that keep formulas upright."""
ANSWER_CHARS = 4000
"""The most that one field of a form takes; an answer is shown over as many messages as it needs."""
TOPIC_CHARS = 90
"""The name of a choice has 100, and a topic's number stands before it."""
STEM_CHARS, OPTION_CHARS = 600, 400
ALT_CHARS = 1024
"""The most that Discord takes as the description of a picture."""
OPTIONS = (2, 4)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows them, over the end of their own text."""


def without_controls(text: str) -> str:
    """A text without signs that no message can show or that would turn the rest of it around."""
    return _TURNING.sub("", _CONTROL.sub("", text))


def controls(text: str) -> str | None:
    """The name of the first sign in a text that no message can show; None where all can be shown."""
    found = _CONTROL.search(text) or _TURNING.search(text)
    return None if found is None else f"U+{ord(found[0]):04X}"


def question_texts(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a question that somebody reads, with the path to it as in its file."""
    for name in ("topic", "prompt", "shown", "say", "show", "stands_out", "gist", "answer"):
        if text := getattr(question, name):
            yield (name,), text
    if question.picture:
        yield ("picture", "name"), question.picture.name
        yield ("picture", "alt"), question.picture.alt
    for at, point in enumerate(question.key_points):
        yield ("key_points", at, "text"), point.text
        yield from ((("key_points", at, "aliases", n), alias) for n, alias in enumerate(point.aliases))
    yield from ((("pitfalls", at), pitfall) for at, pitfall in enumerate(question.pitfalls))
    for at, follow_up in enumerate(question.follow_ups):
        yield ("follow_ups", at, "question"), follow_up.question
        yield ("follow_ups", at, "answer"), follow_up.answer
    for at, source in enumerate(question.sources):
        yield ("sources", at, "title"), source.title
        yield ("sources", at, "url"), source.url
    if question.as_of is not None:
        yield ("as_of", "source"), question.as_of.source
    for at, item in enumerate(question.items):
        yield ("items", at, "kind"), item.kind
        yield ("items", at, "stem"), item.stem
        yield ("items", at, "correct"), item.correct
        yield ("items", at, "explanation"), item.explanation
        for n, distractor in enumerate(item.distractors):
            yield ("items", at, "distractors", n, "text"), distractor.text
            yield ("items", at, "distractors", n, "why"), distractor.why


def limit_of(path: tuple[str | int, ...]) -> int:
    """How many characters the text at this path of a question may have."""
    last = next(step for step in reversed(path) if isinstance(step, str))
    if path[0] in ("prompt", "shown") or path[0] == "follow_ups":
        return PROMPT_CHARS
    if path[0] == "topic":
        return TOPIC_CHARS
    if path[0] == "picture":
        return ALT_CHARS
    if path[0] == "items":
        return {"stem": STEM_CHARS, "correct": OPTION_CHARS, "text": OPTION_CHARS}.get(last, PROMPT_CHARS)
    return ANSWER_CHARS if path[0] in ("say", "show", "stands_out", "gist", "answer") else PROMPT_CHARS
