"""Where a key stands in a TOML file, so that an error can name its line."""

import re
from collections.abc import Sequence

_TABLE = re.compile(r"\s*\[(?!\[)([^\]]+)\]")
_ARRAY = re.compile(r"\s*\[\[([^\]]+)\]\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")

Path = tuple[str | int, ...]


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line (from 1) of a value, or of the nearest table above it; None where nothing fits.

    Args:
        text: The TOML file's text.
        place: Keys and list positions from the top, as pydantic's errors give them.
    """
    wanted = tuple(place)
    best: tuple[int, int] | None = None
    for number, found in _places(text):
        shared = found == wanted[: len(found)]
        if shared and (best is None or len(found) > best[0]):
            best = (len(found), number)
    return best[1] if best else None


def _places(text: str) -> list[tuple[int, Path]]:
    """Every table header and key with its full path."""
    table: Path = ()
    counts: dict[Path, int] = {}
    places: list[tuple[int, Path]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := _ARRAY.match(line):
            name = _names(match[1])
            counts[name] = counts.get(name, -1) + 1
            table = (*name, counts[name])
            places.append((number, table))
        elif match := _TABLE.match(line):
            table = _names(match[1])
            places.append((number, table))
        elif match := _KEY.match(line):
            places.append((number, (*table, *_names(match[1]))))
    return places


def _names(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
