"""Writes packs of questions as YAML, in the form that they are read in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.domain.bank import Item, Pack, Question
from bot.storage.bank_yaml import write_yaml


def pack_entry(question: Question) -> dict[str, Any]:
    """A question as an entry of a pack's file; what it does not have is left out."""
    entry: dict[str, Any] = {"id": question.id, "number": question.number, "topic": question.topic}
    entry["difficulty"] = str(question.difficulty)
    for name in ("prompt", "shown", "say", "show", "stands_out", "gist", "answer"):
        entry[name] = getattr(question, name)
    entry["as_of"] = question.as_of and {"year": question.as_of.year, "source": question.as_of.source}
    entry["picture"] = question.picture and {"name": question.picture.name, "alt": question.picture.alt}
    entry["key_points"] = [
        {"text": point.text, "aliases": list(point.aliases), **({"must": True} if point.must else {})}
        for point in question.key_points
    ]
    entry["pitfalls"] = list(question.pitfalls)
    entry["follow_ups"] = [{"question": f.question, "answer": f.answer} for f in question.follow_ups]
    entry["sources"] = [{"title": source.title, "url": source.url} for source in question.sources]
    entry["items"] = [_item_entry(item) for item in question.items]
    return {name: value for name, value in entry.items() if value not in (None, [])}


def _item_entry(item: Item) -> dict[str, Any]:
    distractors = [
        {"text": wrong.text, "why": wrong.why, **({"holds": True} if wrong.holds else {})}
        for wrong in item.distractors
    ]
    level = {"difficulty": str(item.difficulty)} if item.difficulty else {}
    sums = {"sums": True} if item.sums else {}
    head = {"id": item.id, "kind": item.kind, **level, **sums, "stem": item.stem, "correct": item.correct}
    return {**head, "distractors": distractors, "explanation": item.explanation}


def export_yaml(pack: Pack) -> str:
    """A whole pack as one YAML document: what its folder has in several files."""
    questions: list[Any] = [{**pack_entry(question), "module": question.module} for question in pack.questions]
    modules: list[Any] = [{"number": module.number, "title": module.title} for module in pack.modules]
    topics: list[Any] = [{"number": t.number, "title": t.title, "module": t.module} for t in pack.topics]
    return write_yaml(
        {"id": pack.id, "title": pack.title, "modules": modules, "topics": topics, "questions": questions}
    )


def write_pack(folder: Path, pack_id: str, title: str, questions: Sequence[Question]) -> None:
    """Writes a pack of questions into a new folder, a file for each topic.

    Raises:
        OSError: the folder exists, or cannot be written.
    """
    folder.mkdir(parents=True)
    topics: list[Any] = []
    for number, topic in enumerate(dict.fromkeys(question.topic for question in questions), start=1):
        topics.append({"number": number, "title": topic, "module": 1, "file": f"{number:02}.yaml"})
        own: list[Any] = [pack_entry(question) for question in questions if question.topic == topic]
        (folder / f"{number:02}.yaml").write_text(write_yaml(own), "utf-8")
    modules: list[Any] = [{"number": 1, "title": title}]
    head = write_yaml({"id": pack_id, "title": title, "modules": modules, "topics": topics})
    (folder / "pack.yaml").write_text(head, "utf-8")
