"""How people mark questions and answers in their lists: by labels, numbers, question words and letters."""

import re

from bot.storage.bank_blocks import HELD, SOFT, plain_text

_MARK = r"(?:\*\*|__|[*_])?"
_QUESTION = re.compile(
    rf"{_MARK}(?:q|qn|que|ques|question)\s*[-.#]?\s*(?:(\d{{1,6}})\s*{_MARK}\s*(?:[:：.)\]–—-]+|(?=\s))|{_MARK}\s*[:：.)]+)"
    rf"\s*{_MARK}\s*",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    rf"{_MARK}(?:(?:a|ans)\s*\d{{0,6}}\s*{_MARK}\s*[:：]+|ans\s*\d{{0,6}}\s*{_MARK}\s*[.)–—-]+"
    rf"|(?:(?:the\s+)?(?:correct|right|sample|model|short|possible|suggested)\s+)?(?:answers?|solutions?|responses?"
    rf"|explanation|option)\s*(?:\d{{1,6}})?\s*{_MARK}\s*(?:[:：]+|[–—-]+(?=\s)|$))\s*{_MARK}\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"{_MARK}\#?(\d{{1,6}})(?:\*\*)?\s*(?:[.):：\]]+|[–—-]+(?=\s))(?!\d)\s*{_MARK}\s*")
_DECIMAL = re.compile(r"\d{1,4}(?:\.\d{1,4})+[.)]?\s+")
_SECTION = re.compile(
    r"(?:(?:chapter|section|part|topic|module|unit)\s+)?(?:\d{1,4}(?:\.\d{1,4})*|[IVX]{1,5}(?=[.)]))\s*[.):–—-]+\s*",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"(?:(?:what|why|how|when|where|which|who|whose)(?:['’](?:s|re|d))?|explain|describe|discuss|compare|contrast|define"
    r"|differentiate|distinguish|differences?|list|name|give|tell|walk|write|implement|design\s+(?:an?|the|your)"
    r"|suppose|imagine|given|if\s+you|is|are|was|were|does|do|did|can|could|would|should|have\s+you|has|will"
    r"|(?:in|on|for|to|under|by|at|with)\s+(?:what|which|whom)|talk|share|outline|illustrate|estimate|calculate|find"
    r"|(?:create|build|draw|sketch|convert|reverse|debug|optimize|print|return|check|remove|merge|swap|sort)\s+(?:an?|the|all)"
    r"|prove|derive|show\s+(?:how|that|me)|mention|elaborate|summarize|sell|pitch|pros\s+and\s+cons|state\s+the)\b",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"(?:explain|describe|discuss|compare|define|differentiate)\s+\w|(?:tell|walk|talk)\s+(?:me|us)\s|share\s+an?\s|"
    r"give\s+(?:me\s+|us\s+)?an?\s+example|design\s+an?\s",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？][^\w?？]*(?:[\[(][^?]{0,80}[\])]\W*)?$")
_FURNITURE = re.compile(
    r"""(?:table\s+of\s+contents?|contents?|toc|index|licen[sc]e|copyright|contribut\w*|how\s+(?:to|can\s+i)\s+contribute
    |acknowledge?ments?|authors?|credits?|sponsors?|star\s+history|stargazers|support(?:\s+us)?|change\s?log|connect\s+with\s+\w+
    |(?:how\s+to\s+use|about|why|what\s+is|who\s+is)\s+this\s+(?:repo(?:sitory)?|list|project|guide|document|for|file)\W*
    |what['’]s\s+(?:inside|new)|prerequisites|installation|disclaimer|feedback|follow\s+\w+)\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_GENERIC = re.compile(
    r"(?:(?:interview|practice|common|sample|the|quiz|faq)\s+)?(?:questions?|q\s*&\s*as?|q\s*/\s*a|quiz(?:zes)?|faqs?)"
    r"(?:\s*(?:&|and)\s*answers?)?(?:\s+list)?\W*$",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\W*(?:back|return|go|scroll)\s+(?:\w+\s+){0,2}(?:top|contents?|toc|index|up|start)\b\W*$|\W*[⬆↥↑🔝]\W*\w{0,20}\W*$"
)
_PLACEHOLDER = re.compile(
    r"\W*(?:answer\s+(?:here|goes\s+here)|to\s*do|tbd|tba|coming\s+soon|add\s+(?:an?\s+)?answer\s+here|wip)?\W*$",
    re.IGNORECASE,
)
_LETTER = re.compile(rf"{_MARK}\(?([A-Ha-h])\s*[.):]{_MARK}\s+(?=\S)")
_HIDDEN = re.compile(
    r"\W*(?:click\s.{0,40}|(?:show|see|view|reveal|expand|toggle|read)\b.{0,30}|(?:the\s+|model\s+|sample\s+|correct\s+)?"
    r"(?:answers?|solutions?|explanation|response|spoiler)\b.{0,20})$",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"\s*(?:[✅✔☑]\ufe0f?|\((?:correct|right|answer|correct answer)\)|<-+\s*(?:correct|answer))\s*$", re.I
)


def is_asked(text: str) -> bool:
    """Whether a heading or an entry of a list asks: it ends with a question mark or begins as questions do."""
    plain = plain_text(text)
    return bool(_ASKS.search(plain[-200:]) or (_STARTS.match(plain) and len(plain.split()) > 1))


def is_task(text: str) -> bool:
    """Whether a sentence of its own tells somebody to say something, as interviewers do."""
    return len(text.split()) <= 25 and bool(_TASK.match(plain_text(text)))


def ends_asking(text: str) -> bool:
    """Whether a text ends with a question mark, whatever signs and remarks stand behind it."""
    return bool(_ASKS.search(plain_text(text)[-200:]))


def is_furniture(title: str) -> bool:
    """Whether a heading opens a part that is about the document, not about its subject."""
    return bool(_FURNITURE.match(_bare(title)))


def is_contents(title: str) -> bool:
    """Whether a heading opens a table of contents, which ends with the next heading of any level."""
    return bool(re.match(r"(?:table\s+of\s+)?contents?\W*$|toc\W*$|index\W*$", _bare(title), re.IGNORECASE))


def is_generic(title: str) -> bool:
    """Whether a heading only says that questions follow."""
    return bool(_GENERIC.match(_bare(title)))


def is_way_up(text: str) -> bool:
    """Whether a line is the link back to the top."""
    plain = plain_text(text)
    return len(plain) < 60 and bool(_UP.match(plain.lower()))


def is_placeholder(text: str) -> bool:
    """Whether an answer says that nobody has written it."""
    return bool(_PLACEHOLDER.match(plain_text(text[:80])))


def is_hidden_answer(summary: str) -> bool:
    """Whether what can be opened is an answer, by its title."""
    return not summary or bool(_HIDDEN.match(plain_text(summary)))


def topic_of(title: str) -> str:
    """A heading as a topic: without its number and marks."""
    plain = _bare(title)
    found = _SECTION.match(plain)
    return plain[found.end() if found else 0 :].strip(" :：#") or plain


def _bare(title: str) -> str:
    return re.sub(r"^[^\w(]+|[\s:：#]+$", "", plain_text(title))


def question_label(text: str) -> tuple[int | None, str] | None:
    """A question's number and wording where its text begins with `Q:`, `Q3.` or the like; else None."""
    whole, inner = _unwrapped(text)
    found = _QUESTION.match(inner)
    if found is None or not inner[found.end() :].strip(" *_"):
        return None
    return (int(found[1]) if found[1] else None), _rest(inner, found, whole)


def answer_label(text: str) -> str | None:
    """What stands behind `A:`, `Answer:` or the like; None where the text begins with none of them."""
    _, inner = _unwrapped(text)
    found = _ANSWER.match(inner)
    return None if found is None else _rest(inner, found, whole=False)


def number_label(text: str) -> tuple[int | None, str] | None:
    """A number at the beginning of a text, and the rest; None for a number such as `1.2` of which a part counts."""
    whole, inner = _unwrapped(text)
    if found := _DECIMAL.match(inner):
        return None, inner[found.end() :]
    found = _NUMBER.match(inner)
    if found is None or not inner[found.end() :].strip():
        return None
    return int(found[1]), _rest(inner, found, whole)


def _unwrapped(text: str) -> tuple[bool, str]:
    """Whether a whole text is in bold or italics, and the text without."""
    for mark in ("***", "**", "__", "*", "_"):
        inner = text[len(mark) : -len(mark)]
        if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark) and mark not in inner:
            return True, inner
    return False, text


def _rest(text: str, label: re.Match[str], whole: bool) -> str:
    """What follows a label; where the label opened bold that ends later, the mark is given back to the rest."""
    rest = text[label.end() :]
    for mark in ("**", "__"):
        if label[0].count(mark) % 2 and not whole:
            return rest.replace(mark, "", 1) if rest.find(mark) >= 0 else rest
    return rest


def unbold(text: str) -> str:
    """A text without the bold or italics around all of it."""
    whole, inner = _unwrapped(text.strip())
    return unbold(inner) if whole else inner.strip()


def bold_lead(text: str) -> tuple[str, str] | None:
    """The bold words at a paragraph's beginning, and what follows; None where it does not begin in bold."""
    found = re.match(r"(\*\*\*|\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1", text[:4000], re.DOTALL)
    if found is None or (found[1] == "*" and not ends_asking(found[2])):
        return None
    return (found[2].strip(), text[found.end() :].lstrip(f" {SOFT}\n:–—-"))


def lettered(text: str) -> tuple[int, str] | None:
    """The position and text of an option such as `B) text`; None where no letter stands before it."""
    found = _LETTER.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    return ord(found[1].upper()) - ord("A"), rest.rstrip("*") if found[0].count("**") % 2 else rest


def marked_right(option: str) -> str | None:
    """An option without the sign that says that it is right; None without that sign."""
    found = _RIGHT.search(option)
    return option[: found.start()].strip() if found else None


def keys_of(text: str, options: list[str], *, numbered: bool) -> tuple[list[int], str]:
    """The positions of the options that an answer such as `B`, `B) text` or their very text names, and the rest."""
    whole = unbold(text.replace(HELD, ""))
    for at, option in enumerate(options):
        if plain_text(whole).casefold().strip(". ") == plain_text(option).casefold().strip(". "):
            return [at], ""
    sign = r"[1-9]" if numbered else r"[A-Ha-h]"
    found = re.match(
        rf"(?:option\s+)?\(?`?({sign}(?:\s*(?:,|&|and)\s*{sign})*)`?(?:\)|\b)(?:\s*[).:–—-]+)?(?=[\s{SOFT}]|$)\s*",
        whole,
    )
    if found is None:
        return [], text
    base = ord("1") if numbered else ord("A")
    keys = [ord(key.upper()) - base for key in re.findall(rf"\b{sign}\b", found[1])]
    rest = whole[found.end() :].strip()
    if (
        len(keys) == 1
        and keys[0] < len(options)
        and plain_text(rest).casefold() == plain_text(options[keys[0]]).casefold()
    ):
        rest = ""
    return ([] if any(key >= len(options) for key in keys) else keys), rest


def lines_of(text: str) -> list[str]:
    """The lines of a paragraph."""
    return [line.strip() for line in re.split(rf"[{SOFT}\n]", text) if line.strip()]
