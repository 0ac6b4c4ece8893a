"""When Python looks for garbage: everything stops meanwhile, and what is there from the start never becomes any."""

import contextlib
import gc
from collections.abc import Generator

MADE_BETWEEN = 5_000
"""So many more objects than before begin a search among the young ones: 700 of them cost a twentieth of a rush."""


@contextlib.contextmanager
def searched_later() -> Generator[None]:
    """Reads code and questions without a search: of hundreds of thousands of objects nearly all stay.

    What they are is left out of searches from then on, which begin more rarely than Python has them by itself.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(MADE_BETWEEN, 10, 10)
        gc.enable()


async def leave_out_what_stays() -> None:
    """Leaves everything that is there out of later searches, which take a tenth of a second or more otherwise.

    It is called anew with each session: what the one before has left behind is found then.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
