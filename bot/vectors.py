"""Vectors for everybody who asks: made together, remembered, and not waited for too long."""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic
from typing import TypeAlias

from langchain_core.embeddings import Embeddings

from bot.net import Embed
from ingest.embed import embeddings
from ingest.settings import IndexSettings

Place: TypeAlias = "Future[array[float]]"
"""Where a vector is or will be."""
REMEMBERED = 4096
"""Texts whose vectors are kept (6 MB)."""
AT_ONCE = 64
"""Texts that go through the model in one pass."""
SOON = 1.0
"""Seconds that the guard waits. Without the vector it catches less, so a busy moment must not
cost it, while a model that hangs must not keep back what the rules have found."""
PATIENCE = 20.0
"""Seconds that anybody waits: less than the server gives an answer, so that its thread is freed."""


class Shared(Embeddings):
    """An embedding model shared by many threads.

    One thread works while there is work: what is asked meanwhile waits and goes through the model
    in one pass, where a text costs half of what it costs alone. A model that hangs holds back
    that one thread.
    """

    def __init__(self, model: Embeddings, seconds: float = SOON) -> None:
        """Share a model, for whose vectors `soon` waits so long; no thread runs until one asks."""
        self._model = model
        self._seconds = seconds
        self._lock = Lock()
        self._kept: OrderedDict[str, Place] = OrderedDict()
        self._waiting: list[tuple[str, Place]] = []
        self._working = False

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text.

        Raises:
            TimeoutError: The model took too long. Whatever the model raises is passed on.
        """
        return _ready(self._ask(texts), PATIENCE * (1 + len(texts) // AT_ONCE))

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]

    def soon(self, texts: Sequence[str], ahead: Sequence[str] = ()) -> list[list[float]]:
        """One vector a text; those that will be asked next (`ahead`) are made in the same pass.

        Raises:
            TimeoutError: They were not there in time. Whatever the model raises is passed on.
        """
        return _ready(self._ask([*texts, *ahead])[: len(texts)], self._seconds)

    def _ask(self, texts: Sequence[str]) -> list[Place]:
        with self._lock:
            asked = [self._place(text) for text in texts]
            if self._waiting and not self._working:
                self._working = True
                Thread(target=self._work, name="vectors", daemon=True).start()
        return asked

    def _place(self, text: str) -> Place:
        """Where the text's vector is or will be; the longest unused is forgotten."""
        if text in self._kept:
            self._kept.move_to_end(text)
            return self._kept[text]
        if len(self._kept) >= REMEMBERED:
            self._kept.popitem(last=False)
        place: Place = Future()
        self._kept[text] = place
        self._waiting.append((text, place))
        return place

    def _work(self) -> None:
        while batch := self._next():
            try:
                made = self._model.embed_documents([text for text, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever asked is told
                self._forget(batch)
                for _, place in batch:
                    place.set_exception(error)
            else:
                for (_, place), vector in zip(batch, made, strict=True):
                    place.set_result(array("f", vector))

    def _next(self) -> list[tuple[str, Place]]:
        """What waits, as much as goes through at once; after nothing the thread ends."""
        with self._lock:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            self._working = bool(batch)
            return batch

    def _forget(self, batch: Sequence[tuple[str, Place]]) -> None:
        """What failed may be asked again."""
        with self._lock:
            for text, place in batch:
                if self._kept.get(text) is place:
                    del self._kept[text]


def _ready(asked: Sequence[Place], seconds: float) -> list[list[float]]:
    end = monotonic() + seconds
    return [place.result(max(0.0, end - monotonic())).tolist() for place in asked]


def shared(model: Embeddings) -> Shared:
    """The model, shared once."""
    return model if isinstance(model, Shared) else Shared(model)


def minilm() -> Embed:
    """Texts to vectors of the shipped all-MiniLM-L6-v2, where no bot lends its own."""
    return embeddings(IndexSettings()).embed_documents
