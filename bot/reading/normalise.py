"""Any Unicode to plain lower-case letters, with the way back to the user's own characters."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from confusable_homoglyphs.confusables import confusables_data  # type: ignore[import-untyped]

# What Unicode's own table (UTS #39) does not hold: lower-case letters that pass for the Latin ones
# beside them, and the shapes of quotation marks.
_LOOKALIKES = str.maketrans(
    "внкмтӏіІβεηκμτχγσςωßΙ‘’‚‛′`´“”„″",
    "bhkmtliibenkmtxyosswi'''''''\"\"\"\"",
)
_NAMED = re.compile(
    r"\bLATIN (?:CAPITAL |SMALL )?LETTER (?:SMALL CAPITAL |DOTLESS |OPEN |SCRIPT )?([A-Z])\b"
)
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""
_WITH_EMOJI = frozenset("\u200d\ufe0e\ufe0f")
_EMOJI = {
    "🔥": "burning", "🥵": "overheated", "🤒": "fever", "🌡": "temperature", "🩸": "blood",
    "🎈": "balloon", "🔴": "red", "😵": "dizzy", "🥴": "woozy", "🧊": "ice", "🤕": "hurt",
    "🦴": "bone", "🤮": "vomiting", "🤢": "nausea", "💔": "heartbroken", "😢": "crying",
    "🦵": "leg", "🦶": "foot", "🫁": "lungs", "🍉": "melon", "🍈": "melon", "🥶": "freezing",
}  # fmt: skip
_SPELLED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_](?: {1,3}|[.\-_*·/|+~,])){2,}[^\W\d_](?![^\W\d_])")
_SURELY = 4
"""Letters that are surely a word spelled out; three are if the word is known: "u r a", "h o t"."""
_TAGS = "[abipsu]|em|strong|span|div|[bh]r|font|su[bp]|mark|del|ins|code|pre|[ou]l|li|system"
_CODED = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});|(?:%[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}"
    rf"|<!--\s{{0,20}}-->|</?(?:{_TAGS})(?:\s[\w-]{{1,20}}=[^<>]{{0,160}})?\s?/?>"
    r"|[*_~`]{2,3}|#(?=[a-zA-Z])"
)
"""Characters in the codes of HTML, addresses and programs; tags and marks that show nothing. What
else stands between angle brackets is somebody's words."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HYPHENATED = re.compile(r"(?<=[a-z])-[ ]?\n(?=[a-z])")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_GAP = re.compile(r"[\W_]+")
_MASKED = re.compile(r"(?<![a-z0-9@$!|])[a-z]+[0-9@$!|][a-z0-9@$!|]{1,40}")
"""A word with marks or digits for letters ("k!ll", "kn33"), or no such thing ("wow!it", "c25k")."""
_UNMASKED = [str.maketrans("013457@$!|", f"o{one}eastasil") for one in "il"]
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text; `starts[i]` and `ends[i]` are offsets of character `i` in the original.

    It is `repaired` if the original reads otherwise to a program than to a person.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    repaired: bool = False


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
    """Read codes, fold look-alikes, drop what is invisible, join spelled-out words."""
    source = _usual(original) or _unusual(original)
    text = _MASKED.sub(lambda match: _unmasked(match[0], known), source.text)
    return _joined(
        replace(source, text=text, repaired=source.repaired or text != source.text), known
    )


def _usual(original: str) -> Plain | None:
    """The quick way for a message that is what it seems."""
    seems = original.isascii() and original.replace("\n", " ").isprintable()
    if not seems or _CODED.search(original) or _humps(original):
        return None
    return Plain(original.lower(), range(len(original)), range(1, len(original) + 1))


def _unusual(original: str) -> Plain:
    """Character by character."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    repaired = False
    for start, end, shown in _shown(original):
        repaired = repaired or end - start != 1 or _alike(shown)
        for letter in "".join(map(_plain, shown)):
            characters.append(letter)
            starts.append(start)
            ends.append(end)
    return Plain("".join(characters), starts, ends, repaired)


def _shown(original: str) -> Iterator[tuple[int, int, str]]:
    """What a reader sees: where it stands, and the characters; capitals inside a tag are words."""
    codes = {match.start(): match for match in _CODED.finditer(original)}
    humps = _humps(original)
    at = 0
    while at < len(original):
        if at in humps:
            yield at, at, " "
        code = codes.get(at)
        end = code.end() if code else at + 1
        yield at, end, _decoded(code[0]) if code else original[at]
        at = end


def _humps(original: str) -> set[int]:
    """Where words begin in "myKneeIsHot" and "#ChestPain"."""
    found: set[int] = set()
    for match in re.finditer(r"#?[a-zA-Z]+", original):
        humps = {match.start() + hump.start() for hump in _HUMP.finditer(match[0])}
        if len(humps) > 1 or match[0][0] == "#":
            found |= humps
    return found


def _decoded(code: str) -> str:
    """The characters that a code stands for; nothing for a tag or a mark."""
    if code[0] == "&":
        return html.unescape(code)
    if code[0] == "%":
        text = unquote(code)
        return text if text.isprintable() and "\ufffd" not in text else code
    return chr(int(code[2:], 16)) if code[0] == "\\" else ""


def _alike(shown: str) -> bool:
    """Whether it is no plain letter and passes for one, or is not to be seen."""
    if shown.isascii() or shown in _WITH_EMOJI:
        return False
    plain = _plain(shown)
    return not plain or (plain.isascii() and plain.isalnum())


def _unmasked(text: str, known: Known) -> str:
    """A word in letters, if it is one that the rules know."""
    return next((w for table in _UNMASKED if known(w := text.translate(table))), text)


def _joined(source: Plain, known: Known) -> Plain:
    """Close the gaps inside words spelled letter by letter, and stretched letters ("sooo")."""
    drop: set[int] = set()
    for match in _SPELLED.finditer(source.text):
        gaps = [gap for gap in _GAP.finditer(source.text, *match.span())]
        letters = "".join(c for c in match.group() if c.isalpha())
        if len(letters) >= _SURELY or known(letters):
            narrow = min(len(gap[0]) for gap in gaps)
            drop.update(i for gap in gaps if len(gap[0]) == narrow for i in range(*gap.span()))
    for match in _HYPHENATED.finditer(source.text):
        drop.update(range(*match.span()))
    spelled = bool(drop)
    for match in _LONG_RUN.finditer(source.text):
        if match.group(1).isalpha():
            drop.update(range(match.start() + 2, match.end()))
    if not drop:
        return source
    keep = [i for i in range(len(source.text)) if i not in drop]
    return Plain(
        "".join(source.text[i] for i in keep),
        [source.starts[i] for i in keep],
        [source.ends[i] for i in keep],
        source.repaired or spelled,
    )
