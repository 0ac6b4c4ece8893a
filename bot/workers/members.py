"""Follows people who write or use the bot: their names on boards, roles that decide teams, roles they have lost."""

from datetime import datetime

import discord
import structlog

from bot.services.milestones import MilestoneService
from bot.services.teams import TeamService
from bot.ui.kit.members import actor_of

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
            actor = actor_of(person, at)
            if actor is not None:
                await self._service.observe(actor)
                await self._milestones.observe(actor)
        except Exception as error:
            log.error("roles.not_followed", exc_info=error)
