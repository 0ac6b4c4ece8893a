"""What all pictures share: they are drawn in threads but one at a time, and become PNGs."""

import io
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

P = ParamSpec("P")
_ONE_AT_A_TIME = threading.Lock()


def alone(draw: Callable[P, bytes]) -> Callable[P, bytes]:
    """Lets no two pictures be drawn at once, whatever they show: matplotlib's fonts are not made for it."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> bytes:
        with _ONE_AT_A_TIME:
            return draw(*args, **kwargs)

    return drawn


def png(figure: Any) -> bytes:
    """A matplotlib figure as a PNG on its own background."""
    held = io.BytesIO()
    figure.savefig(held, format="png")
    return held.getvalue()
