"""What the benchmarks say: a line for each flow, and the page that holds them."""

import os
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report.

    Attributes:
        bare: what a bare discord.py bot takes for the same, in the same run; empty where it has nothing like it.
        goal: what is asked for; empty where nothing is.
        met: whether the goal is reached; None without one.
        why: what is known of the reason where the goal is missed.
    """

    flow: str
    bare: str
    ours: str
    goal: str
    met: bool | None
    why: str = ""

    def __str__(self) -> str:
        verdict = {True: "met", False: "**missed**", None: ""}[self.met]
        return f"| {self.flow} | {self.bare} | {self.ours} | {self.goal} | {verdict} |"


def write(rows: Iterable[Row]) -> str:
    """Writes docs/performance.md, and returns its text."""
    rows = list(rows)
    load = os.getloadavg()[0]
    missed = [f"- {row.flow}: {row.why or 'not examined yet.'}" for row in rows if row.met is False]
    text = "\n".join(
        (
            "# Performance",
            "",
            f"`make bench` measured this on {time.strftime('%Y-%m-%d')}: {platform.machine()}, "
            f"{len(os.sched_getaffinity(0))} cores (load average {load:.1f} at the end), "
            f"Python {platform.python_version()}, discord.py {version('discord.py')}, SQLAlchemy "
            f"{version('sqlalchemy')}, SQLite on a local disk. The bot is the real process; Discord is a double on "
            "the same machine that counts 50 requests a second, as Discord does. “Bare” is a discord.py bot with "
            "the same intents that answers and stores nothing, in the same run; milliseconds are this machine's.",
            "",
            "| flow | bare | Mockingbird | goal | |",
            "|---|---|---|---|---|",
            *map(str, rows),
            "",
            *(["## What is known of the goals that were missed", "", *missed, ""] if missed else []),
        )
    )
    PAGE.write_text(text, "utf-8")
    return text
