"""The answer form: opened by the card's button, handled by its custom_id, no state in memory."""

from typing import Any, cast

import discord
from discord import ui

FORM = "mb:drill:form:"
FORM_LIMIT = 3500


class AnswerForm(ui.Modal):
    """One long text; `earlier` is what the member sent before."""

    def __init__(self, drill_id: int, number: int, earlier: str) -> None:
        super().__init__(title=f"Your answer to question {number}", custom_id=f"{FORM}{drill_id}", timeout=None)
        text: ui.TextInput[AnswerForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=FORM_LIMIT, default=earlier or None, custom_id="text"
        )
        self.add_item(ui.Label(text="Answer", component=text))


def submitted_text(interaction: discord.Interaction) -> str:
    """The text in a submitted form."""
    rows = cast("list[dict[str, Any]]", (interaction.data or {}).get("components", []))
    for row in rows:
        inner = cast("dict[str, Any]", row.get("component", {}))
        if inner.get("custom_id") == "text":
            return str(inner.get("value", ""))
    return ""
