"""live quizzes that come every week"""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import ID, Text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_plans",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=False),
        sa.Column("zone", Text, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("topic", Text, nullable=True),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("due_utc", sa.DateTime(), nullable=True),
        sa.Column("remind_utc", sa.DateTime(), nullable=True),
        sa.Column("event_utc", sa.DateTime(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("tell_utc", sa.DateTime(), nullable=True),
        sa.Column("missed_utc", sa.DateTime(), nullable=True),
        sa.Column("missed", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_utc", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_plans")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quiz_plans_next_utc", "quiz_plans", ["next_utc"])
    op.create_index("ix_quiz_plans_guild_id", "quiz_plans", ["guild_id"])
    running = sa.text("due_utc IS NOT NULL")
    op.create_index(
        "uq_quiz_plans_channel_id",
        "quiz_plans",
        ["channel_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
