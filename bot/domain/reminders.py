"""When a reminder of an open question is due."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SHARE = 0.8


def due_at(opened: datetime, closes: datetime, zone: str, hour: int | None) -> datetime:
    """At 80 % of a question's time, or at the first full `hour` (0 to 23, local) in it, if there is one."""
    usual = opened + SHARE * (closes - opened)
    if hour is None:
        return usual
    local = opened.astimezone(ZoneInfo(zone))
    for day in (local.date(), local.date() + timedelta(days=1)):
        at = datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone)).astimezone(opened.tzinfo)
        if opened < at < closes:
            return at
    return usual
