"""Reads packs of questions from YAML, and says file and line of what it cannot read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.bank import (
    FIRST_PACK,
    OWN_PACK,
    AsOf,
    Difficulty,
    Distractor,
    FollowUp,
    Item,
    KeyPoint,
    Module,
    Pack,
    Picture,
    Question,
    Source,
    Topic,
)
from bot.domain.errors import OperatorError
from bot.domain.hints import HintReader
from bot.domain.standard import Finding, findings, hint_findings, picture_findings, unfit
from bot.storage.bank_yaml import BadYaml, line_of, read_yaml

Text = Annotated[str, Field(min_length=1)]
YAML_PROBLEMS = {
    "yaml.invalid": "not valid YAML: {}",
    "yaml.twice": "the key “{}” stands here a second time; keep one",
    "yaml.alias": "{} refers to another place in the file; write its text here",
    "yaml.deep": "nested more than {} levels deep",
    "yaml.sign": "a control character ({}) that nobody can read; delete it",
}
"""What keeps a file from being read, as its author reads it."""


@dataclass(frozen=True, slots=True)
class PackProblem:
    """Something to mend in a pack's file; lines count from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BadPack(OperatorError):
    """A pack that cannot be used, with all its problems."""

    def __init__(self, problems: list[PackProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _KeyPoint(_Strict):
    text: Text
    aliases: list[Text] = []
    must: bool = False


class _FollowUp(_Strict):
    question: Text
    answer: Text


class _Source(_Strict):
    title: Text
    url: Annotated[str, Field(pattern=r"^https://\S+$")]


class _AsOf(_Strict):
    year: Annotated[int, Field(ge=2000, le=2100)]
    source: Text


class _Picture(_Strict):
    name: Text
    alt: Text


class _Distractor(_Strict):
    text: Text
    why: Text
    holds: bool = False


class _OwnDistractor(_Strict):
    text: Text
    why: str = ""
    holds: bool = False


class _ItemHead(_Strict):
    id: Text
    kind: Text
    difficulty: Difficulty | None = None
    sums: bool = False
    stem: Text
    correct: Text


class _Item(_ItemHead):
    distractors: Annotated[list[_Distractor], Field(min_length=3, max_length=3)]
    explanation: Text


class _OwnItem(_ItemHead):
    """An item of a server's own: one wrong option is enough, and none has to say why it is wrong."""

    distractors: Annotated[list[_OwnDistractor], Field(min_length=1, max_length=3)]
    explanation: str = ""


_AnyItem = TypeVar("_AnyItem", _Item, _OwnItem)


class _Question(_Strict, Generic[_AnyItem]):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+-\d{3,}$")]
    number: Annotated[int, Field(ge=1)]
    topic: Text
    difficulty: Difficulty
    prompt: Text
    shown: Text | None = None
    say: Text | None = None
    show: Text | None = None
    stands_out: Text | None = None
    as_of: _AsOf | None = None
    picture: _Picture | None = None
    gist: Text | None = None
    answer: Text | None = None
    key_points: list[_KeyPoint] = []
    pitfalls: list[Text] = []
    follow_ups: list[_FollowUp] = []
    sources: list[_Source] = []
    items: list[_AnyItem] = []

    def build(self, module: int) -> Question:
        return Question(
            id=self.id,
            number=self.number,
            module=module,
            topic=self.topic,
            difficulty=self.difficulty,
            prompt=self.prompt,
            shown=self.shown,
            say=self.say,
            show=self.show,
            stands_out=self.stands_out,
            as_of=self.as_of and AsOf(self.as_of.year, self.as_of.source),
            picture=self.picture and Picture(self.picture.name, self.picture.alt),
            gist=self.gist,
            answer=self.answer,
            key_points=tuple(KeyPoint(point.text, tuple(point.aliases), point.must) for point in self.key_points),
            pitfalls=tuple(self.pitfalls),
            follow_ups=tuple(FollowUp(f.question, f.answer) for f in self.follow_ups),
            sources=tuple(Source(s.title, s.url) for s in self.sources),
            items=tuple(
                Item(
                    i.id,
                    i.kind,
                    i.stem,
                    i.correct,
                    tuple(Distractor(d.text, d.why, d.holds) for d in i.distractors),
                    i.explanation,
                    i.difficulty,
                    i.sums,
                )
                for i in self.items
            ),
        )


class _Module(_Strict):
    number: int
    title: Text


class _Topic(_Strict):
    number: int
    title: Text
    module: int
    file: Text


class _Pack(_Strict):
    id: Text
    title: Text
    modules: list[_Module]
    topics: list[_Topic]


def packs_folder() -> Path:
    """Where the shipped packs lie, in a checkout or in an installed wheel."""
    beside = Path(__file__).parents[2] / "data" / "packs"
    return beside if beside.is_dir() else Path(str(resources.files("mockingbird_data") / "packs"))


def _read(file: Path) -> tuple[Any, Any]:
    try:
        read = read_yaml(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BadPack(
            [PackProblem(file.name, 1, "the file does not exist; create it or take it out of pack.yaml")]
        ) from None
    except OSError as error:
        raise BadPack([PackProblem(file.name, 1, f"the file cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise BadPack([PackProblem(file.name, 1, "save the file as UTF-8")]) from None
    except BadYaml as error:
        raise BadPack([PackProblem(file.name, error.line, YAML_PROBLEMS[error.code].format(error.about))]) from None
    return read.data, read.node


def _problems(file: Path, node: Any, error: ValidationError, prefix: tuple[Any, ...] = ()) -> list[PackProblem]:
    return [
        PackProblem(
            file.name,
            line_of(node, (*prefix, *found["loc"])),
            f"{'.'.join(map(str, found['loc'])) or 'entry'}: {found['msg'][0].lower()}{found['msg'][1:]}",
        )
        for found in error.errors()
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question stands: its file, the file's YAML nodes, and its position in the list."""

    file: str
    node: Any
    index: int

    def line(self, path: tuple[str | int, ...] = ()) -> int:
        """The line of a value inside the question."""
        return line_of(self.node, (self.index, *path))


def load_pack(folder: Path) -> Pack:
    """Reads one pack; raises BadPack with every problem that it found."""
    return _load(folder)[0]


@cache
def shipped_pack(name: str) -> Pack:
    """A pack that comes with the product; nobody writes to it, so it is read once."""
    return load_pack(packs_folder() / name)


@cache
def shipped_hints() -> HintReader:
    """Finds key points in answers; what is common it knows from the pack for which it was calibrated."""
    return HintReader(shipped_pack(FIRST_PACK).questions)


def check_pack(folder: Path, drawings: Collection[str]) -> tuple[Pack, list[PackProblem]]:
    """Reads one pack and holds it to the standard: the pack, and what its authors have to mend.

    Args:
        drawings: the names of all drawings that there are.

    Raises:
        BadPack: the pack cannot be read at all.
    """
    pack, places = _load(folder)
    problems = [
        PackProblem(places[found.question_id].file, places[found.question_id].line(found.path), _told(found))
        for found in (
            *unfit(pack),
            *findings(pack),
            *picture_findings(pack, drawings),
            *hint_findings(pack, shipped_hints()),
        )
    ]
    return pack, sorted(problems, key=lambda problem: (problem.file, problem.line))


def load_packs(more: Path | None = None) -> list[Pack]:
    """The shipped packs, the first one first, then those in an operator's folder.

    Args:
        more: holds packs, each a folder with a pack.yaml.

    Raises:
        OperatorError: the folder holds no pack, or cannot be read.
        BadPack: a pack cannot be read, or takes what belongs to another one, with file and line.
    """
    shipped = sorted(packs_folder().glob("*/pack.yaml"), key=lambda file: (file.parent.name != FIRST_PACK, file))
    found = [shipped_pack(file.parent.name) for file in shipped]
    if more is not None:
        try:
            folders = sorted(file.parent for file in more.glob("*/pack.yaml"))
            found += [_load_beside(folder, found) for folder in folders]
        except OSError as error:
            raise OperatorError(f"{more} cannot be read: {error.strerror}.") from None
        if not folders:
            raise OperatorError(f"{more} holds no pack. A pack is a folder in it with a pack.yaml.")
    return found


def _load_beside(folder: Path, others: Sequence[Pack]) -> Pack:
    """A pack that shares no id with others, nor with those that servers make."""
    try:
        pack, places = _load(folder)
        taken = {key for other in others for q in other.questions for key in (q.id, *(item.id for item in q.items))}
        problems = [
            PackProblem(places[q.id].file, places[q.id].line(), f"{key} is taken by another pack")
            for q in pack.questions
            for key in (q.id, *(item.id for item in q.items))
            if key in taken
        ]
        if pack.id in (OWN_PACK, *(other.id for other in others)):
            problems.append(PackProblem("pack.yaml", 1, f"id: “{pack.id}” is taken by another pack"))
        if problems:
            raise BadPack(problems)
    except BadPack as error:
        told = [PackProblem(f"{folder.name}/{one.file}", one.line, one.message) for one in error.problems]
        raise BadPack(told) from None
    return pack


def whole_question(entry: Mapping[str, Any]) -> Question | None:
    """A question with everything about it, from an entry of a pack or of its export; None for other shapes."""
    plain = {key: value for key, value in entry.items() if key != "module" and value is not None}
    if any(plain.get(layer) for layer in ("say", "show", "stands_out")):
        plain.pop("answer", None)
    try:
        if isinstance(items := plain.get("items"), list):
            plain["items"] = [_pack_item(item) for item in cast("list[Any]", items)]
        return _Question[_OwnItem].model_validate(plain).build(int(entry.get("module") or 0))
    except (ValidationError, LookupError, TypeError, ValueError):
        return None


def _pack_item(item: Any) -> Any:
    """An item of an export in the form of a pack's file."""
    if "options" not in item:
        return item
    right = int(item["correct"])
    wrong = [
        {"text": text, "why": why, "holds": bool(holds)}
        for at, (text, why, holds) in enumerate(zip(item["options"], item["why_wrong"], item["holds"], strict=True))
        if at != right
    ]
    kept = {name: item[name] for name in ("id", "kind", "difficulty", "sums", "stem", "explanation")}
    return {**kept, "correct": item["options"][right], "distractors": wrong}


def _told(found: Finding) -> str:
    return f"{found.question_id}: {found.message}"


def _load(folder: Path) -> tuple[Pack, dict[str, _Place]]:
    head_file = folder / "pack.yaml"
    head_data, head_node = _read(head_file)
    try:
        head = _Pack.model_validate(head_data)
    except ValidationError as error:
        raise BadPack(_problems(head_file, head_node, error)) from None
    problems: list[PackProblem] = []
    questions: list[Question] = []
    taken: dict[str | int, str] = {}
    places: dict[str, _Place] = {}
    for topic in head.topics:
        file = folder / topic.file
        try:
            data, node = _read(file)
        except BadPack as error:
            problems += error.problems
            continue
        if not isinstance(data, list):
            problems.append(PackProblem(file.name, 1, "write a list of questions, each beginning with “- id:”"))
            continue
        for index, entry in enumerate(cast("list[Any]", data)):
            try:
                question = _Question[_Item].model_validate(entry).build(topic.module)
            except ValidationError as error:
                problems += _problems(file, node, error, (index,))
                continue
            at = line_of(node, (index,))
            if question.topic != topic.title:
                problems.append(
                    PackProblem(file.name, line_of(node, (index, "topic")), f"topic must be “{topic.title}”")
                )
            for key in (question.id, question.number, *(item.id for item in question.items)):
                if key in taken:
                    problems.append(PackProblem(file.name, at, f"{key} is used twice, first in {taken[key]}"))
                taken[key] = f"{file.name}:{at}"
            questions.append(question)
            places[question.id] = _Place(file.name, node, index)
    if problems:
        raise BadPack(problems)
    pack = Pack(
        head.id,
        head.title,
        tuple(Module(m.number, m.title) for m in head.modules),
        tuple(Topic(t.number, t.title, t.module) for t in head.topics),
        tuple(sorted(questions, key=lambda question: question.number)),
    )
    return pack, places
