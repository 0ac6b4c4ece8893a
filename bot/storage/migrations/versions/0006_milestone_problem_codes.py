"""why a milestone's role cannot be given is stored as a code with its values, no more as a sentence"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSED = re.compile(r"Discord does not let me give or take <@&\d+>: (.*)\. I try again in an hour\.", re.DOTALL)
BEGINNINGS = (
    ("This role was deleted.", "deleted"),
    ("@everyone belongs to Discord", "everyone"),
    ("I lack **Manage Roles**.", "no_permission"),
)
OF_ROLE = (
    (" belongs to Discord or to an app,", "managed"),
    (" carries powers of moderators,", "moderates"),
    (" stands above my own role.", "above"),
)


def _coded(sentence: str, role_id: int) -> str:
    values: dict[str, object] = {}
    code = next((code for beginning, code in BEGINNINGS if sentence.startswith(beginning)), None)
    if code is None:
        values["role_id"] = role_id
        code = next((code for middle, code in OF_ROLE if middle in sentence), "other")
    if (refused := REFUSED.fullmatch(sentence)) is not None:
        code = "refused"
        values |= {"role_id": role_id, "said": refused[1]}
    return json.dumps({"code": code, "values": values})


def upgrade() -> None:
    roles = sa.table(
        "milestone_roles",
        sa.column("guild_id", sa.BigInteger),
        sa.column("days", sa.Integer),
        sa.column("role_id", sa.BigInteger),
        sa.column("problem", sa.String),
    )
    conn = op.get_bind()
    for row in conn.execute(sa.select(roles).where(roles.c.problem.is_not(None))).all():
        this = (roles.c.guild_id == row.guild_id, roles.c.days == row.days)
        conn.execute(roles.update().where(*this).values(problem=_coded(row.problem, row.role_id)))
