"""The short reference under which the log tells of one thing that somebody did, and that a person can quote."""

import secrets
from contextlib import AbstractContextManager

from structlog.contextvars import bound_contextvars, get_contextvars

NAME = "reference"


def new_reference() -> str:
    """One that no other line of the last weeks has."""
    return secrets.token_hex(4)


def referred(**about: object) -> AbstractContextManager[object]:
    """What is begun inside stands in the log under one reference, with tasks that it starts.

    Args:
        about: what else each line tells, such as the id of a message.
    """
    return bound_contextvars(**{NAME: new_reference(), **about})


def referred_here() -> AbstractContextManager[object]:
    """Goes on under the reference of whoever began it; under a new one where nobody did."""
    return bound_contextvars() if NAME in get_contextvars() else referred()


def current_reference() -> str:
    """The reference of what is being done."""
    return str(get_contextvars().get(NAME) or new_reference())
