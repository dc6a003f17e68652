"""What a red-flag rule is, and how its patterns are read."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.types import Level

Scope = Literal["one sentence", "sentence", "message", "conversation", "without"]
_HINT = "? "
_OPERATORS: dict[str, Scope] = {
    "+": "one sentence",
    "&": "sentence",
    "&&": "message",
    "&&&": "conversation",
    "!": "without",
}


@dataclass(frozen=True, slots=True)
class Half:
    """A half-met rule: what it looks for, and the one question that settles it.

    A concept that answers the question as well as a no does is its `cleared`; `denied` is how many
    of the rule's signs must be denied to answer it.
    """

    patterns: tuple[str, ...]
    question: str
    cleared: str = ""
    denied: int = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One red flag. `patterns` are alternatives; any of them that matches is a finding.

    A pattern is one or more rows of elements (see `bot.reading.concepts`) joined by `+` (same
    sentence and close by), `&` (same sentence or close by), `&&` (same message), `&&&` (same
    conversation) or `!` (and nowhere close by).
    One that begins with `?` is a hint: harmless messages often hold it too, so it is a finding only
    where the weights of the words or the second net lean the same way.
    `immune` are the kinds of context that never cancel this rule.
    """

    id: str
    level: Level
    looks_for: str
    patterns: tuple[str, ...]
    source: str
    now: str
    avoid: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    half: Half | None = None
    immune: tuple[str, ...] = ()

    @property
    def firm(self) -> tuple[str, ...]:
        """The patterns that are a finding by themselves."""
        return tuple(p for p in self.patterns if not p.startswith(_HINT))

    @property
    def hints(self) -> tuple[str, ...]:
        """The patterns that need the rest of the message to lean the same way."""
        return tuple(p.removeprefix(_HINT) for p in self.patterns if p.startswith(_HINT))


def in_terms(flag: str) -> tuple[str, ...]:
    """Patterns for a sign in physicians' terms, which the lexicon has as `<term_FLAG>`.

    It is a finding where somebody has it, a hint elsewhere, and neither where it is studied.
    """
    return f"? <term_{flag}> ! <of_books>", f"<term_{flag}> & <of_patient> ! <of_books>"


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a pattern and how it hangs on the rows before it."""

    scope: Scope
    source: str

    @property
    def row(self) -> str:
        """The name under which the grammar files this row's mentions."""
        return f"row:{self.source}"


def parts(pattern: str) -> tuple[Part, ...]:
    """The rows of a pattern, in order."""
    pieces = re.split(r"\s(\+|&{1,3}|!)\s", f" & {pattern}")[1:]
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return tuple(Part(_OPERATORS[operator], source.strip()) for operator, source in pairs)
