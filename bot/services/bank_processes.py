"""Starts processes that read banks: the memory that this takes goes with them."""

import subprocess
import sys


def start_apart(module: str, *arguments: str, stdin: int, stderr: int | None = None) -> "subprocess.Popen[bytes]":
    """Starts a process that runs `main` of a module with these arguments; what it writes can be read.

    It finds code where this process does. Python's `-m` would look into the working folder first, where an
    operator may have a `bot.py` or a `random.py`. And it hears no Ctrl+C: whoever started it ends it.
    """
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: a console of its own, which isn't seen
    )
