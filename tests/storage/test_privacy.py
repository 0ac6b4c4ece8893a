"""Every column that could hold something of a member is in what they take out and have deleted."""

import re
from collections.abc import Collection
from pathlib import Path

import sqlalchemy as sa

from bot.storage.privacy import HOLDINGS
from bot.storage.schema import ID, Coded, Weekdays, metadata

PLACES = {
    "guild_id",
    "channel_id",
    "message_id",
    "thread_id",
    "place_id",
    "role_id",
    "ping_role_id",
    "log_channel_id",
    "forum_post_id",
    "result_id",
    "event_id",
    "cursor",
}
"""Numbers of Discord's that name a server, a place, a role or a message."""
OF_NOBODY = {
    "servers.zone": "the server's",
    "queue.question_id": "the track's; who queued a question is not stored",
    "drills.zone": "the track's",
    "drills.question_id": "the track's",
    "drills.thread_note": "what stands in a thread's way",
    "proposals.options": "a track's plan",
    "live_rounds.item_id": "what a live quiz asks everyone",
    "live_rounds.question_id": "what a live quiz asks everyone",
    "teams.name": "a team's; who made it is not stored",
    "teams.folded": "a team's",
    "milestone_roles.problem": "what stands in the way of a role",
    "digests.week": "an ISO week",
    "digests.state": "how a delivery stands",
    "seasons.month": "a calendar month",
    "seasons.state": "how a delivery stands",
    "editions.content": "what a server's own question says; who suggested it stands beside",
    "meta.key": "the installation's",
    "meta.value": "the installation's",
}
"""Texts in tables that hold nothing of a member, with the reason."""


def _could_be_text(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.types.TypeDecorator | sa.String | sa.JSON) and not isinstance(
        column.type, Coded | Weekdays
    )


def _could_be_a_member(column: sa.Column[object], elsewhere: Collection[str] = ()) -> bool:
    """A snowflake that names no place; a row's own number, and what points to one, is none."""
    return (
        isinstance(column.type, sa.BigInteger)
        and column.type is not ID
        and column.name not in PLACES
        and column.name not in elsewhere
    )


def test_every_column_with_a_member_or_a_text_is_covered_or_has_a_reason_not_to_be():
    covered = {holding.table.name for holding in HOLDINGS}
    open_columns = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name not in covered
        for column in table.c
        if _could_be_a_member(column)
        or (_could_be_text(column) and getattr(column.type, "impl_instance", None).__class__ is not sa.DateTime)
    }
    assert open_columns - OF_NOBODY.keys() == set(), "say in HOLDINGS whose it is, or here why it is nobody's"
    assert OF_NOBODY.keys() <= open_columns, "reasons for columns that are gone or covered"


def test_a_table_with_several_members_in_a_row_is_covered_for_each():
    """One holding a column with a member's id, so that a second column in a covered table is not overlooked."""
    for table in metadata.sorted_tables:
        people = [column.name for column in table.c if _could_be_a_member(column, {"owner_id"})]
        names = [holding.name for holding in HOLDINGS if holding.table is table]
        assert len(people) <= max(len(names), 1), f"{table.name} has {people}, and {names} cover it"


def test_the_policy_in_the_docs_explains_each_part_of_an_export():
    text = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")
    assert set(re.findall(r"`([a-z_]+)`(?=[, ].*\|)", text)) == {holding.name for holding in HOLDINGS}
