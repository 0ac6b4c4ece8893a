"""What goes wrong, by who can change it: the person who asked, a manager, or the operator."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


class Refusal(Exception):
    """A person asked for something that they can change: bad input, not theirs, gone, closed.

    It says so in codes, for tests and for `bot.ui.refusals`, which has the one sentence for each.

    Args:
        code: feature and reason, such as `teams.name_taken`.
        values: what the sentence names.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class OperatorError(Exception):
    """Something that the operator can change stops the start: the text is the whole sentence."""


class NotStored(Exception):
    """The database takes nothing for now, and kept nothing of what it was given: the same may work later.

    Args:
        reason: `full`, `locked` (by another program), `away` (the server) or `failing`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_not_stored(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is that nothing could be stored."""
    while error is not None and not isinstance(error, NotStored):
        error = error.__cause__
    return error is not None


def plainly(error: NotStored) -> str:
    """What the database itself says of why it stores nothing, without a full stop."""
    said = str(getattr(error.__cause__, "orig", None) or error.__cause__ or "").rstrip(".")
    if said:
        return said
    return "timed out" if isinstance(error.__cause__, TimeoutError) else error.reason


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the bot from something that it owes, for `/daily status`: a code, and what its sentence names."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])

    def stored(self) -> str:
        """As a column of text keeps it."""
        return json.dumps({"code": self.code, "values": dict(self.values)})

    @staticmethod
    def read(stored: str) -> "Problem":
        """Reads what `stored` wrote."""
        plain = json.loads(stored)
        return Problem(plain["code"], plain["values"])
