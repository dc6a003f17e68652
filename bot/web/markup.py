"""Text of strangers to HTML that says exactly that text: nothing in it can become markup."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Shape = Literal["heading", "paragraph", "item", "step"]

LISTS = {"item": "ul", "step": "ol"}
_MARKUP = re.compile(r"[!-+\--/:-@\[-`{-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_PREFIX = re.compile(r"[ \t]*(?:(?P<heading>#{1,6})|(?P<item>[-*+])|(?P<step>\d{1,3}[.)]))[ \t]+")
_CITE = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a text: what it is, and where its words stand in the text.

    `number` is a heading's level or a step's number.
    """

    shape: Shape
    start: int
    end: int
    number: int = 0


def plain(text: str) -> str:
    """Text as HTML in which every character that HTML or Markdown could read is an entity.

    The chat window parses Markdown and then HTML; entities pass through both and come out as the
    characters they were. Line breaks become `<br>`, because a blank line would end the block.
    """
    escaped = _MARKUP.sub(lambda match: f"&#{ord(match[0])};", _CONTROL.sub("", text))
    return re.sub(r"\s*\n\s*", "<br>", escaped)


def lines(text: str) -> Iterator[Line]:
    """The blocks of a text with one block a line (an article, or an answer as read)."""
    at = 0
    for raw in text.splitlines(keepends=True):
        content = raw.rstrip()
        prefix = _PREFIX.match(content)
        start = at + (prefix.end() if prefix else len(content) - len(content.lstrip()))
        if content.strip():
            yield Line(_shape(prefix), start, at + len(content), _number(prefix))
        at += len(raw)


def _shape(prefix: re.Match[str] | None) -> Shape:
    if prefix is None:
        return "paragraph"
    return "heading" if prefix["heading"] else "item" if prefix["item"] else "step"


def _number(prefix: re.Match[str] | None) -> int:
    if prefix is None or prefix["item"]:
        return 0
    return len(prefix["heading"]) if prefix["heading"] else int(prefix["step"][:-1])


def blocks(pieces: Iterable[tuple[Shape, str]]) -> str:
    """Pieces of finished HTML as paragraphs and lists; neighbours of one kind share a list."""
    out = []
    for shape, group in groupby(pieces, key=lambda piece: piece[0]):
        outer = LISTS.get(shape, "")
        inner = "li" if outer else "p"
        body = "".join(f"<{inner}>{html}</{inner}>" for _, html in group)
        out.append(f"<{outer}>{body}</{outer}>" if outer else body)
    return "".join(out)


def prose(text: str, cite: Callable[[int], str]) -> str:
    """An answer's text as read: paragraphs, lists, and `[n]` as `cite(n)` draws it."""
    return blocks((line.shape, _cited(text[line.start : line.end], cite)) for line in lines(text))


def _cited(text: str, cite: Callable[[int], str]) -> str:
    parts = _CITE.split(text)
    return "".join(cite(int(part)) if i % 2 else plain(part) for i, part in enumerate(parts))
