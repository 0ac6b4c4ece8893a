"""answers that Discord refuses to show wait before the next try"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("retry_at", sa.DateTime(), nullable=True))
