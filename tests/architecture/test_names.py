"""One word for one thing: a feature has the same stem in every room, and no two classes share a name."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.architecture.source import files, in_rooms, name, nodes, tree

FEATURES = {
    "alerts",
    "answers",
    "away",
    "backups",
    "bank",
    "boards",
    "departures",
    "digests",
    "drills",
    "help",
    "hints",
    "interviews",
    "key_points",
    "last_calls",
    "live_quizzes",
    "members",
    "milestones",
    "mistakes",
    "opinions",
    "participation",
    "points",
    "privacy",
    "progress",
    "quizzes",
    "reminders",
    "repairs",
    "reviews",
    "seasons",
    "servers",
    "spoilers",
    "streaks",
    "suggestions",
    "teams",
    "tracks",
    "votes",
}
"""Stems of features. A file about a part of one begins with its singular: `interview_turns`, `answer_marks`."""
KERNEL = {
    "domain": {
        "backoff",
        "errors",
        "mastery",
        "schedule",
        "selection",
        "standard",
        "surface",
        "text",
        "zones",
        "zone_cities",
    },
    "storage": {
        "agenda",
        "bank_files",
        "database",
        "dialects",
        "installation",
        "leases",
        "ledger",
        "migrate",
        "moves",
        "postgres",
        "prepared",
        "private_files",
        "proposals",
        "question_queue",
        "quiz_results",
        "rows",
        "schema",
        "upgrade",
        "urls",
        "sent_messages",
        "shards",
        "sqlite",
        "sqlite_files",
        "works",
    },
    "services": {"agenda", "audit", "moves", "scorecards", "search", "sessions", "use_cases"},
    "ui": {"audit", "help", "presenter", "problems", "refusals", "scorecards"},
    "workers": {"events", "retention"},
    "cogs": {"daily", "help", "scorecards", "setup", "solo_quizzes"},
}
"""What belongs to no one feature, room by room."""
HOOKS = ("process_bind_param", "process_result_value")
"""Methods that SQLAlchemy calls: its own documentation says what they are for."""
CALLED_BY_NAME = {
    "__all__",
    "channel_types",
    "emit",
    "format_field",
    "interaction_check",
    "load_dialect_impl",
    "self_group",
    "setup_hook",
    "transform",
    *HOOKS,
}
"""What Python, and the libraries whose classes are extended, look up by these names."""
OWN_DECORATORS = {"property", "classmethod", "staticmethod"}
"""All others hand a method to whoever calls it."""


def _singular(stem: str) -> str:
    return (
        stem[:-3] + "z" if stem.endswith("zzes") else stem[:-3] + "y" if stem.endswith("ies") else stem.rstrip("s")
    )


def test_a_feature_has_the_same_stem_in_every_room():
    parts = tuple(f"{_singular(stem)}_" for stem in (*FEATURES, "lives", "dailys"))
    for at, kernel in KERNEL.items():
        for file in in_rooms(at):
            stem = file.stem
            fits = stem in FEATURES or stem in kernel or stem.startswith(parts) or stem == "__init__"
            assert fits, f"{name(file)} has a stem of its own: name it after its feature"


def test_no_name_of_the_kernel_is_forgotten():
    for at, kernel in KERNEL.items():
        assert kernel <= {file.stem for file in in_rooms(at)}, (
            f"{at} has no {kernel - {f.stem for f in in_rooms(at)}}"
        )


def test_class_names_are_unique():
    places: defaultdict[str, list[str]] = defaultdict(list)
    for file in files():
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name(file))
    assert not {found: where for found, where in places.items() if len(where) > 1}


def test_what_is_public_says_what_it_is_for():
    silent = [f"{name(file)}: {found}" for file in files() for found in _undocumented(tree(file))]
    assert not silent, "\n".join(silent)


def _undocumented(outer: ast.Module | ast.ClassDef) -> Iterator[str]:
    """Public functions and classes without a docstring; not what stands within functions and private classes."""
    for node in outer.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name.startswith(("_", *HOOKS)):
                continue
            if not ast.get_docstring(node):
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from _undocumented(node)


def test_nothing_stands_there_that_nobody_uses():
    """Every name that a file of the product defines at its top, or in a class there, is said again somewhere."""
    said: Counter[str] = Counter()
    defined: dict[str, str] = {}
    for file in files():
        for node in nodes(file):
            if isinstance(node, ast.Name):
                said[node.id] += 1
            elif isinstance(node, ast.Attribute):
                said[node.attr] += 1
            elif isinstance(node, ast.alias):
                said[(node.asname or node.name).split(".")[-1]] += 1
                said[node.name.split(".")[-1]] += 1
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                said[node.value] += 1
        for node in tree(file).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if not node.decorator_list or isinstance(node, ast.ClassDef):
                    defined[node.name] = name(file)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        said[target.id] -= 1
                        defined[target.id] = name(file)
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                        own = {ast.unparse(how) for how in method.decorator_list} <= OWN_DECORATORS
                        if own and not method.name.startswith(("__", "on_")):
                            defined[method.name] = name(file)
    idle = {at: where for at, where in defined.items() if said[at] < 1 and at not in CALLED_BY_NAME}
    assert not idle
