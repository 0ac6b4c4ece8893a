"""An interview as its member sees it: the questions, the scorecard, and what is asked back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.bank import Question
from bot.domain.interviews import Interview, InterviewQuestion, InterviewWay, QuestionEnd
from bot.domain.text import visible
from bot.services.interview_answers import InterviewForm
from bot.services.scorecards import InterviewView
from bot.ui.answers import given_back
from bot.ui.kit.catalog import LANGUAGES, N_, _, ngettext, pgettext, speaking
from bot.ui.kit.forms import ANSWER_HINT, ANSWER_LIMIT, Form
from bot.ui.kit.layouts import CLOSED_ACCENT, OPEN_ACCENT, TEXT_LIMIT, Button, Page
from bot.ui.kit.words import NOBODY, Sentence, level, quoted

THREAD_NAME_LIMIT = 100
WRITTEN_LIMIT = 500
"""How much of what is stored a question's private page repeats."""
TAKEN_OUT = N_("This question was taken out of the bank.")
FOR_PRACTICE = N_("-# This is for practice. It must not be used to select people for jobs.")
NO_THREAD_YET = N_(
    "I can't open your thread right now. I'll keep trying; use `/interview start` to see how it stands."
)

REFUSALS: Mapping[str, Sentence] = {
    "interviews.not_yours": N_("This isn't your interview. Use `/interview start` to begin your own."),
    "interviews.no_questions": N_(
        "There are no questions on this topic yet. Leave the topic out, or pick another."
    ),
    "interviews.over": N_("This interview is over. Use `/interview start` to begin a new one."),
    "interviews.question_over": N_("This question is over. The next one is below it, or comes in a moment."),
    "interviews.empty": N_("Your answer is empty. Press **Answer** and write a few words."),
    "interviews.no_thread_yet": NO_THREAD_YET,
    "interviews.not_invited": N_(
        "I can't reach your thread right now. Ask a manager to let me see this channel, or end the interview."
    ),
    "interviews.not_read": N_(
        "I couldn't read this thread just now, and I don't want to lose a word. Press the button again in a moment."
    ),
    "interviews.not_scored": N_("This question isn't on the scorecard."),
    "interviews.taken_out": TAKEN_OUT,
}


def clock_time(time: timedelta) -> str:
    """Minutes and seconds, such as 3:12."""
    seconds = int(time.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def _thread_key(interview: Interview) -> str:
    title = _("Interview {number}", number=interview.id)
    return f"{title} · "


def names_thread(interview: Interview, name: str) -> bool:
    """Whether an interview's thread is called so: found again in any language, under any name of its member."""
    for language in LANGUAGES:
        with speaking(language):
            if name.startswith(_thread_key(interview)):
                return True
    return False


def thread_name(view: InterviewView) -> str:
    """`Interview 12 · Anna · 2026-11-23`; the number tells two of one day apart."""
    head, tail = _thread_key(view.interview), f" · {view.day}"
    name = visible(view.name) or _(NOBODY)
    return f"{head}{name[: THREAD_NAME_LIMIT - len(head) - len(tail)]}{tail}"


def answer_id(asked: InterviewQuestion) -> str:
    """The custom_id of a question's Answer button."""
    return f"mb:interview:answer:{asked.interview_id}:{asked.position}"


def _buttons(asked: InterviewQuestion) -> list[Button]:
    return [
        Button(pgettext("button", "Answer"), answer_id(asked), main=True),
        Button(_("Next"), f"mb:interview:next:{asked.interview_id}:{asked.position}"),
        Button(_("End interview"), f"mb:interview:stop:{asked.interview_id}", danger=True),
    ]


def _title(interview: Interview, asked: InterviewQuestion) -> str:
    values = {"number": asked.number, "questions": interview.count}
    if asked.follow_up is None:
        return _("Question {number} of {questions}", **values)
    return _("Follow-up to question {number} of {questions}", **values)


def _head(interview: Interview, asked: InterviewQuestion, question: Question | None) -> str:
    about = ""
    if question and asked.follow_up is None:
        about = f" · {quoted(question.topic)} · {level(question.difficulty)}"
    return f"-# {_title(interview, asked)}{about}\n## {wording(asked, question)}"


def wording(asked: InterviewQuestion, question: Question | None) -> str:
    """What a question of an interview asks."""
    if asked.wording is not None:
        return quoted(asked.wording, TEXT_LIMIT) or _(
            "A follow-up that a model asked; its words aren't kept anymore."
        )
    if question is None:
        return _(TAKEN_OUT)
    if asked.follow_up is None:
        return question.wording
    if asked.follow_up < len(question.follow_ups):
        return question.follow_ups[asked.follow_up].question
    return _(TAKEN_OUT)


def intro_text(interview: Interview, wanted: int | None = None) -> str:
    """How the interview goes; `wanted` is how many questions were asked for, where there are fewer."""
    minutes = ngettext("{number} minute", "{number} minutes", interview.minutes)
    head = ngettext(
        "### Your interview: {number} question, {minutes}",
        "### Your interview: {number} questions, {minutes} each",
        interview.count,
        minutes=minutes,
    )
    text = _(
        "Questions come one at a time; after an answer there may be a follow-up with half the time. At the end you "
        "get a scorecard with the model answers."
    )
    if wanted is None or wanted <= interview.count:
        return f"{head}\n{text}"
    fewer = ngettext(
        "Only {number} question to choose from.", "Only {number} questions to choose from.", interview.count
    )
    return f"{head}\n{fewer} {text}"


def forms_intro(interview: Interview, wanted: int) -> str:
    """The same where the interview can have no thread, with what it must not be used for."""
    private = _("-# It runs in messages only you can see, because I can't open a private thread in this channel.")
    return "\n".join([intro_text(interview, wanted), private, _(FOR_PRACTICE)])


def intro_page(interview: Interview, *, withheld: bool) -> Page:
    """The thread's first message."""
    how = _("Write your answer here, in as many messages as you like, or press **Answer**. Then press **Next**.")
    if withheld:
        how = _(
            "Press **Answer** to write: the form keeps your text for the scorecard. I can see "
            "that you're writing here, but not what you say; a message counts as answered. Then "
            "press **Next**."
        )
    over = _("When time's up, it moves on by itself.")
    readers = _("-# Only you and people who manage threads here can read this.")
    return Page(f"{intro_text(interview)}\n{how} {over}", "\n".join([readers, _(FOR_PRACTICE)]))


def _time_note(interview: Interview, position: int) -> list[str]:
    """What the message after a question says when its time was up."""
    before = [asked for asked in interview.asked if asked.position < position and asked.closed_at is not None]
    if not before or before[-1].ended is not QuestionEnd.TIME:
        return []
    values = {"number": before[-1].number, "questions": interview.count}
    if before[-1].follow_up is None:
        said = _("⏰ Time was up for question {number} of {questions}, so the interview moves on.", **values)
    else:
        said = _(
            "⏰ Time was up for the follow-up to question {number} of {questions}, so the interview moves on.",
            **values,
        )
    after = _("Anything after that doesn't count.")
    return [f"{said} {after}"]


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
        foot = _("Time is up <t:{until}:R>. Write here or press **Answer**, then press **Next**.", until=until)
    else:
        foot = _("Time is up <t:{until}:R>. Press **Answer** to write, then **Next**.", until=until)
        if view.written:
            stored = [_("**Saved so far**\n{text}", text=truncate(view.written, WRITTEN_LIMIT))]
    if asked.wording:
        foot = "\n".join([foot, _("-# 🤖 A model asks this, based on what you said.")])
    blocks = [*_time_note(interview, asked.position), *notes, _head(interview, asked, question), *stored, foot]
    return Page(*blocks, buttons=_buttons(asked), accent=OPEN_ACCENT)


def closed_page(interview: Interview, asked: InterviewQuestion, question: Question | None) -> Page:
    """A question that was asked earlier."""
    closed = _("-# Closed · answered") if asked.answered else _("-# Closed · not answered")
    how = clock_time(asked.used)
    if asked.ended is QuestionEnd.TIME:
        how = _("time was up")
    elif asked.ended is QuestionEnd.STOP:
        how = _("interview ended")
    return Page(f"{_head(interview, asked, question)}\n{closed} · {how}", accent=CLOSED_ACCENT)


def truncate(text: str, limit: int) -> str:
    """The beginning of a long text, with a note."""
    if len(text) <= limit:
        return text
    note = ngettext(
        "-# Cut here: your text has {number} character.",
        "-# Cut here: your text has {number} characters.",
        len(text),
    )
    return f"{text[:limit].rsplit(' ', 1)[0]}…\n{note}"


def running_page(interview: Interview) -> Page:
    """What `/interview start` says while one runs."""
    current = interview.current
    said = _("You have an interview running.")
    if interview.thread_id:
        said = _("You have an interview running in <#{thread}>.", thread=interview.thread_id)
    if current:
        said = f"{said}\n-# {_title(interview, current)}"
    return Page(
        said,
        buttons=[
            Button(_("Continue"), f"mb:interview:go:{interview.id}", main=True),
            Button(_("End interview"), f"mb:interview:stop:{interview.id}", danger=True),
        ],
    )


def there_text(interview: Interview) -> str:
    """Where an interview that has just begun happens, or that it cannot yet."""
    if interview.thread_id is None:
        return _(NO_THREAD_YET)
    return _("It's in your private thread: <#{thread}>. The clock is running.", thread=interview.thread_id)


def back_page(interview: Interview) -> Page:
    """The way back into an interview's thread."""
    return Page(_("It continues in your private thread: <#{thread}>.", thread=interview.thread_id))


def stored_note() -> str:
    """What is said to whoever sent the form in time."""
    return _("✅ Saved. **Next** moves on; **Answer** changes it while there's time.")


def too_late_lines(text: str) -> list[str]:
    """What is said to whoever sent it too late; they get back what they wrote."""
    return [
        _("Time was up before this came in, so it doesn't count. The interview has moved on."),
        given_back(text),
    ]


def ended_text(interview: Interview) -> str:
    """What is said to whoever has given an interview up."""
    return _("Ended. Your scorecard follows.") if interview.scored else _("Ended. Nothing was answered.")


def stop_page(interview: Interview) -> Page:
    """Asks once before an interview is given up."""
    return Page(
        _(
            "End the interview now? You get a scorecard for what you answered, and the rest isn't asked.\n"
            "-# The clock keeps running while you decide."
        ),
        buttons=[
            Button(_("End it"), f"mb:interview:end:{interview.id}", danger=True),
            Button(_("Continue"), f"mb:interview:go:{interview.id}", main=True),
        ],
    )


def answer_form(opening: InterviewForm, asked: InterviewQuestion, question: Question | None) -> Form:
    """The form behind Answer; it repeats the question and holds what was written before."""
    form = Form(
        _title(opening.interview, asked),
        f"mb:interview:form:{opening.interview.id}:{asked.position}:{opening.upto}",
    )
    form.tell(wording(asked, question))
    form.ask(
        "text",
        _("Your answer"),
        hint=_(ANSWER_HINT),
        value=opening.earlier,
        long=True,
        limit=ANSWER_LIMIT,
    )
    return form
