"""months with champions"""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import ID, Text

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("servers", sa.Column("season_due_utc", sa.DateTime(), nullable=True))
    op.create_index("ix_servers_season_due_utc", "servers", ["season_due_utc"])
    # So long ago that the last month is recorded, and nobody is told of it.
    op.execute("UPDATE servers SET season_due_utc = '2000-01-01 00:00:00.000000' WHERE zone IS NOT NULL")
    op.create_table(
        "seasons",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("month", Text, nullable=False),
        sa.Column("track_id", ID, nullable=True),
        sa.Column("state", Text, nullable=False),
        sa.Column("turned_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", sa.DateTime(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seasons")),
        sa.UniqueConstraint("guild_id", "month", name=op.f("uq_seasons_guild_id_month")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_seasons_state", "seasons", ["state"])
    op.create_table(
        "season_winners",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("season_id", ID, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["season_id"], ["seasons.id"], name=op.f("fk_season_winners_season_id_seasons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season_winners")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_season_winners_season_id", "season_winners", ["season_id"])
