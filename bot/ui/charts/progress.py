"""What somebody has practiced, topic by topic: what was answered, and in a second shade what was proven."""

from collections.abc import Sequence

from bot.domain.mastery import TopicMastery
from bot.domain.text import visible
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import FOOT, FULL, HEAD, MARGIN, Imprint, Person, PictureCard
from bot.ui.charts.fonts import ELLIPSIS, face, fitting, writable
from bot.ui.charts.palette import ACCENT, DEEP, FAINT
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.layouts import cut

FILE_NAME = "mastery.png"
ALT_LIMIT = 1024
NUMBER, SUMMARY = 44, 64
ROW, BAR, LABEL = 38, 10, 14


def progress_picture(topics: Sequence[TopicMastery], person: Person, imprint: Imprint) -> str:
    """An SVG of the topics that were begun, in their order."""
    top = HEAD + 4 + SUMMARY + 24
    card = PictureCard(top + ROW * len(topics) + 2 + FOOT, imprint)
    card.head(person.shown, _("Progress"), person=person)
    _summary(card, topics, HEAD + 4)
    _legend(card, HEAD + 4 + SUMMARY + 4)
    for at, topic in enumerate(topics):
        y = top + ROW * at
        share = topic.practiced / topic.questions
        said = _("{practiced} of {questions}", practiced=topic.practiced, questions=topic.questions)
        room = FULL - face(bold=True).width(said, LABEL) - 12
        card.text(MARGIN, y + 7, _short(writable(topic.topic), room), size=LABEL, room=room)
        card.text(WIDTH - MARGIN, y + 7, said, size=LABEL, bold=True, align="end")
        card.bar(MARGIN, y + 19, FULL, BAR, (share, DEEP), (topic.proven, ACCENT))
    return card.svg()


def progress_words(topics: Sequence[TopicMastery]) -> str:
    """The same in words, for those who cannot see the picture."""
    words = "; ".join(
        ngettext(
            "{topic} {practiced} of {number} question, {share:.0%} proven",
            "{topic} {practiced} of {number} questions, {share:.0%} proven",
            topic.questions,
            topic=visible(topic.topic),
            practiced=topic.practiced,
            share=topic.proven,
        )
        for topic in topics
    )
    return cut(f"{_done(topics)}: {words}.", ALT_LIMIT)


def _finished(topics: Sequence[TopicMastery]) -> int:
    return sum(topic.practiced == topic.questions for topic in topics)


def _done(topics: Sequence[TopicMastery]) -> str:
    practiced = sum(topic.practiced for topic in topics)
    said = ngettext("{number} question practiced", "{number} questions practiced", practiced)
    return f"{said}, {ngettext('{number} topic finished', '{number} topics finished', _finished(topics))}"


def _summary(card: PictureCard, topics: Sequence[TopicMastery], y: float) -> None:
    """What was done, in two large numbers."""
    left: float = MARGIN
    practiced, finished = sum(topic.practiced for topic in topics), _finished(topics)
    topic, ended = ngettext("topic", "topics", finished), ngettext("finished", "finished", finished)
    if not finished:
        topic, ended = ngettext("topic", "topics", len(topics)), ngettext("started", "started", len(topics))
    pairs = [
        (practiced, ngettext("question", "questions", practiced), ngettext("practiced", "practiced", practiced)),
        (finished or len(topics), topic, ended),
    ]
    for number, first, verb in pairs:
        card.text(left, y + SUMMARY / 2, str(number), size=NUMBER, bold=True)
        left += face(bold=True).width(str(number), NUMBER) + 10
        card.text(left, y + SUMMARY / 2 - 9, first, size=15)
        card.text(left, y + SUMMARY / 2 + 9, verb, size=15, color=FAINT)
        left += max(face().width(first, 15), face().width(verb, 15)) + 30


def _legend(card: PictureCard, y: float) -> None:
    left: float = MARGIN
    for color, said in ((DEEP, _("Answered")), (ACCENT, _("Proven in quizzes and reviews"))):
        card.box(left, y - 5, 18, BAR, color, corner=5)
        card.text(left + 24, y, said, size=13, color=FAINT, room=WIDTH - MARGIN - left - 24, least=10)
        left += 24 + face().width(said, 13) + 18


def _short(label: str, room: float) -> str:
    """A label that fits beside its numbers: without what stands in brackets, and cut between words."""
    if face().width(label, LABEL) > room and "(" in label:
        label = label[: label.index("(")].strip()
    kept = fitting(label, LABEL, room).removesuffix(ELLIPSIS)
    if kept == label or label[len(kept)] == " ":
        return label if kept == label else kept + ELLIPSIS
    return kept.rsplit(" ", 1)[0] + ELLIPSIS
