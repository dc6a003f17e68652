"""Markdown -> clean Markdown: one line a block, no inline markup, no page furniture (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from ingest.furniture import without_furniture
from ingest.lines import Line

_TAG = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)
_SPACE_BEFORE = re.compile(r"\s+(?=[,;.!?](?:\s|$))")
_GLUED = re.compile(r"(?<=[a-z)]{2})([.!?])(?=[A-Z][a-z])")
_parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def clean(markdown: str, language: str = "en") -> str:
    """Return Markdown in which each block is one line and page furniture is gone.

    Blocks are ATX headings, paragraphs, and list items ("- …" or "1. …"); a blank line stands
    between blocks except between items of one list. Tables become items, "cell — cell".
    """
    return render(without_furniture(parse(markdown), language))


def parse(markdown: str) -> tuple[Line, ...]:
    """Return the blocks of a Markdown document as lines of plain text."""
    tree = SyntaxTreeNode(_parser.parse(markdown))
    found = (replace(line, text=_tidy(line.text)) for line in _blocks(tree))
    return tuple(line for line in found if line.text)


def render(lines: Sequence[Line]) -> str:
    """Return lines as Markdown, steps numbered on from their first."""
    out: list[str] = []
    last: Line | None = None
    number = 0
    for line in lines:
        goes_on = last is not None and last.kind == line.kind and line.is_listed
        number = number + 1 if goes_on and line.kind == "step" else line.level
        if last is not None and not goes_on:
            out.append("")
        marker = {"heading": "#" * line.level + " ", "item": "- ", "step": f"{number}. "}
        out.append(marker.get(line.kind, "") + line.text)
        last = line
    return "\n".join(out) + "\n" if out else ""


def _tidy(text: str) -> str:
    """Mend white space: none before a comma, one after a full stop, no line breaks."""
    text = " ".join(text.split())
    return _GLUED.sub(r"\1 ", _SPACE_BEFORE.sub("", text))


def _blocks(node: SyntaxTreeNode) -> Iterator[Line]:
    for child in node.children:
        if child.type == "heading":
            yield Line("heading", _inline(child), int(child.tag[1]))
        elif child.type == "paragraph":
            yield Line("paragraph", _inline(child))
        elif child.type in {"bullet_list", "ordered_list"}:
            yield from _list(child)
        elif child.type == "table":
            yield from _table(child)
        elif child.type in {"fence", "code_block", "html_block"}:
            yield Line("paragraph", _TAG.sub(" ", child.content))
        else:
            yield from _blocks(child)


def _list(node: SyntaxTreeNode) -> Iterator[Line]:
    """Yield a line for each item; an inner list follows its item at the same depth."""
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        text = " ".join(_inline(child) for child in item.children if child.type == "paragraph")
        if node.type == "ordered_list":
            yield Line("step", text, number)
        else:
            yield Line("item", text)
        inner = [child for child in item.children if child.type != "paragraph"]
        for child in inner:
            yield from _list(child) if child.type.endswith("_list") else _blocks(item)


def _table(node: SyntaxTreeNode) -> Iterator[Line]:
    """Yield an item for each row under the header: "cell — cell"."""
    for row in (row for part in node.children if part.type == "tbody" for row in part.children):
        yield Line("item", " — ".join(filter(None, (_inline(cell) for cell in row.children))))


def _inline(node: SyntaxTreeNode) -> str:
    """Return the text of a block without markup: images dropped, links and code as their text."""
    parts = []
    for part in node.walk():
        if part.type in {"softbreak", "hardbreak"} or part.content.startswith("<br"):
            parts.append(" ")
        elif part.type in {"text", "code_inline"} and not _in_image(part):
            parts.append(part.content)
    return "".join(parts)


def _in_image(node: SyntaxTreeNode) -> bool:
    return node.parent is not None and node.parent.type == "image"
