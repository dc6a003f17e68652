"""Vectors for everybody who asks: made together, remembered, and not waited for too long."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias, cast

from langchain_core.embeddings import Embeddings

from bot.attention import Attention, load_attention
from ingest.embed import embeddings, shipped
from ingest.settings import IndexSettings

if TYPE_CHECKING:
    from ingest.embed import MiniLM


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a text: its vector or, if it was seen closely, what attention reads in it."""

    vector: "array[float]"
    signs: Mapping[str, float]


Place: TypeAlias = "Future[Seen]"
"""Where what is seen of a text is or will be."""
Asked: TypeAlias = tuple[str, bool]
"""A text, and whether it is read closely: for its signs too."""
Reader: TypeAlias = Callable[[Sequence[str]], list[dict[str, float]]]
REMEMBERED = 4096
"""Texts whose vectors are kept (6 MB)."""
AT_ONCE = 64
"""Texts that go through the model in one pass."""
SOON = 1.0
"""Seconds that the guard waits. Without the vector it catches less, so a busy moment must not
cost it, while a model that hangs must not keep back what the rules have found."""
IDLE = 5.0
"""Seconds for which the thread waits for more work: to start one costs a busy server more."""
PATIENCE = 20.0
"""Seconds that anybody waits: less than the server gives an answer, so that its thread is freed."""


class Shared(Embeddings):
    """An embedding model shared by many threads.

    One thread works while there is work and a little longer: what is asked meanwhile waits and goes
    through the model in one pass, where a text costs half of what it costs alone. A model that
    hangs holds back that one thread.
    """

    def __init__(self, model: Embeddings, seconds: float = SOON) -> None:
        """Share a model, for which `signs` waits so long; no thread runs until one asks."""
        self._model = model
        self._seconds = seconds
        self._changed = Condition()
        self._kept: OrderedDict[Asked, Place] = OrderedDict()
        self._waiting: list[tuple[Asked, Place]] = []
        self._working = False

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text.

        Raises:
            TimeoutError: The model took too long. Whatever the model raises is passed on.
        """
        seen = _ready(self._ask((), texts), PATIENCE * (1 + len(texts) // AT_ONCE))
        return [text.vector.tolist() for text in seen]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]

    def signs(self, texts: Sequence[str], ahead: Sequence[str] = ()) -> list[Mapping[str, float]]:
        """What attention reads in each text, empty if the model is not the one it was trained on.

        Texts whose vectors will be asked next (`ahead`) go through the model in the same pass.

        Raises:
            TimeoutError: It was not there in time. Whatever the model raises is passed on.
        """
        seen = _ready(self._ask(texts, ahead)[: len(texts)], self._seconds)
        return [text.signs for text in seen]

    def expect(self, closely: Sequence[str], others: Sequence[str]) -> None:
        """Begin with texts whose signs, and others whose vectors, are asked next; nobody waits."""
        self._ask(closely, others)

    def _ask(self, closely: Sequence[str], others: Sequence[str]) -> list[Place]:
        with self._changed:
            asked = [self._place((text, True)) for text in closely]
            asked += [self._place((text, self._both(text))) for text in others]
            if self._waiting and not self._working:
                self._working = True
                Thread(target=self._work, name="vectors", daemon=True).start()
            elif self._waiting:
                self._changed.notify()
        return asked

    def _both(self, text: str) -> bool:
        """Whether the text has been seen in a way that gives its vector too."""
        return (text, True) in self._kept and not _sees(self._model)

    def _place(self, asked: Asked) -> Place:
        """Where what is seen of a text is or will be; the longest unused is forgotten."""
        if asked in self._kept:
            self._kept.move_to_end(asked)
            return self._kept[asked]
        if len(self._kept) >= REMEMBERED:
            self._kept.popitem(last=False)
        place: Place = Future()
        self._kept[asked] = place
        self._waiting.append((asked, place))
        return place

    def _work(self) -> None:
        while batch := self._next():
            try:
                made = _see(self._model, [asked for asked, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever asked is told
                self._forget(batch)
                for _, place in batch:
                    place.set_exception(error)
            else:
                for (_, place), seen in zip(batch, made, strict=True):
                    place.set_result(seen)

    def _next(self) -> list[tuple[Asked, Place]]:
        """What waits, as much as goes through at once; when long nothing came, the thread ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, IDLE)
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            self._working = bool(batch)
            return batch

    def _forget(self, batch: Sequence[tuple[Asked, Place]]) -> None:
        """What failed may be asked again."""
        with self._changed:
            for asked, place in batch:
                if self._kept.get(asked) is place:
                    del self._kept[asked]


def _see(model: Embeddings, asked: Sequence[Asked]) -> list[Seen]:
    """What is kept of each text; only the shipped model sees any closely."""
    if not _sees(model):
        vectors = model.embed_documents([text for text, _ in asked])
        return [Seen(array("f", vector), {}) for vector in vectors]
    attention, minilm = load_attention(), _shipped(cast("MiniLM", model))
    plain = [text for text, closely in asked if not closely]
    vectors, pieces = minilm.see(plain, [text for text, closely in asked if closely])
    plainly = (Seen(array("f", vector), {}) for vector in vectors)
    closely_seen = (Seen(array("f"), attention.read(text)) for text in pieces)
    return [next(closely_seen if closely else plainly) for _, closely in asked]


def _sees(model: Embeddings) -> bool:
    return hasattr(model, "see")


@cache
def _shipped(model: "MiniLM") -> "MiniLM":
    """The model with what the net has learnt."""
    return model.again(load_attention().added)


def reader(model: "MiniLM", attention: Attention) -> Reader:
    """What attention reads in texts."""
    own = model.again(attention.added)
    return lambda texts: [attention.read(pieces) for pieces in own.see([], texts)[1]]


def _ready(asked: Sequence[Place], seconds: float) -> list[Seen]:
    end = monotonic() + seconds
    return [place.result(max(0.0, end - monotonic())) for place in asked]


def shared(model: Embeddings) -> Shared:
    """The model, shared once."""
    return model if isinstance(model, Shared) else Shared(model)


def bare() -> "MiniLM":
    """The shipped model by itself: to learn from its word pieces, and to time it."""
    return shipped()


def minilm() -> Shared:
    """The shipped all-MiniLM-L6-v2, where no bot lends its own; nobody waits in a hurry."""
    return Shared(embeddings(IndexSettings()), seconds=PATIENCE)
