"""Check the articles themselves: dates, figures that differ, sentences, repeats, grade, coverage.

A finding is something to look at, not an error: articles may differ with good reason.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, groupby
from math import fsum

from bot.settings import SettingsError
from bot.stems import Figure, figures, stems
from bot.terms import Terms, load_terms
from evals.ask import Embed
from evals.cases import Case, CasesError, load_cases
from evals.metrics import reading_grade
from evals.run import add_case_arguments, build
from evals.texts import Line, lines
from ingest.errors import IngestError
from ingest.types import Article

OLDEST = timedelta(days=3 * 365)
"""A review older than this is stale where no date to review by is given."""
NEAR, VERY_NEAR = 0.5, 0.7
"""Least cosine of two sentences on the same thing: with a term in common, and without. On the five
articles this finds the warm-up's length, the time to recover and how often to exercise."""
ALIKE = 0.85
LEAST_WORDS = 5
HARDEST = 9.0
"""Highest reading grade of a section: plain English for the public is grade 7 to 9."""

_LEANS = re.compile(
    r"(it|its|it's|they|them|their|this|that|these|those|he|she|his|her|however|therefore|otherwise"
    r"|then|also|instead(?! of)|besides|moreover|and|but|or|so)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(as (mentioned|described|noted)|(see|mentioned|listed) (above|below)|the (above|following)"
    r"|the (former|latter)|in this (article|section|video)|the next (section|paragraph)|click here"
    r"|read on)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: which check, where, what stands there, and why it is named."""

    check: str
    article: str
    section: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is checked: the articles, the cases that ask about them, and today's date."""

    articles: Mapping[str, Article]
    cases: Sequence[Case]
    terms: Terms
    embed: Embed
    today: date

    @property
    def lines(self) -> list[Line]:
        """All sentences of all articles."""
        return [line for article in self.articles.values() for line in lines(article)]


def inspect(content: Content) -> tuple[Finding, ...]:
    """Every finding of every check."""
    return tuple(finding for check in CHECKS for finding in check(content))


def review_dates(content: Content) -> Iterator[Finding]:
    """Articles whose review is missing, overdue or old."""
    for article in content.articles.values():
        why = _stale(article, content.today)
        if why:
            yield Finding("review dates", article.id, "", "", why)


def _stale(article: Article, today: date) -> str | None:
    if article.review_by is not None and article.review_by < today:
        return f"was to be reviewed by {article.review_by}"
    if article.reviewed is None:
        return "has no date of review ('reviewed' in its front matter)"
    if article.review_by is None and article.reviewed < today - OLDEST:
        return f"was last reviewed on {article.reviewed}, more than three years ago"
    return None


def differing_figures(content: Content) -> Iterator[Finding]:
    """Pairs of sentences of different articles with different figures for the same thing."""
    told = [line for line in content.lines if any(f.unit for f in figures(line.text))]
    vectors = content.embed([content.terms.focus(f"{t.section} — {t.text}") for t in told])
    found = []
    for (one, a), (other, b) in combinations(zip(told, vectors, strict=True), 2):
        near = fsum(x * y for x, y in zip(a, b, strict=True))
        least = NEAR if _terms(one, content) & _terms(other, content) else VERY_NEAR
        if one.article != other.article and near >= least:
            found += [(near, one, other, why) for why in _differ(one, other)]
    for _, one, other, why in sorted(found, key=lambda item: -item[0]):
        place = f"{other.article} › {other.section}: “{other.text}”"
        yield Finding("differing figures", one.article, one.section, one.text, f"{why}: {place}")


def _terms(line: Line, content: Content) -> set[str]:
    found = content.terms.find(f"{line.section} {line.text}")
    return {mention.term.term for mention in found if mention.term.kind != "condition"}


def _differ(one: Line, other: Line) -> list[str]:
    """Why two sentences differ, once at most: no figure of a unit is the same in both."""
    a, b = figures(one.text), figures(other.text)
    for unit in sorted({f.unit for f in a} & {f.unit for f in b} - {""}):
        here, there = ({f for f in figs if f.unit == unit} for figs in (a, b))
        if not here & there:
            meet = any(_meet(x, y) for x in here for y in there)
            return [f"{unit}s {'differ but overlap' if meet else 'differ'}"]
    return []


def _meet(one: Figure, other: Figure) -> bool:
    return float(one.low) <= float(other.high) and float(other.low) <= float(one.high)


def leaning_sentences(content: Content) -> Iterator[Finding]:
    """Sentences that say nothing without their neighbours; list items lean on their line."""
    for line in content.lines:
        leans, points = _LEANS.match(line.text), _POINTS.search(line.text)
        if points:
            why = f"points elsewhere: “{points[0]}”"
        elif leans and not line.listed:
            why = f"begins with “{leans[0]}”: name the thing"
        else:
            continue
        yield Finding("sentences that lean on others", line.article, line.section, line.text, why)


def near_duplicates(content: Content) -> Iterator[Finding]:
    """Pairs of sentences with nearly the same words and figures."""
    told = [(line, frozenset(stems(line.text))) for line in content.lines]
    long = [(line, own) for line, own in told if len(own) >= LEAST_WORDS]
    for (one, a), (other, b) in combinations(long, 2):
        same = len(a & b) / len(a | b)
        if same >= ALIKE and figures(one.text) == figures(other.text):
            why = f"says nearly the same as {other.article} › {other.section}: “{other.text}”"
            yield Finding("near-duplicates", one.article, one.section, one.text, why)


def hard_sections(content: Content) -> Iterator[Finding]:
    """Sections that read harder than the public should need to."""
    for (article, section), text in _sections(content.lines).items():
        grade = reading_grade(text)
        if grade is not None and grade > HARDEST and len(text.split()) >= 25:
            yield Finding("reading grade", article, section, "", f"grade {grade:.1f}")


def _sections(told: Iterable[Line]) -> dict[tuple[str, str], str]:
    """The text of each section, a list's items each as a sentence."""
    grouped = groupby(told, key=lambda line: (line.article, line.section))
    return {key: "\n".join(line.text for line in group) for key, group in grouped}


def untouched_articles(content: Content) -> Iterator[Finding]:
    """Articles that no case expects: an edit of theirs goes unmeasured."""
    asked = {name for case in content.cases for name in case.articles}
    sections = {name.casefold() for case in content.cases for name in case.sections}
    asked |= {line.article for line in content.lines if line.section.casefold() in sections}
    for name in content.articles:
        if name not in asked:
            yield Finding("articles that no case touches", name, "", "", "add a case or two")


CHECKS = (
    review_dates,
    differing_figures,
    leaning_sentences,
    near_duplicates,
    hard_sections,
    untouched_articles,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_case_arguments(parser)


def main(options: argparse.Namespace) -> int:
    """Print all findings; exit status 0, or 2 where articles or cases cannot be used."""
    try:
        cases = load_cases(options.cases)
        subject = build(options)
    except (CasesError, SettingsError, IngestError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    today = datetime.now(UTC).date()
    content = Content(subject.bot.articles, cases, load_terms(), subject.embed, today)
    found = inspect(content)
    sys.stdout.write(told(found, len(content.articles)))
    return 0


def told(found: Sequence[Finding], articles: int) -> str:
    """Findings as text, by check, and how many there are."""
    rows: list[str] = []
    for check, group in groupby(found, key=lambda finding: finding.check):
        members = list(group)
        rows += ["", f"{check}: {len(members)}", *(f"  {_row(finding)}" for finding in members)]
    return "\n".join([*rows, "", f"{len(found)} things to look at in {articles} articles.", ""])


def _row(finding: Finding) -> str:
    place = " › ".join(filter(None, (finding.article, finding.section)))
    quoted = f": “{finding.text}”" if finding.text else ""
    return f"{place}{quoted}\n      {finding.why}"
