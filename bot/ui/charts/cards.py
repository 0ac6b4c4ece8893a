"""What all cards share: whose picture it is, at the head, and where and when it was made, at the foot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import discord

from bot.ui.charts.canvas import WIDTH, Canvas
from bot.ui.charts.fonts import face, writable
from bot.ui.charts.palette import ACCENT, DARK, EDGE, FAINT, FLAME, GLOW, INK, PANEL, TRACK
from bot.ui.kit.catalog import _
from bot.ui.kit.options import where
from bot.ui.kit.words import NOBODY, dated

MARGIN = 16
FULL = WIDTH - 2 * MARGIN
HEAD, FOOT = 56, 32
"""How high head and foot are."""
CONFETTI = 56
_ACROSS, _DOWN = 0.7548777, 0.5698403
"""Multiples of these two together are places that lie apart from one another."""
LEAST = 9
"""No letter is smaller."""
BOT = "Mockingbird"
_BIRD = (
    "M1.5 8.8L6.4 7.6C7.2 4.9 9.4 3.4 12 3.9C14 4.3 15.3 5.9 15.5 7.9C18.9 9 21.3 11.6 22.9 16.9"
    "C19.4 15.9 18.6 16.3 16.5 17.2C14.6 18 12.9 18.2 11.2 17.8L9.6 21.5L8.2 21.5L9.2 17C6.4 15.4 5.4 12.7 5.9 9.6Z"
)
_SOMEBODY = "M12 11.5A5 5 0 1 0 12 1.5A5 5 0 0 0 12 11.5ZM2.5 22C2.5 17 6.5 13.5 12 13.5C17.5 13.5 21.5 17 21.5 22Z"
_FLAME = (
    "M12.6 0.8C12.9 5 19.9 8 19.9 15C19.9 19.9 16.4 23.2 12 23.2C7.6 23.2 4.1 19.9 4.1 15.2C4.1 12 5.6 9.8 7.2 8"
    "C7.5 9.9 8.1 11.2 9.5 11.8C8.7 7.6 9.9 3.4 12.6 0.8Z"
)
_HEART = (
    "M12.4 12.6C12.9 15 15.7 15.8 15.7 18.8C15.7 20.9 14.2 22.3 12.1 22.3C10 22.3 8.4 20.9 8.4 18.7"
    "C8.4 16.2 11.2 15.3 12.4 12.6Z"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose picture it is: a name, and a portrait as PNG where one is at hand."""

    name: str
    portrait: bytes | None = None

    @property
    def shown(self) -> str:
        """What the face can write of the name."""
        return writable(self.name) or _(NOBODY)


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where and when a picture was made: a channel or a server, and a date."""

    place: str
    day: date

    @classmethod
    def of(cls, guild: discord.Guild | None, channel_id: int | None, day: date) -> "Imprint":
        """The name of a server's channel as far as the bot sees it, else the server's."""
        channel = guild.get_channel_or_thread(channel_id) if guild and channel_id else None
        return cls(f"#{channel.name}" if channel else guild.name if guild else "", day)

    @classmethod
    def to(cls, interaction: discord.Interaction, channel_id: int | None, day: date, *, shared: bool) -> "Imprint":
        """The same where a reply shows it; a shared one names no other channel, which not all readers may see."""
        named = channel_id if not shared or channel_id == where(interaction)[1] else None
        return cls.of(interaction.guild, named, day)


Faces = Mapping[int, bytes]
"""PNGs by the ids of members."""
NO_FACES: Faces = {}


class PictureCard(Canvas):
    """A picture with a foot that says where it comes from.

    Args:
        height: with head and foot.
    """

    def __init__(self, height: float, imprint: Imprint) -> None:
        super().__init__(height)
        middle, day = height - 18, dated(imprint.day)
        self.shape(MARGIN - 1, middle - 8, 15, _BIRD, ACCENT)
        said = " · ".join(filter(None, (BOT, writable(imprint.place))))
        room = FULL - 18 - face().width(day, 12) - 12
        self.text(MARGIN + 18, middle, said, size=12, color=FAINT, room=room)
        self.text(WIDTH - MARGIN, middle, day, size=12, color=FAINT, align="end")

    def head(self, title: str, said: str, *, person: Person | None = None) -> None:
        """A title with a lesser line under it, beside the portrait of the person it is about."""
        left = MARGIN
        if person is not None:
            self.face(MARGIN + 18, 32, 18, person)
            left = MARGIN + 46
        room = WIDTH - MARGIN - left
        self.text(left, 24, title, size=18, bold=True, room=room)
        self.text(left, 43, said, size=13, color=FAINT, room=room)

    def face(self, x: float, y: float, reach: float, person: Person, *, strong: bool = False) -> None:
        """A person's portrait in a circle around a point, else their initials; a strong one has the accent."""
        self.disc(x, y, reach, ACCENT if strong else TRACK)
        if person.portrait is not None:
            self.portrait(x, y, reach - (2 if strong else 0), person.portrait)
            return
        color, letters = DARK if strong else INK, initials(writable(person.name))
        if letters:
            self.text(x, y, letters, size=max(LEAST, reach * 0.8), bold=True, color=color, align="middle")
        else:
            self.shape(x - reach * 0.6, y - reach * 0.6, reach * 1.2, _SOMEBODY, EDGE)

    def flame(self, x: float, y: float, size: float, *, lit: bool = True) -> None:
        """A flame in a square with its upper left at (x, y)."""
        self.shape(x, y, size, _FLAME, FLAME if lit else TRACK)
        self.shape(x, y, size, _HEART, GLOW if lit else PANEL)

    def confetti(self, top: float, high: float, *, clear: tuple[float, float] = (0, 0)) -> None:
        """Colored scraps that fall over a part of the card; draw it before what stands there.

        Args:
            clear: up to this x the middle of the part, so high, stays without any: words stand there.
        """
        right, middle = clear
        for at in range(CONFETTI):
            x, y = MARGIN + FULL * (at * _ACROSS % 1), top + high * (at * _DOWN % 1)
            if x < right and abs(y - top - high / 2) < middle / 2:
                continue
            color = (ACCENT, GLOW, FLAME, INK)[at * at // 3 % 4]
            if at % 3:
                self.area([(x, y), (x + 5, y + 2), (x + 3, y + 6), (x - 2, y + 4)], color)
            else:
                self.disc(x, y, 2.2, color)


def initials(name: str) -> str:
    """The first letters of a name's first two words, or of its only one."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    return "".join(word[0] for word in words[:2]).upper()
