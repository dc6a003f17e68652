"""Lines -> lines without page furniture, by general rules (pure)."""

import re
from collections import Counter
from collections.abc import Sequence

from ingest.lines import Line

_LINK = re.compile(
    r"^(?:read (?:also|more|next)|also (?:read|check|see)|see also|you (?:may|might)(?: also)? like"
    r"|don['’]?t miss|recommended(?: reading)?|related(?: \w+)?)\s*:",
    re.IGNORECASE,
)
REPEATS = 3


def without_furniture(lines: Sequence[Line], language: str = "en") -> tuple[Line, ...]:
    """Return the lines that belong to the article."""
    seen = Counter(line.text.casefold() for line in lines)
    kept = [
        line
        for line in lines
        if not _LINK.match(line.text) and seen[line.text.casefold()] < REPEATS
    ]
    return tuple(kept)
