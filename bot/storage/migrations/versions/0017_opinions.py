"""members decide whether a model reads their answers; it may ask follow-ups in interviews"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name="pk_opinions"),
    )
    op.add_column("interview_questions", sa.Column("wording", sa.String(), nullable=True))
    op.create_index(
        "ix_interview_questions_asked",
        "interview_questions",
        ["closed_at"],
        sqlite_where=sa.text("wording != ''"),
        postgresql_where=sa.text("wording != ''"),
    )
