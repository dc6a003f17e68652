"""Other ways for the net to read a message, so that nothing in it hides a sign.

Rules never look at playing-down; the net reads the whole message and could be soothed by it, and
it reads no more than the first 256 word pieces. It therefore also reads the message without
comfort and, if it is long, in stretches; the most serious reading counts.
"""

import re
from collections.abc import Container, Sequence

from bot.reading.context import Mark
from bot.reading.match import Reading
from bot.reading.words import Word

_WHOLE = 180
"""Words up to which the net reads a message whole."""
_STRETCH, _STRIDE = 120, 80
"""Words of a stretch (some 160 word pieces), and from the start of one to that of the next."""
_MOST = 12
"""Stretches that are read: the first and the last ones of what is longer than 1,000 words."""
_SAYS = r"(?:says?|said|thinks?|thought|reckons?|swears?|told|tells|claims?|insists?|is sure)"
_DOUBT = r"(?:prob(?:ably|s)?|maybe|perhaps|might|could be|most likely|i guess|i suppose)"
_COMFORT = re.compile(
    rf"(?:,|;|\.|\bbut\b|\band\b|\u2013|-)\s++(?:(?:[\w']++\s++){{0,4}}?{_SAYS}|"
    rf"(?:(?:its?|it's|that's|thats)\s*+)?{_DOUBT})\b[^,;.!?\n]*+",
    re.IGNORECASE,
)
"""Possessive, so that a row of blanks costs no more than its length."""


def without_comfort(reading: Reading) -> Reading | None:
    """The message without "coach says it's nothing" and what that cancels; None if it has no such.

    Blanks stand in the text for what is left out, so that the words stay where they are.
    """
    comfort = [match.span() for match in _COMFORT.finditer(reading.text)]
    if not comfort:
        return None
    told = [(at, word) for at, word in enumerate(reading.words) if not _within(word, comfort)]
    place = {at: new for new, (at, _) in enumerate(told)}
    left = {place[at]: _told(own, place) for at, own in reading.marks.items() if at in place}
    text = _COMFORT.sub(lambda match: " " * len(match[0]), reading.text)
    marks = {at: own for at, own in left.items() if own}
    return Reading(text, tuple(word for _, word in told), {}, marks)


def _within(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)


def _told(marks: Sequence[Mark], place: Container[int]) -> list[Mark]:
    """The marks of which every cue is still there."""
    return [mark for mark in marks if all(at in place for at in mark.cue)]


def stretches(text: str) -> tuple[str, ...]:
    """A long message in parts that overlap; nothing where the net reads it whole."""
    ends = [match.span() for match in re.finditer(r"\S++", text)]
    if len(ends) <= _WHOLE:
        return ()
    starts = list(range(0, len(ends) - (_STRETCH - _STRIDE), _STRIDE))
    chosen = starts if len(starts) <= _MOST else starts[: _MOST // 2] + starts[-_MOST // 2 :]
    return tuple(text[ends[s][0] : ends[s : s + _STRETCH][-1][1]] for s in chosen)
