"""an index by which texts are found that the retention setting erases"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_parts_kept ON parts (sent_at) WHERE text != ''")
