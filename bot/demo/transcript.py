"""Tells the demo's day to a reader, and counts what did not come true."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.ui.kit.layouts import page_text


class Transcript:
    """Tells the day to a reader and counts what did not come true."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.passed = 0
        self.failed: list[str] = []

    def scene(self, title: str) -> None:
        """A new scene."""
        self._say(f"\n{title}")

    def does(self, who: str, what: str) -> None:
        """What somebody does."""
        self._say(f"  {who} {what}")

    def sees(self, text: str) -> None:
        """What that person sees."""
        for line in filter(None, readable(text).splitlines()):
            self._say(f"      │ {line}")

    def check(self, fact: str, true: bool) -> None:
        """Something that must have come true."""
        self._say(f"    {'✓' if true else '✗ NOT TRUE:'} {fact}")
        if true:
            self.passed += 1
        else:
            self.failed.append(fact)

    def close(self) -> None:
        """The last lines."""
        self._say("")
        for fact in self.failed:
            self._say(f"Not true: {fact}")
        self._say(f"{self.passed} of {self.passed + len(self.failed)} facts came true.")


def readable(text: str) -> str:
    """Discord's markup as its clients show it, for a terminal."""
    text = re.sub(r"<t:(\d+):[A-Za-z]>", lambda found: _moment(int(found[1])), text)
    text = re.sub(r"<#\d+>", "#practice", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return re.sub(r"^(#{1,3}|-#) |\*\*|`", "", text, flags=re.MULTILINE)


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%A %d %B, %H:%M} UTC"


def said(result: Any) -> str:
    """All text of an interaction's answers."""
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    return "\n".join(page_text(answer.message.components) for answer in answers)
