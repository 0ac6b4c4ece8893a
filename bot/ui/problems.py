"""The one sentence for each problem that keeps the bot from what it owes, as `/daily status` shows it."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import Problem
from bot.ui.kit.catalog import N_
from bot.ui.kit.permissions import NO_TAG
from bot.ui.kit.words import Sentence, say

UNLOCK = ", so I can't write there. Unlock it, and what's missing comes by itself."


def _missing(channel_id: int, permissions: Sequence[str]) -> str:
    return f"Missing in <#{channel_id}>: {', '.join(permissions)}."


def _locked(link: str, number: int | None = None) -> str:
    of = "" if number is None else f" of question {number}"
    return f"The [post{of}]({link}) is locked{UNLOCK}"


PROBLEMS: Mapping[str, Sentence] = {
    "not_in_server": "I'm not in this server anymore.",
    "cannot_see": "I can't see the channel. Was it deleted, or did I lose View Channel?",
    "wrong_kind": "I can't run practice in this kind of channel. Pick another one with `/setup`.",
    "missing": _missing,
    "no_tag": NO_TAG,
    "no_questions": "There are no questions in the chosen topics.",
    "question_gone": "The question is no longer in the bank.",
    "discord": "Discord answered: {said}.",
    "paused": "Discord wants fewer requests from me just now. I'll go on by myself in a few minutes.",
    "storage_full": "My disk is full, so I can't store anything. Ask whoever runs me to make room; I'll then "
    "collect by myself what people write meanwhile.",
    "storage_locked": "Another program holds my database, so I can't store anything. Ask whoever runs me to end "
    "it; I'll then collect by myself what people write meanwhile.",
    "storage_failing": "My disk fails, so I can't store anything. Ask whoever runs me to look at my log; once it's "
    "mended, I'll collect by myself what people write meanwhile.",
    "posting_failed": "Posting failed on our side. I'll try again.",
    "digest_failed": "The weekly digest failed on our side. I'll try again.",
    "season_failed": N_("Last month's champion couldn't be announced: that failed on our side. I'll try again."),
    "best_not_shown": "I couldn't show the best answer. I'll try again.",
    "no_thread": "Question {number} has no thread: {said}.",
    "thread_locked": "The thread was locked.",
    "channel_deleted": "The channel was deleted.",
    "thread_deleted": "The thread was deleted.",
    "post_locked": _locked,
    "other": "{text}",
}


def tell(problem: Problem) -> str:
    """What a manager reads of a problem."""
    return say(PROBLEMS[problem.code], problem.values)
