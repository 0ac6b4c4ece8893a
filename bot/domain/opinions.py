"""A model's opinion on an answer: what it is asked, and what of its reply is believed.

The answer goes to the model as data between two lines that nobody can foresee. Whatever the model replies, a
verdict holds only with a part of the answer as evidence: a model that was talked into praise has none to show.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from bot.domain.bank import KeyPoint, Question
from bot.domain.hint_words import matter
from bot.domain.hints import orders

ANSWER_LIMIT = 4_000
"""So much of an answer is sent, in characters: what a form takes, and a little more."""
REMARK_LIMIT, EVIDENCE_LIMIT = 300, 400
LEAST_EVIDENCE = 10
"""In characters: a word alone shows nothing."""
MOST_USES = 2
"""Of one piece of evidence: what is said to show everything shows nothing."""


class Consent(StrEnum):
    """What a member says to a model that reads their answers."""

    UNASKED = "unasked"
    GIVEN = "given"
    REFUSED = "refused"


class Judgment(StrEnum):
    """What a model says of a key point."""

    COVERED = "covered"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """What a model says of one key point; `evidence` is a part of the answer as it stands, empty for NO."""

    verdict: Judgment
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is believed of a model's reply: its word on each key point, and its remarks; None for unusable ones."""

    points: tuple[PointVerdict, ...]
    improve: str | None
    follow_up: str | None

    def count(self, verdict: Judgment) -> int:
        """How many key points got this verdict."""
        return sum(point.verdict is verdict for point in self.points)


def read_reply(reply: str, question: Question, answer: str) -> Opinion | None:
    """What is believed of a model's reply; None where it is not the JSON that was asked for.

    A verdict without evidence counts as NO. Evidence is a part of the answer, of some length, says more than the
    question does, shows no more than two key points, and stands in no sentence that speaks to whoever judges; in an
    answer with such a sentence it also shares a word with its key point.
    """
    found = _parse(reply)
    rows = found.get("key_points") if found is not None else None
    if found is None or not isinstance(rows, list):
        return None
    points = [_verdict(row) for row in cast("list[Any]", rows)]
    if len(points) != len(question.key_points):
        return None
    proof = _Proof(question, answer[:ANSWER_LIMIT])
    shown: list[tuple[Judgment, str]] = []
    for point, key_point in zip(points, question.key_points, strict=True):
        if point is None:
            return None
        verdict, quoted = point
        shown.append((verdict, proof.find(quoted, key_point) if verdict is not Judgment.NO else ""))
    uses = Counter(evidence for _, evidence in shown)
    believed = tuple(
        PointVerdict(verdict, evidence) if evidence and uses[evidence] <= MOST_USES else PointVerdict(Judgment.NO)
        for verdict, evidence in shown
    )
    follow_up = _remark(found.get("follow_up"))
    return Opinion(believed, _remark(found.get("improve")), follow_up if follow_up and "?" in follow_up else None)


_FENCE = "```"


def _parse(reply: str) -> Mapping[str, Any] | None:
    """A JSON object alone, or in the one fence that models without a JSON mode put around it."""
    plain = reply.strip()
    if plain.startswith(_FENCE) and plain.endswith(_FENCE):
        plain = plain.strip("`").removeprefix("json")
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _verdict(row: object) -> tuple[Judgment, str] | None:
    if not isinstance(row, dict):
        return None
    values = cast("dict[str, object]", row)
    verdict, evidence = values.get("verdict"), values.get("evidence") or ""
    if not isinstance(verdict, str) or verdict not in list(Judgment) or not isinstance(evidence, str):
        return None
    return Judgment(verdict), evidence


def _remark(value: object) -> str | None:
    """One line of a model's own words; None for anything long, empty, hidden, or with an address in it."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    fits = 0 < len(text) <= REMARK_LIMIT and text.isprintable()
    return text if fits and "://" not in text and "www." not in text else None


_ALIKE = ("'’‘`", '"“”„', "-–—")
_SIGNS = {sign: f"[{''.join(map(re.escape, signs))}]" for signs in _ALIKE for sign in signs}


_TO_A_MODEL = re.compile(
    r"^[ \t]*(?:user|assistant|system|human)\s*:|\"(?:role|verdict|evidence|key_points)\""
    r"|\b(?:covered|partly)\b.*\bevidence\b|^--- answer\b",
    re.IGNORECASE | re.MULTILINE,
)
"""What an answer has that plays a conversation with a model, or its reply."""


class _Proof:
    """What of an answer can be evidence."""

    def __init__(self, question: Question, answer: str) -> None:
        self._answer = answer
        self._asked = frozenset(matter(question.wording))
        self._orders = orders(answer)
        self._doubted = bool(self._orders or _TO_A_MODEL.search(answer))

    def find(self, quoted: str, point: KeyPoint) -> str:
        """The part of the answer that is quoted, as it stands there; empty for what is no evidence."""
        quoted = quoted.strip(" \n\t.…\"'“”")
        if not LEAST_EVIDENCE <= len(quoted) <= EVIDENCE_LIMIT:
            return ""
        parts = ["".join(_SIGNS.get(sign, re.escape(sign)) for sign in word) for word in quoted.split()]
        for found in re.finditer(r"\s+".join(parts), self._answer, re.IGNORECASE):
            ordered = any(start < found.end() and found.start() < end for start, end in self._orders)
            stems = set(matter(found[0])) - self._asked
            if not ordered and stems and (not self._doubted or stems & _stems(point)):
                return found[0]
        return ""


def _stems(point: KeyPoint) -> set[str]:
    return {stem for saying in (point.text, *point.aliases) for stem in matter(saying)}
