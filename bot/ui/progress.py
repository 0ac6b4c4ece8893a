"""Progress as people read it: mastery by topic with its picture, the way on, and the reader's own answers."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.answers import AnswerStatus
from bot.domain.bank import Bank
from bot.domain.mastery import TopicMastery
from bot.services.progress import Progress, ProgressView
from bot.services.reviews import ReviewQueue
from bot.ui.bank import full_button, short_answer
from bot.ui.charts.progress import FILE_NAME, progress_words
from bot.ui.kit.layouts import Button, Page, counted, cut, pages, progress
from bot.ui.kit.words import Sentence, full_date, quoted, shown
from bot.ui.reviews import review_button

SHOWN = 20
FORMULA = (
    "-# Mastery is the average over a topic's questions: the chance that a reviewed one is remembered now, the "
    "share of its quiz items answered right, a half if it was only answered as a question of the day or in an "
    "interview, 0 if never practiced."
)
NO_PICTURE = "-# I can't attach pictures here. A manager can give me the Attach Files permission."
STATUS = {AnswerStatus.ON_TIME: "✅ on time", AnswerStatus.LATE: "🕒 late", AnswerStatus.SHORT: "✏️ too short"}
NO_ANSWERS = (
    "### No answers yet\nWhat you answer to the questions of the day is kept here, each beside its model answer. "
    "`/answer` opens the newest question."
)
REFUSALS: Mapping[str, Sentence] = {
    "progress.not_yours": "Only they can share their progress, with **Share** under their own `/progress`.",
}
OPEN_STILL = "The model answer comes when the question closes."
GONE = "This question was taken out of the bank."


def begun(found: Progress) -> list[TopicMastery]:
    """The topics that are shown: those of which a question was practiced, in the order of the bank."""
    return [topic for topic in found.topics if topic.practiced][:SHOWN]


def picture(topics: Sequence[TopicMastery]) -> discord.MediaGalleryItem:
    """The attached picture, with the same in words for those who cannot see it."""
    return discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=progress_words(topics))


def empty_page(name: str, *, own: bool) -> Page:
    """Progress before anything was practiced."""
    if not own:
        return Page(f"**{shown(name)}** hasn't practiced here yet.")
    return Page(
        "### No progress yet\n"
        "Answer a question of the day, take a quiz or an interview; then this page shows what you know.",
        buttons=[Button("Start a quiz", "mb:quiz:again:0:5:any", main=True)],
    )


def done_page(found: Progress, name: str) -> Page:
    """What a member has done, for others: what they know well or badly is theirs to share."""
    finished = sum(topic.practiced == topic.questions for topic in found.topics)
    done = f"**{found.practiced}** of {counted(found.questions, 'question')} practiced"
    return Page(
        f"### {shown(name)}'s progress\n{done} · **{counted(finished, 'topic')}** finished",
        "-# How well they know each topic is theirs to share.",
    )


def mastery_page(
    found: Progress,
    *,
    name: str,
    member_id: int,
    drawn: bool,
    shared: bool,
    queue: ReviewQueue | None = None,
    bank: Bank | None = None,
) -> Page:
    """Mastery by topic; with a review queue and a bank it is the reader's own page, with what to do next.

    Args:
        drawn: whether the picture is attached; without it the topics stand as text.
    """
    topics = begun(found)
    title = "Your progress" if queue is not None else f"{shown(name)}'s progress"
    blocks = [
        f"### {title}\n# {_percent(found.overall)}\n"
        f"-# mastery of {counted(found.questions, 'question')}, of which {found.practiced} practiced"
    ]
    if not drawn:
        blocks += ["\n".join(map(_line, topics)), NO_PICTURE]
    buttons: list[Button] = []
    if queue is not None and bank is not None:
        blocks.append("\n".join(_following(found, queue)))
        buttons += [*review_button(queue.left), *_quiz_button(found, bank)]
        buttons.append(Button("My answers", "mb:progress:answers:0:0"))
    untouched = sum(not topic.practiced for topic in found.topics)
    blocks.append(FORMULA + (f" {counted(untouched, 'topic')} not begun yet." if untouched else ""))
    if not shared:
        buttons.append(Button("Share", f"mb:share:progress:{member_id}"))
    return Page(*blocks, buttons=buttons, picture=picture(topics) if drawn else None)


def _percent(share: float) -> str:
    """A share as people say it: the first steps are not nothing."""
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def _line(topic: TopicMastery) -> str:
    bar = progress(round(topic.mastery * 10), 10)
    return f"{bar} **{topic.mastery:.0%}** {quoted(topic.topic)} · {topic.practiced} of {topic.questions}"


def _following(found: Progress, queue: ReviewQueue) -> list[str]:
    lines: list[str] = []
    if queue.left:
        lines.append(f"**Due today** {counted(queue.left, 'card')} to review")
    elif queue.later and not queue.soon:
        lines.append(
            f"**Waiting** {counted(queue.later, 'card')}: today's are done, the rest can wait until tomorrow"
        )
    elif queue.next_at is not None:
        lines.append(f"**Next card** <t:{int(queue.next_at.timestamp())}:R>")
    else:
        lines.append("**Nothing to review yet** Questions you get wrong will show up here.")
    if found.following is not None:
        topic = found.following
        quiz = f"{topic.quiz.right} of {counted(topic.quiz.asked, 'quiz item')} right" if topic.quiz.asked else ""
        said = ", ".join(filter(None, [f"mastery {topic.mastery:.0%}" if topic.practiced else "not begun", quiz]))
        lines.append(f"**Practice next** {quoted(topic.topic)} ({said})")
    return lines


def _quiz_button(found: Progress, bank: Bank) -> list[Button]:
    title = found.following.topic if found.following else None
    number = bank.topic_number(title)
    if not number:
        return []
    return [Button(cut(f"Quiz: {title}", 80), f"mb:quiz:again:{number}:5:any", main=True)]


def answer_page(look: ProgressView | None, at: int) -> Page:
    """One of the reader's own answers beside its model answer; long ones have pages."""
    if look is None:
        return Page(NO_ANSWERS)
    question, answer = look.question, look.answer
    head = f"-# Answer {look.number} of {look.of} · {full_date(answer.day)} · {STATUS[answer.status]}\n"
    head += f"### {question.number} · {question.wording}" if question else f"### {answer.question_id}"
    blocks = [head, f"**Your answer**\n{_text(look)}"]
    if question is None:
        blocks.append(GONE)
    else:
        blocks += short_answer(question) if look.shown else [OPEN_STILL]
    turned = pages(blocks)
    at = min(max(at, 0), len(turned) - 1)
    steps = [("Newer", look.newer, 0), ("Older", look.older, 0)]
    if at + 1 < len(turned):
        steps.append(("Read on", answer.id, at + 1))
    elif at:
        steps.append(("Read from the start", answer.id, 0))
    return Page(
        *turned[at],
        buttons=[
            Button(label, f"mb:progress:answers:{target}:{page}")
            for label, target, page in steps
            if target is not None
        ]
        + (full_button(question) if question and look.shown else []),
    )


def _text(look: ProgressView) -> str:
    if look.text:
        return look.text
    if look.withheld:
        return "-# Discord didn't give me the text of this message."
    if look.only_file:
        return "-# Only a file."
    return "-# The text is erased: it was deleted, or it is older than texts are kept."
