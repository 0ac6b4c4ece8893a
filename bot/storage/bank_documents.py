"""Finds questions in JSON and YAML: our own pack format, and the shapes that other programs and people write."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.domain.bank_imports import Found, FoundQuestion, SkippedText, found_in, skip
from bot.domain.errors import Refusal
from bot.storage.bank_files import whole_question
from bot.storage.bank_rows import field_of, read_record, read_rows, text_of, with_item
from bot.storage.bank_wording import is_asked, question_label
from bot.storage.bank_yaml import BadYaml, LinedMap, LinedText, Value, plain_value, read_yaml

CONTAINERS = frozenset(
    (
        "questions",
        "items",
        "results",
        "data",
        "entries",
        "cards",
        "topics",
        "sections",
        "categories",
        "modules",
        "chapters",
        "list",
        "pack",
        "quiz",
        "quizzes",
        "groups",
        "content",
        "rows",
        "records",
        "faq",
        "faqs",
        "children",
        "subtopics",
    )
)
_ABOUT = frozenset(
    (
        "id",
        "title",
        "name",
        "description",
        "version",
        "author",
        "license",
        "date",
        "language",
        "lang",
        "source",
        "file",
    )
)
"""Keys that tell about a document or a group, not about a question."""
_PLACES = _ABOUT | {"number", "module"}
DEEPEST = 60


def read_json(text: str) -> Found:
    """The questions of a JSON document, or of one on each line.

    Raises:
        Refusal: `bank.not_json`, `bank.json_number`, `bank.too_deep`.
    """
    told: list[SkippedText] = []
    values: list[Value] = []
    rest = text.lstrip()
    offset = len(text) - len(rest)

    def pairs(entries: list[tuple[str, Value]]) -> dict[str, Value]:
        made: dict[str, Value] = {}
        for key, value in entries:
            if key in made:
                told.append(skip(_line(text, json.dumps(key), last=True), key, "bank.key_twice", key=key[:40]))
            made.setdefault(key, value)
        return made

    decoder = json.JSONDecoder(object_pairs_hook=pairs)
    try:
        while offset < len(text):
            value, offset = decoder.raw_decode(text, offset)
            values.append(value)
            while offset < len(text) and text[offset] in " \t\r\n,":
                offset += 1
    except json.JSONDecodeError as error:
        if not values or (len(values) == 1 and not isinstance(values[0], dict)):
            raise Refusal("bank.not_json", line=error.lineno, about=error.msg) from None
        told.append(skip(error.lineno, text.split("\n")[error.lineno - 1], "bank.line_not_json"))
    except RecursionError:
        raise Refusal("bank.too_deep") from None
    except ValueError:
        raise Refusal("bank.json_number") from None
    places = _Places(text)
    found = _walked(values[0] if len(values) == 1 else values, places.line)
    return Found(found.questions, (*told, *found.skipped), found.title)


def read_yaml_questions(text: str) -> Found:
    """The questions of a YAML document.

    Raises:
        Refusal: `bank.yaml` with what keeps it from being read.
    """
    try:
        value = plain_value(read_yaml(text).node)
    except BadYaml as error:
        raise _refused(error) from None
    return _walked(value, lambda value: value.line if isinstance(value, LinedMap | LinedText) else 1)


def _refused(error: BadYaml) -> Refusal:
    said = {"line": error.line, "about": error.about}
    match error.code:
        case "yaml.alias":
            return Refusal("bank.yaml_alias", **said)
        case "yaml.deep":
            return Refusal("bank.yaml_deep", **said)
        case "yaml.sign":
            return Refusal("bank.yaml_sign", **said)
        case "yaml.twice":
            return Refusal("bank.yaml_twice", **said)
        case _:
            return Refusal("bank.yaml_invalid", **said)


def _line(text: str, piece: str, *, last: bool = False) -> int:
    at = text.rfind(piece) if last else text.find(piece)
    return text.count("\n", 0, max(0, at)) + 1


class _Places:
    """Finds the lines of a JSON document's texts, which come in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1

    def line(self, value: Value) -> int:
        """The line of a text, or of the first text of an object; the last one found where it cannot be found."""
        said = value
        if isinstance(value, dict):
            said = next((inner for key, inner in value.items() if field_of(key) == "question"), None)
            said = said if isinstance(said, str) else next((v for v in value.values() if isinstance(v, str)), None)
        if isinstance(said, str):
            for piece in (json.dumps(said, ensure_ascii=False), json.dumps(said)):
                at = self._text.find(piece, self._at)
                if at >= 0:
                    self._line += self._text.count("\n", self._at, at)
                    self._at = at
                    break
        return self._line


def _walked(value: Value, line: Callable[[Value], int]) -> Found:
    walker = _Walker(line)
    walker.walk(value, None, 0)
    title = value.get("title") or value.get("name") if isinstance(value, dict) else None
    return Found(tuple(walker.questions), tuple(walker.skipped), title if isinstance(title, str) else None)


class _Walker:
    """Walks through a document, and keeps what asks something."""

    def __init__(self, line: Callable[[Value], int]) -> None:
        self.questions: list[FoundQuestion] = []
        self.skipped: list[SkippedText] = []
        self._line = line

    def walk(self, value: Value, topic: str | None, depth: int) -> None:
        """Takes up the questions in a value that stands under a topic."""
        if depth > DEEPEST:
            raise Refusal("bank.too_deep")
        if isinstance(value, list):
            self._list(value, topic, depth)
        elif isinstance(value, dict):
            self._map(value, topic, depth)
        elif isinstance(value, str) and value.strip():
            self._take({"question": value}, value, topic)
        elif value is not None and value != "":
            self.skipped.append(skip(self._line(value), text_of(value), "bank.not_asked"))

    def _list(self, values: list[Value], topic: str | None, depth: int) -> None:
        rows = [
            value
            for value in values
            if isinstance(value, list) and all(not isinstance(v, list | dict) for v in value)
        ]
        if rows and len(rows) == len(values):
            found = read_rows([(self._line(row[0]) if row else 1, list(map(text_of, row))) for row in rows], topic)
            self.questions += found.questions if found else ()
            self.skipped += found.skipped if found else ()
            return
        for value in values:
            self.walk(value, topic, depth + 1)

    def _map(self, value: dict[str, Value], topic: str | None, depth: int) -> None:
        fields = {field_of(key): key for key in reversed(value)}
        asked = fields.get("question")
        if asked is None and "title" in fields and ({"answer", "options", "wrong"} & fields.keys()):
            asked = fields["title"]
        if asked is not None and isinstance(value[asked], str):
            self._record(value, asked, topic)
            return
        texts = [key for key, inner in value.items() if isinstance(inner, str)]
        pairs = [key for key in texts if is_asked(key) or question_label(key)]
        if pairs and 2 * len(pairs) >= len(texts):
            for key in pairs:
                self._take({"question": key, "answer": value[key]}, key, topic)
        inner = [key for key, held in value.items() if isinstance(held, list | dict)]
        named = [
            text
            for name in ("topic", "category", "section", "title", "name")
            if isinstance(text := value.get(name), str)
        ]
        own = named[0] if named and depth else topic
        for key in inner:
            if is_asked(key):
                self._take({"question": key, "answer": value[key]}, key, topic)
            elif key.lower() not in _ABOUT:
                self.walk(value[key], own if key.lower() in CONTAINERS else key, depth + 1)
        if not inner and not pairs and not value.keys() <= _PLACES:
            self.skipped.append(
                skip(self._line(value), ", ".join(map(text_of, value.values())), "bank.no_question")
            )

    def _take(self, record: dict[str, Value], at: Value, topic: str | None) -> None:
        question, told = read_record(record, self._line(at), topic)
        self.questions.append(question)
        self.skipped += told

    def _record(self, value: dict[str, Value], asked: str, topic: str | None) -> None:
        line = self._line(value)
        whole = whole_question(value)
        if whole is not None:
            found = found_in(whole, line)
            own = [item for item in _items(value.get("items")) if "options" in item]
            told = [with_item(replace(found, items=()), item)[0].items for item in own]
            # An export has the options of an item in one list: their order there is the one that stays.
            listed = len(told) == len(found.items) and all(told)
            self.questions.append(replace(found, items=tuple(items[0] for items in told)) if listed else found)
            return
        record: dict[str, Value] = {}
        for key, inner in value.items():
            field = "question" if key == asked else field_of(key)
            if field is not None and field != "title":
                record.setdefault(field, inner)
        if not record.get("answer"):
            layers = [text_of(value.get(name)) for name in ("say", "show", "stands_out")]
            record["answer"] = "\n\n".join(filter(None, layers)) or text_of(value.get("gist"))
        items = list(_items(record.pop("stem", None))) + list(_items(value.get("items")))
        if isinstance(topics := record.get("topic"), list):
            record["topic"] = ", ".join(map(text_of, topics))
        question, told = read_record(record, line, topic)
        self.skipped += told
        for item in items:
            question, told = with_item(question, item)
            self.skipped += told
        self.questions.append(question)


def _items(value: Value) -> Iterator[dict[str, Value]]:
    """The quiz items that stand in a list below a question, by their fields."""
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict):
            record: dict[str, Value] = {}
            for key, inner in entry.items():
                field = field_of(key)
                if field is not None:
                    record.setdefault("stem" if field == "question" else field, inner)
            yield record
