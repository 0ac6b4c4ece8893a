"""Streaks, selection, answers and ranks against naive references."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import counts, join
from bot.domain.bank import Bank, Module, Pack, Topic
from bot.domain.errors import Refusal
from bot.domain.points import Period, key_before, last_day, month_key, period_key, recent_weeks, week_key
from bot.domain.selection import FRESH_START, Order, choose
from bot.domain.streaks import MILESTONES, Outcome, StreakState, current_run, fold
from bot.domain.text import split_message
from bot.services.streaks import days_of
from bot.storage.answers import PastDrill, outcomes_of
from bot.ui.refusals import explain


def naive_streak(outcomes: list[Outcome]) -> tuple[int, int, int]:
    """(current, best, freezes) by the words of the rule, one list at a time."""
    if Outcome.ANSWERED not in outcomes:
        return 0, 0, 0
    lived = outcomes[outcomes.index(Outcome.ANSWERED) :]
    held, runs = 0, [0]
    for outcome in (o for o in lived if o in (Outcome.ANSWERED, Outcome.MISSED)):
        if outcome is Outcome.ANSWERED:
            runs[-1] += 1
            held = min(2, held + 1) if runs[-1] % 7 == 0 else held
        elif held:
            held -= 1
        else:
            runs.append(0)
    return runs[-1], max(runs), held


@given(st.lists(st.sampled_from(list(Outcome)), max_size=80))
def test_streak_agrees_with_the_naive_reference(outcomes: list[Outcome]):
    streak = fold(outcomes)
    assert (streak.current, streak.best, streak.freezes) == naive_streak(outcomes)


@given(st.lists(st.sampled_from(["a", "a", "a", "m"]), max_size=60))
def test_streak_of_long_runs(letters: list[str]):
    outcomes = [Outcome.ANSWERED if letter == "a" else Outcome.MISSED for letter in letters]
    streak = fold(outcomes)
    assert (streak.current, streak.best, streak.freezes) == naive_streak(outcomes)


PASTS = st.lists(
    st.tuples(
        st.sampled_from(["on_time", "on_time", "on_time", "on_time", "late", "short", None]),
        st.sampled_from([True, False, False, False]),
        st.sampled_from([True, False, False, False, False]),
    ),
    max_size=60,
)
"""(answer, away, repaired) for one posted drill after the other."""


def naive_of_history(history: list[tuple[str | None, bool, bool]]) -> tuple[int, int, int]:
    """(current, best, freezes) by the words of the rule: what is excused is struck out before counting."""
    counted = [
        answer == "on_time" for answer, away, mended in history if answer == "on_time" or not (away or mended)
    ]
    return naive_streak([Outcome.ANSWERED if hit else Outcome.MISSED for hit in counted])


@given(PASTS, st.booleans())
def test_streak_with_freezes_away_and_repairs_agrees_with_the_naive_reference(
    history: list[tuple[str | None, bool, bool]], open_one: bool
):
    rows = [
        PastDrill(at, "closed", answer, date.fromisoformat("2026-01-01"), away, repaired)
        for at, (answer, away, repaired) in enumerate(history)
    ]
    if open_one:
        rows.append(PastDrill(len(rows), "open", None, date.fromisoformat("2026-01-02"), False, False))
    streak = fold(outcomes_of(rows))
    assert (streak.current, streak.best, streak.freezes) == naive_of_history(history)
    assert len(days_of(rows, streak)) <= len(rows)


@given(st.lists(st.sampled_from([*[Outcome.ANSWERED] * 9, *Outcome]), max_size=120))
def test_the_run_read_from_what_was_not_answered_is_that_of_the_fold(history: list[Outcome]):
    unanswered = [at for at, outcome in enumerate(history) if outcome is not Outcome.ANSWERED]
    harmless = {at for at in unanswered if history[at] is not Outcome.MISSED}
    assert current_run(len(history), unanswered, harmless) == fold(history).current


@given(
    st.lists(st.sampled_from([*[Outcome.ANSWERED] * 5, Outcome.MISSED, Outcome.AWAY, Outcome.NEUTRAL]), max_size=70)
)
def test_the_miss_that_may_be_repaired_and_the_milestones_agree_with_naive_references(history: list[Outcome]):
    streak, ended, reached = fold(history), (0, 0), dict[int, int]()
    for position, outcome in enumerate(history):
        run, _, held = naive_streak(history[:position])
        if outcome is Outcome.MISSED and not held:
            ended = (position, run)
        now = naive_streak(history[: position + 1])[0]
        if outcome is Outcome.ANSWERED and now in MILESTONES:
            reached.setdefault(now, position)
    assert streak.repairable == (ended[0] if ended[1] >= 3 else None)
    assert dict(streak.reached) == reached
    if streak.repairable is not None and Outcome.MISSED not in history[streak.repairable + 1 :]:
        mended = history.copy()
        mended[streak.repairable] = Outcome.NEUTRAL
        assert fold(mended).current == streak.current + streak.broken_run


def test_a_freeze_saves_one_miss_and_is_named():
    streak = fold([Outcome.ANSWERED] * 7 + [Outcome.MISSED])
    assert (streak.current, streak.freezes, streak.state, streak.frozen_at) == (7, 0, StreakState.FROZEN, (7,))
    assert fold([Outcome.ANSWERED, Outcome.OPEN]).state is StreakState.DUE


@given(st.integers(1, 30), st.sampled_from([Order.CURRICULUM, Order.SHUFFLE]), st.integers())
def test_every_question_comes_once_before_any_comes_twice(size: int, order: Order, seed: int):
    questions = [f"q-{number:03}" for number in range(size)]
    refill, used, history = 0, list[str](), list[str]()
    for _ in range(3 * size):
        choice = choose(order, questions, used, [], str(seed), refill)
        assert choice is not None
        if choice.refilled:
            refill, used = refill + 1, []
        used.append(choice.question_id)
        history.append(choice.question_id)
        assert choice.left == size - len(used)
    for start in range(0, 3 * size, size):
        assert sorted(history[start : start + size]) == questions
    if order is Order.SHUFFLE and size > FRESH_START:
        assert history[size] not in history[size - FRESH_START : size]


def test_queued_questions_come_first_and_an_empty_bank_gives_nothing():
    choice = choose(Order.CURRICULUM, ["a", "b"], ["a"], ["b"], "1", 0)
    assert choice is not None and (choice.question_id, choice.from_queue, choice.left) == ("b", True, 0)
    assert choose(Order.SHUFFLE, [], [], [], "1", 0) is None


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("eight different words are quite enough for this", True),
        ("backpropagation-through-time unrolled-over-all-the-steps-of-a-sequence", True),
        ("seven different words are not quite enough", False),
        ("banana " * 40, False),
        ("Banana banana, banana! " * 9, False),
        ("https://tenor.com/view/" + "applause-" * 9, False),
        ("see <https://example.org/" + "a" * 80 + "> for it", False),
        ("as https://example.org says, both of them learn from examples alone", True),
        ("模型从数据中学习规律,而不是由人来编写规则,因此它需要大量的样本和时间。", True),
        ("👍 🎉 👍 🎉 👍 🎉", False),
        ("<:party:123456789012345678> <@123456789012345678> <@1> <@2> <@3>", False),
        ("!!! ??? ... --- +++ === ~~~ ### %%%", False),
        ("", False),
    ],
)
def test_what_counts_as_an_answer(text: str, enough: bool):
    assert counts(text, has_file=False) is enough
    assert counts(text, has_file=True)


@given(st.text(alphabet="ab \n", max_size=600), st.integers(5, 80))
def test_splitting_keeps_every_letter_and_the_limit(text: str, limit: int):
    pieces = split_message(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_texts_are_joined_in_order():
    assert join(["one ", "", " two"]) == "one\n\ntwo"


def test_periods_cross_years():
    assert period_key(Period.THIS_WEEK, date.fromisoformat("2027-01-01")) == "2026-W53"
    assert period_key(Period.LAST_WEEK, date.fromisoformat("2027-01-04")) == "2026-W53"
    assert period_key(Period.LAST_MONTH, date.fromisoformat("2027-01-31")) == "2026-12"


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(list(Period)))
def test_periods_end_and_follow_each_other(today: date, period: Period):
    end, before = last_day(period, today), key_before(period, today)
    weeks = recent_weeks(period, today, 8)
    assert len(weeks) == 8 and all(monday.weekday() == 0 for _, monday in weeks)
    assert weeks[-1][1] <= min(today, end) < weeks[-1][1] + timedelta(days=7)
    if before is None:
        assert period is Period.ALL_TIME and end == today
        return
    key = period_key(period, today)
    name = week_key if "W" in key else month_key
    assert name(end) == key != name(end + timedelta(days=1))
    assert name(before[1]) == before[0] != name(before[1] + timedelta(days=1)) == key


def test_topics_by_number_and_name():
    topics = (Topic(1, "Autoencoders", 1), Topic(2, "Variational Autoencoders (VAEs)", 1), Topic(3, "GANs", 1))
    bank = Bank(Pack("p", "P", (Module(1, "One"),), topics, ()))
    assert bank.parse_topics("all") == ()
    assert bank.parse_topics("gan, 1") == ("Autoencoders", "GANs")
    assert bank.parse_topics("autoencoders") == ("Autoencoders",)
    with pytest.raises(Refusal) as error:
        bank.parse_topics("cooking")
    assert "3 GANs" in explain(error.value)


def test_topics_whose_names_hold_commas():
    topics = (Topic(1, "AI, ML, DL", 1), Topic(2, "AI Ethics", 1), Topic(3, "RNNs (LSTMs, GRUs)", 1))
    bank = Bank(Pack("p", "P", (Module(1, "One"),), topics, ()))
    assert bank.parse_topics("ai, ml, dl") == ("AI, ML, DL",)
    assert bank.parse_topics("RNNs (LSTMs, GRUs), 2, AI, ML, DL") == tuple(topic.title for topic in topics)
    assert bank.parse_topic(" AI, ML, DL ") == bank.parse_topic("1 · AI, ML, DL") == topics[0]
    assert bank.parse_topic("all") is None
    for several in ("1, 3", "1,,2", "1, AI Ethics"):
        with pytest.raises(Refusal) as error:
            bank.parse_topic(several)
        assert "Pick one topic" in explain(error.value)
    with pytest.raises(Refusal) as error:
        bank.parse_topic("ai")
    assert "matches 2 topics" in explain(error.value)
