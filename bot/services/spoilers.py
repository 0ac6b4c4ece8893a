"""No spoilers: while a drill is open in a server, its answer comes out nowhere there for who has not answered it.

Whatever shows a model answer, key points or quiz items asks here first.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.bank import Question
from bot.domain.errors import Refusal
from bot.services.drills import standing
from bot.services.use_cases import Service, reads
from bot.storage import drills

EVERYBODY = 0
"""In place of a member: what others see too is kept back as long as one of them may still answer."""


def hidden(conn: Connection, guild_id: int, member_id: int = EVERYBODY) -> frozenset[str]:
    """Ids of the questions that are open in a server and not answered by a member."""
    return frozenset(
        drill.question_id for drill in drills.unanswered(conn, guild_id, member_id) if drill.question_id
    )


def check(conn: Connection, question: Question, guild_id: int, member_id: int, now: datetime) -> None:
    """Lets a member see a question's answer.

    Raises:
        Refusal: `spoilers.open` with the open drill and when it closes as things stand.
    """
    open_here = [
        drill for drill in drills.unanswered(conn, guild_id, member_id) if drill.question_id == question.id
    ]
    if open_here:
        closing, link = max((standing(conn, drill, now).closing, drill.link) for drill in open_here)
        raise Refusal("spoilers.open", wording=question.wording, link=link, closing=closing)


class SpoilerService(Service):
    """Keeps answers back from members who may still give their own."""

    check = reads(check)
    hidden = reads(hidden)
