"""An interview as its member sees it: the questions, the scorecard, and what is asked back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.bank import Question
from bot.domain.interviews import Interview, InterviewQuestion, InterviewWay, QuestionEnd
from bot.domain.text import visible
from bot.services.interview_answers import InterviewForm
from bot.services.interviews import InterviewView
from bot.ui.kit.forms import ANSWER_HINT, ANSWER_LIMIT, Form
from bot.ui.kit.layouts import CLOSED_ACCENT, OPEN_ACCENT, TEXT_LIMIT, Button, Page, counted
from bot.ui.kit.words import NOBODY, Sentence, quoted

THREAD_NAME_LIMIT = 100
WRITTEN_LIMIT = 500
"""How much of what is stored a question's private page repeats."""
NO_THREADS = "-# It runs in private messages, because I can't open a private thread in this channel."
ERASED = "A follow-up that a model asked; its words aren't kept anymore."
BY_A_MODEL = "-# 🤖 A model asks this, because of what you said."
TAKEN_OUT = "This question was taken out of the bank."
FOR_PRACTICE = "-# This is for practice. It must not be used to select people for jobs."
TOO_LATE = "Time was up before this came in, so it doesn't count. The interview has moved on."
STORED = "✅ Saved. **Next** moves on; **Answer** changes it while there's time."
NO_THREAD_YET = "I can't open your thread right now. I'll keep trying; `/interview start` shows how it stands."
TIME_WAS_UP = "⏰ Time was up for {what}, so the interview moves on. Anything after that doesn't count."

REFUSALS: Mapping[str, Sentence] = {
    "interviews.not_yours": "This isn't your interview. `/interview start` begins your own.",
    "interviews.no_questions": "There's no question in this topic yet. Leave the topic out, or pick another.",
    "interviews.over": "This interview is over. `/interview start` begins a new one.",
    "interviews.question_over": "This question is over. The next one stands below it, or comes in a moment.",
    "interviews.empty": "There's nothing in it. Press **Answer** and write a few words.",
    "interviews.no_thread_yet": NO_THREAD_YET,
    "interviews.not_invited": (
        "I can't reach your thread right now. Ask a manager to let me see this channel, or end the interview."
    ),
    "interviews.not_read": (
        "I couldn't read this thread just now, and I don't want to lose a word. Press the button again in a moment."
    ),
    "interviews.not_scored": "This question isn't on the scorecard.",
    "interviews.taken_out": TAKEN_OUT,
}


def clock_time(time: timedelta) -> str:
    """Minutes and seconds, such as 3:12."""
    seconds = int(time.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def thread_key(interview: Interview) -> str:
    """How the name of an interview's thread begins, by which it is found again under any name of its member."""
    return f"Interview {interview.id} · "


def thread_name(view: InterviewView) -> str:
    """`Interview 12 · Anna · 2026-11-23`; the number tells two of one day apart."""
    head, tail = thread_key(view.interview), f" · {view.day}"
    name = visible(view.name) or NOBODY
    return f"{head}{name[: THREAD_NAME_LIMIT - len(head) - len(tail)]}{tail}"


def answer_id(asked: InterviewQuestion) -> str:
    """The custom_id of a question's Answer button."""
    return f"mb:interview:answer:{asked.interview_id}:{asked.position}"


def _buttons(asked: InterviewQuestion) -> list[Button]:
    return [
        Button("Answer", answer_id(asked), main=True),
        Button("Next", f"mb:interview:next:{asked.interview_id}:{asked.position}"),
        Button("End interview", f"mb:interview:stop:{asked.interview_id}", danger=True),
    ]


def _what(interview: Interview, asked: InterviewQuestion) -> str:
    number = f"question {asked.number} of {interview.count}"
    return number if asked.follow_up is None else f"the follow-up to {number}"


def _head(interview: Interview, asked: InterviewQuestion, question: Question | None) -> str:
    what = _what(interview, asked).removeprefix("the ")
    about = f" · {quoted(question.topic)} · {question.difficulty}" if question and asked.follow_up is None else ""
    return f"-# {what[0].upper()}{what[1:]}{about}\n## {wording(asked, question)}"


def wording(asked: InterviewQuestion, question: Question | None) -> str:
    """What a question of an interview asks."""
    if asked.wording is not None:
        return quoted(asked.wording, TEXT_LIMIT) or ERASED
    if question is None:
        return TAKEN_OUT
    if asked.follow_up is None:
        return question.wording
    return (
        question.follow_ups[asked.follow_up].question if asked.follow_up < len(question.follow_ups) else TAKEN_OUT
    )


def intro_text(interview: Interview, wanted: int | None = None) -> str:
    """How the interview goes; `wanted` is how many questions were asked for, where there are fewer."""
    count = counted(interview.count, "question")
    each = " each" if interview.count > 1 else ""
    text = f"### Your interview: {count}, {counted(interview.minutes, 'minute')}{each}\n"
    if wanted is not None and wanted > interview.count:
        text += f"Only {count} to choose from. "
    return text + (
        "Questions come one at a time; after an answer there may be a follow-up with half the time. "
        "At the end you get a scorecard with the model answers."
    )


def intro_page(interview: Interview, *, withheld: bool) -> Page:
    """The thread's first message."""
    how = "Write your answer here, in as many messages as you like, or press **Answer**. Then press **Next**."
    if withheld:
        how = (
            "Press **Answer** to write: the form keeps your text for the scorecard. I can see that you write here, "
            "but not what you say; a message counts as answered. Then press **Next**."
        )
    return Page(
        f"{intro_text(interview)}\n{how} When time's up, it moves on by itself.",
        f"-# Only you and those who manage threads here can read this.\n{FOR_PRACTICE}",
    )


def _time_note(interview: Interview, position: int) -> list[str]:
    """What the message after a question says when its time was up."""
    before = [asked for asked in interview.asked if asked.position < position and asked.closed_at is not None]
    if not before or before[-1].ended is not QuestionEnd.TIME:
        return []
    return [TIME_WAS_UP.format(what=_what(interview, before[-1]))]


def question_page(
    view: InterviewView,
    asked: InterviewQuestion,
    question: Question | None,
    now: datetime,
    notes: Sequence[str] = (),
) -> Page:
    """The open question with its timer; `notes` stand above it."""
    interview = view.interview
    stored: list[str] = []
    until = int(interview.deadline(asked, now).timestamp())
    if interview.way is InterviewWay.THREAD:
        foot = f"Time is up <t:{until}:R>. Write here or press **Answer**; then **Next**."
    else:
        foot = f"Time is up <t:{until}:R>. Press **Answer** to write, then **Next**."
        stored = [f"**Stored so far**\n{truncate(view.written, WRITTEN_LIMIT)}"] if view.written else []
    foot += f"\n{BY_A_MODEL}" if asked.wording else ""
    blocks = [*_time_note(interview, asked.position), *notes, _head(interview, asked, question), *stored, foot]
    return Page(*blocks, buttons=_buttons(asked), accent=OPEN_ACCENT)


def closed_page(interview: Interview, asked: InterviewQuestion, question: Question | None) -> Page:
    """A question that was asked earlier."""
    how = {QuestionEnd.TIME: "time was up", QuestionEnd.STOP: "given up"}.get(
        asked.ended or QuestionEnd.NEXT, clock_time(asked.used)
    )
    said = "answered" if asked.answered else "not answered"
    return Page(f"{_head(interview, asked, question)}\n-# Closed · {said} · {how}", accent=CLOSED_ACCENT)


def truncate(text: str, limit: int) -> str:
    """The beginning of a long text, with a note."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rsplit(' ', 1)[0]}…\n-# Cut here: your text has {counted(len(text), 'character')}."


def running_page(interview: Interview) -> Page:
    """What `/interview start` says while one runs."""
    current = interview.current
    where = f" in <#{interview.thread_id}>" if interview.thread_id else ""
    at = f": {_what(interview, current)}" if current else ""
    return Page(
        f"You have an interview running{where}{at}.",
        buttons=[
            Button("Go on", f"mb:interview:go:{interview.id}", main=True),
            Button("End interview", f"mb:interview:stop:{interview.id}", danger=True),
        ],
    )


def there_text(interview: Interview) -> str:
    """Where an interview that has just begun happens."""
    return f"It is in your private thread: <#{interview.thread_id}>. Your time is running."


def back_page(interview: Interview) -> Page:
    """The way back into an interview's thread."""
    return Page(f"It goes on in your private thread: <#{interview.thread_id}>.")


def given_back(text: str) -> str:
    """An answer that came too late."""
    return f"Here's your text, so nothing is lost:\n{text}"


def ended_text(interview: Interview) -> str:
    """What is said to whoever has given an interview up."""
    return "Ended; the scorecard follows." if interview.scored else "Ended. Nothing was answered."


def stop_page(interview: Interview) -> Page:
    """Asks once before an interview is given up."""
    return Page(
        "End the interview now? You get a scorecard for what you answered, and the rest isn't asked.\n"
        "-# The clock keeps running while you decide.",
        buttons=[
            Button("End it", f"mb:interview:end:{interview.id}", danger=True),
            Button("Go on", f"mb:interview:go:{interview.id}", main=True),
        ],
    )


def answer_form(opening: InterviewForm, asked: InterviewQuestion, question: Question | None) -> Form:
    """The form behind Answer; it repeats the question and holds what was written before."""
    form = Form(
        f"{_what(opening.interview, asked).removeprefix('the ').capitalize()}",
        f"mb:interview:form:{opening.interview.id}:{asked.position}:{opening.upto}",
    )
    form.tell(wording(asked, question))
    form.ask(
        "text",
        "Your answer",
        hint=ANSWER_HINT,
        value=opening.earlier,
        long=True,
        limit=ANSWER_LIMIT,
    )
    return form
