"""what keeps messages from coming is stored as a code with its values, no longer as a sentence"""

import json
import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Values = dict[str, object]


def _missing(channel_id: str, permissions: str) -> Values:
    return {"channel_id": int(channel_id), "permissions": permissions.split(", ")}


def _discord(said: str) -> Values:
    return {"said": said}


def _locked(number: str | None, link: str) -> Values:
    return {"number": None if number is None else int(number), "link": link}


def _threadless(number: str, said: str) -> Values:
    return {"number": int(number), "said": said}


def _nothing() -> Values:
    return {}


SENTENCES: list[tuple[str, str, Callable[..., Values]]] = [
    (r"The chosen topics hold no question\.", "no_questions", _nothing),
    (r"The question is no longer in the bank\.", "question_gone", _nothing),
    (r"I am no member of this server any more\.", "not_in_server", _nothing),
    (r"I cannot see the channel\. Was it deleted, or View Channel taken away\?", "cannot_see", _nothing),
    (r"I cannot practise in this kind of channel\. .*", "wrong_kind", _nothing),
    (r"Missing in <#(\d+)>: (.+)\.", "missing", _missing),
    (r"This forum asks for a tag on every post, .*", "no_tag", _nothing),
    (r"Discord answered: (.*)\.", "discord", _discord),
    (r"Posting failed on our side; it is tried again\.", "posting_failed", _nothing),
    (r"The weekly digest failed on our side; it is tried again\.", "digest_failed", _nothing),
    (r"The best answer could not be shown; it is tried again\.", "best_not_shown", _nothing),
    (r"Question (\d+) has no thread: (.*)\.", "no_thread", _threadless),
    (r"The thread was locked\.", "thread_locked", _nothing),
    (r"The thread was deleted\.", "thread_deleted", _nothing),
    (r"The \[post(?: of question (\d+))?\]\((.*)\) is locked, .*", "post_locked", _locked),
]


def coded(text: str) -> str:
    """A sentence's code and values as JSON; one that nobody knows keeps its text."""
    for pattern, code, values in SENTENCES:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return json.dumps({"code": code, "values": values(*found.groups())})
    return json.dumps({"code": "other", "values": {"text": text}})


def upgrade() -> None:
    connection = op.get_bind()
    for table, column in (("tracks", "problem"), ("drills", "thread_note")):
        rows = connection.execute(sa.text(f"SELECT id, {column} AS said FROM {table} WHERE {column} IS NOT NULL"))
        for row in rows.all():
            values = {"coded": coded(row.said), "id": row.id}
            connection.execute(sa.text(f"UPDATE {table} SET {column} = :coded WHERE id = :id"), values)
