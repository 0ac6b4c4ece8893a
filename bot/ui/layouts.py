"""The base of every message that the bot writes."""

from collections.abc import Iterable

import discord
from discord import ui

TEXT_LIMIT = 4000
COMPONENT_LIMIT = 40


class Page(ui.LayoutView):
    """A Components V2 message; checks the limits that discord.py does not.

    Args:
        texts: blocks of Markdown, shown inside one container with separators between them.

    Raises:
        ValueError: more than 4,000 characters or 40 components.
    """

    def __init__(self, *texts: str, buttons: Iterable[ui.Item["Page"]] = ()) -> None:
        super().__init__(timeout=None)
        box: ui.Container[Page] = ui.Container()
        for number, text in enumerate(texts):
            if number:
                box.add_item(ui.Separator())
            box.add_item(ui.TextDisplay(text))
        row = list(buttons)
        if row:
            box.add_item(ui.ActionRow(*row))
        self.add_item(box)
        if self.content_length() > TEXT_LIMIT or self.total_children_count > COMPONENT_LIMIT:
            raise ValueError("a message holds at most 4,000 characters and 40 components")


def safe(text: str) -> str:
    """People's words without working markup or mentions."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(text))
