"""Time zones as people type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import zones
from bot.domain.errors import Refusal
from bot.domain.schedule import parse_zone
from bot.ui.kit.options import CHOICES, zone_choices
from bot.ui.refusals import explain

TAKEN = {
    "Europe/Berlin": "Europe/Berlin",
    "europe/berlin": "Europe/Berlin",
    "berlin": "Europe/Berlin",
    " New  York ": "America/New_York",
    "new_york": "America/New_York",
    "Los Angeles": "America/Los_Angeles",
    "London": "Europe/London",
    "São Paulo": "America/Sao_Paulo",
    "Zürich": "Europe/Zurich",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Singapore": "Asia/Singapore",
    "Asia/Calcutta": "Asia/Kolkata",
    "Europe/Kiev": "Europe/Kyiv",
    "US/Eastern": "America/New_York",
    "UTC": "UTC",
    "Etc/UTC": "UTC",
}
CHOSEN: dict[str, tuple[str, ...]] = {
    "GMT+2": ("Europe/Berlin", "Africa/Cairo", "Europe/Athens"),
    "UTC+2": ("Europe/Berlin", "Africa/Cairo"),
    "+02:00": ("Europe/Berlin",),
    "gmt -5": ("America/New_York", "America/Bogota"),
    "UTC−3": ("America/Sao_Paulo",),
    "UTC+5:30": ("Asia/Kolkata",),
    "utc+0530": ("Asia/Kolkata",),
    "Etc/GMT+5": ("America/New_York", "America/Bogota"),
    "Etc/GMT-2": ("Europe/Berlin", "Africa/Cairo"),
    "GMT": ("Europe/London", "Africa/Abidjan", "UTC"),
    "EST": ("America/New_York", "America/Toronto", "America/Jamaica"),
    "MST": ("America/Denver", "America/Phoenix"),
    "HST": ("Pacific/Honolulu",),
    "PST": ("America/Los_Angeles", "Asia/Manila"),
    "PDT": ("America/Los_Angeles",),
    "ET": ("America/New_York",),
    "EST5EDT": ("America/New_York",),
    "CET": ("Europe/Berlin", "Europe/Paris"),
    "CEST": ("Europe/Berlin", "Europe/Paris"),
    "WET": ("Europe/Lisbon",),
    "BST": ("Europe/London",),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "JST": ("Asia/Tokyo",),
    "AEST": ("Australia/Sydney", "Australia/Brisbane"),
    "SGT": ("Asia/Singapore",),
    "India": ("Asia/Kolkata",),
    "Japan": ("Asia/Tokyo",),
    "UK": ("Europe/London",),
    "USA": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    "Germany": ("Europe/Berlin",),
    "brazil": ("America/Sao_Paulo", "America/Manaus"),
    "Türkiye": ("Europe/Istanbul",),
    "South Korea": ("Asia/Seoul",),
    "Georgia": ("Asia/Tbilisi", "America/New_York"),
    "Mumbai": ("Asia/Kolkata",),
    "Bangalore": ("Asia/Kolkata",),
    "Delhi": ("Asia/Kolkata",),
    "San Francisco": ("America/Los_Angeles",),
    "NYC": ("America/New_York",),
    "Beijing": ("Asia/Shanghai",),
    "München": ("Europe/Berlin",),
    "Barcelona": ("Europe/Madrid",),
    "Birmingham": ("Europe/London", "America/Chicago"),
    "Cordoba": ("America/Argentina/Cordoba", "Europe/Madrid"),
    "San Juan": ("America/Puerto_Rico", "America/Argentina/San_Juan"),
    "California": ("America/Los_Angeles",),
    "Washington": ("America/New_York", "America/Los_Angeles"),
}
NEAR = {
    "Mumbay": "Asia/Kolkata",
    "Berln": "Europe/Berlin",
    "Indi": "Asia/Kolkata",
    "Europe/Munich": "Europe/Berlin",
}


@pytest.mark.parametrize("typed", TAKEN)
def test_a_name_with_one_meaning_is_taken(typed: str):
    assert parse_zone(typed) == TAKEN[typed]
    assert zone_choices(typed)[0].value == TAKEN[typed]


@pytest.mark.parametrize("typed", CHOSEN)
def test_what_people_say_leads_to_a_choice_of_cities(typed: str):
    with pytest.raises(Refusal, match=r"schedule.choose_zone") as refused:
        parse_zone(typed)
    found = refused.value.values["zones"]
    assert isinstance(found, list)
    assert set(CHOSEN[typed]) <= set(found), found
    assert found[0] in explain(refused.value)
    assert found[0] in [choice.value for choice in zone_choices(typed)]
    assert "America/Indiana" not in str(found[:1]), "nobody means that first"


@pytest.mark.parametrize("typed", NEAR)
def test_a_slip_finds_what_was_meant(typed: str):
    with pytest.raises(Refusal, match=r"schedule.unknown_zone") as refused:
        parse_zone(typed)
    assert NEAR[typed] in explain(refused.value)
    assert NEAR[typed] in [choice.value for choice in zone_choices(typed)]


@pytest.mark.parametrize(
    "typed", ["", "xyzzy", "+99", "GMT+25", "Etc/GMT+99", "Factory", "localtime", "posixrules"]
)
def test_what_means_nothing_says_how_to_write_it(typed: str):
    with pytest.raises(Refusal, match=r"schedule.unknown_zone") as refused:
        parse_zone(typed)
    assert "Europe/Berlin" in explain(refused.value)


def test_zones_without_summer_time_and_with_reversed_signs_are_never_offered():
    assert len(zones.offered()) > 400
    for zone in zones.offered():
        assert zone.partition("/")[0] in zones.AREAS - {"US", "Canada", "Brazil", "Chile", "Mexico"}
        assert parse_zone(zone) == zone
    starts = [*"abcdefghijklmnopqrstuvwxyz+-", "etc", "gmt", "est", "utc", "america/"]
    for typed in starts:
        found = [choice.value for choice in zone_choices(typed)]
        assert len(found) <= CHOICES and set(found) <= {*zones.offered(), "UTC"}


@given(st.one_of(st.text(max_size=40), st.sampled_from([*TAKEN, *CHOSEN]).map(str.swapcase)))
def test_whatever_is_typed_ends_in_a_zone_or_in_one_sentence(typed: str):
    zone_choices(typed)
    try:
        assert datetime(2026, 7, 1, tzinfo=UTC).astimezone(ZoneInfo(parse_zone(typed)))
    except Refusal as refusal:
        assert 20 < len(explain(refusal)) < 700
