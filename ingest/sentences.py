"""Where sentences begin and end in a line of text (pure)."""

import re

from sentencex import get_sentence_boundaries

# sentencex knows Dr., e.g., No. and their like; these it takes for an end of sentence.
_OPEN_END = re.compile(
    r"(?:\b(?:approx|min|max|sec|secs|mins|hr|hrs|reps|incl|esp|avg|fig|figs|est|ca|cf|resp"
    r"|e\.g|i\.e|eg|ie|etc|vs|dr|mr|mrs|ms|prof|st)\.)\s*$",
    re.IGNORECASE,
)
_NEVER_LAST = re.compile(
    r"\b(?:approx|incl|esp|avg|figs?|cf|e\.g|i\.e|eg|ie|vs|dr|mr|mrs|prof)\.\s*$", re.IGNORECASE
)

_DAY = re.compile(r"\b\d{1,2}\.\s*$")
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)

Span = tuple[int, int]


def spans(text: str, language: str = "en") -> list[Span]:
    """Return (start, end) of each sentence, in characters, without the white space around it."""
    found: list[Span] = []
    for boundary in get_sentence_boundaries(language, text):
        start, end = int(boundary["start_index"]), int(boundary["end_index"])
        if found and _goes_on(text[found[-1][0] : start], text[start:end]):
            start = found.pop()[0]
        found.append((start, end))
    return [span for span in (_trim(text, *span) for span in found) if span[0] < span[1]]


def _goes_on(before: str, after: str) -> bool:
    """Whether a boundary is false: it follows an abbreviation or the day of a date."""
    if _NEVER_LAST.search(before) or (_DAY.search(before) and _MONTH.match(after)):
        return True
    return bool(_OPEN_END.search(before)) and not after[:1].isupper()


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
