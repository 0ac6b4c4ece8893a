"""Builds in a folder what the Dockerfile builds in an image, step by step, where no engine is at hand."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAPPED = re.compile(r"(?<![\w.])/(?=(?:opt|src|tmp|app)\b)")
"""Where the image's own folders are named; everything else is the system's."""
PIP = """#!{python}
# pip as the Dockerfile calls it; what is locked is linked from where it is installed, so that no index is asked.
import re, subprocess, sys
from importlib.metadata import distribution, PackageNotFoundError
from pathlib import Path
args = sys.argv[1:]
if "-r" not in args:
    sys.exit(subprocess.call([{python!r}, "-m", "pip", *args]))
assert {{"--no-deps", "--require-hashes", "--only-binary"}} <= set(args)
lines = Path(args[args.index("-r") + 1]).read_text()
folder = None
if "--python" in args:
    (folder,) = Path(args[args.index("--python") + 1]).glob("lib/python*/site-packages")
from pip._vendor.packaging.markers import Marker
for name, version, marker in re.findall(r"^([\\w.-]+)==([^\\s;]+)(?: ; ([^\\\\\\n]+))?", lines, re.MULTILINE):
    if marker and not Marker(marker.strip()).evaluate():
        continue
    found = distribution(name)
    assert found.version == version, (name, found.version, version)
    for top in {{file.parts[0] for file in found.files or ()}} - {{"..", "__pycache__"}}:
        if folder and not (folder / top).exists():
            (folder / top).symlink_to(found.locate_file(top))
"""
"""The Dockerfile's own options are kept: they are what makes the real one ask for nothing that is not locked."""


@dataclass
class Image:
    """The last stage's tree and settings.

    Attributes:
        root: the folder that stands for the image's `/`.
        user: the number of the user that it runs as.
    """

    root: Path
    env: dict[str, str] = field(default_factory=dict[str, str])
    workdir: Path = Path("/")
    user: int = 0
    volume: Path = Path("/")
    signal: str = ""
    health: list[str] = field(default_factory=list[str])
    command: list[str] = field(default_factory=list[str])

    def at(self, text: str) -> str:
        """A text of the Dockerfile with the image's folders where they really are."""
        return MAPPED.sub(f"{self.root}/", text)


def _steps() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line.strip()]


def _allowed() -> set[str]:
    """What `.dockerignore` lets into the build."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    return {line[1:] for line in lines if line.startswith("!")}


def build(root: Path) -> Image:
    """Follows the Dockerfile below a folder; what it does not know it refuses."""
    tools = root / "tools"
    tools.mkdir()
    (tools / "pip").write_text(PIP.format(python=sys.executable))
    (tools / "pip").chmod(0o755)
    (tools / "python").symlink_to(sys.executable)
    for name in ("opt", "src", "tmp", "app"):
        (root / name).mkdir()
    image, stages = Image(root), 0
    for step, said in _steps():
        if step == "FROM":
            image, stages = Image(root), stages + 1
        elif step == "ENV":
            for name, value in re.findall(r"(\w+)=(\S+)", said):
                image.env[name] = image.at(value)
        elif step == "WORKDIR":
            image.workdir = Path(image.at(said))
        elif step == "RUN" and stages == 1:
            path = f"{tools}:{os.environ['PATH']}"
            done = subprocess.run(
                image.at(said), shell=True, cwd=image.workdir, env={**image.env, "PATH": path}, capture_output=True
            )
            assert done.returncode == 0, (said, done.stderr.decode())
        elif step == "RUN":
            _make_user(image, said)
        elif step == "COPY":
            _copy(image, said)
        elif step == "USER":
            assert image.user and said == "mockingbird"
        elif step == "VOLUME":
            image.volume = Path(image.at(said))
        elif step == "STOPSIGNAL":
            image.signal = said
        elif step == "HEALTHCHECK":
            image.health = json.loads(said.partition(" CMD ")[2])
        elif step in ("ENTRYPOINT", "CMD"):
            image.command += json.loads(said)
        else:
            raise AssertionError(f"a step that nobody follows here: {step}")
    assert stages == 2
    return image


def _copy(image: Image, said: str) -> None:
    *sources, target = said.split()
    if sources[0].startswith("--from="):
        assert sources[1:] == [target]  # it lies where the stage before has put it
        return
    for name in sources:
        assert name in _allowed(), f".dockerignore keeps out {name}"
        to = image.workdir / target
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, to)


def _make_user(image: Image, said: str) -> None:
    """A user needs rights that a test has not; of the commands that make one, what they leave is made."""
    for command in said.split(" && "):
        words = shlex.split(command)
        if words[0] == "useradd":
            assert "--no-create-home" in words and words[words.index("--shell") + 1].endswith("nologin")
            image.user = int(words[words.index("--uid") + 1])
        elif words[:2] == ["install", "-d"]:
            folder = Path(image.at(words[-1]))
            folder.mkdir()
            if os.geteuid() == 0:
                os.chown(folder, image.user, image.user)
        else:
            assert words[0] == "groupadd", command
