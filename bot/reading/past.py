"""What happened long ago and is over: a distant date, and the story up to "fine since".

A date speaks of the past-tense clause that it stands in. A story runs from the date to the words
that say all is well ("healed", "never again"). Nothing that says how it is now is ever in it, and
a date that only compares ("like in 2015") or begins ("since 2019") says nothing about the sign.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from bot.reading.concepts import Mention, Mentions
from bot.reading.lists import words_in
from bot.reading.words import Word

Marked = Iterator[tuple[int, tuple[int, ...]]]

_SIDE = words_in("context.side")
_PRESENT = words_in("context.present")
_IS_NOW = words_in("past.is_now")
_WAS = words_in("past.was")
_TOLD = _WAS | {"heard", "once"}
_SUBJECTS = words_in("past.subjects")
_TURNS = words_in("past.turns")
_FROM = frozenset({"since", "than", "until", "till"})
_DATING = frozenset({"when", "in", "back", "last", "the", "it"})
_COMPARING = frozenset({"since", "like", "than", "remember"})
_NOT = frozenset({"never", "not", "hasnt", "didnt", "havent", "no", "none"})
_UNTIL = frozenset({"until", "till", "except"})
_REFUSED = words_in("past.refused")
_STOPS = frozenset({".", "!", "\n"})
_PERFECT = frozenset({"ive", "have", "weve", "cant", "dont"})
_AGE_ENDS = _SIDE | {"and", "when", "which"}
_YOUTH = range(13, 45)
_CLAUSE_REACH = 30
_RESOLVED_REACH = 30
_STORY_REACH = 60
_SOON = 4


def past(words: Sequence[Word], mentions: Mentions) -> Marked:
    """The clause around a distant date and the story up to "fine since"; or all before that."""
    recent, acute = (
        {at for m in mentions.get(name, ()) for at in m.at} for name in ("recent", "acute")
    )
    back = returns(words, mentions)
    strong, weak = (
        [m for m in mentions.get(name, ()) if m.last >= back and _holds(words, m)]
        for name in ("cue_resolved", "resolved_weak")
    )
    well = sorted({m.last for m in (*strong, *weak)})
    places = (m for m in mentions.get("date_place", ()) if _is_told(words, m))
    for cue in (*mentions.get("cue_past", ()), *places):
        if cue.first in recent or _only_compares(words, cue):
            continue
        start, end = _before(words, cue), _after(words, cue, recent)
        story = list(_story(words, cue.last + 1, well, recent))
        if story:
            start = min(start, _opening(words, cue, recent))
        yield from ((at, cue.at) for at in (*range(start, end + 1), *story))
    perfect = {at for at, word in enumerate(words) if word.text in _PERFECT}
    for cue in (*mentions.get("date_weak", ()), *_ages(words)):
        story = list(_story(words, cue.last + 1, well, recent | perfect))
        if story and cue.first not in recent and not _only_compares(words, cue):
            start = min(_before(words, cue), _opening(words, cue, recent))
            yield from ((at, cue.at) for at in (*range(start, cue.last + 1), *story))
    for cue in strong:
        yield from ((at, cue.at) for at in _over(words, cue, acute))


def _ages(words: Sequence[Word]) -> Iterator[Mention]:
    """An age that dates a sentence, "fell down the stairs at 20.", and no time of day."""
    for at, (before, age, after) in enumerate(zip(words, words[1:], words[2:], strict=False)):
        young = age.text.isdecimal() and int(age.text) in _YOUTH
        if before.text == "at" and young and after.text in _AGE_ENDS:
            yield Mention((at, at + 1), ())


def returns(words: Sequence[Word], mentions: Mentions) -> int:
    """The word up to which nothing is over, because it is back: "went down, but its back now"."""
    return max((m.first for m in mentions.get("returned", ()) if not _never(words, m)), default=-1)


def _never(words: Sequence[Word], mention: Mention) -> bool:
    return bool({w.text for w in words[max(0, mention.first - 3) : mention.last]} & _NOT)


def _holds(words: Sequence[Word], well: Mention) -> bool:
    """Whether all is well indeed: not "hasn't healed", "never since, until", "never did before"."""
    after = {word.text for word in words[well.last + 1 : well.last + 4]}
    if after & _UNTIL or ("before" in after and words[well.first].text in _NOT):
        return False
    for word in reversed(words[max(0, well.first - 2) : well.first]):
        if word.text in _SIDE or word.text == "and":
            return True
        if word.text in _REFUSED:
            return False
    return True


def _only_compares(words: Sequence[Word], cue: Mention) -> bool:
    """Whether the date only begins or compares: "since 2019", "just like back then"."""
    before = [word.text for word in words[max(0, cue.first - 2) : cue.first]]
    return words[cue.first].text != "used" and bool(
        {"since", "like", "than", "remember"} & set(before)
    )


def _is_told(words: Sequence[Word], place: Mention) -> bool:
    """Whether a clause with "at school" is of school days: not "it gives way at school"."""
    first, last = place.first, place.last
    while first > 0 and words[first - 1].text not in _SIDE:
        first -= 1
    while last + 1 < len(words) and words[last + 1].text not in _SIDE:
        last += 1
    texts = {word.text for word in words[first : last + 1]}
    return bool(texts & _TOLD) or any(text.endswith("ed") for text in texts)


def _before(words: Sequence[Word], cue: Mention) -> int:
    """Where the clause begins that the date speaks of; the date itself if that is not past."""
    if words[cue.first].text == "used":
        return cue.first
    first = start = _dated_clause(words, cue.first)
    while start - first < _CLAUSE_REACH and first > 0 and not _parts(words, first - 1):
        if words[first - 1].text in _IS_NOW:
            return cue.first
        first -= 1
    return first


def _opening(words: Sequence[Word], cue: Mention, recent: set[int]) -> int:
    """Where the sentence of a dated story begins, if all before the date is told as past."""
    first = cue.first
    while first > 0 and words[first - 1].sentence == words[cue.first].sentence:
        first -= 1
    before = range(first, cue.first)
    texts = {words[at].text for at in before}
    now = texts & (_IS_NOW | _TURNS | _FROM) or not recent.isdisjoint(before)
    return first if texts & _WAS and not now else cue.first


def _dated_clause(words: Sequence[Word], at: int) -> int:
    """Where a date begins to speak: "red and hot once, in 2014" dates what is before the comma."""
    for back in (1, 2):
        if at - back > 0 and words[at - back].text == ",":
            return at - back
    return at


def _parts(words: Sequence[Word], at: int) -> bool:
    """Whether a date behind this word no longer speaks of what is before it."""
    text = words[at].text
    if text == "and":
        return words[at + 1].text in _SUBJECTS or not _told(words, at)
    if text == "like":
        return words[at + 1].text in _DATING
    return text in _SIDE or text in _FROM or text in _TURNS


def _told(words: Sequence[Word], at: int) -> bool:
    """Whether what stands before a word in its clause is told in the past tense."""
    for here in range(at - 1, max(-1, at - 1 - _CLAUSE_REACH), -1):
        text = words[here].text
        if text in _WAS:
            return True
        if text in _SIDE or text in _IS_NOW:
            return False
    return False


def _after(words: Sequence[Word], cue: Mention, recent: set[int]) -> int:
    """The last word that the date still speaks of; what is of today takes its clause away."""
    end = cue.last
    while end + 1 < len(words) and words[end + 1].text not in _SIDE:
        if words[end + 1].text in _PRESENT or end + 1 in recent:
            return _back_to_subject(words, cue.last, end)
        end += 1
    return end


def _back_to_subject(words: Sequence[Word], start: int, end: int) -> int:
    for at in range(end, start, -1):
        if words[at].text in _SUBJECTS or words[at].text in {"and", "so", "then"}:
            return at - 1
    return end


def _story(
    words: Sequence[Word], start: int, well: Sequence[int], recent: set[int]
) -> Iterator[int]:
    """Words up to where all is well, unless the present comes in first."""
    ends = well[bisect_left(well, start) : bisect_right(well, start + _STORY_REACH)]
    here: list[int] = []
    past_tense = True
    for at in range(start, ends[-1] + 1 if ends else start):
        if _is_present(words, at, recent) and not any(at <= end <= at + _SOON for end in ends):
            return
        here.append(at)
        past_tense = past_tense or words[at].text in _WAS
        if at in ends:
            if not past_tense:
                return
            yield from here
            here, past_tense = [], False


def _is_present(words: Sequence[Word], at: int, recent: set[int]) -> bool:
    text = words[at].text
    if text == "again":
        return not {w.text for w in words[max(0, at - 4) : at]} & _NOT
    return text in _PRESENT or at in recent


def _over(words: Sequence[Word], cue: Mention, acute: set[int]) -> Iterator[int]:
    """Words before "fine since", back to the start of what is told; none if that is of today."""
    ends = _STOPS | {"now"} | (set() if words[cue.first - 1].text == "but" else {"but"})
    first = cue.first
    while first > 0 and cue.first - first < _RESOLVED_REACH and words[first - 1].text not in ends:
        first -= 1
    if not acute.isdisjoint(range(first, cue.first)):
        return
    yield from range(first, cue.last + 1)
