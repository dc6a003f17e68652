"""Markdown -> clean Markdown: one line a block, no inline markup, no page furniture (pure)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.formats.blocks import blocks
from ingest.furniture import without_furniture
from ingest.lines import Line

_SPACE_BEFORE = re.compile(r"\s+(?=[,;.!?](?:\s|$))")
_GLUED = re.compile(r"(?<=[a-z)]{2})([.!?])(?=[A-Z][a-z])")


def clean(markdown: str, language: str = "en") -> str:
    """Return Markdown in which each block is one line and page furniture is gone.

    Blocks are ATX headings, paragraphs, and list items ("- …" or "1. …"); a blank line stands
    between blocks except between items of one list. Tables become items, "cell — cell".
    """
    return render(without_furniture(parse(markdown), language))


def parse(markdown: str) -> tuple[Line, ...]:
    """Return the blocks of a Markdown document as lines of plain text."""
    found = (replace(line, text=_tidy(line.text)) for line in blocks(markdown))
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
