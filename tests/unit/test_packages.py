"""What runs beside the bot's own code may be given away with it, and how operators start it is sound."""

import configparser
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import setting_names

ROOT = Path(__file__).parents[2]
LOCKED = re.findall(r"^([\w.-]+)==", (ROOT / "requirements/runtime.txt").read_text("utf-8"), re.MULTILINE)
PERMISSIVE = re.compile(
    r"\b(MIT|Apache|BSD|ISC|PSF|Python Software Foundation|OFL)\b|Permission is hereby granted, free of charge"
)
RECIPROCAL = re.compile(r"\b[AL]?GPL|\bGNU\b|\bMozilla|\bMPL|\bSSPL|\bCommons Clause|\bProprietary", re.IGNORECASE)
ELSEWHERE = {"audioop-lts", "colorama", "svg2png-py"}
"""Packages for other systems or versions of Python, which may be missing here."""


@pytest.mark.parametrize("package", LOCKED)
def test_the_licenses_of_what_runs_are_permissive(package: str):
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        assert package in ELSEWHERE
        return
    about = installed.metadata
    named = [line for key in ("License-Expression", "License") for line in about.get_all(key) or []]
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    said = "\n".join([*named, *classifiers]).strip()
    if not said:  # its own words, where its data name none
        said = "\n".join(
            installed.read_text(f"licenses/{file}") or "" for file in about.get_all("License-File") or []
        )
    assert not RECIPROCAL.search(said), said
    assert PERMISSIVE.search(said), said


def test_each_variable_of_compose_is_a_setting():
    compose: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    (service,) = compose["services"].values()
    assert set(service["environment"]) <= setting_names()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_the_image_runs_as_nobody_with_known_settings():
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert set(re.findall(r"MOCKINGBIRD_\w+(?==)", dockerfile)) <= setting_names()
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
