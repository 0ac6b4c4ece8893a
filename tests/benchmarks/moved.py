"""A wall clock that can be moved, no limit of requests, and a quick heart: a month passes in minutes."""

import bot.app
from bot.delivery import heartbeat
from tests.faults import clocked as clocked  # what is read of it moves the clock

bot.app.__dict__["PER_SECOND"] = 100_000
# Each morning waits for some beats.
heartbeat.SECONDS = 1
