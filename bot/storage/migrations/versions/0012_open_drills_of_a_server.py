"""the open drills of a server, which are asked for before an answer is shown"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_drills_open_in ON drills (guild_id) WHERE state = 'open'")
