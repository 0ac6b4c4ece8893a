"""The podium of a live quiz: what people take a screenshot of."""

from bot.domain.live_quizzes import LivePlace
from bot.services.live_quizzes import LiveQuizView
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import FOOT, HEAD, NO_FACES, Faces, Imprint, Person, PictureCard
from bot.ui.charts.palette import FAINT
from bot.ui.charts.podium import REACH, ROW, STEPS, Place, draw_podium, draw_rows, podium_height
from bot.ui.kit.catalog import _, ngettext, numeral
from bot.ui.kit.layouts import cut

FILE_NAME = "podium.png"
BELOW = 5
"""So many stand below the podium."""
REST = 24
ALT_LIMIT = 1024


def podium_picture(view: LiveQuizView, imprint: Imprint, faces: Faces = NO_FACES) -> str:
    """An SVG of the best of a live quiz that somebody took part in.

    Args:
        faces: by member, as far as they are at hand.
    """
    places = [_place(view, place, faces) for place in view.places[: STEPS + BELOW]]
    best, rows = places[:STEPS], places[STEPS:]
    rest = len(view.places) - len(places)
    top = HEAD + 10
    below = top + podium_height(best) + 12
    end = below + ROW * len(rows) + (REST if rest else 0)
    card = PictureCard(end + FOOT, imprint)
    card.confetti(HEAD, 2 * REACH)
    rounds = ngettext("{number} round", "{number} rounds", len(view.rounds))
    card.head(_("Live quiz"), f"{rounds} · {view.live.topic or _('all topics')}")
    draw_podium(card, top, best)
    draw_rows(card, below, rows, places[0].score)
    if rest:
        card.text(
            WIDTH / 2,
            end - REST / 2,
            ngettext("and {number} more", "and {number} more", rest),
            size=13,
            color=FAINT,
            align="middle",
        )
    return card.svg()


def podium_words(view: LiveQuizView) -> str:
    """The picture in words, for those who do not see it."""
    places = [_place(view, place) for place in view.places[: STEPS + BELOW]]
    said = [
        f"{place.rank}. {place.person.name or f'#{place.rank}'} {place.said} ({place.note})" for place in places
    ]
    told = ngettext(
        "Podium of {number} player: {places}",
        "Podium of {number} players: {places}",
        len(view.places),
        places="; ".join(said),
    )
    return cut(told, ALT_LIMIT)


def _place(view: LiveQuizView, place: LivePlace, faces: Faces = NO_FACES) -> Place:
    name = view.names.get(place.member_id, "")  # who stays off boards has none, and no portrait
    return Place(
        rank=place.rank,
        person=Person(name, faces.get(place.member_id) if name else None),
        score=place.score,
        said=numeral(place.score),
        note=_("{right} of {rounds} right", right=place.right, rounds=len(view.rounds)),
    )
