"""Article -> sections -> passages -> sentences, with character spans (pure)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from ingest.sentences import spans
from ingest.types import Article, Block, Passage, Section, Sentence

VERSION = "1"
"""Raised when cleaning, splitting or `search_text` changes: an index made by another is stale."""

_HEADING = re.compile(r"(#{1,6}) (.*)")
_ITEM = re.compile(r"(?P<bullet>- )|(?P<step>\d+\. )")

Piece = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One block of the article: offsets of its text, without a list marker."""

    start: int
    end: int
    block: Block


def search_text(article: Article, passage: Passage, sentence: Sentence) -> str:
    """Return what is embedded and searched for a sentence: headings, lead, sentence.

    The article's title is left out: in a corpus on one topic it says the same of every sentence.
    Example: "How do I treat it? — Rest — You can run if: Pain settles within 24 hours".
    """
    headings = [heading for heading in passage.path if heading != article.title]
    return " — ".join([*headings, f"{sentence.lead} {sentence.text}".strip()])


def slug(text: str) -> str:
    """Return a name for ids and links: lower-case words joined by hyphens; may be empty."""
    plain = re.sub(r"['’]", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[\W_]+", "-", plain).strip("-")


def sections(article: Article) -> tuple[Section, ...]:
    """Return the article's sections in order; text above the first heading has the title's."""
    found: list[Section] = []
    open_headings: list[tuple[int, str]] = []
    heading, level, start, position = article.title, 0, 0, 0
    for line in article.text.splitlines(keepends=True):
        match = _HEADING.fullmatch(line.rstrip("\n"))
        if match:
            path = tuple(text for _, text in open_headings) or (article.title,)
            found.append(Section(heading, level, path, start, position))
            level, heading, start = len(match[1]), match[2], position + len(line)
            open_headings = [pair for pair in open_headings if pair[0] < level]
            open_headings.append((level, heading))
        position += len(line)
    path = tuple(text for _, text in open_headings) or (article.title,)
    found.append(Section(heading, level, path, start, position))
    return tuple(section for section in found if article.text[section.start : section.end].strip())


def passages(article: Article, limit: int) -> tuple[Passage, ...]:
    """Return passages of at most `limit` words (a longer sentence stands alone), in order."""
    used: set[str] = set()
    made: list[Passage] = []
    for section in sections(article):
        for run in _pack(_pieces(article, section, limit), limit):
            made.append(
                Passage(
                    id=_fresh(f"{article.id}#{slug(section.heading) or 'section'}", used),
                    article=article.id,
                    section=section.heading,
                    path=section.path,
                    start=run[0].start,
                    end=run[-1].end,
                    sentences=run,
                )
            )
    return tuple(made)


def _fresh(name: str, used: set[str]) -> str:
    number, candidate = 1, name
    while candidate in used:
        number += 1
        candidate = f"{name}-{number}"
    used.add(candidate)
    return candidate


def _lines(article: Article, section: Section) -> Iterator[_Line]:
    position = section.start
    for line in article.text[section.start : section.end].splitlines(keepends=True):
        text = line.rstrip("\n")
        match = _ITEM.match(text)
        block: Block = "paragraph"
        if match:
            block = "item" if match["bullet"] else "step"
        if text.strip():
            yield _Line(position + (match.end() if match else 0), position + len(text), block)
        position += len(line)


def _sentences(article: Article, line: _Line, lead: str) -> Piece:
    text = article.text[line.start : line.end]
    return tuple(
        Sentence(text[a:b], line.start + a, line.start + b, line.block, lead)
        for a, b in spans(text, article.language)
    )


def _pieces(article: Article, section: Section, limit: int) -> Iterator[Piece]:
    """Yield what is kept together: a sentence, or a list with the sentence that introduces it."""
    intro: Piece = ()
    for is_list, group in groupby(_lines(article, section), key=lambda ln: ln.block != "paragraph"):
        if not is_list:
            yield from ((sentence,) for sentence in intro)
            plain = [s for line in group for s in _sentences(article, line, "")]
            yield from ((sentence,) for sentence in plain[:-1])
            intro = tuple(plain[-1:])
            continue
        lead = intro[0].text if intro else ""
        items = [made for line in group if (made := _sentences(article, line, lead))]
        yield from _whole_or_parts(intro, items, limit)
        intro = ()
    yield from ((sentence,) for sentence in intro)


def _whole_or_parts(intro: Piece, items: list[Piece], limit: int) -> Iterator[Piece]:
    """Yield a list whole if it fits, else item by item, else sentence by sentence."""
    whole = intro + tuple(sentence for item in items for sentence in item)
    if _words(whole) <= limit:
        yield whole
        return
    parts = [intro + items[0], *items[1:]] if items else [intro]
    for part in parts:
        if _words(part) <= limit:
            yield part
        else:
            yield from ((sentence,) for sentence in part)


def _pack(pieces: Iterator[Piece], limit: int) -> list[Piece]:
    """Fill passages evenly: as few as the limit allows, of about the same size."""
    waiting = list(pieces)
    total = sum(_words(piece) for piece in waiting)
    target = total / max(1, ceil(total / limit))
    packed: list[Piece] = []
    current: Piece = ()
    for piece in waiting:
        if current and (_words(current) >= target or _words(current + piece) > limit):
            packed.append(current)
            current = ()
        current += piece
    return [*packed, current] if current else packed


def _words(piece: Piece) -> int:
    return sum(len(sentence.text.split()) for sentence in piece)
