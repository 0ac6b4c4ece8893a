"""The image, built in a folder as the Dockerfile says: it runs as nobody, writes to its volume alone, and ends."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.double import Double
from tests.wire.image import Image, build


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that other users may enter, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def tree(image: Image) -> set[tuple[str, int]]:
    """Everything but the volume."""
    inside = (path for path in image.root.rglob("*") if not path.is_relative_to(image.volume))
    return {(str(path), path.lstat().st_mtime_ns) for path in inside}


def seal(image: Image) -> None:
    """Takes the right to write from everybody, as `read_only: true` does."""
    for path in image.root.rglob("*"):
        if not path.is_symlink() and not path.is_relative_to(image.volume):
            path.chmod(path.stat().st_mode & ~0o222)


def as_nobody(image: Image) -> list[str]:
    """Runs a command as the image's user, where the test may change who it is."""
    if os.geteuid():
        return []
    who = ["setpriv", f"--reuid={image.user}", f"--regid={image.user}", "--clear-groups", "--no-new-privs"]
    if all(folder.stat().st_mode & 0o001 for folder in Path(sys.executable).resolve().parents):
        return who
    # Python lies in somebody's home, which is no part of the image.
    return [*who, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


async def test_the_image_runs_read_only_as_nobody_until_it_is_told_to_stop(root: Path):
    image = await asyncio.to_thread(build, root)
    seal(image)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    async with Double() as double:
        environment = image.env | {
            "PATH": image.env["PATH"].replace("$PATH", os.environ["PATH"]),
            "DISCORD_TOKEN": "a.test.token",
            "MOCKINGBIRD_API_BASE": double.api_base,
            "MOCKINGBIRD_HTTP_HOST": "127.0.0.1",
            "MOCKINGBIRD_HTTP_PORT": port,
        }
        folder, before = image.volume.parent, tree(image)
        log = image.volume / "log"
        prefix = as_nobody(image)
        program = str(image.root / "opt/mockingbird/bin/mockingbird")
        assert shutil.which(image.command[0], path=environment["PATH"]) == program
        with log.open("w") as output:
            bot = await asyncio.create_subprocess_exec(
                *prefix, program, *image.command[1:], cwd=folder, env=environment, stdout=output, stderr=output
            )
        try:
            healthy = [image.at(word).replace(":8080/", f":{port}/") for word in image.health]
            ready = [word.replace("/healthz", "/readyz") for word in healthy]
            async with asyncio.timeout(60):
                for command in (healthy, ready):
                    while bot.returncode is None:
                        check = await asyncio.create_subprocess_exec(
                            *prefix, *command, cwd=folder, env=environment, stderr=subprocess.DEVNULL
                        )
                        if await check.wait() == 0:
                            break
                        await asyncio.sleep(0.5)
            assert bot.returncode is None, log.read_text()
            bot.send_signal(signal.Signals[image.signal])
            async with asyncio.timeout(15):
                assert await bot.wait() == 0, log.read_text()
        finally:
            if bot.returncode is None:
                bot.kill()
    assert "packs.read_here" not in log.read_text()
    assert tree(image) == before
    database = image.volume / "mockingbird.db"
    assert database.stat().st_mode & 0o777 == 0o600
    assert os.geteuid() or database.stat().st_uid == image.user
