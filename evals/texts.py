"""Articles as sentences with their headings, and whether a text states a phrase."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sentencex import get_sentence_boundaries

from ingest.types import Article

_HEADING = re.compile(r"#{1,6} (.*)")
_MARKER = re.compile(r"(?:- |\d+\. )")
_DASHES = str.maketrans("–—‑’‘“”", "---''\"\"")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article, its heading, and its character offsets in the article's text."""

    article: str
    section: str
    text: str
    start: int
    end: int
    listed: bool = False


@lru_cache(maxsize=256)
def lines(article: Article) -> tuple[Line, ...]:
    """All sentences of an article in order, headings left out."""
    return tuple(_lines(article))


def _lines(article: Article) -> Iterator[Line]:
    section, position = article.title, 0
    for row in article.text.splitlines(keepends=True):
        heading = _HEADING.fullmatch(row.rstrip("\n"))
        if heading:
            section = heading[1]
        else:
            marker = _MARKER.match(row)
            skip = marker.end() if marker else 0
            for start, end in _spans(row[skip:], article.language):
                start, end = position + skip + start, position + skip + end
                text = article.text[start:end]
                yield Line(article.id, section, text, start, end, bool(marker))
        position += len(row)


def _spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    for found in get_sentence_boundaries(language, text):
        start, end = int(found["start_index"]), int(found["end_index"])
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield start + lead, start + len(piece.rstrip())


def normal(text: str) -> str:
    """Lower case, straight quotes, plain hyphens, single blanks: how phrases are compared."""
    return re.sub(r"\s+", " ", text.translate(_DASHES).casefold()).strip()


def states(text: str, phrase: str) -> bool:
    """Whether the text holds the phrase; a figure must not be the tail of a longer one.

    Example: "10%" is not stated by "110%".
    """
    wanted = normal(phrase)
    guard = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    return re.search(guard + re.escape(wanted), normal(text)) is not None


def stated(text: str, group: Sequence[str]) -> bool:
    """Whether the text states any phrase of a group."""
    return any(states(text, phrase) for phrase in group)
