"""Hints: which key points of a question an answer seems to mention, read from its words alone.

A hint is no grade. For each key point it says mentioned, not sure or not spotted, and quotes the sentence that it
goes by; `docs/feedback.md` says how well that works and what it cannot see.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from bot.domain.bank import KeyPoint, Question
from bot.domain.hint_words import (
    BRIEF_NEGATORS,
    DENIALS,
    ELSEWHERE,
    FUNCTION_WORDS,
    NEGATORS,
    Likeness,
    carrying,
    matter,
    meanings,
    stem,
    words,
)


class Mention(StrEnum):
    """How a key point stands in an answer."""

    MENTIONED = "mentioned"
    UNSURE = "unsure"
    NOT_SPOTTED = "not_spotted"


class Flag(StrEnum):
    """What makes an answer, or a part of it, count for less."""

    COPIED = "copied"
    ECHO = "echo"
    GIBBERISH = "gibberish"
    INSTRUCTION = "instruction"
    KEYWORDS = "keywords"
    NEGATED = "negated"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class PointHint:
    """One key point: a score from 0 to 1, what it comes to, and the words of the answer that it goes by."""

    score: float
    mention: Mention
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What was found for each key point, in their order; `copied`: the answer is the model answer itself."""

    points: tuple[PointHint, ...]
    copied: bool = False
    flags: tuple[Flag, ...] = ()

    @property
    def mentioned(self) -> list[int]:
        """The positions of the key points that were mentioned."""
        return [at for at, point in enumerate(self.points) if point.mention is Mention.MENTIONED]


MENTIONED_FROM, UNSURE_FROM = 0.5, 0.2
"""From which scores on."""
_RECALL, _MASS, _AGREEMENT = (0.117, 0.150), (3.32, 4.57), (0.065, 0.090)
"""Mean and standard deviation of the three signals; calibrated like what follows, see `docs/feedback.md`."""
_SLOPE, _OFFSET, _OFFSET_ALONE = 3.7, -2.05, -1.1
"""How the mean of the standardized signals becomes a score by a logistic function; `ALONE`: without aliases."""
ALONE = 0.75
"""What a mean over several ways to put a key point is of the best of them: assumed where there is only one."""
SMOOTH = 5.0
"""Added to what all words of a saying weigh together, so that one word is little proof of a short saying."""
LENGTH = 50
"""A passage of so many words is worth half: in a long one some words agree by chance."""
ASKED_WEIGHT = 0.25
"""What a word of a key point weighs that the question has, too: who repeats the question has said little."""
SHARED_WEIGHT = 0.35
"""How much less a word weighs for each further key point of the question that has it."""
KNOWN_FROM = 10
"""How often even a word that the background has never seen is taken to be there: names of things are no proof."""
BRIEF_REACH = 4
"""How many words on a "no" or "without" reaches."""
DOUBTFUL = 0.45
"""What is left of a score from a list of keywords, an instruction, an echo, or a denial: at most not sure."""
DENIED_SHARE = 0.6
"""From which share of the matched words on a passage denies a key point."""
ECHO_SHARE, ECHO_LIKE = 0.8, 0.36
"""A sentence is an echo when this share of its words are the question's, or are as like as this to one of them."""
COPIED_SHARE, COPIED_RUN, COPIED_WORDS = 0.6, 5, 12
"""An answer of at least this many words is copied when this share of its runs of words is the model answer's."""

_SENTENCE = re.compile(r"(?:[^.!?;\n]|[.!?;](?!\s|$))+[.!?;]*")
_CLAUSE = re.compile(
    r"[,:()–—]|\s-\s|\b(?:but|because|since|while|whereas|rather|instead|although|though|so|that|which|who|where|when|if)\b"
)
_ARGUMENTS = re.compile(r"\((\w+(?:\s*[,|]\s*\w+)*)\)")
_NOT_ONLY = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:problem|doubt|matter|wonder)\b|\bwhy not\b", re.IGNORECASE
)
_ITEM = re.compile(r"[,;|/•·\n]|\s[-–—>]+\s|->|→|\.\s")
_INSTRUCTION = re.compile(
    r"""\b(?:ignore|disregard|forget|override|bypass)\b.{0,50}\b(?:instruction|rule|prompt|above|previous|everything)
    |\b(?:system|assistant)\s*(?::|override)|\[/?inst\]|<\|?/?(?:answer|system|im_start)
    |\b(?:mark|set|score|grade|rate|give|award|report|output|reply|return|print|evaluate|tell|count)\b.{0,60}
      \b(?:key\s*points?|mentioned|full\s+(?:marks|score|points)|(?:maximum|perfect|top|highest)\s+(?:score|grade|marks)
      |as\s+perfect|\d+\s+(?:out\s+)?of\s+\d+|correct\b.{0,15}\banswer)
    |\ball\b.{0,12}\bkey\s*points?\b|\byou\s+are\s+(?:now\b|chatgpt|an?\s+(?:\w+\s+)?(?:grader|evaluator|judge|ai|assistant)\b)
    |\bas\s+(?:the|an?)\s+(?:evaluator|grader|judge|ai)\b|\b(?:dear|hey|hello)\s+(?:bot|ai|grader|judge)\b
    |\bnew\s+instructions?\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {row[at : at + 4] for line in _ROWS for row in (line, line[::-1]) for at in range(len(row) - 3)}
_MASHED = re.compile(rf"[bcdfghjklmnpqrstvwxz]{{5,}}|(.)\1{{3,}}|^[^aeiouy]{{4,}}$|{'|'.join(sorted(_KEYS))}")


@dataclass(frozen=True, slots=True)
class _Saying:
    """One way to put a key point: what each word weighs, and which stand in a clause that denies something."""

    weights: tuple[tuple[str, float], ...]
    total: float
    denied: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What all answers to a question are compared with.

    Attributes:
        sayings: each key point's: its text and its aliases.
        asked: the question's words.
        said: the words of all sayings.
    """

    sayings: tuple[tuple[_Saying, ...], ...]
    asked: Likeness
    said: Likeness


@dataclass(frozen=True, slots=True)
class _Passage:
    """A sentence of an answer, or two in a row: its stems, those that it denies, and whether it is prose."""

    text: str
    stems: frozenset[str]
    denied: frozenset[str]
    sound: bool


def orders(answer: str) -> list[tuple[int, int]]:
    """Where the sentences of an answer stand, (start, end) each, that speak to whoever reads it."""
    return [found.span() for found in _SENTENCE.finditer(answer) if _INSTRUCTION.search(found[0])]


class HintReader:
    """Reads answers for key points; knows which words are common from the texts of a bank."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self._questions = questions
        self._known = lru_cache(maxsize=1_000)(self._read)

    @cached_property
    def _rarities(self) -> tuple[dict[str, float], float]:
        """How rare each stem is in what the questions say, and how rare one is that is never there."""
        return _rarities(self._questions)

    def prepare(self) -> None:
        """Counts the words of the bank, which takes half a second: without that the first answer waits for it."""
        _ = self._rarities, meanings()

    def find(self, asked: str, points: Sequence[KeyPoint], answer: str, model_answer: str | None = None) -> Hint:
        """What an answer says of each key point.

        Args:
            asked: the question as people read it; its own words are no proof.
            model_answer: tells whether the answer is a copy of it.
        """
        if not points:
            return Hint(())
        known = self._known(frozenset(matter(asked)), tuple(points))
        flags: set[Flag] = set()
        text = _Text(list(_passages(answer, known.asked, flags)), known.said)
        hints: list[PointHint] = []
        for sayings in known.sayings:
            hint, denied = _best(sayings, text)
            hints.append(hint)
            if denied:
                flags.add(Flag.NEGATED)
        copied = model_answer is not None and _copied(answer, model_answer)
        if copied:
            flags.add(Flag.COPIED)
        return Hint(tuple(hints), copied, tuple(sorted(flags)))

    def of(self, question: Question, answer: str) -> Hint:
        """What an answer says of the key points of a question of the bank."""
        return self.find(question.wording, question.key_points, answer, question.model_answer)

    def _read(self, asked: frozenset[str], points: tuple[KeyPoint, ...]) -> _Known:
        """Reads a question's key points, their words weighed by how much they tell."""
        rarities, rarest = self._rarities
        texts = [(point.text, *point.aliases) for point in points]
        holders = Counter(word for sayings in texts for word in {w for text in sayings for w in matter(text)})

        def weight(word: str) -> float:
            rarity = rarities.get(word, rarest)
            return rarity * (ASKED_WEIGHT if word in asked else 1) / (1 + SHARED_WEIGHT * (holders[word] - 1))

        def saying(text: str) -> _Saying:
            weights = tuple((word, weight(word)) for word in dict.fromkeys(matter(text)))
            return _Saying(weights, sum(w for _, w in weights) or 1.0, _denied(text, words(text), DENIALS))

        sayings = tuple(tuple(map(saying, own)) for own in texts)
        return _Known(sayings, Likeness(asked), Likeness(holders))


@lru_cache(maxsize=1)
def _rarities(questions: tuple[Question, ...]) -> tuple[dict[str, float], float]:
    """How rare each stem is in what questions say, and how rare one is that is never there."""
    seen: Counter[str] = Counter()
    count = 0
    for text in (text for question in questions for text in _texts(question)):
        for sentence in _SENTENCE.findall(text):
            seen.update(set(matter(sentence)))
            count += 1
    rarities = {word: math.log((count + KNOWN_FROM) / (times + KNOWN_FROM)) for word, times in seen.items()}
    return rarities, math.log((count + KNOWN_FROM) / KNOWN_FROM)


def _texts(question: Question) -> Iterator[str]:
    """What a question says about its subject, which shows how common words are."""
    yield from filter(None, (question.say, question.show, question.stands_out, question.gist, question.answer))
    for point in question.key_points:
        yield from (point.text, *point.aliases)
    yield from question.pitfalls
    yield from (follow_up.answer for follow_up in question.follow_ups)


def _passages(answer: str, asked: Likeness, flags: set[Flag]) -> Iterator[_Passage]:
    """The sentences of an answer and each two in a row; what is odd about them goes to `flags`."""
    spoken = words(answer)
    if len(spoken) >= 4 and sum(map(_is_mashed, spoken)) * 2 >= len(spoken):
        flags.add(Flag.GIBBERISH)
    if len(spoken) >= 5 and len(set(spoken)) * 2.5 < len(spoken):
        flags.add(Flag.REPEATED)
    listed = _is_list(answer, spoken)
    single: list[tuple[int, int, _Passage]] = []
    echoes = 0
    for found in _SENTENCE.finditer(answer):
        sentence = found[0].strip()
        own = words(sentence)
        stems = frozenset(carrying(own))
        if not stems:
            continue
        sound = False
        if _INSTRUCTION.search(sentence):
            flags.add(Flag.INSTRUCTION)
        elif listed or _is_list(sentence, own):
            flags.add(Flag.KEYWORDS)
        elif sum(max(asked[word].values(), default=0) >= ECHO_LIKE for word in stems) >= ECHO_SHARE * len(stems):
            echoes += 1
        else:
            sound = True
        single.append((found.start(), found.end(), _Passage(sentence, stems, _denied(sentence, own), sound)))
    if echoes and echoes == len(single):
        flags.add(Flag.ECHO)
    yield from (passage for _, _, passage in single)
    for (start, _, one), (_, end, other) in pairwise(single):
        yield _Passage(
            answer[start:end].strip(),
            one.stems | other.stems,
            (one.denied | other.denied) - ((one.stems - one.denied) | (other.stems - other.denied)),
            one.sound and other.sound,
        )


@lru_cache(maxsize=50_000)
def _is_mashed(word: str) -> bool:
    return word.isascii() and bool(_MASHED.search(word))


def _is_list(text: str, spoken: Sequence[str]) -> bool:
    """Whether a text only strings keywords together: many short items, and hardly a word between them."""
    if len(spoken) < 4 or not any(word.isascii() for word in spoken):
        return False
    joining = sum(word in FUNCTION_WORDS or word in ELSEWHERE for word in spoken)
    items = sum(bool(item.strip()) for item in _ITEM.split(text))
    if items >= 4:
        return len(spoken) <= 2.6 * items and joining <= 0.15 * len(spoken)
    return len(spoken) >= 10 and not joining


def _denied(text: str, spoken: Sequence[str], deniers: frozenset[str] = NEGATORS) -> frozenset[str]:
    """The stems that stand only in clauses with a word that denies, or right after a brief one."""
    if deniers.isdisjoint(spoken) and BRIEF_NEGATORS.isdisjoint(spoken):
        return frozenset()
    stated: set[str] = set()
    denied: set[str] = set()
    plain = _ARGUMENTS.sub(lambda found: " " + found[1].replace(",", " "), text)
    for clause in _CLAUSE.split(_NOT_ONLY.sub(" ", plain)):
        own = words(clause)
        turned = not deniers.isdisjoint(own)
        last = -BRIEF_REACH
        for at, word in enumerate(own):
            if word in BRIEF_NEGATORS:
                last = at
            elif word not in FUNCTION_WORDS:
                (denied if turned or at - last < BRIEF_REACH else stated).add(stem(word))
    return frozenset(denied - stated)


class _Text:
    """An answer's passages, where each stem stands, and which stems are near each word of the sayings."""

    def __init__(self, passages: Sequence[_Passage], said: Likeness) -> None:
        self.passages = passages
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        for at, passage in enumerate(passages):
            for word in passage.stems:
                self.places[word].append(at)
        # Looked up by the answer's words, which are fewer than those of all sayings.
        self.near: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for word in self.places:
            for own, like in said[word].items():
                self.near[own].append((word, like))

    def matches(self, saying: _Saying) -> Iterator[tuple[_Passage, float, bool]]:
        """What of a saying's weight is in each passage that has any, and whether the passage denies it."""
        got: defaultdict[int, float] = defaultdict(float)
        against: defaultdict[int, float] = defaultdict(float)
        for own, weight in saying.weights:
            best: dict[int, tuple[float, str]] = {}
            for word, like in self.near.get(own, ()):
                for at in self.places[word]:
                    if at not in best or like > best[at][0]:
                        best[at] = (like, word)
            for at, (like, word) in best.items():
                got[at] += weight * like
                if word in self.passages[at].denied and own not in saying.denied:
                    against[at] += weight * like
        for at, weight in got.items():
            yield self.passages[at], weight, at in against and against[at] >= DENIED_SHARE * weight


class _Signals:
    """What a key point's sayings find in an answer: each its best share of words, and all the most weight."""

    def __init__(self, sayings: int) -> None:
        self.shares = [0.0] * sayings
        self.mass = 0.0
        self.best: tuple[float, int, str] = (0.0, 0, "")

    def take(self, saying: int, share: float, weight: float, text: str) -> None:
        self.shares[saying] = max(self.shares[saying], share)
        self.mass = max(self.mass, weight)
        self.best = max(self.best, (share, -len(text), text))

    @property
    def score(self) -> float:
        alone = len(self.shares) == 1
        recall = max(self.shares)
        agreement = ALONE * recall if alone else sum(self.shares) / len(self.shares)
        return _score(recall, self.mass, agreement, _OFFSET_ALONE if alone else _OFFSET)


def _best(sayings: Sequence[_Saying], text: _Text) -> tuple[PointHint, bool]:
    """The best that any passage makes of any way to put a key point, and whether a better one was denied."""
    plain, doubtful = _Signals(len(sayings)), _Signals(len(sayings))
    turned = False
    for at, saying in enumerate(sayings):
        for passage, weight, denied in text.matches(saying):
            turned = turned or (denied and passage.sound)
            signals = plain if passage.sound and not denied else doubtful
            worth = weight / (1 + len(passage.stems) / LENGTH)
            signals.take(at, worth / (saying.total + SMOOTH), worth, passage.text)
    sure, unsure = plain.score, DOUBTFUL * doubtful.score
    score = max(sure, unsure)
    if score < UNSURE_FROM:
        return PointHint(round(score, 3), Mention.NOT_SPOTTED), False
    mention = Mention.MENTIONED if score >= MENTIONED_FROM else Mention.UNSURE
    quote = (plain if sure >= unsure else doubtful).best[2]
    return PointHint(round(score, 3), mention, quote), turned and unsure > sure


def _score(recall: float, mass: float, agreement: float, offset: float) -> float:
    signals = ((recall, _RECALL), (mass, _MASS), (agreement, _AGREEMENT))
    standard = sum((value - mean) / deviation for value, (mean, deviation) in signals) / len(signals)
    return 1 / (1 + math.exp(-(_SLOPE * standard + offset)))


def _copied(answer: str, model_answer: str) -> bool:
    """Whether most runs of words of an answer are the model answer's."""
    runs = _runs(answer)
    return len(runs) > COPIED_WORDS - COPIED_RUN and len(runs & _model_runs(model_answer)) >= COPIED_SHARE * len(
        runs
    )


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    spoken = words(text)
    return frozenset(tuple(spoken[at : at + COPIED_RUN]) for at in range(len(spoken) - COPIED_RUN + 1))


# A whole server answers one question within minutes; the model answer is ten times as long as their answers.
_model_runs = lru_cache(maxsize=64)(_runs)
