"""The product also starts where it was not written: on Windows."""

import ast

from tests.architecture.source import files, imported, name, nodes

ABSENT = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios"}
"""What Python for Windows does not have."""


def test_nothing_is_imported_that_windows_lacks():
    assert [(name(file), module) for file in files() for module in imported(file) if module in ABSENT] == []


def test_no_date_is_written_with_a_code_that_only_some_systems_know():
    texts = [
        (name(file), node.value)
        for file in files()
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%-" in node.value
    ]
    assert texts == []
