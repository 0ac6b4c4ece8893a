"""What forked bots find done: the questions are read and their words counted."""

from bot.storage.bank_files import load_packs, shipped_hints

load_packs()
shipped_hints().prepare()
