"""A search to passages: dense, BM25 and a score over both, fused by rank.

Sentences are searched, passages are found (small to big): a passage stands where its best sentence
stands in the fusion. A candidate's score is its cosine with the question through the learnt lens,
plus a share of its plain cosine, of the question's words that it covers, of its passage's best
sentence and of its likeness to the example questions that it answers (`docs/decisions-answers.md`
has the table of what each is worth). The score also says which sentences of the passages are
quoted. All cosines leave out what every sentence of the articles has in common.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.examples import Examples
from bot.learnt import Learnt, digest
from bot.stems import stems
from bot.subjects import Subjects, load_subjects
from bot.terms import Terms
from bot.types import Found, Hit, Search
from ingest.index import Row, Snapshot

DEPTH = 50
PASSAGES = 12
RRF_K = 60
TOPIC, UNDER = "runner's knee", 0.7
"""What the articles are about, and how much its vector counts beside a question's where the two are
asked together: nearness then means what it means for "runner's knee: " before the question, as good
as by embedding that, which costs as much as the question itself."""
PLAIN, COVERED, CONTEXT, LIKE, ASKED = 0.1, 0.15, 0.2, 0.4, 0.3
"""The weights: plain cosine, words covered, passage, nearest example, words covered by examples."""
RAW = 0.2
"""The weight of the message as typed where it was rewritten, so that a wrong guess costs little."""
STRANGE, COVERED_STRANGE, STRANGE_LIKE = 1.2, 0.4, 0.3
"""What plain cosine and words covered count for a sentence that the lens was not trained on, and by
how much an example would be nearer than the sentence itself."""
SHRINK = 30
"""Sentences' worth of zero in the common part: with a handful of sentences little is common."""

Embed = Callable[[list[str]], Sequence[Sequence[float]]]
Array = npt.NDArray[np.float32]
Holders = Mapping[str, list[int]]


def fuse(rankings: Iterable[Sequence[int]]) -> dict[int, float]:
    """Reciprocal rank fusion: items with their scores, best first, ties by item.

    An item's score is the sum over the rankings that hold it of 1 / (60 + rank), ranks from 1
    (Cormack, Clarke and Büttcher, SIGIR 2009).
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (RRF_K + rank)
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True)
class Scores:
    """One query against every row of the index; `best` are the candidates, rank by rank."""

    cosine: Array
    coverage: Array
    total: Array
    dense: tuple[int, ...]
    bm25: tuple[int, ...]


@dataclass(frozen=True)
class Searcher:
    """A snapshot with what searching it needs, worked out once per generation."""

    snapshot: Snapshot
    embed: Embed
    terms: Terms
    learnt: Learnt | None = None

    def find(self, search: Search) -> Found:
        """The passages for a search, best first; empty where nothing was found."""
        focused = [self.terms.focus(query) for query in search.queries]
        vectors = [np.asarray(vector, dtype=np.float32) for vector in self.embed(focused)]
        scored = [self._score(q, v) for q, v in zip(focused, vectors, strict=True)]
        signals = self.signals(search.standalone, vectors[-1])
        return Found(
            hits=self._hits(scored),
            known=signals.known,
            near=signals.near,
            odds=self._odds(search.standalone, vectors[-1], signals),
        )

    def _odds(self, query: str, vector: Array, signals: "Signals") -> Mapping[str, float]:
        if self.subjects.signs(query).medicine:
            return {"medicine": 1.0}
        return self.learnt.odds(vector, signals.values) if self.learnt else {}

    def wanted(self, query: str) -> Mapping[str, float]:
        """The query's content stems in the articles' words, each with its idf."""
        rare = max(self.idf.values(), default=1.0)
        return {s: self.idf.get(s, rare) for s in stems(self.terms.canonical(query))}

    def _score(self, query: str, vector: Array) -> Scores:
        """Every row against one query."""
        seen = self.learnt.look(vector) if self.learnt else vector
        plain = self.centred @ vector
        expanded = f"{query} {self.terms.canonical(query)}"
        cosine = np.where(self._studied, self.centred @ seen, STRANGE * plain).astype(np.float32)
        wanted = self.wanted(query)
        coverage = self._coverage(wanted, self._holders)
        context = np.maximum.reduceat(cosine, self._starts)[self._passage_of]
        covered = np.where(self._studied, COVERED, COVERED_STRANGE) * coverage
        total = cosine + PLAIN * plain + covered + CONTEXT * context
        if self.learnt:
            like = np.where(self._examples.known, self._examples.near(vector), plain + STRANGE_LIKE)
            total += LIKE * like + ASKED * self._coverage(wanted, self._asked)
        return Scores(
            cosine,
            coverage,
            np.asarray(total, dtype=np.float32),
            self._dense(seen, vector),
            tuple(row for row, _ in self.snapshot.lexical(expanded, DEPTH)),
        )

    def _dense(self, seen: Array, vector: Array) -> tuple[int, ...]:
        """The nearest rows through the lens, then those near without it that it does not know."""
        rows = [row for row, _ in self.snapshot.dense(seen.tolist(), DEPTH)]
        if not self._studied.all():
            plain = self.snapshot.dense(vector.tolist(), DEPTH)
            rows += [row for row, _ in plain if not self._studied[row]]
        return tuple(dict.fromkeys(rows))

    def _hits(self, scored: Sequence[Scores]) -> tuple[Hit, ...]:
        last = scored[-1]
        total = last.total
        if len(scored) > 1:
            total = (1 - RAW) * last.total + RAW * scored[0].total
        rankings = [ranking for one in scored for ranking in (one.dense, one.bm25)]
        candidates = {row for ranking in rankings for row in ranking}
        scores = tuple(sorted(candidates, key=lambda r: (-total[r], r)))
        fused = fuse([*rankings, scores])
        passages = list(dict.fromkeys(self.snapshot.rows[row].passage for row in fused))[:PASSAGES]
        best: dict[str, int] = {}
        for row in scores:
            best.setdefault(self.snapshot.rows[row].passage, row)
        return tuple(self._hit(best[name], last, total) for name in passages)

    def _hit(self, row: int, last: Scores, total: Array) -> Hit:
        passage = self.snapshot.passages[self.snapshot.rows[row].passage]
        first = int(self._starts[self._passage_of[row]])
        rows = slice(first, first + len(passage.sentences))
        return Hit(
            passage=passage,
            index=row - first,
            score=float(total[row]),
            dense=last.dense.index(row) + 1 if row in last.dense else None,
            bm25=last.bm25.index(row) + 1 if row in last.bm25 else None,
            cosines=tuple(last.cosine[rows].tolist()),
            coverage=tuple(last.coverage[rows].tolist()),
            scores=tuple(total[rows].tolist()),
        )

    def signals(self, query: str, vector: Array) -> "Signals":
        """How near the articles come to a query, given its vector."""
        wanted = self.wanted(query)
        rows = self.snapshot.vectors
        plain = np.sort(rows @ vector)[::-1]
        under = vector + UNDER * self._topic
        total = sum(wanted.values())
        known = sum(w for s, w in wanted.items() if s in self.idf) / total if total else 1.0
        values = (
            *(float(plain[0]), float(plain[:5].mean())),
            float((self.centred @ vector).max()),
            known,
            float(self._coverage(wanted, self._holders).max()),
            float(sum(s not in self.idf for s in wanted)),
            float(not wanted),
            float(np.log1p(len(query.split()))),
            float(len(wanted)),
            *self.subjects.signs(query).values,
        )
        return Signals(known, float((rows @ under).max() / np.linalg.norm(under)), values)

    def _coverage(self, wanted: Mapping[str, float], holders: Holders) -> Array:
        """The share, by idf, of the wanted stems that each row has."""
        covered = np.zeros(len(self.snapshot.rows), dtype=np.float32)
        for item, weight in wanted.items():
            covered[holders.get(item, [])] += weight
        return covered / (sum(wanted.values()) or 1.0)

    @cached_property
    def _topic(self) -> Array:
        """The vector of what the articles are about."""
        return np.asarray(self.embed([TOPIC])[0], dtype=np.float32)

    @cached_property
    def subjects(self) -> Subjects:
        """Signs of what the articles do not cover."""
        return load_subjects(article.text for article in self.snapshot.articles.values())

    @cached_property
    def centred(self) -> Array:
        """The rows' vectors without their common part, of length 1."""
        vectors = self.snapshot.vectors
        rest = vectors - vectors.sum(axis=0) / (len(vectors) + SHRINK)
        return np.asarray(rest / np.linalg.norm(rest, axis=1, keepdims=True), dtype=np.float32)

    @cached_property
    def _examples(self) -> Examples:
        """The example questions that the rows answer."""
        if self.learnt is None:
            return Examples(np.zeros((0, 0), dtype=np.float32), (), ((),) * len(self.snapshot.rows))
        texts = (digest(self.text(row)) for row in self.snapshot.rows)
        answers = tuple(self.learnt.sentences.get(name, ()) for name in texts)
        return Examples(self.learnt.asked, self.learnt.words, answers)

    @cached_property
    def _asked(self) -> Holders:
        """For each stem, the rows that have it or answer an example that has."""
        both = {*self._holders, *self._examples.holders}
        rows = {s: {*self._holders.get(s, ()), *self._examples.holders.get(s, ())} for s in both}
        return {item: sorted(found) for item, found in rows.items()}

    @cached_property
    def _studied(self) -> npt.NDArray[np.bool_]:
        """Which rows the lens was trained on; it turns away from all others, so they do without."""
        known: Collection[str] = self.learnt.sentences if self.learnt else ()
        return np.array([digest(self.text(row)) in known for row in self.snapshot.rows], dtype=bool)

    def text(self, row: Row) -> str:
        """The sentence of a row."""
        return self.snapshot.passages[row.passage].sentences[row.index].text

    @cached_property
    def _starts(self) -> npt.NDArray[np.intp]:
        """The first row of each passage, in the order of the rows."""
        names = [row.passage for row in self.snapshot.rows]
        return np.array([i for i, name in enumerate(names) if not i or names[i - 1] != name])

    @cached_property
    def _passage_of(self) -> npt.NDArray[np.intp]:
        """For each row, its passage's place in `_starts`."""
        return np.searchsorted(self._starts, np.arange(len(self.snapshot.rows)), side="right") - 1

    @cached_property
    def _holders(self) -> Holders:
        """For each stem, the rows that have it or stand under a heading or lead that has."""
        holders: dict[str, list[int]] = {}
        for i, row in enumerate(self.snapshot.rows):
            for item in self._row_stems(row):
                holders.setdefault(item, []).append(i)
        return holders

    def _row_stems(self, row: Row) -> frozenset[str]:
        passage = self.snapshot.passages[row.passage]
        sentence = passage.sentences[row.index]
        text = f"{passage.section} {sentence.lead} {sentence.text}"
        return frozenset(stems(self.terms.canonical(text)))

    @cached_property
    def idf(self) -> Mapping[str, float]:
        """ln(1 + N / n) of each stem, N sentences, n of them with the stem or its heading."""
        total = len(self.snapshot.rows)
        return {item: float(np.log1p(total / len(rows))) for item, rows in self._holders.items()}


@dataclass(frozen=True, slots=True)
class Signals:
    """How near the articles come to a question; `values` is what the learnt gate weighs."""

    known: float
    near: float
    values: tuple[float, ...]
