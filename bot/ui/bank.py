"""`/question`: a question with its answer, what a search found, and one to think about."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.bank import Bank, KeyPoint, OwnQuestion, Pack, Question, Topic
from bot.ui.charts.questions import file_name
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import Button, Page, paged
from bot.ui.kit.words import WORDING_SHOWN, Sentence, level, quoted
from bot.ui.mistakes import report_button

TOPICS_LISTED = 6
"""So many stand in a sentence; more are a wall, and the list that opens while one types has them."""


def _topic_unknown(text: str, fitting: int, topics: Sequence[Topic]) -> str:
    what = _("There's no topic called “{text}”.", text=text)
    if fitting:
        what = ngettext("“{text}” matches {number} topic.", "“{text}” matches {number} topics.", fitting, text=text)
    if len(topics) > TOPICS_LISTED:
        pick = _("Start typing and pick one from the list, or write `all`.")
    else:
        listing = ", ".join(f"{topic.number} {quoted(topic.title)}" for topic in topics)
        pick = _(
            "Pick from the list as you type, or write `all`, or the numbers or names of: {topics}.", topics=listing
        )
    return f"{what} {pick}"


def _pack_unknown(text: str, packs: Sequence[Pack]) -> str:
    listing = ", ".join(f"`{pack.id}` ({quoted(pack.title)})" for pack in packs)
    return _(
        "“{text}” isn't a pack here. Write all, or ids separated by commas: {packs}.", text=text, packs=listing
    )


def _several_fit(text: str, questions: Sequence[Question]) -> str:
    listing = ", ".join(f"`{question.number}` {quoted(question.wording, WORDING_SHOWN)}" for question in questions)
    return _("Several questions match “{text}”. Pick one by its number: {questions}", text=text, questions=listing)


REFUSALS: Mapping[str, Sentence] = {
    "bank.pack_unknown": _pack_unknown,
    "bank.topic_unknown": _topic_unknown,
    "bank.several_topics": N_("Pick one topic, or leave it out for all of them. You named {count}."),
    "bank.several_fit": _several_fit,
    "bank.question_unknown": N_(
        "No question matches “{text}”. Try its number (1 to {count}), its id, or a word from it."
    ),
    "bank.nothing_found": N_("Nothing found for “{text}”. Try a single word, or `/question random`."),
    "bank.topic_empty": N_("There are no questions on this topic yet. Leave the topic out, or pick another."),
}


def question_head(question: Question) -> str:
    """The first lines of a card: number, topic, difficulty, wording, and who suggested it."""
    number = _("**Question {number}**", number=question.number)
    head = f"{number} · {quoted(question.topic)} · {level(question.difficulty)}\n## {question.wording}"
    author = question.author_id if isinstance(question, OwnQuestion) else None
    return "\n".join((head, _("-# Suggested by <@{member}>", member=author))) if author else head


def short_answer(question: Question) -> list[str]:
    """What fits one look: what one says, and the key points; or an honest word where there is no answer yet."""
    if question.spoken is None:
        return [_("There's no model answer for this one yet. Compare notes with each other.")]
    head = _("**Model answer**")
    if question.as_of:
        head = _("**Model answer** · as of {year}", year=question.as_of.year)
    blocks = [f"{head}\n{question.spoken}"]
    if question.key_points:
        blocks.append(key_points([f"- {point_text(point)}" for point in question.key_points], question))
    return blocks


def answer_picture(question: Question, *, drawn: bool) -> discord.MediaGalleryItem | None:
    """The drawing that goes with an answer, and the same in words.

    Args:
        drawn: whether its file is attached.
    """
    if question.picture is None or not drawn:
        return None
    return discord.MediaGalleryItem(f"attachment://{file_name(question.picture)}", description=question.picture.alt)


def point_text(point: KeyPoint) -> str:
    """A key point as a list shows it: in bold where it is a must."""
    return f"**{point.text}**" if point.must else point.text


def key_points(lines: Sequence[str], question: Question, had: int | None = None) -> str:
    """A list of key points below its heading, which says how many were had and what bold means."""
    head = [_("**Key points**")]
    if had is not None:
        head = [_("**Key points** {had} of {count}", had=had, count=len(question.key_points))]
    if any(point.must for point in question.key_points):
        head.append(_("bold ones are a must"))
    return "\n".join([" · ".join(head), *lines])


def full_answer(question: Question) -> list[str]:
    """What goes beyond the short answer: how one shows it, what stands out, pitfalls, follow-ups, sources."""
    blocks = [question.written] if question.written else []
    if question.stands_out and question.stands_out != question.spoken:
        blocks.append("\n".join((_("**What stands out**"), question.stands_out)))
    if question.pitfalls:
        blocks.append("\n".join([_("**Pitfalls**"), *(f"- {pitfall}" for pitfall in question.pitfalls)]))
    if question.follow_ups:
        asked = [f"- **{f.question}** {f.answer}" for f in question.follow_ups]
        blocks.append("\n".join([_("**What an interviewer asks next**"), *asked]))
    if question.sources:
        lines = [f"- [{quoted(s.title, WORDING_SHOWN)}](<{s.url}>)" for s in question.sources]
        blocks.append("\n".join([_("**Sources**"), *lines]))
    return blocks


def _edition_words(question: Question) -> str:
    """A question's edition as it stands in custom_ids, so that old messages open what was asked."""
    return f"{question.id}:{question.edition}" if isinstance(question, OwnQuestion) else question.id


def full_button(question: Question) -> list[Button]:
    """The button that shows one reader the full answer; none where there is no more to show."""
    return (
        [Button(_("Full answer"), f"mb:question:full:{_edition_words(question)}")] if full_answer(question) else []
    )


def full_pages(question: Question) -> list[Page]:
    """The full answer for one reader; without one, for buttons that outlived it, the short one."""
    number = _("-# Question {number} · {topic}", number=question.number, topic=quoted(question.topic))
    head = f"{number}\n### {question.wording}"
    return paged([head, *(full_answer(question) or short_answer(question))])


def question_pages(question: Question, *, drawn: bool = False) -> list[Page]:
    """A question with its answer, for `/question show`, and its picture where that is `drawn`."""
    return paged(
        [question_head(question), *short_answer(question)],
        [*full_button(question), report_button(question.id)],
        picture=answer_picture(question, drawn=drawn),
    )


def found_page(found: Sequence[Question]) -> Page:
    """What fits a search best."""
    lines = "\n".join(
        f"`{q.number:>3}` {quoted(q.wording, WORDING_SHOWN)}\n-# {quoted(q.topic)} · {level(q.difficulty)}"
        for q in found
    )
    return Page(lines, _("-# Use `/question show` with its number to see the model answer."))


def drawn_page(question: Question, bank: Bank, topic: str | None) -> Page:
    """A question whose answer is kept back; another one of the topic, or of all, is a press away."""
    return Page(
        question_head(question),
        _("-# Say your answer out loud before you look."),
        buttons=[
            Button(_("Show the answer"), f"mb:question:show:{question.id}", main=True),
            Button(_("Another one"), f"mb:question:random:{bank.topic_number(topic)}"),
        ],
    )
