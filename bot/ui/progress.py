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
from bot.ui.kit.catalog import N_, _, ngettext, numeral
from bot.ui.kit.layouts import Button, Page, cut, pages, progress
from bot.ui.kit.words import Sentence, full_date, quoted, shown
from bot.ui.reviews import review_button

SHOWN = 20
FORMULA = N_(
    "### How mastery is counted\nA topic's mastery is the average over its questions; "
    "what quizzes and reviews show of it counts as proven. For each question:\n- "
    "**reviewed:** the chance that you remember it now\n- **quizzed:** the share of its "
    "quiz questions you got right; if reviewed, too, the average of both\n- **answered** "
    "as a daily question or in an interview: half\n- **never practiced:** 0"
)
STATUS = {
    AnswerStatus.ON_TIME: N_("✅ on time"),
    AnswerStatus.LATE: N_("🕒 late"),
    AnswerStatus.SHORT: N_("✏️ too short"),
}
REFUSALS: Mapping[str, Sentence] = {
    "progress.not_yours": N_("Only they can share their progress, with **Share** under their own `/progress`."),
}


def begun(found: Progress) -> list[TopicMastery]:
    """The topics that are shown: those of which a question was practiced, in the order of the bank."""
    return [topic for topic in found.topics if topic.practiced][:SHOWN]


def picture(topics: Sequence[TopicMastery]) -> discord.MediaGalleryItem:
    """The attached picture, with the same in words for those who cannot see it."""
    return discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=progress_words(topics))


def empty_page(name: str, *, own: bool) -> Page:
    """Progress before anything was practiced."""
    if not own:
        return Page(_("**{name}** hasn't practiced here yet.", name=shown(name)))
    return Page(
        _(
            "### No progress yet\nAnswer a daily question, take a quiz or do an interview, and "
            "this page shows what you know."
        ),
        buttons=[Button(_("Start a quiz"), "mb:quiz:again:0:5:any", main=True)],
    )


def done_page(found: Progress, name: str) -> Page:
    """What a member has done, for others: what they know well or badly is theirs to share."""
    finished = sum(topic.practiced == topic.questions for topic in found.topics)
    done = [
        ngettext(
            "**{practiced}** of {number} question practiced",
            "**{practiced}** of {number} questions practiced",
            found.questions,
            practiced=found.practiced,
        ),
        ngettext("**{number} topic** finished", "**{number} topics** finished", finished),
    ]
    return Page(
        f"{_title(name)}\n{' · '.join(done)}",
        _("-# How well they know each topic is theirs to share."),
    )


def _title(name: str) -> str:
    return _("### {name}'s progress", name=shown(name))


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
    """What was done and how well it is known by topic; with a review queue and a bank it is the reader's own page,
    with what to do next.

    Args:
        drawn: whether the picture is attached; without it the topics stand as text.
    """
    topics = begun(found)
    title = _("### Your progress") if queue is not None else _title(name)
    done = ngettext(
        "{done} of {number} question practiced",
        "{done} of {number} questions practiced",
        found.questions,
        done=found.practiced,
    )
    blocks = [f"{title}\n# {done}\n-# {' · '.join(_topics(found))}"]
    if not drawn:
        blocks.append("\n".join(map(_line, topics)))
        blocks.append(_("-# I can't attach pictures here. A manager can give me the Attach Files permission."))
    buttons: list[Button] = []
    if queue is not None and bank is not None:
        blocks.append("\n".join(_following(found, queue)))
        buttons += [*review_button(queue.left), *_quiz_button(found, bank)]
        buttons.append(Button(_("My answers"), "mb:progress:answers:0:0"))
        buttons.append(Button(_("How is mastery counted?"), "mb:progress:how"))
    if not shared:
        buttons.append(Button(_("Share"), f"mb:share:progress:{member_id}"))
    return Page(*blocks, buttons=buttons, picture=picture(topics) if drawn else None)


def _topics(found: Progress) -> list[str]:
    """How far the topics are, and how well all of them are known."""
    finished = sum(topic.practiced == topic.questions for topic in found.topics)
    untouched = sum(not topic.practiced for topic in found.topics)
    said = [ngettext("{number} topic finished", "{number} topics finished", finished)] if finished else []
    said += [ngettext("{number} topic not started", "{number} topics not started", untouched)] if untouched else []
    return [*said, _("{share} mastered", share=_percent(found.overall))]


def formula_page() -> Page:
    """How mastery is counted, for who asks."""
    return Page(_(FORMULA))


def _percent(share: float) -> str:
    """A share as people say it: the first steps are not nothing."""
    return _("under {share:.0%}", share=0.01) if 0 < share < 0.005 else numeral(share, ".0%")


def _line(topic: TopicMastery) -> str:
    bar = progress(round(topic.mastery * 10), 10)
    done = _("{practiced} of {questions}", practiced=topic.practiced, questions=topic.questions)
    return f"{bar} **{numeral(topic.mastery, '.0%')}** {quoted(topic.topic)} · {done}"


def _following(found: Progress, queue: ReviewQueue) -> list[str]:
    lines: list[str] = []
    if queue.left:
        lines.append(
            ngettext("**Due today** {number} card to review", "**Due today** {number} cards to review", queue.left)
        )
    elif queue.later and not queue.soon:
        lines.append(
            ngettext(
                "**Waiting** {number} card: today's are done, the rest can wait until tomorrow",
                "**Waiting** {number} cards: today's are done, the rest can wait until tomorrow",
                queue.later,
            )
        )
    elif queue.next_at is not None:
        lines.append(_("**Next card** <t:{when}:R>", when=int(queue.next_at.timestamp())))
    else:
        lines.append(_("**Nothing to review yet** Questions you get wrong will show up here."))
    if found.following is not None:
        topic = quoted(found.following.topic)
        lines.append(_("**Practice next** {topic} ({state})", topic=topic, state=_state(found.following)))
    return lines


def _state(topic: TopicMastery) -> str:
    state = _("mastery {share:.0%}", share=topic.mastery) if topic.practiced else _("not started")
    if not topic.quiz.asked:
        return state
    quiz = ngettext(
        "{right} of {number} quiz question right",
        "{right} of {number} quiz questions right",
        topic.quiz.asked,
        right=topic.quiz.right,
    )
    return f"{state}, {quiz}"


def _quiz_button(found: Progress, bank: Bank) -> list[Button]:
    title = found.following.topic if found.following else None
    number = bank.topic_number(title)
    if not number:
        return []
    return [Button(cut(_("Quiz: {topic}", topic=title), 80), f"mb:quiz:again:{number}:5:any", main=True)]


def answer_page(look: ProgressView | None, at: int) -> Page:
    """One of the reader's own answers beside its model answer; long ones have pages."""
    if look is None:
        return Page(
            _(
                "### No answers yet\nYour answers to the daily questions are kept here, each next to "
                "its model answer. Use `/answer` to open the newest question."
            )
        )
    question, answer = look.question, look.answer
    number = _("-# Answer {number} of {answers}", number=look.number, answers=look.of)
    asked = f"{question.number} · {question.wording}" if question else answer.question_id
    head = f"{number} · {full_date(answer.day)} · {_(STATUS[answer.status])}\n### {asked}"
    blocks = [head, _("**Your answer**\n{text}", text=_text(look))]
    if question is None:
        blocks.append(_("This question was taken out of the bank."))
    elif look.shown:
        blocks += short_answer(question)
    else:
        blocks.append(_("The model answer comes when the question closes."))
    turned = pages(blocks)
    at = min(max(at, 0), len(turned) - 1)
    steps = [(_("Newer"), look.newer, 0), (_("Older"), look.older, 0)]
    if at + 1 < len(turned):
        steps.append((_("Keep reading"), answer.id, at + 1))
    elif at:
        steps.append((_("Read from the start"), answer.id, 0))
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
        return _("-# Discord didn't give me the text of this message.")
    if look.only_file:
        return _("-# Only a file.")
    return _("-# This text was erased: it was deleted, or it's older than I keep texts.")
