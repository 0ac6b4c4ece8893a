"""`make bench` measures every timed promise in one run; `make bench-quick` those of the rush."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from tests.benchmarks import boards, engines, pictures, report, rush, search, shards, soak
from tests.benchmarks.report import Row

Measure = Callable[[], Awaitable[list[Row]]]
QUICK: dict[str, Measure] = {
    "answers": lambda: rush.answering((10, 25, 100)),
    "streaks": rush.streaks,
    "due": lambda: rush.due(200),
}
WHOLE: dict[str, Measure] = QUICK | {
    "forms": rush.opening,
    "messages": lambda: rush.messages(600),
    "messages-few-people": lambda: rush.messages(100),
    "due-500": lambda: rush.due(500),
    "due-1000": lambda: rush.due(1000),
    "outage": lambda: rush.due(150, failing=25),
    "servers": rush.servers,
    "boards": boards.rows,
    "engines": engines.rows,
    "due-500-postgres": lambda: shards.due(500),
    "shards": shards.rows,
    "pictures": pictures.rows,
    "search": search.rows,
}
LONG: dict[str, Measure] = {"soak": soak.rows}
"""Takes longer than all the others together, so it runs where it's named, and has a part of the page of its own."""


async def main(names: list[str]) -> int:
    """Measures what the names say; without any everything, and then it writes docs/performance.md."""
    rows: list[Row] = []
    for name in names or WHOLE:
        measured = await (WHOLE | LONG)[name]()
        print(*measured, sep="\n", flush=True)
        rows += measured
        if name in LONG:
            report.write_month(measured)
    if not names:
        print(report.write(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(list(QUICK) if sys.argv[1:] == ["quick"] else sys.argv[1:])))
