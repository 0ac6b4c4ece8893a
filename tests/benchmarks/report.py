"""What the benchmarks say: a line for each flow, and the page that holds them."""

import os
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HEAD = "| flow | bare | Mockingbird | goal | |", "|---|---|---|---|---|"
MONTH = "## A month of practice"
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


def _measured() -> str:
    """When and on what."""
    return (
        f"measured this on {time.strftime('%Y-%m-%d')}: {platform.machine()}, {len(os.sched_getaffinity(0))} cores "
        f"(load average {os.getloadavg()[0]:.1f} at the end), Python {platform.python_version()}, discord.py "
        f"{version('discord.py')}, SQLAlchemy {version('sqlalchemy')}, SQLite on a local disk."
    )


def _month() -> str:
    """What the page says of the month, which has a run of its own."""
    return PAGE.read_text("utf-8").partition(MONTH)[2].strip()


def write_month(rows: Iterable[Row]) -> None:
    """Writes the month's part of docs/performance.md anew."""
    said = f"`python -m tests.benchmarks soak` {_measured()}"
    rest = PAGE.read_text("utf-8").partition(MONTH)[0].rstrip()
    PAGE.write_text("\n".join((rest, "", MONTH, "", said, "", *HEAD, *map(str, rows), "")), "utf-8")


def write(rows: Iterable[Row]) -> str:
    """Writes docs/performance.md but for the month's part, and returns its text."""
    rows, month = list(rows), _month()
    missed = [f"- {row.flow}: {row.why or 'not examined yet.'}" for row in rows if row.met is False]
    text = "\n".join(
        (
            "# Performance",
            "",
            f"`make bench` {_measured()} The bot is the real process; Discord is a double on the same machine that "
            "counts 50 requests a second, as Discord does. “Bare” is a discord.py bot with the same intents that "
            "answers and stores nothing, in the same run; milliseconds are this machine's.",
            "",
            *HEAD,
            *map(str, rows),
            "",
            *(["## What is known of the goals that were missed", "", *missed, ""] if missed else []),
            *([MONTH, "", month, ""] if month else []),
        )
    )
    PAGE.write_text(text, "utf-8")
    return text
