"""Plain text of web pages: find the headings and lists that lost their markup."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from ingest.formats.source import Front, decode, split_front
from ingest.furniture import is_repeated_caption

_BULLET = re.compile(r"^\s*[•◦▪‣●○∙·*–-]\s+(?P<text>\S.*)$")
_STEP = re.compile(r"^\s*(?P<number>\d{1,3})(?:\.\)|[.)])\s+(?P<text>\S.*)$")
_ROW = re.compile(r"^\|.*\|$")
_RULE = re.compile(r"^\|[\s|:-]+\|$")
_COUNTED = re.compile(r"^\s*(?:reason|step|tip|cause|myth|part|phase|stage)s?\s*#?\s*\d+\b", re.I)
_MARKUP = re.compile(r"([\\`*_\[\]<>&#|~])")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """
    a an and as at but by for from if in into is it nor of off on or over per the to up via vs
    with without your
""",
    )
)
MAX_HEADING_WORDS = 14
MAX_PLAIN_HEADING_WORDS = 10


def read(data: bytes) -> tuple[Front, str]:
    """Return front matter (if any) and the text as Markdown: headings, lists, paragraphs.

    Raises:
        ValueError: the bytes are no text.
    """
    front, body = split_front(decode(data))
    return front, to_markdown(body)


def to_markdown(text: str) -> str:
    """Mark up plain text; each line is a block of its own unless the text is hard-wrapped."""
    lines = [" ".join(line.split()) for line in _unwrap(text.split("\n"))]
    filled = list(_without_table_heads([line for line in lines if line]))
    times = Counter(line.casefold() for line in filled)
    blocks: list[str] = []
    for position, line in enumerate(filled):
        before = filled[position - 1] if position else ""
        after = filled[position + 1] if position + 1 < len(filled) else ""
        caption = is_repeated_caption(line, times[line.casefold()])
        blocks.append(_escape(line) if caption else _block(line, before, after))
    return "\n\n".join(blocks) + "\n"


def _without_table_heads(lines: list[str]) -> Iterator[str]:
    """Yield lines without a table's header and rule: rows become items, "cell — cell"."""
    for line, after in pairwise([*lines, ""]):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not _ROW.match(line):
            yield line
        elif not _RULE.match(line) and not _RULE.match(after):
            yield f"• {' — '.join(filter(None, cells))}"


def _unwrap(lines: list[str]) -> list[str]:
    """Join hard-wrapped lines: long stretches of lines of about the same, narrow width."""
    inner = [len(a) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(inner) < 4 or max(map(len, lines)) > 100 or median(inner) < 55:
        return lines
    joined: list[str] = []
    for line in lines:
        starts_block = not line.strip() or _BULLET.match(line) or _STEP.match(line)
        if joined and joined[-1].strip() and not starts_block:
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
    return joined


def _block(line: str, before: str, after: str) -> str:
    bullet, step = _BULLET.match(line), _STEP.match(line)
    if bullet:
        return f"- {_escape(bullet['text'])}"
    if step and (_is_listed(before) or not _heads_prose(step["text"], after)):
        return f"{step['number']}. {_escape(step['text'])}"
    if step:
        return f"### {_escape(step['text'])}"
    if is_heading(line, after):
        return f"## {_escape(line.rstrip(':'))}"
    return _escape(line)


def _heads_prose(text: str, after: str) -> bool:
    """Whether a numbered line is a heading: short, open-ended, and prose follows it."""
    return len(text.split()) <= MAX_HEADING_WORDS and not _ends(text) and _is_prose(after)


def is_heading(line: str, after: str) -> bool:
    """Whether a line of plain text is a heading, judged by itself and the line after it.

    A heading is short, opens with a capital or a digit, has no closing punctuation, and something
    follows it: prose, a list, or another heading. Counted lines ("Reason #1 …"), questions,
    capitals and Title Case may be longer than plain ones.
    """
    words = line.split()
    if not after or len(words) > MAX_HEADING_WORDS or not re.match(r"[\"“‘(]?[A-Z0-9#]", line):
        return False
    if line.endswith(":"):
        return is_title_case(words) and len(words) <= 4 and _is_prose(after)
    if line.endswith("?"):
        return len(re.findall(r"[.!?]", line)) == 1
    if _ends(line) or "@" in line:
        return False
    if _COUNTED.match(line) or is_title_case(words) or line.isupper():
        return True
    return len(words) <= MAX_PLAIN_HEADING_WORDS and _is_followed(after)


def _is_followed(after: str) -> bool:
    """Whether what comes next can stand under a heading: prose, a list, or a heading."""
    open_title = not _ends(after) and is_title_case(after.split())
    return _is_prose(after) or _is_listed(after) or open_title


def _is_listed(line: str) -> bool:
    return bool(_BULLET.match(line) or _STEP.match(line))


def is_title_case(words: list[str]) -> bool:
    """Whether all words but small ones begin with a capital; numbers and signs count as such."""
    if not words:
        return False
    lower = [w for w in words[1:] if w[:1].islower() and w.strip("“”\"'(),").lower() not in _SMALL]
    return not lower and any(w[:1].isupper() for w in words)


def _ends(line: str) -> bool:
    return line.rstrip("”\"')’").endswith((".", "!", "?", ":", ";", ",", "…"))


def _is_prose(line: str) -> bool:
    words = len(line.split())
    return not _is_listed(line) and (words > MAX_HEADING_WORDS or (words > 5 and _ends(line)))


def _escape(line: str) -> str:
    return _MARKUP.sub(r"\\\1", line)
