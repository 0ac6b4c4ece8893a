"""Pictures have room for the words of other languages, which are longer than the English ones."""

import gettext
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.domain.streaks import MILESTONES
from bot.services.boards import TrendLine
from bot.services.participation import Participation, ParticipationWeek
from bot.services.streaks import StreakDay, StreakMark
from bot.services.votes import BestAnswer
from bot.ui.charts.boards import board_picture
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.digests import digest_picture
from bot.ui.charts.live_quizzes import podium_picture
from bot.ui.charts.milestones import milestone_picture
from bot.ui.charts.participation import participation_picture
from bot.ui.charts.progress import progress_picture
from bot.ui.charts.streaks import streak_picture
from bot.ui.kit import catalog
from tests.drawn import assert_legible
from tests.unit.test_board_pictures import trend
from tests.unit.test_care import TODAY, view
from tests.unit.test_digest import digest
from tests.unit.test_pictures import live, topic

IMPRINT, ANNA = Imprint("#practice", TODAY), Person("Anna Petrova")


class Longer(gettext.NullTranslations):
    """Says everything in words a third longer."""

    def gettext(self, message: str) -> str:
        return message + "e" * round(len(message) / 3)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return message if context == "date" else self.gettext(message)


@pytest.fixture(autouse=True, params=["de", "es"])
def longer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(catalog, "_translations", lambda language: Longer())
    with catalog.speaking(request.param):
        yield


def pictures() -> dict[str, str]:
    weeks: list[tuple[date, int | None]] = [(TODAY - timedelta(days=13 - at), 2 * at) for at in range(14)]
    took_part = Participation(ParticipationWeek(weeks[7:], 25), ParticipationWeek(weeks[:7], 14), 26, [])
    days = [StreakDay(TODAY - timedelta(days=at), list(StreakMark)[at % 7]) for at in range(150)]
    lines = [TrendLine(at, f"Member {at}", [at] * 8, 1200 - at, own=at == 5) for at in range(1, 7)]
    return {
        "board": board_picture("Leaderboard", "This week", trend(lines), IMPRINT),
        "digest": digest_picture(
            digest((3, 0, 4, 12, 5, 0, 0), (6, 0, 0, 1, 0, 0, 0), people=12, best=BestAnswer("Anna", 12, None)),
            "23 to Nov 29",
            IMPRINT,
        ),
        "podium": podium_picture(
            live(*(900, 800, 700, 400, 30), names=["Anna", "Ben", "Chen", "Dora", "Emil"]), IMPRINT
        ),
        "milestone": milestone_picture(MILESTONES[-1], ANNA, IMPRINT),
        "participation": participation_picture(took_part, IMPRINT),
        "progress": progress_picture([topic("Autoencoders", 4, 0.25), topic("Agents", 8, 0)], ANNA, IMPRINT),
        "streak": streak_picture(view(TODAY, days[:30][::-1], current=7), ANNA, IMPRINT),
        "long streak": streak_picture(view(TODAY, days[::-1], current=128), ANNA, IMPRINT),
    }


def test_long_words_stay_in_their_room():
    for svg in pictures().values():
        assert_legible(svg)
