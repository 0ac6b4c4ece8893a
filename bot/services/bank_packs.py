"""Reads packs in a process of its own: what reads them would take memory for as long as the bot runs."""

import gc
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.domain.bank import Pack
from bot.domain.errors import OperatorError
from bot.services.bank_processes import start_apart

REFUSED = 3


@contextmanager
def begin_reading(more: Path | None) -> Generator[Callable[[], list[Pack]]]:
    """Begins to read the shipped packs and those in an operator's folder; who calls what it gives waits for them.

    Nothing of it outlives whoever asked.

    Raises:
        OperatorError: when it is waited for, as `load_packs` says.
        RuntimeError: when it is waited for; the process has failed, and has said why on standard error.
    """
    folders = [] if more is None else [str(more)]
    try:
        reader = start_apart("bot.services.bank_packs", *folders, stdin=subprocess.DEVNULL)
    except OSError as error:  # a service may be forbidden to start others
        import structlog  # the process that reads has no use for it

        structlog.get_logger().info("packs.read_here", error=error.strerror)
        yield partial(_load, *folders)
        return

    def packs() -> list[Pack]:
        told, _ = reader.communicate()
        if reader.returncode == REFUSED:
            raise OperatorError(pickle.loads(told))
        if reader.returncode:
            raise RuntimeError(f"reading packs ended with {reader.returncode}")
        return pickle.loads(told)

    with reader:
        try:
            yield packs
        finally:
            reader.kill()


def _load(*folders: str) -> list[Pack]:
    """Loads what reads packs, and reads them."""
    from bot.storage.bank_files import load_packs

    return load_packs(*map(Path, folders))


def main() -> None:
    """Writes the packs to standard output, or why they cannot be read."""
    gc.disable()  # nearly all that is made here stays until the end, which is near
    try:
        told = pickle.dumps(_load(*sys.argv[1:]))
    except OperatorError as error:
        sys.stdout.buffer.write(pickle.dumps(str(error)))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(told)
