"""The articles as plain pages that can be linked and printed, and one section for the panel."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from bot.bot import Bot
from bot.settings import BotSettings
from bot.types import Article
from bot.web import texts
from bot.web.drawings import Drawings
from bot.web.reading import Mark, heading, reading, section

TEMPLATES = Path(__file__).parent / "templates"
MARK = '<span class="kw-mark"></span>'
Clock = Callable[[], date]


def today() -> date:
    """The date in UTC."""
    return datetime.now(UTC).date()


def article_routes(bot: Bot, settings: BotSettings, clock: Clock = today) -> APIRouter:
    """`/articles`, `/articles/<id>` and `/articles/<id>/passage`."""
    routes = APIRouter(default_response_class=HTMLResponse)
    pages = Pages(settings.clinic.name, logo=settings.clinic.logo is not None)

    @routes.get("/articles")
    def index() -> HTMLResponse:
        return pages.index(bot.articles.values(), clock())

    @routes.get("/articles/{name}")
    def whole(
        name: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
    ) -> HTMLResponse:
        article = bot.articles.get(name)
        if article is None:
            return pages.missing()
        return pages.article(article, _mark(article, start, end), clock())

    @routes.get("/articles/{name}/passage")
    def passage(
        name: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
    ) -> HTMLResponse:
        article = bot.articles.get(name)
        if article is None:
            return pages.missing()
        return pages.passage(article, _mark(article, start, end), clock())

    return routes


def _mark(article: Article, start: str, end: str) -> Mark | None:
    """The sentence of `?from=…&to=…`; anything that is not a place in the text marks nothing."""
    if not (start.isdecimal() and end.isdecimal() and len(start) < 10 and len(end) < 10):
        return None
    mark = Mark(int(start), int(end))
    return mark if mark.start < mark.end <= len(article.text) else None


class Pages:
    """HTML from articles: a frame from `templates/`, and nothing unescaped in it."""

    def __init__(self, name: str, *, logo: bool) -> None:
        """Read the frame once; name and logo are the clinic's."""
        self.name, self.logo = name, logo
        self.drawings = Drawings.load()
        self.frame = Template((TEMPLATES / "article.html").read_text(encoding="utf-8"))

    def index(self, articles: Iterable[Article], now: date) -> HTMLResponse:
        """All articles, with who wrote them."""
        rows = "".join(
            f'<li><a href="articles/{quote(article.id, safe="")}">{escape(article.title)}</a>'
            f"{about(article, now)}</li>"
            for article in articles
        )
        body = f'<h1>The articles</h1><ul class="kw-index">{rows}</ul>'
        return self._framed("The articles", body, root="")

    def article(self, article: Article, mark: Mark | None, now: date) -> HTMLResponse:
        """The whole article."""
        head = f"<h1>{escape(article.title)}</h1>{about(article, now)}"
        text = reading(article, mark, self.drawings)
        body = f'<article lang="{escape(article.language)}">{head}{text}</article>'
        return self._framed(article.title, body, root="../")

    def passage(self, article: Article, mark: Mark | None, now: date) -> HTMLResponse:
        """One section of the article, as a fragment for the panel."""
        title = f'<h2 id="kw-panel-title" tabindex="-1">{escape(article.title)}</h2>'
        part = section(article, mark, self.drawings)
        over = heading(article, mark)
        above = f'<p class="kw-section">{escape(over)}</p>' if over else ""
        return HTMLResponse(
            f"{title}{about(article, now)}"
            f'<div class="kw-passage" lang="{escape(article.language)}">{above}{part}</div>'
        )

    def missing(self) -> HTMLResponse:
        """There is no such article (any more)."""
        body = (
            "<h1>Article not found</h1><p>There is no article at this address. It may have been "
            'replaced by a newer one: see <a href="../articles">all articles</a>.</p>'
        )
        return self._framed("Article not found", body, root="../", status=404)

    def _framed(self, title: str, body: str, root: str, status: int = 200) -> HTMLResponse:
        html = self.frame.substitute(
            title=escape(title),
            name=escape(self.name),
            mark=f'<img src="{root}widget-logo" alt="">' if self.logo else MARK,
            notice=texts.NOTICE,
            limits=texts.LIMITS,
            body=body,
            root=root,
        )
        return HTMLResponse(html, status)


def about(article: Article, now: date) -> str:
    """Who says it: author, qualification, publisher, kind and age, as far as the article tells."""
    who = ", ".join(part for part in (article.author, article.credentials) if part)
    rows = [who or "No author named", article.publisher or ""]
    rows.append(texts.KINDS.get(article.kind or "", article.kind or ""))
    rows.append(
        f"Reviewed {_day(article.reviewed)}" if article.reviewed else "No review date given"
    )
    lines = "".join(f"<li>{escape(row)}</li>" for row in rows if row)
    late = ""
    if article.review_by and article.review_by < now:
        late = (
            '<p class="kw-late">Its next review was due by '
            f"{_day(article.review_by)}; newer advice may differ.</p>"
        )
    return f'<ul class="kw-about">{lines}</ul>{late}'


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
