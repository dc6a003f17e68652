"""The bot's own words around what it quotes: a direct first line, and what kind of source speaks.

Every line is a fixed phrase without facts, or repeats a figure that stands in the quote it cites.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot import wording
from bot.differences import Difference, differing
from bot.question import kind_of
from bot.terms import Terms
from bot.types import Search, Source, Statement
from bot.verdict import Verdicts
from ingest.types import Article

_NUMBER = r"\d+(?:\.\d+)?(?:\s*[-–]\s*\d+(?:\.\d+)?)?"
_FIGURE = re.compile(
    r"(?:(?:at least|at most|up to|as long as|about|almost|within|more than|less than|only)\s+)?"
    rf"{_NUMBER}[\s-]+(?P<unit>second|minute|hour|day|week|month|time|rep|set|mile|km)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The line above what is quoted and the line below; empty where there is nothing to say."""

    opening: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Framer:
    """Words an answer; `today` decides which sources are past their review date."""

    terms: Terms
    articles: Mapping[str, Article]
    today: date
    differences: Sequence[Difference] = ()

    def frame(
        self, search: Search, statements: Sequence[Statement], sources: Sequence[Source]
    ) -> Frame:
        """The lines for an answer."""
        verdict = Verdicts(self.terms).line(search.standalone, statements[0].text)
        opening = verdict if verdict in _OBJECTS else ""
        opening = opening or self._differ(search, statements, sources) or self._disputed(sources)
        opening = opening or verdict
        return Frame(opening, self._evidence(sources))

    def _differ(
        self, search: Search, statements: Sequence[Statement], sources: Sequence[Source]
    ) -> str:
        """Both figures with both sources, where articles give different ones for the same."""
        kind = kind_of(search.standalone)
        measured = kind is not None and kind.name in ("long", "often", "amount")
        if not measured and not _FIGURE.search(search.standalone):
            return ""
        article = {source.n: source.article for source in sources}
        given = [(s, match) for s in statements if (match := _FIGURE.search(s.text))]
        shown = given[:1]
        for one in given[1:]:
            if all(self._disagree(other, one, article) for other in shown):
                shown.append(one)
        figures = "; ".join(f"{match[0]} [{s.cites[0]}]" for s, match in shown)
        return wording.DIFFER.format(figures=figures) if len(shown) > 1 else ""

    def _disputed(self, sources: Sequence[Source]) -> str:
        """What the quoted articles give different advice on, by the table of differences."""
        topic, numbers = differing(self.differences, sources)
        return wording.DIFFER_ON.format(topic=topic, sources=numbers) if topic else ""

    def _disagree(
        self,
        one: tuple[Statement, re.Match[str]],
        other: tuple[Statement, re.Match[str]],
        article: Mapping[int, str],
    ) -> bool:
        """Whether two articles give a different figure in the same unit for the same thing."""
        (a, found), (b, against) = one, other
        topics = [{m.term.term for m in self.terms.find(s.text)} - _GENERAL for s in (a, b)]
        return (
            article[a.cites[0]] != article[b.cites[0]]
            and found["unit"].lower() == against["unit"].lower()
            and not _digits(against[0]) <= _digits(found[0])
            and bool(topics[0] & topics[1])
        )

    def _evidence(self, sources: Sequence[Source]) -> str:
        """Which numbers are a clinician's, a coach's, one person's own, or past their review."""
        marks: dict[str, list[int]] = {}
        for source in sources:
            for mark in self._marks(source):
                marks.setdefault(mark, []).append(source.n)
        return "; ".join(
            f"{''.join(f'[{n}]' for n in numbers)} {mark}" for mark, numbers in marks.items()
        )

    def _marks(self, source: Source) -> Sequence[str]:
        article = self.articles[source.article]
        personal = _PERSONAL.search(source.quote) is not None
        mark = wording.PERSONAL if personal else wording.EVIDENCE.get(article.kind or "", "")
        late = article.review_by is not None and article.review_by < self.today
        return [m for m in (mark, wording.LATE.format(day=article.review_by) if late else "") if m]


_OBJECTS = (wording.AGAINST, wording.OTHERWISE)
"""Lines that come before figures that differ: a wrong premise is met first."""
_GENERAL = frozenset({"patellofemoral pain", "kneecap", "running"})
_PERSONAL = re.compile(
    r"\b(without|no formal) medical training\b|\bperson who tells of curing\b|\bOne person\b"
)


def _digits(figure: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:\.\d+)?", figure))
