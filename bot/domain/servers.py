"""What belongs to one server, and is named by an id that buttons, forms and options carry."""

from enum import StrEnum
from typing import NamedTuple


class Thing(StrEnum):
    """Kinds of things with an id, called like the tables that hold them."""

    ANSWER = "answers"
    AWAY = "aways"
    CHANNEL = "channels"
    DRAFT = "bank_drafts"
    DRILL = "drills"
    IMPORT = "bank_imports"
    INTERVIEW = "interviews"
    LIVE_QUIZ = "lives"
    PROPOSAL = "proposals"
    QUIZ = "quizzes"
    QUIZ_PLAN = "quiz_plans"
    REPORT = "reports"
    REVIEW = "reviews"
    SUGGESTION = "suggestions"
    TEAM = "teams"
    TRACK = "tracks"


class NamedThing(NamedTuple):
    """Something that a press, a form or an option names."""

    kind: Thing
    id: int
