"""Our forward pass against the library's, on text of every shape."""

import sys

import numpy as np
import numpy.typing as npt
import pytest
from langchain_core.embeddings import Embeddings

from ingest import minilm
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
    monkeypatch.setattr(minilm, "packing", lambda: None)
    plain = minilm.MiniLM(checked_minilm())
    assert np.abs(np.array(plain.embed_documents(TEXTS)) - library).max() < 1e-6


def test_the_upper_layers_go_on_where_the_pieces_end(ours: Embeddings) -> None:
    assert isinstance(ours, minilm.MiniLM)
    upper = minilm.Upper(ours.upper(), {})
    read = ours.read(TEXTS[:8])
    means = np.array([last.mean(0) for last in upper.read([r.pieces for r in read])])
    vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    assert np.abs(vectors - np.array([r.vector for r in read])).max() < 1e-5


def test_what_is_added_to_a_matrix_is_added_to_that_matrix(ours: Embeddings) -> None:
    assert isinstance(ours, minilm.MiniLM)
    layers = ours.upper()
    up, down = np.ones((384, 1), np.float32), np.full((1, 1536), 0.01, np.float32)
    added = minilm.Upper(layers, {"6.outer.up": up, "6.outer.down": down})
    weight, bias = layers[2]["outer"]
    changed = [*layers[:2], layers[2] | {"outer": (weight + 0.01, bias)}]
    pieces = [read.pieces for read in ours.read(TEXTS[2:4])]
    for one, two in zip(added.read(pieces), minilm.Upper(changed, {}).read(pieces), strict=True):
        assert np.abs(one - two).max() < 1e-5


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
