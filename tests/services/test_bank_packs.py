"""Packs that another process reads are those that this one would read."""

import shutil
import sys
from pathlib import Path

import pytest

from bot.domain.errors import OperatorError
from bot.services.bank_packs import begin_reading
from bot.storage.bank_files import load_packs
from tests.unit.packs import pack_folder


def test_packs_come_whole_from_the_process_that_reads_them(tmp_path: Path):
    pack_folder(tmp_path, "[]\n")
    assert begin_reading(None)() == load_packs()
    assert begin_reading(tmp_path)() == load_packs(tmp_path)


def test_a_folder_without_packs_is_refused_in_the_same_words(tmp_path: Path):
    with pytest.raises(OperatorError) as here:
        load_packs(tmp_path)
    with pytest.raises(OperatorError) as apart:
        begin_reading(tmp_path)()
    assert str(apart.value) == str(here.value)


def test_a_process_that_fails_is_no_pack(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="ended with 1"):
        begin_reading(None)()
