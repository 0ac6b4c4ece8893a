"""The standard of a finished question: what `bank check` demands beyond a readable file.

A question without a model answer is unfinished and passes; a finished one is held to every rule: to those of its
form, which is an answer in layers (`say`, `show`, `stands_out`), or one in short and in full (`gist`, `answer`).
`docs/authoring.md` explains the rules to authors.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from rapidfuzz import fuzz

from bot.domain.bank import Difficulty, Item, Pack, Question
from bot.domain.bank_limits import controls, limit_of, question_texts
from bot.domain.hints import HintReader
from bot.domain.surface import APPLYING, RANKS, Guess, ItemShares, guesses, shares
from bot.domain.text import content_words

ANSWER_WORDS = (90, 220)
GIST_CHARS = 320
SAY_WORDS = (60, 120)
SAY_PAUSES = 2
"""How many colons and semicolons `say` may have: nobody speaks in them."""
ANSWER_WORDS_BY_LEVEL = {Difficulty.EASY: 170, Difficulty.MEDIUM: 220, Difficulty.HARD: 260}
"""The most words of `say`, `show` and `stands_out` together, code not counted."""
CODE_LINES, CODE_CHARS = 6, 72
KEY_POINTS, ALIASES, PITFALLS, FOLLOW_UPS, SOURCES = (3, 6), (1, 3), (1, 3), (2, 3), (1, 3)
MUST_POINTS, LAYERED_SOURCES = 2, (1, 5)
KEY_POINT_WORDS, KEY_POINT_CHARS, KEY_POINT_OWN_WORDS = (6, 15), 100, 2
FEWEST_ITEMS = 3
STEM_CHARS, OPTION_CHARS = 240, 110
ALT_CHARS = (40, 400)
KNOWING = frozenset({"definition", "mechanism", "reason", "comparison"})
KINDS = KNOWING | APPLYING
GIVEAWAY_SHARE = 0.30
LEVEL_SHARE = 0.20
SHARES_FROM = 10
"""Shares are demanded of packs with at least this many items (or questions): below, one more or less decides."""
RANK_SHARE = (0.20, 0.30)
HOLDING_SHARE, APPLYING_SHARE, GUESSED_SHARE = 0.50, 0.40, 0.33
FORM_FROM = 40
"""The form of items is judged from this many on: it holds for those that belong to answers in layers."""
GUESSED_FROM = 100
"""With fewer items the surface model is right by chance; guessing at random it is right in a quarter of them."""
SIMILAR = 75
"""Two items of different questions whose stem and right option agree to this degree (0-100) ask the same."""

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
_UNSPOKEN = re.compile(r"[=<>+~×÷·√∑Σ∏∂∇∞≈≤≥→←∈‖|^_{}\[\]\\$*`#²³ͰͲ-Ͽἀ-῿₀-₉⁰-⁹ᵀ]")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LEAD = re.compile(r"\*\*[^*\n]+[.:?!]\*\*")
_SHOW_MARKUP = re.compile(r"\$|\\|\|\||~~|<[@#:]|__|\w_[\w{]|^#", re.MULTILINE)
_CODE_SPAN = re.compile(r"`[^`\n]+`")
BRITISH = re.compile(
    r"\b(?:\w*(?:optim|regular|normal|initial|general|real|token|quant|memor|maxim|minim|paramet(?:e?r)|parallel|vector"
    r"|visual|organ|recogn|summar|penal|stabil|special|local|custom|character|emphas|util|random|synthes|factor|linear"
    r"|categor|priorit|serial|standard|neutral|final|equal|capital|hypothes)is(?:e[drs]?|ing|ations?|ational)"
    r"|analys(?:ed?|ing)|practis(?:e[ds]?|ing)|\w*(?:behavio|favo|colo|neighbo|hono|labo|flavo|rumo|vapo|armo|harbo)ur\w*"
    r"|(?:cent|fib|met|theat|calib)re[ds]?|(?:de|of)fence|licence|artefacts?|grey\w*|programmes?|whilst|amongst"
    r"|(?:un)?(?:label|model|cancel|travel|signal|tunnel|channel|fuel|level)l(?:ed|ing|ers?)|sceptic\w*|learnt|spelt"
    r"|catalogues?|ageing|judgement|fulfil)\b",
    re.IGNORECASE,
)
"""Words in British spelling that the field's texts use; a small list, not a dictionary."""
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


_Told: TypeAlias = tuple[str, *tuple[str | int, ...]]
"""What there is to mend, and the path to it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend. `path` leads to it inside the question, as in its file; () is the whole question."""

    question_id: str
    path: tuple[str | int, ...]
    message: str


def findings(pack: Pack) -> list[Finding]:
    """Everything in a pack that falls short of the standard."""
    finished = [question for question in pack.questions if question.model_answer is not None]
    found = [finding for question in finished for finding in _question(question)]
    return [*found, *_shares(pack, finished), *_form(pack), *_similar(finished)]


def hint_findings(pack: Pack, reader: HintReader) -> list[Finding]:
    """The key points that hints don't find in their own model answer, and the aliases that don't find theirs."""
    found: list[Finding] = []
    for question in (question for question in pack.questions if question.model_answer is not None):
        own = reader.of(question, question.model_answer or "").mentioned
        for at, point in enumerate(question.key_points):
            if at not in own:
                message = (
                    "hints don't find this key point in the model answer; say it there or add an alias of its words"
                )
                found.append(Finding(question.id, ("key_points", at), message))
            for number, alias in enumerate(point.aliases):
                if at not in reader.of(question, alias).mentioned:
                    message = f"hints don't know this key point by “{alias}”; put more of the fact into the alias"
                    found.append(Finding(question.id, ("key_points", at, "aliases", number), message))
    return found


def picture_findings(pack: Pack, drawings: Collection[str]) -> list[Finding]:
    """What is wrong with the pictures of a pack's questions.

    Args:
        drawings: the names of all drawings that there are.
    """
    found: list[Finding] = []
    for question in pack.questions:
        if (picture := question.picture) is None:
            continue
        if picture.name not in drawings:
            said = f"there is no drawing “{picture.name}”; `bank pictures` draws those there are"
            found.append(Finding(question.id, ("picture", "name"), said))
        if _outside(len(picture.alt), ALT_CHARS):
            said = (
                f"alt says what the picture shows in {ALT_CHARS[0]} to {ALT_CHARS[1]} characters; "
                f"this one has {len(picture.alt)}"
            )
            found.append(Finding(question.id, ("picture", "alt"), said))
    return found


def crossing(pack: Pack, reader: HintReader) -> float:
    """In which share of pairs one question's spoken answer mentions two or more key points of the other."""
    told = [(question, question.spoken) for question in pack.questions if question.spoken]
    pairs = [(one, text, other) for one, text in told for other, _ in told if other is not one]
    return sum(len(reader.of(other, text).mentioned) > 1 for _, text, other in pairs) / max(len(pairs), 1)


def unfit(pack: Pack) -> list[Finding]:
    """What no card or form can carry, in any question, finished or not."""
    found: list[Finding] = []
    for question in pack.questions:
        for path, text in question_texts(question):
            if sign := controls(text):
                found.append(
                    Finding(question.id, path, f"a control character ({sign}) that cannot be shown; delete it")
                )
            if len(text) > (most := limit_of(path)):
                said = f"{path[0]} has {len(text):,} characters, and a card or a form holds {most:,}; shorten it"
                found.append(Finding(question.id, path, said))
    return found


def item_guesses(pack: Pack) -> dict[str, list[Guess]]:
    """By topic, how the surface model takes the items of answers in layers."""
    layered = tuple(question for question in pack.questions if question.layered)
    topics = {item.id: question.topic for question in layered for item in question.items}
    found: dict[str, list[Guess]] = {}
    for guess in guesses(layered):
        found.setdefault(topics[guess.item.id], []).append(guess)
    return found


def cue_of(guess: Guess) -> str:
    """What gives an item's right option away, in words."""
    return f"{guess.item.id}: the form of its options gives the right one {guess.probability:.0%}: {guess.cue}"


def _outside(count: int, bounds: tuple[int, int]) -> bool:
    return not bounds[0] <= count <= bounds[1]


def _question(question: Question) -> Iterator[Finding]:
    def say(message: str, *path: str | int) -> Finding:
        return Finding(question.id, path, message)

    for message, *path in _layers(question) if question.layered else _plain_answer(question):
        yield say(message, *path)
    for name, found, bounds in (
        ("key_points", question.key_points, KEY_POINTS),
        ("pitfalls", question.pitfalls, PITFALLS),
        ("follow_ups", question.follow_ups, FOLLOW_UPS),
        ("sources", question.sources, LAYERED_SOURCES if question.layered else SOURCES),
    ):
        if _outside(len(found), bounds):
            yield say(f"{name} has {len(found)} entries; write {bounds[0]} to {bounds[1]}", name)
    if [point.must for point in question.key_points] != sorted((p.must for p in question.key_points), reverse=True):
        yield say("key points that are a must stand first", "key_points")
    if sum(point.must for point in question.key_points) > MUST_POINTS:
        yield say(f"at most {MUST_POINTS} key points are a must; the rest is bonus", "key_points")
    known = set(content_words(f"{question.prompt} {question.wording}"))
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
    if question.layered:
        for path, text in (*_texts(question), (("show",), question.show or "")):
            if word := BRITISH.search(text):
                yield say(f"“{word[0]}” is British; the bank is written in American English", *path)


def _plain_answer(question: Question) -> Iterator[_Told]:
    """The rules of an answer in short and in full."""
    words = len((question.answer or "").split())
    if _outside(words, ANSWER_WORDS):
        yield f"the answer has {words} words; write {ANSWER_WORDS[0]} to {ANSWER_WORDS[1]}", "answer"
    if question.gist is None:
        yield ("a finished question has a gist",)
    elif len(question.gist) > GIST_CHARS or _outside(len(_SENTENCE_END.findall(question.gist)), (1, 2)):
        yield f"the gist is one or two sentences of at most {GIST_CHARS} characters together", "gist"


def _layers(question: Question) -> Iterator[_Told]:
    """The rules of an answer in layers."""
    if question.gist or question.answer:
        yield "say and show take the place of gist and answer; delete those", "gist" if question.gist else "answer"
    if question.shown is None:
        yield ("write the question as people read it: shown",)
    say, show, stands_out = question.say or "", question.show or "", question.stands_out or ""
    for name, text in (("say", say), ("show", show), ("stands_out", stands_out)):
        if not text:
            yield (f"a finished question has {name}",)
    words = len(say.split())
    if say and _outside(words, SAY_WORDS):
        yield f"say has {words} words; write {SAY_WORDS[0]} to {SAY_WORDS[1]}", "say"
    if sign := _UNSPOKEN.search(say):
        yield f"“{sign[0]}” cannot be said; write the word for it", "say"
    if len(re.findall(r"[:;](?=\s|$)", say)) > SAY_PAUSES:
        yield f"say has at most {SAY_PAUSES} colons and semicolons; speak in sentences", "say"
    if stands_out and _outside(len(_SENTENCE_END.findall(stands_out)), (1, 2)):
        yield "stands_out is one or two sentences", "stands_out"
    prose = _FENCE.sub("", show)
    words = sum(len(text.split()) for text in (say, prose, stands_out))
    if words > ANSWER_WORDS_BY_LEVEL[question.difficulty]:
        most = ANSWER_WORDS_BY_LEVEL[question.difficulty]
        yield (
            f"say, show and stands_out have {words} words; for {question.difficulty} write at most {most}",
            "say",
        )
    if show:
        yield from ((message, "show") for message in _show(show, prose))
    if question.as_of and question.as_of.source not in {source.url for source in question.sources}:
        yield "the source of as_of is one of the sources", "as_of"
    dated = f"{say} {prose} {stands_out}"
    if question.as_of is None and (found := _YEAR_WORDS.search(dated)) and not _YEAR.search(dated):
        yield f"“{found[0]}” depends on the year in which it is read; name the year and set as_of", "say"


def _show(show: str, prose: str) -> Iterator[str]:
    """The rules of `show`; `prose` is what stands outside its blocks of code."""
    if "```" in prose:
        yield "a block of code begins and ends with ``` on lines of their own"
    for paragraph in filter(None, (text.strip() for text in re.split(r"\n\s*\n", prose))):
        if not _LEAD.match(paragraph):
            yield f"a paragraph begins with a bold lead, such as **Example.**: “{paragraph[:40]}”"
    if mark := _SHOW_MARKUP.search(_CODE_SPAN.sub("", prose)):
        yield f"“{mark[0]}” in prose: formulas stand on lines of their own in a block of code"
    for _, code in _FENCE.findall(show):
        lines = code.rstrip().splitlines()
        if len(lines) > CODE_LINES:
            yield f"a block of code has at most {CODE_LINES} lines; this one has {len(lines)}"
        if any(len(line) > CODE_CHARS for line in lines):
            yield f"a line of code has at most {CODE_CHARS} characters, else a phone breaks it"


def _texts(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("gist",), question.gist or ""
    yield ("answer",), question.answer or ""
    yield ("say",), question.say or ""
    yield ("stands_out",), question.stands_out or ""
    yield ("picture", "alt"), question.picture.alt if question.picture else ""
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
        for message, *path in (*_item(item), *(_layered_item(item) if question.layered else ())):
            yield Finding(question.id, ("items", at, *path), message)


def _layered_item(item: Item) -> Iterator[_Told]:
    """What an item has since answers come in layers."""
    if item.difficulty is None:
        yield ("an item has a difficulty of its own",)
    if item.kind == "calculation" and not item.sums:
        yield ("an item in which one calculates says so: sums: true",)


def _item(item: Item) -> Iterator[_Told]:
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
    items = [
        (question, at, item)
        for question in finished
        if not question.layered
        for at, item in enumerate(question.items)
    ]
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


def _form(pack: Pack) -> Iterator[Finding]:
    """The rules of what items have in common, for those that belong to answers in layers."""
    by_topic = item_guesses(pack)
    found = [guess for topic in by_topic.values() for guess in topic]
    if len(found) < FORM_FROM:
        return
    places = {item.id: (q.id, ("items", at)) for q in pack.questions for at, item in enumerate(q.items)}
    here = places[found[-1].item.id]
    whole, topics = shares(found), {topic: shares(own) for topic, own in by_topic.items()}

    def told(said: str, share: Callable[[ItemShares], float], due: str) -> Finding:
        each = ", ".join(f"{topic} {share(own):.0%}" for topic, own in topics.items())
        return Finding(
            *here, f"{said} in {share(whole):.0%} of {whole.items} items, not in {due}; by topic: {each}"
        )

    for rank, name in enumerate(RANKS):
        if not RANK_SHARE[0] <= whole.ranks[rank] <= RANK_SHARE[1]:
            due = f"{RANK_SHARE[0]:.0%} to {RANK_SHARE[1]:.0%}"
            yield told(f"the right option is the {name}", lambda own, rank=rank: own.ranks[rank], due)
    if whole.holding < HOLDING_SHARE:
        yield told("most distractors hold", lambda own: own.holding, f"at least {HOLDING_SHARE:.0%}")
    if whole.applying < APPLYING_SHARE:
        kinds = ", ".join(sorted(APPLYING))
        yield told(f"knowledge is applied ({kinds})", lambda own: own.applying, f"at least {APPLYING_SHARE:.0%}")
    complete = all(question.layered for question in pack.questions) and len(found) >= GUESSED_FROM
    if complete and whole.guessed > GUESSED_SHARE:
        yield told("the form gives the right option away", lambda own: own.guessed, f"at most {GUESSED_SHARE:.0%}")
        for guess in found:
            if guess.right == 1:
                yield Finding(*places[guess.item.id], cue_of(guess))


def _similar(finished: list[Question]) -> Iterator[Finding]:
    known = [
        (question, at, f"{' '.join(content_words(item.stem))} {' '.join(content_words(item.correct))}")
        for question in finished
        for at, item in enumerate(question.items)
    ]
    for (one, one_at, text), (other, at, other_text) in combinations(known, 2):
        if one is not other and fuzz.token_sort_ratio(text, other_text) >= SIMILAR:
            yield Finding(other.id, ("items", at), f"asks the same as {one.items[one_at].id}: tell them apart")
