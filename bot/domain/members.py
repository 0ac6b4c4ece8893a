"""Members as they act: in which server, by what name and with which roles, and when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A member at the moment in which they write, press or use something.

    The Members intent is not asked for: this is all that the bot knows of a member's name and roles.

    Args:
        existing: all roles that the server has.
        joined_at: when the member came to the server, the last time if they had left it; None where unknown.
        now: the moment, in UTC.
    """

    guild_id: int
    member_id: int
    name: str
    now: datetime
    roles: frozenset[int] = frozenset()
    existing: frozenset[int] = frozenset()
    joined_at: datetime | None = None
