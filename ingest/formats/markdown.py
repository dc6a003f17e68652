"""Markdown files: nothing to convert, only decode and take the front matter off."""

from ingest.formats.source import Front, decode, split_front


def read(data: bytes) -> tuple[Front, str]:
    """Return the front matter and the Markdown below it; raises ValueError as `decode` does."""
    return split_front(decode(data))
