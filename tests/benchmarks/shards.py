"""Several processes on one PostgreSQL, whatever happens to them; and one process beside it on a file."""

import tempfile
from pathlib import Path

from tests.benchmarks import rush
from tests.benchmarks.engines import durable_server
from tests.benchmarks.report import Row
from tests.wire.shards import LEASE_SECONDS, SHARDS, Land, as_it_should_be, everything_happens


async def rows(servers: int = 999) -> list[Row]:
    """The day on which everything happens, with so many servers."""
    with durable_server() as server, tempfile.TemporaryDirectory() as folder:
        async with Land(servers) as land:
            found = await everything_happens(server, land, Path(folder))
    doubled = sum(found.cards) - len([cards for cards in found.cards if cards])
    missed = found.cards.count(0)
    code, _, seconds = found.ended
    said = (
        f"all stand after {found.seconds:.0f} s ({2 * servers / 50:.0f} s are the limit's), {doubled} doubled, "
        f"{missed} missed, {found.disagreements} disagreements of `verify`, at most {land.most_a_second} requests "
        f"a second, sessions {land.between_sessions:.1f} s apart or more; who was replaced ends with {code} "
        f"{seconds:.1f} s after it goes on"
    )
    good = found.drills == as_it_should_be(servers) and doubled == 0 and found.disagreements == 0
    met = good and code == 78 and land.most_a_second <= 50 and land.between_sessions >= 5
    name = (
        f"{servers} servers due at once, {SHARDS} processes on PostgreSQL with a lease of {LEASE_SECONDS} s: one "
        "killed, two frozen, two replaced, the server restarted"
    )
    return [Row(name, "", said, "none doubled, none missed", met)]


async def due(channels: int) -> list[Row]:
    """Channels due at one instant on PostgreSQL, with one process."""
    with durable_server() as server:
        return await rush.due(channels, server=server)
