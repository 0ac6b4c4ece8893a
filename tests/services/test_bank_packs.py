"""Packs that another process reads are those that this one would read."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.errors import OperatorError
from bot.services.bank_packs import begin_reading
from bot.services.bank_reader import FileToRead, read_apart
from bot.storage.bank_files import load_packs
from tests.unit.packs import pack_folder


def test_packs_come_whole_from_the_process_that_reads_them(tmp_path: Path):
    pack_folder(tmp_path, "[]\n")
    with begin_reading(None) as packs:
        assert packs() == load_packs()
    with begin_reading(tmp_path) as packs:
        assert packs() == load_packs(tmp_path)


def test_a_folder_without_packs_is_refused_in_the_same_words(tmp_path: Path):
    with pytest.raises(OperatorError) as here:
        load_packs(tmp_path)
    with begin_reading(tmp_path) as packs, pytest.raises(OperatorError) as apart:
        packs()
    assert str(apart.value) == str(here.value)


def test_a_process_that_fails_is_no_pack(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with begin_reading(None) as packs, pytest.raises(RuntimeError, match="ended with 1"):
        packs()


def test_a_bot_that_may_start_no_process_reads_packs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with begin_reading(None) as packs:
        assert packs() == load_packs()
    with begin_reading(tmp_path) as packs, pytest.raises(OperatorError, match="holds no pack"):
        packs()


async def test_programs_of_an_operator_that_lie_about_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("bot", "random", "yaml", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(f'{__name__} is mine')\n")
    monkeypatch.chdir(tmp_path)
    with begin_reading(None) as packs:
        assert packs() == load_packs()
    told = await read_apart(FileToRead(b"1. What is a B-tree?\n2. What is a hash?\n", "list.md", {}, {}))
    assert b"What is a hash?" in told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has pipes with names")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_bot_that_is_ended_while_it_reads_packs_says_nothing_and_leaves_nobody_behind(
    tmp_path: Path, number: signal.Signals
):
    (tmp_path / "slow").mkdir()
    slow = tmp_path / "slow" / "pack.yaml"
    os.mkfifo(slow)
    environment = {**os.environ, "DISCORD_TOKEN": "x", "MOCKINGBIRD_PACKS_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "from bot.start import run; run()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, process_group=0) as bot:
        with slow.open("w"):  # this waits until somebody reads it
            os.killpg(bot.pid, number)
            told = bot.communicate()
        assert (bot.returncode, *told) == (0, b"", b"")
    with pytest.raises(OSError, match="No such device"):
        os.open(slow, os.O_WRONLY | os.O_NONBLOCK)
