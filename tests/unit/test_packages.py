"""What runs beside the bot's own code may be given away with it, and how operators start it is sound."""

import configparser
import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import setting_names
from tests.licenses import ELSEWHERE, LOCKED, PAGE, license_of, page

ROOT = Path(__file__).parents[2]
PERMISSIVE = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "OFL-1.1", "PSF-2.0"}
COMPOSE = {
    *("build", "image", "command", "user", "profiles", "depends_on", "env_file", "environment", "volumes"),
    *("restart", "read_only", "tmpfs", "shm_size", "cap_drop", "security_opt", "healthcheck", "stop_grace_period"),
}
"""What the services may say."""
RECIPROCAL = re.compile(r"\b[AL]?GPL|\bGNU\b|\bMozilla|\bMPL|\bSSPL|\bCommons Clause|\bProprietary", re.IGNORECASE)
ENTRY = re.compile(
    r"^[\w.-]+==[^\s;]+(?: ; [^\\\n]+)? \\(?:\n    --hash=sha256:[0-9a-f]{64} \\)*\n    --hash=sha256:[0-9a-f]{64}$"
)


def lock(name: str) -> dict[str, str]:
    """The entries of a lock file by package: version, marker and hashes."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    return {entry.partition("==")[0]: entry for entry in entries}


@pytest.mark.parametrize("package", LOCKED)
def test_the_licenses_of_what_runs_are_permissive(package: str):
    assert set(re.split(r" AND | OR ", license_of(package))) <= PERMISSIVE
    if package not in ELSEWHERE:
        about = distribution(package).metadata
        said = [line for key in ("License-Expression", "License") for line in about.get_all(key) or []]
        said += [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
        assert not RECIPROCAL.search("\n".join(said)), said


def test_the_page_of_licenses_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run: make licenses"


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_what_is_locked_has_hashes_and_names_no_address(name: str):
    entries = lock(name)
    assert all(ENTRY.match(entry) for entry in entries.values())
    assert not re.search(r"://|index|find-links|trusted-host", " ".join(entries.values()))


def test_what_runs_is_tested_as_it_is_locked_and_nothing_else_is_locked():
    """Everything that a locked package needs is locked in a version that suits it, and everything is needed."""
    runtime, tested = lock("runtime.txt"), lock("dev.txt")
    assert runtime.items() <= tested.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [(requirement, frozenset[str]()) for requirement in map(Requirement, project["dependencies"])]
    needed = set[tuple[str, frozenset[str]]]()
    while wanted:
        requirement, extras = wanted.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras | {""}
        ):
            continue
        assert requirement.specifier.contains(LOCKED[name]), f"{name} {LOCKED[name]} for {requirement}"
        if (name, frozenset(requirement.extras)) not in needed:
            needed.add((name, frozenset(requirement.extras)))
            below = [] if name in ELSEWHERE else distribution(name).requires or []
            wanted += [(Requirement(line), frozenset(requirement.extras)) for line in below]
    assert set(LOCKED) - {name for name, _ in needed} <= set(ELSEWHERE)


def test_compose_says_nothing_that_is_unknown():
    """What `docker compose config` would look at, and that each variable is a setting."""
    compose: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert set(compose) <= {"services", "volumes"}
    bot = compose["services"]["mockingbird"]
    assert set(bot["environment"]) <= setting_names().keys()
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    for service in compose["services"].values():
        assert set(service) <= COMPOSE and {"build", "image"} & set(service)
        assert all(isinstance(value, str) for value in service.get("environment", {}).values())
        assert {str(volume).partition(":")[0] for volume in service.get("volumes", ())} <= set(compose["volumes"])
        assert set(service.get("depends_on", ())) <= set(compose["services"])
    for name in re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")):
        assert name in setting_names() or not name.startswith("MOCKINGBIRD_")


def test_the_image_runs_as_nobody_with_known_settings():
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert set(re.findall(r"MOCKINGBIRD_\w+(?==)", dockerfile)) <= setting_names().keys()
    assert "\nUSER mockingbird\n" in dockerfile.rpartition("\nFROM ")[2]
    # What watches it stands outside of the container, whose loopback ends inside.
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert "MOCKINGBIRD_HTTP_HOST=0.0.0.0" in dockerfile and 'MOCKINGBIRD_HTTP_HOST: "0.0.0.0"' in compose


def test_the_unit_restarts_all_but_bad_settings():
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(ROOT / "deploy/mockingbird.service", "utf-8")
    service = unit["Service"]
    assert service["Restart"] == "always"
    assert service["RestartPreventExitStatus"] == "78"
    assert service["ExecStart"].endswith("/mockingbird run")
    assert service["User"] != "root"
