"""The base of every message that the bot writes, and of every text inside."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.text import split_message

TEXT_LIMIT = 4000
COMPONENT_LIMIT = 40
LABEL_LIMIT = 80
CUSTOM_ID_LIMIT = 100
# Discord takes the second underscore of `W_l h_{l-1}` for the end of italics, the first for their beginning. The
# first alternatives are left as they are: code, addresses, and what somebody has put in italics. None of them reads
# on where the next could begin, so that a thousand beginnings without an end are not read a thousand times.
_ENDING = re.compile(
    r"`[^`]*`|\]\([^)\]\s]*\)|<[^<>\s]*>|https?://\S+|(?<![\w)\]}\\])_(?:\\.|[^\\_])+_(?![A-Za-z0-9_])"
    r"|(?<![\w)\]}\\])__(?=[^\s_])(?:\\.|[^\\\n])+?(?<=[^\s_])__(?![A-Za-z0-9_])"
    r"|(?<=[\w)\]}])(_)(?![A-Za-z0-9_])",
    re.DOTALL,
)
OPEN_ACCENT, RIGHT_ACCENT, WRONG_ACCENT, CLOSED_ACCENT = 0x5865F2, 0x2E9E5B, 0xD0453E, 0x80848E


class Beside(NamedTuple):
    """A block of Markdown with a button at its side; several in a row stand close together."""

    text: str
    button: "Button"


class Page(ui.LayoutView):
    """A Components V2 message: blocks of Markdown in one container, then a row of buttons.

    Select menus stand below the container, above the buttons. A picture stands below the first block, a file below
    the container. Buttons of `more` stand in a row of their own.

    Buttons are found again by their custom_id alone (see `bot.ui.kit.router`), so discord.py need not remember any
    page: it is stopped from the start.

    Raises:
        ValueError: more than 4,000 characters or 40 components, which discord.py does not check.
    """

    def __init__(
        self,
        *blocks: str | Beside,
        buttons: Iterable["Button"] = (),
        more: Iterable["Button"] = (),
        selects: Iterable["Select"] = (),
        accent: int | None = None,
        picture: discord.MediaGalleryItem | None = None,
        file: str | None = None,
    ) -> None:
        super().__init__(timeout=None)
        box: ui.Container[Page] = ui.Container(accent_colour=accent)
        texts = _upright_if_it_fits([block if isinstance(block, str) else block.text for block in blocks])
        for number, (block, text) in enumerate(zip(blocks, texts, strict=True)):
            if number and (isinstance(block, str) or isinstance(blocks[number - 1], str)):
                box.add_item(ui.Separator())
            shown: ui.TextDisplay[Page] = ui.TextDisplay(text)
            box.add_item(shown if isinstance(block, str) else ui.Section(shown, accessory=block.button))
            if picture is not None and not number:
                box.add_item(ui.MediaGallery(picture))
        self.add_item(box)
        if file is not None:
            self.add_item(ui.File(f"attachment://{file}"))
        for select in selects:
            self.add_item(ui.ActionRow(select))
        for row in (list(buttons), list(more)):
            for start in range(0, len(row), 5):
                self.add_item(ui.ActionRow(*row[start : start + 5]))
        if self.content_length() > TEXT_LIMIT or self.total_children_count > COMPONENT_LIMIT:
            raise ValueError("a message holds at most 4,000 characters and 40 components")
        self.stop()


Select = ui.Select[Page] | ui.RoleSelect[Page]


class Button(ui.Button[Page]):
    """A button that `bot.ui.kit.router` answers by its custom_id, on messages of any age."""

    def __init__(
        self, label: str, custom_id: str, *, main: bool = False, danger: bool = False, disabled: bool = False
    ) -> None:
        assert len(label) <= LABEL_LIMIT and len(custom_id) <= CUSTOM_ID_LIMIT
        style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
        style = discord.ButtonStyle.danger if danger else style
        super().__init__(label=label, custom_id=custom_id, style=style, disabled=disabled)


def upright(text: str) -> str:
    """A text whose formulas, such as `x_t = f(x_{t-1})`, stay as written: no underscore inside ends italics."""
    return _ENDING.sub(lambda found: "\\_" if found[1] else found[0], text)


def _upright_if_it_fits(texts: Sequence[str]) -> Sequence[str]:
    """Backslashes make texts longer; what fills a message to the brim goes as it is."""
    found = [upright(text) for text in texts]
    return found if sum(map(len, found)) <= TEXT_LIMIT else texts


def cut(text: str, limit: int) -> str:
    """A text in at most `limit` characters, with a … where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def pages(blocks: Iterable[str], limit: int = TEXT_LIMIT - 100) -> list[list[str]]:
    """Packs blocks into as few messages as hold them; a block longer than one message is split."""
    packed: list[list[str]] = [[]]
    for block in blocks:
        for piece in split_message(upright(block), limit):
            if sum(map(len, packed[-1])) + len(piece) > limit:
                packed.append([])
            packed[-1].append(piece)
    return [page for page in packed if page]


def paged(
    blocks: Iterable[str],
    buttons: Iterable["Button"] = (),
    accent: int | None = None,
    picture: discord.MediaGalleryItem | None = None,
) -> list[Page]:
    """Blocks over as many messages as they need, with a picture in the first and buttons under the last."""
    packed = pages(blocks)
    return [
        Page(
            *texts,
            buttons=buttons if at == len(packed) else (),
            accent=accent,
            picture=picture if at == 1 else None,
        )
        for at, texts in enumerate(packed, start=1)
    ]


def progress(done: int, of: int, width: int = 10) -> str:
    """A bar such as ▰▰▰▱▱ that reads in every theme."""
    full = round(width * done / of) if of else 0
    return "▰" * full + "▱" * (width - full)


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: `1 question`, `3 questions`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def page_text(components: Iterable[object]) -> str:
    """All text of a message's components, in order: how the bot recognises its own pages."""
    found: list[str] = []
    for component in components:
        content = getattr(component, "content", None)
        if isinstance(content, str):
            found.append(content)
        found.append(page_text(getattr(component, "children", ())))
    return "\n".join(filter(None, found))


def custom_ids(components: Iterable[object]) -> Iterator[str]:
    """The custom_ids of a message's buttons, in order: how the bot recognises its pages whose text changes."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id
        yield from custom_ids(getattr(component, "children", ()))
        yield from custom_ids(filter(None, [getattr(component, "accessory", None)]))


def fingerprint(text: str) -> str:
    """A short name for a text: as a nonce (25 characters at most), and to see whether it changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]
