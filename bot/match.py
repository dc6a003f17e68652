"""Finds which rules a conversation meets: patterns over mentions, less what context cancels."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from bot.concepts import Grammar, Mention, Mentions, lexicon_entries
from bot.context import Mark, Marks, cancelled, marks
from bot.redflags import RULES
from bot.rule import Part, Rule, Scope, parts
from bot.words import Speller, Word, read_english, read_slang, words

_NEAR = 10
_NEXT_TO = 6
_LONGEST_QUOTE = 160
_REACH: dict[Scope, int] = {"sentence": _NEAR, "without": _NEXT_TO}


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


class Matcher:
    """A table of rules, compiled."""

    def __init__(self, rules: Sequence[Rule]):
        """Compile the rules' patterns together with the lexicon."""
        entries = list(lexicon_entries())
        self.rules = tuple(rules)
        self._patterns: dict[str, list[tuple[Part, ...]]] = {}
        named: dict[str, str] = {}
        for key, sources in _pattern_sources(rules):
            self._patterns[key] = [parts(source) for source in sources]
            for row in self._patterns[key]:
                named.update((part.source, part.source) for part in row)
        definitions = [e[:2] for e in entries] + [(f"row:{k}", v) for k, v in named.items()]
        self._grammar = Grammar(definitions, frozenset(e[0] for e in entries if e[2]))
        vocabulary = frozenset(self._grammar.vocabulary)
        self._speller = Speller(vocabulary, read_english(), read_slang())
        self.read = lru_cache(maxsize=256)(self._read)

    def _read(self, text: str) -> Reading:
        found = words(text, self._speller)
        mentions = self._grammar.mentions(found)
        reading = Reading(text, found, mentions, marks(found, mentions))
        return replace(reading, found=tuple(m.rule.id for m in self.find((reading,))))

    def find(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules met by the messages so far; each once, where it was completed."""
        found = (self._meets(rule, rule.id, readings) for rule in self.rules)
        return tuple(match for match in found if match)

    def find_uncancelled(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules that would be met if context cancelled nothing."""
        bare = [replace(reading, marks={}) for reading in readings]
        return self.find(bare)

    def find_half(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules half-met by the newest message."""
        halves = (r for r in self.rules if r.half)
        found = (self._meets(rule, f"half:{rule.id}", readings) for rule in halves)
        return tuple(m for m in found if m and m.turn == len(readings) - 1)

    def denials(self, reading: Reading) -> tuple[Cancelled, ...]:
        """The rules whose signs this message denies."""
        found = []
        for rule in self.rules:
            for pattern in self._patterns[rule.id]:
                for part in pattern:
                    for mention in reading.mentions.get(f"row:{part.source}", ()):
                        mark = cancelled(mention, reading.marks)
                        if mark and mark.kind == "denied":
                            at = sorted({*mention.at, *mark.cue})
                            found.append(Cancelled(rule, 0, _quote(reading, at), mark))
        return tuple({c.rule.id: c for c in reversed(found)}.values())

    def _meets(self, rule: Rule, key: str, readings: Sequence[Reading]) -> Match | None:
        for pattern in self._patterns[key]:
            places = self._complete(pattern, readings, rule.immune)
            if places:
                return _match(rule, places, readings)
        return None

    def _complete(
        self, pattern: tuple[Part, ...], readings: Sequence[Reading], immune: frozenset[str]
    ) -> tuple[Place, ...] | None:
        if not all(self._anywhere(p, readings) for p in pattern if p.scope != "without"):
            return None

        def rest(index: int, places: tuple[Place, ...]) -> tuple[Place, ...] | None:
            if index == len(pattern):
                return places
            part = pattern[index]
            if part.scope == "without":
                blocked = any(True for _ in self._candidates(part, places, readings))
                return None if blocked else rest(index + 1, places)
            for place in self._candidates(part, places, readings):
                if cancelled(place.mention, readings[place.turn].marks, immune):
                    continue
                complete = rest(index + 1, (*places, place))
                if complete:
                    return complete
            return None

        return rest(0, ())

    def _anywhere(self, part: Part, readings: Sequence[Reading]) -> bool:
        return any(f"row:{part.source}" in reading.mentions for reading in readings)

    def _candidates(
        self, part: Part, places: tuple[Place, ...], readings: Sequence[Reading]
    ) -> Iterator[Place]:
        turns = range(len(readings) - 1, -1, -1)
        if places and part.scope != "conversation":
            turns = range(places[0].turn, places[0].turn + 1)
        for turn in turns:
            reading = readings[turn]
            for mention in reading.mentions.get(f"row:{part.source}", ()):
                near = _REACH.get(part.scope)
                close = near is None or _close(mention, places, near)
                if close and not _overlaps(mention, turn, places):
                    yield Place(turn, mention)


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
