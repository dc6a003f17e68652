"""Any Unicode to plain lower-case letters, with the way back to the user's own characters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters of other scripts (and a few signs) that pass for Latin ones on a screen.
_LOOKALIKES = str.maketrans(
    "аАвВсСеЕнНіІјЈкКмМоОрРѕЅтТуУхХԁɡһӏԛԝαΑβΒεΕηΗιΙκΚμΜνΝοΟρΡτΤυΥχΧγσѵɑɩıŀłøđßʼ‘’‚‛′`´“”„″",
    "aabbcceehhiijjkkmmooppssttyyxxdghlqwaabbeenniikkmunvooppttuyxxyovaiillods''''''''\"\"\"\"",
)
_EMOJI = {
    "🔥": "burning", "🥵": "overheated", "🤒": "fever", "🌡": "temperature", "🩸": "blood",
    "🎈": "balloon", "🔴": "red", "😵": "dizzy", "🥴": "woozy", "🧊": "ice", "🤕": "hurt",
    "🦴": "bone", "🤮": "vomiting", "🤢": "nausea", "💔": "heartbroken", "😢": "crying",
    "🦵": "leg", "🦶": "foot", "🫁": "lungs", "🍉": "melon", "🍈": "melon", "🥶": "freezing",
}  # fmt: skip
_SPELLED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][ .\-_*·]){3,}[^\W\d_](?![^\W\d_])")
_LONG_RUN = re.compile(r"(.)\1{2,}")


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
    folded = unicodedata.normalize("NFKD", character.translate(_LOOKALIKES))
    kept = (c for c in folded if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Cc"})
    plain = "".join(kept).translate(_LOOKALIKES).lower()
    if character.isspace() or (folded and not plain and character in "\n\r\t\v\f"):
        return "\n" if character in "\n\r" else " "
    return plain


def plain(original: str) -> Plain:
    """Fold look-alikes, drop what is invisible, join spelled-out words ("c h e s t")."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(original):
        for letter in _plain(character):
            characters.append(letter)
            starts.append(position)
            ends.append(position + 1)
    return _joined(Plain("".join(characters), tuple(starts), tuple(ends)))


def _joined(source: Plain) -> Plain:
    """Close the gaps inside words spelled letter by letter, and stretched letters ("sooo")."""
    drop: set[int] = set()
    for match in _SPELLED.finditer(source.text):
        drop.update(i for i in range(*match.span()) if not source.text[i].isalpha())
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
