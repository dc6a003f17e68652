"""What cancels a mention, after ConText (Harkema 2009): denial, past, hypothesis, question, other.

Only tight, closed patterns within the clause cancel. Hedges ("maybe"), minimising ("my coach says
it's nothing"), contrast, quotation marks and a joking tone are never looked at. A mark names the
words that caused it, so that a rule which itself needs them ("cannot", "won't stop") is not undone
by them.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reading.concepts import Mention, Mentions
from bot.reading.lists import words_in
from bot.reading.past import past, returns
from bot.reading.supposing import general, hypothetical
from bot.reading.things import other
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
_STOPS = words_in("context.stops")
_ASKED = words_in("context.asked")
_ANSWERS = words_in("context.answers")
_ANSWER_ENDS = words_in("context.answer_ends")
_FIRMLY = words_in("context.firmly")
_ONSET = words_in("context.onset")
_LIST_ENDS = words_in("context.list_ends")
_CLOSERS = frozenset({"none", "no", "all", "found"}) | _ANSWERS
_FENCE = _BREAK - words_in("context.carriers")
_NEGATIVE = words_in("context.negative")
_SAYING = words_in("context.saying")
_ONLY = frozenset({"only", "just"})
_HAVING = frozenset({"has", "have", "had", "got"})
_ONSET_REACH = 12
_DOUBLE_REACH = 12
_SHORTEST = 4
_ECHOES = words_in("context.answers") | {"has", "have", "had", "did", "does", "once", "really"}
_ECHO_REACH = 3
_LIST_REACH = 14
_ANSWER_REACH = 9
_DENIAL_REACH = 6
_BACK_REACH = 6


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
    return _in_phrase(mention, marks) if "other" not in immune else None


def _in_phrase(mention: Mention, marks: Marks) -> Mark | None:
    """The set phrase that a body part belongs to: "the pressure in my chest freezer"."""
    for at in mention.at:
        for mark in marks.get(at, ()):
            if mark.kind == "other" and at in mark.cue and len(mark.cue) > 1:
                return mark
    return None


def _denied(words: Sequence[Word], mentions: Mentions) -> Marked:
    """Words after "no", "not", "without"; words before "has gone", ": none", "is not there"."""
    undone = sorted(m.first for m in mentions.get("contradicted", ()))
    yield from _denied_after(words, mentions, undone)
    back = returns(words, mentions)
    void = _void(mentions)
    for cue in mentions.get("cue_denied_before", ()):
        if cue.last >= back and cue.first not in void and not _undone(words, cue.last, undone):
            yield from ((at, cue.at) for at in _back(words, cue, _BACK_REACH, _SIDE | {"and"}))
            yield from ((at, cue.at) for at in _listed_before(words, cue))
            yield from ((at, cue.at) for at in _reported(words, cue))
    for answer in range(1, len(words)):
        yield from ((at, (answer,)) for at in _answered(words, answer))


def _denied_after(words: Sequence[Word], mentions: Mentions, undone: Sequence[int]) -> Marked:
    void = _void(mentions)
    recent = {m.first for m in mentions.get("recent", ())}
    for cue in mentions.get("cue_denied", ()):
        if cue.first in void or _only_until(words, cue, recent) or _doubled(words, cue):
            continue
        scope = list(_after_denial(words, cue))
        if not (scope and _undone(words, scope[-1], undone)):
            yield from ((at, cue.at) for at in scope)
    for cue in mentions.get("cue_denied_next", ()):
        yield from ((at, cue.at) for at in _next(words, cue))
    for cue in mentions.get("cue_inverted", ()):
        if not {word.text for word in words[cue.last + 1 : cue.last + 4]} & _NEGATIVE:
            yield from ((at, cue.at) for at in _after_denial(words, cue))


def _void(mentions: Mentions) -> set[int]:
    """Words that only look like a denial: "never did before" says that it is new."""
    return {at for m in mentions.get("not_a_denial", ()) for at in m.at}


def _only_until(words: Sequence[Word], cue: Mention, recent: set[int]) -> bool:
    """Whether it was only so until lately: "never had chest pain before today"."""
    for at in range(cue.last + 1, min(cue.last + _ONSET_REACH, len(words) - 1)):
        if words[at].sentence != words[cue.last].sentence:
            return False
        if words[at].text in _ONSET:
            return not recent.isdisjoint(range(at + 1, at + 4)) or words[at + 1].text == "now"
    return False


def _doubled(words: Sequence[Word], cue: Mention) -> bool:
    """Whether another denial undoes this one: "wouldnt say it isnt", "not a day without"."""
    text = words[cue.first].text
    if text not in {"without", "not"} and not (text.endswith("nt") and len(text) >= _SHORTEST):
        return False
    for at in range(cue.first - 1, max(-1, cue.first - _DOUBLE_REACH), -1):
        before = words[at].text
        if before in _FENCE or before in _LIST:
            return False
        if before in _NEGATIVE:
            return text == "without" or any(w.text in _SAYING for w in words[at : cue.first])
    return False


def _undone(words: Sequence[Word], last: int, undone: Sequence[int]) -> bool:
    """Whether it is taken back at once: "not swollen but it is", "gone but came back"."""
    at = bisect_left(undone, last)
    return at < len(undone) and undone[at] <= last + 2


def _next(words: Sequence[Word], cue: Mention) -> Iterator[int]:
    """The next two words, where a cue denies only what it stands before."""
    for at in range(cue.last + 1, min(cue.last + 3, len(words))):
        if words[at].text in _BREAK | _STOPS | _ONLY | _NEGATIVE:
            return
        yield at


def _reported(words: Sequence[Word], cue: Mention) -> Iterator[int]:
    """A question that was put, and answered: "coach asked if it ever buckles, it doesnt"."""
    end = cue.last + 1
    if words[cue.first - 1].text != "," or (end < len(words) and words[end].text not in _STOPS):
        return
    for at in range(cue.first - 2, max(0, cue.first - _LIST_REACH), -1):
        if words[at].text in {"if", "whether"}:
            if words[at - 1].stem in {"ask", "wonder", "know", "check"}:
                yield from range(at, cue.first)
            return


def _listed_before(words: Sequence[Word], cue: Mention) -> Iterator[int]:
    """The items of a list that an answer closes: "swelling, fever, redness: none of the above"."""
    if words[cue.first].text not in _CLOSERS:
        return
    for at in range(cue.first - 1, max(-1, cue.first - _LIST_REACH), -1):
        if words[at].text in _LIST_ENDS:
            return
        yield at


def _answered(words: Sequence[Word], answer: int) -> Iterator[int]:
    """Words before a "no" that answers them: "Hot? Nope.", "chest pain, no. fever no"."""
    end = answer + 1
    while end < len(words) and end <= answer + _ECHO_REACH and words[end].text in _ECHOES:
        end += 1
    alone = end == len(words) or words[end].text in _STOPS
    firm = words[answer].text == "not" and words[answer - 1].text in _FIRMLY
    if not alone or not (firm or words[answer].text in _ANSWERS):
        return
    at = answer - 1 - firm
    if words[at].text in _HAVING:
        return
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
        if (text in _BREAK and not _owned(words, at, cue)) or _twice(words, at):
            return
        yield at
        reach = _DENIAL_REACH if text in _LIST else reach - 1
        at += 1


def _twice(words: Sequence[Word], at: int) -> bool:
    """Whether only the full sense of a word is denied: "not swollen swollen"."""
    text = words[at].text
    return len(text) >= _SHORTEST and [w.text for w in words[at + 1 : at + 2]] == [text]


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


_FINDERS: dict[Kind, Callable[[Sequence[Word], Mentions], Marked]] = {
    "denied": _denied,
    "past": past,
    "hypothetical": hypothetical,
    "general": general,
    "other": other,
}
