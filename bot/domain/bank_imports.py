"""What was found in a file of questions, what was left out, and what is left of it for cards and forms."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.bank import Difficulty, Distractor, Item, Question
from bot.domain.bank_drafts import POINT_CHARS, POINTS
from bot.domain.bank_limits import (
    ANSWER_CHARS,
    OPTION_CHARS,
    OPTIONS,
    PROMPT_CHARS,
    STEM_CHARS,
    TOPIC_CHARS,
    controls,
    limit_of,
    question_texts,
    without_controls,
)
from bot.domain.errors import Problem

QUESTIONS = 5000
"""More than this is no list that somebody wrote for a team."""
SKIPPED = 500
"""Nobody reads more remarks than this about one file."""
EXCERPT = 80
EXPORT_SEED = "export"
"""By it options are shuffled in exports: always the same way."""
NO_TOPIC = "Questions"
"""The topic of questions that stand under none."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A multiple-choice item; `correct` is the position of the right option, from 0 on."""

    stem: str
    options: tuple[str, ...]
    correct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuestion:
    """A question in a file.

    Attributes:
        line: where it begins, from 1 on.
        number: as the file numbers it; None where it does not.
        answer: Markdown as Discord shows it; None where there is none.
        whole: everything about it, where the file is one of our own format.
    """

    prompt: str
    line: int
    answer: str | None = None
    topic: str | None = None
    number: int | None = None
    difficulty: Difficulty | None = None
    items: tuple[FoundItem, ...] = ()
    whole: Question | None = None


@dataclass(frozen=True, slots=True)
class SkippedText:
    """Something that was not taken as it stands: its line from 1 on, how it begins, and why."""

    line: int
    text: str
    why: Problem


@dataclass(frozen=True, slots=True)
class Found:
    """All questions of a file in its order, and what to tell about the rest."""

    questions: tuple[FoundQuestion, ...] = ()
    skipped: tuple[SkippedText, ...] = ()
    title: str | None = None


def found_in(question: Question, line: int) -> FoundQuestion:
    """A question of our own format as an import finds it, its options in the order of exports."""
    items: list[FoundItem] = []
    for item in question.items:
        options = item.options(EXPORT_SEED)
        right = next(at for at, option in enumerate(options) if option.why is None)
        items.append(FoundItem(item.stem, tuple(option.text for option in options), right))
    return FoundQuestion(
        prompt=question.prompt,
        line=line,
        answer=question.model_answer,
        topic=question.topic,
        number=question.number,
        difficulty=question.difficulty,
        items=tuple(items),
        whole=question,
    )


def skip(line: int, text: str, code: str, /, **values: object) -> SkippedText:
    """Something that was not taken, with the reason's code and what its sentence names."""
    one = " ".join(without_controls(text[: 4 * EXCERPT]).split())
    return SkippedText(line, one if len(one) <= EXCERPT else one[: EXCERPT - 1] + "…", Problem(code, values))


def shortened(answer: str, limit: int = ANSWER_CHARS) -> str:
    """An answer up to the last paragraph that fits; a block of code that the cut opened is closed."""
    head = answer[: limit - 5]
    cut = next((at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > limit // 4), len(head))
    kept = head[:cut].rstrip()
    return f"{kept}\n```" if kept.count("```") % 2 else kept


def fitting(question: FoundQuestion) -> tuple[FoundQuestion | None, list[SkippedText]]:
    """A question as a card and a form can carry it, with what was changed; None where they cannot."""
    told: list[SkippedText] = []

    def tell(code: str, **values: object) -> None:
        told.append(skip(question.line, question.prompt, code, **values))

    sign = next(filter(None, map(controls, _found_texts(question))), None)
    if sign is not None:
        tell("bank.control_signs", sign=sign)
        question = _cleaned(question)
    prompt, topic, answer = question.prompt.strip(), question.topic, question.answer
    if not re.search(r"\w", prompt):
        tell("bank.no_wording")
        return None, told
    if len(prompt) > PROMPT_CHARS:
        tell("bank.prompt_long", chars=len(prompt), most=PROMPT_CHARS)
        return None, told
    if topic and len(topic) > TOPIC_CHARS:
        tell("bank.topic_long", chars=len(topic), most=TOPIC_CHARS)
        topic = topic[: TOPIC_CHARS - 1].rsplit(" ", 1)[0] + "…"
    if answer and len(answer) > ANSWER_CHARS:
        tell("bank.answer_long", chars=len(answer), most=ANSWER_CHARS)
        answer = shortened(answer)
    items: list[FoundItem] = []
    for item in question.items:
        if not OPTIONS[0] <= len(item.options) <= OPTIONS[1]:
            tell("bank.options_count", count=len(item.options), least=OPTIONS[0], most=OPTIONS[1])
        elif len(item.stem) > STEM_CHARS:
            tell("bank.stem_long", chars=len(item.stem), most=STEM_CHARS)
        elif len(longest := max(item.options, key=len)) > OPTION_CHARS:
            tell("bank.option_long", chars=len(longest), most=OPTION_CHARS)
        elif len({option.casefold().strip() for option in item.options}) < len(item.options):
            tell("bank.options_alike")
        else:
            items.append(item)
    kept = replace(question, prompt=prompt, topic=topic or None, answer=answer or None, items=tuple(items))
    whole = question.whole if kept == question else None
    if whole is not None and any(len(text) > limit_of(path) for path, text in question_texts(whole)):
        tell("bank.part_long")
        whole = None
    if whole is not None:
        points = tuple(point for point in whole.key_points if len(point.text) <= POINT_CHARS)[:POINTS]
        if len(points) < len(whole.key_points):
            tell("bank.points_left", most=POINTS, chars=POINT_CHARS)
            whole = replace(whole, key_points=points)
    return replace(kept, whole=whole), told


def to_store(found: FoundQuestion) -> Question:
    """What becomes a server's own question, before it has a number and ids."""
    topic = " ".join((found.topic or NO_TOPIC).split())
    if not re.search(r"[^\W\d_]", topic) or topic.lower() == "all":
        topic = f"Topic {topic}"
    whole = found.whole
    if whole is not None:
        items = tuple(replace(item, id="") for item in whole.items)
        return replace(whole, id="", number=0, module=1, topic=topic, items=items)
    return Question(
        id="",
        number=0,
        module=1,
        topic=topic,
        difficulty=found.difficulty or Difficulty.MEDIUM,
        prompt=found.prompt,
        answer=found.answer,
        items=tuple(map(_item, found.items)),
    )


def _item(found: FoundItem) -> Item:
    wrong = tuple(Distractor(option, "") for at, option in enumerate(found.options) if at != found.correct)
    return Item(
        id="",
        kind="definition",
        stem=found.stem,
        correct=found.options[found.correct],
        distractors=wrong,
        explanation="",
    )


def _found_texts(question: FoundQuestion) -> Iterator[str]:
    yield from (question.prompt, question.answer or "", question.topic or "")
    for item in question.items:
        yield from (item.stem, *item.options)
    if question.whole is not None:
        yield from (text for _, text in question_texts(question.whole))


def _cleaned(question: FoundQuestion) -> FoundQuestion:
    return replace(
        question,
        prompt=without_controls(question.prompt),
        answer=question.answer and without_controls(question.answer),
        topic=question.topic and without_controls(question.topic),
        items=tuple(
            FoundItem(without_controls(item.stem), tuple(map(without_controls, item.options)), item.correct)
            for item in question.items
        ),
        whole=None,
    )


def same_question(prompt: str) -> str:
    """What two wordings of one question have in common: by it a list that repeats itself is noticed."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", prompt).casefold())) or prompt


def same_key(question: Question) -> str:
    """What a question has in common with itself in another import into its pack: wording and topic."""
    return f"{question.topic.casefold()}\n{same_question(question.prompt)}"


@dataclass(frozen=True, slots=True)
class NearQuestion:
    """A question of a file, and the id of one that a server knows and that asks much the same."""

    prompt: str
    question_id: str


LAYERS = ("say", "show", "stands_out", "gist", "answer")
"""The texts that a model answer is made of."""
LISTS = ("key_points", "pitfalls", "follow_ups", "sources", "items")


def _item_key(item: Item) -> tuple[str, str, frozenset[str]]:
    wrong = frozenset(same_question(one.text) for one in item.distractors)
    return same_question(item.stem), same_question(item.correct), wrong


def _says(question: Question) -> dict[str, object]:
    """What a file can say of a question and does, so that formats can be compared that carry less."""
    said: dict[str, object] = {"wording": same_question(question.prompt)}
    if (answer := question.model_answer) is not None:
        said["answer"] = same_question(answer)
    lists = {name: list(getattr(question, name)) for name in LISTS}
    lists["items"] = sorted((stem, right, sorted(wrong)) for stem, right, wrong in map(_item_key, question.items))
    return said | {name: whole for name, whole in lists.items() if whole}


def differing(own: Question, found: Question) -> tuple[str, ...]:
    """What a file says otherwise of a question than a server does: `wording`, `answer`, and names of lists."""
    mine = _says(own)
    return tuple(name for name, whole in _says(found).items() if whole != mine.get(name))


def taken(own: Question, found: Question) -> Question:
    """A server's question as a file has it; what the file leaves out stays, and so do items that it repeats.

    An answer that says the same stays, too: most formats know it only as one text without its layers.
    """
    items = {_item_key(item): item for item in own.items}
    text = found if "answer" in differing(own, found) else own
    lists = {name: getattr(found, name) or getattr(own, name) for name in LISTS}
    lists["items"] = tuple(items.get(_item_key(item), item) for item in lists["items"])
    return replace(
        own,
        prompt=found.prompt,
        shown=found.shown,
        **{name: getattr(text, name) for name in LAYERS},
        **lists,
    )


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """A question of a file that a server has and says otherwise.

    Attributes:
        question_id: the server's.
        found: as the file has it.
        parts: what differs, as `differing` names it.
    """

    question_id: str
    found: Question
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What an import of a file will add, and what its reader has to know before.

    Attributes:
        known: how many questions of the file are in the pack already; they are not among `questions`.
        changed: those of them that were edited since, or that the file has otherwise.
    """

    questions: tuple[Question, ...]
    known: int = 0
    skipped: tuple[SkippedText, ...] = ()
    near: tuple[NearQuestion, ...] = ()
    changed: tuple[ChangedQuestion, ...] = ()
