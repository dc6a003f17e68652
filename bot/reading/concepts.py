"""Concepts: what the words of a message are about. The lexicon is data; this reads and matches it.

A pattern is a row of elements: `word` (any form of it), `=word` (this form only), `a|b`,
`<concept>`, `word?` (may be missing) and gaps: `~` up to two words, `~~` four, `~~~` eight.
A gap never leaves the sentence.
"""

from collections.abc import Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import attrgetter
from typing import NamedTuple

from bot.reading.quantity import QUANTITIES, SIGN_QUANTITIES, quantities, years
from bot.reading.words import HERE, Word, stem

_GAPS = {"~": 2, "~~": 4, "~~~": 8}
_SHORT_GAP = 4
_FENCES = frozenset({",", "but", "(", ")"})
LEXICON = ("life.txt", "body.txt", "signs.txt", "clinical.txt", "context.txt")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: the stems, exact words and concepts that may stand in it."""

    stems: frozenset[str]
    exact: frozenset[str]
    concepts: tuple[str, ...]
    optional: bool
    gap: int


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A row of elements; `layer` is one more than the highest layer of the concepts used.

    `needs` holds, for each further element that may not be missing, the keys one of which must
    occur in a message at all: most patterns are ruled out by that alone.
    """

    concept: str
    elements: tuple[Element, ...]
    layer: int
    needs: tuple[frozenset[str], ...]
    order: int


_order = attrgetter("order")
_NOTHING = ""
"""Filed under this: patterns that need nothing but a word to begin at."""
Index = dict[str, dict[str, list[Pattern]]]
"""Patterns by what can stand first in them, then by what one further element must be."""


class Mention(NamedTuple):
    """Words `at` (indices, in order) that a pattern matched; `signs` leaves out mere body parts."""

    at: tuple[int, ...]
    signs: tuple[int, ...]

    @property
    def first(self) -> int:
        """Index of the first word."""
        return self.at[0]

    @property
    def last(self) -> int:
        """Index of the last word."""
        return self.at[-1]


Mentions = dict[str, list[Mention]]
Found = tuple[tuple[int, ...], tuple[int, ...]]


def element(source: str) -> Element:
    """One element of a pattern from its notation."""
    if source in _GAPS:
        return Element(frozenset(), frozenset(), (), optional=True, gap=_GAPS[source])
    optional = source.endswith("?") and len(source) > 1
    options = source.removesuffix("?").split("|") if optional else source.split("|")
    concepts = tuple(o[1:-1] for o in options if o[0] == "<" and o[-1] == ">")
    exact = frozenset(o[1:] for o in options if o[0] == "=" and len(o) > 1)
    plain = (o for o in options if not (o[0] == "<" or (o[0] == "=" and len(o) > 1)))
    return Element(frozenset(stem(o) for o in plain), exact, concepts, optional, 0)


def keys(wanted: Element) -> frozenset[str]:
    """What a word or a concept that meets the element is filed under."""
    return (
        wanted.stems
        | frozenset("=" + word for word in wanted.exact)
        | frozenset("<" + concept for concept in wanted.concepts)
    )


class Grammar:
    """All patterns, by layer and by what can stand first in them."""

    def __init__(self, definitions: Sequence[tuple[str, str]], neutral: frozenset[str]) -> None:
        """Compile (concept, pattern) pairs; a concept is defined before it is used."""
        self.neutral = neutral
        self.vocabulary: set[str] = set()
        layers: dict[str, int] = dict.fromkeys(QUANTITIES, 0)
        self._by_layer: list[Index] = []
        for order, (concept, source) in enumerate(definitions):
            elements = tuple(element(part) for part in source.split())
            used = [c for e in elements for c in e.concepts]
            missing = [c for c in used if c not in layers]
            if missing:
                message = (
                    f"Pattern '{source}' of '{concept}' uses '{missing[0]}' before it is defined."
                )
                raise ValueError(message)
            layer = max((layers[c] + 1 for c in used), default=0)
            layers[concept] = max(layer, layers.get(concept, 0))
            later = elements if elements[0].optional else elements[1:]
            needs = tuple(keys(e) for e in later if not e.optional)
            self._file(Pattern(concept, elements, layer, needs, order))
            self.vocabulary.update(_plain_words(source))
        self.concepts = frozenset(layers)

    def _file(self, pattern: Pattern) -> None:
        while len(self._by_layer) <= pattern.layer:
            self._by_layer.append({})
        index = self._by_layer[pattern.layer]
        rarest = min(pattern.needs, key=len, default=frozenset({_NOTHING}))
        for place in pattern.elements:
            for key, need in product(keys(place), rarest):
                index.setdefault(key, {}).setdefault(need, []).append(pattern)
            if not place.optional:
                break

    def mentions(self, words: Sequence[Word]) -> Mentions:
        """Every concept that the words mention, with the places where they do."""
        search = _Search(words)
        for quantity in (*quantities(words), *years(words)):
            at = tuple(range(quantity.first, quantity.last + 1))
            search.add(
                quantity.concept, Mention(at, at if quantity.concept in SIGN_QUANTITIES else ())
            )
        for index in self._by_layer:
            for concept, mention in [*self._fresh(index, search)]:
                search.add(concept, mention)
        return search.found

    def _fresh(self, index: Index, search: "_Search") -> Iterator[tuple[str, Mention]]:
        """What the patterns of one layer find."""
        for place, patterns in _beginning(index, search.where):
            for pattern in patterns:
                match = search.row(pattern.elements, place)
                if match and match[0]:
                    signs = () if pattern.concept in self.neutral else match[1]
                    yield pattern.concept, Mention(match[0], signs)


def _beginning(
    index: Index, where: Mapping[str, Sequence[int]]
) -> Iterator[tuple[int, Sequence[Pattern]]]:
    """The patterns that may begin at each place, each once, in the order they are defined."""
    rows: dict[int, list[list[Pattern]]] = {}
    for key in index.keys() & where.keys():
        if possible := _possible(index[key], where.keys()):
            for place in where[key]:
                rows.setdefault(place, []).append(possible)
    for place in sorted(rows):
        filed, *others = rows[place]
        yield place, sorted({*filed}.union(*others), key=_order) if others else filed


def _possible(table: Mapping[str, Sequence[Pattern]], said: KeysView[str]) -> list[Pattern]:
    """The patterns of a table of which all that they need is said."""
    filed = {pattern for need in table.keys() & said for pattern in table[need]}
    possible = [pattern for pattern in filed if not any(map(said.isdisjoint, pattern.needs))]
    return sorted(possible, key=_order) if len(possible) > 1 else possible


class _Search:
    """Looks for rows of elements in the words, and keeps the concepts found so far.

    `where` tells where that begins which a pattern may begin with: a stem, a text or a concept.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self.found: Mentions = {}
        self.where: dict[str, list[int]] = {_NOTHING: []}
        self._words = words
        self._starting: list[dict[str, list[Mention]]] = [{} for _ in words]
        for place, word in enumerate(words):
            for key in (word.stem, "=" + word.text):
                self.where.setdefault(key, []).append(place)

    def add(self, concept: str, mention: Mention) -> None:
        """Keep a mention of a concept, once."""
        places = self._starting[mention.at[0]].setdefault(concept, [])
        if not places:
            self.where.setdefault("<" + concept, []).append(mention.at[0])
        if mention not in places:
            places.append(mention)
            self.found.setdefault(concept, []).append(mention)

    def row(self, elements: tuple[Element, ...], at: int) -> Found | None:
        """Words for all elements of a row, the first of them at `at`; all in one sentence."""
        if len(elements) == 1:
            return self._one(elements[0], at)
        return self._rest(elements, at, 0, self._words[at].sentence)

    def _one(self, wanted: Element, at: int) -> Found:
        """The words for one element that something at this place meets."""
        for concept in wanted.concepts:
            if concept in self._starting[at]:
                mention = self._starting[at][concept][0]
                return mention.at, mention.signs
        return (at,), (at,)

    def _rest(
        self, elements: tuple[Element, ...], at: int, gap: int, sentence: int
    ) -> Found | None:
        if not elements:
            return (), ()
        wanted, others = elements[0], elements[1:]
        if wanted.gap:
            return self._rest(others, at, wanted.gap, sentence)
        for here in self._within(at, gap, sentence):
            for used, signs in self._here(wanted, here):
                tail = self._rest(others, used[-1] + 1, 0, sentence)
                if tail is not None:
                    return used + tail[0], signs + tail[1]
        return self._rest(others, at, gap, sentence) if wanted.optional else None

    def _here(self, wanted: Element, at: int) -> Iterator[Found]:
        word = self._words[at]
        for concept in wanted.concepts:
            for mention in self._starting[at].get(concept, ()):
                yield mention.at, mention.signs
        if word.stem in wanted.stems or word.text in wanted.exact:
            yield (at,), (at,)

    def _within(self, at: int, gap: int, sentence: int) -> Iterator[int]:
        """Where the next element may stand; a short gap does not leap over a comma or "but"."""
        words = self._words
        for here in range(at, min(at + gap + 1, len(words))):
            if words[here].sentence != sentence:
                return
            if here > at and gap <= _SHORT_GAP and words[here - 1].text in _FENCES:
                return
            yield here


def _plain_words(source: str) -> Iterator[str]:
    for part in source.split():
        for option in part.removesuffix("?").split("|"):
            word = option.removeprefix("=")
            if word.isalpha():
                yield word


def read_lexicon(name: str) -> Iterator[tuple[str, str, bool]]:
    """(concept, pattern, neutral) for each entry of a lexicon file."""
    concept, neutral = "", False
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            concept, _, kind = line[1:-1].partition(" ")
            neutral = kind == "neutral"
        elif line and not line.startswith("#"):
            for pattern in filter(None, map(str.strip, line.split(";"))):
                yield concept, pattern, neutral


def lexicon_entries() -> Iterator[tuple[str, str, bool]]:
    """All entries of the shipped lexicon, in the order in which they build on each other."""
    for name in LEXICON:
        yield from read_lexicon(name)
