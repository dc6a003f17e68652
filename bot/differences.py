"""On what the articles differ in advice: a small table, checked against the corpus by a test."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.types import Source

TABLE = Path(__file__).with_name("differences.yaml")


class Difference(BaseModel):
    """One row: what differs, and for each side the beginnings of sentences that take it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    sides: tuple[tuple[str, ...], tuple[str, ...]]

    def numbers(self, sources: Sequence[Source]) -> tuple[tuple[int, ...], ...]:
        """For each side, the numbers of the sources that take it."""
        return tuple(
            tuple(s.n for s in sources if any(opening in s.quote for opening in side))
            for side in self.sides
        )


def load_differences(path: Path = TABLE) -> tuple[Difference, ...]:
    """Read the table.

    Raises:
        pydantic.ValidationError: A row lacks a key or has an unknown one.
    """
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Difference, ...]).validate_python(rows)


def differing(table: Sequence[Difference], sources: Sequence[Source]) -> tuple[str, str]:
    """What two of the sources differ on, with their numbers; two empty texts where nothing."""
    article = {source.n: source.article for source in sources}
    for row in table:
        one, other = row.numbers(sources)
        if one and other and {article[n] for n in one} != {article[n] for n in other}:
            shown = " and ".join("".join(f"[{n}]" for n in side) for side in (one, other))
            return row.topic, shown
    return "", ""
