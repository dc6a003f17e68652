"""Does a cited text say a sentence? Strict, since what fails is only dropped.

A sentence that stands whole in a quote is supported. Any other must find, in one sentence of a
quote or two neighbouring ones, all its figures, as many negations (of the same words), conditions
and hedges, the same directions, all its terms of the subject, and all its other content words but
those that carry no fact. What the evidence ties to a "with" or "without" must not be dropped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.stems import figures, plain, stem, stems, words
from bot.terms import Terms

COVERED = 0.8
"""Least share of the sentence's content stems in the evidence."""
TOLD = 0.45
"""Least share of the evidence's content stems in the sentence: what says much less says else."""

_AGREE: Mapping[str, re.Pattern[str]] = {
    "negation": re.compile(r"\b(not|no|never|nor|none|without|cannot|neither)\b|n't\b"),
    "avoidance": re.compile(r"\b(avoid\w*|stop\w*|keep off|hold off|put off|skip\w*|quit)\b"),
    "condition": re.compile(
        r"\b(if|unless|as long as(?! \d)|provided|until|when|while|once|only|except)\b"
    ),
    "possibility": re.compile(
        r"\b(may|might|could|can|able|possibl\w+|potentially|perhaps|likely|probably)\b"
    ),
    "rarity": re.compile(r"\b(rarely|seldom|hardly|uncommon|less common\w*|less often)\b"),
    "generality": re.compile(
        r"\b(usually|often|sometimes|generally|typically|most|many|some|mainly|in general|all|every"
        r"|always|everyone|both|one|few|a lot|more|less|fewer|before|after)\b"
    ),
    "duty": re.compile(r"\b(must|need\w*|have to|required?)\b"),
    "at most": re.compile(r"\b(at most|no more than|up to|within|maximum|as long as(?= \d))\b"),
    "at least": re.compile(r"\b(at least|no less than|more than|minimum|higher than|over)\b"),
}
"""Kinds of word that must be in both texts equally often."""
_TWINS = (
    (
        "increase",
        "raise",
        "more",
        "higher",
        "add",
        "build",
        "grow",
        "rise",
        "worse",
        "up",
        "stronger",
    ),
    (
        "decrease",
        "lower",
        "less",
        "fewer",
        "reduce",
        "cut",
        "drop",
        "fall",
        "better",
        "down",
        "weaker",
    ),
    ("before", "first", "early"),
    ("after", "last", "late"),
    ("above", "over", "outer", "outside", "outward"),
    ("below", "under", "inner", "inside", "inward"),
    ("soft", "softer", "gentle", "gentler"),
    ("hard", "harder", "steep", "steeper"),
    ("slow", "slower", "slowly", "gradual"),
    ("fast", "faster", "quick", "quicker", "sudden"),
    ("short", "shorter", "brief"),
    ("long", "longer"),
    ("front",),
    ("back", "behind"),
    ("safe", "help", "good", "ease", "prevent"),
    ("danger", "harm", "bad", "cause", "hurt"),
    ("men", "male"),
    ("women", "female"),
    ("daily", "day"),
    ("weekly", "week"),
    ("always", "all", "every", "everyone", "guarantee", "certain", "cure", "complete", "never"),
)
_SAME = (
    (re.compile(r"\b(in general|usually|typically)\b"), "generally"),
    (re.compile(r"\b(every|each|a|per) day\b"), "daily"),
    (re.compile(r"\b(every|each|a|per) week\b"), "weekly"),
)
"""Ways to say the same that are made one before anything is counted."""
_NEGATION = re.compile(r"(?:\b(?:not|no|never|nor|none|without|cannot|neither)\b|n't\b)()")
_WITH = re.compile(r"\bwith(?:out)? ([^,.;:]+?)(?=[,.;:]|$| (?:if|when|and|but|or|as|to|for|in)\b)")
LIGHT = frozenset(
    stem(word)
    for word in """seek choose apply wear put use make keep take start begin come back go stay look
    see try consider find feel involve include mean way thing idea best wise smart right good able
    around about roughly quite also then however during though although yet rather instead
    always sure seem become happen people person someone next really simply only""".split()
)
"""Stems that carry no fact of their own, so that a rewording may bring them in."""
_NUMBERS = frozenset(stem(word) for word in "two three four five six seven eight nine ten".split())
"""Spelt-out numbers are compared as figures."""
_CONDITION = frozenset(stems("patellofemoral pain"))
_DIRECTIONS = [frozenset(stem(word) for word in row) for row in _TWINS]
_SENTENCE = re.compile(r"[^.!?:\n]+(?:[.!?:](?!\s|$)[^.!?:\n]*)*[.!?:]?")
_MARKER = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
_FRAME = re.compile(
    r"^(according to [^,]{1,60},|(the|one|another|this) (article|articles|source|sources|guide|"
    r"clinic|coach|physiotherapist|author)s? (says?|states?|adds?|suggests?|advises?) (that )?)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Support:
    """The check, with the table of the subject's words, so that lay words count as the clinical."""

    terms: Terms

    def supported(self, text: str, quotes: Sequence[str]) -> bool:
        """Whether the quotes say the text."""
        if any(_stands(text, quote) for quote in quotes):
            return True
        claim = _same(_FRAME.sub("", text))
        return any(
            self._says(claim, _same(piece.text)) and not self._cuts(claim, piece.lead)
            for quote in quotes
            for piece in _pieces(quote)
        )

    def _cuts(self, claim: str, lead: str) -> bool:
        """Whether the claim leaves out most of the lead that its item ends."""
        led, wanted = (set(stems(self.terms.canonical(text))) for text in (lead, claim))
        led -= _CONDITION | LIGHT
        return len(led & wanted) < len(led) / 2

    def _says(self, claim: str, evidence: str) -> bool:
        if not figures(claim) <= figures(evidence) or not _agrees(claim, evidence):
            return False
        there, told = (self.terms.find(t) for t in (evidence, claim))
        if Counter(m.term.term for m in told) - Counter(m.term.term for m in there):
            return False
        wanted, known = (set(stems(self.terms.canonical(t))) for t in (claim, evidence))
        spoken, heard = (Counter(stem(word) for word in words(t)) for t in (claim, evidence))
        if not wanted or any(_more(row, spoken, heard) for row in _DIRECTIONS):
            return False
        if wanted - known - LIGHT - _NUMBERS or self._unties(wanted, evidence):
            return False
        shared = len(wanted & known)
        return shared / len(wanted) >= COVERED and shared / max(1, len(known)) >= TOLD

    def _unties(self, wanted: set[str], evidence: str) -> bool:
        """Whether the claim leaves out what the evidence says something happens with or without."""
        tied = (set(stems(self.terms.canonical(match[1]))) for match in _WITH.finditer(evidence))
        return any(found - _CONDITION and not found & wanted for found in tied)


def _more(row: frozenset[str], spoken: Counter[str], heard: Counter[str]) -> bool:
    """Whether the claim uses a word of the row more often than the evidence."""
    return any(spoken[word] > heard[word] for word in row)


def _agrees(claim: str, evidence: str) -> bool:
    one, other = plain(claim), plain(evidence)
    same = all(
        len(kind.findall(one)) == len(kind.findall(other))
        for name, kind in _AGREE.items()
        if name != "generality"
    )
    said, told = (Counter(_AGREE["generality"].findall(t)) for t in (one, other))
    return same and said == told and _negated(one) <= _negated(other)


def _negated(text: str) -> frozenset[str]:
    """The first content stem after each negation."""
    rests = (text[match.start(1) :] for match in _NEGATION.finditer(text))
    return frozenset(found[0] for rest in rests if (found := stems(rest)))


def _same(text: str) -> str:
    """The text in lower case, ways to say the same made one."""
    made = plain(text)
    for pattern, one in _SAME:
        made = pattern.sub(one, made)
    return made


def _stands(text: str, quote: str) -> bool:
    """Whether the text stands in the quote as one or more whole sentences or lines."""
    start = quote.find(text)
    while text and start >= 0:
        before, after = quote[:start].rstrip(" -•*"), quote[start + len(text) :]
        opens = not before or before[-1] in '.!?:\n"”’)' or _NUMBERED.search(before) is not None
        closes = not after or after[0] == "\n" or (text[-1] in '.!?:"”' and after[0].isspace())
        if opens and closes:
            return True
        start = quote.find(text, start + 1)
    return False


_NUMBERED = re.compile(r"(?:^|\n)\s*\d+\.$")


class _Piece(NamedTuple):
    """A piece of evidence, and the lead of which it is only the end."""

    text: str
    lead: str = ""


def _pieces(quote: str) -> Iterator["_Piece"]:
    """Each sentence of the quote, each with the next one, and each list item with its lead.

    An item that only ends its lead ("Mistakes are:", "Running on") says nothing without it.
    """
    lead, before = "", ""
    for line in quote.split("\n"):
        item = _MARKER.match(line) is not None
        for sentence in _SENTENCE.findall(_MARKER.sub("", line)):
            said = sentence.strip()
            if not said:
                continue
            if item and lead.endswith(":") and said[-1] not in ".!?":
                yield _Piece(f"{lead} {said}", lead)
            else:
                yield _Piece(said)
                yield from (_Piece(f"{one} {said}") for one in [lead if item else before] if one)
            before = said
        if not item:
            lead = before
