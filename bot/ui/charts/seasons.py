"""The picture of a season: its champions on the steps, the best who follow, and the leading teams."""

from collections.abc import Sequence

from bot.services.seasons import SeasonStory, SeasonWinner
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import FOOT, FULL, HEAD, MARGIN, NO_FACES, Faces, Imprint, Person, PictureCard
from bot.ui.charts.fonts import face, fitting, writable
from bot.ui.charts.palette import GLOW, PANEL
from bot.ui.charts.podium import REACH, ROW, STEPS, Place, draw_podium, draw_rows, podium_height, points_said
from bot.ui.kit.catalog import _
from bot.ui.kit.layouts import cut
from bot.ui.kit.words import NOBODY, plain

FILE_NAME = "season.png"
BELOW = 5
"""So many stand below the podium."""
LINE, NAME_ROOM = 34, 200
ALT_LIMIT = 1024
_CUP = (
    "M7 2H17V4H21V7C21 9.8 19 11.6 16.4 12C15.6 13.4 14.4 14.3 13 14.7V18H16V21H8V18H11V14.7C9.6 14.3 8.4 13.4 7.6"
    " 12C5 11.6 3 9.8 3 7V4H7ZM7 6H5V7C5 8.3 5.7 9.3 7 9.8ZM17 6V9.8C18.3 9.3 19 8.3 19 7V6Z"
)


def season_picture(story: SeasonStory, month: str, imprint: Imprint, faces: Faces = NO_FACES) -> str:
    """An SVG of a season that somebody has won.

    Args:
        month: its name.
        faces: by member, as far as they are at hand.
    """
    places = season_places(story, faces)
    best, rows = places[:STEPS], places[STEPS:]
    top = HEAD + 10
    below = top + (podium_height(best) + 12 if best else 0)
    teams = below + ROW * len(rows) + (6 if rows else 0)
    card = PictureCard(teams + (LINE + 6 if story.teams else 0) + FOOT, imprint)
    if best:
        card.confetti(HEAD, 2 * REACH)
        draw_podium(card, top, best, said=points_said)
    card.head(month, _("Champions of the month"))
    draw_rows(card, below, rows, places[0].score if places else 0)
    if story.teams:
        _team(card, teams, story.teams)
    return card.svg()


def season_places(story: SeasonStory, faces: Faces = NO_FACES) -> list[Place]:
    """Who stands on the card: the champions, then the best of the others."""
    ranked = [(1, won.member_id or 0, won.name, won.points) for won in story.champions]
    ranked += [(row.rank, row.member_id, row.name, row.points) for row in story.others]
    return [
        Place(
            rank=rank,
            person=Person(name, faces.get(member_id) if name else None),
            score=points,
            said=plain(points),
        )
        for rank, member_id, name, points in ranked[: STEPS + BELOW]
    ]


def _team(card: PictureCard, y: float, teams: Sequence[SeasonWinner]) -> None:
    """The row of the best team, or of those that share the lead."""
    middle = y + LINE / 2
    card.box(MARGIN, y, FULL, LINE, PANEL, corner=8)
    card.shape(MARGIN + 9, middle - 10, 20, _CUP, GLOW)
    names = [fitting(writable(team.name), 15, NAME_ROOM / len(teams)) or _(NOBODY) for team in teams]
    joined = ", ".join(names)
    said = _("Top team: {name}", name=joined) if len(teams) == 1 else _("Top teams: {names}", names=joined)
    right = _("{score} per person", score=plain(teams[0].score))
    room = FULL - 36 - face(bold=True).width(right, 15) - 26
    card.text(MARGIN + 38, middle, said, size=15, room=room)
    card.text(WIDTH - MARGIN - 14, middle, right, size=15, bold=True, align="end")


def season_words(story: SeasonStory, month: str) -> str:
    """The picture in words, for those who do not see it."""
    said = [f"{at.rank}. {at.person.name or _(NOBODY)} {at.said}" for at in season_places(story)]
    said += [f"{team.name or _(NOBODY)} {plain(team.score)}" for team in story.teams]
    return cut(_("{month}, ranks and points: {places}", month=month, places="; ".join(said)), ALT_LIMIT)
