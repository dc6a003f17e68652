"""Finds which rules a conversation meets: patterns over mentions, less what context cancels."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from typing import Literal

from bot.reading.concepts import Grammar, Mention, Mentions, lexicon_entries
from bot.reading.context import Mark, Marks, cancelled, marks
from bot.reading.normalise import plain
from bot.reading.words import Speller, Word, read_english, read_slang, words
from bot.redflags.rule import Part, Rule, Scope, parts
from bot.redflags.table import RULES, version

_NEAR = 10
_NEXT_TO = 6
_LONGEST_ROW = 40
_ENOUGH = 8
Kind = Literal["firm", "hint", "half"]
_ALL_KINDS = frozenset({"denied", "past", "hypothetical", "general", "other"})
_SUPPOSED = frozenset({"general", "hypothetical"})
_DOUBTFUL = _SUPPOSED | {"past"}
"""A sign so marked may be there all the same: "why would a knee lock? it did it to me today"."""
_LONGEST_QUOTE = 160
_first = attrgetter("first")
_REACH: dict[Scope, int] = {"one sentence": _NEAR, "sentence": _NEAR, "without": _NEXT_TO}


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, understood: its words, what they mention, what context marks.

    `repaired` is the plain text where the message reads otherwise to a program than to a person.
    """

    text: str
    words: tuple[Word, ...]
    mentions: Mentions
    marks: Marks
    repaired: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A mention in the message number `turn` of the conversation."""

    turn: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that is met: the message that completed it, the user's words there, their sentence."""

    rule: Rule
    turn: int
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A rule that would be met if context did not cancel it."""

    rule: Rule
    turn: int
    quote: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: its parts, and the rows that must be mentioned at all."""

    parts: tuple[Part, ...]
    needed: frozenset[str]


class Matcher:
    """A table of rules, compiled."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Compile the rules' patterns together with the lexicon."""
        entries = list(lexicon_entries())
        self.rules = tuple(rules)
        self.by_id = {rule.id: rule for rule in rules}
        self.version = version(self.rules)
        self._patterns = {
            (rule.id, kind): [_compile(source) for source in sources]
            for rule in rules
            for kind, sources in _sources(rule).items()
        }
        used = [part for own in self._patterns.values() for p in own for part in p.parts]
        named = {part.row: part.source for part in used}
        definitions = [*(e[:2] for e in entries), *named.items()]
        self._grammar = Grammar(definitions, frozenset(e[0] for e in entries if e[2]))
        vocabulary = frozenset(self._grammar.vocabulary)
        self._speller = Speller(vocabulary, read_english(), read_slang())
        self.read = lru_cache(maxsize=64)(self._read)

    def _read(self, text: str) -> Reading:
        source = plain(text, self._speller.known.__contains__)
        found = words(source, self._speller)
        mentions = self._grammar.mentions(found)
        repaired = source.text if source.repaired else ""
        return Reading(text, found, mentions, marks(found, mentions), repaired)

    def knows(self, word: str) -> bool:
        """Whether a word is English or one that the rules use."""
        return word in self._speller.english

    def find(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules met by the messages so far; each once, where it was completed."""
        return self._find(("firm",), readings)

    def find_any(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules met or hinted at by the messages so far."""
        return self._find(("firm", "hint"), readings)

    def find_hints(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules at which the newest message hints, by a hint or by what is past or supposed."""
        found = self._find(("hint",), readings)
        if any(mark.kind in _DOUBTFUL for r in readings for at in r.marks.values() for mark in at):
            found = (*self._find(("firm", "hint"), readings, _DOUBTFUL), *found)
        found = _newest(found, readings)
        return tuple({match.rule.id: match for match in found}.values())

    def find_half(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules half-met by the newest message."""
        return _newest(self._find(("half",), readings), readings)

    def denials(self, reading: Reading) -> tuple[Cancelled, ...]:
        """The rules' signs that this message denies, each rule's in order."""
        found = []
        for rule in self.rules:
            for pattern in (*self._patterns[rule.id, "firm"], *self._patterns[rule.id, "hint"]):
                for part in pattern.parts:
                    for mention in reading.mentions.get(part.row, ()):
                        mark = cancelled(mention, reading.marks)
                        if mark and mark.kind == "denied":
                            at = sorted({*mention.at, *mark.cue})
                            found.append(Cancelled(rule, 0, _quote(reading, at), mark))
        return tuple({(c.rule.id, c.quote): c for c in found}.values())

    def _find(
        self,
        kinds: Sequence[Kind],
        readings: Sequence[Reading],
        ignored: frozenset[str] = frozenset(),
    ) -> tuple[Match, ...]:
        """The rules met; marks of the kinds `ignored` do not cancel."""
        view = View(readings)
        found = (self._meets(rule, kinds, view, ignored) for rule in self.rules)
        return tuple(match for match in found if match)

    def _meets(
        self, rule: Rule, kinds: Sequence[Kind], view: "View", ignored: frozenset[str]
    ) -> Match | None:
        for kind in kinds:
            for pattern in self._patterns[rule.id, kind]:
                if pattern.needed <= view.rows:
                    places = view.complete(pattern.parts, ignored | frozenset(rule.immune))
                    if places:
                        return _match(rule, places, view.readings)
        return None


class View:
    """A conversation while rules are matched: what is mentioned and not cancelled, in order."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        """Look at the messages so far."""
        self.readings = readings
        self.rows = frozenset(name for reading in readings for name in reading.mentions)
        owned = (i for i, reading in enumerate(readings) if "owns_up" in reading.mentions)
        self._owned = max(owned, default=0)
        self._live: dict[tuple[int, str, frozenset[str]], list[Mention]] = {}

    def complete(self, parts: tuple[Part, ...], immune: frozenset[str]) -> tuple[Place, ...] | None:
        """Places for all parts of a pattern, or nothing."""
        return self._rest(parts, immune, ())

    def _rest(
        self, parts: tuple[Part, ...], immune: frozenset[str], places: tuple[Place, ...]
    ) -> tuple[Place, ...] | None:
        if not parts:
            return places
        part, others = parts[0], parts[1:]
        if part.scope == "without":
            blocked = any(True for _ in self._candidates(part, places, _ALL_KINDS))
            return None if blocked else self._rest(others, immune, places)
        for place in self._candidates(part, places, immune):
            complete = self._rest(others, immune, (*places, place))
            if complete:
                return complete
        return None

    def _candidates(
        self, part: Part, places: tuple[Place, ...], immune: frozenset[str]
    ) -> Iterator[Place]:
        turns = range(len(self.readings) - 1, -1, -1)
        if places and part.scope != "conversation":
            turns = range(places[0].turn, places[0].turn + 1)
        for turn in turns:
            live = self._mentions(turn, part.row, immune)
            for mention in self._near(live, part.scope, places):
                free = part.scope == "without" or not _overlaps(mention, turn, places)
                apart = part.scope == "one sentence" and not self._together(turn, mention, places)
                if free and not apart:
                    yield Place(turn, mention)

    def _together(self, turn: int, mention: Mention, places: tuple[Place, ...]) -> bool:
        """Whether a mention stands in the sentence of the place found last."""
        own, last = self.readings[turn].words, places[-1]
        return last.turn == turn and own[mention.first].sentence == own[last.mention.first].sentence

    def _near(
        self, live: list[Mention], scope: Scope, places: tuple[Place, ...]
    ) -> Iterator[Mention]:
        """Mentions close enough to a place found so far; at most a few where distance is free."""
        reach = _REACH.get(scope)
        if not places:
            yield from live
        elif reach is None:
            yield from live[:_ENOUGH]
        else:
            first = min(p.mention.first for p in places) - reach - _LONGEST_ROW
            for mention in live[bisect_left(live, first, key=_first) :]:
                if mention.first > max(p.mention.last for p in places) + reach:
                    return
                if _close(mention, places, reach):
                    yield mention

    def _mentions(self, turn: int, row: str, immune: frozenset[str]) -> list[Mention]:
        key = (turn, row, immune)
        if key not in self._live:
            reading = self.readings[turn]
            mentions = reading.mentions.get(row, ())
            ignored = immune | _SUPPOSED if turn < self._owned else immune
            live = (m for m in mentions if not cancelled(m, reading.marks, ignored))
            self._live[key] = sorted(live, key=_first)
        return self._live[key]


def _compile(source: str) -> Pattern:
    made = parts(source)
    return Pattern(made, frozenset(p.row for p in made if p.scope != "without"))


def _sources(rule: Rule) -> dict[Kind, tuple[str, ...]]:
    half = rule.half.patterns if rule.half else ()
    return {"firm": rule.firm, "hint": rule.hints, "half": half}


def _newest(found: Sequence[Match], readings: Sequence[Reading]) -> tuple[Match, ...]:
    """Those that the newest message completes."""
    return tuple(match for match in found if match.turn == len(readings) - 1)


def _overlaps(mention: Mention, turn: int, places: tuple[Place, ...]) -> bool:
    """Whether one word would have to stand for two parts of a pattern."""
    return any(p.turn == turn and not set(mention.at).isdisjoint(p.mention.at) for p in places)


def _close(mention: Mention, places: tuple[Place, ...], near: int) -> bool:
    """Whether the mention stands near one of the places found so far."""
    spans = [(place.mention.first, place.mention.last) for place in places]
    return any(mention.first - last <= near >= first - mention.last for first, last in spans)


def _match(rule: Rule, places: tuple[Place, ...], readings: Sequence[Reading]) -> Match:
    turn = max(place.turn for place in places)
    at = sorted({at for p in places if p.turn == turn for at in p.mention.at})
    return Match(rule, turn, _quote(readings[turn], at), _sentence(readings[turn], at))


def _sentence(reading: Reading, at: Sequence[int]) -> str:
    """The sentence around a match; from the first to the last one where it spans several."""
    first, last = reading.words[at[0]].sentence, reading.words[at[-1]].sentence
    own = [word for word in reading.words if first <= word.sentence <= last]
    return reading.text[own[0].start : own[-1].end]


def _quote(reading: Reading, at: Sequence[int]) -> str:
    """The user's own words around a match: from its first word to its last, at most 160 long."""
    start, end = reading.words[at[0]].start, reading.words[at[-1]].end
    while end - start > _LONGEST_QUOTE and len(at) > 1:
        at = at[1:]
        start = reading.words[at[0]].start
    first = bisect_left([w.start for w in reading.words], start)
    return reading.text[reading.words[first].start : end]


@cache
def shipped() -> Matcher:
    """The shipped rules, compiled once."""
    return Matcher(RULES)
