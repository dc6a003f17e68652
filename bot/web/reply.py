"""An exchange as the HTML of two chat messages; every word of it passes through `plain`."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from urllib.parse import quote

from bot.settings import BotSettings
from bot.types import Answer, Article, Phone, SafetyWords, Source, Statement
from bot.web import texts
from bot.web.drawings import Drawing, Drawings
from bot.web.exchange import Exchange
from bot.web.markup import Shape, blocks, plain, prose
from bot.wire import safety_text

NO_DRAWINGS = Drawings()


def question(exchange: Exchange) -> str:
    """The visitor's message, exactly as typed."""
    return f'<div class="kw-said">{plain(exchange.user)}</div>'


def reply(
    exchange: Exchange,
    articles: Mapping[str, Article],
    settings: BotSettings,
    drawings: Drawings = NO_DRAWINGS,
) -> str:
    """What has come back so far: safety words, what was searched for, statements, sources.

    One line without line breaks: the chat window's Markdown parser then takes it as one HTML
    block and never reads the text inside.
    """
    busy = " kw-busy" if exchange.state == "answering" else ""
    parts = (
        safety(exchange, settings),
        _searched(exchange),
        _body(exchange, drawings),
        _ending(exchange, settings),
        _sources(exchange.sources, articles) if exchange.state != "answering" else "",
        _checked(exchange.answer) if exchange.state != "answering" else "",
    )
    return f'<div class="kw-reply kw-is-{exchange.kind}{busy}">{"".join(parts)}</div>'


def safety(exchange: Exchange, settings: BotSettings) -> str:
    """The hard-coded words in a frame of their own, red or amber, with numbers to tap."""
    if exchange.words is None:
        return ""
    look = "kw-alarm" if exchange.alarm else "kw-note"
    asked = f'<p class="kw-asked">{plain(exchange.asked)}</p>' if exchange.asked else ""
    # An appointment is for what can wait; whoever needs care today must not be sent to a form.
    booking = "" if exchange.alarm else _booking(settings)
    words = _words(exchange.words, booking, folded=exchange.reminder)
    return f'<section class="kw-safety {look}">{words}{asked}</section>'


def _booking(settings: BotSettings) -> str:
    clinic = settings.clinic
    if clinic.booking is None:
        return ""
    return (
        f'<p class="kw-book"><a href="{plain(clinic.booking)}"><b>Book an appointment</b>'
        f"<span>{plain(clinic.name)}, opens in a new tab</span></a></p>"
    )


def _words(shown: SafetyWords, booking: str, *, folded: bool) -> str:
    # The numbers stand under what to do now, so that a phone's screen shows both without scrolling.
    rest = "".join(f"<p>{plain(part)}</p>" for part in (shown.why, shown.avoid) if part)
    if shown.source:
        rest += f'<p class="kw-from">Source: {plain(shown.source)}</p>'
    if folded and rest:
        rest = f"<details><summary>Why</summary>{rest}</details>"
    return (
        '<h2><span class="kw-icon">!</span>'
        f'<span>{plain(shown.heading)}</span></h2><div class="kw-inside">'
        f'<p class="kw-now">{plain(shown.now)}</p>{_phones(shown.phones)}{booking}{rest}</div>'
    )


def _phones(phones: tuple[Phone, ...]) -> str:
    rows = "".join(
        f'<li><a href="tel:{_dial(phone.number)}"><b>Call {plain(phone.number)}</b>'
        f"<span>{plain(phone.label)}</span></a></li>"
        for phone in phones
    )
    return f'<ul class="kw-phones">{rows}</ul>' if rows else ""


def _dial(number: str) -> str:
    """The first number of "112 or 999", as a phone dials it."""
    first = re.match(r"[\s(]*[+0-9][0-9 ()../-]*", number.replace("(0)", ""))
    return re.sub(r"[^+0-9]", "", first[0]) if first else ""


def _searched(exchange: Exchange) -> str:
    """The reworded question, when it is not what the visitor wrote, to be edited and sent again."""
    searched = exchange.kind in ("answer", "refusal") and exchange.standalone
    if not searched or _same(exchange.standalone, exchange.user):
        return ""
    asked_for = f'<span class="kw-asked-for">{plain(exchange.standalone)}</span>'
    return (
        f'<p class="kw-searched">Searched for: {asked_for} '
        '<button class="kw-edit">Edit<span class="kw-hidden"> this question</span></button></p>'
    )


def _same(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", other.casefold())


def _body(exchange: Exchange, drawings: Drawings) -> str:
    known = {source.n: source for source in exchange.sources}
    answer = exchange.answer

    def number(n: int) -> str:
        return cite(n, known[n]) if n in known else plain(f"[{n}]")

    if exchange.statements:
        opening = prose(answer.opening if answer else exchange.opening, number)
        said = blocks(_pieces(exchange.statements, known, drawings))
        return opening + said + _closing(answer, number)
    if answer is None or (answer.kind == "red_flag" and exchange.words is not None):
        return ""
    return prose(_below(answer.text, exchange.words), number)


def _closing(answer: Answer | None, number: Callable[[int], str]) -> str:
    """What kind of source speaks, in the bot's own words."""
    if answer is None or not answer.closing:
        return ""
    return f'<div class="kw-from">{prose(f"Who says so: {answer.closing}.", number)}</div>'


def _pieces(
    statements: tuple[Statement, ...], known: Mapping[int, Source], drawings: Drawings
) -> Iterator[tuple[Shape, str]]:
    """Each statement with its numbers; a list from one source carries them once, on top.

    The drawing of an exercise stands above the first of its steps.
    """
    drawn = set()
    for cites, group in groupby(statements, key=lambda statement: statement.cites):
        run = list(group)
        listed = any(statement.block != "paragraph" for statement in run)
        numbers = "".join(cite(n, known[n]) for n in cites if n in known)
        headings = (known[n].section for n in cites if n in known)
        found = drawings.of_steps(next(headings, ""), (statement.text for statement in run))
        if found and found not in drawn:
            yield "paragraph", _drawing(found)
        drawn.add(found)
        for i, statement in enumerate(run):
            named = drawings.leading(statement.text) if statement.block == "item" else None
            words = _ended(statement.text, "" if listed and i else numbers)
            yield statement.block, (_drawing(named) if named and named != found else "") + words


def _drawing(drawing: Drawing) -> str:
    # An image, because the chat window's sanitizer lets no SVG through.
    path = f"../static/drawings/{quote(drawing.file)}"
    return f'<img class="kw-drawing" src="{plain(path)}" alt="{plain(drawing.alt)}">'


def _ended(text: str, numbers: str) -> str:
    """The numbers stay on the line of the last word."""
    head, _, last = text.rpartition(" ")
    if not numbers or len(last) > 24:
        return plain(text) + numbers
    return f'{plain(head)} <span class="kw-end">{plain(last)}{numbers}</span>'


def _below(text: str, shown: SafetyWords | None) -> str:
    """The text under the safety words, which it repeats at its top and we draw ourselves."""
    if shown is None:
        return text
    return text.removeprefix(safety_text(shown)).lstrip("\n")


def cite(n: int, source: Source) -> str:
    """A number that opens its article at the sentence, in the panel or as a page of its own."""
    return (
        f'<a class="cite" href="{plain(address(source))}">'
        f'<span class="kw-hidden">source </span>{n}</a>'
    )


def address(source: Source) -> str:
    """Where the source can be read, relative to the chat page, so that any prefix works."""
    place = f"from={source.start}&to={source.end}&n={source.n}"
    return f"../articles/{quote(source.article, safe='')}?{place}#cite"


def _ending(exchange: Exchange, settings: BotSettings) -> str:
    match exchange.state:
        case "answering" if not exchange.statements:
            return f'<p class="kw-wait">{texts.WAITING}<span class="kw-dots"></span></p>'
        case "stopped":
            return f'<p class="kw-stopped">{texts.STOPPED}</p>'
        case "gone":
            return f'<p class="kw-stopped">{texts.GONE}</p>'
        case "failed":
            return f'<p class="kw-failed">{plain(texts.failed(settings))}</p>'
        case _:
            return ""


def _sources(sources: tuple[Source, ...], articles: Mapping[str, Article]) -> str:
    """The articles behind the numbers: who says it, and when it was last reviewed."""
    if not sources:
        return ""
    order = {source.article: source.n for source in reversed(sources)}
    ordered = sorted(sources, key=lambda source: (order[source.article], source.n))
    rows = []
    for article, group in groupby(ordered, key=lambda source: source.article):
        cited = list(group)
        numbers = "".join(cite(source.n, source) for source in cited)
        who = f'<span class="kw-who">{plain(byline(articles.get(article)))}</span>'
        title = f'<span class="kw-title">{plain(cited[0].title)}</span>'
        rows.append(f"<li>{title} {numbers}{who}</li>")
    return f'<div class="kw-sources"><h3>Sources</h3><ul>{"".join(rows)}</ul></div>'


def _checked(answer: Answer | None) -> str:
    """By which version of the red-flag rules the message was checked."""
    if answer is None or not answer.rules:
        return ""
    return f'<p class="kw-rules">{texts.CHECKED} {plain(answer.rules)}</p>'


def byline(article: Article | None) -> str:
    """Who wrote an article and when it was reviewed, as far as the article says."""
    if article is None:
        return ""
    kind = texts.KINDS.get(article.kind or "", "No author named")
    parts = [article.author or kind, article.publisher]
    if article.reviewed:
        parts.append(f"reviewed {article.reviewed:%B %Y}")
    return " · ".join(part for part in parts if part)
