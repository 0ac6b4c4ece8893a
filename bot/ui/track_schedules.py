"""The form that asks when questions come: for a first track, and for one that is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import discord

from bot.domain.errors import Refusal
from bot.domain.schedule import DAY_NAMES, WEEKDAYS, Plan, parse_time, parse_zone
from bot.domain.tracks import PlanChange
from bot.ui.kit.catalog import _
from bot.ui.kit.custom_ids import packed, unpacked
from bot.ui.kit.forms import Form, fields, picked, ticks
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.options import FIRST_ZONES
from bot.ui.kit.words import weekday

ZONE_LIMIT, TIME_LIMIT = 40, 12


@dataclass(frozen=True, slots=True)
class TypedSchedule:
    """What stands in the form's fields, right or wrong.

    Attributes:
        days: weekdays, 0 is Monday.
    """

    zone: str = ""
    time: str = "09:00"
    days: frozenset[int] = WEEKDAYS

    @property
    def words(self) -> str:
        """As the words of a custom_id: `parse` reads them again."""
        mask = sum(1 << day for day in self.days)
        return f"{mask}:{packed(self.time, TIME_LIMIT)}:{packed(self.zone, ZONE_LIMIT)}"

    @staticmethod
    def parse(words: Sequence[str]) -> "TypedSchedule":
        """Reads what `words` wrote."""
        mask, time, zone = words
        days = frozenset(day for day in range(len(DAY_NAMES)) if int(mask) >> day & 1)
        return TypedSchedule(unpacked(zone), unpacked(time), days)


def typed_plan(plan: Plan) -> TypedSchedule:
    """A plan as the form shows it."""
    return TypedSchedule(plan.zone, f"{plan.at:%H:%M}", plan.days)


def time_in(zone: str, now: datetime) -> str:
    """The time of day in a zone."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def ask_schedule(form: Form, typed: TypedSchedule, now: datetime) -> None:
    """Adds what asks when questions come: a zone from a menu or typed, a time, and days."""
    zones = [
        discord.SelectOption(
            label=name.replace("_", " "),
            value=name,
            description=_("It's {time} there now", time=time_in(name, now)),
            default=name == typed.zone,
        )
        for name in FIRST_ZONES
    ]
    form.choose("zone", _("Time zone"), zones, hint=_("Pick one, or type yours below"))
    other = "" if typed.zone in FIRST_ZONES else typed.zone
    label = _("Or another zone or city")
    form.ask("other_zone", label, hint=_("Lisbon"), value=other, limit=ZONE_LIMIT, required=False)
    form.ask("time", _("Time of the question"), hint="09:00", value=typed.time, limit=TIME_LIMIT)
    form.tick("days", _("Days"), [weekday(day, whole=True) for day in range(len(DAY_NAMES))], typed.days)


def sent_typed(interaction: discord.Interaction) -> TypedSchedule:
    """What somebody has sent in the form's fields; a zone that was typed counts more than one from the menu."""
    sent = fields(interaction)
    zone = sent["other_zone"].strip() or next(iter(picked(interaction, "zone")), "")
    return TypedSchedule(zone, sent["time"], frozenset(ticks(interaction, "days")) & frozenset(range(7)))


def try_again_page(why: str, button: str, typed: TypedSchedule) -> Page:
    """Says what is wrong, and keeps what was typed in a button that opens the form again.

    Args:
        button: how its custom_id begins.
    """
    return Page(why, buttons=[Button(_("Try again"), f"{button}:{typed.words}", main=True)])


def wanted(typed: TypedSchedule) -> PlanChange:
    """What that asks for; raises Refusal where it cannot be read."""
    if not typed.days:
        raise Refusal("schedule.no_days")
    return PlanChange(
        zone=parse_zone(typed.zone) if typed.zone else None, at=parse_time(typed.time), days=typed.days
    )
