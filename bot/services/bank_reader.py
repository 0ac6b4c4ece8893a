"""Reads a file that somebody brings in a process of its own: whatever is in it, nobody else has to wait for it."""

import asyncio
import contextlib
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import msgspec

from bot.domain.bank import Question
from bot.domain.bank_drafts import NEAR
from bot.domain.bank_imports import (
    ChangedQuestion,
    NearQuestion,
    ReadFile,
    differing,
    same_key,
    to_store,
)
from bot.domain.errors import Refusal
from bot.domain.text import alike, sorted_words
from bot.services.bank_processes import start_apart

SECONDS = 60
"""How long a file may take: one of 5,000 questions takes 20 seconds on a busy machine."""
MOST_MEMORY = 1024**3
"""How many bytes of address space the process may have."""
NICE = 10
"""How far the process stands back where the machine is busy, from 0 to 19."""
REFUSED = 3


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file, and what its server knows.

    Attributes:
        there: what is in the pack already, by the `same_key` of each of its editions.
        wordings: of all other questions of the server, by id.
    """

    data: bytes
    name: str
    there: dict[str, Question]
    wordings: dict[str, str]


def read_file(file: FileToRead) -> ReadFile:
    """What an import of a file would add.

    Raises:
        Refusal: as `find_questions` says, or `bank.file_no_question`.
    """
    # Only the process that reads a file loads what reads it.
    from bot.services.bank_imports import find_questions

    found = find_questions(file.data, file.name)
    made: dict[str, Question] = {}
    for question in map(to_store, found.questions):
        made.setdefault(same_key(question), question)
    if not made:
        raise Refusal("bank.file_no_question")
    new = tuple(question for key, question in made.items() if key not in file.there)
    had = [(file.there[key], question) for key, question in made.items() if key in file.there]
    changed = [
        ChangedQuestion(own.id, question, parts) for own, question in had if (parts := differing(own, question))
    ]
    near = tuple(_near(new, file.wordings))
    return ReadFile(new, len(had) - len(changed), found.skipped, near, tuple(changed))


def _near(questions: tuple[Question, ...], wordings: dict[str, str]) -> list[NearQuestion]:
    """The questions that ask much the same as one that is known."""
    ids, known = list(wordings), list(map(sorted_words, wordings.values()))
    found: list[NearQuestion] = []
    for question in questions:
        for _, at in alike(sorted_words(question.prompt), known, 1, NEAR):
            found.append(NearQuestion(question.prompt, ids[at]))
    return found


async def read_apart(file: FileToRead) -> bytes:
    """What `read_file` finds, as JSON, read in another process.

    Raises:
        Refusal: as `read_file`, or `bank.file_slow` for what takes too long or too much memory.
        RuntimeError: the process has failed.
    """
    reader = await asyncio.to_thread(_begin)
    try:
        told, errors = await asyncio.to_thread(reader.communicate, pickle.dumps(file), SECONDS)
    except subprocess.TimeoutExpired:
        raise Refusal("bank.file_slow") from None
    finally:
        # Also where the bot stops meanwhile: nothing of it outlives whoever asked.
        reader.kill()
    if reader.returncode == REFUSED:
        code, values = pickle.loads(told)
        raise Refusal(code, **values)
    if reader.returncode:
        raise RuntimeError(
            f"reading a file ended with {reader.returncode}: {errors[-2000:].decode(errors='replace')}"
        )
    return told


def _begin() -> "subprocess.Popen[bytes]":
    return start_apart("bot.services.bank_reader", stdin=subprocess.PIPE, stderr=subprocess.PIPE)


def _limit() -> None:
    """Keeps this process small, and ends it by itself where nobody is left to end it; Windows knows no limits."""
    if find_spec("resource") is not None:
        resource = import_module("resource")
        os.nice(NICE)
        for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, 2 * SECONDS)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


def main() -> None:
    """Reads the file that was piped in, and writes what it has."""
    _limit()
    try:
        try:
            told = msgspec.json.encode(read_file(pickle.load(sys.stdin.buffer)))
        except MemoryError:
            raise Refusal("bank.file_slow") from None
    except Refusal as refusal:
        sys.stdout.buffer.write(pickle.dumps((refusal.code, refusal.values)))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(told)
