"""When to try again what did not succeed: later each time."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=15)


def pause(attempts: int, longest: timedelta = LONGEST) -> timedelta:
    """How long to wait after a try: twice as long each time.

    Args:
        attempts: tries before this one.
    """
    return min(FIRST * 2 ** min(attempts, 10), longest)


def has_rested(since: datetime | None, now: datetime, rest: timedelta) -> bool:
    """Whether a rest is over that began at an instant; one that begins later began by a clock that was wrong."""
    return since is None or not since <= now < since + rest
