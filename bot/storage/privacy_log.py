"""Which deletions members asked for, in a file beside the database: a restored backup must not bring anybody back.

Processes that share a database share the file, too: each reads on whenever it has grown.

The file names nobody. Each line is a keyed hash; whoever has the file and its key can try whether an id that they
know is in it, so that only the bot's own user may read it.
"""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from bot.storage.privacy import Whose
from bot.storage.private_files import make_folder

KEY_BYTES = 32


def _read(line: str) -> dict[str, str]:
    """One line; nothing for one that a crash cut short, whose deletion was not stored either."""
    try:
        return json.loads(line)
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class LoggedDeletion:
    """One deletion: the hash of whom it was for, and when."""

    who: str
    at: datetime


class DeletionLog:
    """The deletions of an installation, oldest first.

    Args:
        database: the database's file, or what stands for it where the database is on a server; without one the log
            lives in memory.
    """

    def __init__(self, database: Path | None) -> None:
        self._file = None if database is None else database.with_name(f"{database.name}.deletions")
        self._key = ""
        self._entries: list[LoggedDeletion] = []
        self._newest: dict[str, datetime] = {}
        self._size = 0
        self._read_on()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def name(self) -> str:
        """Tells the log from one that another installation, or another machine, keeps; empty before the first."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:8] if self._key else ""

    def _read_on(self) -> None:
        """Reads what was added since, by this process or another."""
        try:
            size = 0 if self._file is None else self._file.stat().st_size
        except FileNotFoundError:
            return
        if self._file is None or size == self._size:
            return
        self._entries.clear()
        self._newest.clear()
        self._size = size
        for found in map(_read, self._file.read_text("utf-8").splitlines()):
            if "key" in found:
                self._key = found["key"]
            elif "who" in found:
                self._remember(LoggedDeletion(found["who"], datetime.fromisoformat(found["at"])))

    def since(self, count: int) -> list[LoggedDeletion]:
        """The deletions after the first so many."""
        return self._entries[count:]

    def hash(self, whose: Whose) -> str:
        """What stands in the log for a member, in one server or everywhere."""
        text = f"{whose.member_id}" if whose.guild_id is None else f"{whose.guild_id}:{whose.member_id}"
        return hmac.digest(self._key.encode(), text.encode(), "sha256").hex()

    def add(self, whose: Whose, at: datetime) -> None:
        """Writes a deletion down; it is on the disk when this returns."""
        if self._file is None:
            self._key = self._key or secrets.token_hex(KEY_BYTES)
            self._remember(LoggedDeletion(self.hash(whose), at))
            return
        make_folder(self._file.parent)
        with FileLock(f"{self._file}.lock", mode=0o600):
            self._read_on()
            lines = [] if self._key else [{"key": secrets.token_hex(KEY_BYTES)}]
            self._key = self._key or lines[0]["key"]
            lines.append({"who": self.hash(whose), "at": at.isoformat()})
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write("".join(f"\n{json.dumps(line)}" for line in lines))
                out.flush()
                os.fsync(out.fileno())
            self._read_on()

    def covers(self, guild_id: int, member_id: int, at: datetime) -> bool:
        """Whether a member has had deleted what they did in a server at an instant: it must not be read again."""
        self._read_on()
        if not self._entries:
            return False
        times = (self._newest.get(self.hash(Whose(member_id, where))) for where in (guild_id, None))
        return any(time is not None and at <= time for time in times)

    def _remember(self, entry: LoggedDeletion) -> None:
        self._entries.append(entry)
        self._newest[entry.who] = max(entry.at, self._newest.get(entry.who, entry.at))
