"""The path of one ingest: find, plan, read, split, embed, publish. Read this first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from time import monotonic

from langchain_core.embeddings import Embeddings

from ingest.embed import embeddings, fingerprint
from ingest.errors import IndexMismatch, IndexMissing, UnreadableArticle
from ingest.generations import Manifest, begin, current, publish, verify, writer
from ingest.plan import Plan, Source, plan
from ingest.read import article_id, find, read
from ingest.records import Content, load_content
from ingest.settings import IndexSettings
from ingest.split import VERSION, passages
from ingest.types import Article

Progress = Callable[[str, int, int], None]
Load = Callable[[IndexSettings], Embeddings]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: article ids by what became of them, failures as (path, reason).

    `generation` is the one in use afterwards (None: there is none), `passages` and `sentences` are
    what it holds. `notes` says what else a person should know.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    failed: tuple[tuple[Path, str], ...]
    passages: int
    sentences: int
    seconds: float
    generation: str | None
    notes: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether there were articles, and every one of them is in the index as it is now."""
        return bool(self.added or self.changed or self.unchanged) and not self.failed


@dataclass(frozen=True, slots=True)
class _Index:
    """The generation in use and its manifest; neither if there is nothing to build upon."""

    generation: str | None = None
    manifest: Manifest | None = None
    note: str | None = None

    @property
    def files(self) -> Mapping[str, str]:
        """Checksums of the files the articles were read from, by article id."""
        return self.manifest.articles if self.manifest else {}


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Articles read now with the checksums of their files, and what could not be read."""

    articles: Mapping[str, Article]
    files: Mapping[str, str]
    failed: tuple[UnreadableArticle, ...]


@dataclass(frozen=True, slots=True)
class _Work:
    """What an ingest works with."""

    settings: IndexSettings
    progress: Progress
    load: Load
    full: bool


def silent(_stage: str, _done: int, _total: int) -> None:
    """Report no progress."""


def ingest(
    paths: Sequence[Path],
    settings: IndexSettings,
    progress: Progress = silent,
    *,
    full: bool = False,
    load: Load = embeddings,
) -> Report:
    """Make the index hold the articles at the paths, and nothing else.

    An article that cannot be read keeps its last good version. If nothing changed, or no sentence
    would be left, the generation in use stays.

    Args:
        paths: files and folders; none means the settings' corpus.
        settings: where the index is, and the model.
        progress: told of each stage ("reading", "embedding"), how much is done, of how much.
        full: read and embed everything again.
        load: makes the embedding model; only called if a sentence has to be embedded.

    Raises:
        FileNotFoundError: a path does not exist.
        IndexBusy: another ingest is writing to the index.
        ModelMismatch: the model's weights are not the published ones.
    """
    began = monotonic()
    work = _Work(settings, progress, load, full)
    sources, unreadable = find(paths or (settings.corpus,))
    with writer(settings.index):
        before = _in_use(settings)
        todo = plan(before.files, sources, protected=[article_id(e.path) for e in unreadable])
        again = full or not _is_made_with(before, settings)
        fresh = _read_all(sources if again else (*todo.add, *todo.change), progress)
        after = before
        if again or fresh.articles or todo.drop:
            after = _publish(before, fresh, todo, work)
    done = todo if after.generation != before.generation else replace(todo, drop=())
    return _report(done, (*unreadable, *fresh.failed), after, monotonic() - began)


def _in_use(settings: IndexSettings) -> _Index:
    """Return the index to build upon; one that fails its checks is rebuilt from the articles."""
    name = current(settings.index)
    if name is None:
        return _Index()
    try:
        return _Index(name, verify(settings.index, name))
    except (IndexMissing, IndexMismatch) as error:
        return _Index(note=f"Rebuilt from the articles, because of this: {error}")


def _is_made_with(index: _Index, settings: IndexSettings) -> bool:
    """Whether the index was made with these settings, by this version of the program."""
    made = index.manifest
    wanted = (fingerprint(settings), VERSION, settings.passage_words)
    return made is not None and (made.model, made.splitter, made.passage_words) == wanted


def _read_all(sources: Sequence[Source], progress: Progress) -> _Fresh:
    articles, files, failed = {}, {}, []
    for done, source in enumerate(sources):
        progress("reading", done, len(sources))
        try:
            articles[source.id] = read(source)
            files[source.id] = source.sha256
        except UnreadableArticle as error:
            failed.append(error)
    return _Fresh(articles, files, tuple(failed))


def _publish(before: _Index, fresh: _Fresh, todo: Plan, work: _Work) -> _Index:
    """Write a new generation of the kept and the fresh articles and put it in use."""
    # Imported here because Chroma takes a second, which an ingest without changes should not.
    from ingest.index import build, known_vectors

    settings, folder = work.settings, work.settings.index / (before.generation or "")
    content = _merge(before, fresh, todo, settings)
    if not content.passages:
        return _Index(before.generation, before.manifest, note=_EMPTY)
    made = before.manifest
    reusable = made and made.model == fingerprint(settings) and not work.full
    model = cache(partial(work.load, settings))
    new = begin(settings.index)
    dimensions = build(
        new,
        content,
        known_vectors(folder) if reusable else {},
        lambda texts: model().embed_documents(texts),
        partial(work.progress, "embedding"),
    )
    manifest = Manifest(
        model=fingerprint(settings),
        splitter=VERSION,
        passage_words=settings.passage_words,
        dimensions=dimensions,
        articles={name: ({**before.files, **fresh.files})[name] for name in content.articles},
        counts=content.counts(),
    )
    return _Index(publish(settings.index, new, manifest), manifest, before.note)


_EMPTY = "Nothing published: no article with a sentence was found, and none is left to keep."


def _merge(before: _Index, fresh: _Fresh, todo: Plan, settings: IndexSettings) -> Content:
    """Return fresh articles, split, and the last good version of all others but those dropped."""
    articles = dict(fresh.articles)
    parts = {
        p.id: p for article in articles.values() for p in passages(article, settings.passage_words)
    }
    if before.generation:
        old = load_content(settings.index / before.generation)
        kept = {name for name in old.articles if name not in articles and name not in todo.drop}
        articles |= {name: old.articles[name] for name in kept}
        parts |= {name: p for name, p in old.passages.items() if p.article in kept}
    return Content(articles, parts).in_order()


def _report(
    done: Plan, failed: Sequence[UnreadableArticle], after: _Index, seconds: float
) -> Report:
    bad = {error.path for error in failed}
    counts = after.manifest.counts if after.manifest else {}
    return Report(
        added=tuple(s.id for s in done.add if s.path not in bad),
        changed=tuple(s.id for s in done.change if s.path not in bad),
        unchanged=tuple(s.id for s in done.keep if s.path not in bad),
        removed=done.drop,
        failed=tuple((error.path, error.reason) for error in failed),
        passages=counts.get("passages", 0),
        sentences=counts.get("sentences", 0),
        seconds=seconds,
        generation=after.generation,
        notes=(after.note,) if after.note else (),
    )
