"""How the process hears that it is to end."""

import asyncio
import signal
import sys


def end_when_told() -> None:
    """Until `told_to_stop` listens, there is nothing to finish: the process ends at once, as in order."""

    def end(*_: object) -> None:
        sys.exit()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def told_to_stop() -> asyncio.Event:
    """Set by SIGTERM and SIGINT, and by Ctrl+C on Windows, where event loops know no signals."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell(*_: object) -> None:
        loop.call_soon_threadsafe(told.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, told.set)
        except NotImplementedError:
            signal.signal(number, tell)
    return told
