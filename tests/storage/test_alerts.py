"""What managers are told of a track: each problem once, its end once, and every missed date once."""

from datetime import date, datetime, timedelta

from bot.domain.errors import Problem
from bot.services.alerts import PATIENCE, Alert, AlertKind, AlertService
from bot.services.drills import DrillService
from bot.services.tracks import TrackService
from bot.storage.database import Database
from tests.builders import banks, posted
from tests.storage.test_drills import MONDAY, make_track

LATE, MINUTE, HOUR, DAY = timedelta(hours=6), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NINE = MONDAY + HOUR
MISSING = Problem("missing", {"channel_id": 10, "permissions": ["Send Messages"]})
DOWN = Problem("discord", {"said": "503"})


async def told(alerts: AlertService, now: datetime) -> list[Alert]:
    """What is told by now; told it is from then on."""
    found = await alerts.due(now)
    for alert in found:
        await alerts.told(alert)
    return found


async def fails(service: DrillService, drill_id: int, problem: Problem, now: datetime) -> None:
    claimed = await service.claimed(drill_id, now)
    assert claimed is not None
    await service.put_off(claimed.delivery, now, problem)


async def test_a_problem_is_told_once_and_so_is_its_end(database: Database, service: DrillService):
    alerts, track_id = AlertService(database, LATE), await make_track(database)
    claimed = await service.claim_due(track_id, NINE)
    assert claimed is not None
    for minute in range(3):
        await fails(service, claimed.drill.id, MISSING, NINE + minute * MINUTE)
        kinds = [alert.kind for alert in await told(alerts, NINE + minute * MINUTE)]
        assert kinds == ([] if minute else [AlertKind.HELD_UP])
    await fails(service, claimed.drill.id, DOWN, NINE + HOUR)  # it may pass: nothing new to those who know
    assert await told(alerts, NINE + 2 * HOUR) == []
    await fails(service, claimed.drill.id, Problem("cannot_see"), NINE + 2 * HOUR)
    (other,) = await told(alerts, NINE + 2 * HOUR)
    assert other.kind is AlertKind.HELD_UP and other.gives_up == NINE + LATE
    await service.miss_overdue(NINE + LATE + MINUTE)
    assert await told(alerts, NINE + LATE + MINUTE) == []  # it is told with the end
    following = await service.claim_due(track_id, NINE + DAY)
    assert following is not None
    await posted(database, following.drill, 100, NINE + DAY)
    (end,) = await told(alerts, NINE + DAY)
    assert end.kind is AlertKind.MENDED and end.missed == (date(2026, 11, 23),)
    assert end.posted is not None and end.posted.message_id == 100
    assert await told(alerts, NINE + 2 * DAY) == []


async def test_what_passes_in_time_is_told_to_nobody(database: Database, service: DrillService):
    alerts, track_id = AlertService(database, LATE), await make_track(database)
    claimed = await service.claim_due(track_id, NINE)
    assert claimed is not None
    await fails(service, claimed.drill.id, DOWN, NINE)
    assert await told(alerts, NINE + PATIENCE - MINUTE) == []
    await posted(database, claimed.drill, 100, NINE + 2 * MINUTE)
    assert await told(alerts, NINE + DAY) == []


async def test_dates_missed_by_an_outage_are_told_together_also_after_a_failure(
    database: Database, service: DrillService
):
    alerts, track_id = AlertService(database, LATE), await make_track(database)
    back = NINE + 3 * DAY + 7 * HOUR
    assert await service.claim_due(track_id, back) is None
    (alert,) = await alerts.due(back)
    assert alert.kind is AlertKind.MISSED and len(alert.missed) == 4 and alert.problem is None
    again = await alerts.failed(alert, back)
    assert await alerts.due(again - MINUTE) == []
    (alert,) = await told(alerts, again)
    assert alert.looks and alert.key == "alert:missed:2026-11-26"
    assert await told(alerts, again + DAY) == []


async def test_a_track_that_was_removed_has_nothing_to_tell(database: Database, service: DrillService):
    alerts, plans, track_id = (
        AlertService(database, LATE),
        TrackService(database, banks()),
        await make_track(database),
    )
    other_id = await make_track(database, channel_id=11)
    assert await service.claim_due(track_id, NINE + 7 * HOUR) is None
    assert await service.claim_due(other_id, NINE + 7 * HOUR) is None
    await plans.remove(await plans.get(track_id, 1), NINE + 8 * HOUR)
    assert [alert.track.id for alert in await told(alerts, NINE + 8 * HOUR)] == [other_id]
    assert await plans.outlook() == (1, NINE + DAY)
    assert [place.channel_id for place in await plans.practiced_in([1, 2])] == [11]
