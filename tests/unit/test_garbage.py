"""What stays is left out of searches for garbage, and yet no garbage stays for good."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.garbage import MADE_BETWEEN, leave_out_what_stays, searched_later


class Ring:
    """Garbage that only a search finds, once nobody holds it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


async def test_what_is_there_is_left_out_of_later_searches_until_the_next_session():
    ring = Ring()
    gone = weakref.ref(ring)
    await leave_out_what_stays()
    del ring
    gc.collect()
    assert gone() is not None
    await leave_out_what_stays()
    assert gone() is None


async def test_what_comes_later_is_searched():
    await leave_out_what_stays()
    ring = Ring()
    gone = weakref.ref(ring)
    del ring
    gc.collect()
    assert gone() is None


def test_what_the_start_makes_is_searched_neither_then_nor_later():
    with searched_later():
        assert not gc.isenabled()
        ring = Ring()
        gone = weakref.ref(ring)
        del ring
    gc.collect()
    assert gone() is not None
    assert gc.isenabled()


def test_a_start_that_fails_is_searched_all_the_same():
    with pytest.raises(ValueError), searched_later():
        raise ValueError
    assert gc.isenabled()


def test_young_objects_are_searched_less_often_than_python_does_by_itself():
    with searched_later():
        pass
    assert gc.get_threshold()[0] == MADE_BETWEEN
