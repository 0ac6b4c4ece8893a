"""The digest's picture: how many answers the week had, one highlight, and what comes next."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.services.digests import Digest
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import FOOT, FULL, HEAD, MARGIN, Imprint, PictureCard
from bot.ui.charts.fonts import face, fitting, writable
from bot.ui.charts.palette import ACCENT, DEEP, FAINT, GLOW, INK, PANEL
from bot.ui.charts.week import BASE, BELOW, draw_key, draw_week
from bot.ui.kit.catalog import _, ngettext, numeral
from bot.ui.kit.layouts import cut
from bot.ui.kit.words import NOBODY, weekday, weekday_and_day

NUMBER, NUMBER_HIGH, NUMBER_WIDE = 54, 58, 180
"""The headline's size, the height that it is given, and how wide it may become."""
LINE, APART = 34, 8
NAME_ROOM = 180
"""What names share that are tied."""
ALT_LIMIT = 1024
_STAR = "M12 1.5L15.1 8.2L22.5 9L17 14L18.5 21.3L12 17.6L5.5 21.3L7 14L1.5 9L8.9 8.2Z"


def digest_picture(digest: Digest, dates: str, imprint: Imprint) -> str:
    """An SVG of a week with answers.

    Args:
        dates: of the week.
    """
    lines = [line for line in (_highlight(digest), _call(digest)) if line is not None]
    week = HEAD + NUMBER_HIGH + 4
    below = week + BASE + BELOW + 28
    card = PictureCard(below + (LINE + APART) * len(lines) + FOOT, imprint)
    card.head(_("The week in numbers"), dates)
    _headline(card, digest, HEAD + 2)
    draw_week(card, week, _days(), digest.answers, digest.before)
    draw_key(card, week + BASE + BELOW + 10, dates, _("The week before") if sum(digest.before) else "")
    for at, (said, right) in enumerate(lines):
        call = at == len(lines) - 1 and _call(digest) is not None
        _line(card, below + (LINE + APART) * at, said, right, call=call)
    return card.svg()


def digest_words(digest: Digest, dates: str) -> str:
    """What the picture shows, for those who do not see it."""

    def listed(counts: Sequence[int]) -> str:
        return ", ".join(f"{day} {count}" for day, count in zip(_days(), counts, strict=True))

    lines = [f"{said}: {right}." for line in (_highlight(digest), _call(digest)) if line for said, right in [line]]
    said = ngettext(
        "{number} answer, {dates}: {days}.",
        "{number} answers, {dates}: {days}.",
        sum(digest.answers),
        dates=dates,
        days=listed(digest.answers),
    )
    return cut(" ".join([said, _("The week before: {days}.", days=listed(digest.before)), *lines]), ALT_LIMIT)


def _days() -> list[str]:
    return list(map(weekday, range(7)))


def _headline(card: PictureCard, digest: Digest, y: float) -> None:
    """How many answers, by how many; how many more than before, and nothing of fewer."""
    answers, middle = sum(digest.answers), y + NUMBER_HIGH / 2
    said = numeral(answers)
    size = min(NUMBER, NUMBER * NUMBER_WIDE / face(bold=True).width(said, NUMBER))
    card.text(MARGIN, middle, said, size=size, bold=True)
    left = MARGIN + face(bold=True).width(said, size) + 12
    people = ngettext("from {number} person", "from {number} people", digest.people)
    card.text(left, middle - 10, ngettext("answer", "answers", answers), size=16)
    card.text(left, middle + 10, people, size=15, color=FAINT)
    more = answers - sum(digest.before)
    if more <= 0 or not sum(digest.before):
        return
    said = _("+{more:,} over the week before", more=more)
    wide = face(bold=True).width(said, 13) + 20
    if left + face().width(people, 15) + 10 > WIDTH - MARGIN - wide:
        said, middle = f"+{numeral(more)}", HEAD / 2
        wide = face(bold=True).width(said, 13) + 20
    card.box(WIDTH - MARGIN - wide, middle - 12, wide, 24, DEEP, corner=12)
    card.text(WIDTH - MARGIN - 10, middle, said, size=13, bold=True, align="end")


def _highlight(digest: Digest) -> tuple[str, str] | None:
    """The best answer, else who has most points."""
    if digest.best is not None:
        name, votes = writable(digest.best.name) or _(NOBODY), digest.best.votes
        return _("Best answer: {name}", name=name), ngettext("{number} vote", "{number} votes", votes)
    if not digest.top:
        return None
    lead = [row for row in digest.top if row.rank == 1]
    names = [fitting(writable(row.name), 15, NAME_ROOM / len(lead)) or _(NOBODY) for row in lead]
    points = ngettext("{number} point", "{number} points", lead[0].points)
    if lead[1:]:
        return _("Tied: {names}", names=", ".join(names)), points
    return _("Most points: {name}", name=names[0]), points


def _call(digest: Digest) -> tuple[str, str] | None:
    """The next question, where one is planned."""
    track = digest.track
    if track.next_due_utc is None or not digest.total:
        return None
    local: datetime = track.next_due_utc.astimezone(ZoneInfo(track.zone))
    return _("Next question"), f"{weekday_and_day(local.date())}, {local:%H:%M}"


def _line(card: PictureCard, y: float, said: str, right: str, *, call: bool) -> None:
    """A row with something to say and its number; the call has the accent for an edge."""
    middle = y + LINE / 2
    card.box(MARGIN, y, FULL, LINE, PANEL, edge=ACCENT if call else None, corner=8)
    if not call:
        card.shape(MARGIN + 10, middle - 9, 18, _STAR, GLOW)
    left = MARGIN + (14 if call else 36)
    room = FULL - (left - MARGIN) - face(bold=True).width(right, 15) - 26
    card.text(left, middle, said, size=15, color=INK, room=room)
    card.text(WIDTH - MARGIN - 14, middle, right, size=15, bold=True, color=ACCENT if call else INK, align="end")
