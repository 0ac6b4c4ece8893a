"""How many take part, for managers: the last seven days before the outline of the seven before them."""

from bot.services.participation import Participation
from bot.ui.charts.cards import FOOT, HEAD, Imprint, PictureCard
from bot.ui.charts.week import BASE, BELOW, draw_key, draw_week
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.layouts import cut
from bot.ui.kit.words import weekday, weekday_and_day

FILE_NAME = "participation.png"
ALT_LIMIT = 1024


def participation_picture(found: Participation, imprint: Imprint) -> str:
    """An SVG of two weeks in which a question was posted."""
    names = [weekday(posted[0].weekday()) for posted in found.now.days]
    card = PictureCard(HEAD + BASE + BELOW + 28 + FOOT, imprint)
    now, before = found.now, found.before.members
    card.head(
        ngettext("{number} answer in 7 days", "{number} answers in 7 days", now.answers),
        ngettext(
            "from {number} member; {before} in the 7 before",
            "from {number} members; {before} in the 7 before",
            now.members,
            before=before,
        ),
    )
    draw_week(card, HEAD, names, *([posted[1] for posted in week.days] for week in (found.now, found.before)))
    earlier = _("The 7 days before") if found.before.answers else ""
    draw_key(card, HEAD + BASE + BELOW + 10, _("The last 7 days"), earlier)
    return card.svg()


def participation_words(found: Participation) -> str:
    """The picture in words, for those who do not see it."""
    days = [
        _("{day} no question", day=weekday_and_day(day)) if count is None else f"{weekday_and_day(day)} {count}"
        for day, count in found.now.days
    ]
    told = _(
        "Answers per day: {days}. The 7 days before: {before}.", days="; ".join(days), before=found.before.answers
    )
    return cut(told, ALT_LIMIT)
