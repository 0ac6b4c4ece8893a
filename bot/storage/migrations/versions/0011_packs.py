"""tracks name the packs that they draw from"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("packs", sa.JSON(), nullable=False, server_default='["genai"]'))
