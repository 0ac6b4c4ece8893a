"""the rounds of live quizzes have seconds of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lives", sa.Column("sums", sa.Boolean(), nullable=False, server_default="1"))
    op.add_column("live_rounds", sa.Column("seconds", sa.Integer(), nullable=False, server_default="20"))
    op.execute("UPDATE live_rounds SET seconds = (SELECT seconds FROM lives WHERE lives.id = live_rounds.live_id)")
