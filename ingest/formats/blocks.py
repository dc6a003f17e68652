"""Markdown -> lines: the one place that knows a Markdown parser."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from ingest.lines import Line

_TAG = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)
_parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def blocks(markdown: str) -> Iterator[Line]:
    """Yield each heading, paragraph, list item and table row as a line without inline markup."""
    yield from _blocks(SyntaxTreeNode(_parser.parse(markdown)))


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
