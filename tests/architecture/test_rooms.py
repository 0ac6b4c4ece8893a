"""Which room knows which: imports point inward, and what stands outermost stays humble."""

import re
from collections import defaultdict

import pytest

from tests.architecture.source import ROOT, files, imported, in_rooms, name, room, room_of_module

COG_LINES = 150
KNOWS: dict[str, set[str]] = {
    "domain": set(),
    "storage": {"domain"},
    "services": {"domain", "storage"},
    "ui/kit": {"domain", "shell"},
    "ui/charts": {"domain", "services", "ui/kit"},
    "ui": {"domain", "services", "ui/kit", "ui/charts"},
    "delivery": {"domain", "storage", "ui/kit", "shell"},
    "workers": {"domain", "services", "ui", "ui/kit", "ui/charts", "delivery", "shell"},
    "cogs": {"domain", "services", "ui", "ui/kit", "ui/charts", "workers", "shell"},
    "demo": {"domain", "services", "storage", "ui", "ui/kit", "shell"},
}
"""What a room may import besides itself. The shell builds everything and knows every room but the demo."""
LIBRARIES: dict[str, set[str]] = {
    "discord": {"ui", "ui/kit", "ui/charts", "delivery", "workers", "cogs", "demo", "shell"},
    "sqlalchemy": {"storage", "services", "delivery", "demo"},
    "aiosqlite": {"storage"},
    "alembic": {"storage"},
    "apscheduler": {"delivery"},
    "babel": {"ui/kit"},
    "prometheus_client": {"shell"},
    "svg2png_py": {"ui/charts"},
    "resvg_py": {"ui/charts"},
    "pymupdf_fonts": {"ui/charts"},
    "simcord": {"demo"},
    "aiohttp": {"delivery", "workers", "demo", "shell"},
    "yaml": {"storage"},
    "markdown_it": {"storage"},
    "charset_normalizer": {"storage"},
    "fsrs": {"domain"},
    "rapidfuzz": {"domain"},
    "snowballstemmer": {"domain"},
}
"""In which rooms a library may be imported."""
SHELL_FOR_ALL = {"bot.clock", "bot.settings"}


@pytest.mark.parametrize("at", KNOWS)
def test_a_room_imports_only_what_lies_further_in(at: str):
    here = in_rooms(at)
    assert here
    for file in here:
        for module in imported(file):
            other = room_of_module(module)
            if other is None or other == at:
                continue
            assert other in KNOWS[at], f"{name(file)} imports {module}"
            if other == "shell" and at != "demo":
                assert module == "bot.clock", f"{name(file)} imports {module}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_known_only_where_it_belongs(library: str):
    for file in files():
        if any(module.split(".")[0] == library for module in imported(file)):
            assert room(file) in LIBRARIES[library], f"{name(file)} imports {library}"


def test_the_clock_is_read_in_one_place():
    reads = re.compile(r"\b(?:datetime\.now|date\.today|utcnow|time\.time(?:_ns)?)\(")
    for file in files():
        if name(file) != "bot/clock.py":
            assert not reads.search(file.read_text("utf-8")), f"{name(file)} reads the clock: take `now` instead"


def test_no_two_modules_import_each_other():
    arrows: defaultdict[str, set[str]] = defaultdict(set)
    for file in files():
        here = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        arrows[here] |= {module for module in imported(file) if module.startswith(("bot", "cogs"))}
    # The tree of commands names the client that it belongs to for the type checker alone.
    mutual = {
        tuple(sorted((one, other)))
        for one, others in arrows.items()
        for other in others
        if one in arrows.get(other, ()) and {one, other} != {"bot.app", "bot.tree"}
    }
    assert not mutual


def test_a_cog_is_short_enough_to_do_no_work_of_its_own():
    here = in_rooms("cogs")
    assert here
    for file in here:
        lines = len(file.read_text("utf-8").splitlines())
        assert lines <= COG_LINES, (
            f"{file.name} has {lines} lines: give what is no parsing or rendering to a service"
        )


def test_the_readme_draws_the_rooms_as_they_are():
    """Each arrow of its picture is an import, and each import follows its arrows.

    Only the command line has none: it opens the demo, which stands around everything else.
    """
    text = (ROOT / "README.md").read_text("utf-8")
    drawn_text = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert drawn_text is not None
    drawn = set(re.findall(r"^\s*(\w+)(?:\[.*?\])? --> (\w+)", drawn_text[1], re.MULTILINE))
    known = {end for arrow in drawn for end in arrow}
    assert known == {"app", "cogs", "workers", "delivery", "ui", "services", "storage", "domain", "demo"}
    real: set[tuple[str, str]] = set()
    for file in files():
        here = room(file).split("/")[0].replace("shell", "app")
        for module in imported(file):
            other = room_of_module(module)
            there = (other or here).split("/")[0].replace("shell", "app")
            if here != there and module not in SHELL_FOR_ALL:
                real.add((here, there))
    real -= {("app", "demo")}
    through = {(one, far) for one, near in drawn for start, far in drawn if near == start}
    assert drawn <= real, f"drawn but not imported: {drawn - real}"
    rest = real - drawn
    while rest - through and (more := {(a, d) for a, b in through for c, d in drawn if b == c} - through):
        through |= more
    assert rest <= through, f"imported, but no arrow and no way of arrows: {rest - through}"
