"""`/question`: a question with its answer, what a search found, and one to think about."""

from collections.abc import Mapping, Sequence

from bot.domain.bank import Bank, Question, Topic
from bot.ui.drills import model_answer, paged
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import Sentence
from bot.ui.mistakes import report_button


def _topic_unknown(text: str, fitting: int, topics: Sequence[Topic]) -> str:
    listing = ", ".join(f"{topic.number} {topic.title}" for topic in topics)
    which = f"fits {fitting} topics" if fitting else "is no topic"
    return f"“{text[:40]}” {which}. Write all, or numbers or names of: {listing}."


def _several_fit(text: str, questions: Sequence[Question]) -> str:
    listing = ", ".join(f"`{question.number}` {question.wording}" for question in questions)
    return f"Several questions fit “{text[:60]}”. Name one by its number: {listing}"


def _question_unknown(text: str, count: int) -> str:
    return f"I find no question for “{text[:60]}”. Write its number (1 to {count}), its id or its words."


def _nothing_found(text: str) -> str:
    return f"No question fits “{text[:60]}”. Try one word of it, or `/question random`."


REFUSALS: Mapping[str, Sentence] = {
    "bank.topic_unknown": _topic_unknown,
    "bank.several_topics": "Name one topic, or leave it out for all of them. These are {count}.",
    "bank.several_fit": _several_fit,
    "bank.question_unknown": _question_unknown,
    "bank.nothing_found": _nothing_found,
    "bank.topic_empty": "There is no question in this topic yet. Leave the topic out, or name another.",
}


def question_pages(question: Question) -> list[Page]:
    """A question with everything that belongs to it, for `/question show`."""
    head = f"**Question {question.number}** · {question.topic} · {question.difficulty}\n## {question.wording}"
    blocks = [head, *model_answer(question)]
    if question.follow_ups:
        asked = "\n".join(f"- **{f.question}** {f.answer}" for f in question.follow_ups)
        blocks.append(f"**What an interviewer asks next**\n{asked}")
    return paged(blocks, [report_button(question.id)])


def found_page(found: Sequence[Question]) -> Page:
    """What fits a search best."""
    lines = "\n".join(f"`{q.number:>3}` {q.wording}\n-# {q.topic} · {q.difficulty}" for q in found)
    return Page(lines, "-# `/question show` with the number shows the model answer.")


def drawn_page(question: Question, bank: Bank, topic: str | None) -> Page:
    """A question whose answer is kept back; another one of the topic, or of all, is a press away."""
    return Page(
        f"**Question {question.number}** · {question.topic} · {question.difficulty}\n## {question.wording}",
        "-# Say your answer aloud before you look.",
        buttons=[
            Button("Show the answer", f"mb:question:show:{question.id}", main=True),
            Button("Another one", f"mb:question:random:{bank.topic_number(topic)}"),
        ],
    )
