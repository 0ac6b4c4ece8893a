"""one table of what the bot has sent, whatever it was for"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = "guild_id, owner_kind, owner_id, key, channel_id, message_id, fingerprint"
KEPT = (
    "SELECT p.guild_id, 'answer', a.answer_id, p.key, p.channel_id, p.message_id, digest FROM posts p "
    "JOIN parts a ON a.id = CAST(substr(p.key, 7) AS INTEGER) WHERE p.key LIKE 'carry:%' ORDER BY p.id",
    "SELECT p.guild_id, 'answer', a.id, 'notice:0', p.channel_id, p.message_id, digest FROM posts p "
    "JOIN answers a ON a.drill_id = p.drill_id AND a.member_id = CAST(substr(p.key, 8) AS INTEGER) "
    "WHERE p.key LIKE 'notice:%' ORDER BY p.id",
    "SELECT guild_id, 'drill', drill_id, key, channel_id, message_id, digest FROM posts "
    "WHERE key NOT LIKE 'carry:%' AND key NOT LIKE 'notice:%' ORDER BY id",
    "SELECT guild_id, 'drill', id, 'card', coalesce(forum_post_id, channel_id), message_id, '' FROM drills "
    "WHERE message_id IS NOT NULL",
    "SELECT p.guild_id, 'interview', interview_id, key, i.thread_id, message_id, says FROM interview_posts p "
    "JOIN interviews i ON i.id = p.interview_id WHERE i.thread_id IS NOT NULL ORDER BY p.id",
    "SELECT d.guild_id, 'digest', d.id, 'digest', t.channel_id, message_id, '' FROM digests d "
    "JOIN tracks t ON t.id = d.track_id WHERE message_id IS NOT NULL",
    "SELECT guild_id, 'live_quiz', id, 'lobby', channel_id, message_id, '' FROM lives WHERE message_id IS NOT NULL",
    "SELECT guild_id, 'live_quiz', id, 'result', channel_id, result_id, '' FROM lives WHERE result_id IS NOT NULL",
    "SELECT r.guild_id, 'live_quiz', live_id, 'round:' || r.position, l.channel_id, r.message_id, '' "
    "FROM live_rounds r JOIN lives l ON l.id = r.live_id WHERE r.message_id IS NOT NULL",
)


def upgrade() -> None:
    op.create_table(
        "sent_messages",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_messages")),
        sa.UniqueConstraint("owner_kind", "owner_id", "key", name=op.f("uq_sent_messages_owner_kind_owner_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sent_messages_message_id", "sent_messages", ["message_id"])
    for kept in KEPT:
        op.execute(f"INSERT INTO sent_messages ({COLUMNS}) {kept}")
    op.add_column("reminded", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.drop_table("posts")
    op.drop_table("interview_posts")
