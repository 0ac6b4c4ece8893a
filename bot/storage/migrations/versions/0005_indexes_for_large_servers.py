"""indexes by which years of drills and full boards are read as fast as the first ones"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP INDEX ix_drills_state")
    op.execute("CREATE INDEX ix_drills_state_closed_at ON drills (state, closed_at)")
    op.execute("CREATE INDEX ix_drills_channel_id_date ON drills (channel_id, date)")
    op.execute("DROP INDEX ix_standings_board")
    op.execute(
        "CREATE INDEX ix_standings_board "
        "ON standings (guild_id, track_id, period, points DESC, reached_at, member_id)"
    )
    op.create_index("ix_live_choices_guild_id_member_id", "live_choices", ["guild_id", "member_id"])
    op.create_index(
        "ix_answers_track_id_member_id_drill_id_status", "answers", ["track_id", "member_id", "drill_id", "status"]
    )
