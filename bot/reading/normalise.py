"""Any Unicode to plain lower-case letters, with the way back to the user's own characters."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data  # type: ignore[import-untyped]

# What Unicode's own table (UTS #39) does not hold: lower-case letters that pass for the Latin ones
# beside them, and the shapes of quotation marks.
_LOOKALIKES = str.maketrans(
    "внкмтӏіІβεηκμτχγσßΙ‘’‚‛′`´“”„″",
    "bhkmtliibenkmtxyosi'''''''\"\"\"\"",
)
_NAMED = re.compile(r"\bLATIN (?:CAPITAL |SMALL )?LETTER (?:SMALL CAPITAL |DOTLESS )?([A-Z])\b")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""
_EMOJI = {
    "🔥": "burning", "🥵": "overheated", "🤒": "fever", "🌡": "temperature", "🩸": "blood",
    "🎈": "balloon", "🔴": "red", "😵": "dizzy", "🥴": "woozy", "🧊": "ice", "🤕": "hurt",
    "🦴": "bone", "🤮": "vomiting", "🤢": "nausea", "💔": "heartbroken", "😢": "crying",
    "🦵": "leg", "🦶": "foot", "🫁": "lungs", "🍉": "melon", "🍈": "melon", "🥶": "freezing",
}  # fmt: skip
_SPELLED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_](?: {1,3}|[.\-_*·/|+~,])){2,}[^\W\d_](?![^\W\d_])")
_SURELY = 4
"""Letters that are surely a word spelled out; three are if the word is known: "u r a", "h o t"."""
_LONG_RUN = re.compile(r"(.)\1{2,}")
_INSIDE = re.compile(r"[a-z]+(?:[!|][a-z]+)+")
"""A word with a mark for its letter ("k!ll"), or two words with no space ("wow!it")."""
_STROKES = str.maketrans("!|", "il")
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text; `starts[i]` and `ends[i]` are offsets of character `i` in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """The plain characters one character stands for; empty where it is invisible."""
    if character in _EMOJI:
        return f" {_EMOJI[character]} "
    if character in _BLANK:
        return ""
    folded = unicodedata.normalize("NFKD", _latin(character))
    kept = (c for c in folded if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Cc"})
    plain = "".join(map(_latin, kept)).lower()
    if character.isspace() or (folded and not plain and character in "\n\r\t\v\f"):
        return "\n" if character in "\n\r" else " "
    return plain


def _latin(character: str) -> str:
    """The Latin letter or the mark that a character passes for; itself where it does not."""
    if character.isascii():
        return character
    named = _NAMED.search(unicodedata.name(character, ""))
    if named:
        return named[1].lower()
    if ord(character) in _LOOKALIKES or not character.isalpha():
        return character.translate(_LOOKALIKES)
    alike = (found["c"] for found in confusables_data.get(character, ()))
    return next((c for c in alike if len(c) == 1 and c.isascii()), character)


def plain(original: str, known: Known) -> Plain:
    """Fold look-alikes, drop what is invisible, join spelled-out words ("c h e s t")."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(original):
        for letter in _plain(character):
            characters.append(letter)
            starts.append(position)
            ends.append(position + 1)
    text = _INSIDE.sub(lambda match: _unmarked(match[0], known), "".join(characters))
    return _joined(Plain(text, tuple(starts), tuple(ends)), known)


def _unmarked(text: str, known: Known) -> str:
    """A word in letters, if it is one that the rules know."""
    word = text.translate(_STROKES)
    return word if known(word) else text


def _joined(source: Plain, known: Known) -> Plain:
    """Close the gaps inside words spelled letter by letter, and stretched letters ("sooo")."""
    drop: set[int] = set()
    for match in _SPELLED.finditer(source.text):
        gaps = {i for i in range(*match.span()) if not source.text[i].isalpha()}
        letters = "".join(c for c in match.group() if c.isalpha())
        if len(letters) >= _SURELY or known(letters):
            drop |= gaps
    for match in _LONG_RUN.finditer(source.text):
        if match.group(1).isalpha():
            drop.update(range(match.start() + 2, match.end()))
    if not drop:
        return source
    keep = [i for i in range(len(source.text)) if i not in drop]
    return Plain(
        "".join(source.text[i] for i in keep),
        tuple(source.starts[i] for i in keep),
        tuple(source.ends[i] for i in keep),
    )
