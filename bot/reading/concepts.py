"""Concepts: what the words of a message are about. The lexicon is data; this reads and matches it.

A pattern is a row of elements: `word` (any form of it), `=word` (this form only), `a|b`,
`<concept>`, `word?` (may be missing) and gaps: `~` up to two words, `~~` four, `~~~` eight.
A gap never leaves the sentence.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.reading.quantity import QUANTITIES, SIGN_QUANTITIES, quantities, years
from bot.reading.words import HERE, Word, stem

_GAPS = {"~": 2, "~~": 4, "~~~": 8}
_SHORT_GAP = 4
_FENCES = frozenset({",", "but", "(", ")"})
LEXICON = ("life.txt", "body.txt", "signs.txt", "clinical.txt", "context.txt")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: what may stand in it, a stem, `=word` or `<concept`.

    `order` holds the same keys as they are tried, concepts first.
    """

    keys: frozenset[str]
    order: tuple[str, ...]
    optional: bool
    gap: int


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A row of elements; `layer` is one more than the highest layer of the concepts used.

    It begins with one of the keys in `first`. Of each element that may not be missing one key must
    occur in a message at all: it is looked up by those of the `rarest`, and most patterns are ruled
    out by the others' in `needs`.
    """

    concept: str
    elements: tuple[Element, ...]
    layer: int
    order: int
    first: frozenset[str]
    rarest: frozenset[str]
    needs: tuple[frozenset[str], ...]


Index = dict[str, list[Pattern]]
"""Patterns by each key of the rarest element that they need."""


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
_NOTHING = Mention((), ())


def element(source: str) -> Element:
    """One element of a pattern from its notation."""
    if source in _GAPS:
        return Element(frozenset(), (), optional=True, gap=_GAPS[source])
    optional = source.endswith("?") and len(source) > 1
    options = source.removesuffix("?").split("|") if optional else source.split("|")
    order = sorted(map(_key, options), key=lambda key: key[0] != "<")
    return Element(frozenset(order), tuple(order), optional, 0)


def _key(option: str) -> str:
    """What a word or a concept that meets the option is filed under."""
    if option[0] == "<":
        return option.removesuffix(">")
    return option if option[0] == "=" and len(option) > 1 else stem(option)


def _pattern(
    concept: str,
    elements: tuple[Element, ...],
    layer: int,
    order: int,
    common: Mapping[str, int],
) -> Pattern:
    """A pattern; `common` tells in how many elements of all patterns each key stands."""
    firm = [e.keys for e in elements if not e.optional]
    begins = next((n for n, e in enumerate(elements) if not e.optional), len(elements))
    first = frozenset(key for e in elements[: begins + 1] for key in e.keys)
    rarest, *needs = sorted(firm or [first], key=lambda keys: sum(common[key] for key in keys))
    return Pattern(concept, elements, layer, order, first, rarest, tuple(needs))


class Grammar:
    """All patterns, by layer and by the rarest of what they need."""

    def __init__(self, definitions: Sequence[tuple[str, str]], neutral: frozenset[str]) -> None:
        """Compile (concept, pattern) pairs; a concept is defined before it is used."""
        self.neutral = neutral
        self.vocabulary: set[str] = set()
        self._patterns: list[Pattern] = []
        self._by_layer: list[Index] = []
        layers: dict[str, int] = dict.fromkeys(QUANTITIES, 0)
        made = [tuple(map(element, source.split())) for _, source in definitions]
        common = Counter(key for elements in made for e in elements for key in e.keys)
        for (concept, source), elements in zip(definitions, made, strict=True):
            used = [key[1:] for e in elements for key in e.order if key[0] == "<"]
            missing = [c for c in used if c not in layers]
            if missing:
                message = (
                    f"Pattern '{source}' of '{concept}' uses '{missing[0]}' before it is defined."
                )
                raise ValueError(message)
            layer = max((layers[c] + 1 for c in used), default=0)
            layers[concept] = max(layer, layers.get(concept, 0))
            self._file(_pattern(concept, elements, layer, len(self._patterns), common))
            self.vocabulary.update(_plain_words(source))
        self.concepts = frozenset(layers)

    def _file(self, pattern: Pattern) -> None:
        while len(self._by_layer) <= pattern.layer:
            self._by_layer.append({})
        self._patterns.append(pattern)
        for key in pattern.rarest:
            self._by_layer[pattern.layer].setdefault(key, []).append(pattern)

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
        for place, order in self._beginnings(index, search.where):
            pattern = self._patterns[order]
            match = search.row(pattern.elements, place)
            if match and match.at:
                neutral = pattern.concept in self.neutral
                yield pattern.concept, Mention(match.at, ()) if neutral else match

    def _beginnings(
        self, index: Index, where: Mapping[str, Sequence[int]]
    ) -> Iterator[tuple[int, int]]:
        """Places and patterns (by number) that may begin there: all that they need is said."""
        said, count = where.keys(), len(self._patterns)
        filed = {pattern for key in index.keys() & said for pattern in index[key]}
        possible = [p for p in filed if not p.needs or not any(map(said.isdisjoint, p.needs))]
        starts = {
            at * count + p.order for p in possible for key in p.first & said for at in where[key]
        }
        return (divmod(start, count) for start in sorted(starts))


class _Search:
    """Looks for rows of elements in the words, and keeps the concepts found so far.

    `_said` tells what begins at each place by key, each word under its stem and its text, and
    `where` the places of each key.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self.found: Mentions = {}
        self.where: dict[str, list[int]] = {}
        self._said: list[dict[str, list[Mention]]] = []
        for place, word in enumerate(words):
            own = [Mention((place,), (place,))]
            self._said.append({word.stem: own, "=" + word.text: own})
            for key in self._said[place]:
                self.where.setdefault(key, []).append(place)
        self._ends, self._fences = _limits(words)

    def add(self, concept: str, mention: Mention) -> None:
        """Keep a mention of a concept, once."""
        key, first = "<" + concept, mention.at[0]
        begun = self._said[first].setdefault(key, [])
        if not begun:
            self.where.setdefault(key, []).append(first)
        if mention not in begun:
            begun.append(mention)
            self.found.setdefault(concept, []).append(mention)

    def row(self, elements: Sequence[Element], at: int) -> Mention | None:
        """Words for all elements of a row, the first of them at `at`; all in one sentence."""
        if len(elements) == 1:
            return next(self._here(elements[0], at))
        return self._rest(elements, 0, at, 0, self._ends[at])

    def _rest(
        self, elements: Sequence[Element], done: int, at: int, gap: int, end: int
    ) -> Mention | None:
        """Words for the elements that are not done, the first at most `gap` words after `at`."""
        if done == len(elements):
            return _NOTHING
        wanted = elements[done]
        if wanted.gap:
            return self._rest(elements, done + 1, at, wanted.gap, end)
        for here in self._within(at, gap, end):
            if wanted.keys.isdisjoint(self._said[here]):
                continue
            for first in self._here(wanted, here):
                tail = self._rest(elements, done + 1, first.at[-1] + 1, 0, end)
                if tail is not None:
                    return Mention(first.at + tail.at, first.signs + tail.signs)
        return self._rest(elements, done + 1, at, gap, end) if wanted.optional else None

    def _here(self, wanted: Element, at: int) -> Iterator[Mention]:
        """What begins at a place and meets an element."""
        said = self._said[at]
        for key in wanted.order:
            yield from said.get(key, ())

    def _within(self, at: int, gap: int, end: int) -> range:
        """Where the next element may stand; a short gap does not leap over a comma or "but"."""
        if 0 < gap <= _SHORT_GAP and at < end:
            end = min(end, self._fences[at])
        return range(at, min(at + gap + 1, end))


def _limits(words: Sequence[Word]) -> tuple[Sequence[int], Sequence[int]]:
    """For each place where its sentence ends, and where it ends or the next fence does."""
    ends, fences = [0] * len(words), [0] * len(words)
    end = fence = len(words)
    for place in reversed(range(len(words))):
        if place + 1 < end and words[place].sentence != words[place + 1].sentence:
            end = fence = place + 1
        if words[place].text in _FENCES:
            fence = place + 1
        ends[place], fences[place] = end, fence
    return ends, fences


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
