"""What cancels a mention, after ConText (Harkema 2009): denial, past, hypothesis, question, other.

Only tight, closed patterns within the clause cancel. Hedges ("maybe"), minimising ("my coach says
it's nothing"), contrast, quotation marks and a joking tone are never looked at. A mark names the
words that caused it, so that a rule which itself needs them ("cannot", "won't stop") is not undone
by them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reading.concepts import Mention, Mentions
from bot.reading.lists import words_in
from bot.reading.supposing import general, hypothetical
from bot.reading.words import Word

Kind = Literal["denied", "past", "hypothetical", "general", "other"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason why a word does not count, and the words (indices) that give it."""

    kind: Kind
    cue: tuple[int, ...]


Marks = dict[int, list[Mark]]
Marked = Iterator[tuple[int, tuple[int, ...]]]

_BREAK = words_in("context.break")
_OWNERS = words_in("context.owners")
_LIST = frozenset({"or", "nor"})
_LINKS = frozenset({"is", "are", "was", "were"})
_WHOLE = frozenset({"neither", "none", "nothing"})
_SIDE = words_in("context.side")
_PRESENT = words_in("context.present")
_STOPS = words_in("context.stops")
_ASKED = words_in("context.asked")
_ANSWERS = words_in("context.answers")
_ANSWER_ENDS = words_in("context.answer_ends")
_ANSWER_REACH = 9
_DENIAL_REACH = 6
_BACK_REACH = 6
_PAST_REACH = 12
_RESOLVED_REACH = 30
_STORY_REACH = 60
_SOON = 4


def marks(words: Sequence[Word], mentions: Mentions) -> Marks:
    """Every word that is denied, past, hypothetical, general or means something else."""
    found: Marks = {}
    for kind, find in _FINDERS.items():
        for at, cue in find(words, mentions):
            found.setdefault(at, []).append(Mark(kind, cue))
    return found


def cancelled(mention: Mention, marks: Marks, immune: frozenset[str] = frozenset()) -> Mark | None:
    """Why the mention does not count, or nothing where it does; `immune` kinds are ignored."""
    used = set(mention.at)
    for at in mention.signs:
        for mark in marks.get(at, ()):
            if mark.kind not in immune and (mark.kind == "other" or not used & set(mark.cue)):
                return mark
    return None


def _denied(words: Sequence[Word], mentions: Mentions) -> Marked:
    """Words after "no", "not", "without"; words before "has gone", ": none", "is not there"."""
    void = {at for m in mentions.get("not_a_denial", ()) for at in m.at}
    for cue in mentions.get("cue_denied", ()):
        if cue.first not in void:
            yield from ((at, cue.at) for at in _after_denial(words, cue))
    for cue in mentions.get("cue_denied_before", ()):
        yield from ((at, cue.at) for at in _back(words, cue, _BACK_REACH, _SIDE | {"and"}))
    for answer in range(1, len(words)):
        yield from ((at, (answer,)) for at in _answered(words, answer))


def _answered(words: Sequence[Word], answer: int) -> Iterator[int]:
    """Words before a "no" that answers them: "Hot? Nope.", "chest pain, no. fever no"."""
    alone = answer + 1 == len(words) or words[answer + 1].text in _STOPS
    if words[answer].text not in _ANSWERS or not alone:
        return
    at = answer - 1
    if at >= 0 and words[at].text == "or":
        return
    while at >= 0 and words[at].text in _ASKED:
        at -= 1
    while at >= 0 and answer - at <= _ANSWER_REACH and words[at].text not in _ANSWER_ENDS:
        yield at
        at -= 1


def _after_denial(words: Sequence[Word], cue: Mention) -> Iterator[int]:
    """To the end of the phrase; a list closed by "or" runs on."""
    at, reach = cue.last + 1, _DENIAL_REACH
    while at < len(words) and reach and words[at].sentence == words[cue.last].sentence:
        text = words[at].text
        if text == "," and _or_list(words, at):
            at += 1
            continue
        if text in _BREAK and not _owned(words, at, cue):
            return
        yield at
        reach = _DENIAL_REACH if text in _LIST else reach - 1
        at += 1


def _owned(words: Sequence[Word], at: int, cue: Mention) -> bool:
    """Whether a word that ends a denial belongs to it: "didn't hit her head or pass out"."""
    if words[at].text in _LINKS:
        return words[cue.first].text in _WHOLE
    if words[at].text not in _OWNERS:
        return False
    if words[at - 1].text in _LIST:
        return True
    soon = {word.text for word in words[at + 1 : at + 4]}
    return at == cue.last + 1 or bool(soon & _LIST)


def _or_list(words: Sequence[Word], comma: int) -> bool:
    """Whether a comma stands in a list that "or" closes: "no swelling, redness or heat"."""
    for at in range(comma + 1, min(comma + 9, len(words))):
        text = words[at].text
        if text in _LIST:
            return True
        if text != "," and text in _BREAK:
            return False
    return False


def _back(words: Sequence[Word], cue: Mention, reach: int, ends: frozenset[str]) -> Iterator[int]:
    """Words before the cue, back to the start of what it speaks of."""
    for at in range(cue.first - 1, max(-1, cue.first - 1 - reach), -1):
        if words[at].text in ends:
            return
        yield at


def _past(words: Sequence[Word], mentions: Mentions) -> Marked:
    """The clause around a distant date and the story up to "fine since"; or all before that."""
    strong = mentions.get("cue_resolved", ())
    well = sorted(m.first for m in (*strong, *mentions.get("resolved_weak", ())))
    for cue in mentions.get("cue_past", ()):
        start, end = _dated_clause(words, cue.first), cue.last
        habit = words[cue.first].text == "used"
        start = cue.first if habit else _clause_start(words, start)
        while end + 1 < len(words) and words[end + 1].text not in _SIDE | _PRESENT:
            end += 1
        yield from ((at, cue.at) for at in range(start, end + 1))
        yield from ((at, cue.at) for at in _story(words, cue.last + 1, well))
    for cue in strong:
        ends = _STORY_ENDS - ({"but"} if words[cue.first - 1].text == "but" else set())
        yield from ((at, cue.at) for at in _back(words, cue, _RESOLVED_REACH, ends))


def _clause_start(words: Sequence[Word], start: int) -> int:
    """The first word of the clause that ends before `start`."""
    first = start
    while start - first < _PAST_REACH and first > 0 and not _parts(words, first - 1):
        first -= 1
    return first


def _dated_clause(words: Sequence[Word], at: int) -> int:
    """Where a date begins to speak: "red and hot once, in 2014" dates what is before the comma."""
    for back in (1, 2):
        if at - back > 0 and words[at - back].text == ",":
            return at - back
    return at


def _parts(words: Sequence[Word], at: int) -> bool:
    """Whether a date behind this word no longer speaks of what is before it."""
    return words[at].text in _SIDE | {"now", "sudden", "suddenly", "and", "so"}


def _story(words: Sequence[Word], start: int, well: Sequence[int]) -> Iterator[int]:
    """Words up to where all is well, unless the present comes in first."""
    ends = well[bisect_left(well, start) : bisect_right(well, start + _STORY_REACH)]
    if not ends:
        return
    here: list[int] = []
    for at in range(start, ends[-1]):
        if words[at].text in _PRESENT and not any(at <= end <= at + _SOON for end in ends):
            break
        here.append(at)
        if at + 1 in ends:
            yield from here
            here = []


def _other(words: Sequence[Word], mentions: Mentions) -> Marked:
    for cue in mentions.get("cue_other", ()):
        yield from ((at, cue.at) for at in cue.at)


_STORY_ENDS = frozenset({"but", ".", "!", "\n", "now"})
_FINDERS: dict[Kind, Callable[[Sequence[Word], Mentions], Marked]] = {
    "denied": _denied,
    "past": _past,
    "hypothetical": hypothetical,
    "general": general,
    "other": _other,
}
