"""The articles as JSON: who wrote them, and the section around a cited sentence."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.types import Article
from bot.web.markup import Line
from bot.web.problems import MISSING
from bot.web.reading import Mark, under

Record = dict[str, Any]


def listed(articles: Mapping[str, Article]) -> list[Record]:
    """All articles, without their text."""
    return [about(article) for article in articles.values()]


def about(article: Article) -> Record:
    """Who says it, as far as the article tells; `url` is relative to the server."""
    keys = ("id", "title", "author", "credentials", "publisher", "kind", "language")
    return {
        **{key: getattr(article, key) for key in keys},
        "reviewed": article.reviewed.isoformat() if article.reviewed else None,
        "review_by": article.review_by.isoformat() if article.review_by else None,
        "url": f"/articles/{quote(article.id, safe='')}",
    }


def passage(articles: Mapping[str, Article], name: str, mark: Mark) -> Record:
    """The section around the mark: blocks of text, the marked part as characters of each block.

    Raises:
        Problem: 404, no such article or no such place in it.
    """
    article = articles.get(name)
    if article is None or not mark.start < mark.end <= len(article.text):
        raise MISSING
    over, found = under(article, mark)
    section = article.text[over.start : over.end] if over else ""
    blocks = [_block(article, line, mark) for line in found]
    return {**about(article), "section": section, "blocks": blocks}


def _block(article: Article, line: Line, mark: Mark) -> Record:
    start, end = max(mark.start, line.start), min(mark.end, line.end)
    marked = [start - line.start, end - line.start] if start < end else None
    text = article.text[line.start : line.end]
    return {"block": line.shape, "number": line.number, "text": text, "mark": marked}
