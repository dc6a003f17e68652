"""Passages to an answer made of whole sentences of the sources.

The unit of choice is a sentence, or a list with the line that introduces it: a condition is never
cut from its list and the steps of an exercise stay together. Of a long list of self-standing items
only those that answer are taken. A permission is shown with its limit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.question import Kind, fits, kind_of, wants_list
from bot.stems import figures, plain, stems
from bot.terms import Terms
from bot.types import Found, Hit, Search
from ingest.types import Passage, Sentence

KEEP, NEAR_BEST, NEAR_LIST = 0.72, 0.95, 0.8
"""Least share of the best score to be shown, and to be considered for the first place, for a list
where one is asked for."""
MOST_WORDS, MOST_UNITS, WHOLE_LIST, CUT_LIST, BRIEF_WORDS = 98, 6, 110, 60, 30
SAME = 0.7

_NEGATIVE = re.compile(
    r"\b(not|no|never|avoid|stop|don't|unless|rarely|isn't|without|only if|hold off)\b"
)
_PERMITS = re.compile(r"\b(can|may|possible|safe|okay|fine|keep|continue|able)\b")

_STEPS = re.compile(r"^The (steps|points)\b")


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences of one passage that are shown together, and how well they answer."""

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
    """The units that answer the search, best first, leaving out what is `shown` already."""
    kind = kind_of(search.standalone)
    every = (unit for hit in found.hits for unit in units(hit))
    ranked = sorted((u for u in every if not _in(u, shown)), key=lambda unit: -unit.score)
    if not ranked:
        return ()
    ranked = _first_by_form(ranked, kind)
    if wants_list(search.standalone):
        ranked = _first_by_list(ranked)
    chosen = _choose(ranked, terms, BRIEF_WORDS if search.brief else MOST_WORDS)
    return tuple(_with_limits(chosen, ranked))


def units(hit: Hit) -> list[Unit]:
    """A passage as units, scored by their best sentence."""
    sentences, scores = hit.passage.sentences, hit.scores or hit.cosines
    made = []
    for group in _groups(sentences):
        best = max(scores[i] for i in group)
        kept = _cut(sentences, scores, group)
        made.append(Unit(hit.passage, tuple(sentences[i] for i in kept), best))
    return made


def _groups(sentences: Sequence[Sentence]) -> list[list[int]]:
    """Indexes of sentences that belong together: a list joins the line that introduces it.

    A list that only a heading introduces belongs together too.
    """
    groups: list[list[int]] = []
    for i, sentence in enumerate(sentences):
        before = sentences[i - 1] if i else None
        if before and _joins(before, sentence):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _joins(before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence goes on with the list, or the line above the list, before it."""
    if sentence.lead:
        return sentence.lead in (before.lead, before.text)
    return sentence.block != "paragraph" and sentence.block == before.block and not before.lead


def _cut(
    sentences: Sequence[Sentence], scores: Sequence[float], group: Sequence[int]
) -> Sequence[int]:
    """The group, or of a long list of whole sentences its lead and the items that answer best."""
    words = {i: len(sentences[i].text.split()) for i in group}
    if sum(words.values()) <= WHOLE_LIST or sentences[group[-1]].block == "step":
        return group
    items = _items(sentences, group)
    if not all(_stands_alone(sentences[item[0]].text) for item in items[1:]):
        return group
    lead, *others = items
    kept, total = set(lead), sum(words[i] for i in lead)
    for item in sorted(others, key=lambda item: -max(scores[i] for i in item)):
        length = sum(words[i] for i in item)
        if len(kept) == len(lead) or total + length <= CUT_LIST:
            kept.update(item)
            total += length
    return [i for i in group if i in kept]


def _items(sentences: Sequence[Sentence], group: Sequence[int]) -> list[list[int]]:
    """The group's list items as indexes, each with all its sentences; the lead comes first."""
    made: list[list[int]] = []
    for i in group:
        before, this = sentences[i - 1], sentences[i]
        goes_on = before.block == this.block != "paragraph" and this.start - before.end <= 1
        if made and goes_on:
            made[-1].append(i)
        else:
            made.append([i])
    return made


def _stands_alone(text: str) -> bool:
    """Whether an item is a sentence of its own rather than the end of its lead."""
    return text.endswith((".", "!", "?")) and len(text.split()) >= 5


def _in(unit: Unit, shown: frozenset[str]) -> bool:
    """Whether all of the unit was quoted before."""
    return all(any(s.text in quote for quote in shown) for s in unit.sentences)


def _first_by_form(ranked: list[Unit], kind: Kind | None) -> list[Unit]:
    """The best unit first, or one nearly as good that has the form of an answer."""
    near = [unit for unit in ranked if unit.score >= NEAR_BEST * ranked[0].score]
    first = max(near, key=lambda unit: max(fits(kind, s.text) for s in unit.sentences))
    return [replace(first, score=ranked[0].score), *(u for u in ranked if u is not first)]


def _first_by_list(ranked: list[Unit]) -> list[Unit]:
    """The best list first, if one scores near the best: who asks for names gets names."""
    near = (unit for unit in ranked if unit.score >= NEAR_LIST * ranked[0].score)
    first = next((u for u in near if u.listed and not _STEPS.search(u.text)), ranked[0])
    return [replace(first, score=ranked[0].score), *(u for u in ranked if u is not first)]


def _choose(ranked: Sequence[Unit], terms: Terms, most: int) -> list[Draft]:
    """Greedy: the best first, then what scores near it, is not said yet and fits in."""
    drafts: list[Draft] = []
    words = 0
    for unit in ranked:
        if unit.score < KEEP * ranked[0].score or len(drafts) == MOST_UNITS:
            break
        same = next((i for i, d in enumerate(drafts) if _same(d.unit, unit, terms)), None)
        if same is not None:
            drafts[same] = _agree(drafts[same], unit)
        elif not drafts or words + unit.words <= most:
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
    polarity = forbids(unit.text)
    if (
        unit.passage.article in articles
        or unit.listed
        or draft.unit.listed
        or polarity != forbids(draft.unit.text)
    ):
        return draft
    return Draft(draft.unit, (*draft.agreeing, unit))


def _with_limits(drafts: list[Draft], ranked: Sequence[Unit]) -> list[Draft]:
    """Puts after each permission the limit that its section sets beside it.

    Where that makes the answer too long, the least of the rest give way.
    """
    made: list[Draft] = []
    bound: list[Draft] = []
    for draft in drafts:
        limit = next((u for u in ranked if _limits(u, draft.unit)), None)
        pair = [draft, Draft(limit)] if limit and permits(draft.unit.sentences[0].text) else [draft]
        if len(pair) == 2:
            made = [old for old in made if old.unit != limit]
            bound += pair
        made += [new for new in pair if all(new.unit != old.unit for old in made)]
    free = [draft for draft in made[1:] if draft not in bound]
    while bound and free and sum(draft.unit.words for draft in made) > MOST_WORDS:
        made.remove(free.pop())
    return made


def permits(text: str) -> bool:
    """Whether the text allows something and forbids nothing."""
    return bool(_PERMITS.search(plain(text))) and not forbids(text)


def forbids(text: str) -> bool:
    """Whether the text says what not to do, or what is not so."""
    return bool(_NEGATIVE.search(plain(text)))


def _limits(unit: Unit, permission: Unit) -> bool:
    here, there = unit.passage, permission.passage
    return (
        (here.article, here.section) == (there.article, there.section)
        and unit.listed == permission.listed
        and forbids(unit.sentences[0].text)
    )
