"""Finds questions in Markdown as people write such lists. `docs/importing.md` shows what is understood."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.domain.bank_imports import QUESTIONS, Found, FoundQuestion, SkippedText, skip
from bot.storage.bank_blocks import SOFT, Block, finished, plain_text, write_blocks
from bot.storage.bank_markdown_questions import QUIZ, QuestionDraft, finished_question
from bot.storage.bank_markup import read_blocks
from bot.storage.bank_wording import (
    answer_label,
    bold_lead,
    ends_asking,
    is_asked,
    is_contents,
    is_furniture,
    is_generic,
    is_hidden_answer,
    is_task,
    is_way_up,
    lines_of,
    number_label,
    question_label,
    topic_of,
    unbold,
)

_ANY_LEVEL = 7
_AHEAD = 40
"""How many blocks below a heading tell what it is."""
_SHORT = 300
"""A plain paragraph of more characters is no question, whatever sign it ends with."""
_INNER_ANSWER = re.compile(
    rf"(?P<code>`+[^`]*`+)|(?<=[?.!*])[\s{SOFT}]+(?=(?:\*\*)?(?:A|Ans|Answer)(?:\*\*)?\s*[:：])"
)
"""What lies between a question and the answer that its own paragraph has; code is found only to be left alone."""

Rows = Callable[[Sequence[tuple[int, list[str]]], str | None], Found | None]
"""Reads a table's rows, its head first, that stand under a topic; None if it asks nothing."""


def read_markdown(text: str, rows: Rows) -> Found:
    """The questions of a document; `rows` reads its tables."""
    blocks = _pruned(read_blocks(text))
    finder = _Finder(blocks, rows)
    finder.read(blocks)
    finder.close()
    return Found(tuple(finder.questions), tuple(finder.skipped), finder.title)


def _marked(text: str) -> tuple[int | None, str] | None:
    """The number and wording of a question that says so by a label or a number."""
    return question_label(text) or number_label(text)


def _first(item: Block) -> str:
    """The text with which an entry of a list begins."""
    return item.children[0].text if item.children and item.children[0].kind in ("para", "heading") else ""


def _opening(item: Block) -> str:
    """The part of an entry that would be its question."""
    text = _first(item)
    lead = bold_lead(text)
    return lead[0] if lead else (lines_of(text) or [""])[0]


def _asks(item: Block) -> bool:
    text = _opening(item)
    return question_label(text) is not None or is_asked(text) or ends_asking(_first(item))


def _asking(block: Block) -> bool:
    """Whether most entries of a list ask something."""
    entries = [item for item in block.children if answer_label(_first(item)) is None]
    return bool(entries) and 2 * sum(map(_asks, entries)) >= len(entries)


def _asks_inside(blocks: Sequence[Block]) -> bool:
    return any(block.kind == "list" and _asking(block) for block in blocks)


class _Finder:
    """Walks over a document's blocks, and keeps the question that is being read."""

    def __init__(self, blocks: list[Block], rows: Rows) -> None:
        self.questions: list[FoundQuestion] = []
        self.skipped: list[SkippedText] = []
        self.title: str | None = None
        self._rows = rows
        self._headings: list[tuple[int, str]] = []
        self._topic: str | None = None
        self._draft: QuestionDraft | None = None
        self._left_out = 0
        self._asking_levels, self._numbered_lists = _habits(blocks)
        titles = [block for block in blocks if block.kind == "heading"]
        alone = titles and [block.level for block in titles].count(titles[0].level) == 1 < len(titles)
        self._only_title = titles[0] if alone else None

    def read(self, blocks: Sequence[Block]) -> None:
        """Reads blocks that stand one below the other."""
        for at, block in enumerate(blocks):
            if self._left_out and block.kind != "heading":
                if not _starts_asking(block):
                    continue
                self._left_out = 0
            if len(self.questions) > QUESTIONS:
                return
            rest = blocks[at + 1 : at + 1 + _AHEAD]
            match block.kind:
                case "heading":
                    self._heading(block, rest)
                case "para":
                    self._paragraph(block, rest)
                case "list":
                    self._list(block)
                case "details":
                    self._details(block)
                case "table":
                    self._table(block)
                case "rule":
                    if self._draft and self._draft.body:
                        self.close()
                case "quote" if self._draft is None:
                    self.read(block.children)
                case _:
                    self._attach(block)

    def close(self) -> None:
        """Ends the question that is being read."""
        draft, self._draft = self._draft, None
        if draft is not None:
            question, told = finished_question(draft)
            self.questions.append(question)
            self.skipped += told

    def _open(
        self, kind: str, text: str, line: int, number: int | None = None, level: int = 0, body: Sequence[Block] = ()
    ) -> None:
        """Begins a question; what its text says beyond the question is the beginning of its body."""
        self.close()
        prompt, rest = _split(text, dash=kind in ("list", "plain"))
        more = [Block("para", line, piece) for _, piece in _pieces(rest)] if rest else []
        self._draft = QuestionDraft(kind, prompt, line, self._topic, number, level, [*more, *body])

    def _attach(self, block: Block) -> None:
        """Takes a block into the question that is being read; without one it is told, but for an introduction."""
        if self._draft is not None:
            self._draft.body.append(block)
        elif (self.questions or len(self._headings) > 1) and block.kind != "long":
            words = plain_text(block.text) or plain_text(write_blocks([block])) or block.kind
            if not _is_ornament(block):
                self.skipped.append(skip(block.line, words, "bank.outside"))
        elif block.kind == "long":
            self.skipped.append(skip(block.line, block.text, "bank.paragraph_long"))

    def _heading(self, block: Block, rest: Sequence[Block]) -> None:
        if self._left_out and block.level > self._left_out:
            return
        self._left_out = 0
        draft = self._draft
        under = draft is not None and draft.kind == "heading" and block.level > draft.level
        if answer_label(block.text) is not None and draft is not None:
            draft.body.append(Block("para", block.line, block.text))
            return
        if is_furniture(block.text) and not (draft and under):
            self.close()
            self._left_out = _ANY_LEVEL if is_contents(block.text) else block.level
            return
        marked = _marked(block.text)
        if self._is_question(block, rest, under=under, marked=marked):
            number, text = marked or (None, block.text)
            self._open("heading", text, block.line, number, block.level)
        elif under and draft is not None and not _asks_inside(_section(rest)[:1]):
            draft.body.append(block)
        else:
            self.close()
            self._enter(block)

    def _enter(self, block: Block) -> None:
        """Takes a heading as the topic of what follows."""
        if self.title is None:
            self.title = topic_of(block.text)
        self._headings = [(level, title) for level, title in self._headings if level < block.level]
        self._headings.append((block.level, topic_of(block.text)))
        named = [title for _, title in self._headings if not is_generic(title)]
        self._topic = (named or [self._headings[-1][1]])[-1]

    def _is_question(
        self, block: Block, rest: Sequence[Block], *, under: bool, marked: tuple[int | None, str] | None
    ) -> bool:
        section = _section(rest)
        if question_label(block.text) is not None:
            return True
        listed = section and section[0].kind == "list" and _asking(section[0]) and len(section[0].children) > 1
        if listed and not marked:
            return False
        text = marked[1] if marked else block.text
        asked = is_asked(text)
        certain = marked is not None and block.level in self._asking_levels
        deeper = not section and bool(rest) and rest[0].level > block.level and is_asked(rest[0].text)
        if not certain and (deeper or block is self._only_title):
            return False
        if under:
            return asked and (marked is not None or block.level in self._asking_levels)
        if not asked:
            return marked is not None and block.level in self._asking_levels and bool(section) and not listed
        return ends_asking(text) or marked is not None or block.level in self._asking_levels

    def _paragraph(self, block: Block, rest: Sequence[Block]) -> None:
        draft = self._draft
        pieces = _pieces(block.text)
        if len(pieces) > 1:
            for piece in pieces:
                self._paragraph(Block("para", block.line + piece[0], piece[1]), ())
            return
        if (labelled := question_label(block.text)) is not None:
            self._open("label", labelled[1], block.line, labelled[0])
            return
        if answer_label(block.text) is not None or QUIZ.match(block.text):
            self._attach(block)
            return
        lead = bold_lead(block.text)
        next_one = lead is not None and not lead[1] and ends_asking(lead[0]) and draft is not None and draft.body
        if (
            draft is not None
            and draft.kind in ("heading", "label", "details")
            and not (draft.kind == "label" and next_one)
        ):
            draft.body.append(block)
            return
        if lead is not None:
            self._bold(block, lead, rest)
        elif _plainly_asked(block.text) and (draft is None or draft.kind in ("plain", "list")):
            number, text = number_label(block.text) or (None, block.text)
            self._open("plain", text, block.line, number)
        elif (numbered := number_label(block.text)) is not None and is_asked(numbered[1]):
            self._open("plain", numbered[1], block.line, numbered[0])
        elif rest and rest[0].kind == "list" and _asking(rest[0]) and block.text.rstrip().endswith((":", "：")):
            self.close()
        else:
            self._attach(block)

    def _bold(self, block: Block, lead: tuple[str, str], rest: Sequence[Block]) -> None:
        """A paragraph that begins in bold: a question, the topic of the list below it, or a part of an answer."""
        bold, more = lead
        marked = _marked(bold)
        text = marked[1] if marked else bold
        if is_asked(text) or (marked is not None and not more):
            number = marked[0] if marked else None
            self._open("bold", text, block.line, number)
            if more and self._draft is not None:
                self._draft.body.append(Block("para", block.line, more))
        elif not more and rest and rest[0].kind == "list" and _asking(rest[0]):
            self.close()
            self._topic = topic_of(bold)
        else:
            self._attach(block)

    def _list(self, block: Block) -> None:
        items = block.children
        if items and all(_is_anchor(item) for item in items):
            return
        draft = self._draft
        asking = _asking(block)
        if any(item.checked is not None for item in items) and not asking:
            self._attach(block)
            return
        numbered = bool(items) and items[0].level > 0
        if draft is not None and draft.kind in ("heading", "label", "bold", "details"):
            led_in = bool(draft.body) and draft.body[-1].text.rstrip().endswith((":", "：", ":**"))
            asks_on = numbered and asking and bool(draft.body) and not led_in and draft.kind != "heading"
            if not asks_on and not any(question_label(_first(item)) for item in items):
                draft.body.append(block)
                return
        if asking or (draft is None and numbered and self._numbered_lists and not _links_only(block)):
            self._questions(block)
        elif any(_asks_inside(item.children[1:]) for item in items):
            self.close()
            for item in items:
                self._topic_entry(item)
        elif draft is not None:
            draft.body.append(block)
        else:
            for item in items:
                if self.questions or self._headings:
                    self.skipped.append(skip(item.line, plain_text(_first(item)), "bank.not_asked"))

    def _topic_entry(self, item: Block) -> None:
        """An entry of a list that names a topic, with questions below it."""
        outer, self._topic = self._topic, topic_of(unbold(_first(item))) or self._topic
        self.read(item.children[1:])
        self.close()
        self._topic = outer

    def _questions(self, block: Block) -> None:
        """A list whose entries are questions. Below the only one, or the last without an answer, it may follow."""
        for item in block.children:
            text = unbold(_first(item))
            inner = item.children[1:]
            if not text:
                self.read(item.children)
                continue
            if (answer := answer_label(text)) is not None and self._draft is not None:
                self._draft.body += [Block("para", item.line, f"Answer: {answer}"), *inner]
                continue
            if not _asks(item) and _asks_inside(inner):
                self.close()
                self._topic_entry(item)
                continue
            marked = _marked(text)
            number = item.level or (marked[0] if marked else None)
            lead = bold_lead(_first(item))
            if lead is not None and lead[1] and is_asked(lead[0]) and not ends_asking(lines_of(lead[1])[0]):
                marked = _marked(lead[0])
                text = marked[1] if marked else lead[0]
                inner = [Block("para", item.line, lead[1]), *inner]
            elif marked:
                text = marked[1]
            if len(inner) == 1 and inner[0].kind == "list" and all(map(_asks, inner[0].children)):
                text = f"{finished(text)}\n\n{write_blocks(inner)}"
                inner = []
            self._open("list", text, item.line, number, body=inner)
        answered = [
            bool(self.questions[-1 - at].answer) for at in range(min(len(block.children) - 1, len(self.questions)))
        ]
        if self._draft is not None and not all(answered):
            self.close()

    def _details(self, block: Block) -> None:
        if self._draft is not None and is_hidden_answer(block.text):
            self._draft.body.append(block)
        elif block.text and (question_label(block.text) or is_asked(unbold(block.text)) or _numbered(block.text)):
            text = unbold(block.text)
            number, text = _marked(text) or (None, text)
            self._open("details", text, block.line, number, body=block.children)
            self.close()
        elif self._draft is not None and self._draft.kind == "heading" and not _asks_inside(block.children):
            self._draft.body.append(block)
        else:
            self.close()
            outer = self._topic
            if block.text and not is_furniture(block.text) and not is_generic(block.text):
                self._topic = topic_of(block.text)
            self.read(block.children)
            self.close()
            self._topic = outer

    def _table(self, block: Block) -> None:
        if block.anchored:
            return
        found = self._rows(block.rows, self._topic)
        if found is None:
            self._attach(block)
            return
        self.close()
        self.questions += found.questions
        self.skipped += found.skipped


def _habits(blocks: Sequence[Block]) -> tuple[set[int], bool]:
    """The levels on which most headings ask something, and whether most numbered lists do."""
    levels: defaultdict[int, list[bool]] = defaultdict(list)
    entries: list[bool] = []
    for block in blocks:
        if block.kind == "heading" and not is_furniture(block.text) and answer_label(block.text) is None:
            marked = _marked(block.text)
            levels[block.level].append(is_asked(marked[1] if marked else block.text))
        elif block.kind == "list" and block.children and block.children[0].level:
            entries += map(_asks, block.children)
    asking = {level for level, found in levels.items() if 2 * sum(found) >= len(found)}
    return asking, 2 * sum(entries) >= len(entries)


def _pruned(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without the links that only lead around in the document, wherever they stand."""
    kept: list[Block] = []
    for block in blocks:
        block.children = _pruned(block.children)
        leads = block.kind == "para" and (block.anchored or is_way_up(block.text))
        if not leads or block.checked is not None:
            kept.append(block)
    return kept


def _section(rest: Sequence[Block]) -> Sequence[Block]:
    """What stands right below a heading, up to the next."""
    end = next((at for at, block in enumerate(rest) if block.kind == "heading"), len(rest))
    return rest[:end]


def _is_anchor(item: Block) -> bool:
    """Whether an entry and all below it were links to places in the same document, which are pruned."""
    return all(block.kind == "list" and all(map(_is_anchor, block.children)) for block in item.children)


def _links_only(block: Block) -> bool:
    return all(re.fullmatch(r"\W*\[[^\]]*\]\(\S+\)\W*", _first(item)) for item in block.children)


def _is_ornament(block: Block) -> bool:
    """Whether a paragraph is nothing but pictures, such as badges."""
    return block.kind == "para" and not re.sub(
        r"\[?(?:\[🖼[^\]]*\]\(\S*?\)|🖼[^\n\[\]]*)(?:\]\(\S*?\))?|\s", "", block.text
    )


def _numbered(text: str) -> bool:
    found = number_label(unbold(text))
    return found is not None and found[0] is not None


def _plainly_asked(text: str) -> bool:
    lines = lines_of(text)
    if len(text) > _SHORT or not lines:
        return False
    return ends_asking(lines[0]) or (len(lines) == 1 and is_task(lines[0]))


def _starts_asking(block: Block) -> bool:
    """Whether a block begins with a question that says so: a list of them, a label, or bold words."""
    if block.kind == "list":
        return bool(block.children) and _asking(block)
    lead = bold_lead(block.text) if block.kind == "para" else None
    return question_label(block.text) is not None or (lead is not None and ends_asking(lead[0]))


def _pieces(text: str) -> list[tuple[int, str]]:
    """A paragraph cut before each line that begins a question or an answer, with the lines before each piece."""
    lines = re.split(rf"[{SOFT}\n]", text)
    asked = len(lines) > 1 and all(_plainly_asked(line) for line in lines)
    pieces: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        if not pieces or asked or _begins(line):
            pieces.append((at, line))
        else:
            pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]}{SOFT}{line}")
    return pieces if len(pieces) > 1 else [(0, text)]


def _begins(line: str) -> bool:
    if question_label(line) is not None or answer_label(line) is not None:
        return True
    numbered = number_label(line)
    return numbered is not None and numbered[0] is not None and is_asked(numbered[1])


def _split(text: str, *, dash: bool) -> tuple[str, str]:
    """A question, and what its paragraph says behind it: an answer with a label, or the lines below."""
    for found in _INNER_ANSWER.finditer(text):
        if not found["code"]:
            return text[: found.start()].strip(), text[found.end() :].strip()
    if dash and (found := re.search(r"(?<=[?？])[ ]+[—–-]+[ ]+(?=\S)", text)) and not ends_asking(text):
        return text[: found.start()].strip(), text[found.end() :].strip()
    lines = re.split(rf"[{SOFT}\n]", text)
    first = next((at for at, line in enumerate(lines) if ends_asking(line)), None)
    if first is None or first + 1 == len(lines) or ends_asking(lines[-1]):
        return text.strip(), ""
    ends = [sum(map(len, lines[: first + 1])) + first]
    return text[: ends[0]].strip(), text[ends[0] + 1 :].strip()
