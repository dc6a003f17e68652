"""Settings to a working bot: the only place that constructs parts and binds them together."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import Any

from langchain_core.embeddings import Embeddings

from bot import bot, guard, judge, smalltalk, wording
from bot.bot import Guard, Parts
from bot.chat_model import load_model
from bot.compose import extract
from bot.differences import load_differences
from bot.frame import Framer
from bot.generate import Writer
from bot.learnt import load_learnt
from bot.net import Net, load_net
from bot.redflags.clinic import matcher_for
from bot.rephrase import Rephraser
from bot.rerank import Reranker, load_cross_encoder
from bot.retrieve import Searcher
from bot.rewrite import rewrite
from bot.settings import BotSettings
from bot.simpler import load_glossary
from bot.spelling import Spelling, load_spelling
from bot.subjects import load_table
from bot.support import Support
from bot.terms import Terms, load_terms
from bot.types import Assessment, Conversation, Event, Finding, Found, Search, Turn
from bot.vectors import Shared, shared
from ingest.embed import embeddings, fingerprint
from ingest.errors import IndexMissing
from ingest.index import current, open_index
from ingest.settings import MINILM, IndexSettings
from ingest.types import Article

Load = Callable[[IndexSettings], Embeddings]
Wrap = Callable[[str, Callable[..., object]], Callable[..., object]]
Ahead = Callable[[str], str]


class IngestFailed(Exception):  # noqa: N818 - reads as what happened
    """The index could not be built; the ingest has said why on standard error."""


def ensure_index(settings: BotSettings) -> None:
    """Bring the index up to date with the corpus, in a process of its own.

    A separate process keeps the readers and parsers out of the bot. Its report goes to standard
    error, since standard output may hold a program's JSON lines.

    Raises:
        IngestFailed: No index came of it.
    """
    index = settings.index
    command = [sys.executable, "-m", "ingest", str(index.corpus), "--index", str(index.index)]
    done = subprocess.run([*command, "--model", index.model], stdout=sys.stderr, check=False)
    if done.returncode and current(index.index) is None:
        message = f"There is no index at '{index.index}' and building one failed (see above)."
        raise IngestFailed(message)


@dataclass
class IndexedBot:
    """A `Bot` over the index's current generation; a new one is taken up between two messages."""

    settings: BotSettings
    embedder: Shared
    terms: Terms
    _parts: Parts
    _lock: Lock

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles of the index in use, by id."""
        return self._parts.articles

    @property
    def generation(self) -> str:
        """The index generation in use."""
        return self._parts.generation

    @property
    def rules(self) -> str:
        """The version of the red-flag rules."""
        return matcher_for(self.settings.clinic).version

    def stream(self, conversation: Conversation, wrap: Wrap | None = None) -> Iterator[Event]:
        """Answer the last message; `wrap` may put a tracer around each stage, by name."""
        parts = self.parts()
        return bot.reply(conversation, _wrapped(parts, wrap) if wrap else parts)

    def expect(self, conversation: Conversation) -> None:
        """Begin with the vectors of a message that has to wait for its turn."""
        message = conversation.message
        before = [f"{turn.user}\n{message}" for turn in conversation.turns[-2:-1]]
        self.embedder.expect([message, *before], [self.terms.focus(message)])

    def warm(self) -> None:
        """Answer once, because much is worked out at the first answer: half a second to a second.

        No chat model is asked.
        """
        first = Conversation((Turn(wording.OVERVIEW[0]),))
        for _ in bot.reply(first, replace(self.parts(), write=None)):
            pass

    def parts(self) -> Parts:
        """The parts for the current generation; the old ones stay if the new cannot be opened."""
        name = current(self.settings.index.index)
        if name is not None and name != self._parts.generation:
            with self._lock:
                if name != self._parts.generation:
                    self._parts = bind(self.settings, self.embedder, self.terms)
        return self._parts


def build_bot(settings: BotSettings, load: Load = embeddings) -> IndexedBot:
    """Load the model, open the index, bind the parts.

    Args:
        settings: All settings.
        load: Makes the embedding model.

    Raises:
        IngestError: The index or the model cannot be used; the message says what to do.
        SettingsError: The chat model cannot be used.
    """
    if current(settings.index.index) is None:
        message = f"There is no index at '{settings.index.index}'. Run `python -m ingest`."
        raise IndexMissing(message)
    embedder, terms = shared(load(settings.index)), load_terms()
    return IndexedBot(settings, embedder, terms, bind(settings, embedder, terms), Lock())


def bind(settings: BotSettings, embedder: Embeddings, terms: Terms) -> Parts:
    """All stages for the index's current generation."""
    searcher = build_searcher(settings, embedder, terms)
    snapshot, support = searcher.snapshot, Support(terms)
    chat, model = settings.chat, load_model(settings.chat)
    rules = partial(_rewrite, build_spelling(searcher).read, partial(rewrite, terms=terms))
    rephraser = (
        Rephraser(model, rules, terms, chat.to_rephrase) if model and chat.rephrase else None
    )
    writer = Writer(model, support.supported, chat.seconds) if model else None
    today = date.today()  # noqa: DTZ011 - a calendar day
    framer = Framer(terms, snapshot.articles, today, load_differences())
    return Parts(
        guard=build_guard(settings, embedder, terms.focus),
        guard_meant=build_guard(settings, embedder, terms.focus, looks_back=False),
        small_talk=partial(smalltalk.small_talk, articles=snapshot.articles),
        rewrite=rephraser.rephrase if rephraser else rules,
        retrieve=_find(settings, searcher),
        answerable=judge.answerable,
        compose=partial(extract, terms),
        supported=support.supported,
        articles=snapshot.articles,
        generation=snapshot.generation,
        frame=framer.frame,
        explain=load_glossary().explain,
        write=writer.write if writer else None,
        quotes_first=chat.show == "first",
    )


def _rewrite(
    read: Callable[[Conversation], Conversation],
    rules: Callable[[Conversation], Search],
    conversation: Conversation,
) -> Search:
    """The rules over the message as it is meant."""
    return rules(read(conversation))


def _find(settings: BotSettings, searcher: Searcher) -> Callable[[Search], Found]:
    """The search, with a cross-encoder where the settings name one."""
    if settings.cross_encoder is None:
        return searcher.find
    return Reranker(searcher.find, load_cross_encoder(settings.cross_encoder)).reranked


def build_spelling(searcher: Searcher) -> Spelling:
    """The repair towards the words of the index in use."""
    texts = [article.text for article in searcher.snapshot.articles.values()]
    asked = searcher.learnt.words if searcher.learnt else ()
    return load_spelling(texts, searcher.terms, load_table(), frozenset().union(*asked))


def build_searcher(settings: BotSettings, embedder: Embeddings, terms: Terms) -> Searcher:
    """The index's current generation, open, with what was learnt for the model in use."""
    snapshot = open_index(settings.index)
    learnt = load_learnt(fingerprint(settings.index))
    return Searcher(snapshot, embedder.embed_documents, terms, learnt)


def model_name(settings: BotSettings) -> str:
    """The fingerprint of the embedding model, by which learnt weights are tied to it."""
    return fingerprint(settings.index)


def build_guard(
    settings: BotSettings,
    embedder: Embeddings | None,
    ahead: Ahead | None = None,
    *,
    looks_back: bool = True,
) -> Guard:
    """The guard with its second net; without an embedder, the rules alone.

    Args:
        settings: All settings.
        embedder: The embedding model; its vectors are used if it is the net's.
        ahead: The text whose vector a search for a message will need.
        looks_back: Whether the net reads a message together with the one before, too.
    """
    if embedder is None or settings.index.model != MINILM:
        net = load_net(looks_back=looks_back) if embedder else None
        return _bound(settings, net)
    model = shared(embedder)

    def read(texts: list[str]) -> Sequence[Mapping[str, float]]:
        return model.signs(texts, [ahead(texts[0])] if ahead else [])

    return _bound(settings, load_net(read, looks_back=looks_back))


def _bound(settings: BotSettings, net: Net | None) -> Guard:
    def assess(messages: Sequence[str], shown: Sequence[Sequence[Finding]] = (), /) -> Assessment:
        return guard.assess(messages, settings.clinic, net, shown)

    return assess


STAGES = (
    "guard", "guard_meant", "small_talk", "rewrite", "retrieve", "answerable", "compose",
    "supported", "write",
)  # fmt: skip


def _wrapped(parts: Parts, wrap: Wrap) -> Parts:
    bound = {name: stage for name in STAGES if (stage := getattr(parts, name))}
    stages: dict[str, Any] = {name: wrap(name, stage) for name, stage in bound.items()}
    return replace(parts, **stages)
