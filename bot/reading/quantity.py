"""Numbers with their units: temperatures, durations, years, ages, pain scores, sizes.

Each becomes a concept that patterns can use (`<n_temp>`, `<n_long>`, ...).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.reading.lists import words_in
from bot.reading.words import Word

_WORDS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "couple": 2.0, "two": 2.0, "three": 3.0, "few": 3.0,
    "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0,
    "eleven": 11.0, "twelve": 12.0, "fifteen": 15.0, "sixteen": 16.0, "twenty": 20.0,
    "several": 4.0, "half": 0.5, "many": 6.0, "thirty": 30.0, "forty": 40.0, "dozen": 12.0,
    "hundred": 100.0, "thirteen": 13.0, "fourteen": 14.0, "eighteen": 18.0,
}  # fmt: skip
_DAYS = {
    "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0, "month": 30.0, "year": 365.0,
    "season": 90.0, "decade": 3650.0, "semester": 120.0, "quarter": 90.0, "weekend": 2.0,
}  # fmt: skip
_SHARES = {"7": 1.0, "52": 7.0, "12": 30.0}
"""A clinician's "3/7", "10/52" and "4/12": so many days, weeks, months."""
_NO_SHARE = frozenset("on by until till til due date dated from since the".split())
_ORDINALS = {
    "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0, "eighth": 8.0,
    "ninth": 9.0, "tenth": 10.0, "second": 2.0,
}  # fmt: skip
_COUNTING = frozenset({"week", "month"}) | _ORDINALS.keys()
"""Words that begin a count of time, beside figures: "third month", "week nine"."""
_CELSIUS = (37.8, 42.4)
_FAHRENHEIT = (100.0, 107.9)
_NOT_A_TEMPERATURE = words_in("quantity.not_a_temperature")
QUANTITIES = (
    "n", "n_temp", "n_fever", "n_heat", "n_severe", "n_cm", "n_small", "n_long", "n_time",
    "n_past", "n_ago", "n_year", "age_child", "n_up", "n_ago_long",
)  # fmt: skip
SIGN_QUANTITIES = frozenset({"n_temp", "n_fever", "n_severe", "n_cm"})
_LONG = 18.0
_LONGEST = 9125.0
_STORY = 12
_TOP_SCORE = 10
_LINKS = frozenset({"now", "to", "then", "today", "this", "nearer", "these"})
_SCORE_ENDS = frozenset({".", ",", "/", "out", "now", "this", "despite", "today", "and", "!", "?"})
_PAST = 60.0
_CHILD = 12.0
_HEAT = (30.0, 125.0)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A concept at the words `first` to `last` (indices)."""

    concept: str
    first: int
    last: int


def value(word: Word) -> float | None:
    """The number a word stands for."""
    if word.text[0].isdecimal():
        try:
            return float(word.text.replace(",", "."))
        except ValueError:
            return None
    return _WORDS.get(word.text)


_APOSTROPHES = frozenset("'`’‘")


def quantities(words: Sequence[Word]) -> Iterator[Quantity]:
    """Every quantity in the words."""
    for at, word in enumerate(words):
        if word.text[0].isdecimal() or word.text in _COUNTING:
            yield from _counted(words, at)
        number = value(word)
        if number is None:
            continue
        yield from _rises(words, number, at)
        yield Quantity("n", at, at)
        after = [w.text for w in words[at + 1 : at + 5]]
        before = [w.text for w in words[max(0, at - 4) : at]]
        if word.text[0].isdecimal():
            yield from _temperatures(word, number, at, after)
            yield from _scores(number, at, before, after)
            yield from _ages(number, at, before, after)
            yield from _sizes(number, at, after)
        elif number <= _CHILD:
            yield from _ages(number, at, before, after)
        yield from _durations(words, number, at)


def _temperatures(word: Word, number: float, at: int, after: list[str]) -> Iterator[Quantity]:
    unit = next((t for t in after if t not in {".", "°", "º", "o"}), "")
    if unit in _NOT_A_TEMPERATURE or (after[:1] and after[0] in {"/", "-", ":", "×"}):
        return
    celsius = _CELSIUS[0] <= number <= _CELSIUS[1]
    fahrenheit = _FAHRENHEIT[0] <= number <= _FAHRENHEIT[1]
    if celsius or fahrenheit:
        yield Quantity("n_fever", at, at)
        decimal = "." in word.text or "," in word.text
        if decimal or (fahrenheit and unit == "f") or (celsius and unit == "c"):
            yield Quantity("n_temp", at, at)
    if _HEAT[0] <= number <= _HEAT[1] and "." not in word.text:
        outdoors = {"heat", "out", "here", "outside", "today", "humid", "sun", "weather"}
        if unit in {"degree", "degrees", "f", "c", "celsius", "fahrenheit"} or unit in outdoors:
            yield Quantity("n_heat", at, at)


def _scores(number: float, at: int, before: list[str], after: list[str]) -> Iterator[Quantity]:
    if number in {8.0, 9.0, 10.0} and after[:2] in (["/", "10"], ["out", "of"]):
        yield Quantity("n_severe", at, min(at + 2, at + len(after)))


def _ages(number: float, at: int, before: list[str], after: list[str]) -> Iterator[Quantity]:
    if not 0 < number <= _CHILD:
        return
    text = " ".join(after[:3]).replace("-", " ").replace("  ", " ")
    year = any(
        text.startswith(s)
        for s in (
            "yo",
            "year old",
            "years old",
            "yr old",
            "y o",
            "yrs o",
            "month old",
            "months old",
        )
    )
    aged = before[-1:] and before[-1] in {"age", "aged"}
    bracket = before[-1:] == ["("] and after[:1] == [")"]
    if year or aged or bracket:
        yield Quantity("age_child", at, at)


def _sizes(number: float, at: int, after: list[str]) -> Iterator[Quantity]:
    if after[:1] in (["cm"], ["inch"], ["inches"], ["centimetres"], ["cms"]):
        yield Quantity("n_cm" if number >= 1.5 else "n_small", at, at + 1)


def _durations(words: Sequence[Word], number: float, at: int) -> Iterator[Quantity]:
    """A number with a unit of time; "ago" and the like make it a date in the past."""
    if words[at + 1 : at + 2] and words[at + 1].text == "/" and number.is_integer():
        share = words[at + 2].text if at + 2 < len(words) else ""
        if share in _SHARES and words[at - 1].text not in _NO_SHARE:
            yield from _dated(words, number * _SHARES[share], at, at + 2)
        return
    for here in range(at + 1, min(at + 4, len(words))):
        text = words[here].text
        unit = text.removesuffix("s")
        if unit in _DAYS:
            days = _days(words, number, unit, at)
            if days is not None:
                yield from _dated(words, days, at, here)
            return
        if value(words[here]) is None and text not in {
            "-",
            "of",
            "to",
            "or",
            "full",
            "whole",
            "straight",
            "good",
            "more",
            "and",
            "half",
        }:
            return


def _counted(words: Sequence[Word], at: int) -> Iterator[Quantity]:
    """Units of time counted in order: "the third month", "5th week", "week nine"."""
    texts = [word.text for word in words[at : at + 3]]
    if len(texts) > 1 and texts[0] in {"week", "month"}:
        number, unit, last = value(words[at + 1]), texts[0], at + 1
    else:
        unit = next((text for text in texts[1:] if text in _DAYS), "")
        number, last = _ordinal(words[at], texts[1:2]), at + texts.index(unit) if unit else at
    if number and unit and _LONG <= number * _DAYS[unit] <= _LONGEST:
        yield Quantity("n_long", at, last)


def _ordinal(word: Word, after: Sequence[str]) -> float | None:
    """The place in a row that a word names: "third", "3rd"."""
    if word.text[0].isdecimal() and after and after[0] in {"st", "nd", "rd", "th"}:
        return value(word)
    return _ORDINALS.get(word.text)


def _rises(words: Sequence[Word], number: float, at: int) -> Iterator[Quantity]:
    """A score that was lower and is higher now: "from 3 to 6", "a two last month, now a seven"."""
    linked = False
    for here in range(at + 1, min(at + _STORY, len(words))):
        text = words[here].text
        linked = linked or text in _LINKS
        later = value(words[here])
        if later is None or words[here].text in {"a", "an", "half", "many", "few", "couple"}:
            continue
        following = {word.text for word in words[here + 1 : here + 2]}
        if linked and number < later <= _TOP_SCORE and following <= _SCORE_ENDS:
            yield Quantity("n_up", at, here)
        if later != _TOP_SCORE:
            return


def _days(words: Sequence[Word], number: float, unit: str, at: int) -> float | None:
    old = any(w.text in {"old", "yo"} for w in words[at + 1 : at + 6])
    return None if old else number * _DAYS[unit]


def _dated(words: Sequence[Word], days: float, at: int, last: int) -> Iterator[Quantity]:
    after = [w.text for w in words[last + 1 : last + 3]]
    before = [w.text for w in words[max(0, at - 2) : at]]
    if set(after) & {"ago", "back", "before"}:
        if days >= _PAST:
            yield Quantity("n_past", at, last + 1)
        if days >= _LONG:
            yield Quantity("n_ago_long", at, last + 1)
        yield Quantity("n_ago", at, last + 1)
        return
    if set(before) & {"in", "next", "another", "every", "per"} or "until" in after:
        return
    if _LONG <= days <= _LONGEST:
        yield Quantity("n_long", at, last)
    yield Quantity("n_time", at, last)


def _two_digit_year(words: Sequence[Word], at: int) -> bool:
    """Whether "'98" is a year, and not the inches of a height ("5'10")."""
    height = at > 1 and words[at - 2].text.isdecimal()
    return not height and (int(words[at].text) <= 24 or int(words[at].text) >= 60)


def years(words: Sequence[Word]) -> Iterator[Quantity]:
    """Calendar years of the past, "2015" or "in 09"."""
    for at, word in enumerate(words):
        text = word.text
        if text.isdecimal() and len(text) == 4 and 1950 <= int(text) <= 2025:
            yield Quantity("n_year", at, at)
        if text.isdecimal() and len(text) == 2 and at:
            before = words[at - 1].text
            dated = before in {"in", "back", "since"} and (text[0] == "0" or int(text) >= 80)
            if dated or (before in _APOSTROPHES and _two_digit_year(words, at)):
                yield Quantity("n_year", at, at)
