"""What can go wrong with articles and indexes, classed by what the caller does about it."""

from pathlib import Path


class IngestError(Exception):
    """Any failure of ingest or index that has a clear remedy; the message names it."""


class UnreadableArticle(IngestError):  # noqa: N818 - the house's name for it
    """One article cannot be read; the others go on and its last good version stays."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class IndexMissing(IngestError):  # noqa: N818 - the house's name for it
    """There is no usable index at the path; an ingest makes one."""


class IndexMismatch(IngestError):  # noqa: N818 - the house's name for it
    """The index was built with other settings, or its files do not match its manifest."""


class IndexBusy(IngestError):  # noqa: N818 - the house's name for it
    """Another ingest is writing to the same index."""


class ModelMismatch(IngestError):  # noqa: N818 - named like its siblings
    """The embedding model's weights are not the published ones."""
