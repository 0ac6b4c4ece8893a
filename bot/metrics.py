"""What the bot measures of itself, in Prometheus' format: numbers of what it does, and nothing of anybody."""

import asyncio
import contextlib
import logging
import math
import re
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.storage.agenda import Backlog

QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds, in seconds, for what takes no request to Discord."""
USUAL = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""The same for what does; Discord waits three seconds for an answer to an interaction."""
LOOK_EVERY = 1.0
NUMBER = re.compile(r"\d{5,}")
"""An id that stands where a route should only name it."""
OTHER = "other"

Read = Callable[[], float]


class LineCounter(logging.Handler):
    """Counts the log's lines by level, the libraries' too."""

    def __init__(self, lines: Counter) -> None:
        super().__init__()
        self._levels = {name: lines.labels(name.lower()) for name in ("INFO", "WARNING", "ERROR", "CRITICAL")}

    def emit(self, record: logging.LogRecord) -> None:
        """Counts a line; those for debugging are not counted."""
        if counted := self._levels.get(record.levelname):
            counted.inc()


class Metrics:
    """The numbers of one process, in a registry of their own, whichever session with Discord it has.

    Labels have few values: names of routes, commands, features and states. None says who, where or what.
    """

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        ProcessCollector(namespace="mockingbird", registry=own)
        Gauge("mockingbird_info", "1; the version as a label.", ["version"], registry=own).labels(
            version("mockingbird")
        ).set(1)
        self._reads: dict[Gauge, Read] = {}
        self._requests = Histogram(
            "mockingbird_discord_request_seconds",
            "Requests to Discord by route and result, from the turn at the gate to each answer.",
            ["route", "result"],
            buckets=USUAL,
            registry=own,
        )
        self._interactions = Counter(
            "mockingbird_interactions_total",
            "Commands, presses and forms that came in.",
            ["feature"],
            registry=own,
        )
        self._acknowledged = Histogram(
            "mockingbird_interaction_seconds",
            "Commands, presses and forms until Discord had the first word on them.",
            ["feature"],
            buckets=USUAL,
            registry=own,
        )
        self._posts = Counter(
            "mockingbird_outbox_total",
            "Messages of the outbox by what they belong to, and what happened to them.",
            ["kind", "result"],
            registry=own,
        )
        self._answers = Counter(
            "mockingbird_answers_total",
            "Messages and forms that were stored as answers, by their way and how they count.",
            ["way", "kind"],
            registry=own,
        )
        self._model = Counter(
            "mockingbird_model_requests_total",
            "Requests to the model that reads answers, by result.",
            ["result"],
            registry=own,
        )
        self._database = Histogram(
            "mockingbird_database_seconds",
            "Transactions: the wait until they begin, the work, and the rest until the caller knows.",
            ["kind", "phase"],
            buckets=QUICK,
            registry=own,
        )
        self._identifies = Counter(
            "mockingbird_identifies_total",
            "Sessions with Discord that were begun. It resets the token of a bot that begins 1,000 in a day.",
            registry=own,
        )
        self._beats = Histogram(
            "mockingbird_heartbeat_seconds",
            "How long a beat of the heartbeat takes.",
            buckets=(*QUICK, 5.0, 10.0, 30.0),
            registry=own,
        )
        self._lag = Histogram(
            "mockingbird_event_loop_lag_seconds",
            "How late the event loop is, looked at each second.",
            buckets=QUICK,
            registry=own,
        )
        lines = Counter("mockingbird_log_lines_total", "Lines of the log.", ["level"], registry=own)
        self.line_counter = LineCounter(lines)
        self._due_lag = Gauge(
            "mockingbird_due_lag_seconds",
            "How long the most overdue question has been due; 0: none is.",
            registry=own,
        )
        self._trouble = Gauge(
            "mockingbird_storage_trouble", "1 while nothing can be stored; 0: all is well.", registry=own
        )
        self._owed = Gauge(
            "mockingbird_deliveries",
            "What is owed to Discord, by kind: waiting may be tried now, resting failed and is tried later.",
            ["kind", "state"],
            registry=own,
        )
        self._queue = Gauge("mockingbird_queue", "What waits in memory for its turn.", ["queue"], registry=own)
        self._gateway = Gauge(
            "mockingbird_gateway",
            "The gateway: shards connected, servers known, and the slowest shard's latency in seconds.",
            ["figure"],
            registry=own,
        )
        self._transactions = {
            kind: tuple(self._database.labels(kind, phase) for phase in ("wait", "run", "rest"))
            for kind in ("read", "write")
        }

    def watch(self, queues: Mapping[str, Read], gateway: Mapping[str, Read]) -> None:
        """Names what is read whenever somebody asks; it takes the place of what was named before."""
        self._reads = {self._queue.labels(name): read for name, read in queues.items()} | {
            self._gateway.labels(name): read for name, read in gateway.items()
        }

    def request(self, method: str, path: str, result: str, seconds: float) -> None:
        """Discord answered a request, or could not be reached.

        Args:
            path: the route's, with its ids as names in braces.
            result: Discord's status, or a word where there was no answer.
            seconds: from the start until now.
        """
        route = OTHER if NUMBER.search(path) else f"{method} {path}"
        self._requests.labels(route, result).observe(seconds)

    def interaction(self, feature: str) -> Callable[[], None]:
        """Somebody uses a command, a button or a form; what it returns is called once Discord has a word on it."""
        self._interactions.labels(feature).inc()
        acknowledged, began = self._acknowledged.labels(feature), time.perf_counter()
        return lambda: acknowledged.observe(time.perf_counter() - began)

    def post(self, kind: str, result: str) -> None:
        """Something happened to a message of the outbox."""
        self._posts.labels(kind, result).inc()

    def answer(self, way: str, kind: str) -> None:
        """A message or form was stored as an answer."""
        self._answers.labels(way, kind).inc()

    def model(self, result: str) -> None:
        """A model was asked for its opinion."""
        self._model.labels(result).inc()

    def transaction(self, kind: str, wait: float, run: float, rest: float) -> None:
        """A transaction ended; seconds of each phase. It may be told on any thread."""
        for phase, seconds in zip(self._transactions[kind], (wait, run, rest), strict=True):
            phase.observe(seconds)

    def identify(self) -> None:
        """A session with Discord begins."""
        self._identifies.inc()

    def beat(self, seconds: float) -> None:
        """A beat of the heartbeat took this long."""
        self._beats.observe(seconds)

    @contextlib.asynccontextmanager
    async def watching_loop(self) -> AsyncGenerator[None]:
        """Looks each second how late the event loop is."""
        looking = asyncio.create_task(self._watch_loop())
        try:
            yield
        finally:
            looking.cancel()

    async def _watch_loop(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(LOOK_EVERY)
            self._lag.observe(max(0.0, time.perf_counter() - began - LOOK_EVERY))

    def text(self, backlog: Backlog | None, *, trouble: bool = False) -> bytes:
        """All numbers as they are now.

        Args:
            backlog: what is owed; None where that cannot be said just now.
            trouble: whether nothing can be stored.
        """
        self._trouble.set(trouble)
        for gauge, read in self._reads.items():
            gauge.set(read())
        self._due_lag.set(math.nan if backlog is None else backlog.lag.total_seconds())
        for kind, owed in backlog.owed.items() if backlog is not None else ():
            self._owed.labels(kind, "waiting").set(owed.waiting)
            self._owed.labels(kind, "resting").set(owed.resting)
        return generate_latest(self._registry)
