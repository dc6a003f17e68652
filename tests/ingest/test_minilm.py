"""Our forward pass against the library's, on text of every shape."""

import sys

import numpy as np
import numpy.typing as npt
import pytest
from langchain_core.embeddings import Embeddings

from ingest import forward, minilm
from ingest.embed import checked_minilm, embeddings
from ingest.settings import IndexSettings

TEXTS = [
    "",
    "x",
    "How long should I rest with runner's knee?",
    "Two\nlines,  with   gaps\tand a tab\n",
    "Naïve Ünïcode, 膝が痛い, колено, 🦵",
    "patellofemoral " * 400,
    "knee" * 300,
    *(f"Question {n} about the {'calf ' * n}stretch" for n in range(80)),
]


@pytest.fixture(scope="module")
def library() -> npt.NDArray[np.float64]:
    """What sentence-transformers makes of the texts."""
    model = embeddings(IndexSettings(model=str(checked_minilm())))
    return np.array(model.embed_documents(TEXTS))


@pytest.fixture(scope="module")
def ours() -> Embeddings:
    return embeddings(IndexSettings())


def test_many_texts_get_the_librarys_vectors(
    ours: Embeddings, library: npt.NDArray[np.float64]
) -> None:
    assert isinstance(ours, minilm.MiniLM)
    assert np.abs(np.array(ours.embed_documents(TEXTS)) - library).max() < 1e-6


def test_one_text_gets_the_librarys_vector(
    ours: Embeddings, library: npt.NDArray[np.float64]
) -> None:
    alone = np.array([ours.embed_query(text) for text in TEXTS])
    assert np.abs(alone - library).max() < 1e-6


def test_without_onednn_the_vectors_are_the_same(
    library: npt.NDArray[np.float64], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward, "packing", lambda: None)
    plain = minilm.MiniLM(checked_minilm())
    assert np.abs(np.array(plain.embed_documents(TEXTS)) - library).max() < 1e-6


def test_seen_closely_with_nothing_added_the_last_pieces_make_the_vector(
    ours: Embeddings,
) -> None:
    assert isinstance(ours, minilm.MiniLM)
    vectors, close = ours.see(TEXTS[:6], TEXTS[2:8])
    last = [pieces[0, :, 384:].mean(0) for pieces in close]
    wanted = np.array(ours.embed_documents(TEXTS[:8]))
    made = np.array(last) / np.linalg.norm(last, axis=1, keepdims=True)
    assert np.abs(np.array(vectors) - wanted[:6]).max() < 1e-6
    assert np.abs(made - wanted[2:]).max() < 1e-6
    assert np.abs(close[0][0, :, :384] - ours.read(TEXTS[2:3])[0].pieces).max() < 1e-5


@pytest.mark.parametrize("part", ["heads", "inner", "outer"])
def test_what_is_added_counts_for_what_is_seen_closely_alone(ours: Embeddings, part: str) -> None:
    assert isinstance(ours, minilm.MiniLM)
    weight = ours.upper()[2][part][0]
    up = np.linspace(-1, 1, weight.shape[0], dtype=np.float32)[None, :, None]
    down = np.linspace(-0.01, 0.01, weight.shape[1], dtype=np.float32)[None, None]
    own = ours.again({f"6.{part}.up": up, f"6.{part}.down": down})
    vectors, close = own.see(TEXTS[2:5], TEXTS[2:5])
    assert np.abs(np.array(vectors) - np.array(ours.embed_documents(TEXTS[2:5]))).max() < 1e-6
    for mine, plain in zip(close, ours.see([], TEXTS[2:5])[1], strict=True):
        assert np.abs(mine[..., :384] - plain[..., :384]).max() < 1e-5
        assert np.abs(mine[..., 384:] - plain[..., 384:]).max() > 1e-3


def test_half_a_character_is_read_as_a_question_mark(ours: Embeddings) -> None:
    assert ours.embed_query("knee \ud83e") == ours.embed_query("knee ?")


def test_a_pass_is_a_few_calls_from_python(ours: Embeddings) -> None:
    ours.embed_query("once")
    calls: list[str] = []
    before = sys.getprofile()
    sys.setprofile(lambda _, event, __: calls.append(event))
    try:
        ours.embed_documents(["a calf stretch", "ice"])
    finally:
        sys.setprofile(before)
    assert calls.count("c_call") < 60, "each operation waits for Python's lock"


def test_no_text_gives_no_vector(ours: Embeddings) -> None:
    assert ours.embed_documents([]) == []
