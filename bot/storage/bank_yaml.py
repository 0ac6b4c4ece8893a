"""YAML read safely, with the line of everything: no aliases, no keys twice, no depths, no objects."""

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same loader in C where PyYAML was built with it: ten times as fast, and a whole bank has megabytes."""
DEEPEST = 30


class BadYaml(Exception):
    """What keeps a text from being read as YAML: a code, the line from 1 on, and what it is about."""

    def __init__(self, code: str, line: int, about: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.about = code, line, about


@dataclass(frozen=True, slots=True)
class YamlText:
    """A document's data, and its nodes, which know their lines."""

    data: Any
    node: Any


def read_yaml(text: str) -> YamlText:
    """The one document of a text.

    Raises:
        BadYaml: `yaml.alias`, `yaml.deep`, `yaml.twice` (a key), `yaml.sign` (a control sign), or `yaml.invalid`.
    """
    try:
        _check_events(text)
        loader: Any = LOADER(text)
        node = loader.get_single_node()
        _check_keys(node)
        return YamlText(None if node is None else loader.construct_document(node), node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadYaml("yaml.invalid", line, str(error.problem)) from None
    except yaml.reader.ReaderError as error:
        at = error.position if isinstance(error.position, int) else 0
        raise BadYaml("yaml.sign", text.count("\n", 0, at) + 1, f"U+{_sign(error.character):04X}") from None
    except (ValueError, OverflowError, AttributeError, TypeError, RecursionError) as error:
        raise BadYaml("yaml.invalid", 1, str(error)) from None


def _sign(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1] or "\0")


def _check_events(text: str) -> None:
    """Refuses what grows when it is built, before it is built."""
    depth = 0
    loader: Any = LOADER(text)
    while loader.check_event():
        event: Any = loader.get_event()
        line: int = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise BadYaml("yaml.alias", line, f"*{event.anchor}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadYaml("yaml.deep", line, str(DEEPEST))


def _check_keys(node: Any) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in cast("list[tuple[Any, Any]]", node.value):
            if isinstance(key, yaml.ScalarNode):
                line = cast("int", key.start_mark.line) + 1
                name = cast("str", key.value)
                if name in seen:
                    raise BadYaml("yaml.twice", line, name)
                seen[name] = line
            _check_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in cast("list[Any]", node.value):
            _check_keys(value)


def line_of(node: Any, path: tuple[Any, ...]) -> int:
    """The line of a value in a document, or of the nearest thing around it that exists."""
    for step in path:
        inner = None
        if isinstance(node, yaml.MappingNode):
            pairs = cast("list[tuple[Any, Any]]", node.value)
            inner = next((value for key, value in pairs if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            inner = node.value[step]
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1 if node is not None else 1


class LinedMap(dict[str, "Value"]):
    """A mapping that knows the line on which it begins."""

    line = 1


class LinedText(str):
    """A text that knows the line on which it begins."""

    line = 1


Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""What a file of JSON or YAML can hold."""


def plain_value(node: Any) -> Value:
    """A node's value with every scalar as it is written: `Yes` stays a word and `1.10` a version."""
    if isinstance(node, yaml.MappingNode):
        pairs = cast("list[tuple[Any, Any]]", node.value)
        made = LinedMap({str(plain_value(key)): plain_value(value) for key, value in pairs})
        made.line = cast("int", node.start_mark.line) + 1
        return made
    if isinstance(node, yaml.SequenceNode):
        return [plain_value(value) for value in cast("list[Any]", node.value)]
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return None
    text = LinedText(node.value)
    text.line = cast("int", node.start_mark.line) + 1
    return text


def _always(*_: object) -> bool:
    return True


_DUMPER: Any = type("_Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {"ignore_aliases": _always})


def _text_node(writer: Any, text: str) -> Any:
    """Texts of several lines as blocks: so people edit them."""
    return writer.represent_scalar("tag:yaml.org,2002:str", str(text), style="|" if "\n" in text else None)


_DUMPER.add_multi_representer(str, _text_node)


def write_yaml(value: Value) -> str:
    """A value as YAML that a person edits, with everything written out where it stands."""
    dump: Any = yaml.dump
    return dump(value, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100)
