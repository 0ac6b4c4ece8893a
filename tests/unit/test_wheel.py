"""The wheel that the image installs holds all that the bot needs, and no more."""

import configparser
import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRANSLATORS = (".po", ".pot")
"""What the catalog is made from: the bot reads the `.mo` files alone."""
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "bot", "cogs", "data")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents."""
    folder = tmp_path_factory.mktemp("wheel")
    # Built from a copy: in the checkout, setuptools would take up what lies in build/ from last time.
    for name in SOURCES:
        source, target = ROOT / name, folder / "source" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", ".", "./source"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "installed")
    return folder / "installed"


def test_every_file_of_the_code_and_the_bank_is_in_the_wheel(installed: Path):
    missing: list[str] = []
    for name, package in (("bot", "bot"), ("cogs", "cogs"), ("data", "mockingbird_data")):
        for file in (installed.parent / "source" / name).rglob("*"):
            inside = Path(package, file.relative_to(installed.parent / "source" / name))
            read = file.is_file() and file.suffix not in TRANSLATORS
            if read and not (installed / inside).is_file():
                missing.append(str(inside))
    assert not missing, f"add these to packages or package-data in pyproject.toml: {missing}"


def test_migrations_and_packs_are_in_it(installed: Path):
    assert (installed / "bot/storage/migrations/env.py").is_file()
    assert list((installed / "bot/storage/migrations/versions").glob("0001_*.py"))
    assert (installed / "mockingbird_data/packs/genai/pack.yaml").is_file()
    assert (installed / "mockingbird_data/packs/genai-2026/pack.yaml").is_file()


def test_nothing_else_is_in_it(installed: Path):
    (info,) = installed.glob("mockingbird-*.dist-info")
    assert {path.name for path in installed.iterdir()} == {"bot", "cogs", "mockingbird_data", info.name}
    scripts = configparser.ConfigParser()
    scripts.read(info / "entry_points.txt")
    assert scripts["console_scripts"]["mockingbird"] == "bot.__main__:main"


def test_the_bank_is_found_without_the_checkout(installed: Path, tmp_path: Path):
    # -S leaves out the development install, which would lead back to the checkout.
    path = f"{installed}:{sysconfig.get_path('purelib')}"
    command = [sys.executable, "-S", "-m", "bot", "bank", "export", "genai"]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["questions"]) == 110
