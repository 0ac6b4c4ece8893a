"""What forked bots find done: questions read, their words counted, and a heart that beats every second."""

from contextlib import nullcontext
from datetime import timedelta
from functools import partial

from bot import start
from bot.delivery import heartbeat
from bot.domain import backoff
from bot.storage.bank_files import load_packs, shipped_hints

load_packs()
start.begin_reading = lambda more: nullcontext(partial(load_packs, more))
shipped_hints().prepare()
# A test would wait five seconds for the first beat, and as long for each thing to be tried again.
heartbeat.SECONDS = 1
backoff.FIRST = timedelta(seconds=1)
