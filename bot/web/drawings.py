"""Which drawing belongs to which words: exercises and stretches, shown beside their steps.

A drawing is shown where the text tells how an exercise is done (its heading names the exercise) and
where a list names exercises one by one; never where one is only mentioned.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

FOLDER = Path(__file__).parent / "static" / "drawings"
_WORD = re.compile(r"\w+")
_FILLERS = {"the", "a", "an", "do", "some"}


class Drawing(BaseModel):
    """One entry of `index.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    term: str
    also: tuple[str, ...] = ()
    alt: str


@dataclass(frozen=True)
class Drawings:
    """The drawings there are, found by the words of a text."""

    drawings: tuple[Drawing, ...] = ()
    folder: Path = FOLDER

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Drawings":
        """Those of the folder's `index.yaml`; none where there is no such file.

        Raises:
            pydantic.ValidationError: An entry lacks a key or has an unknown one.
        """
        index = folder / "index.yaml"
        if not index.is_file():
            return cls((), folder)
        found = yaml.safe_load(index.read_text(encoding="utf-8"))
        return cls(TypeAdapter(tuple[Drawing, ...]).validate_python(found), folder)

    @cached_property
    def _names(self) -> tuple[tuple[tuple[str, ...], Drawing], ...]:
        """Each name as words, with its drawing; longer names first, as they say more."""
        pairs = ((_words(name), d) for d in self.drawings for name in (d.term, *d.also))
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))

    def named(self, text: str) -> Drawing | None:
        """The drawing of the exercise that is named anywhere in the text."""
        words = _words(text)
        return next((drawing for name, drawing in self._names if _within(name, words)), None)

    def leading(self, text: str) -> Drawing | None:
        """The drawing of the exercise whose name the text begins with."""
        words = _words(text)
        starts = (drawing for name, drawing in self._names if words[: len(name)] == name)
        return next(starts, None)

    def of_steps(self, heading: str, texts: Iterable[str]) -> Drawing | None:
        """The drawing of the exercise of a heading, if the texts under it tell how it is done."""
        drawing = self.named(heading)
        return drawing if drawing and any(self.named(text) == drawing for text in texts) else None

    def inline(self, drawing: Drawing) -> str:
        """The drawing in a page of ours, in the colours of the page."""
        svg = (self.folder / drawing.file).read_text(encoding="utf-8").strip()
        label = f'<svg role="img" aria-label="{escape(drawing.alt)}" '
        return f'<div class="kw-drawing">{svg.replace("<svg ", label, 1)}</div>'


def _words(text: str) -> tuple[str, ...]:
    """Words in lower case and the singular, so that "leg lifts" is "leg lift"."""
    words = tuple(word.removesuffix("s") for word in _WORD.findall(text.casefold()))
    return words[1:] if words and words[0] in _FILLERS else words


def _within(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(name)] == name for i in range(len(words) - len(name) + 1))
