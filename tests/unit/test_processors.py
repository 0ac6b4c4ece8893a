"""The loop and its helpers stay on one processor, and pictures are drawn beside them."""

import asyncio
import os
import sys
import threading

import pytest

from bot.processors import on_one_processor
from bot.ui.charts.rendering import Pictures

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system decides")


def allowed_in_a_new_thread() -> set[int]:
    found: list[set[int]] = []
    thread = threading.Thread(target=lambda: found.append(os.sched_getaffinity(0)))
    thread.start()
    thread.join()
    return found[0]


def test_a_thread_that_is_started_meanwhile_stays_on_the_same_processor():
    before = os.sched_getaffinity(0)
    with on_one_processor():
        own = os.sched_getaffinity(0)
        assert len(own) == 1
        assert own <= before
        assert allowed_in_a_new_thread() == own
    assert os.sched_getaffinity(0) == allowed_in_a_new_thread() == before


def test_it_ends_with_what_it_was_for():
    before = os.sched_getaffinity(0)
    with pytest.raises(KeyError), on_one_processor():
        raise KeyError
    assert os.sched_getaffinity(0) == before


def test_pictures_are_drawn_on_every_processor(monkeypatch: pytest.MonkeyPatch):
    before, seen = os.sched_getaffinity(0), list[set[int]]()

    def draw(_: str) -> bytes:
        seen.append(os.sched_getaffinity(0))
        return b""

    monkeypatch.setattr("bot.ui.charts.rendering.render", draw)

    async def drawn() -> None:
        pictures = Pictures()
        try:
            await pictures.png("<svg/>")
        finally:
            pictures.close()

    with on_one_processor():
        asyncio.run(drawn())
    assert seen == [before]


def test_where_no_processor_may_be_chosen_nothing_changes(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise PermissionError

    before = os.sched_getaffinity(0)
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with on_one_processor():
        assert os.sched_getaffinity(0) == before
