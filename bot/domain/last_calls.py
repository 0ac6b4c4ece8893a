"""Last calls: when a question's thread is told that it closes soon, and whether that is worth a line."""

from datetime import datetime, timedelta

BEFORE = timedelta(hours=2)
"""How long before its closing a question's last call comes; it has to have been open for as long by then."""


def due_at(opened: datetime, closes: datetime) -> datetime | None:
    """When the last call of a question is due; None for one that is open too shortly."""
    at = closes - BEFORE
    return at if at >= opened + BEFORE else None


def is_quiet(answered: int, members: int) -> bool:
    """Whether few have answered: fewer than half of those who usually do, or nobody.

    Args:
        members: how many answered this question or one of those before it.
    """
    return not answered or 2 * answered < members
