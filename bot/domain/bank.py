"""A bank of questions: packs, modules, topics, questions and their quiz items."""

import random
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import Refusal

WORDS_A_MINUTE = 180
"""How fast one reads an item: slower than a story, since each option is weighed against the others."""
SECONDS_FOR_SUMS = 30


class Difficulty(StrEnum):
    """What it takes to answer well."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One checkable fact; aliases say it in other words. An answer needs those that are a `must`."""

    text: str
    aliases: tuple[str, ...]
    must: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an interviewer asks next."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model answer can be checked."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """The year in which a changing answer was true, and the address of the source that says so."""

    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong option and why it is wrong. `holds`: it is true, and still no answer to its stem."""

    text: str
    why: str
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """An option as shown; `why` is None at the right one."""

    text: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A multiple-choice item that belongs to a question.

    Attributes:
        difficulty: its own; None where it is as difficult as its question.
        sums: whether one has to calculate.
    """

    id: str
    kind: str
    stem: str
    correct: str
    distractors: tuple[Distractor, ...]
    explanation: str
    difficulty: Difficulty | None = None
    sums: bool = False

    @property
    def reading_seconds(self) -> int:
        """How long one needs to read the stem and the options, and to calculate where that is asked."""
        words = sum(len(text.split()) for text in (self.stem, self.correct, *(d.text for d in self.distractors)))
        return round(60 * words / WORDS_A_MINUTE) + (SECONDS_FOR_SUMS if self.sums else 0)

    def options(self, seed: str) -> tuple[Option, ...]:
        """The four options in the order that a seed gives: the same seed, the same letters."""
        options = [Option(self.correct, None), *(Option(d.text, d.why) for d in self.distractors)]
        random.Random(f"{self.id}:{seed}").shuffle(options)
        return tuple(options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One interview question; without content it still works as a drill.

    Attributes:
        prompt: the question as it was given.
        shown: the same in the words that people read, where they differ.
        say: what one says in 45 seconds.
        show: what one shows when asked on: paragraphs of Markdown with bold leads, formulas and code in blocks.
        stands_out: what only the best add.
        as_of: set where the answer changes with its field.
        gist, answer: the answer of an entry without layers, in short and in full.
    """

    id: str
    number: int
    module: int
    topic: str
    difficulty: Difficulty
    prompt: str
    shown: str | None = None
    say: str | None = None
    show: str | None = None
    stands_out: str | None = None
    as_of: AsOf | None = None
    gist: str | None = None
    answer: str | None = None
    key_points: tuple[KeyPoint, ...] = ()
    pitfalls: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    sources: tuple[Source, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def wording(self) -> str:
        """The question as people read it."""
        return self.shown or self.prompt

    @property
    def layered(self) -> bool:
        """Whether its answer comes in layers: `say`, `show`, `stands_out`."""
        return any((self.say, self.show, self.stands_out))

    @property
    def spoken(self) -> str | None:
        """The model answer as one says it, or what there is of it; None while nobody has written one."""
        return self.say or self.gist or self.answer or self.show or self.stands_out

    @property
    def written(self) -> str | None:
        """The model answer in full, where it says more than the spoken one."""
        found = self.show or self.answer
        return None if found == self.spoken else found

    @property
    def model_answer(self) -> str | None:
        """The whole model answer as one text; None while nobody has written one."""
        layers = (self.say, self.show, self.stands_out) if self.layered else (self.answer,)
        return "\n\n".join(filter(None, layers)) or None

    def difficulty_of(self, item: Item) -> Difficulty:
        """What it takes to answer one of its items."""
        return item.difficulty or self.difficulty


@dataclass(frozen=True, slots=True)
class Topic:
    """A section of a pack, in one module."""

    number: int
    title: str
    module: int


@dataclass(frozen=True, slots=True)
class Module:
    """A week of a pack."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A bank's unit: modules, topics and questions in their order."""

    id: str
    title: str
    modules: tuple[Module, ...]
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]


class Bank:
    """The questions that the bot asks: those of one shipped pack.

    Services and workers hold the one object and ask it anew each time, so that none keeps questions that have left.
    """

    def __init__(self, pack: Pack) -> None:
        self.replace(pack)

    def replace(self, pack: Pack) -> None:
        """Takes another pack's questions in place of all that there are."""
        self.topics = pack.topics
        self.questions = pack.questions
        self._by_id = {question.id: question for question in pack.questions}
        self._by_number = {question.number: question for question in pack.questions}
        self._items = {item.id: (item, question) for question in pack.questions for item in question.items}

    def find(self, text: str) -> Question | None:
        """The question with this number (`48`, `#48`) or id (`genai-048`)."""
        wanted = text.strip().lower().removeprefix("#")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
        return self._by_id.get(wanted) or (None if number is None else self._by_number.get(number))

    def item(self, item_id: str) -> tuple[Item, Question] | None:
        """A quiz item with its question; None when it has left the bank."""
        return self._items.get(item_id)

    def items(
        self, topic: str | None = None, difficulty: Difficulty | None = None, *, sums: bool = True
    ) -> list[tuple[Item, Question]]:
        """All quiz items with their questions; of a topic, of a difficulty, or without those that need sums."""
        return [
            (item, question)
            for item, question in self._items.values()
            if topic in (None, question.topic)
            and difficulty in (None, question.difficulty_of(item))
            and (sums or not item.sums)
        ]

    def of_topic(self, topic: str | None) -> list[Question]:
        """The questions of a topic; all for None."""
        return [question for question in self.questions if topic in (None, question.topic)]

    def topic_title(self, number: int) -> str | None:
        """The title of the topic with this number; None for 0, which means all."""
        return next((topic.title for topic in self.topics if topic.number == number), None)

    def topic_number(self, title: str | None) -> int:
        """The number of the topic with this title; 0 for None, which means all."""
        return next((topic.number for topic in self.topics if topic.title == title), 0)

    def parse_topic(self, text: str) -> Topic | None:
        """The one topic of a number or a name, also as `1 · Its name`; None for `all`.

        Raises:
            Refusal: `bank.several_topics`, or as `parse_topics`.
        """
        wanted = text.strip().lower()
        titles = tuple(t.title for t in self.topics if wanted == f"{t.number} · {t.title}".lower())
        titles = titles or self.parse_topics(text)
        if len(titles) > 1:
            raise Refusal("bank.several_topics", count=len(titles))
        return next((topic for topic in self.topics if topic.title in titles), None)

    def parse_topics(self, text: str) -> tuple[str, ...]:
        """Topic titles from `all`, or numbers and names with commas; () means all.

        Raises:
            Refusal: `bank.topic_unknown` for a piece that fits no topic, or several.
        """
        if text.strip().lower() == "all":
            return ()
        chosen: set[str] = set()
        rest = text.lower()
        for title in (topic.title for topic in self.topics if "," in topic.title):
            if title.lower() in rest:
                chosen.add(title)
                rest = rest.replace(title.lower(), "")
        for piece in (piece.strip() for piece in rest.split(",")):
            if chosen and not piece:
                continue
            found = [
                topic.title
                for topic in self.topics
                if piece == str(topic.number) or (piece and not piece.isdigit() and piece in topic.title.lower())
            ]
            exact = [title for title in found if title.lower() == piece]
            if len(exact or found) != 1:
                raise Refusal("bank.topic_unknown", text=piece, fitting=len(found), topics=self.topics)
            chosen.update(exact or found)
        return tuple(topic.title for topic in self.topics if topic.title in chosen)
