"""Whether a message is in English, the only language that the rules can read.

Closed lists decide: everyday words of English against everyday words of other languages (and words
with letters that English does not use). Where neither list speaks, the share of words that are
English or that the rules know does. Slang, typos and a mixture that is mostly English pass.
"""

from collections.abc import Sequence

from bot.reading.lists import words_in
from bot.reading.match import Reading, shipped
from bot.reading.words import Word

_EVERYDAY = words_in("language.everyday")
_FOREIGN = words_in("language.foreign")
_FEWEST_LETTERS = 4
_FEWEST_WORDS = 4
_LATIN_SHARE = 0.5
_KNOWN_SHARE = 0.5
_SURE_SHARE = 0.75
_LONG = 4


def is_english(reading: Reading) -> bool:
    """Whether more of the words as typed speak for English than against it."""
    letters = [c for c in reading.text if c.isalpha()]
    if len(letters) >= _FEWEST_LETTERS and _latin(letters) < _LATIN_SHARE:
        return False
    typed = [_typed(reading.text, word) for word in reading.words if word.text[0].isalpha()]
    everyday = sum(word in _EVERYDAY for word in typed)
    foreign = sum(word in _FOREIGN or not word.isascii() for word in typed)
    if foreign > 1:
        return everyday > foreign or (everyday == foreign and _known(reading) > _KNOWN_SHARE)
    short = len(typed) < _FEWEST_WORDS and not foreign
    return short or everyday > foreign or _known(reading) >= _KNOWN_SHARE


def is_surely_english(repaired: Reading) -> bool:
    """Whether a message whose letters were others is English all the same, and not short."""
    long = [word.text for word in repaired.words if len(word.text) >= _LONG]
    return len(long) > 1 and _known(repaired) >= _SURE_SHARE


def _known(reading: Reading) -> float:
    """The share of words of four letters or more that are English or that the rules know."""
    long = [w.text for w in reading.words if w.text.isalpha() and len(w.text) >= _LONG]
    return sum(shipped().knows(text) for text in long) / len(long) if long else 1.0


def _latin(letters: Sequence[str]) -> float:
    return sum(ord(c) < 0x250 for c in letters) / len(letters)


def _typed(text: str, word: Word) -> str:
    return text[word.start : word.end].lower().replace("'", "").replace("’", "")
