"""The words of an answer as hints compare them: stems, and what means about the same."""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

_SIGNS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "η": "eta",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ω": "omega",
    "√": "sqrt",
    "∞": "infinite",
    "²": "2",
    "½": "half",
}
_SPOKEN = {sign: f" {word} " for sign, word in _SIGNS.items()} | {"’": "'"}
_SIGN = re.compile(f"[{''.join(_SPOKEN)}]")
_WORD = re.compile(r"[^\W_]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_INNER = re.compile(r"(?<=\w)'(?=\w)")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _set(
    """
    a about again all also am an and another any are as at basically be because been before being between both
    but by can cannot cant could did didnt do does doesnt doing dont down during each eg either else etc even
    every few first for from get gets getting go goes going got had has have havent having he her here him his
    how i ie if im in instead into is isnt it its itself just kind know let lets like make makes many may me
    might more most much must my neither no nor not now of off ok on one only onto or other others our out over
    own per rather really s same say says she should simply since so some something sort still such t than that
    thats the their them then there these they thing things this those though through to too two under until up
    us use used uses using usually very via was way we well were what whatever when where whether which while
    who whole whom whose why will with within without wont would yes yet you your yours
    """
)
"""English words that carry a sentence and little of its matter."""
ELSEWHERE = _set(
    """
    der die das den dem ein eine einen und oder ist sind war nicht mit von zu auf für sich man wird werden auch
    als dass wenn el la los las un una y o es son que con por para se del al lo le les des du et ou est sont ne
    pas dans ce cette qui avec sur il elle di che e per non con nel si um uma os as do da em não ka ki ke ko se
    mein hai hain hota hoti aur ya ye yeh wo woh kya nahi bhi to tha het een en van dat niet voor
    """
)
"""Words that do the same in languages that people mix into English."""
NEGATORS = _set(
    """
    not never cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt hasnt havent
    aint nicht nunca jamais nahi neither
    """
)
"""Words that turn the clause in which they stand into its opposite."""
BRIEF_NEGATORS = _set("no nor without kein keine sin sans")
"""Words that deny only what comes right after them."""
DENIALS = NEGATORS | _set("avoid avoids fail fails ignore ignores lack lacks lose loses lost none prevent prevents")
"""Words that deny something: a key point that has one may be put with or without a "not"."""

_GROUPS = """
increase grow rise raise high climb up large big huge boost gain more
decrease reduce low shrink drop fall decline cut small little tiny less down lessen
fast quick speed rapid swift
slow
cheap inexpensive affordable
expensive costly pricey
cost price money pay bill fee spend expense
easy simple straightforward
hard difficult tricky complicated complex
good better best nice
bad poor worse worst badly
begin start initial init onset
end stop finish terminate halt
before earlier prior
after later following afterwards
always every
never
same identical equal alike
different differ distinct vary
similar resemble look close near
far distant
many several numerous lot plenty
keep store save retain hold preserve remember
lose forget discard delete erase
add append insert include
remove omit exclude
create generate produce build construct
show display demonstrate reveal
choose select pick decide
change alter modify adjust adapt vary update
fix constant unchanged freeze
error mistake fault wrong incorrect
correct right accurate
fake forge artificial synthetic
real genuine true authentic
person people human someone user worker staff employee
term word
picture image photo
guess predict forecast estimate
learn train fit
rule law
data example sample record
memory ram storage
test check verify validate
help assist support aid
hurt harm damage
allow let enable permit
forbid prevent block
cause lead result trigger reason due
need require demand
often frequent typical common most
rare seldom unusual uncommon
part piece portion chunk fragment segment
whole entire full complete
combine merge join glue unite concatenate concat
split divide separate chop
send transmit transfer pass
receive obtain fetch retrieve
copy duplicate replicate clone
limit bound cap restrict maximum
goal target objective aim purpose
method approach technique procedure
step stage phase iteration
mean average
random noise stochastic chance
deterministic
compare contrast versus
approximate rough
exact precise
weight parameter coefficient
network net model
label class category tag
output result answer reply response
compute calculate evaluate flops
diverse variety varied
risk danger hazard
safe secure protect shield defend
unsafe vulnerable
attack exploit
public open
private secret confidential
manual hand handmade handcrafted handwritten
automatic automate
convert transform translate map turn
connect link join tie
parallel simultaneous concurrent
sequential serial
break fail crash
metric score
detect spot find notice discover identify recognize flag
distinguish discriminate separate differentiate
describe explain
wait delay latency lag
expand extend widen enlarge stretch
compress squeeze condense
stable steady robust
unstable
symmetric
asymmetric
linear flat straight
nonlinear curve bend bent
positive
negative
zero none nothing
infinite unbounded endless
independent
dependent
local
global
early
late
deep
shallow
strong
weak
long
short
wide
narrow
inside inner within
outside outer
important key crucial critical essential
multiply times product
old previous former past
new fresh recent latest
approve confirm
undo revert reverse rollback
permission privilege
conflict contradict contradictory
outdated stale obsolete
plan schedule
document doc file
likely probable plausible
unlikely improbable
probability prob likelihood
number count amount quantity
position place location
blind anonymous
disappear vanish
explode blow
rebuild reconstruct restore recover
region area zone window patch neighborhood
boundary border edge
share reuse
buy purchase acquire
sell
win victory
defeat
hot warm heat
cold cool
light bright
dark
heavy
light
attract pull
repel push
accept agree
reject refuse
rich wealthy
poor
young
old
alive live
dead die
ill sick disease illness
healthy
doctor physician clinician
child kid
company firm business enterprise
job work task
country nation state
war conflict
law act statute
judge court
"""


def _english_stemmer() -> Any:
    """Snowball's stemmer for English without those for 35 other languages, which its package loads: 3 MB."""
    name = "snowballstemmer"
    package = find_spec(name)
    assert package is not None
    sys.modules[name] = module_from_spec(package)  # whose own code isn't run
    try:
        return import_module(f"{name}.english_stemmer").EnglishStemmer()
    finally:
        del sys.modules[name]


_ENGLISH = _english_stemmer()
SAME_MEANING, SAME_BEGINNING = 0.42, 0.36
"""What a word counts that means about the same, and one that begins with the same four letters."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What forms of one English word have in common, by the Porter2 rules of Snowball."""
    return str(_ENGLISH.stemWord(word))


@cache
def meanings() -> dict[str, frozenset[int]]:
    """The groups of meaning of each stem that has any."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(_GROUPS.splitlines()):
        for word in group.split():
            found[stem(word)].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_NOTHING: frozenset[int] = frozenset()


@lru_cache(maxsize=50_000)
def _keys(word: str) -> tuple[str | int, ...]:
    """Where a stem is looked up: what is like it shares one of these."""
    return (word[:2], *meanings().get(word, _NOTHING))


class Likeness:
    """How much words say the same as one of a text: looked up by meaning and first letters, not word by word."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._near: defaultdict[str | int, list[str]] = defaultdict(list)
        for word in set(stems):
            for key in _keys(word):
                self._near[key].append(word)

    def __getitem__(self, word: str) -> dict[str, float]:
        """The text's stems that have to do with a stem, and how much (see `likeness`)."""
        near = {other for key in _keys(word) for other in self._near.get(key, ())}
        return {other: like for other in near if (like := likeness(word, other))}


@lru_cache(maxsize=50_000)
def _trigrams(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """How much two stems say the same: 1 for the same one, 0 for two that have nothing in common.

    Words that differ by a typing error or by their endings share most of their letters in threes (the square of
    Dice's coefficient); words of one group of meanings count much less than the same word.
    """
    if one == other:
        return 1.0
    if meanings().get(one, _NOTHING) & meanings().get(other, _NOTHING):
        return SAME_MEANING
    if min(len(one), len(other)) < 4 or one[:2] != other[:2]:
        return 0.0
    if min(len(one), len(other)) >= 5 and (one.startswith(other) or other.startswith(one)):
        return SAME_MEANING
    first, second = _trigrams(one), _trigrams(other)
    shared = (2 * len(first & second) / (len(first) + len(second))) ** 2
    if one[:4] == other[:4]:
        return max(shared, SAME_BEGINNING)
    return shared if shared >= 0.25 else 0.0


def words(text: str) -> list[str]:
    """All words in order, in lower case, without accents and apostrophes, Greek letters spelled out."""
    if text.isascii():  # most of English needs none of the slow steps
        return _WORD.findall(_INNER.sub("", text.lower()))
    plain = _INNER.sub("", _spoken(unicodedata.normalize("NFKC", _spoken(text)).lower()))
    if not plain.isascii():
        plain = _BEYOND_ASCII.sub(_without_accents, unicodedata.normalize("NFD", plain))
    return _WORD.findall(plain)


def _spoken(text: str) -> str:
    """A text with its signs spelled out."""
    return _SIGN.sub(lambda found: _SPOKEN[found[0]], text)


def _without_accents(found: re.Match[str]) -> str:
    return "".join(sign for sign in found[0] if not unicodedata.combining(sign))


def carrying(spoken: Iterable[str]) -> list[str]:
    """The stems of those words that carry meaning, in order."""
    return [stem(word) for word in spoken if word not in FUNCTION_WORDS]


def matter(text: str) -> list[str]:
    """The stems of a text's words that carry meaning, in order."""
    return carrying(words(text))
