"""The one sentence for each problem that keeps the bot from what it owes, as `/daily status` shows it."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import Problem
from bot.ui.kit.catalog import N_, _
from bot.ui.kit.permissions import NO_TAG
from bot.ui.kit.words import Sentence, say


def _missing(channel_id: int, permissions: Sequence[str]) -> str:
    named = ", ".join(_(permission) for permission in permissions)
    return _("Missing in <#{channel}>: {permissions}.", channel=channel_id, permissions=named)


def _locked(link: str, number: int | None = None) -> str:
    if number is None:
        return _(
            "The [post]({link}) is locked, so I can't write there. Unlock it, and I'll post what's missing.",
            link=link,
        )
    return _(
        "The [post of question {question}]({link}) is locked, so I can't write there. Unlock "
        "it, and I'll post what's missing.",
        question=number,
        link=link,
    )


def _as_told(text: str) -> str:
    return text


PROBLEMS: Mapping[str, Sentence] = {
    "not_in_server": N_("I'm not in this server anymore."),
    "cannot_see": N_("I can't see the channel. Was it deleted, or did I lose View Channel?"),
    "wrong_kind": N_("I can't run practice in this kind of channel. Pick another one with `/setup`."),
    "missing": _missing,
    "no_tag": NO_TAG,
    "no_questions": N_("There are no questions in the chosen topics."),
    "question_gone": N_("The question is no longer in the bank."),
    "discord": N_("Discord answered: {said}."),
    "paused": N_("Discord wants fewer requests from me right now. I'll carry on by myself in a few minutes."),
    "storage_full": N_(
        "My disk is full, so I can't save anything. Ask whoever runs me to free up space; "
        "then I'll catch up on what people wrote in the meantime."
    ),
    "storage_locked": N_(
        "Another program is blocking my database, so I can't save anything. Ask whoever runs "
        "me to stop it; then I'll catch up on what people wrote in the meantime."
    ),
    "storage_failing": N_(
        "My disk is failing, so I can't save anything. Ask whoever runs me to check my log; "
        "once it's fixed, I'll catch up on what people wrote in the meantime."
    ),
    "posting_failed": N_("Posting failed on our side. I'll try again."),
    "digest_failed": N_("The weekly digest failed on our side. I'll try again."),
    "season_failed": N_(
        "Last month's champion couldn't be announced: something failed on our side. I'll try again."
    ),
    "best_not_shown": N_("I couldn't show the best answer. I'll try again."),
    "no_thread": N_("Question {number} has no thread: {said}."),
    "thread_locked": N_("The thread was locked."),
    "channel_deleted": N_("The channel was deleted."),
    "thread_deleted": N_("The thread was deleted."),
    "post_locked": _locked,
    "other": _as_told,
}


def tell(problem: Problem) -> str:
    """What a manager reads of a problem."""
    return say(PROBLEMS[problem.code], problem.values)
