"""What messages and forms become, by the rules alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.answers import AnswerRules, AnswerStatus
from bot.domain.drills import DrillState, Mode
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.services.answers import (
    AnswerView,
    CardKey,
    Collected,
    FormOnly,
    IncomingMessage,
    SubmittedForm,
    Turnouts,
    book_showing,
    collect,
    erase,
    follow_edit,
    open_card,
    open_newest,
    submit,
)
from bot.storage import answer_arrivals, answers, members, schema
from bot.storage.answers import MessageOwner, OwnedMessage
from bot.storage.privacy_log import DeletionLog
from bot.ui.refusals import explain
from tests.services.rows import CHANNEL, DAY, GUILD, NINE, add_drill, add_track, close, points, statements

RULES = AnswerRules(min_words=5, min_chars=30)
LONG = "The point first and then how it works"
ANNA = 7


def message(number: int = 1, text: str = LONG, **changes: object) -> IncomingMessage:
    """A message of Anna's in the first drill's thread, so many minutes after it opened."""
    sent_at = NINE + timedelta(minutes=number)
    base = IncomingMessage(1000 + number, 100, None, ANNA, "Anna", text, False, False, sent_at)
    return replace(base, **changes)  # pyright: ignore[reportArgumentType]


def taken(conn: Connection, incoming: IncomingMessage) -> OwnedMessage | Collected | FormOnly | None:
    return collect(conn, RULES, DeletionLog(None), incoming)


def store(conn: Connection, incoming: IncomingMessage) -> Collected:
    stored = taken(conn, incoming)
    assert isinstance(stored, Collected)
    return stored


def form(drill_id: int, text: str = LONG, at: datetime = NINE + timedelta(hours=1)) -> SubmittedForm:
    return SubmittedForm(drill_id, ANNA, "Anna", text, at)


def test_one_look_says_whose_a_message_is(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    forum = add_drill(conn, drill.track_id, 1, thread_id=None, forum_post_id=77)
    row = {"guild_id": GUILD, "member_id": ANNA, "channel_id": CHANNEL, "way": "thread", "minutes": 5}
    running = {**row, "thread_id": 50, "state": "running", "started_at": NINE}
    conn.execute(schema.interviews.insert(), [running, {**running, "thread_id": 51, "state": "done"}])
    in_thread, reply = OwnedMessage(MessageOwner.DRILL, drill.id), OwnedMessage(MessageOwner.CARD, drill.id)
    anna = Actor(guild_id=GUILD, member_id=ANNA, name="Anna", now=NINE)

    def whose(channel_id: int, replies_to: int | None = None) -> OwnedMessage | None:
        known, unknown = (answer_arrivals.look(conn, actor, channel_id, replies_to) for actor in (anna, None))
        assert known.owned == unknown.owned and known.news is not None and unknown.news is None
        return known.owned

    assert whose(100) == whose(100, drill.message_id) == in_thread
    assert whose(CHANNEL, drill.message_id) == reply
    assert whose(77) == OwnedMessage(MessageOwner.DRILL, forum.id)
    assert whose(50) == taken(conn, message(channel_id=50)) == OwnedMessage(MessageOwner.INTERVIEW, 1)
    for channel_id, replies_to in ((CHANNEL, None), (51, None), (CHANNEL, 5)):
        assert whose(channel_id, replies_to) is None
        assert taken(conn, message(channel_id=channel_id, replies_to=replies_to)) is None
    assert statements(conn, lambda: answer_arrivals.look(conn, anna, CHANNEL, None)) == 1


def test_what_is_collected_comes_back_whole_with_its_showing_booked(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    first = store(conn, message())
    assert first.credited and not first.known
    assert first.view == AnswerView(
        drill, replace(first.answer, status=AnswerStatus.ON_TIME, version=1, attempts=1), first.parts, "Anna", {}
    )
    assert first.view.pending and first.view.look_since is None
    assert answers.get(conn, first.answer.id) == first.answer
    assert answers.parts_of(conn, first.answer.id) == list(first.parts)
    again = store(conn, message())
    assert again.known and again.answer == first.answer
    # A second one comes before the first is shown: its try looks, and being shown ends only its own version.
    second = store(conn, message(2, "and more"))
    assert second.view.look_since == NINE and second.answer.version == 2
    answers.mark_shown(conn, first.answer.id, 1, {first.parts[0].id: "✅"}, readable=True)
    stored = answers.get(conn, first.answer.id)
    assert stored is not None and (stored.shown_version, stored.attempts) == (1, 2)
    assert [part.mark for part in answers.parts_of(conn, first.answer.id)] == ["✅", None]
    answers.mark_shown(conn, first.answer.id, 2, {}, readable=True)
    assert book_showing(conn, first.answer.id, revealing=False) is None
    stored = answers.get(conn, first.answer.id)
    assert stored is not None and (stored.shown_version, stored.attempts) == (2, 0)
    revealed = book_showing(conn, first.answer.id, revealing=True)
    assert revealed is not None and revealed.answer.attempts == 1


def test_a_message_that_is_read_later_stands_where_it_was_sent(conn: Connection):
    add_drill(conn, add_track(conn))
    store(conn, message(9, "the end"))
    earlier = store(conn, message(3, "the beginning of the answer"))
    assert [part.text for part in earlier.parts] == ["the beginning of the answer", "the end"]
    assert earlier.parts == answers.parts_of(conn, earlier.answer.id)
    assert earlier.credited and earlier.answer.counted_at == NINE + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, "Anna"), ({"name_here": False}, "Anna in this server"), ({"sent_at": NINE - DAY}, "Anna in this server")],
    ids=["newer", "of-elsewhere", "older"],
)
def test_an_answer_is_shown_under_the_name_that_is_stored(conn: Connection, changes: dict[str, object], name: str):
    add_drill(conn, add_track(conn), opened_at=NINE - 2 * DAY)
    members.record(conn, GUILD, ANNA, "Anna in this server", NINE)
    stored = store(conn, replace(message(), **changes))
    assert stored.view.name == name == members.names(conn, GUILD, [ANNA])[ANNA]


def test_only_the_form_answers_a_blind_drill_until_it_ends(conn: Connection):
    drill = add_drill(conn, add_track(conn, mode=Mode.BLIND), mode=Mode.BLIND)
    assert taken(conn, message()) == FormOnly(drill)
    assert submit(conn, RULES, Turnouts(), form(drill.id), telling=False) is not None
    closed = close(conn, drill, NINE + DAY)
    assert taken(conn, message()) == FormOnly(closed)
    late = message(sent_at=NINE + DAY, member_id=8)
    assert store(conn, late).answer.status is AnswerStatus.LATE


def test_a_void_drill_takes_nothing(conn: Connection):
    drill = add_drill(conn, add_track(conn), state=DrillState.VOID)
    assert taken(conn, message()) is None
    assert submit(conn, RULES, Turnouts(), form(drill.id), telling=False) is None


def test_an_edit_may_credit_and_a_deletion_takes_nothing_back(conn: Connection):
    add_drill(conn, add_track(conn))
    store(conn, message(text="short"))
    assert follow_edit(conn, RULES, 1001, "short", False, NINE + DAY) is None
    edited = follow_edit(conn, RULES, 1001, LONG, False, NINE + DAY)
    assert edited is not None and edited.credited and edited.answer.counted_at == NINE + DAY
    assert edited.answer.version == 2 and edited.view.pending
    erased = erase(conn, 1001)
    assert erased is not None and erased.answer.version == 3
    assert [(part.text, part.gone) for part in erased.parts] == [("", True)]
    assert list(erased.parts) == answers.parts_of(conn, erased.answer.id)
    assert follow_edit(conn, RULES, 1001, LONG, False, NINE + DAY) is None
    assert points(conn) == {"on_time": 10}
    assert follow_edit(conn, RULES, 1, LONG, False, NINE) is None and erase(conn, 1) is None


def test_a_form_replaces_itself_and_is_credited_once(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    short = submit(conn, RULES, Turnouts(), form(drill.id, "hm"), telling=False)
    assert short is not None and short.answer.status is AnswerStatus.SHORT and not short.replaced
    long = submit(conn, RULES, Turnouts(), form(drill.id), telling=False)
    assert long is not None and long.credited and long.replaced and long.news is None
    again = submit(conn, RULES, Turnouts(), form(drill.id, "hm"), telling=False)
    assert again is not None and again.replaced and not again.credited
    assert [part.text for part in again.parts] == ["hm"] and points(conn) == {"on_time": 10}


def test_a_receipt_tells_once_what_has_to_be_told_once(conn: Connection):
    track_id = add_track(conn)
    for day in range(9):
        drill = add_drill(conn, track_id, day)
        if day != 7:  # a freeze, which seven answers in a row have earned, covers this one
            told = submit(conn, RULES, Turnouts(), form(drill.id, at=drill.claimed_at), telling=day == 6)
            assert told is not None and (told.news is not None) == (day == 6)
            if told.news is not None:
                assert (told.news.streak, list(told.news.reached), told.news.once.spent) == (7, [7], 0)
        close(conn, drill, NINE + (day + 1) * DAY)
    last = add_drill(conn, track_id, 9)
    first = submit(conn, RULES, Turnouts(), form(last.id, at=last.claimed_at), telling=True)
    second = submit(conn, RULES, Turnouts(), form(last.id, "hm", at=last.claimed_at), telling=True)
    assert first is not None and first.news is not None and second is not None and second.news is not None
    assert (first.news.streak, first.news.once.spent) == (second.news.streak, 1) == (9, 1)
    assert second.news.once.spent == 0 and list(second.news.reached) == []


def test_the_form_of_a_card_holds_the_earlier_text(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    key = CardKey(100, CHANNEL, drill.date, "genai-001")
    empty = open_card(conn, key, ANNA, NINE)
    assert empty is not None and (empty.earlier, empty.status, empty.open) == ("", None, True)
    submit(conn, RULES, Turnouts(), form(drill.id), telling=False)
    by_key = open_card(conn, key._replace(message_id=5), ANNA, NINE)
    assert by_key is not None and (by_key.earlier, by_key.open) == (LONG, True)
    assert open_card(conn, CardKey(5, 5, drill.date, "genai-001"), ANNA, NINE) is None
    close(conn, drill, NINE + DAY)
    over = open_newest(conn, drill.track_id, ANNA, NINE + DAY)
    assert over is not None and over.status is AnswerStatus.ON_TIME and not over.open


def test_what_a_person_can_change_is_refused(conn: Connection):
    drill = add_drill(conn, add_track(conn), state=DrillState.CLAIMED)
    with pytest.raises(Refusal, match=r"answers\.empty") as empty:
        submit(conn, RULES, Turnouts(), form(drill.id, " \n"), telling=True)
    assert explain(empty.value).startswith("There's no text in your answer.")
    with pytest.raises(Refusal, match=r"answers\.being_posted"):
        open_card(conn, CardKey(100, CHANNEL, drill.date, "genai-001"), ANNA, NINE)


def test_answers_stay_within_their_statements(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    key = CardKey(100, CHANNEL, drill.date, "genai-001")
    assert statements(conn, lambda: open_card(conn, key, ANNA, NINE)) <= 2
    assert statements(conn, lambda: store(conn, message())) <= 12
    assert statements(conn, lambda: submit(conn, RULES, Turnouts(), form(drill.id), telling=True)) <= 12
    assert statements(conn, lambda: open_card(conn, key, ANNA, NINE)) <= 3
    ben = replace(form(drill.id), member_id=8)
    assert statements(conn, lambda: submit(conn, RULES, Turnouts(), ben, telling=True)) <= 15
