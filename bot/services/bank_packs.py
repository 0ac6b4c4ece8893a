"""Reads packs in a process of its own: what reads them would take memory for as long as the bot runs."""

import gc
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.domain.bank import Pack
from bot.domain.errors import OperatorError

REFUSED = 3


def begin_reading(more: Path | None) -> Callable[[], list[Pack]]:
    """Begins to read the shipped packs and those in an operator's folder; who calls what it returns waits for them.

    Raises:
        OperatorError: when it is waited for, as `load_packs` says.
        RuntimeError: when it is waited for; the process has failed, and has said why on standard error.
    """
    command = [sys.executable, "-m", "bot.services.bank_packs", *([] if more is None else [str(more)])]
    reader = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def packs() -> list[Pack]:
        told, _ = reader.communicate()
        if reader.returncode == REFUSED:
            raise OperatorError(told.decode())
        if reader.returncode:
            raise RuntimeError(f"reading packs ended with {reader.returncode}")
        return pickle.loads(told)

    return packs


def main() -> None:
    """Writes the packs to standard output, or why they cannot be read."""
    gc.disable()  # nearly all that is made here stays until the end, which is near
    from bot.storage.bank_files import load_packs

    try:
        told = pickle.dumps(load_packs(*map(Path, sys.argv[1:])))
    except OperatorError as error:
        sys.stdout.buffer.write(str(error).encode())
        sys.exit(REFUSED)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
