"""The start of a bot: its settings, its log, its questions and its code."""

import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

from bot.domain.errors import OperatorError
from bot.garbage import searched_later
from bot.logs import configure_logs
from bot.services.bank_packs import begin_reading
from bot.settings import EXIT_BAD_SETTINGS, load_settings
from bot.signals import end_when_told


@contextmanager
def operators_words() -> Generator[None]:
    """What an operator can change ends a command with a sentence and an exit code of its own."""
    try:
        yield
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_BAD_SETTINGS)


def run() -> None:
    """Runs the bot until it is stopped."""
    end_when_told()
    with operators_words():
        settings = load_settings(dict(os.environ))
        configure_logs(settings)
        with searched_later(), begin_reading(settings.packs_dir) as packs:
            from bot.process import serve

            found = packs()
        asyncio.run(serve(settings, found))
