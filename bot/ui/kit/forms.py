"""Forms. They are answered by their custom_id, so a restart while somebody types loses nothing."""

from collections.abc import Collection, Sequence
from typing import Any, cast

import discord
from discord import ui

from bot.domain.errors import Refusal
from bot.ui.kit.catalog import N_
from bot.ui.kit.layouts import cut, upright

ANSWER_LIMIT = 3500
ANSWER_HINT = N_("The point first, then how it works, an example, the limits")
BOX_LIMIT = 100
BOXES = 10
"""Discord's most checkboxes in one group."""


class Form(ui.Modal):
    """A form that discord.py need not remember: it is stopped from the start."""

    def __init__(self, title: str, custom_id: str) -> None:
        super().__init__(title=title[:45], custom_id=custom_id, timeout=None)
        self.stop()

    def tell(self, wording: str) -> None:
        """Repeats what is asked: on a phone the form covers the message."""
        self.add_item(ui.TextDisplay(f"**{upright(wording)}**"))

    def note(self, text: str) -> None:
        """Says something beside what is asked."""
        self.add_item(ui.TextDisplay(text))

    def ask(
        self,
        name: str,
        label: str,
        *,
        hint: str | None = None,
        value: str | None = None,
        long: bool = False,
        limit: int = 100,
        required: bool = True,
    ) -> None:
        """Adds one text field; `name` is how `fields` gives it back."""
        text: ui.TextInput[Form] = ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            placeholder=hint,
            default=value or None,
            max_length=limit,
            required=required,
        )
        self.add_item(ui.Label(text=label, component=text))

    def tick(
        self, name: str, label: str, options: Sequence[str], ticked: Collection[int] = (), *, first: int = 0
    ) -> None:
        """Adds up to 10 checkboxes, which stand for the positions from `first` on; `ticks` gives them back.

        More options are spread over several groups of one name. `ticked` are positions ticked from the start.
        """
        boxes: ui.CheckboxGroup[Form] = ui.CheckboxGroup(
            custom_id=f"{name}:{first}" if first else name,
            required=False,
            min_values=0,
            max_values=len(options),
            options=[
                discord.CheckboxGroupOption(label=cut(option, BOX_LIMIT), value=str(at), default=at in ticked)
                for at, option in enumerate(options, start=first)
            ],
        )
        self.add_item(ui.Label(text=label, component=boxes))

    def choose(
        self,
        name: str,
        label: str,
        options: Sequence[discord.SelectOption],
        *,
        hint: str | None = None,
        many: bool = False,
        required: bool = False,
    ) -> None:
        """Adds a select menu, which may be left empty if not `required`; `picked` gives back what was chosen."""
        select: ui.Select[Form] = ui.Select(
            custom_id=name,
            placeholder=hint,
            required=required,
            min_values=int(required),
            max_values=len(options) if many else 1,
            options=list(options),
        )
        self.add_item(ui.Label(text=label, component=select))

    def pick_role(self, name: str, label: str, role_id: int | None, hint: str) -> None:
        """Adds a select menu of the server's roles that may be left empty; `selected` gives back the choice."""
        select: ui.RoleSelect[Form] = ui.RoleSelect(
            custom_id=name,
            placeholder=hint,
            required=False,
            min_values=0,
            default_values=chosen_default(role_id, discord.SelectDefaultValueType.role),
        )
        self.add_item(ui.Label(text=label, component=select))

    def pick_channel(
        self,
        name: str,
        label: str,
        channel_id: int | None,
        types: Sequence[discord.ChannelType],
        *,
        hint: str | None = None,
        required: bool = True,
    ) -> None:
        """Adds a select menu of the server's channels; `selected` gives back the choice."""
        select: ui.ChannelSelect[Form] = ui.ChannelSelect(
            custom_id=name,
            placeholder=hint,
            required=required,
            min_values=1 if required else 0,
            channel_types=list(types),
            default_values=chosen_default(channel_id, discord.SelectDefaultValueType.channel),
        )
        self.add_item(ui.Label(text=label, component=select))


def chosen_default(thing_id: int | None, kind: discord.SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    """What a select menu shows as chosen: a role or a channel, or nothing."""
    return [] if thing_id is None else [discord.SelectDefaultValue(id=thing_id, type=kind)]


class Fields(dict[str, str]):
    """A submitted form's texts; one that it lacks belongs to another version of it."""

    def __missing__(self, name: str) -> str:
        raise Refusal("commands.outdated")


def fields(interaction: discord.Interaction) -> dict[str, str]:
    """The texts of a submitted form by field name."""
    return Fields({str(inner.get("custom_id")): str(inner.get("value", "")) for inner in submitted(interaction)})


def ticks(interaction: discord.Interaction, name: str) -> list[int]:
    """The positions of the boxes that were ticked in a submitted form, in order."""
    groups = [inner for inner in submitted(interaction) if str(inner.get("custom_id")).split(":")[0] == name]
    values = [cast("list[str]", group.get("values") or []) for group in groups]
    chosen = [value for ticked in values for value in ticked]
    if not all(value.isascii() and value.isdigit() and len(value) <= 3 for value in chosen):
        raise Refusal("commands.outdated")
    return sorted(map(int, chosen))


def selected(interaction: discord.Interaction, name: str) -> list[int]:
    """The ids that were picked in a submitted form's select; none where it was left empty."""
    values = picked(interaction, name)
    if not all(value.isascii() and value.isdigit() and len(value) < 20 for value in values):
        raise Refusal("commands.outdated")
    return list(map(int, values))


def picked(interaction: discord.Interaction, name: str | None = None) -> list[str]:
    """What was chosen in a submitted form's select menu, or in the one of the message that was used."""
    if name is None:
        return cast("list[str]", cast("dict[str, Any]", interaction.data or {}).get("values") or [])
    found = next((inner for inner in submitted(interaction) if inner.get("custom_id") == name), None)
    return cast("list[str]", (found or {}).get("values") or [])


def submitted(interaction: discord.Interaction) -> list[dict[str, Any]]:
    """What stands in the fields of a form, as Discord sends it; nothing of other interactions."""
    rows = cast("list[dict[str, Any]]", (interaction.data or {}).get("components", []))
    return [cast("dict[str, Any]", row.get("component", {})) for row in rows]
