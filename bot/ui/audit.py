"""What `verify` tells the operator."""

from collections.abc import Mapping

from bot.domain.errors import Problem
from bot.services.audit import AuditReport
from bot.ui.kit.words import Sentence, say


def _standing(
    guild_id: int, track_id: int, period: str, team_id: int, member_id: int, *, stored: int, owed: int
) -> str:
    team = f" for team {team_id}" if team_id else ""
    return (
        f"the standing of member {member_id}{team} (server {guild_id}, track {track_id}, {period}) "
        f"is {stored}, the ledger gives {owed}"
    )


DISAGREEMENTS: Mapping[str, Sentence] = {
    "points": "{reference} is worth {owed} points, the ledger says {booked}",
    "best": "the best answer of drill {drill_id} is not the one with most votes",
    "streak": "the streak of member {member_id} in track {track_id} exceeds its {on_time} answers",
    "standing": _standing,
}


def disagreement(found: Problem) -> str:
    """One thing that does not agree."""
    return say(DISAGREEMENTS[found.code], found.values)


def summary(report: AuditReport) -> str:
    """The verdict in one sentence."""
    found = len(report.disagreements)
    verdict = f"{found} disagree; `mockingbird verify --rebuild` mends standings" if found else "everything agrees"
    return f"{report.streaks} streaks and {report.standings} standings recomputed: {verdict}."
