"""A search to passages: dense and BM25 over sentences, fused by rank.

Sentences are searched, passages are found (small to big): a passage stands where its best sentence
stands. Reciprocal rank fusion after Cormack, Clarke and Büttcher (SIGIR 2009): a sentence's score is
the sum over rankings of 1 / (60 + rank), ranks from 1.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.terms import Terms
from bot.types import Found, Hit, Search
from bot.stems import stems
from ingest.index import Snapshot

RRF_K = 60
DEPTH = 50
PASSAGES = 12

TOPIC = "runner's knee"

Embed = Callable[[list[str]], Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Searcher:
    """A snapshot with what searching it needs, worked out once per generation."""

    snapshot: Snapshot
    embed: Embed
    terms: Terms

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        """The first row of each passage; its sentences follow in order."""
        return {row.passage: i for i, row in reversed(list(enumerate(self.snapshot.rows)))}

    @cached_property
    def _stems(self) -> tuple[frozenset[str], ...]:
        passages = self.snapshot.passages
        return tuple(self._row_stems(passages[r.passage], r.index) for r in self.snapshot.rows)

    def _row_stems(self, passage: Any, index: int) -> frozenset[str]:  # noqa: ANN401
        sentence = passage.sentences[index]
        text = f"{passage.section} {sentence.lead} {sentence.text}"
        return frozenset(stems(self.terms.canonical(text)))

    @cached_property
    def idf(self) -> Mapping[str, float]:
        """ln(1 + N / n) of each stem, N sentences, n of them with the stem or its heading."""
        counts: dict[str, int] = {}
        for row in self._stems:
            for item in row:
                counts[item] = counts.get(item, 0) + 1
        total = len(self._stems)
        return {item: float(np.log1p(total / n)) for item, n in counts.items()}

    def find(self, search: Search) -> Found:
        """The passages for a search, best first; empty where nothing was found."""
        dense, lexical, cosines = [], [], []
        focused = [self.terms.focus(query) for query in search.queries]
        *vectors, named = self.embed([*focused, f"{TOPIC}: {search.standalone}"])
        for query, vector in zip(search.queries, vectors, strict=True):
            dense.append([row for row, _ in self.snapshot.dense(vector, DEPTH)])
            focus = self.terms.focus(query)
            expanded = f"{focus} {self.terms.canonical(focus)}"
            lexical.append([row for row, _ in self.snapshot.lexical(expanded, DEPTH)])
            cosines.append(self.snapshot.vectors @ np.asarray(vector, dtype=np.float32))
        fused = fuse([*dense, *lexical])
        cosine = np.max(np.stack(cosines), axis=0)
        best: dict[str, int] = {}
        for row in fused:
            best.setdefault(self.snapshot.rows[row].passage, row)
        wanted = self.wanted(search.standalone)
        hits = tuple(
            self._hit(passage, row, fused[row], dense[-1], lexical[-1], cosine, wanted)
            for passage, row in list(best.items())[:PASSAGES]
        )
        near = float(np.max(self.snapshot.vectors @ np.asarray(named, dtype=np.float32)))
        return Found(hits=hits, known=self._known(wanted), near=near)

    def wanted(self, query: str) -> Mapping[str, float]:
        """The query's content stems in the articles' words, each with its idf."""
        rare = max(self.idf.values(), default=1.0)
        return {s: self.idf.get(s, rare) for s in stems(self.terms.canonical(query))}

    def _known(self, wanted: Mapping[str, float]) -> float:
        """The share, by idf, of the query's content stems that the articles use; 1 if none."""
        total = sum(wanted.values())
        return sum(w for s, w in wanted.items() if s in self.idf) / total if total else 1.0

    def _hit(
        self,
        passage_id: str,
        row: int,
        score: float,
        dense: list[int],
        lexical: list[int],
        cosine: np.ndarray[Any, np.dtype[np.float32]],
        wanted: Mapping[str, float],
    ) -> Hit:
        passage = self.snapshot.passages[passage_id]
        first = self._rows[passage_id]
        rows = range(first, first + len(passage.sentences))
        total = sum(wanted.values()) or 1.0
        return Hit(
            passage=passage,
            index=row - first,
            score=score,
            dense=dense.index(row) + 1 if row in dense else None,
            bm25=lexical.index(row) + 1 if row in lexical else None,
            cosines=tuple(float(cosine[r]) for r in rows),
            coverage=tuple(
                sum(w for s, w in wanted.items() if s in self._stems[r]) / total for r in rows
            ),
        )


def fuse(rankings: Iterable[Sequence[int]]) -> dict[int, float]:
    """Reciprocal rank fusion: items with their scores, best first, ties by item."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (RRF_K + rank)
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


class PassageRetriever(BaseRetriever):
    """The search as a LangChain retriever: passages as documents, provenance as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    find: Callable[[Search], Found]
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [document(hit) for hit in self.find(Search(query, query)).hits[: self.k]]


def document(hit: Hit) -> Document:
    """A hit as a LangChain document; `start` and `end` are character offsets in the article."""
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=" ".join(sentence.text for sentence in passage.sentences),
        metadata={
            "article": passage.article,
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
            "sentence": passage.sentences[hit.index].text,
            "score": hit.score,
            "dense": hit.dense,
            "bm25": hit.bm25,
        },
    )
