"""Which servers are this process's, where several share one PostgreSQL.

Discord puts a server on a shard by its id: https://discord.com/developers/docs/events/gateway#sharding
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

COUNT, IDS = "mockingbird.shard_count", "mockingbird.shard_ids"
"""What a session on PostgreSQL is told of its process."""
NAME = "mockingbird lease"
"""How the name of the session begins that holds a process's locks; the count of shards and the schema follow."""
OTHERS = sa.text(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
    f"AND application_name LIKE '{NAME} %' AND split_part(application_name, ' ', 4) <> :schema"
)
"""Finds processes whose code needs another schema."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a process serves, and how soon another may serve it in its place.

    Attributes:
        count: how many shards the bot has.
        ids: those of this process.
        seconds: after so long without a word a process is taken for dead.
        schema: the revision of the database that its code needs.
    """

    count: int = 1
    ids: tuple[int, ...] = (0,)
    seconds: float = 30.0
    schema: str = ""

    @property
    def whole(self) -> bool:
        """Whether there are no other processes."""
        return len(self.ids) == self.count

    @property
    def part(self) -> float:
        """How much of the bot this process is."""
        return len(self.ids) / self.count


class is_ours(GenericFunction[bool]):
    """Whether this process serves a server, by its id; 0 is what belongs to none, and the first shard's."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(is_ours, "sqlite")
def _always(element: is_ours, compiler: SQLCompiler, **kw: Any) -> str:
    return "1"  # one process writes to a file


@compiles(is_ours, "postgresql")
def _by_shard(element: is_ours, compiler: SQLCompiler, **kw: Any) -> str:
    guild_id = compiler.process(element.clauses.clauses[0], **kw)
    # Whoever connects by other means serves everything.
    count, ids = (
        f"COALESCE(current_setting('{COUNT}', true), '1')",
        f"COALESCE(current_setting('{IDS}', true), '{{0}}')",
    )
    return (
        f"(CAST({guild_id} AS bigint) >> 22) % (SELECT CAST({count} AS bigint)) = "
        f"ANY (CAST((SELECT {ids}) AS bigint[]))"
    )


def told(share: Share) -> dict[str, str]:
    """The settings of a session from which `is_ours` knows what its process serves."""
    return {COUNT: str(share.count), IDS: "{" + ",".join(map(str, share.ids)) + "}"}
