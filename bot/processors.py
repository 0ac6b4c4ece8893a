"""Where the process runs."""

import contextlib
import os
import random
from collections.abc import Generator


@contextlib.contextmanager
def on_one_processor() -> Generator[None]:
    """Keeps this thread, and those that are started inside, on one processor where the system can (Linux).

    The event loop and the thread of SQLite take turns at the interpreter's lock dozens of times for each answer. On
    one processor a turn is handed over without waking another one, which costs more than the work in between.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):  # some containers don't let a process choose
        os.sched_setaffinity(0, {random.choice(sorted(allowed))})
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, allowed)
