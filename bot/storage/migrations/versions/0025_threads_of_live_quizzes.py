"""live quizzes in threads of their own; those from before stay in their channels"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lives", sa.Column("place_id", sa.BigInteger(), nullable=True))
    op.execute(sa.text("UPDATE lives SET place_id = channel_id"))
