"""The index: build a generation, open one, search it. The only file that knows Chroma and BM25."""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import bm25s
import chromadb
import numpy as np
import numpy.typing as npt
import Stemmer
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from ingest.embed import fingerprint
from ingest.errors import IndexMismatch, IndexMissing
from ingest.generations import Manifest, current, read_manifest, rollback, verify
from ingest.records import Content, Row, load_content, save_content
from ingest.settings import IndexSettings
from ingest.types import Article, Passage

__all__ = ["Row", "Snapshot", "build", "current", "open_index", "rollback"]

Vectors = npt.NDArray[np.float32]
Scored = tuple[int, float]

COLLECTION = "sentences"
BATCH = 64  # sentences embedded between two reports of progress
PROBES = 32
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_stemmer = Stemmer.Stemmer("english")
_stemming = Lock()  # a PyStemmer object must not be used by two threads at once


@dataclass(frozen=True)
class Snapshot:
    """One generation, open for search: never changes, safe for many threads.

    `vectors` has a row of length 1 for each of `rows`; `vocabulary` the lower-case words of the
    articles, unstemmed.
    """

    generation: str
    articles: Mapping[str, Article]
    passages: Mapping[str, Passage]
    rows: tuple[Row, ...]
    vectors: Vectors
    vocabulary: frozenset[str]
    bm25: bm25s.BM25

    def dense(self, vector: Sequence[float], k: int) -> list[Scored]:
        """Return up to k rows with their cosine to the query's vector, best first."""
        cosines = self.vectors @ np.asarray(vector, dtype=np.float32)
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(int(row), float(cosines[row])) for row in best]

    def lexical(self, query: str, k: int) -> list[Scored]:
        """Return up to k rows that share a stem with the query, with BM25 scores, best first."""
        stems = _stems([query])[0]
        if not stems:
            return []
        scores = self.bm25.get_scores(stems)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(row), float(scores[row])) for row in best if scores[row] > 0]


def _name(row: Row) -> str:
    """The id of a row in Chroma."""
    return f"{row.passage}:{row.index}"


def _cosine(distance: float) -> float:
    return max(-1.0, min(1.0, 1.0 - distance))


def _stems(texts: list[str]) -> list[list[str]]:
    """Return the lower-case stems of each text, without English stop words."""
    with _stemming:
        found: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=_stemmer, return_ids=False, show_progress=False
        )
    return found


class _Computed(Embeddings):
    """Vectors already computed, by text: how Chroma is given them through LangChain."""

    def __init__(self, vectors: Mapping[str, list[float]]) -> None:
        self._vectors = vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vectors[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vectors[text]


def build(
    folder: Path,
    content: Content,
    known: Mapping[str, npt.NDArray[np.float32]],
    embed: Callable[[list[str]], list[list[float]]],
    progress: Callable[[int, int], None],
) -> int:
    """Write a generation's files into an empty folder, check them, and return the vectors' length.

    Args:
        folder: where to write.
        content: articles and passages, at least one sentence.
        known: vectors of texts embedded before, by `digest` of the text.
        embed: turns texts into vectors of length 1; asked only for texts not in `known`.
        progress: told how many texts are embedded, of how many.
    """
    texts = content.texts()
    vectors = _vectors(texts, known, embed, progress)
    save_content(folder, content)
    (folder / "digests.json").write_text(json.dumps([digest(t) for t in texts]), encoding="utf-8")
    _lexical(texts).save(str(folder / "bm25"), show_progress=False)
    _write_chroma(folder / "chroma", content.rows(), texts, vectors)
    return int(vectors.shape[1])


def digest(text: str) -> str:
    """Return the SHA-256 by which an embedded text is found again in the next generation."""
    return hashlib.sha256(text.encode()).hexdigest()


def _vectors(
    texts: list[str],
    known: Mapping[str, npt.NDArray[np.float32]],
    embed: Callable[[list[str]], list[list[float]]],
    progress: Callable[[int, int], None],
) -> Vectors:
    new = list(dict.fromkeys(text for text in texts if digest(text) not in known))
    made = dict(known)
    for start in range(0, len(new), BATCH):
        progress(start, len(new))
        batch = new[start : start + BATCH]
        for text, vector in zip(batch, embed(batch), strict=True):
            made[digest(text)] = np.asarray(vector, dtype=np.float32)
    if new:
        progress(len(new), len(new))
    return np.stack([made[digest(text)] for text in texts])


def _lexical(texts: list[str]) -> bm25s.BM25:
    index = bm25s.BM25()
    index.index(_stems(texts), show_progress=False)
    return index


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb's own type is a private alias
    return chromadb.PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False))


def _write_chroma(folder: Path, rows: tuple[Row, ...], texts: list[str], vectors: Vectors) -> None:
    client = _client(folder)
    try:
        store = Chroma(
            client=client,
            collection_name=COLLECTION,
            embedding_function=_Computed(dict(zip(texts, vectors.tolist(), strict=True))),
            collection_configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
        )
        for start in range(0, len(rows), 1000):  # Chroma refuses batches over 5461
            part = range(start, min(start + 1000, len(rows)))
            store.add_texts(
                [texts[row] for row in part],
                [{"row": row, "passage": rows[row].passage} for row in part],
                [_name(rows[row]) for row in part],
            )
        _probe(store, vectors)
    finally:
        client.close()


def _probe(store: Chroma, vectors: Vectors) -> None:
    """Check that Chroma finds its own rows: a lost vector file returns one hit without a word."""
    count = len(store.get(include=[])["ids"])
    if count != len(vectors):
        raise IndexMismatch(f"Chroma holds {count} of {len(vectors)} sentences; not published.")
    for row in range(0, len(vectors), max(1, len(vectors) // PROBES)):
        found = store.similarity_search_by_vector_with_relevance_scores(vectors[row].tolist(), 1)
        if not found or _cosine(found[0][1]) < 0.999:
            raise IndexMismatch(f"Chroma does not find sentence {row} by itself; not published.")


def known_vectors(folder: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Return a generation's vectors by `digest` of their texts."""
    digests = json.loads((folder / "digests.json").read_text(encoding="utf-8"))
    return dict(zip(digests, _stored(folder / "chroma"), strict=True))


def open_index(settings: IndexSettings) -> Snapshot:
    """Open the current generation for search.

    Every file is checked before Chroma touches it, since a damaged vector file would kill the
    process.

    Raises:
        IndexMissing: there is no index.
        IndexMismatch: it was built with another model, or a file is damaged.
    """
    name = current(settings.index)
    if name is None:
        raise IndexMissing(f"No index at '{settings.index}'. Run `python -m ingest`.")
    check_model(read_manifest(settings.index, name), settings)
    verify(settings.index, name)
    folder = settings.index / name
    content = load_content(folder)
    return Snapshot(
        generation=name,
        articles=content.articles,
        passages=content.passages,
        rows=content.rows(),
        vectors=_stored(folder / "chroma"),
        vocabulary=_vocabulary(content.articles.values()),
        bm25=bm25s.BM25.load(str(folder / "bm25"), show_progress=False),
    )


def check_model(manifest: Manifest, settings: IndexSettings) -> None:
    """Raise IndexMismatch if the index was built with another model than the settings name."""
    wanted = fingerprint(settings)
    if manifest.model != wanted:
        raise IndexMismatch(
            f"Index at '{settings.index}' was built with '{manifest.model}', settings say "
            f"'{wanted}'. Run `python -m ingest --full`."
        )


def _stored(folder: Path) -> Vectors:
    """The vectors in a Chroma folder, by row, from a copy: Chroma writes to what it opens."""
    with tempfile.TemporaryDirectory(prefix="kneewise-") as private:
        shutil.copytree(folder, private, dirs_exist_ok=True)
        client = _client(Path(private))
        try:
            store = Chroma(
                client=client, collection_name=COLLECTION, create_collection_if_not_exists=False
            )
            found = store.get(include=["embeddings", "metadatas"])
        finally:
            client.close()
    order = np.argsort([metadata["row"] for metadata in found["metadatas"]])
    return np.asarray(found["embeddings"], dtype=np.float32)[order]


def _vocabulary(articles: Iterable[Article]) -> frozenset[str]:
    words: set[str] = set()
    for article in articles:
        words.update(_WORD.findall(article.text.lower().replace("’", "'")))
    return frozenset(words | {part for word in words for part in word.split("'")})
