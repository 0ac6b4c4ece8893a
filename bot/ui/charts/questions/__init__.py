"""Drawings that explain the answers of questions, by their names; `docs/authoring.md` shows all of them."""

from collections.abc import Callable, Mapping

import discord
import structlog

from bot.domain.bank import Picture, Question
from bot.ui.charts.questions import images, sequences, serving
from bot.ui.charts.rendering import Pictures

DRAWINGS: Mapping[str, Callable[[], str]] = {
    "convolution": images.convolution,
    "attention-masks": sequences.attention_masks,
    "key-value-heads": serving.key_value_heads,
}
"""Each is drawn as SVG, always the same."""
log = structlog.get_logger()


def file_name(picture: Picture) -> str:
    """What the file of a picture is called in a message."""
    return f"{picture.name}.png"


async def attached(pictures: Pictures, question: Question, may: discord.Permissions) -> list[discord.File]:
    """The picture of a question's answer as a file to attach.

    An answer is more than its picture: where there is none, where it may not be attached, and where it cannot be
    drawn, there is no file.

    Args:
        may: what the bot may do where the answer is shown.
    """
    draw = DRAWINGS.get(question.picture.name) if question.picture else None
    if question.picture is None or draw is None or not may.attach_files:
        return []
    try:
        async with pictures.turn:
            return [await pictures.file(file_name(question.picture), draw)]
    except Exception as error:
        log.error("picture.not_drawn", picture=question.picture.name, exc_info=error)
        return []
