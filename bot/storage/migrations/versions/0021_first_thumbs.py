"""the bot's own first 👍 under each answer"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("seeded", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_answers_unseeded",
        "answers",
        ["drill_id"],
        sqlite_where=sa.text("seeded IS 0"),
        postgresql_where=sa.text("seeded IS false"),
    )
