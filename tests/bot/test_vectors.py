"""One model for many threads: batches, memory, failures, and a model that is slow."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from time import sleep

import pytest
from langchain_core.embeddings import Embeddings

from bot import vectors
from bot.build import build_guard
from bot.guard import assess
from bot.net import load_net
from bot.redflags.table import BY_ID
from bot.settings import BotSettings
from bot.vectors import Shared, shared
from tests.fakes import WordCountEmbeddings

LEXICAL_CATCH = "something hard and white is poking out through her lower leg"


class Gated(WordCountEmbeddings):
    """Works only after `open` is set; `began` counts passes, `passes` holds their texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.began = Event(), Semaphore(0)
        self.passes: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.passes.append(texts)
        self.began.release()
        assert self.open.wait(60)
        return super().embed_documents(texts)


class Failing(WordCountEmbeddings):
    """Fails the first time."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not self.embedded:
            self.embedded.extend(texts)
            raise OSError("no memory")
        return super().embed_documents(texts)


@pytest.fixture
def gated() -> Iterator[Gated]:
    model = Gated()
    yield model
    model.open.set()


def working() -> int:
    """Threads at work on vectors."""
    return sum(thread.name == "vectors" for thread in threading.enumerate())


def near(made: list[list[float]], model: Embeddings, texts: list[str]) -> bool:
    wanted = model.embed_documents(texts)
    return all(m == pytest.approx(w, abs=1e-6) for m, w in zip(made, wanted, strict=True))


def test_each_text_gets_its_own_vector() -> None:
    texts = [f"text {n} of many" for n in range(150)]
    assert near(shared(WordCountEmbeddings()).embed_documents(texts), WordCountEmbeddings(), texts)


def test_what_is_asked_during_a_pass_goes_through_the_next_one_together(gated: Gated) -> None:
    model = Shared(gated)
    texts = [f"visitor {n}" for n in range(20)]
    with ThreadPoolExecutor(21) as threads:
        first = threads.submit(model.embed_query, "first")
        gated.began.acquire()
        rest = [threads.submit(model.embed_documents, [text]) for text in texts]
        while len(model._waiting) < len(texts):
            sleep(0.001)
        gated.open.set()
        assert near([first.result()], WordCountEmbeddings(), ["first"])
        made = [future.result()[0] for future in rest]
    assert near(made, WordCountEmbeddings(), texts), "a vector went to somebody else"
    assert [sorted(texts) for texts in gated.passes] == [["first"], sorted(texts)]


def test_a_text_is_embedded_once() -> None:
    model = WordCountEmbeddings()
    one = Shared(model)
    one.signs(["hello", "again"], ["ahead"])
    one.embed_documents(["again", "hello", "ahead", "hello"])
    assert model.embedded == ["hello", "again", "ahead"]


def test_the_shipped_model_gives_signs_and_any_other_none(minilm: Embeddings) -> None:
    signs = Shared(minilm).signs([LEXICAL_CATCH, "how long do I hold the stretch?"])
    assert set(signs[0]) == {*BY_ID, "serious", "any"}
    assert signs[0]["serious"] > signs[1]["serious"]
    assert Shared(WordCountEmbeddings()).signs([LEXICAL_CATCH]) == [{}]


def test_what_is_expected_is_made_before_it_is_asked(gated: Gated) -> None:
    one = Shared(gated)
    one.expect(["hello"], ["ahead"])
    gated.began.acquire()
    gated.open.set()
    one.signs(["hello"], ["ahead"])
    assert gated.passes == [["hello", "ahead"]]


def test_the_longest_unused_text_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "REMEMBERED", 2)
    model = WordCountEmbeddings()
    one = Shared(model)
    for text in ("a", "b", "a", "c", "a", "b"):
        one.embed_query(text)
    assert model.embedded == ["a", "b", "c", "b"]


def test_more_texts_than_are_remembered_all_get_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "REMEMBERED", 2)
    texts = [f"text {n}" for n in range(200)]
    assert near(Shared(WordCountEmbeddings()).embed_documents(texts), WordCountEmbeddings(), texts)


def test_a_failure_is_told_and_may_be_tried_again() -> None:
    one = Shared(Failing())
    with pytest.raises(OSError, match="no memory"):
        one.embed_query("knee")
    assert near([one.embed_query("knee")], WordCountEmbeddings(), ["knee"])


def test_a_slow_model_leaves_the_guard_to_words_and_costs_one_thread(
    gated: Gated, caplog: pytest.LogCaptureFixture
) -> None:
    before = working()
    guard = build_guard(BotSettings(), Shared(gated, seconds=0.01))
    without = assess([LEXICAL_CATCH], net=load_net())
    assert without.level == "emergency", "the case shows nothing if words do not catch it"
    for n in range(5):
        assert guard([f"{LEXICAL_CATCH}{' again' * n}"]).level == without.level
    assert caplog.text.count("TimeoutError") >= 5
    assert "AssertionError" not in caplog.text, "the guard waited until the model gave up"
    assert working() == before + 1
    gated.open.set()
    for thread in threading.enumerate():
        if thread.name == "vectors":
            thread.join(60)
    assert working() == 0
