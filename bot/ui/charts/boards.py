"""The picture of a board: its podium, those who follow, and how each of them got there."""

from bot.services.boards import Trend, TrendLine
from bot.ui.charts.cards import FOOT, HEAD, NO_FACES, Faces, Imprint, Person, PictureCard
from bot.ui.charts.podium import ROW, STEPS, YOU, Place, draw_podium, draw_rows, podium_height, points_said
from bot.ui.kit.catalog import _
from bot.ui.kit.layouts import cut
from bot.ui.kit.words import plain

FILE_NAME = "board.png"
ALT_LIMIT = 1024


def board_picture(title: str, dates: str, trend: Trend, imprint: Imprint, faces: Faces = NO_FACES) -> str:
    """An SVG of the best of a board, and of the reader.

    Args:
        title: what is ranked.
        dates: of the period.
        faces: by member, as far as they are at hand.
    """
    places = [_place(line, trend, faces) for line in trend.lines]
    best, rows = places[:STEPS], places[STEPS:]
    top = HEAD + 10
    below = top + podium_height(best) + 12
    card = PictureCard(below + ROW * len(rows) + FOOT, imprint)
    card.head(title, dates)
    draw_podium(card, top, best, said=points_said)
    draw_rows(card, below, rows, trend.lines[0].total)
    return card.svg()


def _place(line: TrendLine, trend: Trend, faces: Faces) -> Place:
    weeks, running = (line.points[:-1], line.points[-1]) if trend.running else (line.points, None)
    name = line.name or (_(YOU) if line.own else "")
    return Place(
        rank=line.rank,
        person=Person(name, faces.get(line.member_id or 0)),
        score=line.total,
        said=plain(line.total),
        own=line.own,
        weeks=weeks,
        running=running,
    )


def board_words(dates: str, trend: Trend) -> str:
    """The picture in words, for those who do not see it."""

    def said(line: TrendLine) -> str:
        name = line.name or (_(YOU) if line.own else f"#{line.rank}")
        return f"{line.rank}. {name} {plain(line.total)} ({', '.join(map(plain, line.points))})"

    told = _(
        "{dates}. Ranks and points, in parentheses points per week over the last {weeks} weeks: {lines}",
        dates=dates,
        weeks=len(trend.mondays),
        lines="; ".join(map(said, trend.lines)),
    )
    return cut(told, ALT_LIMIT)
