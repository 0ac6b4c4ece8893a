"""Use cases of members: who they are, by what name and with which roles they were last seen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeenMember:
    """A member as they came by: their roles, and all roles that the server has."""

    guild_id: int
    member_id: int
    name: str
    roles: frozenset[int]
    existing: frozenset[int]
