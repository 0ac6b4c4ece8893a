"""Which 👍 are votes, what they are worth, and which answer they make the best."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.answers import AnswerRules
from bot.domain.drills import Drill, Mode, Reveal
from bot.domain.points import BEST_POINTS, PAID_VOTES, VOTE_POINTS
from bot.services.answers import SubmittedForm, Turnouts, submit
from bot.services.votes import correct, give, take_back, tally
from bot.storage import drills, votes
from bot.storage.privacy_log import DeletionLog
from bot.storage.votes import VotableMessage
from tests.services.rows import DAY, NINE, add_drill, add_track, close, points, statements

RULES = AnswerRules(min_words=5, min_chars=30)
LONG = "The point first and then how it works"
HOUR = timedelta(hours=1)
ANNA, BEN = 7, 8
MESSAGE = 1001


def answer(
    conn: Connection, drill: Drill, member_id: int = ANNA, text: str = LONG, at: datetime = NINE + HOUR
) -> int:
    form = SubmittedForm(drill.id, member_id, f"M{member_id}", text, at)
    stored = submit(conn, RULES, Turnouts(), form, telling=False)
    assert stored is not None
    return stored.answer.id


@pytest.fixture
def drill(conn: Connection) -> Drill:
    return add_drill(conn, add_track(conn))


def test_a_voter_counts_once_and_never_for_themselves(conn: Connection, drill: Drill):
    answer_id = answer(conn, drill)
    assert not give(conn, answer_id, MESSAGE, (ANNA, "👍"), NINE)
    for message_id, thumb in ((MESSAGE, "👍"), (MESSAGE, "👍"), (MESSAGE, "👍🏿"), (MESSAGE + 1, "👍")):
        assert give(conn, answer_id, message_id, (BEN, thumb), NINE)
    assert points(conn) == {"on_time": 10, "vote": VOTE_POINTS}
    take_back(conn, answer_id, MESSAGE, NINE, voter_id=BEN, thumbs=["👍"])
    take_back(conn, answer_id, MESSAGE, NINE)
    assert points(conn)["vote"] == VOTE_POINTS
    take_back(conn, answer_id, MESSAGE + 1, NINE, voter_id=BEN)
    assert points(conn) == {"on_time": 10}
    assert statements(conn, lambda: take_back(conn, answer_id, MESSAGE + 1, NINE)) <= 3


def test_only_the_first_votes_are_paid_and_the_next_moves_up(conn: Connection, drill: Drill):
    answer_id = answer(conn, drill)
    for voter in range(20, 22 + PAID_VOTES):
        give(conn, answer_id, MESSAGE, (voter, "👍"), NINE + timedelta(minutes=voter))
    assert points(conn)["vote"] == PAID_VOTES * VOTE_POINTS
    take_back(conn, answer_id, MESSAGE, NINE + HOUR, voter_id=20)
    assert points(conn)["vote"] == PAID_VOTES * VOTE_POINTS


def test_a_vote_on_a_short_answer_waits_until_it_counts(conn: Connection, drill: Drill):
    answer_id = answer(conn, drill, text="hm")
    assert give(conn, answer_id, MESSAGE, (BEN, "👍"), NINE)
    assert points(conn) == {}
    answer(conn, drill)
    assert points(conn) == {"on_time": 10, "vote": VOTE_POINTS}


def test_votes_end_with_the_drill(conn: Connection, drill: Drill):
    answer_id = answer(conn, drill)
    assert give(conn, answer_id, MESSAGE, (BEN, "👍"), NINE)
    close(conn, drill, NINE + DAY)
    assert not give(conn, answer_id, MESSAGE, (9, "👍"), NINE + DAY)
    take_back(conn, answer_id, MESSAGE, NINE + DAY)
    assert points(conn)["vote"] == VOTE_POINTS
    # What happened while the bot was away is read just after the end, until the votes are tallied.
    place, present = VotableMessage(answer_id, 1, MESSAGE), [(BEN, "👍"), (9, "👍"), (ANNA, "👍")]
    correct(conn, DeletionLog(None), place, present, NINE + DAY)
    assert points(conn)["vote"] == 2 * VOTE_POINTS
    best = tally(conn, drill.id)
    assert best is not None and (best.name, best.votes) == ("M7", 2)
    correct(conn, DeletionLog(None), place, [], NINE + DAY)
    assert points(conn) == {"on_time": 10, "vote": 2 * VOTE_POINTS, "best": BEST_POINTS}


def test_the_earlier_of_two_answers_with_as_many_votes_is_the_best_and_paid_once(conn: Connection, drill: Drill):
    second = answer(conn, drill, BEN, at=NINE + 2 * HOUR)
    first = answer(conn, drill, ANNA)
    give(conn, second, MESSAGE, (20, "👍"), NINE)
    give(conn, first, MESSAGE + 1, (21, "👍"), NINE)
    assert tally(conn, drill.id) is None  # it is still open
    close(conn, drill, NINE + DAY)
    for _ in range(2):
        best = tally(conn, drill.id)
        assert best is not None and (best.name, best.votes) == ("M7", 1)
    assert points(conn)["best"] == BEST_POINTS
    stored = drills.get(conn, drill.id)
    assert stored is not None and (stored.best_answer_id, stored.voted_until) == (first, NINE + DAY)


def test_blind_answers_take_votes_from_the_reveal_until_the_next_one_closes(conn: Connection):
    track_id = add_track(conn, mode=Mode.BLIND)
    drill = add_drill(conn, track_id, mode=Mode.BLIND)
    answer_id = answer(conn, drill)
    assert not give(conn, answer_id, MESSAGE, (BEN, "👍"), NINE + HOUR)
    close(conn, drill, NINE + DAY, reveal=Reveal.DONE)
    assert give(conn, answer_id, MESSAGE, (BEN, "👍"), NINE + DAY)
    following = add_drill(conn, track_id, 1, mode=Mode.BLIND)
    assert votes.to_tally(conn, NINE + 2 * DAY) == []
    close(conn, following, NINE + 2 * DAY)
    assert not give(conn, answer_id, MESSAGE, (9, "👍"), NINE + 2 * DAY)
    assert [found.id for found in votes.to_tally(conn, NINE + 2 * DAY)] == [drill.id]
    best = tally(conn, drill.id)
    assert best is not None and best.votes == 1 and best.link is None
    assert votes.to_tally(conn, NINE + 2 * DAY) == []


def test_an_answer_nobody_voted_for_is_not_the_best(conn: Connection, drill: Drill):
    answer(conn, drill)
    close(conn, drill, NINE + DAY)
    assert tally(conn, drill.id) is None and "best" not in points(conn)


def test_a_message_belongs_to_the_answer_that_it_is_or_carries(conn: Connection, drill: Drill):
    answer_id = answer(conn, drill)
    assert votes.answer_of(conn, MESSAGE) is None
    assert statements(conn, lambda: votes.answer_of(conn, MESSAGE)) <= 2
    assert votes.messages(conn, drill.id) == []
    assert give(conn, answer_id, MESSAGE, (BEN, "👍"), NINE)
    assert votes.on_message(conn, answer_id, MESSAGE) == {(BEN, "👍")}
