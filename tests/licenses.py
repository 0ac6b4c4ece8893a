"""Writes docs/licenses.md: what runs beside the bot's own code, and under which license."""

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/licenses.md"
LOCKED = dict(
    re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements/runtime.txt").read_text("utf-8"), re.MULTILINE)
)
ELSEWHERE = {"audioop-lts": "PSF-2.0", "colorama": "BSD-3-Clause", "svg2png-py": "MIT"}
"""Packages for other systems or versions of Python, which may be missing here."""
SAID = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "SIL OFL V1.1": "OFL-1.1",
    "The MIT License (MIT)": "MIT",
    "Permission is hereby granted, free of charge": "MIT",
}
"""What packages say that name no SPDX license: of a longer text, its beginning or what it holds."""
HEAD = """# Licenses

What runs beside the bot's own code, as `requirements/runtime.txt` locks it. All of it may be used, changed and
given away, also in a closed product. `make licenses` writes this page.

| package | version | license |
|---|---|---|
"""


def license_of(package: str) -> str:
    """A locked package's license as an SPDX expression; raises AssertionError where nobody says it."""
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        return ELSEWHERE[package]
    assert installed.version == LOCKED[package], (
        f"{package} {installed.version} is installed, {LOCKED[package]} locked"
    )
    about: PackageMetadata = installed.metadata
    for expression in about.get_all("License-Expression") or []:
        return expression
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License ::" in line]
    files = [installed.read_text(f"licenses/{file}") or "" for file in about.get_all("License-File") or []]
    for said in (*(about.get_all("License") or []), *classifiers, *files):
        if re.fullmatch(r"[\w.-]+-[\d.]+(-Clause)?|MIT|ISC", said):
            return said
        for words, license in SAID.items():
            if words in said:
                return license
    raise AssertionError(f"{package} names no license that is known")


def page() -> str:
    """The page as it should be."""
    return HEAD + "".join(f"| {name} | {LOCKED[name]} | {license_of(name)} |\n" for name in sorted(LOCKED))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
