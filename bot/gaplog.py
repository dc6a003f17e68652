"""The log of questions that went unanswered: one JSON line each, redacted before it is written.

It holds no address, no session and no time of day. Off unless the clinic switches it on; the web
layer writes it, `python -m evals gaps` reads it.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

Why = Literal["refused", "thumbs_down"]
WHYS: tuple[Why, ...] = ("refused", "thumbs_down")
LONGEST = 500
"""Characters of a message that are kept."""

_PRIVATE = (
    ("[email]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[link]", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("[handle]", re.compile(r"(?<!\w)@\w{2,}")),
    ("[date]", re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")),
    ("[postcode]", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")),
    ("[number]", re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().-]*\d){5,}(?!\w)")),
    (
        "[name]",
        re.compile(
            r"(?<=\bmy name is )[^\W\d_]+(?:[ -][A-Z][^\W\d_]+)*"
            r"|(?<=\bMy name is )[^\W\d_]+(?:[ -][A-Z][^\W\d_]+)*"
            r"|(?<=\bI'm )[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*"
            r"|(?<=\bI am )[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*"
            r"|(?<=\b[Dd]r )[A-Z][^\W\d_]+|(?<=\b[Dd]r\. )[A-Z][^\W\d_]+"
            r"|(?<=\bM[rs] )[A-Z][^\W\d_]+|(?<=\bMrs )[A-Z][^\W\d_]+"
        ),
    ),
)
"""What is taken out and the word put in its place."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One question that was refused or whose answer got a thumbs-down, already redacted.

    `day` is like 2026-11-21. `searched` is the question as it was searched for. `reason` is the
    reason of the refusal or of the thumbs-down, `generation` the index that answered.
    """

    day: str
    why: Why
    question: str
    searched: str = ""
    reason: str = ""
    generation: str = ""


def redact(text: str) -> str:
    """The text without what may name a person: addresses, numbers, links, dates, names as told.

    Rules cannot know every name; the log is off by default and is deleted after its retention.
    """
    for word, pattern in _PRIVATE:
        text = pattern.sub(word, text)
    return " ".join(text.split())[:LONGEST]


def line(gap: Gap) -> str:
    """A gap as one line of the log, with every free text redacted again."""
    record = asdict(gap)
    for key in ("question", "searched", "reason"):
        record[key] = redact(record[key])
    return json.dumps(record, ensure_ascii=False) + "\n"


def read_line(text: str) -> Gap:
    """A line of the log; keys that this version does not know are left out.

    Raises:
        ValueError: It is not JSON, or lacks `day`, `why` or `question`.
    """
    given: Any = json.loads(text)
    if not isinstance(given, dict) or not {"day", "why", "question"} <= given.keys():
        message = "a line needs 'day', 'why' and 'question'"
        raise ValueError(message)
    if given["why"] not in WHYS:
        message = f"'why' is '{given['why']}', should be one of {', '.join(WHYS)}"
        raise ValueError(message)
    return Gap(**{key: value for key, value in given.items() if key in Gap.__slots__})
