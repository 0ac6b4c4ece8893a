"""Teams' rules against naive references."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.teams import (
    ACTIVE_DRILLS,
    Contribution,
    Placement,
    TeamDrill,
    counted_members,
    folded,
    parse_name,
    place,
    scores,
    team_run,
)
from bot.ui.refusals import explain

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
MEMBERS = st.integers(1, 6)


def naive_counted(sizes: list[int]) -> int:
    """The median as the middle of the sorted sizes, without half of it on either side."""
    left = sorted(sizes)
    while len(left) > 2:
        left = left[1:-1]
    return max(3, int(Fraction(sum(left), len(left)))) if left else 3


@given(st.lists(st.integers(0, 30), max_size=12))
def test_the_median_size_decides_how_many_count(sizes: list[int]):
    assert counted_members(sizes) == naive_counted(sizes)


CONTRIBUTIONS = st.dictionaries(MEMBERS, st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=6)


@given(st.dictionaries(st.integers(1, 5), CONTRIBUTIONS, max_size=5), st.integers(3, 5))
def test_a_score_is_the_best_members_points_and_ties_share_a_rank(
    earned: dict[int, dict[int, tuple[int, int]]], counted: int
):
    rows = scores(
        {
            team: [
                Contribution(member, points, START + timedelta(hours=hour)) for member, (points, hour) in of.items()
            ]
            for team, of in earned.items()
        },
        counted,
    )
    best = {
        team: sorted((points for points, _ in of.values()), reverse=True)[:counted] for team, of in earned.items()
    }
    expected = {team: Fraction(sum(points), counted) for team, points in best.items() if sum(points)}
    assert {row.team_id: Fraction(row.total, row.counted) for row in rows} == expected
    for row in rows:
        assert row.rank == 1 + sum(score > expected[row.team_id] for score in expected.values())
        assert [one.points for one in row.contributors] == [points for points in best[row.team_id] if points]
        assert row.score == pytest.approx(float(expected[row.team_id]))
    reached = [(-row.total, max(one.reached_at for one in row.contributors), row.team_id) for row in rows]
    assert reached == sorted(reached)


GROUP = st.frozensets(MEMBERS, max_size=6)


@st.composite
def drills(draw: st.DrawFn) -> list[TeamDrill]:
    met: list[TeamDrill] = []
    for _ in range(draw(st.integers(0, 30))):
        answered = draw(GROUP)
        on_time = frozenset(one for one in answered if draw(st.booleans()))
        met.append(TeamDrill(draw(GROUP), answered, on_time, draw(GROUP), False))
    if met and draw(st.booleans()):
        met[-1] = replace(met[-1], open=True)
    return met


def naive_run(met: list[TeamDrill]) -> int:
    """Counts back from the newest drill until one was not answered by half of the active members."""
    run = 0
    for at in range(len(met) - 1, -1, -1):
        active = [m for m in met[at].members if any(m in met[b].answered for b in range(at, -1, -1) if at - b < 10)]
        on_time = [m for m in active if m in met[at].on_time]
        missed = [m for m in active if m not in on_time and m not in met[at].excused]
        if active and not on_time and not missed:
            continue
        if active and len(on_time) >= len(missed):
            run += 1
        elif not (met[at].open and at == len(met) - 1):
            break
    return run


@given(drills())
def test_a_team_s_streak_agrees_with_the_naive_reference(met: list[TeamDrill]):
    found = team_run(met)
    assert found.length == naive_run(met)
    # What lies before the drills that can still count changes nothing.
    assert team_run(met[max(0, len(met) - found.span - ACTIVE_DRILLS) :]) == found


def length(*met: TeamDrill) -> int:
    return team_run(met).length


def test_half_of_the_active_members_keep_a_team_s_streak():
    four, two = frozenset({1, 2, 3, 4}), frozenset({1, 2})
    nobody, single = frozenset[int](), frozenset({1})
    everybody = TeamDrill(four, four, four, nobody, False)
    half, one = TeamDrill(four, two, two, nobody, False), TeamDrill(four, two, single, nobody, False)
    assert length(everybody, half) == 2 and length(everybody, one) == 0
    gone = [half] * 10
    assert length(everybody, *gone, TeamDrill(four, single, single, nobody, False)) == 12
    assert length(half, TeamDrill(four, nobody, nobody, nobody, True)) == 1


def test_who_is_excused_does_not_end_a_team_s_streak():
    nobody, four = frozenset[int](), frozenset({1, 2, 3, 4})
    everybody = TeamDrill(four, four, four, nobody, False)
    alone = TeamDrill(four, frozenset({1}), frozenset({1}), frozenset({2, 3}), False)
    assert length(everybody, alone) == 2  # one of the two who were asked
    assert length(everybody, replace(alone, excused=nobody)) == 0
    assert length(everybody, TeamDrill(four, nobody, nobody, four, False), everybody) == 2


def test_a_role_decides_the_older_team_counts_and_a_deleted_role_lets_everybody_stay():
    both = {1: 10, 2: 20, 3: None}
    assert place(None, both, {20, 10}, {10, 20}) == Placement(1, 2)
    assert place(3, both, {20}, {10, 20}) == Placement(2)
    assert place(1, both, {99}, {10, 20}) == Placement(None)
    assert place(1, both, {99}, {20}) == Placement(1)
    assert place(3, both, set(), {10, 20}) == Placement(3)


@given(st.integers(0, 4), st.sets(st.sampled_from([10, 20, 30])), st.sets(st.sampled_from([10, 20, 30])))
def test_placing_twice_changes_nothing_more(current: int, roles: set[int], existing: set[int]):
    known = {1: 10, 2: None, 3: 20, 4: 30}
    first = place(current or None, known, roles & existing, existing)
    assert place(first.team_id, known, roles & existing, existing) == first


@given(st.text(max_size=70))
def test_names_are_short_visible_and_stay_what_they_are(text: str):
    try:
        name = parse_name(text)
    except Refusal:
        return
    assert 1 <= len(name) <= 50 and name == " ".join(name.split()) and parse_name(name) == name


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\u3164\u2800", "\u200d", "---", "x" * 51])
def test_names_that_nobody_can_read_are_refused(text: str):
    with pytest.raises(Refusal) as error:
        parse_name(text)
    assert "50 characters" in explain(error.value)


def test_names_differ_in_more_than_capitals():
    assert folded("STRASSE") == folded("straße") and folded("Red") != folded("Reds")
    assert folded("\u2068فريق\u2069") == folded("فريق")  # as it stands on a page, where it can be copied
    assert parse_name("  The \n Red\u202e  🦩 ") == "The Red 🦩"
