"""Runs the bot with a wall clock that can be moved, and without a limit of requests: a month passes in minutes."""

import bot.app
from bot.__main__ import app
from tests.faults import clocked as clocked  # what is read of it moves the clock

bot.app.__dict__["PER_SECOND"] = 100_000

if __name__ == "__main__":
    app()
