"""Every picture, whatever people are called and however much they do: nothing leaves its room."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.live_quizzes import LivePlace, LiveQuiz, LiveRound, LiveState
from bot.domain.mastery import Tally, TopicMastery
from bot.domain.points import Period, Ranked
from bot.domain.streaks import MILESTONES
from bot.services.boards import Trend, TrendLine
from bot.services.live_quizzes import LiveQuizView
from bot.services.participation import Participation, ParticipationWeek
from bot.services.votes import BestAnswer
from bot.storage.live_deliveries import LiveDelivery
from bot.ui.charts.boards import board_picture
from bot.ui.charts.cards import Imprint, Person, initials
from bot.ui.charts.digests import digest_picture
from bot.ui.charts.live_quizzes import podium_picture, podium_words
from bot.ui.charts.milestones import milestone_picture, milestone_words
from bot.ui.charts.palette import ACCENT, CARD, DARK, DEEP, FAINT, INK, PANEL, SHADES
from bot.ui.charts.participation import participation_picture, participation_words
from bot.ui.charts.podium import STEP
from bot.ui.charts.progress import progress_picture, progress_words
from tests.drawn import assert_legible, boxes, contrast, texts
from tests.unit.test_board_pictures import MONDAYS
from tests.unit.test_digest import digest

TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
NAMES = st.one_of(
    st.text(max_size=100), st.sampled_from(["W" * 32, "@" * 100, "M M M M M", "日本語", "مرحبا بالعالم", "", "Zoë"])
)
IMPRINTS = st.builds(Imprint, NAMES, st.just(date(2026, 12, 28)))
COUNTS = st.one_of(st.integers(0, 20), st.integers(0, 10**7))


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        *((words, ground) for words in (INK, FAINT) for ground in (CARD, PANEL)),
        *((INK, ground) for ground in (SHADES[0], DEEP)),
        (DARK, ACCENT),
        (ACCENT, CARD),
        (ACCENT, PANEL),
    ],
)
def test_words_stand_out_from_what_they_stand_on(words: str, ground: str):
    assert contrast(words, ground) >= 4.5


def test_shades_differ_in_lightness_alone():
    light = [contrast(shade, CARD) for shade in SHADES]
    assert all(after / before > 1.5 for before, after in pairwise(light))
    assert contrast(ACCENT, DEEP) > 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(NAMES, COUNTS, st.lists(COUNTS, min_size=8, max_size=8)), min_size=1, max_size=8),
    IMPRINTS,
    st.data(),
)
def test_no_board_overflows(rows: list[tuple[str, int, list[int]]], imprint: Imprint, data: st.DataObject):
    best = sorted(rows, key=lambda row: -row[1])
    own = data.draw(st.integers(0, len(rows) - 1))
    lines = [
        TrendLine(1 + sum(other[1] > total for other in best), name, weeks, total, own=at == own)
        for at, (name, total, weeks) in enumerate(best)
    ]
    trend = Trend(data.draw(st.sampled_from(Period)), "2026-W48", MONDAYS, lines)
    assert_legible(board_picture("Leaderboard", "Last month · November 2026", trend, imprint))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(NAMES, st.integers(1, 500), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20),
    NAMES,
    IMPRINTS,
)
def test_no_progress_overflows(rows: list[tuple[str, int, float, float]], name: str, imprint: Imprint):
    topics = [
        TopicMastery(topic, 0.5, share * proven, max(1, round(questions * share)), questions, Tally())
        for topic, questions, share, proven in rows
    ]
    assert_legible(progress_picture(topics, Person(name), imprint))
    assert len(progress_words(topics)) <= 1024


@settings(max_examples=40, deadline=None)
@given(*(st.lists(COUNTS, min_size=7, max_size=7) for _ in range(2)), NAMES, COUNTS, st.booleans(), IMPRINTS)
def test_no_digest_overflows(
    answers: list[int], before: list[int], name: str, count: int, voted: bool, imprint: Imprint
):
    best = BestAnswer(name, count, None) if voted else None
    top = [Ranked(1, at, count, name, None) for at in range(1 + count % 3)]
    told = digest(tuple(answers), tuple(before), people=count, best=best, top=top)
    assert_legible(digest_picture(told, "Nov 23 to Nov 29", imprint))


def topic(name: str, practiced: int, proven: float, questions: int = 8) -> TopicMastery:
    return TopicMastery(name, 0.5, proven, practiced, questions, Tally())


def test_progress_leads_with_what_was_done_and_tells_answered_from_proven():
    topics = [topic("Autoencoders", 4, 0.25), topic("Agents (RAG, tools)", 8, 0)]
    svg = progress_picture(topics, Person("Anna Petrova"), Imprint("Study group", TODAY))
    assert texts(svg)[0] == "Mockingbird · Study group" and {"AP", "Nov 27, 2026"} <= set(texts(svg))
    assert {"12", "questions", "practiced", "1", "topic", "finished", "4 of 8", "8 of 8"} <= set(texts(svg))
    track, answered, proven, *_ = [box for box in boxes(svg) if box.height == 10 and box.width > 20]
    assert (answered.width / track.width, proven.width / track.width) == pytest.approx((0.5, 0.25), abs=0.01)
    assert (answered.fill, proven.fill) == (DEEP, ACCENT)
    assert "Autoencoders 4 of 8 questions, 25% proven" in progress_words(topics)
    begun = progress_picture(topics[:1], Person("Anna"), Imprint("", TODAY))
    assert {"1", "topic", "started"} <= set(texts(begun)) and "finished" not in texts(begun)


def test_long_labels_lose_their_brackets_and_are_cut_between_words():
    labels = (
        "Recurrent Neural Networks and their kin (RNNs, LSTMs, GRUs)",
        "Project-Based, Behavioral & System Design Questions for Seniors",
        "Unaussprechliche-Rechtsschutzversicherungsgesellschaften",
    )
    svg = progress_picture([topic(label, 17, 0.5, 17) for label in labels], Person("Anna"), Imprint("", TODAY))
    assert {"Recurrent Neural Networks and their kin", "Project-Based, Behavioral & System Design…"} < set(
        texts(svg)
    )
    assert_legible(svg)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Petrova", "AP"), ("ben", "B"), ("_chen_ li", "L"), ("--", "-"), ("", ""), ("Дмитрий", "Д")],
)
def test_who_has_no_portrait_has_initials(name: str, letters: str):
    assert initials(name) == letters


def live(*scores: int, names: Sequence[str] = ()) -> LiveQuizView:
    """A live quiz of five rounds that ended with these scores, the best first."""
    places = tuple(
        LivePlace(1 + sum(other > score for other in scores), at, score, 4, 5) for at, score in enumerate(scores)
    )
    said = dict(enumerate(names or [f"Player {at}" for at in range(len(scores))]))
    quiz = LiveQuiz(
        id=1,
        guild_id=1,
        channel_id=1,
        place_id=None,
        host_id=1,
        state=LiveState.DONE,
        topic=None,
        difficulty=None,
        seconds=0,
        sums=False,
        position=4,
        next_at=None,
        made_at=NOW,
        finished_at=NOW,
    )
    rounds = tuple(LiveRound(position, "item", "question", 20, NOW, NOW) for position in range(5))
    return LiveQuizView(
        live=quiz,
        rounds=rounds,
        asked=(),
        players=(),
        choices=(),
        names=said,
        teams={},
        places=places,
        delivery=LiveDelivery(
            lobby_id=None, lobby_open=False, count=0, result_id=None, finished=False, attempts=0, rounds={}
        ),
    )


@pytest.mark.parametrize(
    ("scores", "heights"),
    [
        ((900,), 1),
        ((900, 800), 2),
        ((900, 900), 1),
        ((900, 800, 700), 3),
        ((900, 900, 700), 2),
        ((9, 8, 7, *[6] * 197), 3),
    ],
)
def test_a_live_quiz_ends_with_a_podium_for_one_two_three_and_many(scores: tuple[int, ...], heights: int):
    view = live(*scores)
    svg = podium_picture(view, Imprint("#practice", TODAY))
    steps = [box for box in boxes(svg) if box.width == STEP]
    assert len(steps) == min(len(scores), 3) and len({box.y for box in steps}) == heights
    assert {"Player 0", f"{scores[0]}", "4 of 5 right", "5 rounds · all topics"} <= set(texts(svg))
    assert ("and 192 more" in texts(svg)) == (len(scores) == 200)
    assert f"1. Player 0 {scores[0]} (4 of 5 right)" in podium_words(view) and len(podium_words(view)) <= 1024
    assert_legible(svg)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**5), 10**6), NAMES), min_size=1, max_size=12), IMPRINTS)
def test_no_podium_overflows(players: list[tuple[int, str]], imprint: Imprint):
    best = sorted(players, key=lambda player: -player[0])
    view = live(*(score for score, _ in best), names=[name for _, name in best])
    assert_legible(podium_picture(view, imprint))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(MILESTONES), NAMES, IMPRINTS)
def test_a_milestone_is_a_card_to_share(days: int, name: str, imprint: Imprint):
    svg = milestone_picture(days, Person(name), imprint)
    assert {str(days), "questions", "in a row", "Dec 28, 2026"} <= set(texts(svg))
    assert_legible(svg)
    assert str(days) in milestone_words(days, name)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), COUNTS), min_size=14, max_size=14), COUNTS, IMPRINTS)
def test_no_participation_overflows(counts: list[int | None], people: int, imprint: Imprint):
    days = [(TODAY - timedelta(days=13 - at), count) for at, count in enumerate(counts)]
    found = Participation(ParticipationWeek(days[7:], people), ParticipationWeek(days[:7], people), people, [])
    assert_legible(participation_picture(found, imprint))
    words = participation_words(found)
    assert len(words) <= 1024 and ("Fri, Nov 27 no question" in words) == (counts[-1] is None)


def test_participation_begins_with_the_answers_of_the_last_seven_days():
    days = [(TODAY - timedelta(days=13 - at), at if at < 12 else None) for at in range(14)]
    found = Participation(ParticipationWeek(days[7:], 5), ParticipationWeek(days[:7], 4), 6, [])
    said = texts(participation_picture(found, Imprint("#practice", TODAY)))
    assert {"45 answers in 7 days", "from 5 members; 4 in the 7 before", "Sat", "Fri", "11"} <= set(said)
