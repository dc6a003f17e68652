"""Closed lists of words, kept as data beside the lexicon."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "lexicon" / "lists.txt"


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    name = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif not line.startswith("# "):
            words = (word.replace("\\n", "\n") for word in line.split())
            found[name] = found.get(name, frozenset()) | frozenset(words)
    return found


def words_in(name: str) -> frozenset[str]:
    """The words of one list."""
    return _lists()[name]
