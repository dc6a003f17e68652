"""What an ingest has to do: the old manifest against the files found (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """A file that holds an article: its id, its place, and the SHA-256 of its bytes."""

    id: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Sources to keep as they are, to add, and to read again; ids to drop."""

    keep: tuple[Source, ...]
    add: tuple[Source, ...]
    change: tuple[Source, ...]
    drop: tuple[str, ...]


def plan(
    old: Mapping[str, str], sources: Iterable[Source], *, protected: Iterable[str] = ()
) -> Plan:
    """Compare what is indexed with what was found.

    Args:
        old: SHA-256 of the file each indexed article was read from, by article id.
        sources: the readable files found now, ids unique.
        protected: ids whose file exists but cannot be read: never dropped.
    """
    found = {source.id: source for source in sources}
    return Plan(
        keep=tuple(s for i, s in found.items() if old.get(i) == s.sha256),
        add=tuple(s for i, s in found.items() if i not in old),
        change=tuple(s for i, s in found.items() if i in old and old[i] != s.sha256),
        drop=tuple(i for i in old if i not in found and i not in set(protected)),
    )
