"""Which numbers servers' own questions were given, in a file beside the database: a restored backup forgets some.

Cards in Discord go on carrying them, so that none may be given to another question. The file names nobody: a line
is a hash of server and pack, and the last number.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from bot.storage.private_files import FILE_MODE, make_folder


class QuestionNumbers:
    """The last number that each pack of each server has given.

    Args:
        database: the database's file; without one they live in memory.
    """

    def __init__(self, database: Path | None) -> None:
        self._file = None if database is None else database.with_name(f"{database.name}.numbers")
        self._last: dict[str, int] = {}
        if self._file is not None and self._file.is_file():
            for line in self._file.read_text("utf-8").splitlines():
                self._remember(line)

    def _remember(self, line: str) -> None:
        """Reads a line; a crash may have cut one short, whose questions were not stored either."""
        try:
            pack, last = json.loads(line)
            self._last[str(pack)] = max(int(last), self._last.get(str(pack), 0))
        except (ValueError, TypeError):
            return

    def last(self, guild_id: int, pack: str) -> int:
        """The last number that a server's pack has given; 0 before the first."""
        return self._last.get(_key(guild_id, pack), 0)

    def give(self, given: Iterable[tuple[int, str, int]]) -> None:
        """Writes down what was not known yet; it is on the disk when this returns.

        Args:
            given: (server, pack, last number that it has given).

        Raises:
            OSError: it cannot be written.
        """
        lines = [
            json.dumps([_key(guild_id, pack), number])
            for guild_id, pack, number in given
            if number > self.last(guild_id, pack)
        ]
        if lines and self._file is not None:
            make_folder(self._file.parent)
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write("".join(f"\n{line}" for line in lines))
                out.flush()
                os.fsync(out.fileno())
        for line in lines:
            self._remember(line)


def _key(guild_id: int, pack: str) -> str:
    return hashlib.sha256(f"{guild_id}:{pack}".encode()).hexdigest()[:24]
