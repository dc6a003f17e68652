"""What a generation holds, and its JSON files: a reader of the index never needs the splitter."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.split import search_text
from ingest.types import Article, Passage, Sentence

_DATES = ("reviewed", "review_by")


_ARTICLES = "articles.json"
_PASSAGES = "passages.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence in the index: the passage's id and the sentence's number in it, from 0."""

    passage: str
    index: int


@dataclass(frozen=True, slots=True)
class Content:
    """Articles and their passages, by id, in reading order."""

    articles: Mapping[str, Article]
    passages: Mapping[str, Passage]

    def rows(self) -> tuple[Row, ...]:
        """Return a row for each sentence."""
        return tuple(
            Row(name, number)
            for name, passage in self.passages.items()
            for number in range(len(passage.sentences))
        )

    def texts(self) -> list[str]:
        """Return what is embedded and searched, a text for each row."""
        return [
            search_text(self.articles[passage.article], passage, sentence)
            for passage in self.passages.values()
            for sentence in passage.sentences
        ]

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and sentences there are."""
        sentences = sum(len(passage.sentences) for passage in self.passages.values())
        return {
            "articles": len(self.articles),
            "passages": len(self.passages),
            "sentences": sentences,
        }

    def in_order(self) -> "Content":
        """Return the same with articles by id and passages by place."""
        articles = dict(sorted(self.articles.items()))
        passages = sorted(self.passages.items(), key=lambda pair: (pair[1].article, pair[1].start))
        return Content(articles, dict(passages))


def save_content(folder: Path, content: Content) -> None:
    """Write a generation's articles and passages."""
    _write(folder / _ARTICLES, {name: asdict(made) for name, made in content.articles.items()})
    _write(folder / _PASSAGES, {name: asdict(made) for name, made in content.passages.items()})


def load_content(folder: Path) -> Content:
    """Read a generation's articles and passages."""
    return Content(
        {name: _article(record) for name, record in _read(folder / _ARTICLES).items()},
        {name: _passage(record) for name, record in _read(folder / _PASSAGES).items()},
    )


def _article(record: dict[str, Any]) -> Article:
    dates = {key: date.fromisoformat(record[key]) if record[key] else None for key in _DATES}
    return Article(**{**record, **dates})


def _passage(record: dict[str, Any]) -> Passage:
    sentences = tuple(Sentence(**sentence) for sentence in record["sentences"])
    return Passage(**{**record, "path": tuple(record["path"]), "sentences": sentences})


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, default=str), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value
