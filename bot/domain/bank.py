"""A bank of questions: packs, modules, topics, questions and their quiz items."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from bot.domain.errors import Refusal

FIRST_PACK = "genai"
"""The pack that a track draws from until somebody names another; it comes first, so its numbers are everybody's."""
OWN_PACK = "ours"
"""The pack of a server's own questions; no other has its id."""
WORDS_A_MINUTE = 180
"""How fast one reads an item: slower than a story, since each option is weighed against the others."""
SECONDS_FOR_SUMS = 30


def can_name_pack(text: str) -> bool:
    """Whether a text can be the id of a server's own pack."""
    return text.isascii() and text.isalnum() and 2 <= len(text) <= 20 and text != "all"


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
class Picture:
    """A drawing that explains an answer, by its name, and the same in words for those who do not see it."""

    name: str
    alt: str


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
        picture: set where a drawing explains the answer better than words.
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
    picture: Picture | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQuestion(Question):
    """A question of a server's own pack.

    Attributes:
        edition: which of its editions this is, from 1 on.
        author_id: the member who suggested it; None for one that a manager wrote.
    """

    edition: int
    author_id: int | None = None


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
class Edition:
    """A question as it stood from an instant on, until it was edited; a server's own have one or more."""

    since: datetime
    question: OwnQuestion


@dataclass(frozen=True, slots=True)
class Pack:
    """A bank's unit: modules, topics and questions in their order.

    Attributes:
        questions: those that may be asked.
        editions: all that a server's own questions ever were, the retired ones included, oldest first.
    """

    id: str
    title: str
    modules: tuple[Module, ...]
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]
    editions: tuple[Edition, ...] = ()


class Bank:
    """The questions that one server knows: those of the packs for all servers, and of its own.

    Topics of one title are one topic, whichever packs they stand in. Where packs share numbers (of topics, of
    questions), those of the first pack keep theirs: later topics are counted on, later questions are named by id.
    """

    def __init__(self, *packs: Pack) -> None:
        self.packs = packs
        self.questions = tuple(question for pack in packs for question in pack.questions)
        topics: dict[str, Topic] = {}
        for pack in packs:
            for topic in pack.topics:
                taken = {known.number for known in topics.values()}
                number = max(taken) + 1 if topic.number in taken else topic.number
                topics.setdefault(topic.title, replace(topic, number=number))
        self.topics = tuple(topics.values())
        editions = [edition for pack in packs for edition in pack.editions]
        self._editions: dict[str, list[Edition]] = {}
        for edition in editions:
            self._editions.setdefault(edition.question.id, []).append(edition)
        self._by_id = {question.id: question for question in self.questions}
        self._by_number = {question.number: question for question in reversed(self.questions)}
        ever = (*(edition.question for edition in editions), *self.questions)
        self._items = {item.id: (item, question) for question in ever for item in question.items}

    @cached_property
    def own(self) -> "Bank":
        """Those that are the server's own."""
        return Bank(*(pack for pack in self.packs if pack.editions))

    def asked(self, question_id: str | None, at: datetime) -> Question | None:
        """The question with this id as it stood at an instant, also one that was retired since."""
        editions = self._editions.get(question_id or "")
        if not editions:
            return self._by_id.get(question_id or "")
        return next(
            (edition.question for edition in reversed(editions) if edition.since <= at), editions[0].question
        )

    def edition(self, question_id: str, number: int) -> Question | None:
        """One of the editions of a server's own question."""
        found = (edition.question for edition in self._editions.get(question_id, ()))
        return next((question for question in found if question.edition == number), None)

    def drawn(self, packs: Sequence[str], topics: Collection[str]) -> list[Question]:
        """The questions that a track draws: those of its packs in their order; of all their topics for none."""
        known = {pack.id: pack for pack in self.packs}
        chosen = (known[pack_id] for pack_id in packs if pack_id in known)
        return [
            question for pack in chosen for question in pack.questions if not topics or question.topic in topics
        ]

    def parse_packs(self, text: str) -> tuple[str, ...]:
        """Pack ids from `all`, or ids and titles with commas.

        Raises:
            Refusal: `bank.pack_unknown` for a piece that is no pack.
        """
        if text.strip().lower() == "all":
            return tuple(pack.id for pack in self.packs)
        chosen: dict[str, None] = {}
        for piece in filter(None, (piece.strip().lower() for piece in text.split(","))):
            found = [pack.id for pack in self.packs if piece in (pack.id, pack.title.lower())]
            if not found:
                raise Refusal("bank.pack_unknown", text=piece, packs=self.packs)
            chosen[found[0]] = None
        if not chosen:
            raise Refusal("bank.pack_unknown", text=text, packs=self.packs)
        return tuple(chosen)

    def find(self, text: str) -> Question | None:
        """The question with this number (`48`, `#48`) or id (`genai-048`)."""
        wanted = text.strip().lower().removeprefix("#")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
        return self._by_id.get(wanted) or (None if number is None else self._by_number.get(number))

    def item(self, item_id: str) -> tuple[Item, Question] | None:
        """A quiz item with its question, also one that an edit took out since; None when it has left the bank."""
        return self._items.get(item_id)

    def items(
        self, topic: str | None = None, difficulty: Difficulty | None = None, *, sums: bool = True
    ) -> list[tuple[Item, Question]]:
        """All quiz items with their questions; of a topic, of a difficulty, or without those that need sums."""
        return [
            (item, question)
            for question in self.questions
            for item in question.items
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


class Banks:
    """Answers which questions a server knows.

    Services and workers hold the one object and ask it anew each time, so that none keeps questions that have left.

    Args:
        shared: the packs for all servers, in their order.
    """

    def __init__(self, *shared: Pack) -> None:
        self.share(*shared)

    def share(self, *packs: Pack) -> None:
        """Takes other packs for all servers in place of all packs that there are."""
        self._shared = Bank(*packs)
        self._own: dict[int, Bank] = {}

    def of(self, guild_id: int) -> Bank:
        """The bank of a server."""
        return self._own.get(guild_id, self._shared)

    def put(self, own: Mapping[int, Sequence[Pack]]) -> None:
        """Takes these packs as the own ones of these servers; of one without any nothing is kept."""
        for guild_id, packs in own.items():
            if packs:
                self._own[guild_id] = Bank(*self._shared.packs, *packs)
            else:
                self._own.pop(guild_id, None)
