"""An article's text as HTML: headings, paragraphs and lists, with the cited sentence marked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from bot.types import Article
from bot.web.drawings import Drawings
from bot.web.markup import Line, lines

NO_DRAWINGS = Drawings()
OPENS = {"item": "<ul>", "step": "<ol>"}
CLOSES = {"item": "</ul>", "step": "</ol>"}


@dataclass(frozen=True, slots=True)
class Mark:
    """The cited sentence, as characters of the article's text."""

    start: int
    end: int


def reading(article: Article, mark: Mark | None, drawings: Drawings = NO_DRAWINGS) -> str:
    """The whole text, except a first heading that only repeats the title."""
    found = list(lines(article.text))
    first = found[0] if found else None
    if first and first.shape == "heading" and _words(article, first) == article.title:
        found = found[1:]
    html = ""
    for over, below in _sections(found):
        html += _html(article, [over], mark, drawings) if over else ""
        html += _steps(article, over, below, drawings) + _html(article, below, mark, drawings)
    return html


def section(article: Article, mark: Mark | None, drawings: Drawings = NO_DRAWINGS) -> str:
    """The blocks under the heading above the mark; without a mark, those of the first section."""
    over, below = under(article, mark)
    return _steps(article, over, below, drawings) + _html(article, below, mark, drawings)


def _sections(found: Iterable[Line]) -> Iterator[tuple[Line | None, list[Line]]]:
    """Each heading with the lines under it; None above the first one."""
    over: Line | None = None
    below: list[Line] = []
    for line in found:
        if line.shape == "heading":
            yield over, below
            over, below = line, []
        else:
            below.append(line)
    yield over, below


def _steps(article: Article, over: Line | None, below: Iterable[Line], drawings: Drawings) -> str:
    """The drawing of the exercise that a section is about."""
    texts = (_words(article, line) for line in below)
    found = drawings.of_steps(_words(article, over), texts) if over else None
    return drawings.inline(found) if found else ""


def heading(article: Article, mark: Mark | None) -> str:
    """The heading above the mark, empty where there is none."""
    over = under(article, mark)[0]
    return _words(article, over) if over else ""


def under(article: Article, mark: Mark | None) -> tuple[Line | None, list[Line]]:
    """The nearest heading before the mark, and what stands under it."""
    over: Line | None = None
    under: list[Line] = []
    for line in lines(article.text):
        if line.shape != "heading":
            under.append(line)
        elif under and (mark is None or line.start > mark.start):
            break
        else:
            over, under = line, []
    return over, under


def _words(article: Article, line: Line) -> str:
    return article.text[line.start : line.end]


def _html(article: Article, found: Iterable[Line], mark: Mark | None, drawings: Drawings) -> str:
    out = []
    for shape, group in groupby(found, key=lambda line: line.shape):
        out.append(OPENS.get(shape, ""))
        out.extend(_block(article, line, mark, drawings) for line in group)
        out.append(CLOSES.get(shape, ""))
    return "".join(out)


def _block(article: Article, line: Line, mark: Mark | None, drawings: Drawings) -> str:
    inside = _marked(article.text, line, mark)
    match line.shape:
        case "heading":
            level = min(max(line.number, 2), 6)
            return f"<h{level}>{inside}</h{level}>"
        case "step":
            return f'<li value="{line.number}">{inside}</li>'
        case "item":
            named = drawings.leading(_words(article, line))
            return f"<li>{drawings.inline(named) if named else ''}{inside}</li>"
        case _:
            return f"<p>{inside}</p>"


def _marked(text: str, line: Line, mark: Mark | None) -> str:
    if mark is None or mark.end <= line.start or line.end <= mark.start:
        return escape(text[line.start : line.end])
    start, end = max(mark.start, line.start), min(mark.end, line.end)
    anchor = ' id="cite"' if mark.start >= line.start else ""
    return (
        f"{escape(text[line.start : start])}<mark{anchor}>"
        f'<span class="kw-hidden">Cited: </span>{escape(text[start:end])}</mark>'
        f"{escape(text[end : line.end])}"
    )
