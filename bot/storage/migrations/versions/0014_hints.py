"""tracks say whether they give hints on answers"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("hints", sa.Boolean(), nullable=False, server_default="1"))
