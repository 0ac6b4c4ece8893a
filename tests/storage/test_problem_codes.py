"""Sentences about tracks and drills that an older version stored become codes, and say the same."""

from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.errors import Problem
from bot.storage import drills, tracks
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.upgrade import upgrade
from bot.ui.problems import tell

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC).replace(tzinfo=None)
LINK = "https://discord.com/channels/1/90/100"
UNLOCK = "is locked, so I cannot write there. Unlock it; what is missing in it then comes by itself."
UNLOCK_NOW = "is locked, so I can't write there. Unlock it, and I'll post what's missing."
SENTENCES = {
    "The chosen topics hold no question.": "There are no questions in the chosen topics.",
    "The question is no longer in the bank.": "The question is no longer in the bank.",
    "I am no member of this server any more.": "I'm not in this server anymore.",
    "I cannot see the channel. Was it deleted, or View Channel taken away?": (
        "I can't see the channel. Was it deleted, or did I lose View Channel?"
    ),
    "I cannot practise in this kind of channel. Choose another one with `/setup`.": (
        "I can't run practice in this kind of channel. Pick another one with `/setup`."
    ),
    "Missing in <#10>: Send Messages, Read Message History.": (
        "Missing in <#10>: Send Messages, Read Message History."
    ),
    "This forum asks for a tag on every post, and there is none that I may use. "
    "Make one called **practice** in the forum's settings; then I post by myself.": (
        "This forum requires a tag on every post, and there's none I can use. Make one "
        "called **practice** in the forum's settings, and I'll start posting."
    ),
    "Discord answered: Missing Permissions.": "Discord answered: Missing Permissions.",
    "Discord answered: Two lines.\nOf text.": "Discord answered: Two lines.\nOf text.",
    "Discord answered: error 503.": "Discord answered: error 503.",
    "Posting failed on our side; it is tried again.": "Posting failed on our side. I'll try again.",
    "The weekly digest failed on our side; it is tried again.": (
        "The weekly digest failed on our side. I'll try again."
    ),
    "The best answer could not be shown; it is tried again.": "I couldn't show the best answer. I'll try again.",
    "Question 7 has no thread: Maximum number of active threads reached.": (
        "Question 7 has no thread: Maximum number of active threads reached."
    ),
    "The thread was locked.": "The thread was locked.",
    "The thread was deleted.": "The thread was deleted.",
    f"The [post]({LINK}) {UNLOCK}": f"The [post]({LINK}) {UNLOCK_NOW}",
    f"The [post of question 7]({LINK}) {UNLOCK}": f"The [post of question 7]({LINK}) {UNLOCK_NOW}",
}


def old_rows(conn: Connection, sentence: str | None) -> None:
    """A track and a drill as the version wrote them that stored sentences."""
    upgrade(conn, "0005")
    old = sa.MetaData()
    old.reflect(conn, only=["tracks", "drills"])
    common = {"guild_id": 1, "channel_id": 10, "zone": "UTC", "mode": "open", "refill": 0}
    track = {"at": time(9), "days": "0", "topics": "[]", "order": "curriculum", "active": True, "paused": False}
    conn.execute(old.tables["tracks"].insert(), {**common, **track, "created_at": NINE, "problem": sentence})
    drill = {
        "track_id": 1,
        "date": date(2026, 11, 23),
        "question_id": "genai-007",
        "state": "closed",
        "late": False,
    }
    owed = {"claimed_at": NINE, "attempts": 0, "reveal": "due", "forum_post_id": 90, "thread_note": sentence}
    conn.execute(old.tables["drills"].insert(), {**common, **drill, **owed})
    conn.commit()


async def upgraded(unmigrated: Database, sentence: str | None) -> Problem | None:
    """What stands in a database of the new schema where one of the old had a sentence."""
    await unmigrated.maintain(lambda conn: old_rows(conn, sentence))
    await migrate(unmigrated)
    track = await unmigrated.read(lambda conn: tracks.get(conn, 1))
    drill = await unmigrated.read(lambda conn: drills.get(conn, 1))
    assert track is not None and drill is not None and track.problem == drill.thread_note
    return track.problem


@pytest.mark.parametrize("sentence", SENTENCES)
async def test_a_stored_sentence_becomes_a_code_that_says_the_same(unmigrated: Database, sentence: str):
    problem = await upgraded(unmigrated, sentence)
    assert problem is not None and problem.code != "other"
    assert tell(problem) == SENTENCES[sentence]


async def test_an_unknown_sentence_keeps_its_text(unmigrated: Database):
    sentence = "Something with {braces} that nobody knows."
    assert await upgraded(unmigrated, sentence) == Problem("other", {"text": sentence})
    assert tell(Problem("other", {"text": sentence})) == sentence


async def test_where_nothing_was_wrong_nothing_is(unmigrated: Database):
    assert await upgraded(unmigrated, None) is None
