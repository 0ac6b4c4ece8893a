"""The standard of a finished question: what `bank check` demands beyond a readable file.

A question without a model answer is unfinished and passes; a finished one is held to every rule.
`docs/authoring.md` explains the rules to authors.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from bot.domain.bank import Difficulty, Item, Pack, Question

ANSWER_WORDS = (90, 220)
GIST_CHARS = 320
KEY_POINTS, ALIASES, PITFALLS, FOLLOW_UPS, SOURCES = (3, 6), (1, 3), (1, 3), (2, 3), (1, 3)
KEY_POINT_WORDS, KEY_POINT_CHARS, KEY_POINT_OWN_WORDS = (6, 15), 100, 2
FEWEST_ITEMS = 3
STEM_CHARS, OPTION_CHARS = 240, 110
KINDS = frozenset({"definition", "mechanism", "reason", "comparison", "case", "choice", "calculation"})
GIVEAWAY_SHARE = 0.30
LEVEL_SHARE = 0.20
SHARES_FROM = 10
"""Shares are demanded of packs with at least this many items (or questions): below, one more or less decides."""
SIMILAR = 75
"""Two items of different questions whose stem and right option agree to this degree (0-100) ask the same."""

_STOP_WORD = re.compile(
    r"""a|an|and|are|as|at|be|been|being|between|by|can|could|did|do|does|each|for|from|had|has|have|how|if|in|into|is
    |it|its|itself|may|might|most|must|of|off|on|one|or|our|should|so|some|such|than|that|the|their|them|then|there
    |these|they|this|those|to|under|up|was|were|what|when|where|which|while|who|whom|whose|why|will|with|would|you
    |your""",
    re.VERBOSE,
)
_NEGATIONS = re.compile(r"\b(?:not|no|never|none|nor|neither|cannot|except|without)\b|n[’']t\b")
_REFERS = re.compile(
    r"""\b(?:(?:all|none|both|any|either|neither)[ ]of[ ](?:the|these|those)\b.{0,9}?(?:above|option|answer|other)s?
    |(?:both|either)[ ](?-i:[A-D][ ](?:and|or)[ ][A-D])
    |the[ ](?:other|previous|first|last)[ ](?:option|answer)s?
    |options?[ ](?-i:[A-D])
    |^(?-i:[A-D])(?:,|[ ](?:is|and|as)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR_WORDS = re.compile(
    r"\b(?:today|currently|nowadays|recent|recently|latest|newest|modern|so far|this year|last year|at present|"
    r"state[ -]of[ -]the[ -]art|as of now)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MARKUP = re.compile(r"\$|\\|\*|`|\|\||~~|<[@#:]|__")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend. `path` leads to it inside the question, as in its file; () is the whole question."""

    question_id: str
    path: tuple[str | int, ...]
    message: str


def findings(pack: Pack) -> list[Finding]:
    """Everything in a pack that falls short of the standard."""
    finished = [question for question in pack.questions if question.answer is not None]
    found = [finding for question in finished for finding in _question(question)]
    return [*found, *_shares(pack, finished), *_similar(finished)]


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order, cut to a stem so that forms of one word agree."""
    words = (word.lower() for word in _WORD.findall(text))
    return [_stem(word) for word in words if not _STOP_WORD.fullmatch(word)]


def _stem(word: str) -> str:
    for ending in ("'s", "’s", "ings", "ing", "edly", "ies", "ied", "ed", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _outside(count: int, bounds: tuple[int, int]) -> bool:
    return not bounds[0] <= count <= bounds[1]


def _question(question: Question) -> Iterator[Finding]:
    def say(message: str, *path: str | int) -> Finding:
        return Finding(question.id, path, message)

    words = len((question.answer or "").split())
    if _outside(words, ANSWER_WORDS):
        yield say(f"the answer has {words} words; write {ANSWER_WORDS[0]} to {ANSWER_WORDS[1]}", "answer")
    if question.gist is None:
        yield say("a finished question has a gist")
    elif len(question.gist) > GIST_CHARS or _outside(len(_SENTENCE_END.findall(question.gist)), (1, 2)):
        yield say(f"the gist is one or two sentences of at most {GIST_CHARS} characters together", "gist")
    for name, found, bounds in (
        ("key_points", question.key_points, KEY_POINTS),
        ("pitfalls", question.pitfalls, PITFALLS),
        ("follow_ups", question.follow_ups, FOLLOW_UPS),
        ("sources", question.sources, SOURCES),
    ):
        if _outside(len(found), bounds):
            yield say(f"{name} has {len(found)} entries; write {bounds[0]} to {bounds[1]}", name)
    known = set(content_words(question.prompt))
    for at, point in enumerate(question.key_points):
        count = len(point.text.split())
        if _outside(count, KEY_POINT_WORDS) or len(point.text) > KEY_POINT_CHARS:
            yield say(
                f"a key point has 6 to 15 words and at most {KEY_POINT_CHARS} characters; "
                f"this one has {count} and {len(point.text)}",
                *("key_points", at, "text"),
            )
        if len(set(content_words(point.text)) - known) < KEY_POINT_OWN_WORDS:
            yield say("a key point needs two content words that are not in the question", "key_points", at, "text")
        if _outside(len(point.aliases), ALIASES):
            yield say("a key point has 1 to 3 aliases", "key_points", at)
    for at, follow_up in enumerate(question.follow_ups):
        if len(_SENTENCE_END.findall(follow_up.answer)) != 2:
            yield say("a follow-up's answer has two sentences", "follow_ups", at, "answer")
    yield from _items(question)
    for path, text in _texts(question):
        if mark := _MARKUP.search(text):
            yield say(f"“{mark[0]}” is markup to Discord or LaTeX; write the sign itself (×, ·, ‖, θ)", *path)


def _texts(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("gist",), question.gist or ""
    yield ("answer",), question.answer or ""
    for at, point in enumerate(question.key_points):
        yield ("key_points", at), " ".join((point.text, *point.aliases))
    for at, pitfall in enumerate(question.pitfalls):
        yield ("pitfalls", at), pitfall
    for at, follow_up in enumerate(question.follow_ups):
        yield ("follow_ups", at), f"{follow_up.question} {follow_up.answer}"
    for at, item in enumerate(question.items):
        yield ("items", at), " ".join(_item_texts(item))


def _item_texts(item: Item) -> Iterable[str]:
    wrong = (text for distractor in item.distractors for text in (distractor.text, distractor.why))
    return (item.stem, item.correct, *wrong, item.explanation)


def _items(question: Question) -> Iterator[Finding]:
    if len(question.items) < FEWEST_ITEMS:
        yield Finding(question.id, ("items",), f"a finished question has at least {FEWEST_ITEMS} items")
    kinds = [item.kind for item in question.items]
    if len(set(kinds)) < min(len(kinds), FEWEST_ITEMS):
        yield Finding(question.id, ("items",), "the items are of different kinds")
    for at, item in enumerate(question.items):
        for message, *path in _item(item):
            yield Finding(question.id, ("items", at, *path), message)


def _item(item: Item) -> Iterator[tuple[str, *tuple[str | int, ...]]]:
    options = [item.correct, *(distractor.text for distractor in item.distractors)]
    if item.kind not in KINDS:
        yield f"the kind is one of: {', '.join(sorted(KINDS))}", "kind"
    if len(item.stem) > STEM_CHARS:
        yield f"a stem has at most {STEM_CHARS} characters; this one has {len(item.stem)}", "stem"
    for option in options:
        if len(option) > OPTION_CHARS:
            yield (f"an option has at most {OPTION_CHARS} characters; “{option[:30]}…” has {len(option)}",)
        if _REFERS.search(option):
            yield (f"options are shuffled, so none may refer to another or to a letter: “{option[:60]}”",)
    for one, other in combinations(options, 2):
        if _norm(one) == _norm(other):
            yield (f"two options say the same: “{one[:60]}”",)
    if found := _NEGATIONS.search(item.stem):
        yield f"“{found[0]}” in a stem: ask the positive, or write it in capitals", "stem"
    given_away = set(content_words(item.stem)) & set(content_words(item.correct))
    given_away -= {word for distractor in item.distractors for word in content_words(distractor.text)}
    if given_away:
        yield f"words of the stem only in the right option: {', '.join(sorted(given_away))}", "correct"
    for text in _item_texts(item):
        if (found := _YEAR_WORDS.search(text)) and not _YEAR.search(text):
            yield (f"“{found[0]}” depends on the year in which it is read; name the year or leave it out",)


def _norm(text: str) -> tuple[str, ...]:
    return tuple(content_words(text)) or (text.casefold().strip(),)


def longest_right(item: Item) -> bool:
    """Whether the right option is the longest, or as long as the longest."""
    return len(item.correct) >= max(len(distractor.text) for distractor in item.distractors)


def shortest_right(item: Item) -> bool:
    """Whether the right option is the shortest, or as short as the shortest."""
    return len(item.correct) <= min(len(distractor.text) for distractor in item.distractors)


def _shares(pack: Pack, finished: list[Question]) -> Iterator[Finding]:
    items = [(question, at, item) for question in finished for at, item in enumerate(question.items)]
    if len(items) >= SHARES_FROM:
        for name, gives_away in (("longest", longest_right), ("shortest", shortest_right)):
            guilty = [(question, at) for question, at, item in items if gives_away(item)]
            if len(guilty) > GIVEAWAY_SHARE * len(items):
                yield Finding(
                    guilty[-1][0].id,
                    ("items", guilty[-1][1], "correct"),
                    f"the right option is the {name} in {len(guilty)} of {len(items)} items, "
                    f"more than {GIVEAWAY_SHARE:.0%}: "
                    + ", ".join(f"{question.items[at].id}" for question, at in guilty),
                )
    if len(pack.questions) >= SHARES_FROM and len(finished) == len(pack.questions):
        for level in Difficulty:
            share = sum(question.difficulty is level for question in finished) / len(finished)
            if share < LEVEL_SHARE:
                yield Finding(
                    finished[-1].id, ("difficulty",), f"only {share:.0%} of the questions are {level}; write 20 %"
                )


def _similar(finished: list[Question]) -> Iterator[Finding]:
    known = [
        (question, at, f"{' '.join(content_words(item.stem))} {' '.join(content_words(item.correct))}")
        for question in finished
        for at, item in enumerate(question.items)
    ]
    for (one, one_at, text), (other, at, other_text) in combinations(known, 2):
        if one is not other and fuzz.token_sort_ratio(text, other_text) >= SIMILAR:
            yield Finding(other.id, ("items", at), f"asks the same as {one.items[one_at].id}: tell them apart")
