"""Markdown as people write it, HTML in it included, read into blocks with their lines."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.storage.bank_blocks import HELD, SOFT, Block

LONGEST = 20_000
"""A paragraph of more characters is nobody's: it is left out before it costs time."""
DEEPEST = 24
PICTURE = "🖼"
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)")
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")
_SPLIT = re.compile(r"(</?details\b[^<>]{0,200}>|<summary\b[^<>]{0,200}>|</summary>)", re.IGNORECASE)
_HEADING = re.compile(r"[ \t]*<h([1-6])\b[^<>]{0,200}>(.{0,500}?)</h\1>[ \t]*$", re.IGNORECASE)
_LIST_ITEM = re.compile(r"([ \t]*)<li\b[^<>]{0,200}>(.{0,2000}?)(?:</li>)?[ \t]*$", re.IGNORECASE)
_PRE = re.compile(r"[ \t]*</?pre\b[^<>]{0,200}>[ \t]*(?:</?code\b[^<>]{0,200}>)?[ \t]*$", re.IGNORECASE)
_COMMENT = re.compile(
    r"(^[ \t>]*(`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^[ \t>]*\2|\Z)|`[^`\n]+`|\\<)|<!--.*?(?:-->|\Z)",
    re.DOTALL | re.MULTILINE,
)
"""Comments; blocks and pieces of code are found only to be left alone."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b([^<>]*)>$")
_ATTRIBUTE = re.compile(r"""\b(src|href|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", re.IGNORECASE)
_MARKS = {
    **dict.fromkeys(("b", "strong"), "**"),
    **dict.fromkeys(("i", "em"), "*"),
    **dict.fromkeys(("s", "del"), "~~"),
    **dict.fromkeys(("u", "ins"), "__"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "`"),
}
_LAYOUT = re.compile(
    "p|div|span|center|sub|sup|small|big|font|mark|var|a|br|img|picture|source|hr|pre|blockquote|h[1-6]|ul|ol|li|"
    "table|thead|tbody|tr|td|th|details|summary|section|article"
)
_KEPT_ESCAPES = frozenset("*_~`|>#-+.\\")
_WEB = re.compile(r"(?:https?://|mailto:)\S+$", re.IGNORECASE)


def read_blocks(text: str) -> list[Block]:
    """The blocks of a document, without its front matter and comments."""
    source, lines = _prepared(text)
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    parser.disable(["html_block"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    env: dict[str, object] = {}
    tokens = parser.parse(source, env)
    return _Reader(parser, env, tokens, lines).blocks()


def _prepared(text: str) -> tuple[str, list[int]]:
    """The source with HTML on lines of its own, and each line's number in the file."""
    lines = _COMMENT.sub(lambda found: found[1] or "\n" * found[0].count("\n"), text).split("\n")
    lines = _without_front_matter(lines)
    made: list[str] = []
    numbers: list[int] = []
    fence, summary = "", None
    for number, line in enumerate(lines, start=1):
        found = _FENCE.match(line)
        if found and (not fence or (found[1].startswith(fence) and not found[2].strip())):
            fence = "" if fence else found[1]
        pieces = [line]
        if not fence and not found and "<" in line and len(line) <= LONGEST:
            if _PRE.match(line):
                pieces = ["", "```"]
            elif heading := _HEADING.match(line):
                pieces = ["", f"{'#' * int(heading[1])} {heading[2]}", ""]
            elif entry := _LIST_ITEM.match(line):
                pieces = [f"{entry[1]}- {entry[2]}"]
            else:
                pieces, summary = _details(line, summary)
        elif summary is not None and not fence:
            summary += f" {line.strip()}"
            pieces = [""]
        made += pieces
        numbers += [number] * len(pieces)
    return "\n".join(made), numbers


def _without_front_matter(lines: list[str]) -> list[str]:
    fence = lines[0].strip() if lines else ""
    if fence not in ("---", "+++"):
        return lines
    for at, line in enumerate(lines[1:200], start=1):
        if line.strip() in (fence, "..."):
            inner = [entry for entry in lines[1:at] if entry.strip()]
            if all(re.match(r"\s*(?:[\w.-]+\s*[:=]|[-#\[\]}])|\s{2,}\S", entry) for entry in inner):
                return [""] * (at + 1) + lines[at + 1 :]
            return lines
    return lines


def _details(line: str, summary: str | None) -> tuple[list[str], str | None]:
    """A line's tags of details, each between empty lines; `summary` is one that has begun and not ended."""
    pieces = _SPLIT.split(line)
    if len(pieces) == 1 and summary is None:
        return [line], None
    if summary is None and pieces[0].count("`") % 2:
        return [line], None
    prefix = _PREFIX.match(line)
    lead = prefix[0] if prefix else ""
    made: list[str] = []
    for piece in pieces:
        tag = piece.lower()
        if tag.startswith("<summary"):
            summary = ""
        elif tag == "</summary>":
            made += [f"<summary>{' '.join((summary or '').split())}", ""]
            summary = None
        elif summary is not None:
            summary += f"{piece} "
        elif tag.startswith(("<details", "</details")):
            made += ["", "<details>" if tag[1] == "d" else "</details>", ""]
        elif piece.strip() and piece.strip() != lead.strip():
            made.append(piece.strip())
    rest = re.sub(r"[^ \t>]", " ", lead)
    first = next((at for at, piece in enumerate(made) if piece), None)
    return [
        f"{lead if at == first else rest}{piece}" if piece else rest.rstrip() for at, piece in enumerate(made)
    ], (summary)


class _Reader:
    """Walks over a parser's tokens."""

    def __init__(
        self, parser: MarkdownIt, env: dict[str, object], tokens: Sequence[Token], lines: list[int]
    ) -> None:
        self._parser, self._env, self._tokens, self._lines = parser, env, tokens, lines
        self._at = 0

    def blocks(self, end: str = "") -> list[Block]:
        found: list[Block] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == end:
                break
            block = self._block(token)
            if block is not None:
                found.append(block)
        return _grouped(found)

    def _line(self, token: Token) -> int:
        return self._lines[min(token.map[0], len(self._lines) - 1)] if token.map and self._lines else 1

    def _block(self, token: Token) -> Block | None:
        line = self._line(token)
        if token.type in ("heading_open", "paragraph_open"):
            inner = self._tokens[self._at]
            self._at += 2
            if len(inner.content) > LONGEST:
                return Block("long", line, inner.content[:200])
            raw = inner.content.strip()
            if raw in ("<details>", "</details>") or raw.startswith("<summary>"):
                inline = raw if raw.startswith("<summary>") is False else f"<summary>{self._inline(raw[9:])[0]}"
                return Block("tag", line, inline)
            text, anchored = self._inline(inner.content)
            if not text.strip():
                return None
            if token.type == "heading_open":
                return Block("heading", line, text.strip(), int(token.tag[1]), anchored=anchored)
            return Block("para", line, text.strip(), anchored=anchored)
        if token.type in ("fence", "code_block"):
            info = token.info.split()[0] if token.info.split() else ""
            return Block("code", line, f"```{info}\n{token.content.rstrip()}\n```")
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return Block("list", line, children=self._items(token))
        if token.type == "list_item_open":
            return self._item(token)
        if token.type == "blockquote_open":
            return Block("quote", line, children=self.blocks("blockquote_close"))
        if token.type == "table_open":
            return self._table(token)
        return Block("rule", line) if token.type == "hr" else None

    def _items(self, token: Token) -> list[Block]:
        items = self.blocks(token.type.replace("open", "close"))
        numbers = [item.level for item in items]
        if token.type == "bullet_list_open":
            numbers = [0] * len(items)
        elif len(set(numbers)) == 1:
            numbers = [numbers[0] + at for at in range(len(numbers))]
        for item, number in zip(items, numbers, strict=True):
            item.level = number
        return items

    def _item(self, token: Token) -> Block:
        item = Block("item", self._line(token), level=int(token.info) if token.info.isdigit() else 0)
        item.children = self.blocks("list_item_close")
        first = item.children[0] if item.children else None
        if first is not None and first.kind == "para" and (box := re.match(r"\[([ xX✓✔])\](?:\s+|$)", first.text)):
            item.checked = box[1] != " "
            first.text = first.text[box.end() :]
            if not first.text:
                del item.children[0]
        return item

    def _table(self, token: Token) -> Block:
        table = Block("table", self._line(token))
        links: list[bool] = []
        while (token := self._tokens[self._at]).type != "table_close":
            self._at += 1
            if token.type == "tr_open":
                table.rows.append((self._line(token), []))
            elif token.type == "inline":
                text, anchored = ("…", False) if len(token.content) > LONGEST else self._inline(token.content)
                table.rows[-1][1].append(text.strip())
                links.append(anchored)
        self._at += 1
        width = len(table.rows[0][1]) if table.rows else 0
        table.anchored = len(table.rows) > 1 and sum(links[width:]) >= len(table.rows) - 1
        return table

    def _inline(self, content: str) -> tuple[str, bool]:
        tokens: list[Token] = []
        self._parser.inline.parse(content, self._parser, self._env, tokens)
        return _Inline(tokens).render()


def _grouped(blocks: list[Block]) -> list[Block]:
    """Blocks in which what stands between the tags of details is theirs."""
    if not any(block.kind == "tag" for block in blocks):
        return blocks
    outer: list[Block] = []
    open_: list[Block] = []
    for block in blocks:
        target = open_[-1].children if open_ else outer
        if block.kind != "tag":
            target.append(block)
        elif block.text == "<details>":
            opened = Block("details", block.line)
            if len(open_) < DEEPEST:
                target.append(opened)
                open_.append(opened)
        elif block.text == "</details>":
            if open_:
                open_.pop()
        elif open_:
            open_[-1].text, open_[-1].line = block.text[9:].strip(), block.line
        else:
            target.append(Block("para", block.line, block.text[9:].strip()))
    return outer


class _Inline:
    """Writes the tokens of a paragraph as Markdown that Discord shows."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._links: list[str] = []
        self._anchors = self._words = 0
        self._inside = False

    def render(self) -> tuple[str, bool]:
        """The text, and whether it is nothing but links to places in its own document."""
        pairs = self._pairs()
        made = "".join(self._one(at, token, pairs) for at, token in enumerate(self._tokens))
        return made, self._anchors > 0 and not self._words

    def _pairs(self) -> dict[int, str]:
        """What to write at each HTML tag: marks at those that come in pairs, nothing at those of layout."""
        made: dict[int, str] = {}
        opened: list[tuple[str, int]] = []
        written = False
        for at, token in enumerate(self._tokens):
            found = _TAG.match(token.content) if token.type == "html_inline" else None
            if found is None:
                written = written or bool(token.content.strip()) or token.type == "image"
                continue
            name = found[2].lower()
            if name not in _MARKS and not _LAYOUT.fullmatch(name):
                made[at] = token.content
            elif name == "br":
                made[at] = "\n"
            elif name == "img":
                made[at] = picture(**_attributes(found[3]))
                written = True
            elif not found[1]:
                # A tag that nobody closes is a word of the sentence: “the <div> tag”.
                made[at] = token.content if written and not found[3] else ""
                if len(opened) < DEEPEST:
                    opened.append((name, at))
            else:
                made[at] = ""
                start = next((place for kind, place in reversed(opened) if kind == name), None)
                if start is not None:
                    opened = [(kind, place) for kind, place in opened if place != start]
                    made[start], made[at] = self._marked(name, start)
        return made

    def _marked(self, name: str, start: int) -> tuple[str, str]:
        if name == "a":
            tag = _TAG.match(self._tokens[start].content)
            address = _attributes(tag[3] if tag else "").get("address", "")
            return ("[", f"]({address})") if _WEB.match(address) else ("", "")
        mark = _MARKS.get(name, "")
        return mark, mark

    def _one(self, at: int, token: Token, pairs: dict[int, str]) -> str:
        kind = token.type
        if kind == "text":
            self._count(token.content)
            return token.content
        if kind == "text_special":
            self._count(token.content)
            if token.info == "entity":
                return token.content
            return token.markup if token.content in _KEPT_ESCAPES else f"{HELD}{token.content}"
        if kind == "code_inline":
            self._count(token.content)
            mark = "``" if "`" in token.content else "`"
            pad = " " if token.content.startswith("`") or token.content.endswith("`") else ""
            return f"{mark}{pad}{token.content}{pad}{mark}"
        if kind == "softbreak":
            return SOFT
        if kind == "hardbreak":
            return "\n"
        if kind in ("strong_open", "strong_close", "em_open", "em_close", "s_open", "s_close"):
            return "*" if kind.startswith("em") and token.markup == "_" else token.markup
        if kind == "image":
            return picture(str(token.attrs.get("src", "")), token.content)
        if kind == "link_open":
            return self._link(token)
        if kind == "link_close":
            self._inside = False
            return self._links.pop()
        return pairs.get(at, "")

    def _link(self, token: Token) -> str:
        address = str(token.attrs.get("href", ""))
        self._inside = address.startswith("#")
        self._anchors += self._inside
        if not _WEB.match(address):
            self._links.append("")
            return ""
        if token.markup == "autolink":
            self._links.append(">")
            return "<"
        self._links.append(f"]({address})")
        return "["

    def _count(self, text: str) -> None:
        if not self._inside and re.search(r"\w", text):
            self._words += 1


def _attributes(text: str) -> dict[str, str]:
    found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(text[:2000])}
    named = {"address": found.get("src") or found.get("href") or "", "alt": found.get("alt", "")}
    return named


def picture(address: str = "", alt: str = "") -> str:
    """A picture as a text can have it: a link where it lies in the web, else what it shows."""
    words = f"{PICTURE} {' '.join(alt.split())}".strip().replace("[", "(").replace("]", ")")
    return f"[{words}]({address})" if _WEB.match(address) else words
