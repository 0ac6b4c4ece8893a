"""Everything about a member as a file for them: JSON for programs, one CSV a table for spreadsheets."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, cast

from bot.domain.bank import Banks
from bot.domain.errors import Problem
from bot.domain.reviews import Memory

EXACT = 2**53
"""Whole numbers from here on are written as text: JavaScript and spreadsheets would round them."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate."""

Row = Mapping[str, Any]


def _plain(value: Any) -> Any:
    match value:
        case Memory() | Problem():
            return value.stored()
        case StrEnum():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case frozenset():
            return sorted(cast("frozenset[int]", value))
        case int() if abs(value) >= EXACT:
            return str(value)
        case _:
            return value


def readable(row: Row, banks: Banks, servers: Mapping[int, str]) -> dict[str, Any]:
    """A row with the names of its server and question beside their ids; instants are UTC and say so.

    Args:
        servers: the names of the servers that the bot is in, by id.
    """
    found: dict[str, Any] = {}
    for name, value in row.items():
        found[name] = _plain(value)
        if name == "guild_id":
            found["server"] = servers.get(value)
        elif name == "question_id" and (question := banks.of(row.get("guild_id", 0)).find(value or "")) is not None:
            found["question"] = question.wording
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _csv(rows: Sequence[Row]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def pack_archive(about: Row, tables: Mapping[str, Sequence[Row]]) -> bytes:
    """A zip with `export.json`, and a CSV file for each table that holds anything.

    Args:
        about: who is meant, where, and when it was made.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.json", json.dumps({"about": about, **tables}, ensure_ascii=False, indent=2))
        for name, rows in tables.items():
            if rows:
                # Spreadsheets take a file for UTF-8 only where it says so.
                archive.writestr(f"csv/{name}.csv", "\ufeff" + _csv(rows))
    return packed.getvalue()
