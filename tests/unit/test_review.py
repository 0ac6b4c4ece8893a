"""Reviews, the solo quiz's choice, mastery and the adaptive order, against the words of their rules."""

import json
import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bank import Difficulty, Question
from bot.domain.mastery import (
    ANSWERED_ONLY,
    Tally,
    TopicMastery,
    mastery,
    practice_next,
    weak_topics,
    weakness,
)
from bot.domain.quizzes import Candidate, LastAnswers, pick
from bot.domain.reviews import (
    NEW_A_DAY,
    REVIEWS_A_DAY,
    Card,
    Memory,
    Rating,
    ReviewDay,
    comes_again,
    known,
    missing,
    queue,
    rate,
    recall,
)
from bot.domain.selection import Order, choose

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ratings = st.sampled_from(list(Rating))


def question(name: str, topic: str) -> Question:
    return Question(id=name, number=1, module=1, topic=topic, difficulty=Difficulty.EASY, prompt=f"What is {name}?")


@given(st.lists(st.tuples(ratings, st.integers(0, 400)), min_size=1, max_size=12))
def test_a_memory_survives_storage_and_rates_the_same_every_time(history: list[tuple[Rating, int]]):
    memory, now = None, NOW
    for rating, days in history:
        now += timedelta(days=days)
        again = comes_again(memory, now, "Europe/Berlin")
        assert list(again) == list(Rating)
        assert sorted(again.values()) == list(again.values())  # the better known, the later
        memory, due = rate(memory, rating, now, "Europe/Berlin")
        assert due == again[rating] > now
        assert Memory.read(json.loads(json.dumps(memory.stored()))) == memory
        assert due - now <= timedelta(days=366)
        assert due - now <= timedelta(minutes=15) or due.astimezone(ZoneInfo("Europe/Berlin")).time() == time()


changes = st.sampled_from(
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),  # the date begins at one o'clock
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ]
)


@given(changes, st.integers(-25 * 4, 25 * 4), ratings)
def test_a_card_comes_again_so_many_dates_later_also_where_the_clock_changes(
    change: tuple[str, datetime], quarters: int, rating: Rating
):
    zone, now = change[0], change[1] + timedelta(minutes=15 * quarters)
    learning, _ = rate(None, Rating.AGAIN, now - timedelta(minutes=20), zone)
    for memory in (None, learning):
        there = rate(memory, rating, now, zone)[1].astimezone(ZoneInfo(zone))
        plain = rate(memory, rating, now, "UTC")[1]
        if plain - now > timedelta(minutes=15):
            assert there.date() - now.astimezone(ZoneInfo(zone)).date() == plain.date() - now.date()
            assert there.timestamp() > now.timestamp()


def test_a_card_is_not_due_at_once_on_the_day_with_25_hours():
    now = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    memory, _ = rate(None, Rating.AGAIN, now - timedelta(minutes=20), "Europe/Berlin")
    assert rate(memory, Rating.GOOD, now, "Europe/Berlin")[1] == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_a_card_is_forgotten_with_time_and_being_learned_is_not_known():
    assert recall(None, NOW) == 0.0
    memory, due = rate(None, Rating.AGAIN, NOW, "UTC")
    assert (recall(memory, NOW), due - NOW) == (0.0, timedelta(minutes=10))
    memory, due = rate(memory, Rating.GOOD, NOW + timedelta(minutes=10), "UTC")
    assert recall(memory, NOW + timedelta(minutes=10)) == 1.0 and due == datetime(2026, 11, 24, tzinfo=UTC)
    falling = [recall(memory, NOW + timedelta(days=days)) for days in (1, 5, 20, 90)]
    assert falling == sorted(falling, reverse=True) and 0 < falling[-1] < falling[0]
    there = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert rate(None, Rating.GOOD, there, "UTC") == rate(None, Rating.GOOD, NOW, "UTC")


cards = st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=50).map(  # (known, how many hours overdue)
    lambda rows: [
        Card(
            f"q-{at:03}",
            Memory(2, None, 3.0, 5.0, NOW - timedelta(days=9)) if seen else None,
            NOW - timedelta(hours=hours),
            int(seen),
        )
        for at, (seen, hours) in enumerate(rows)
    ]
)


@given(cards, st.integers(0, 30), st.integers(0, 10), st.integers(0, 5))
def test_a_days_queue_keeps_its_bounds_and_its_order(due: list[Card], known_done: int, new_done: int, again: int):
    repeated = {card.question_id for card in due if card.memory is not None and again} & {"q-000", "q-001"}
    new = {f"new-{at}" for at in range(new_done)}
    day = ReviewDay(frozenset({f"old-{at}" for at in range(known_done)} | new | repeated), frozenset(new))
    today, later = queue(due, day)
    assert len(today) + later == len(due) and set(today) <= set(due)
    fresh = [card for card in today if card.question_id not in repeated]
    known_cards = [card for card in fresh if card.memory is not None]
    new_cards = [card for card in fresh if card.memory is None]
    assert len(known_cards) <= max(0, REVIEWS_A_DAY - known_done)
    assert len(new_cards) <= max(0, NEW_A_DAY - new_done)
    assert repeated <= {card.question_id for card in today}
    assert today == sorted(today, key=lambda card: (card.memory is None, card.due_at, card.question_id))
    if known_done + new_done == 0 and not repeated:
        assert len(known_cards) == min(REVIEWS_A_DAY, sum(card.memory is not None for card in due))
        assert len(new_cards) == min(NEW_A_DAY, sum(card.memory is None for card in due))


@given(st.integers(0, 12), st.lists(st.integers(-2, 14)))
def test_ticked_and_missing_points_are_all_points(points: int, ticked: list[int]):
    have = known(ticked, points)
    assert sorted([*have, *missing(points, have)]) == list(range(points))
    assert set(have) <= set(ticked)


items = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), unique=True, max_size=30).map(
    lambda pairs: [Candidate(f"{q}-{i}", f"q{q}", f"t{q % 3}") for q, i in pairs]
)


@given(
    items,
    st.integers(1, 20),
    st.lists(st.integers(0, 9), unique=True).map(lambda found: [f"q{q}" for q in found]),
    st.lists(st.sampled_from(["t0", "t1", "t2"]), unique=True),
    st.sets(st.tuples(st.integers(0, 9), st.integers(0, 3))),
    st.integers(),
)
def test_a_quiz_asks_due_cards_then_weak_topics_then_new_items(
    pool: list[Candidate],
    count: int,
    due: list[str],
    weak: list[str],
    answered: set[tuple[int, int]],
    seed: int,
):
    seen = {f"{q}-{i}": float(10 * q + i + 1) for q, i in answered}
    chosen = pick(pool, count, due=due, weak=weak, seen=seen, chance=random.Random(seed))
    assert len(chosen) == len(set(chosen)) == min(count, len(pool)) and set(chosen) <= set(pool)
    assert chosen == pick(pool, count, due=due, weak=weak, seen=seen, chance=random.Random(seed))
    asked_due = [q for q in due if any(candidate.question_id == q for candidate in pool)][:count]
    assert [candidate.question_id for candidate in chosen[: len(asked_due)]] == asked_due
    rest = chosen[len(asked_due) :]
    half = (count - len(asked_due) + 1) // 2
    left = [candidate for candidate in pool if candidate not in chosen[: len(asked_due)]]
    from_weak = min(half, sum(candidate.topic in weak for candidate in left)) if rest else 0
    assert all(candidate.topic in weak for candidate in rest[:from_weak])
    places = [weak.index(candidate.topic) for candidate in rest[:from_weak]]
    assert places == sorted(places)
    tail = [candidate.item_id in seen for candidate in rest[from_weak:]]
    assert tail == sorted(tail)  # new items before those seen


def test_inside_a_part_what_was_seen_longest_ago_comes_first():
    pool = [Candidate(name, name, "t") for name in "abc"]
    chosen = pick(pool, 3, due=[], weak=[], seen={"a": 3.0, "b": 1.0, "c": 2.0}, chance=random.Random(1))
    assert [candidate.item_id for candidate in chosen] == ["b", "c", "a"]


@given(st.integers(0, 10), st.integers(0, 2**32))
def test_new_items_come_from_different_questions_while_there_are_any(seen: int, seed: int):
    pool = [Candidate(f"{q}-{i}", f"q{q}", "t") for q in range(6) for i in range(4)]
    known = {candidate.item_id: 1.0 for candidate in pool[:seen]}
    chosen = pick(pool, 4, due=[], weak=[], seen=known, chance=random.Random(seed))
    assert len({candidate.question_id for candidate in chosen}) == 4


def test_a_due_card_is_settled_by_a_right_answer_until_the_next_wrong_one():
    early, due, late = (NOW + timedelta(hours=hour) for hour in range(3))
    assert not LastAnswers(None, late).satisfy(due) and not LastAnswers(early, None).satisfy(due)
    assert LastAnswers(late, None).satisfy(due) and LastAnswers(late, early).satisfy(due)
    assert not LastAnswers(due, late).satisfy(due)


def test_mastery_weighs_reviews_quizzes_and_answers():
    memory, _ = rate(None, Rating.EASY, NOW, "UTC")
    questions = [question(name, "T") for name in "abcdef"] + [question("z", "Other")]
    cards = {"a": Card("a", memory, NOW, 1), "b": Card("b", memory, NOW, 1), "f": Card("f", None, NOW, 0)}
    results = {"b": Tally(0, 2), "c": Tally(1, 4)}
    first, other = mastery(questions, cards, results, {"a", "d"}, NOW)
    assert first.mastery == (1.0 + 0.5 + 0.25 + ANSWERED_ONLY + 0 + 0) / 6
    assert first.proven == (1.0 + 0.5 + 0.25) / 6  # without what was answered only
    assert (first.practiced, first.questions, first.quiz) == (4, 6, Tally(1, 6))
    assert (other.mastery, other.practiced) == (0.0, 0)


def test_weak_topics_need_some_answers_and_weakness_some_wrong_ones():
    tallies = {"few": Tally(0, 2), "good": Tally(9, 10), "bad": Tally(1, 4), "so": Tally(2, 4), "all": Tally(5, 5)}
    assert weak_topics(tallies) == ["bad", "so"]
    found = weakness(tallies)
    assert set(found) == {"few", "good", "bad", "so"} and all(0 < share < 1 for share in found.values())
    assert found["few"] > found["bad"] > found["so"] > found["good"]


def test_what_to_practice_next():
    def topic(name: str, score: float, practiced: int) -> TopicMastery:
        return TopicMastery(name, score, score, practiced, 5, Tally())

    strong, weak, new = topic("strong", 0.9, 5), topic("weak", 0.2, 2), topic("new", 0.0, 0)
    names = {"strong", "weak", "new"}
    assert practice_next([new, strong, weak], names) == weak
    assert practice_next([new, strong, weak], {"strong", "new"}) == new
    assert practice_next([strong], names) == strong
    assert practice_next([new, strong], set()) is None


@given(
    st.integers(1, 30),
    st.sets(st.integers(0, 29)),
    st.dictionaries(st.integers(0, 29), st.sampled_from([0.2, 0.5, 0.8])),
    st.integers(),
)
def test_adaptive_takes_the_weakest_topic_in_the_bag_and_else_shuffles(
    size: int, used_at: set[int], weak: dict[int, float], seed: int
):
    questions = [f"q-{number:03}" for number in range(size)]
    used = [f"q-{number:03}" for number in sorted(used_at) if number < size]
    weak_by_id = {f"q-{number:03}": share for number, share in weak.items()}
    choice = choose(Order.ADAPTIVE, questions, used, [], str(seed), 0, weak_by_id)
    plain = choose(Order.SHUFFLE, questions, used, [], str(seed), 0)
    assert choice is not None and plain is not None and choice.left == plain.left
    assert choose(Order.ADAPTIVE, questions, used, [], str(seed), 0, {}) == plain
    if not choice.refilled:
        left = [name for name in questions if name not in used]
        assert choice.question_id in left
        assert weak_by_id.get(choice.question_id, 0) == max(weak_by_id.get(name, 0) for name in left)
