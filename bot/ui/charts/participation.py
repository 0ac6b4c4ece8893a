"""How many take part, for managers: the last seven days before the outline of the seven before them."""

from bot.services.participation import Participation
from bot.ui.charts.cards import FOOT, HEAD, Imprint, PictureCard
from bot.ui.charts.week import BASE, BELOW, draw_key, draw_week
from bot.ui.kit.layouts import counted, cut
from bot.ui.kit.words import weekday_and_day

FILE_NAME = "participation.png"
ALT_LIMIT = 1024


def participation_picture(found: Participation, imprint: Imprint) -> str:
    """An SVG of two weeks in which a question was posted."""
    names = [f"{day:%a}" for day, _ in found.now.days]
    card = PictureCard(HEAD + BASE + BELOW + 28 + FOOT, imprint)
    people = counted(found.now.members, "member")
    card.head(
        f"{counted(found.now.answers, 'answer')} in 7 days",
        f"from {people}; {found.before.members} in the 7 before",
    )
    draw_week(card, HEAD, names, *([count for _, count in week.days] for week in (found.now, found.before)))
    before = "The 7 days before" if found.before.answers else ""
    draw_key(card, HEAD + BASE + BELOW + 10, "The last 7 days", before)
    return card.svg()


def participation_words(found: Participation) -> str:
    """The picture in words, for those who do not see it."""
    days = [f"{weekday_and_day(day)} {'no question' if count is None else count}" for day, count in found.now.days]
    return cut(f"Answers a day: {', '.join(days)}. The 7 days before: {found.before.answers}.", ALT_LIMIT)
