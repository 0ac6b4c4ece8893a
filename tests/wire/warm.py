"""What forked bots find done: the questions are read, their words counted, and the heart beats every second."""

from bot.delivery import heartbeat
from bot.storage.bank_files import load_packs, shipped_hints

load_packs()
shipped_hints().prepare()
# A test of a start would wait for the first of the beats, which come every five seconds.
heartbeat.SECONDS = 1
