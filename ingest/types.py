"""What an ingest makes and a bot reads: articles, passages, sentences. Standard library only."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Block = Literal["paragraph", "item", "step"]


@dataclass(frozen=True, slots=True)
class Article:
    """One article after cleaning.

    `text` is Markdown in which each block (heading, paragraph, list item) is one line and
    inline markup is gone, so that any sentence is a plain slice of it.
    """

    id: str
    title: str
    text: str
    publisher: str | None = None
    author: str | None = None
    credentials: str | None = None
    kind: str | None = None
    reviewed: date | None = None
    review_by: date | None = None
    language: str = "en"
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `text == article.text[start:end]`, offsets in characters.

    `block` says what it stood in: running text, a bulleted item, or a numbered step. `lead` is
    the text of the line that introduces the list ("You can run if:"), empty outside lists.
    """

    text: str
    start: int
    end: int
    block: Block = "paragraph"
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of sentences under one heading, small enough to be read as one thought.

    `id` is `<article id>#<slug of the heading>` with `-2`, `-3` … where a heading recurs or its
    text was split by size. `section` is the heading as written; `path` all headings above and with
    it. `start` and `end` are character offsets in the article's text.
    """

    id: str
    article: str
    section: str
    path: tuple[str, ...]
    start: int
    end: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks under it, as character offsets in the article's text."""

    heading: str
    level: int
    path: tuple[str, ...]
    start: int
    end: int
