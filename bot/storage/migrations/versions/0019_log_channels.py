"""tracks have a log channel, and know who set them up"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("log_channel_id", sa.BigInteger(), nullable=True))
    op.add_column("tracks", sa.Column("manager_id", sa.BigInteger(), nullable=True))
