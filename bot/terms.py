"""The subject's words: lay words to the articles' words, and what may stand in for what.

The table is `bot/terms.yaml`; a content team extends it without touching code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.stems import plain, stems

TABLE = Path(__file__).with_name("terms.yaml")


class Term(BaseModel):
    """One row of the table: the articles' word, its class, and what people type for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    kind: str = Field(alias="class")
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A term found in a text; `start` and `end` are character offsets."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True)
class Terms:
    """The whole table, ready to be searched for in a text."""

    rows: tuple[Term, ...]

    @cached_property
    def _by_name(self) -> Mapping[str, Term]:
        return {plain(name): row for row in self.rows for name in (*row.also, row.term)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self._by_name, key=len, reverse=True)
        return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")

    def find(self, text: str) -> tuple[Mention, ...]:
        """All terms in the text, the longest where several overlap, in order."""
        return tuple(
            Mention(self._by_name[match[0]], match.start(), match.end())
            for match in self._pattern.finditer(plain(text))
        )

    @cached_property
    def _condition(self) -> re.Pattern[str]:
        rows = (row for row in self.rows if row.kind == "condition")
        names = sorted((n for row in rows for n in (row.term, *row.also)), key=len, reverse=True)
        return re.compile(
            r"\b(?:(?:with|of|for|from|in|about|against|has|have|having|got|your|my|a|the)\s+)*"
            r"(?:" + "|".join(map(re.escape, map(plain, names))) + r")(?:'s)?(?![\w-])"
        )

    def focus(self, text: str) -> str:
        """The text without the condition's name, which says the same of every question.

        Returns the text itself where no content word would be left, and where it is named twice:
        then the question is about its names.
        """
        rest, names = self._condition.subn(" ", plain(text))
        rest = re.sub(r"\s+", " ", rest).strip()
        return rest if names < 2 and stems(rest) else text

    def canonical(self, text: str) -> str:
        """The text in lower case with each term in the articles' word."""
        return self._pattern.sub(lambda match: self._by_name[match[0]].term, plain(text))


def load_terms(path: Path = TABLE) -> Terms:
    """Read the table.

    Raises:
        pydantic.ValidationError: A row lacks `term` or `class`, or holds an unknown key.
    """
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Terms(TypeAdapter(tuple[Term, ...]).validate_python(rows))
