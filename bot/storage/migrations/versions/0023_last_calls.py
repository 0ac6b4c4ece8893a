"""last calls in quiet threads, where a manager wants them"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("last_call", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("drills", sa.Column("last_call_at", sa.DateTime(), nullable=True))
    op.add_column("drills", sa.Column("last_called", sa.Boolean(), nullable=False, server_default="0"))
    op.create_index(
        "ix_drills_last_call",
        "drills",
        ["last_called", "last_call_at"],
        sqlite_where=sa.text("last_call_at IS NOT NULL AND last_called IS 0"),
        postgresql_where=sa.text("last_call_at IS NOT NULL AND last_called IS false"),
    )
