"""Time zones as people name them: a city, a country, an abbreviation, an offset.

Only a name that has one meaning is taken for a zone; anything else leads to a choice of cities. So nobody gets a
zone without summer time, or one on the other side of Greenwich, without having seen its name.
"""

import re
import unicodedata
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from bot.domain.text import alike
from bot.domain.zone_cities import CITIES

TYPED_LIMIT = 100
NEAR = 75
"""How well (0-100) a name must fit what was typed to be offered for it."""
SEASONS = (datetime(2030, 1, 15, tzinfo=UTC), datetime(2030, 7, 15, tzinfo=UTC))
"""One day of winter and one of summer, under the rules that hold in the coming years."""
AREAS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
    *("US", "Canada", "Brazil", "Chile", "Mexico"),
}
"""What a zone's name begins with that means a place; `Etc` has signs that are reversed, others no summer time."""
SAID = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "uae": "AE",
    "emirates": "AE",
    "holland": "NL",
    "czechia": "CZ",
    "south korea": "KR",
    "north korea": "KP",
    "burma": "MM",
    "turkiye": "TR",
    "swaziland": "SZ",
    "macedonia": "MK",
    "congo": "CD",
    "drc": "CD",
}
"""Countries under names that the tz database does not have."""
ALSO_SHORT = {
    "et": ("EST", "EDT"),
    "ct": ("CST", "CDT"),
    "mt": ("MST", "MDT"),
    "pt": ("PST", "PDT"),
    "sgt": ("Asia/Singapore",),
    "myt": ("Asia/Kuala_Lumpur",),
    "ict": ("Asia/Bangkok", "Asia/Ho_Chi_Minh"),
    "gst": ("Asia/Dubai",),
    "brt": ("America/Sao_Paulo",),
    "art": ("America/Argentina/Buenos_Aires",),
    "clt": ("America/Santiago",),
    "npt": ("Asia/Kathmandu",),
    "bdt": ("Asia/Dhaka",),
    "trt": ("Europe/Istanbul",),
}
"""Abbreviations that the tz database does not have: others that they stand for, or zones."""
_BOTH = re.compile(r"([a-z]{3})\d([a-z]{3})")
"""Winter and summer time in one, such as `EST5EDT`."""
_OFFSET = re.compile(
    r"(?P<etc>etc/)?(?:gmt|utc|z)?\s*(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?"
)


def take(text: str) -> str | None:
    """The zone that a text names beyond doubt, by its IANA name or by the city in it; None where there is doubt."""
    wanted = _folded(text)
    if wanted in ("utc", "etc/utc"):
        return "UTC"
    if "/" in wanted:
        return _taken().get(wanted.replace(" ", "_"))
    found = _meanings().get(wanted, ())
    return found[0] if len(found) == 1 and _folded(found[0].rsplit("/", 1)[-1]) == wanted else None


def choices(text: str) -> list[str]:
    """The zones that a text can mean, those with most people first; none where it means nothing."""
    wanted = _folded(text)
    found: list[str] = []
    both = _BOTH.fullmatch(wanted)
    for said in both.groups() if both else ALSO_SHORT.get(wanted, (wanted,)):
        found += _short().get(said.lower(), [said] if said in offered() else [])
    found += _with_offset(wanted)
    if (code := SAID.get(wanted) or _countries().get(wanted)) is not None:
        found += _zones_of(code)
    found += _meanings().get(wanted, ())
    return list(dict.fromkeys(found))


def near(text: str, limit: int = 25) -> list[str]:
    """Zones whose name, city or country begins with a text or is spelled nearly so, the best first."""
    wanted = _folded(text)
    if not wanted:
        return []
    names = _names()
    found = choices(wanted.rpartition("/")[-1]) if "/" in wanted else []
    found += [zone for name in sorted(names, key=len) if name.startswith(wanted) for zone in names[name]]
    if len(set(found)) < limit:
        found += [zone for name, _ in alike(wanted, names.keys(), limit, NEAR) for zone in names[name]]
    return list(dict.fromkeys(found))[:limit]


def forget_zones() -> None:
    """Reads everything anew, from where zone data come now."""
    for read in (offered, _taken, _meanings, _short, _countries, _country_zones, _clocks, _names):
        read.cache_clear()


@cache
def offered() -> tuple[str, ...]:
    """Every zone that is a place today, those with most people first."""
    named = {zone for zones in _country_zones().values() for zone in zones}
    by_people = dict.fromkeys(zone for zone, _ in _cities() if zone in named)
    return (*by_people, *sorted(named - by_people.keys()))


@cache
def _taken() -> Mapping[str, str]:
    """Names that are taken as they stand, by what people type; old ones lead to what they are called today."""
    links: dict[str, str] = {}
    for line in _table("tzdata.zi"):
        kind, *words = line.split(" ")
        if kind == "L":
            links[words[1]] = words[0]
    today = set(offered())
    names = [name for name in zoneinfo.available_timezones() if name.split("/")[0] in AREAS and "/" in name]
    return {name.lower(): name if name in today else links.get(name, name) for name in names}


@cache
def _meanings() -> Mapping[str, tuple[str, ...]]:
    """The zones of each city and state that is known, by its name."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for zone, cities in _cities():
        for city in cities:
            found[_folded(city)][zone] = None
    own: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for name, zone in sorted(_taken().items(), key=lambda pair: (pair[0].count("/"), pair[0])):
        own[_folded(name.rsplit("/", 1)[-1])][zone] = None
    for city, zones in own.items():
        if city not in found or not zones.keys() & found[city].keys():
            found[city] = {**found.get(city, {}), **zones} if city in found else zones
    return {city: tuple(zones) for city, zones in found.items()}


def _cities() -> Iterator[tuple[str, list[str]]]:
    for line in CITIES.replace("\n ", " ").splitlines():
        zone, _, cities = line.partition(":")
        yield zone, [city.strip() for city in cities.split(",") if city.strip()]


@cache
def _short() -> Mapping[str, list[str]]:
    """The zones in which an abbreviation is on the clock in winter or in summer."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for zone, clocks in _clocks().items():
        for name in {(clock.tzname() or "").lower() for clock in clocks}:
            found[name].append(zone)
    return found


@cache
def _clocks() -> Mapping[str, list[datetime]]:
    """What the clocks of each zone show in winter and in summer."""
    return {zone: [season.astimezone(ZoneInfo.no_cache(zone)) for season in SEASONS] for zone in offered()}


def _with_offset(wanted: str) -> Sequence[str]:
    """Zones that are so far from Greenwich at some time of the year: `GMT+2` is east, `Etc/GMT+2` west."""
    if wanted in ("gmt", "etc/gmt", "greenwich", "z", "zulu"):
        return [*_with_offset("+0"), "UTC"]
    found = _OFFSET.fullmatch(wanted)
    if found is None:
        return ()
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    east = (found["sign"] == "+") != bool(found["etc"])
    offset = offset if east else -offset
    return [zone for zone, clocks in _clocks().items() if offset in {clock.utcoffset() for clock in clocks}]


@cache
def _countries() -> Mapping[str, str]:
    """Codes of countries by their names, by the words in brackets behind some, and by themselves."""
    found: dict[str, str] = {}
    for code, name in (line.split("\t") for line in _table("iso3166.tab")):
        found[_folded(code)] = code
        found[_folded(name)] = code
        plain, _, inside = name.partition(" (")
        found.setdefault(_folded(plain), code)
        if "(" in name and len(inside) > 3:
            found.setdefault(_folded(inside.strip(")")), code)
    return found


@cache
def _country_zones() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in _table("zone.tab"):
        code, _, zone, *_ = line.split("\t")
        found[code].append(zone)
    return {code: tuple(zones) for code, zones in found.items()}


def _zones_of(code: str) -> list[str]:
    own = _country_zones().get(code, ())
    return [zone for zone in offered() if zone in own]


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Everything that can be typed, with its zones: cities, countries, whole names."""
    found = dict(_meanings())
    for name, code in {**_countries(), **SAID}.items():
        if len(name) > 2:
            found[name] = tuple(dict.fromkeys([*_zones_of(code), *found.get(name, ())]))
    return {**found, **{_folded(zone): (zone,) for zone in offered()}}


def _table(name: str) -> Iterator[str]:
    """The lines of a file of the tz database that say something."""
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _folded(text: str) -> str:
    """A name as it is compared: small letters without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", " ".join(text[:TYPED_LIMIT].replace("_", " ").split()).lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("’", "'")
