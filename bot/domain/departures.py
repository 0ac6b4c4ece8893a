"""How long a silence lasts before Discord is asked whether a member is still in the server."""

from datetime import datetime, timedelta

SILENCE = timedelta(days=14)
AGAIN = timedelta(days=7)
"""Whoever is found to be there is asked about again after this, as long as they stay silent."""


def ask_after(seen_at: datetime) -> datetime:
    """From when on to ask about a member who was seen at an instant."""
    return seen_at + SILENCE
