"""Sentences about milestone roles that an older version stored become codes, and say the same."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.errors import Problem
from bot.storage import milestones
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.upgrade import upgrade
from bot.ui.milestones import problem_text

OLD_ROLES = sa.table("milestone_roles", *map(sa.column, ("guild_id", "days", "role_id", "problem")))
SENTENCES = {
    "This role was deleted. Choose another one.": "This role was deleted. Choose another one.",
    "@everyone belongs to Discord or to an app, so nobody can be given it. Choose another one.": (
        "@everyone belongs to Discord or to an app, so nobody can be given it. Choose another one."
    ),
    "<@&70> belongs to Discord or to an app, so nobody can be given it. Choose another one.": (
        "<@&70> belongs to Discord or to an app, so nobody can be given it. Choose another one."
    ),
    "<@&70> carries powers of moderators, and answers must not bring those. Choose another one.": (
        "<@&70> has moderator permissions, and answers shouldn't bring those. Pick another one."
    ),
    "I lack **Manage Roles**. Give it to me under Server Settings, Roles; then it is made up for.": (
        "I need **Manage Roles**: Server Settings → Roles. I'll catch up from there."
    ),
    "<@&70> stands above my own role. Drag mine above it under Server Settings, Roles; then it is made up for.": (
        "<@&70> is above my own role. Drag mine above it under Server Settings → Roles, and I'll catch up."
    ),
    "Discord does not let me give or take <@&70>: Missing Permissions. I try again in an hour.": (
        "Discord won't let me give or take <@&70>: Missing Permissions. I'll try again in an hour."
    ),
}


async def upgraded(unmigrated: Database, sentence: str | None) -> Problem | None:
    """What stands in a database of the new schema where one of the old had a sentence."""

    def old(conn: Connection) -> None:
        upgrade(conn, "0005")
        role = {"guild_id": 1, "days": 7, "role_id": 70, "problem": sentence}
        conn.execute(OLD_ROLES.insert(), role)
        conn.commit()

    await unmigrated.maintain(old)
    await migrate(unmigrated)
    return (await unmigrated.read(lambda conn: milestones.roles(conn, 1)))[7].problem


@pytest.mark.parametrize("sentence", SENTENCES)
async def test_a_stored_sentence_becomes_a_code_that_says_the_same(unmigrated: Database, sentence: str):
    problem = await upgraded(unmigrated, sentence)
    assert problem is not None and problem.code != "other"
    assert problem_text(problem) == SENTENCES[sentence]


async def test_an_unknown_sentence_becomes_the_general_code(unmigrated: Database):
    assert await upgraded(unmigrated, "Something that nobody knows.") == Problem("other", {"role_id": 70})


async def test_a_role_without_a_problem_stays_without_one(unmigrated: Database):
    assert await upgraded(unmigrated, None) is None
