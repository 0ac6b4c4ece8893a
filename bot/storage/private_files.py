"""Files and folders that only the user may read who runs the bot: they hold people's words."""

import contextlib
import os
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700


def make_folder(folder: Path) -> None:
    """Makes a folder and those that it lies in, each for its owner alone; what is there already stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    for missing in reversed([folder, *folder.parents]):
        missing.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_file(file: Path) -> None:
    """Makes an empty file for its owner alone.

    Raises:
        FileExistsError: it is there already.
        OSError: it cannot be made.
    """
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def take_from_others(file: Path) -> None:
    """Takes the rights to a file from all but its owner, where it is there and the system knows such rights.

    One that belongs to somebody else stays as its owner wants it.
    """
    with contextlib.suppress(OSError):
        if os.name == "posix" and file.stat().st_mode & 0o077:
            file.chmod(FILE_MODE)
