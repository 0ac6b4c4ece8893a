"""Follows people who write or use the bot: their names on boards, roles that decide teams, roles they have lost."""

from datetime import datetime

import discord
import structlog

from bot.services.milestones import MilestoneService
from bot.services.teams import TeamService
from bot.ui.kit.members import seen

log = structlog.get_logger()


class MemberObserver:
    """The Members intent is not asked for: names and roles are those last seen in a message or an interaction."""

    def __init__(self, service: TeamService, milestones: MilestoneService) -> None:
        self._service = service
        self._milestones = milestones

    async def observe(self, person: discord.User | discord.Member, at: datetime) -> None:
        """Follows a person's name and roles before what they wrote or pressed is booked.

        Whatever goes wrong here must not keep an answer from being collected.
        """
        try:
            here = seen(person)
            if here is not None:
                await self._service.observe(here, at)
            if here is not None and isinstance(person, discord.Member) and person.joined_at is not None:
                await self._milestones.observe(here, person.joined_at)
        except Exception as error:
            log.error("roles.not_followed", exc_info=error)
