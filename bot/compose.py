"""Passages to an answer made of whole sentences of the sources.

The unit of choice is a sentence, or a list with the line that introduces it: a condition is never
cut from its list and the steps of an exercise stay together. A permission is shown with its limit.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.question import Kind, fits, kind_of
from bot.stems import figures, plain, stems
from bot.terms import Terms
from bot.types import Found, Hit, Search
from ingest.types import Passage, Sentence

FORM = 0.0
KEEP = 0.5
MOST_WORDS, MOST_UNITS, WHOLE_LIST = 85, 6, 80
SAME = 0.7

_NEGATIVE = re.compile(
    r"\b(not|no|never|avoid|stop|don't|unless|rarely|isn't|without|only if|hold off)\b"
)
_PERMITS = re.compile(r"\b(can|may|possible|safe|okay|fine|keep|continue|able)\b")


@dataclass(frozen=True, slots=True)
class Unit:
    """Neighbouring sentences of one passage that are shown together, and how well they answer."""

    passage: Passage
    sentences: tuple[Sentence, ...]
    score: float

    @property
    def words(self) -> int:
        """The number of words."""
        return sum(len(sentence.text.split()) for sentence in self.sentences)

    @property
    def text(self) -> str:
        """All of it as one line."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def listed(self) -> bool:
        """Whether it is a list with or without its lead."""
        return any(sentence.block != "paragraph" for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Draft:
    """A unit to be shown and the units of other articles that say the same."""

    unit: Unit
    agreeing: tuple[Unit, ...] = ()


def extract(
    terms: Terms, search: Search, found: Found, shown: frozenset[str] = frozenset()
) -> tuple[Draft, ...]:
    """The units that answer the search, in reading order, leaving out texts already `shown`."""
    kind = kind_of(search.standalone)
    ranked = sorted(
        (unit for hit in found.hits for unit in units(hit, kind) if unit.text not in shown),
        key=lambda unit: -unit.score,
    )
    if not ranked:
        return ()
    return _in_order(_with_limits(_choose(ranked, terms), ranked))


def units(hit: Hit, kind: Kind | None) -> list[Unit]:
    """A passage as units, scored."""
    scores = [
        hit.scores[i] + FORM * fits(kind, sentence.text)
        for i, sentence in enumerate(hit.passage.sentences)
    ]
    return [
        _unit(hit.passage, group, [scores[i] for i in group])
        for group in _groups(hit.passage.sentences)
    ]


def _unit(passage: Passage, group: Sequence[int], scores: Sequence[float]) -> Unit:
    return Unit(passage, tuple(passage.sentences[i] for i in group), max(scores))


def _groups(sentences: Sequence[Sentence]) -> list[list[int]]:
    """Indexes of sentences that belong together: a list joins the line that introduces it."""
    groups: list[list[int]] = []
    for i, sentence in enumerate(sentences):
        before = sentences[i - 1] if i else None
        if before and sentence.lead and sentence.lead in (before.lead, before.text):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _choose(ranked: Sequence[Unit], terms: Terms) -> list[Draft]:
    """Greedy: the best first, then what scores near it, is not said yet and fits in."""
    drafts: list[Draft] = []
    words = 0
    for unit in ranked:
        if unit.score < KEEP * ranked[0].score or len(drafts) == MOST_UNITS:
            break
        same = next((i for i, d in enumerate(drafts) if _same(d.unit, unit, terms)), None)
        if same is not None:
            drafts[same] = _agree(drafts[same], unit)
        elif not drafts or words + unit.words <= MOST_WORDS:
            drafts.append(Draft(unit))
            words += unit.words
    return drafts


def _same(one: Unit, other: Unit, terms: Terms) -> bool:
    """Whether two units say the same: most content words shared, figures and negation equal."""
    a, b = (frozenset(stems(terms.canonical(unit.text))) for unit in (one, other))
    shared = len(a & b) / max(1, min(len(a), len(b)))
    return shared >= SAME and figures(one.text) == figures(other.text)


def _agree(draft: Draft, unit: Unit) -> Draft:
    """Another article that says the same is cited too; the same article is not."""
    articles = {draft.unit.passage.article, *(u.passage.article for u in draft.agreeing)}
    polarity = bool(_NEGATIVE.search(plain(unit.text)))
    if (
        unit.passage.article in articles
        or unit.listed
        or polarity != bool(_NEGATIVE.search(plain(draft.unit.text)))
    ):
        return draft
    return Draft(draft.unit, (*draft.agreeing, unit))


def _with_limits(drafts: list[Draft], ranked: Sequence[Unit]) -> list[Draft]:
    """Adds to each permission the limit that its section sets beside it."""
    chosen = {draft.unit.text for draft in drafts}
    for draft in list(drafts):
        if not _permits(draft.unit):
            continue
        limit = next((unit for unit in ranked if _limits(unit, draft.unit)), None)
        if limit and limit.text not in chosen:
            drafts.append(Draft(limit))
            chosen.add(limit.text)
    return drafts


def _permits(unit: Unit) -> bool:
    opening = plain(unit.sentences[0].text)
    return bool(_PERMITS.search(opening)) and not _NEGATIVE.search(opening)


def _limits(unit: Unit, permission: Unit) -> bool:
    here, there = unit.passage, permission.passage
    return (
        (here.article, here.section) == (there.article, there.section)
        and unit.listed == permission.listed
        and bool(_NEGATIVE.search(plain(unit.sentences[0].text)))
    )


def _in_order(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """The best unit first; the others follow by article as first met, then as they stand in it."""
    drafts = list(drafts)
    articles = list(dict.fromkeys(draft.unit.passage.article for draft in drafts))
    rest = sorted(
        drafts[1:],
        key=lambda d: (articles.index(d.unit.passage.article), d.unit.sentences[0].start),
    )
    return (*drafts[:1], *rest)
