"""An interview's rules: time, order, follow-ups, sums; and its pages stay within Discord's limits."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bank import Difficulty, FollowUp, Question
from bot.domain.interviews import (
    Interview,
    InterviewQuestion,
    InterviewScore,
    InterviewState,
    InterviewWay,
    QuestionEnd,
    allowed,
    closing,
    pick,
    pick_follow_up,
    score,
)
from bot.services.scorecards import InterviewView
from bot.ui.interviews import clock_time, thread_name, truncate
from bot.ui.kit.layouts import COMPONENT_LIMIT, TEXT_LIMIT, page_text, upright
from bot.ui.scorecards import compared, score_pages, thread_posts
from tests.builders import bank

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
BANK = bank()
seconds = st.integers(0, 4000).map(lambda n: timedelta(seconds=n))


def question(number: int, *, answer: bool = True, follow_ups: int = 0) -> Question:
    more = tuple(FollowUp(f"And {n}?", "Because.") for n in range(follow_ups))
    return Question(
        id=f"q-{number:03}",
        number=number,
        module=1,
        topic="T",
        difficulty=Difficulty.EASY,
        prompt="?",
        answer="A" if answer else None,
        follow_ups=more,
    )


def asked(position: int, question_id: str = "q-001", **values: object) -> InterviewQuestion:
    plain = InterviewQuestion(
        id=position + 1,
        guild_id=1,
        interview_id=1,
        position=position,
        question_id=question_id,
        follow_up=None,
        asked_at=None,
        closed_at=None,
        ended=None,
        answered=False,
        text="",
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def interview(
    *questions: InterviewQuestion, state: InterviewState = InterviewState.RUNNING, minutes: int = 5
) -> Interview:
    return Interview(
        id=1,
        guild_id=1,
        member_id=1,
        channel_id=1,
        thread_id=1,
        way=InterviewWay.THREAD,
        state=state,
        topic=None,
        minutes=minutes,
        next_at=None,
        started_at=START,
        hints=True,
        finished_at=None,
        asked=questions,
    )


def seen_by(
    shown: Interview, name: str, written: str = "", ticks: Mapping[int, Sequence[int]] | None = None
) -> InterviewView:
    return InterviewView(
        interview=shown,
        name=name,
        day=START.date(),
        written=written,
        ticks=ticks or {},
        score=score(shown, {}, {}, START.date()),
        last=None,
        posts={},
        version=1,
        kept_back=frozenset(),
        hints={},
    )


@given(st.integers(1, 10), st.booleans(), seconds, st.sampled_from(QuestionEnd))
def test_a_question_never_lasts_longer_than_its_time(
    minutes: int, follow_up: bool, after: timedelta, how: QuestionEnd
):
    time = allowed(minutes, follow_up)
    assert time == timedelta(minutes=minutes) * (0.5 if follow_up else 1)
    at, ended = closing(START, time, START + after, how)
    assert START <= at <= START + time
    assert (
        (at == START + after and ended is how)
        if after < time
        else (at == START + time and ended is QuestionEnd.TIME)
    )


@given(st.integers(1, 10), seconds)
def test_words_belong_to_a_question_from_its_asking_until_its_time_is_up(minutes: int, after: timedelta):
    one = asked(0, asked_at=START)
    assert interview(one, minutes=minutes).takes(one, START + after) is (after < timedelta(minutes=minutes))
    assert not interview(one).takes(one, START - timedelta(seconds=1))
    assert not interview(asked(0)).takes(asked(0), START)


@given(
    st.lists(st.booleans(), max_size=12),
    st.dictionaries(st.integers(0, 11), st.integers(0, 100), max_size=12),
    st.integers(1, 5),
    st.integers(),
)
def test_what_was_never_asked_comes_first_and_nothing_twice(
    answers: list[bool], history: dict[int, int], count: int, seed: int
):
    questions = [question(number, answer=has) for number, has in enumerate(answers)]
    last = {f"q-{number:03}": START + timedelta(days=days) for number, days in history.items()}
    chosen = pick(questions, last, count, random.Random(seed))
    assert len(chosen) == min(count, len(questions)) and len({q.id for q in chosen}) == len(chosen)
    left = [q for q in questions if q not in chosen]

    def rank(q: Question) -> tuple[bool, float, bool]:
        return (q.id in last, last[q.id].timestamp() if q.id in last else 0.0, q.answer is None)

    assert all(rank(taken) <= rank(other) for taken in chosen for other in left)


def test_chance_decides_between_equals():
    questions = [question(number) for number in range(10)]
    assert len({pick(questions, {}, 1, random.Random(seed))[0].id for seed in range(60)}) > 5
    assert {pick_follow_up(question(1, follow_ups=3), True, random.Random(n)) for n in range(40)} == {0, 1, 2}


@given(st.booleans(), st.integers(0, 3), st.integers())
def test_a_follow_up_comes_only_after_an_answer(answered: bool, follow_ups: int, seed: int):
    number = pick_follow_up(question(1, follow_ups=follow_ups), answered, random.Random(seed))
    assert (number is not None) is (answered and follow_ups > 0)
    assert number is None or 0 <= number < follow_ups


@given(
    st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 9)), st.integers(0, 8), seconds), max_size=5),
    st.sampled_from([InterviewState.DONE, InterviewState.STOPPED]),
)
def test_a_score_sums_the_questions_on_the_scorecard(
    rows: list[tuple[bool, set[int], int, timedelta]], state: InterviewState
):
    questions = [
        asked(2 * n, f"q-{n:03}", asked_at=START, closed_at=START + used, answered=answered)
        for n, (answered, _, _, used) in enumerate(rows)
    ]
    ticks = {2 * n: sorted(points) for n, (_, points, _, _) in enumerate(rows)}
    of = {f"q-{n:03}": count for n, (_, _, count, _) in enumerate(rows)}
    found = score(interview(*questions, state=state), ticks, of, START.date())
    counted = [row for row in rows if row[0] or state is InterviewState.DONE]
    assert found.of == sum(count for _, _, count, _ in counted)
    assert found.ticked == sum(len({p for p in points if p < count}) for _, points, count, _ in counted) <= found.of
    assert found.used == sum((used for *_, used in rows), timedelta())


def test_the_last_interview_stands_beside_this_one():
    last = InterviewScore(date(2026, 11, 12), 7, 12, timedelta(minutes=14, seconds=3))
    now = InterviewScore(date(2026, 11, 23), 9, 13, timedelta(minutes=11))
    told = compared(now, last)
    assert (
        "Last time, Thu, Nov 12, 2026: 7 of 12 key points; now 9 of 13." in told and "14:03 then, 11:00 now" in told
    )
    assert "first interview" in compared(now, None)


def test_times_are_read_as_minutes_and_seconds():
    assert [clock_time(timedelta(seconds=n)) for n in (0, 9, 192, 3725)] == ["0:00", "0:09", "3:12", "62:05"]


@given(st.text(max_size=3000), st.integers(1, 600))
def test_long_texts_are_cut_with_a_note(text: str, limit: int):
    shown = truncate(text, limit)
    assert (shown == text) is (len(text) <= limit) and len(shown) <= limit + 60


def test_a_thread_s_name_can_be_read_whatever_its_member_is_called():
    named = seen_by(interview(), "")
    for name, seen in {"Anna\u202e": "Anna", "\u3164\u200b": "A member", "x" * 200: "x" * 70}.items():
        told = thread_name(replace(named, name=name))
        assert f" · {seen}" in told and told.endswith(f" · {START.date()}") and "\u202e" not in told
        assert len(told) <= 100


def test_every_question_of_the_bank_makes_pages_that_fit():
    long = "word " * 1500
    for one in BANK.questions:
        first = asked(0, one.id, asked_at=START, closed_at=START, ended=QuestionEnd.TIME, answered=True, text=long)
        more = replace(first, position=1, follow_up=0)
        done = interview(*([first, more] if one.follow_ups else [first]), state=InterviewState.DONE)
        points = range(len(one.key_points))
        view = seen_by(done, "@everyone " * 9, long, {0: points})
        shown = [post.page for post in thread_posts(view, BANK, START, withheld=False)]
        for page in [*shown, *(page for _, page in score_pages(view, BANK))]:
            assert page.content_length() <= TEXT_LIMIT and page.total_children_count <= COMPONENT_LIMIT
        text = "\n".join(page_text(page.children) for page in shown)
        assert one.wording in text and upright(one.spoken or "") in text
