"""The rules of a live quiz, and the alarm that makes it punctual."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.alarm import Alarm
from bot.domain.bank import Distractor, Item
from bot.domain.live_quizzes import (
    LiveChoice,
    Verdict,
    live_points,
    nobody_there,
    pick_items,
    ranking,
    round_seconds,
    speed_score,
    weigh,
)

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
BELL = START + timedelta(seconds=20)


@given(st.integers(10, 60), st.floats(0, 1))
def test_a_right_answer_is_worth_between_half_and_all_and_less_each_moment(seconds: int, share: float):
    after = timedelta(seconds=seconds * share)
    worth = speed_score(after, seconds)
    assert worth == round(1000 * (1 - after.total_seconds() / seconds / 2))
    assert 500 <= worth <= 1000
    assert speed_score(after + timedelta(seconds=1), seconds) <= worth


def test_a_press_outside_of_the_round_is_worth_no_more_than_inside():
    assert speed_score(timedelta(seconds=-1), 20) == 1000 and speed_score(timedelta(seconds=99), 20) == 500


@given(st.integers(0, 20_000), st.integers(0, 20), st.integers(0, 20), st.integers(1, 9))
def test_points_are_at_most_fifteen_and_need_half_of_the_rounds_and_company(
    score: int, answered: int, rounds: int, players: int
):
    points = live_points(score, answered, rounds, players)
    if rounds == 0 or answered < rounds / 2 or players == 1:
        assert points == 0
    else:
        assert points == round(15 * score / (1000 * rounds))
        assert live_points(1000 * rounds, answered, rounds, players) == 15


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 22)), max_size=12))
def test_of_any_presses_the_last_of_the_first_two_different_ones_counts(presses: list[tuple[int, int]]):
    """In the order of their times; a repeated letter is no change, a late press is none at all."""
    presses = sorted(presses, key=lambda press: press[1])
    held: LiveChoice | None = None
    for chosen, second in presses:
        at = START + timedelta(seconds=second)
        verdict = weigh(held, chosen, at, BELL)
        assert (verdict is Verdict.LATE) == (at > BELL)
        if verdict in (Verdict.CHOSEN, Verdict.CHANGED):
            held = LiveChoice(1, 0, chosen, at, verdict is Verdict.CHANGED, right=False)
    timely = [press for press in presses if press[1] <= 20]
    different = [press for at, press in enumerate(timely) if press[0] != timely[0][0] or at == 0][:2]
    assert (held and held.chosen) == (different[-1][0] if different else None)


def test_an_older_press_that_comes_second_changes_nothing():
    held = LiveChoice(1, 0, 2, START + timedelta(seconds=5), changed=False, right=True)
    assert weigh(held, 1, START + timedelta(seconds=4), BELL) is Verdict.SAME


choices = st.lists(
    st.builds(
        LiveChoice,
        member_id=st.integers(1, 6),
        position=st.integers(0, 3),
        chosen=st.integers(0, 3),
        chosen_at=st.integers(0, 20).map(lambda second: START + timedelta(seconds=second)),
        changed=st.booleans(),
        right=st.booleans(),
    ),
    unique_by=lambda choice: (choice.member_id, choice.position),
)


@given(choices, st.sets(st.integers(0, 3)))
def test_the_ranking_agrees_with_a_naive_count(made: list[LiveChoice], closed: set[int]):
    places = ranking(made, dict.fromkeys(closed, (START, 20)))
    counted = [choice for choice in made if choice.position in closed]
    assert {place.member_id for place in places} == {choice.member_id for choice in counted}
    for place in places:
        own = [choice for choice in counted if choice.member_id == place.member_id]
        assert place.score == sum(speed_score(c.chosen_at - START, 20) for c in own if c.right)
        assert (place.right, place.answered) == (sum(c.right for c in own), len(own))
        assert place.rank == 1 + sum(other.score > place.score for other in places)
    assert [place.score for place in places] == sorted((place.score for place in places), reverse=True)


def test_two_empty_rounds_in_a_row_mean_that_nobody_is_there():
    assert nobody_there([3, 0, 0]) and nobody_there([0, 0])
    assert not nobody_there([0]) and not nobody_there([0, 0, 1]) and not nobody_there([0, 1, 0])


@example({*range(17), 18, 21}, {0}, 8, 0)
@given(st.sets(st.integers(0, 30), min_size=1), st.sets(st.integers(0, 30)), st.integers(1, 20), st.integers())
def test_items_are_drawn_once_and_unasked_ones_first(known: set[int], asked: set[int], count: int, seed: int):
    fitting = [(f"i{number}", f"q{number // 3}") for number in sorted(known)]
    last = {f"i{number}": float(number + 1) for number in asked}
    drawn = pick_items(fitting, last, count, random.Random(seed))
    assert len(drawn) == len(set(drawn)) == min(count, len(fitting)) and set(drawn) <= set(fitting)
    fresh = {pair for pair in fitting if pair[0] not in last}
    assert len(fresh & set(drawn)) == min(count, len(fresh))
    questions = {question for _, question in fresh}
    if count <= len(questions):
        assert len({question for _, question in drawn}) == count


async def test_the_alarm_rings_when_something_is_due_and_once_for_what_stays_due():
    due = [datetime.now(UTC) + timedelta(milliseconds=60)]
    rung: list[datetime] = []
    heard = asyncio.Event()

    async def earliest(after: datetime) -> datetime | None:
        return min((at for at in due if at > after), default=None)

    async def ring() -> None:
        rung.append(datetime.now(UTC))
        heard.set()

    alarm = Alarm(earliest, ring, lambda: datetime.now(UTC))
    alarm.start()
    await asyncio.wait_for(heard.wait(), 5)
    assert rung[0] >= due[0]
    heard.clear()
    due.append(datetime.now(UTC) + timedelta(milliseconds=60))  # the first one stays due: something is out of order
    alarm.moved()
    await asyncio.wait_for(heard.wait(), 5)
    await alarm.stop()
    assert len(rung) == 2 and rung[1] >= due[1]


async def test_the_alarm_rings_also_once_a_clock_that_was_ahead_is_set_back():
    today = datetime(2026, 1, 5, 9, tzinfo=UTC)
    now = due = today + timedelta(days=1)
    heard = asyncio.Event()

    async def earliest(after: datetime) -> datetime | None:
        return due if due > after else None

    async def ring() -> None:
        heard.set()

    alarm = Alarm(earliest, ring, lambda: now)
    alarm.start()
    await asyncio.wait_for(heard.wait(), 5)
    heard.clear()
    now = due = today
    alarm.moved()
    await asyncio.wait_for(heard.wait(), 5)
    await alarm.stop()


def item(words: int, *, sums: bool = False) -> Item:
    wrong = tuple(Distractor(text, "No.") for text in ("one", "two", "three"))
    return Item("i", "case", "word " * (words - 4), "four", wrong, "So.", sums=sums)


def test_a_round_has_the_time_to_read_its_item_and_to_calculate_and_ten_seconds_more():
    assert [round_seconds(item(words)) for words in (5, 60, 90)] == [12, 30, 40]
    assert round_seconds(item(60, sums=True)) == 60 and round_seconds(item(400)) == 90
    assert item(60).reading_seconds == 20
