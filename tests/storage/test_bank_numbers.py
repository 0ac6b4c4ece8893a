"""Numbers that were given are not forgotten, whatever happens to the database."""

import os
from pathlib import Path

from bot.storage.bank_numbers import QuestionNumbers


def test_numbers_outlive_the_database_and_a_line_that_was_cut_short(tmp_path: Path):
    numbers = QuestionNumbers(tmp_path / "var" / "bot.db")
    numbers.give([(1, "ours", 4), (1, "sql", 30), (2, "ours", 9)])
    numbers.give([(1, "ours", 3), (2, "ours", 10)])
    file = tmp_path / "var" / "bot.db.numbers"
    before = file.read_text()
    numbers.give([(1, "sql", 30)])
    assert file.read_text() == before and "ours" not in before
    file.write_text(f'{before}\n["half a li')
    again = QuestionNumbers(tmp_path / "var" / "bot.db")
    again.give([(1, "sql", 31)])
    found = QuestionNumbers(tmp_path / "var" / "bot.db")
    assert [found.last(1, "ours"), found.last(1, "sql"), found.last(2, "ours"), found.last(3, "ours")] == [
        4,
        31,
        10,
        0,
    ]
    assert os.name != "posix" or file.stat().st_mode & 0o777 == 0o600


def test_without_a_file_they_live_as_long_as_the_process():
    numbers = QuestionNumbers(None)
    numbers.give([(1, "ours", 2)])
    assert numbers.last(1, "ours") == 2
