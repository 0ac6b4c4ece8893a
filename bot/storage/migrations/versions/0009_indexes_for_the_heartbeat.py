"""indexes that hold nothing but what a beat of the heartbeat asks for, and what they need to say"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = "state = 'open'"
BLIND = "state = 'closed' AND mode = 'blind'"


def upgrade() -> None:
    op.execute("ALTER TABLE drills ADD COLUMN best_shown BOOLEAN DEFAULT '0' NOT NULL")
    op.execute(
        "UPDATE drills SET best_shown = 1 WHERE EXISTS (SELECT * FROM sent_messages "
        "WHERE owner_kind = 'drill' AND owner_id = drills.id AND \"key\" = 'best:0')"
    )
    op.execute(
        f"UPDATE drills SET shown_answers = -1 WHERE {OPEN} AND shown_answers != "
        "(SELECT count(*) FROM answers WHERE drill_id = drills.id AND status = 'on_time')"
    )
    op.execute("DROP INDEX ix_drills_closes_at")
    indexes = {
        "ix_drills_open_until": ("state, closes_at", OPEN),
        "ix_drills_card_old": ("state, shown_answers, shown_at", f"{OPEN} AND shown_answers = -1"),
        "ix_drills_threadless": (
            "state, mode, retry_at",
            f"{OPEN} AND mode = 'open' AND coalesce(thread_id, 0) = 0 AND thread_note IS NULL",
        ),
        "ix_drills_untallied": (
            "state, mode, reveal, voted_until",
            f"{BLIND} AND reveal = 'done' AND voted_until IS NULL",
        ),
        "ix_drills_best_unshown": (
            "state, mode, best_shown, voted_until",
            f"{BLIND} AND best_answer_id IS NOT NULL AND best_shown IS 0",
        ),
    }
    for name, (columns, where) in indexes.items():
        op.execute(f"CREATE INDEX {name} ON drills ({columns}) WHERE {where}")
