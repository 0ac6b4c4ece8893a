"""A milestone as a card to share: who, and how many in a row."""

from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import FOOT, HEAD, MARGIN, Imprint, Person, PictureCard
from bot.ui.charts.fonts import face
from bot.ui.charts.palette import FAINT
from bot.ui.kit.catalog import _, ngettext

FILE_NAME = "milestone.png"
FLAME, NUMBER = 104, 88


def milestone_picture(days: int, person: Person, imprint: Imprint) -> str:
    """An SVG of a milestone that somebody has reached."""
    card = PictureCard(HEAD + FLAME + 12 + FOOT, imprint)
    number, middle = MARGIN + FLAME + 6, HEAD + 8 + FLAME / 2
    left = number + face(bold=True).width(str(days), NUMBER) + 14
    questions, in_a_row = ngettext("question", "questions", days), _("in a row")
    wide = max(face(bold=True).width(questions, 20), face().width(in_a_row, 20))
    size = min(20, 20 * (WIDTH - MARGIN - left) / wide)
    card.confetti(HEAD + 2, FLAME + 8, clear=(left + wide + 10, NUMBER * 0.8))
    card.head(person.shown, _("Milestone reached"), person=person)
    card.flame(MARGIN, HEAD + 4, FLAME)
    card.text(number, middle, str(days), size=NUMBER, bold=True)
    card.text(left, middle - 2, questions, size=size, bold=True)
    card.text(left, middle + 21, in_a_row, size=size, color=FAINT)
    return card.svg()


def milestone_words(days: int, name: str) -> str:
    """The picture in words, for those who do not see it."""
    return _("{name}: {days} questions answered in a row.", name=name, days=days)
