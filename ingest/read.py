"""Paths -> sources -> articles: which files there are, and what each one says."""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.clean import clean
from ingest.errors import UnreadableArticle
from ingest.formats import html, markdown, text
from ingest.formats.source import Front
from ingest.plan import Source
from ingest.split import slug
from ingest.types import Article

READERS: dict[str, Callable[[bytes], tuple[Front, str]]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": text.read,
    ".html": html.read,
    ".htm": html.read,
}

_HEADING = re.compile(r"#{1,6} (.+)")
TITLE_WORDS = 14


class _FrontMatter(BaseModel):
    """The keys an article may carry between its `---` lines; all are optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    credentials: str | None = None
    kind: str | None = None
    reviewed: date | None = None
    review_by: date | None = None
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")
    origin: str | None = None


def find(paths: Iterable[Path]) -> tuple[tuple[Source, ...], tuple[UnreadableArticle, ...]]:
    """Return the files that can hold articles, and why others named here cannot.

    Folders are walked, in order of names; in them, files of other formats and hidden files are
    passed over. Of two files with the same id the second is a failure.

    Raises:
        FileNotFoundError: a path does not exist.
    """
    sources: dict[str, Source] = {}
    failed: list[UnreadableArticle] = []
    for path in dict.fromkeys(file for given in paths for file in _files(given)):
        try:
            source = _source(path)
            if source.id in sources:
                first = sources[source.id].path
                raise UnreadableArticle(path, f"same id '{source.id}' as '{first}'; rename it")
            sources[source.id] = source
        except UnreadableArticle as error:
            failed.append(error)
    return tuple(sources.values()), tuple(failed)


def article_id(path: Path) -> str:
    """Return the id of the article in a file: the slug of the file's name without its suffix."""
    return slug(path.stem) or "article"


def read(source: Source) -> Article:
    """Read and clean one article.

    Raises:
        UnreadableArticle: it cannot be decoded or parsed, its front matter is wrong, it is empty.
    """
    try:
        data = source.path.read_bytes()
        raw, body = READERS[source.path.suffix.lower()](data)
        front = _FrontMatter(**raw)
    except OSError as error:
        raise UnreadableArticle(source.path, error.strerror or str(error)) from None
    except ValidationError as error:
        raise UnreadableArticle(source.path, _explain(error)) from None
    except (ValueError, TypeError) as error:
        raise UnreadableArticle(source.path, str(error)) from None
    cleaned = clean(body, front.language)
    if not _has_prose(cleaned):
        raise UnreadableArticle(source.path, "empty: no sentence in it")
    title = front.title or _title(cleaned, source.path)
    return Article(id=source.id, text=cleaned, **{**front.model_dump(), "title": title})


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise FileNotFoundError(f"No file or folder '{path}'.")
    if not path.is_dir():
        return [path]
    return [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in READERS
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
    ]


def _source(path: Path) -> Source:
    if path.suffix.lower() not in READERS:
        known = ", ".join(READERS)
        raise UnreadableArticle(path, f"unknown format '{path.suffix}'; known are {known}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableArticle(path, error.strerror or str(error)) from None
    return Source(article_id(path), path, hashlib.sha256(data).hexdigest())


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    key, value = ".".join(map(str, first["loc"])), first["input"]
    if first["type"] == "extra_forbidden":
        known = ", ".join(_FrontMatter.model_fields)
        return f"front matter key '{key}' ({value!r}) is unknown; known are {known}"
    dates = {"reviewed", "review_by"}
    reason = "not a date like 2024-06-30" if key in dates else first["msg"]
    return f"front matter key '{key}' has value {value!r}: {reason}"


def _has_prose(text: str) -> bool:
    return any(line and not line.startswith("#") for line in text.splitlines())


def _title(text: str, path: Path) -> str:
    """Return the heading or short line the text opens with; else the file's name in words."""
    first = text.splitlines()[0]
    heading = _HEADING.fullmatch(first)
    if heading:
        return heading[1]
    if len(first.split()) <= TITLE_WORDS:
        return first
    return re.sub(r"[-_]+", " ", path.stem)
