"""Whether a message is in English, the only language that the rules can read."""

from collections.abc import Sequence

from bot.reading.lists import words_in
from bot.reading.match import Reading, shipped
from bot.reading.words import Word

_EVERYDAY = words_in("language.everyday")
_FEWEST_WORDS = 4
_ENGLISH_SHARE = 0.2
_LATIN_SHARE = 0.5
_KNOWN_SHARE = 0.85
_LONG = 4


def is_english(reading: Reading) -> bool:
    """Whether enough of the words as typed are everyday English; short messages pass."""
    letters = [c for c in reading.text if c.isalpha()]
    if len(letters) >= _FEWEST_WORDS and _latin(letters) < _LATIN_SHARE:
        return False
    typed = [_typed(reading.text, word) for word in reading.words if word.text[0].isalpha()]
    if len(typed) < _FEWEST_WORDS:
        return True
    everyday = sum(word in _EVERYDAY for word in typed) / len(typed)
    return everyday >= _ENGLISH_SHARE or _known(reading) >= _KNOWN_SHARE


def _known(reading: Reading) -> float:
    """The share of words of four letters or more that are English or that the rules know."""
    long = [w.text for w in reading.words if w.text.isalpha() and len(w.text) >= _LONG]
    return sum(shipped().knows(text) for text in long) / len(long) if long else 0.0


def _latin(letters: Sequence[str]) -> float:
    return sum(ord(c) < 0x250 for c in letters) / len(letters)


def _typed(text: str, word: Word) -> str:
    return text[word.start : word.end].lower().replace("'", "").replace("’", "")
