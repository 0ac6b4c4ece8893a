"""Members as they come by: the name they have, the roles that decide their team, and the roles they have lost."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.servers import NamedThing
from bot.services import milestones, teams
from bot.storage import members, servers
from bot.storage.database import take_along
from bot.storage.members import MemberNews
from bot.storage.milestones import LostRole


def is_new(actor: Actor, news: MemberNews) -> bool:
    """Whether a member's name, team or role is to be stored, or that they are in the server again."""
    return news.renamed or bool(_lost(actor, news)) or teams.is_elsewhere(actor, news)


def _lost(actor: Actor, news: MemberNews) -> list[LostRole]:
    missing = actor.existing - actor.roles
    return [role for role in news.lost if role.role_id in missing]


class Observation:
    """An errand: follows the name and the roles with which a member came by, and gives back roles lost by leaving.

    Before that it looks whether what they name is their server's.

    The Members intent is not asked for: names and roles are those last seen in a message or an interaction.
    What managers took from a member stays taken.

    Attributes:
        reminders_refused: whether the member has to be told that Discord refused their reminders; None until the
            look, and for good where that failed.
    """

    def __init__(self, actor: Actor, named: Sequence[NamedThing] = ()) -> None:
        self._actor = actor
        self._named = named
        self._lost: Sequence[LostRole] = ()
        self.reminders_refused: bool | None = None

    def look(self, conn: Connection, /) -> bool:
        """Whether their name, their team or a role is to be stored, or that they are in the server again.

        Raises:
            Refusal: `commands.outdated` for something of another server; nothing else is done then.
        """
        actor = self._actor
        if any(servers.is_elsewhere(conn, actor.guild_id, thing) for thing in self._named):
            raise Refusal("commands.outdated")
        news = members.news_of(conn, actor)
        self._lost = _lost(actor, news)
        self.reminders_refused = news.reminders_refused
        return is_new(actor, news)

    def do(self, conn: Connection, /) -> None:
        """Stores what the look found."""
        teams.record(conn, self._actor)
        milestones.restore(conn, self._actor.guild_id, self._actor.member_id, self._lost)


def observe(actor: Actor | None, named: Sequence[NamedThing] = ()) -> Observation | None:
    """Books along with the running task's next transaction that a member came by; nothing for None.

    Args:
        named: what they name; that transaction ends with a Refusal where something of it is another server's.
    """
    if actor is None:
        return None
    observation = Observation(actor, named)
    take_along(observation)
    return observation
