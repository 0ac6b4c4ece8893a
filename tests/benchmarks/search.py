"""What a press of a key costs for the questions that it offers, with 10,000 in the bank: processor time alone."""

import asyncio
import random
import time
from dataclasses import replace

from bot.domain.bank import Bank, Pack
from bot.services.search import search, search_aside
from bot.storage.bank_files import shipped_pack
from bot.ui.kit.options import CHOICES
from tests.benchmarks.report import Row

QUESTIONS, GOAL_MS = 10_000, 50
TYPED = (
    "a",
    "at",
    "attention",
    "what is the difference between",
    "reparameterisation trick",
    "how does attention in a transformer work with long contexts",
    "qwertyuiop asdfghjkl",
)


def large_bank() -> Bank:
    """A bank of questions in the words of the shipped ones, each with their key points."""
    shipped = shipped_pack("genai").questions
    words = sorted({word for question in shipped for point in question.key_points for word in point.text.split()})
    rng = random.Random(1)
    questions = tuple(
        replace(
            shipped[at % len(shipped)],
            id=f"ours-{at + 1:03}",
            number=at + 1,
            shown=None,
            prompt=" ".join(f"{rng.choice(words)}{rng.choice(('', rng.randrange(99)))}" for _ in range(14)),
        )
        for at in range(QUESTIONS)
    )
    return Bank(Pack("ours", "ours", (), (), questions))


def _ms(known: Bank, text: str) -> float:
    begun = time.process_time()
    search(known, text, CHOICES)
    return 1000 * (time.process_time() - begun)


async def _first(known: Bank) -> tuple[float, float]:
    """The first search of a bank: (its milliseconds, the longest pause of the event loop meanwhile)."""
    begun = before = time.perf_counter()
    searching, pause = asyncio.create_task(search_aside(known, TYPED[0], CHOICES)), 0.0
    while not searching.done():
        await asyncio.sleep(0.001)
        pause, before = max(pause, time.perf_counter() - before), time.perf_counter()
    return 1000 * (time.perf_counter() - begun), 1000 * pause


async def rows() -> list[Row]:
    """The slowest of what people type, each the best of five; and the first press, which builds the index."""
    known = large_bank()
    first, pause = await _first(known)
    slowest = max(min(_ms(known, text) for _ in range(5)) for text in TYPED)
    return [
        Row(
            f"autocomplete with {QUESTIONS:,} questions",
            "",
            f"{slowest:.0f} ms",
            f"{GOAL_MS} ms",
            slowest < GOAL_MS,
        ),
        Row(
            "the first key press after that bank changed",
            "",
            f"{first:.0f} ms, longest pause of the event loop {pause:.0f} ms",
            "",
            None,
        ),
    ]
