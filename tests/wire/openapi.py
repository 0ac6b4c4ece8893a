"""Checks what the bot sends against Discord's OpenAPI document, where that lies beside the project."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
NO_DESCRIPTION = f"{DOCUMENT.name}, Discord's description of its API, does not lie beside the project"
URI = "urn:discord"
SNOWFLAKE_FROM = 1 << 40
TEXT_LIMIT, COMPONENT_LIMIT, CUSTOM_ID_LIMIT, LABEL_LIMIT = 4000, 40, 100, 80
COMPONENTS_V2 = 1 << 15


@lru_cache
def _document() -> dict[str, Any] | None:
    return json.loads(DOCUMENT.read_text("utf-8")) if DOCUMENT.exists() else None


@lru_cache
def _validator(method: str, template: str) -> Draft202012Validator | None:
    document = _document()
    operation = (document or {}).get("paths", {}).get(template, {}).get(method.lower(), {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if document is None or schema is None:
        return None
    registry: Registry[Any] = Registry().with_resource(
        URI, Resource.from_contents(document, default_specification=DRAFT202012)
    )
    return Draft202012Validator(_absolute(schema), registry=registry)


def _absolute(schema: Any) -> Any:
    """The schema with its references named from outside of the document."""
    if isinstance(schema, dict):
        return {
            key: URI + value if key == "$ref" else _absolute(value)
            for key, value in schema.items()  # pyright: ignore[reportUnknownVariableType]
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema  # pyright: ignore


@lru_cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    paths = (_document() or {}).get("paths", {})
    return [(template, re.compile(re.sub(r"\{\w+\}", "[^/]+", template))) for template in paths]


def _template(path: str) -> str | None:
    return next((template for template, pattern in _templates() if pattern.fullmatch(path)), None)


def strings(value: Any) -> Any:
    """Snowflakes and file numbers as strings: Discord takes numbers as well, its document does not say so."""
    if isinstance(value, dict):
        found: Any = {key: strings(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
        for attached in found.get("attachments") or []:
            attached["id"] = str(attached["id"])
        return found
    if isinstance(value, list):
        return [strings(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    is_snowflake = isinstance(value, int) and not isinstance(value, bool) and value >= SNOWFLAKE_FROM
    return str(value) if is_snowflake else value


def violations(method: str, path: str, body: Any) -> list[str]:
    """What Discord would refuse in a request; path without the API's prefix."""
    return list(_violations(method, _template(path), json.dumps(body)))


@lru_cache
def _violations(method: str, template: str | None, text: str) -> list[str]:
    """The same, once for each text: two hundred people get the same four answers."""
    body = json.loads(text)
    found: list[str] = []
    validator = None if template is None else _validator(method, template)
    if validator is not None:
        # Discord's document leaves out fields with null in places; its API takes them.
        found += [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(strings(body))]
    data = body.get("data", body) if isinstance(body, dict) else {}  # pyright: ignore[reportUnknownMemberType]
    return found + _layout(data if isinstance(data, dict) else {})  # pyright: ignore[reportUnknownArgumentType]


def _layout(data: dict[str, Any]) -> list[str]:
    """The rules of a layout message that the document does not know."""
    if not int(data.get("flags") or 0) & COMPONENTS_V2:
        return []
    found: list[str] = []
    everything = list(_walk(data.get("components") or []))
    text = sum(len(component.get("content") or "") for component in everything)
    if text > TEXT_LIMIT:
        found.append(f"{text} characters in one message, {TEXT_LIMIT} are allowed")
    if len(everything) > COMPONENT_LIMIT:
        found.append(f"{len(everything)} components in one message, {COMPONENT_LIMIT} are allowed")
    if data.get("content") or data.get("embeds"):
        found.append("a layout has neither content nor embeds")
    ids = [component["custom_id"] for component in everything if "custom_id" in component]
    if len(ids) != len(set(ids)):
        found.append("a custom_id stands twice in one message")
    for component in everything:
        if (
            len(component.get("custom_id") or "") > CUSTOM_ID_LIMIT
            or len(component.get("label") or "") > LABEL_LIMIT
        ):
            found.append("a custom_id or a label is too long")
    return found


def _walk(components: list[dict[str, Any]]) -> Any:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if "component" in component:
            yield from _walk([component["component"]])
