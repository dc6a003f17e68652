"""Concepts: what the words of a message are about. The lexicon is data; this reads and matches it.

A pattern is a row of elements: `word` (any form of it), `=word` (this form only), `a|b`,
`<concept>`, `word?` (may be missing) and gaps: `~` up to two words, `~~` four, `~~~` eight.
A gap never leaves the sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.reading.quantity import QUANTITIES, SIGN_QUANTITIES, quantities, years
from bot.reading.words import HERE, Word, stem

_GAPS = {"~": 2, "~~": 4, "~~~": 8}
_SHORT_GAP = 4
_FENCES = frozenset({",", "but", "(", ")"})
LEXICON = ("life.txt", "body.txt", "signs.txt", "context.txt")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: the stems, exact words and concepts that may stand in it."""

    stems: frozenset[str]
    exact: frozenset[str]
    concepts: tuple[str, ...]
    optional: bool
    gap: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of elements; `layer` is one more than the highest layer of the concepts used."""

    concept: str
    elements: tuple[Element, ...]
    layer: int


@dataclass(frozen=True, slots=True)
class Mention:
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


class Grammar:
    """All patterns, by layer and by what can stand first in them."""

    def __init__(self, definitions: Sequence[tuple[str, str]], neutral: frozenset[str]) -> None:
        """Compile (concept, pattern) pairs; a concept is defined before it is used."""
        self.neutral = neutral
        self.vocabulary: set[str] = set()
        layers: dict[str, int] = dict.fromkeys(QUANTITIES, 0)
        self._by_layer: list[dict[str, list[Pattern]]] = []
        for concept, source in definitions:
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
            self._file(Pattern(concept, elements, layer))
            self.vocabulary.update(_plain_words(source))
        self.concepts = frozenset(layers)

    def _file(self, pattern: Pattern) -> None:
        while len(self._by_layer) <= pattern.layer:
            self._by_layer.append({})
        index = self._by_layer[pattern.layer]
        for place in pattern.elements:
            keys = [
                *place.stems,
                *("=" + w for w in place.exact),
                *("<" + c for c in place.concepts),
            ]
            for key in keys:
                index.setdefault(key, []).append(pattern)
            if not place.optional:
                break

    def mentions(self, words: Sequence[Word]) -> Mentions:
        """Every concept that the words mention, with the places where they do."""
        found: Mentions = {}
        starting: list[dict[str, list[Mention]]] = [{} for _ in words]
        for quantity in (*quantities(words), *years(words)):
            at = tuple(range(quantity.first, quantity.last + 1))
            signs = at if quantity.concept in SIGN_QUANTITIES else ()
            mention = Mention(at, signs)
            starting[quantity.first].setdefault(quantity.concept, []).append(mention)
            found.setdefault(quantity.concept, []).append(mention)
        for index in self._by_layer:
            fresh: list[tuple[str, Mention]] = []
            for place, word in enumerate(words):
                keys = [word.stem, "=" + word.text, *("<" + c for c in starting[place])]
                for pattern in {id(p): p for key in keys for p in index.get(key, ())}.values():
                    match = self._match(pattern, words, place, starting)
                    if match:
                        fresh.append((pattern.concept, match))
            for concept, mention in fresh:
                places = starting[mention.first].setdefault(concept, [])
                if mention not in places:
                    places.append(mention)
                    found.setdefault(concept, []).append(mention)
        return found

    def _match(
        self,
        pattern: Pattern,
        words: Sequence[Word],
        at: int,
        starting: list[dict[str, list[Mention]]],
    ) -> Mention | None:
        sentence = words[at].sentence
        neutral = pattern.concept in self.neutral

        def rest(place: int, at: int, gap: int) -> Found | None:
            if place == len(pattern.elements):
                return (), ()
            wanted = pattern.elements[place]
            if wanted.gap:
                return rest(place + 1, at, wanted.gap)
            for here in _within(words, at, gap, sentence):
                for used, signs in self._here(wanted, words, here, starting):
                    tail = rest(place + 1, used[-1] + 1, 0)
                    if tail is not None:
                        return used + tail[0], signs + tail[1]
            return rest(place + 1, at, gap) if wanted.optional else None

        match = rest(0, at, 0)
        if not match or not match[0]:
            return None
        return Mention(match[0], () if neutral else match[1])

    def _here(
        self,
        wanted: Element,
        words: Sequence[Word],
        at: int,
        starting: list[dict[str, list[Mention]]],
    ) -> Iterator[Found]:
        word = words[at]
        for concept in wanted.concepts:
            for mention in starting[at].get(concept, ()):
                yield mention.at, mention.signs
        if word.stem in wanted.stems or word.text in wanted.exact:
            yield (at,), (at,)


def _within(words: Sequence[Word], at: int, gap: int, sentence: int) -> Iterator[int]:
    """Where the next element may stand; a short gap does not leap over a comma or "but"."""
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
