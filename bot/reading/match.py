"""Finds which rules a conversation meets: patterns over mentions, less what context cancels."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from bot.reading.concepts import Grammar, Mention, Mentions, lexicon_entries
from bot.reading.context import Mark, Marks, cancelled, marks
from bot.reading.words import Speller, Word, read_english, read_slang, words
from bot.redflags.rule import Part, Rule, Scope, parts
from bot.redflags.table import RULES, version

_NEAR = 10
_NEXT_TO = 6
_LONGEST_ROW = 40
_ENOUGH = 8
_ALL_KINDS = frozenset({"denied", "past", "hypothetical", "general", "other"})
_SUPPOSED = frozenset({"general", "hypothetical"})
_LONGEST_QUOTE = 160
_REACH: dict[Scope, int] = {"one sentence": _NEAR, "sentence": _NEAR, "without": _NEXT_TO}


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, understood: its words, what they mention, what context marks, rules met."""

    text: str
    words: tuple[Word, ...]
    mentions: Mentions
    marks: Marks
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A mention in the message number `turn` of the conversation."""

    turn: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that is met: the message that completed it, and the user's words there."""

    rule: Rule
    turn: int
    quote: str


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
        self._patterns: dict[str, list[Pattern]] = {}
        named: dict[str, str] = {}
        for key, sources in _pattern_sources(rules):
            self._patterns[key] = [_compile(source) for source in sources]
            for pattern in self._patterns[key]:
                named.update((part.row, part.source) for part in pattern.parts)
        definitions = [*(e[:2] for e in entries), *named.items()]
        self._grammar = Grammar(definitions, frozenset(e[0] for e in entries if e[2]))
        vocabulary = frozenset(self._grammar.vocabulary)
        self._speller = Speller(vocabulary, read_english(), read_slang())
        self.read = lru_cache(maxsize=256)(self._read)

    def _read(self, text: str) -> Reading:
        found = words(text, self._speller)
        mentions = self._grammar.mentions(found)
        reading = Reading(text, found, mentions, marks(found, mentions))
        return replace(reading, found=tuple(m.rule.id for m in self.find((reading,))))

    def knows(self, word: str) -> bool:
        """Whether a word is English or one that the rules use."""
        return word in self._speller.english

    def find(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules met by the messages so far; each once, where it was completed."""
        view = View(readings)
        found = (self._meets(rule, rule.id, view) for rule in self.rules)
        return tuple(match for match in found if match)

    def find_uncancelled(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules that would be met if context cancelled nothing."""
        bare = [replace(reading, marks={}) for reading in readings]
        return self.find(bare)

    def find_half(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules half-met by the newest message."""
        halves = (r for r in self.rules if r.half)
        view = View(readings)
        found = (self._meets(rule, f"half:{rule.id}", view) for rule in halves)
        return tuple(m for m in found if m and m.turn == len(readings) - 1)

    def denials(self, reading: Reading) -> tuple[Cancelled, ...]:
        """The rules whose signs this message denies."""
        found = []
        for rule in self.rules:
            for pattern in self._patterns[rule.id]:
                for part in pattern.parts:
                    for mention in reading.mentions.get(part.row, ()):
                        mark = cancelled(mention, reading.marks)
                        if mark and mark.kind == "denied":
                            at = sorted({*mention.at, *mark.cue})
                            found.append(Cancelled(rule, 0, _quote(reading, at), mark))
        return tuple({c.rule.id: c for c in reversed(found)}.values())

    def _meets(self, rule: Rule, key: str, view: "View") -> Match | None:
        for pattern in self._patterns[key]:
            if pattern.needed <= view.rows:
                places = view.complete(pattern.parts, frozenset(rule.immune))
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
        if not places:
            return True
        words = self.readings[turn].words
        return words[mention.first].sentence == words[places[-1].mention.first].sentence

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


def _first(mention: Mention) -> int:
    return mention.first


def _compile(source: str) -> Pattern:
    made = parts(source)
    return Pattern(made, frozenset(p.row for p in made if p.scope != "without"))


def _pattern_sources(rules: Sequence[Rule]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for rule in rules:
        yield rule.id, rule.patterns
        if rule.half:
            yield f"half:{rule.id}", rule.half.patterns


def _overlaps(mention: Mention, turn: int, places: tuple[Place, ...]) -> bool:
    """Whether one word would have to stand for two parts of a pattern."""
    return any(p.turn == turn and not set(mention.at).isdisjoint(p.mention.at) for p in places)


def _close(mention: Mention, places: tuple[Place, ...], near: int) -> bool:
    """Whether the mention stands near one of the places found so far."""
    return not places or any(
        mention.first - p.mention.last <= near and p.mention.first - mention.last <= near
        for p in places
    )


def _match(rule: Rule, places: tuple[Place, ...], readings: Sequence[Reading]) -> Match:
    turn = max(place.turn for place in places)
    at = sorted({at for p in places if p.turn == turn for at in p.mention.at})
    return Match(rule, turn, _quote(readings[turn], at))


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
