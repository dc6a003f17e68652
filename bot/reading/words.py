"""Plain text to words: run-together, misspelt and spelled-out words are repaired, offsets kept."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import Stemmer

from bot.reading.normalise import Plain

HERE = Path(__file__).parent / "lexicon"
_STEM = Stemmer.Stemmer("english")
_TOKEN = re.compile(r"[a-z]+(?:['0-9@$][a-z]+)*|\d+(?:[.,]\d+)?|\n|[^\w\s]|\w")
_LEET = str.maketrans("013457@$", "oleastas")
_SENTENCE_END = frozenset(".!?\n;")
_LONGEST = 40
_TINY = frozenset("i a my it is in on to of up so no at he we me".split())
"""Words of one or two letters that may be run together with others."""
_USUAL, _SHORT, _SURE = 3.5, 3, 12
"""Letters of a usual word: run-together words are split no further than this on average; from so
many letters on, when hardly anything else is meant, not further than into short ones."""
_LONGEST_SENTENCE = 80
_PART = re.compile(
    r"\W{0,2}(?:knees?|legs?|calf|shin|foot|ankle|hip|thigh|groin|arm|hand|eye|face|side|lower|upper|"
    r"patella|acl|mcl|pcl|tkr|tka|quads?|hamstring)\b"
)
_PART_OR_END = re.compile(rf"{_PART.pattern}|\s*(?:[,.;:)>&]|$)")
_SIDES = {
    "r": ("right", _PART_OR_END),
    "l": ("left", _PART),
    "rt": ("right", _PART),
    "lt": ("left", _PART),
}
"""What must follow a side: "R knee", "foot drop R, since Monday"; elsewhere "r" is "are"."""
_THEY = frozenset("u you they we how what who".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark: `text` as repaired, `stem`, its offsets, and its sentence's number."""

    text: str
    stem: str
    start: int
    end: int
    sentence: int


def _lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").split("\n")


class Speller:
    """Repairs words that are not English towards the words the rules know.

    Candidates at one edit (two from nine letters on) are looked up through deletions, as in
    SymSpell, so that a look-up never depends on the size of the lexicon.
    """

    def __init__(
        self, known: frozenset[str], english: frozenset[str], slang: dict[str, str]
    ) -> None:
        """Index the deletions of every known word of at least four letters."""
        self.known = known
        self.english = english | known
        self.slang = slang
        self._deletions: dict[str, list[str]] = {}
        for word in sorted(known):
            if len(word) >= 4:
                for cut in _deletions(word):
                    self._deletions.setdefault(cut, []).append(word)
        self.repair = lru_cache(maxsize=20_000)(self._repair)

    def _repair(self, word: str) -> tuple[str, ...]:
        """The word or words that were meant; the word itself where nothing is closer."""
        if word in self.slang:
            return tuple(self.slang[word].split())
        if word in self.english or len(word) < 4 or len(word) > _LONGEST:
            return (word,)
        if word[::2] == word[1::2]:
            return self.repair(word[::2])
        if _STEM.stemWord(word) == word or _STEM.stemWord(word) not in self.english:
            return self._closest(word) or self._split(word) or (word,)
        return (word,)

    def _closest(self, word: str) -> tuple[str, ...]:
        found = {
            candidate
            for cut in (word, *_deletions(word))
            for candidate in self._deletions.get(cut, ())
            if candidate[0] == word[0] or sorted(candidate[:2]) == sorted(word[:2])
        }
        near = min(((_distance(word, c), _slip(word, c), c) for c in found), default=None)
        return (near[2],) if near and near[0] <= _allowed(word) else ()

    def _split(self, word: str) -> tuple[str, ...]:
        """Words that the rules know, run together: as few as will do, the first ones longest."""
        best: dict[int, tuple[str, ...]] = {len(word): ()}
        for start in range(len(word) - 1, -1, -1):
            ends = range(len(word), start, -1)
            rows = [
                (word[start:e], *best[e])
                for e in ends
                if e in best and self._is_word(word[start:e])
            ]
            if rows:
                best[start] = min(rows, key=len)
        found = best.get(0, ())
        few = len(found) <= max(2, len(word) / (_SHORT if len(word) >= _SURE else _USUAL))
        return tuple(w for text in found for w in self.slang.get(text, text).split()) if few else ()

    def _is_word(self, word: str) -> bool:
        return word in (_TINY if len(word) < 3 else self.known)


def _allowed(word: str) -> int:
    return 2 if len(word) >= 9 else 1


def _slip(word: str, meant: str) -> int:
    """How unusual the slip is: a letter left out or two swapped, one too many, another one.

    The order of their shares in typed text (Peterson, 1986).
    """
    if len(word) != len(meant):
        return int(len(word) > len(meant))
    return 0 if sorted(word) == sorted(meant) else 2


def _deletions(word: str) -> set[str]:
    """The word with one letter cut out, or two where it is long."""
    cuts = {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}
    if len(word) >= 9:
        for i, j in combinations(range(min(len(word), 14)), 2):
            cuts.add(word[:i] + word[i + 1 : j] + word[j + 1 :])
    return cuts


def _distance(a: str, b: str) -> int:
    """Edits between two words; swapped neighbours count once (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Snowball's English stem."""
    return str(_STEM.stemWord(word))


def words(source: Plain, speller: Speller) -> tuple[Word, ...]:
    """The words of a message, in order, each with its exact place in it."""
    found: list[Word] = []
    sentence = began = 0
    for match in _TOKEN.finditer(source.text):
        raw, (first, last) = match.group(), match.span()
        start, end = source.starts[first], source.ends[last - 1]
        side, after = _SIDES.get(raw, ("", _PART))
        told = found[-1].text if found else ""
        sided = side and told not in _THEY and after.match(source.text, last)
        for text in (side,) if sided else _readings(raw, speller):
            found.append(Word(text, stem(text), start, end, sentence))
        long = len(found) - began > _LONGEST_SENTENCE
        if raw in _SENTENCE_END or long:
            sentence, began = sentence + 1, len(found)
    return tuple(found)


def _readings(raw: str, speller: Speller) -> tuple[str, ...]:
    if not raw[0].isalpha():
        return (raw,)
    word = raw.removesuffix("'s").replace("'", "")
    if not word.isalpha():
        either = (word.replace("1", "i").translate(_LEET), word.translate(_LEET))
        word = next((text for text in either if text in speller.english), either[1])
    return speller.repair(word)


def read_english() -> frozenset[str]:
    """Common English words.

    BERT's whole words (Apache-2.0), and some 170 that people typed beside them, two of medicine and
    the others such as SCOWL lists too.
    """
    return frozenset(_lines("english.txt"))


def read_slang() -> dict[str, str]:
    """Short forms and misspellings that edit distance cannot reach: "nee = knee"."""
    pairs = (line.split("=") for line in _lines("slang.txt") if "=" in line and line[0] != "#")
    return {short.strip(): full.strip() for short, full in pairs}
