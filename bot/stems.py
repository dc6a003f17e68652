"""Words, stems and figures of a text: what retrieval, composing and judging compare.

A figure is a number with its unit, both normalised: "four to six weeks" and "4–6 weeks" are equal.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import Stemmer

STOP = frozenset(
    """a about all also am an and any are as at be because been but by can could did do does doing
    for from get gets getting give given go goes got had has have having he her him his how i if im
    in into is it its ive just know let like may me might more most much my no not of on one or our
    out over own please really say says she should so some still tell than that thats the their
    them then there these they thing this those to too up us use very want was we well were what
    whats when where which while who whom why will with would you your""".split()
)

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?")
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"fifteen": "15", "twenty": "20", "thirty": "30", "couple of": "2", "twice": "2 times"}
_SPELT = re.compile(r"\b(" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")\b")
_UNITS = {
    "second": "seconds?|secs?",
    "minute": "minutes?|mins?",
    "hour": "hours?|hrs?",
    "day": "days?",
    "week": "weeks?|wks?",
    "month": "months?",
    "year": "years?|yrs?",
    "time": "times?",
    "rep": "reps?|repetitions?",
    "set": "sets?",
    "percent": "%|percent",
    "km": "km|kilometres?|kilometers?",
    "mile": "miles?",
    "of_ten": r"/\s*10|out\s+of\s+10",
}
_UNIT = "|".join(f"(?P<{name}>{spelling})" for name, spelling in _UNITS.items())
_FIGURE = re.compile(
    r"(?<![\w.])(?P<low>\d+(?:\.\d+)?)(?:\s*%?\s*(?:-|–|—|to|or)\s*(?P<high>\d+(?:\.\d+)?))?"
    rf"[\s-]*(?:(?:{_UNIT})(?![a-z]))?"
)
_stemmer = Stemmer.Stemmer("english")
_stemming = Lock()  # a PyStemmer object must not be used by two threads at once


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or range with its unit: `Figure("4", "6", "week")`; unit empty where bare."""

    low: str
    high: str
    unit: str


def plain(text: str) -> str:
    """Lower-case text with straight quotes."""
    return text.lower().replace("’", "'").replace("‘", "'")


def words(text: str) -> list[str]:
    """All words and numbers, lower case, possessive 's removed."""
    return [word.removesuffix("'s") for word in _WORD.findall(plain(text))]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The Snowball English stem of one lower-case word."""
    with _stemming:
        return str(_stemmer.stemWord(word))


@lru_cache(maxsize=4096)
def stems(text: str) -> tuple[str, ...]:
    """Stems of the content words, in order, with repeats."""
    found = (word.replace("'", "") for word in words(text))
    return tuple(stem(word) for word in found if word not in STOP)


@lru_cache(maxsize=4096)
def figures(text: str) -> frozenset[Figure]:
    """All numbers of the text with their units, spelt-out numbers included."""
    digits = _SPELT.sub(lambda match: _NUMBERS[match[1]], plain(text))
    return frozenset(_figure(match) for match in _FIGURE.finditer(digits))


def _figure(match: re.Match[str]) -> Figure:
    unit = next((name for name in _UNITS if match[name]), "")
    return Figure(match["low"], match["high"] or match["low"], unit)
