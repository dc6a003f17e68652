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
_LABEL = re.compile(r"(?:- |\d+\. )((?:[^\s:.!?]+ ){0,9}[^\s:.!?]+:)(?=\s)")

Piece = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One block of the article: offsets of its text, without a list marker."""

    start: int
    end: int
    block: Block


def search_text(article: Article, passage: Passage, sentence: Sentence) -> str:
    """Return what is embedded and searched for a sentence: headings, lead, label, sentence.

    The label is an item's ("Quad sets:"), for the item's later sentences. The article's title is
    left out: in a corpus on one topic it says the same of every sentence.
    Example: "How do I treat it? — Try these: Quad sets: Hold for 5 seconds."
    """
    titled = len(passage.path) > 1 and passage.path[0] == article.title
    headings = passage.path[1:] if titled else passage.path
    told = (sentence.lead, _label(article, sentence), sentence.text)
    return " — ".join([*headings, " ".join(filter(None, told))])


def _label(article: Article, sentence: Sentence) -> str:
    """Return the words before the colon at the head of a list item, "" where they are in reach."""
    if sentence.block == "paragraph":
        return ""
    start = article.text.rfind("\n", 0, sentence.start) + 1
    match = _LABEL.match(article.text, start, sentence.start)
    return match[1] if match else ""


def slug(text: str) -> str:
    """Return a name for ids and links: lower-case words joined by hyphens; may be empty."""
    plain = re.sub(r"['’]", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[\W_]+", "-", plain).strip("-")


def sections(article: Article) -> tuple[Section, ...]:
    """Return the article's sections in order.

    Text above the first heading has the title for a heading, and no path.
    """
    found: list[Section] = []
    open_headings: list[tuple[int, str]] = []
    heading, level, start, position = article.title, 0, 0, 0
    for line in article.text.splitlines(keepends=True):
        match = _HEADING.fullmatch(line.rstrip("\n"))
        if match:
            path = tuple(text for _, text in open_headings)
            found.append(Section(heading, level, path, start, position))
            level, heading, start = len(match[1]), match[2], position + len(line)
            open_headings = [pair for pair in open_headings if pair[0] < level]
            open_headings.append((level, heading))
        position += len(line)
    path = tuple(text for _, text in open_headings)
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
    """Yield what is kept together: a paragraph, or a list with the line that introduces it.

    What is longer than the limit comes in parts: a list item by item, a paragraph (and an item)
    sentence by sentence.
    """
    waiting: Piece = ()  # the last paragraph, in case a list follows
    lines = groupby(_lines(article, section), key=lambda line: line.block != "paragraph")
    for is_list, group in lines:
        if is_list:
            lead = waiting[-1].text if waiting else ""
            items = [made for line in group if (made := _sentences(article, line, lead))]
            yield from _list_pieces(waiting, items, limit)
            waiting = ()
        else:
            *others, waiting = [_sentences(article, line, "") for line in group]
            for paragraph in others:
                yield from _whole_or_parts(paragraph, [(s,) for s in paragraph], limit)
    yield from _whole_or_parts(waiting, [(s,) for s in waiting], limit)


def _list_pieces(paragraph: Piece, items: list[Piece], limit: int) -> Iterator[Piece]:
    """Yield a list with its paragraph; if that is too long, with its lead; or item by item."""
    whole = paragraph + sum(items, ())
    if _words(whole) <= limit:
        yield whole
        return
    lead = paragraph[-1:]
    yield from _whole_or_parts(paragraph[:-1], [(s,) for s in paragraph[:-1]], limit)
    first, *rest = items
    parts = [lead + first, *rest] if _words(lead + first) <= limit else [lead, *items]
    parts = [p for part in parts for p in _whole_or_parts(part, [(s,) for s in part], limit)]
    yield from _whole_or_parts(lead + sum(items, ()), parts, limit)


def _whole_or_parts(whole: Piece, parts: list[Piece], limit: int) -> Iterator[Piece]:
    if _words(whole) > limit:
        yield from parts
    elif whole:
        yield whole


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
