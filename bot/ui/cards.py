"""The drill's card and its Answer button."""

import discord
from discord import ui

from bot.domain.questions import Question
from bot.domain.tracks import Drill
from bot.ui.layouts import Page


def answer_key(drill: Drill) -> str:
    """The custom_id of the card's Answer button: by it the bot finds its own message again."""
    return f"mb:drill:answer:{drill.channel_id}:{drill.date}:{drill.question_id}"


def drill_card(drill: Drill, question: Question, closes: int | None) -> Page:
    """What the channel sees of a drill; `closes` is the closing instant in seconds since 1970."""
    late = " · posted late" if drill.late else ""
    how = "Closed. The model answer is in the thread; late answers count for 7 days."
    if closes is not None:
        how = f"Closes <t:{closes}:R>. Answer in the thread, reply to this message, or press Answer."
    button: ui.Button[Page] = ui.Button(
        label="Answer", style=discord.ButtonStyle.primary, custom_id=answer_key(drill)
    )
    return Page(
        f"-# Question {question.number} · {question.topic} · {question.difficulty}{late}\n## {question.prompt}",
        how,
        buttons=[button],
    )


def thread_name(drill: Drill, question: Question) -> str:
    """`#48 · 2026-11-23 · first words`, at most Discord's 100 characters."""
    return f"#{question.number} · {drill.date} · {question.prompt}"[:100].rstrip()
