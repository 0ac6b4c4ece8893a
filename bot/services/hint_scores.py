"""Scores lines of JSON for `python -m bot feedback score`: answers to anybody's questions, one a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from bot.domain.bank import KeyPoint
from bot.domain.errors import Problem
from bot.domain.hints import Hint, HintReader

Text = Annotated[str, Field(strict=True)]
Words = Annotated[str, Field(strict=True, min_length=1)]


class _Point(BaseModel):
    text: Words
    aliases: list[Words] = []


class _Line(BaseModel):
    question: Text
    key_points: Annotated[list[_Point | Words], Field(min_length=1)]
    answer: Text
    model_answer: Text | None = None

    def points(self) -> list[KeyPoint]:
        return [
            KeyPoint(point, ()) if isinstance(point, str) else KeyPoint(point.text, tuple(point.aliases))
            for point in self.key_points
        ]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be scored: its number, from 1, and what is wrong with it."""

    number: int
    problem: Problem


def score_lines(reader: HintReader, lines: Iterable[bytes]) -> Iterator[str | BadLine]:
    """Each line's scores as JSON, or what is wrong with the line, in order; empty lines are left out."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            line = _Line.model_validate(json.loads(raw.decode("utf-8-sig")))
        except UnicodeDecodeError:
            yield BadLine(number, Problem("encoding"))
        except json.JSONDecodeError as error:
            yield BadLine(number, Problem("json", {"problem": error.msg.lower(), "at": error.pos + 1}))
        except RecursionError:
            yield BadLine(number, Problem("depth"))
        except ValidationError as error:
            found = error.errors()[0]
            place = ".".join(str(step) for step in found["loc"] if not str(step).startswith(("_", "constrained")))
            message = f"{found['msg'][0].lower()}{found['msg'][1:]}"
            yield BadLine(number, Problem("form", {"place": place or "line", "problem": message}))
        else:
            hint = reader.find(line.question, line.points(), line.answer, line.model_answer)
            yield json.dumps(_as_json(hint), ensure_ascii=False)


def _as_json(hint: Hint) -> dict[str, object]:
    return {
        "key_points": [
            {"score": point.score, "state": point.mention, "quote": point.quote} for point in hint.points
        ],
        "copied": hint.copied,
        "flags": list(hint.flags),
    }
