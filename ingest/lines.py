"""A block of a document on its way through the cleaner (stdlib only)."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "step"]


@dataclass(frozen=True, slots=True)
class Line:
    """One block as one line of plain text.

    `level` is a heading's level (1–6), a step's number, and 0 for the rest.
    """

    kind: Kind
    text: str
    level: int = 0

    @property
    def is_listed(self) -> bool:
        """Whether the line stands in a list."""
        return self.kind in {"item", "step"}
