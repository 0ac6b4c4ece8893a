"""An interview as its member sees it: the questions, the scorecard, and what is asked back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.interview import Asked, Ended, Interview, Score, State, Way
from bot.domain.questions import Pack, Question
from bot.services.interviews import Opening, Sheet
from bot.ui.forms import ANSWER_LIMIT, Form
from bot.ui.layouts import CLOSED_ACCENT, OPEN_ACCENT, Button, Page, counted, page_text, pages, progress
from bot.ui.reports import report_button

THREAD_NAME_LIMIT = 100
CARD_CUT, FOLLOW_UP_CUT = 1200, 500
"""How much of a member's text the scorecard repeats."""
BOXES = 10
"""Discord's most checkboxes in one group."""
TAKEN_OUT = "This question was taken out of the bank."
FOR_PRACTICE = "-# This is for practice. It must not be used to select people for jobs."
TOO_LATE = "Time was up before this came, so it does not count; the interview has gone on."
NOTHING_WRITTEN = "You wrote nothing to this one."
NO_TEXT = "You answered, and your text is not kept here."
TIME_WAS_UP = "⏰ Time was up for {what}, so the interview goes on. What came after that does not count."


@dataclass(frozen=True, slots=True)
class Post:
    """A message that an interview's thread should hold.

    Args:
        says: stays the same while the message needs no edit.
        marker: the custom_id of one of its buttons, by which it is found again after a crash.
        asks: the position of the question that it asks.
    """

    key: str
    page: Page
    says: str
    marker: str | None = None
    asks: int | None = None


def clock_time(time: timedelta) -> str:
    """Minutes and seconds, such as 3:12."""
    seconds = int(time.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def thread_name(sheet: Sheet) -> str:
    """`Interview 12 · Anna · 2026-11-23`; the number tells two of one day apart."""
    head, tail = f"Interview {sheet.interview.id} · ", f" · {sheet.day}"
    name = " ".join(sheet.name.split())
    return f"{head}{name[: THREAD_NAME_LIMIT - len(head) - len(tail)]}{tail}"


def answer_id(asked: Asked) -> str:
    """The custom_id of a question's Answer button."""
    return f"mb:interview:answer:{asked.interview_id}:{asked.position}"


def _buttons(asked: Asked) -> list[Button]:
    return [
        Button("Answer", answer_id(asked), main=True),
        Button("Next", f"mb:interview:next:{asked.interview_id}:{asked.position}"),
        Button("Give up", f"mb:interview:stop:{asked.interview_id}", danger=True),
    ]


def _what(interview: Interview, asked: Asked) -> str:
    number = f"question {asked.number} of {interview.count}"
    return number if asked.follow_up is None else f"the follow-up to {number}"


def _head(interview: Interview, asked: Asked, question: Question | None) -> str:
    what = _what(interview, asked).removeprefix("the ")
    about = f" · {question.topic} · {question.difficulty}" if question and asked.follow_up is None else ""
    return f"-# {what[0].upper()}{what[1:]}{about}\n## {_wording(asked, question)}"


def _wording(asked: Asked, question: Question | None) -> str:
    if question is None:
        return TAKEN_OUT
    if asked.follow_up is None:
        return question.prompt
    return (
        question.follow_ups[asked.follow_up].question if asked.follow_up < len(question.follow_ups) else TAKEN_OUT
    )


def intro_text(interview: Interview, wanted: int | None = None) -> str:
    """How the interview goes; `wanted` is how many questions were asked for, where there are fewer."""
    count = counted(interview.count, "question")
    text = f"### Your interview: {count}, {counted(interview.minutes, 'minute')} each\n"
    if wanted is not None and wanted > interview.count:
        text += f"There is no more in this topic than {count}. "
    return text + (
        "One question comes after the other; after an answer there may be a follow-up with half the time. "
        "At the end you get a scorecard with the model answers."
    )


def intro_page(interview: Interview, *, withheld: bool) -> Page:
    """The thread's first message."""
    how = "Write your answer here, in as many messages as you like, or press **Answer**. **Next** goes on."
    if withheld:
        how = (
            "Press **Answer** to write: the form keeps your text for the scorecard. I can see that you write here, "
            "but not what; a message counts as answered. **Next** goes on."
        )
    return Page(
        f"{intro_text(interview)}\n{how} When time is up, it goes on by itself.",
        f"-# Only you and those who manage threads here can read this.\n{FOR_PRACTICE}",
    )


def _time_note(interview: Interview, position: int) -> list[str]:
    """What the message after a question says when its time was up."""
    before = [asked for asked in interview.asked if asked.position < position and asked.closed_at is not None]
    if not before or before[-1].ended is not Ended.TIME:
        return []
    return [TIME_WAS_UP.format(what=_what(interview, before[-1]))]


def question_page(
    sheet: Sheet, asked: Asked, question: Question | None, now: datetime, notes: Sequence[str] = ()
) -> Page:
    """The open question with its timer."""
    interview = sheet.interview
    until = int(interview.deadline(asked, now).timestamp())
    if interview.way is Way.THREAD:
        foot = f"Time is up <t:{until}:R>. Write here or press **Answer**; then **Next**."
    else:
        foot = f"Time is up <t:{until}:R>. Press **Answer** to write, then **Next**."
        notes = [*notes, *([f"**Stored so far**\n{cut(sheet.written, FOLLOW_UP_CUT)}"] if sheet.written else [])]
    blocks = [*_time_note(interview, asked.position), _head(interview, asked, question), *notes, foot]
    return Page(*blocks, buttons=_buttons(asked), accent=OPEN_ACCENT)


def closed_page(interview: Interview, asked: Asked, question: Question | None) -> Page:
    """A question that was asked earlier."""
    how = {Ended.TIME: "time was up", Ended.STOP: "given up"}.get(asked.ended or Ended.NEXT, clock_time(asked.used))
    said = "answered" if asked.answered else "not answered"
    return Page(f"{_head(interview, asked, question)}\n-# Closed · {said} · {how}", accent=CLOSED_ACCENT)


def cut(text: str, limit: int) -> str:
    """The beginning of a long text, with a note."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rsplit(' ', 1)[0]}…\n-# Cut here: your text has {counted(len(text), 'character')}."


def _said(asked: Asked, limit: int) -> str:
    if not asked.answered:
        return NOTHING_WRITTEN
    return f"**You said**\n{cut(asked.text, limit) if asked.text else NO_TEXT}"


def _key_points(question: Question, ticked: Sequence[int] | None) -> str:
    had = set(ticked or ())
    signs = ["- " if ticked is None else "✅ " if at in had else "▫️ " for at in range(len(question.key_points))]
    title = "**Key points**" if ticked is None else f"**Key points** {len(had)} of {len(signs)}"
    lines = (f"{sign}{point.text}" for sign, point in zip(signs, question.key_points, strict=True))
    return f"{title}\n" + "\n".join(lines)


def card_pages(sheet: Sheet, asked: Asked, question: Question | None) -> list[Page]:
    """One question of the scorecard: what was said, the model answer, the key points, the follow-up."""
    interview = sheet.interview
    time = f"{clock_time(asked.used)} of {clock_time(timedelta(minutes=interview.minutes))}"
    late = " · time was up" if asked.ended is Ended.TIME else ""
    blocks = [f"-# Question {asked.number} of {interview.count} · {time}{late}\n### {_wording(asked, question)}"]
    blocks.append(_said(asked, CARD_CUT))
    buttons: list[Button] = []
    if question is not None:
        blocks += [f"**Model answer**\n{question.answer}"] if question.answer else []
        if question.key_points:
            blocks.append(_key_points(question, sheet.ticks.get(asked.position)))
            tick = f"mb:interview:tick:{interview.id}:{asked.position}"
            buttons.append(Button("Tick the key points you had", tick, main=True))
        if question.answer is None:
            blocks.append("There is no model answer for this question yet.")
        buttons.append(report_button(question.id))
    follow_up = next((found for found in interview.asked if found.position == asked.position + 1), None)
    if follow_up is not None and follow_up.asked_at is not None:
        blocks += _follow_up(follow_up, question)
    *first, last = pages(blocks)
    return [*(Page(*texts) for texts in first), Page(*last, buttons=buttons)]


def _follow_up(asked: Asked, question: Question | None) -> list[str]:
    blocks = [f"**Follow-up** · {clock_time(asked.used)}\n{_wording(asked, question)}", _said(asked, FOLLOW_UP_CUT)]
    if question is not None and asked.follow_up is not None and asked.follow_up < len(question.follow_ups):
        blocks.append(f"**A good answer**\n{question.follow_ups[asked.follow_up].answer}")
    return blocks


def again_id(interview: Interview, pack: Pack) -> str:
    """The custom_id that starts an interview of the same kind."""
    topic = next((t.number for t in pack.topics if t.title == interview.topic), 0)
    return f"mb:interview:again:{topic}:{interview.count}:{interview.minutes}"


def compared(now: Score, last: Score | None) -> str:
    """How it went beside the last one."""
    if last is None:
        return "This was your first interview here. The next one is compared with it."
    return (
        f"Last time, {last.day}: {last.ticked} of {last.of} key points in {clock_time(last.used)}; "
        f"now {now.ticked} of {now.of} in {clock_time(now.used)}."
    )


def end_page(sheet: Sheet, pack: Pack) -> Page:
    """The end of the scorecard: the sum, and the last interview beside it."""
    interview, now = sheet.interview, sheet.score
    answered = sum(asked.answered for asked in interview.scored)
    again = [Button("Another interview", again_id(interview, pack), main=True)]
    if not interview.scored:
        return Page("You gave up before an answer, so there is no scorecard.", buttons=again)
    head = f"### {'Your interview' if interview.state is State.DONE else 'Your interview, as far as it went'}"
    blocks = [f"{head}\n{answered} of {counted(interview.count, 'question')} answered in {clock_time(now.used)}"]
    if now.of:
        blocks.append(f"**Key points** {now.ticked} of {now.of}\n{progress(now.ticked, now.of)}")
    blocks.append(compared(now, sheet.last))
    waiting = sum(asked.position not in sheet.ticks for asked in interview.scored) if now.of else 0
    if waiting:
        blocks.append(f"-# Tick the key points under {counted(waiting, 'question')} above, and the numbers follow.")
    return Page(*blocks, buttons=again)


def score_pages(sheet: Sheet, pack: Pack) -> list[tuple[str, Page]]:
    """The scorecard, (key, page) each."""
    found: list[tuple[str, Page]] = []
    for asked in sheet.interview.scored:
        cards = card_pages(sheet, asked, pack.find(asked.question_id))
        found += [(f"card:{asked.position}:{number}", page) for number, page in enumerate(cards)]
    return [*found, ("end", end_page(sheet, pack))]


def thread_posts(sheet: Sheet, pack: Pack, now: datetime, *, withheld: bool) -> Iterable[Post]:
    """Everything that an interview's thread should hold, in order."""
    interview = sheet.interview
    yield Post("intro", intro_page(interview, withheld=withheld), "intro")
    for asked in interview.asked:
        question = pack.find(asked.question_id)
        if asked.closed_at is not None:
            key = f"ask:{asked.position}"
            yield Post(key, closed_page(interview, asked, question), "closed", answer_id(asked))
        elif asked == interview.current:
            page = question_page(sheet, asked, question, now)
            yield Post(f"ask:{asked.position}", page, "open", answer_id(asked), asked.position)
    if interview.state in (State.DONE, State.STOPPED):
        for key, page in score_pages(sheet, pack):
            yield Post(key, page, page_text(page.children))


def running_page(interview: Interview) -> Page:
    """What `/interview start` says while one runs."""
    current = interview.current
    where = f" in <#{interview.thread_id}>" if interview.thread_id else ""
    at = f": {_what(interview, current)}" if current else ""
    return Page(
        f"You have an interview running{where}{at}.",
        buttons=[
            Button("Go on", f"mb:interview:go:{interview.id}", main=True),
            Button("Give it up", f"mb:interview:stop:{interview.id}", danger=True),
        ],
    )


def stop_page(interview: Interview) -> Page:
    """Asks once before an interview is given up."""
    return Page(
        "End the interview now? You get the scorecard of what you answered; the rest is not asked.\n"
        "-# The time of the open question goes on while you decide.",
        buttons=[
            Button("End it", f"mb:interview:end:{interview.id}", danger=True),
            Button("Go on", f"mb:interview:go:{interview.id}", main=True),
        ],
    )


def answer_form(opening: Opening, position: int) -> Form:
    """The form behind Answer; it holds what was written before."""
    asked = next(found for found in opening.interview.asked if found.position == position)
    form = Form(
        f"{_what(opening.interview, asked).removeprefix('the ').capitalize()}",
        f"mb:interview:form:{opening.interview.id}:{position}:{opening.upto}",
    )
    form.ask(
        "text",
        "Your answer",
        hint="The point first, then how it works, an example, the limits",
        value=opening.earlier,
        long=True,
        limit=ANSWER_LIMIT,
    )
    return form


def tick_form(interview: Interview, asked: Asked, question: Question, ticked: Sequence[int]) -> Form:
    """The key points of one question, to be ticked."""
    form = Form(f"Question {asked.number}: your key points", f"mb:interview:ticked:{interview.id}:{asked.position}")
    texts = [point.text for point in question.key_points]
    for name, start in tick_names(question):
        label = "Which of these were in your answer?" if start == 0 else "And of these?"
        form.tick(name, label, texts[start : start + BOXES], [point - start for point in ticked])
    return form


def tick_names(question: Question) -> list[tuple[str, int]]:
    """(field, first key point) of each group of boxes in the form."""
    return [(f"points{start}", start) for start in range(0, len(question.key_points), BOXES)]
