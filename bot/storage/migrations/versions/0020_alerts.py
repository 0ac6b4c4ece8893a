"""what managers have been told of a question that did not come, and what they have to be told"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("alert_since", sa.DateTime(), nullable=True))
    op.add_column("tracks", sa.Column("alert_due_utc", sa.DateTime(), nullable=True))
    op.add_column("tracks", sa.Column("alerted_for", sa.String(), nullable=True))
    op.add_column("tracks", sa.Column("missed_from", sa.Date(), nullable=True))
    op.create_index("ix_tracks_alert_due_utc", "tracks", ["alert_due_utc"])
