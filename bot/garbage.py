"""When Python looks for garbage: everything stops meanwhile, and what is there from the start never becomes any."""

import gc

MADE_BETWEEN = 5_000
"""So many more objects than before begin a search among the young ones: 700 of them cost a twentieth of a rush."""


def search_rarely() -> None:
    """Has the start, which makes hundreds of thousands of objects that stay, searched a few times only."""
    gc.set_threshold(MADE_BETWEEN, 10, 10)


async def leave_out_what_stays() -> None:
    """Leaves everything that is there out of later searches, which take a tenth of a second or more otherwise.

    It is called anew with each session: what the one before has left behind is found then.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
