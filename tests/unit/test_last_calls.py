"""When a last call is due, and when it is worth a line."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.last_calls import BEFORE, due_at, is_quiet

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=7)))
def test_it_is_due_two_hours_before_closing_of_what_has_been_open_for_as_long(span: timedelta):
    due = due_at(NINE, NINE + span)
    assert due == (NINE + span - BEFORE if span >= 2 * BEFORE else None)


@given(st.integers(0, 50), st.integers(0, 50))
def test_it_is_said_where_less_than_half_of_those_who_usually_answer_have(answered: int, others: int):
    assert is_quiet(answered, answered + others) == (answered == 0 or answered < others)
