"""Finds questions by number, id or words. Each bank has an index, built once, so that a key press costs little."""

import asyncio
import heapq
import math
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from weakref import WeakKeyDictionary

from bot.domain.bank import Bank, Question
from bot.domain.bank_imports import same_question
from bot.domain.errors import Refusal
from bot.domain.text import alike

ALIKE, ALIKE_WORDS = 75, 5
"""A word that stands nowhere is taken for so many others at most that are this much (0-100) like it."""
COMMON = 8
"""A word that every eighth question has finds none by itself where a rarer one has: `what` beside `attention`."""
BEGINNING = 3
"""From so many letters on a word finds longer ones; in wordings the last one does from its first letter on."""
LONGEST = 200
"""So many characters of what somebody types are looked at."""
NEAR = 3
ID = re.compile(r"[a-z0-9-]+-\d{3,}")
"""What names a question, be it one that has left: its parts are no words to look for."""
WORD = re.compile(r"\w+")
Rank = list[float]
"""How rare the words are that a question has, the rarer the further below zero: whole ones in its wording,
beginnings there, whole ones in its topic and key points, beginnings there, and words that are only alike."""


def _words(text: str) -> list[str]:
    return WORD.findall((text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold())


class _Words:
    """In which questions each word stands, in one part of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for at, text in enumerate(texts):
            for word in set(_words(text)):
                places[word].append(at)
        self.places = dict(places)

    @cached_property
    def known(self) -> list[str]:
        """All words in their order."""
        return sorted(self.places)

    def beginning(self, start: str) -> Iterator[str]:
        """The longer words that begin so."""
        for at in range(bisect_left(self.known, start), len(self.known)):
            if not self.known[at].startswith(start):
                return
            if self.known[at] != start:
                yield self.known[at]


class _Index:
    """The words of a bank's questions."""

    def __init__(self, bank: Bank) -> None:
        self._count = len(bank.questions)
        self._wording = _Words(question.wording for question in bank.questions)
        self._other = _Words(
            " ".join((question.topic, *(point.text for point in question.key_points)))
            for question in bank.questions
        )

    def ranks(self, text: str) -> dict[int, Rank]:
        """The questions that have any of the words, by position, each with its rank."""
        found: defaultdict[int, Rank] = defaultdict(lambda: [0.0] * 5)
        words = _words(text[:LONGEST])
        for word in sorted(set(words), key=lambda word: len(self._wording.places.get(word, ()))):
            hits = self._hits(word, last=word == words[-1])
            among = found.keys() if found else None
            for column, hit in enumerate(hits):
                rarity = math.log(1 + self._count / len(hit)) if hit else 0.0
                for at in hit if among is None or COMMON * len(hit) <= self._count else hit & among:
                    found[at][column] -= rarity
        return found

    def _hits(self, word: str, *, last: bool) -> list[set[int]]:
        """Where a word stands, for each column of a rank; the last one may be just half typed."""
        long = len(word) >= BEGINNING
        hits = [
            {at for known in words for at in part.places.get(known, ())}
            for part in (self._wording, self._other)
            for words in ((word,), part.beginning(word) if long or (last and part is self._wording) else ())
        ]
        known = () if any(hits) else self._wording.known
        near = alike(word, known, ALIKE_WORDS, ALIKE)
        return [*hits, {at for other, _ in near for at in self._wording.places[other]}]


_INDEXES: WeakKeyDictionary[Bank, _Index] = WeakKeyDictionary()


def _ranked(bank: Bank, text: str, limit: int) -> list[tuple[Rank, Question]]:
    if ID.fullmatch(text.strip().lower()):
        return []
    index = _INDEXES.get(bank)
    if index is None:
        index = _INDEXES[bank] = _Index(bank)
    ranks = index.ranks(text)
    best = heapq.nsmallest(limit, sorted(ranks), key=ranks.__getitem__)
    return [(ranks[at], bank.questions[at]) for at in best]


def search(bank: Bank, text: str, limit: int) -> list[Question]:
    """Questions that fit: the one with this number or id, else those that have the words, best first."""
    exact = bank.find(text)
    if exact is not None:
        return [exact]
    if not text.strip():
        return list(bank.questions[:limit])
    return [question for _, question in _ranked(bank, text, limit)]


def one(bank: Bank, text: str) -> Question:
    """The question that a person means: the only one with the best of ranks.

    Raises:
        Refusal: `bank.several_fit` with those that are close, `bank.question_unknown` without any.
    """
    exact = bank.find(text)
    if exact is not None:
        return exact
    found = _ranked(bank, text, NEAR)
    same = [question for _, question in found if same_question(text) in map(same_question, _named(question))]
    if len(same) == 1:
        return same[0]
    # Whole words of the wording tell; parts of words only where nothing else has them.
    if found and (len(found) == 1 or (found[0][0][0] < 0 and found[0][0] < found[1][0])):
        return found[0][1]
    if found:
        raise Refusal("bank.several_fit", text=text, questions=[question for _, question in found])
    raise Refusal("bank.question_unknown", text=text, count=len(bank.questions))


async def search_aside(bank: Bank, text: str, limit: int) -> list[Question]:
    """`search` in a thread: the first one of a bank reads all its questions, of which there may be thousands."""
    return await asyncio.to_thread(search, bank, text, limit)


async def one_aside(bank: Bank, text: str) -> Question:
    """`one` in a thread, as above."""
    return await asyncio.to_thread(one, bank, text)


def _named(question: Question) -> tuple[str, str]:
    return question.wording, question.prompt
