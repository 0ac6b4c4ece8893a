"""What was put off while Discord was away is tried at once when it is back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.backoff import LONGEST, pause
from bot.storage import drills, reminders
from bot.storage.agenda import end_pauses
from tests.services.rows import DAY, NINE, add_drill, add_track

SECOND = timedelta(seconds=1)


def test_pauses_grow_up_to_the_longest():
    assert [pause(attempts).total_seconds() for attempts in (0, 1, 2, 3)] == [5, 10, 20, 40]
    assert pause(50) == LONGEST and pause(3, timedelta(seconds=7)) == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("until", "then"), [(NINE + LONGEST, None), (NINE + LONGEST + SECOND, NINE + LONGEST + SECOND)]
)
def test_what_rests_for_longer_than_the_longest_pause_has_other_reasons(
    conn: Connection, until: datetime, then: datetime | None
):
    drill = add_drill(conn, add_track(conn), retry_at=until)
    end_pauses(conn, NINE)
    delivery = drills.delivery(conn, drill.id)
    assert delivery is not None and delivery.retry_at == then


def test_reminders_that_were_not_tried_keep_their_time(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    reminders.turn_on(conn, 5, None)
    reminders.turn_on(conn, 6, None)
    reminders.plan(conn, drill.guild_id, drill.id, {5: NINE, 6: NINE + SECOND})
    assert reminders.book_try(conn, drill.id, 5)
    reminders.put_off(conn, drill.id, 5, NINE + LONGEST)
    end_pauses(conn, NINE)
    assert [one.member_id for one in reminders.due(conn, NINE, 9)] == [5]
    assert [one.member_id for one in reminders.due(conn, NINE + DAY, 9)] == [5, 6]
