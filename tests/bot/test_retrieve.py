"""From a search to passages, over a small real index."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from bot.build import build_searcher
from bot.documents import PassageRetriever
from bot.examples import Examples
from bot.learnt import Learnt, Packed, digest, load_learnt, nearness
from bot.retrieve import ASKED, Searcher, fuse
from bot.terms import load_terms
from bot.types import Search
from ingest.run import ingest
from tests.bot.fakes import small_settings, write_corpus


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> Searcher:
    settings = small_settings(tmp_path_factory.mktemp("search"))
    write_corpus(settings.index.corpus)
    ingest((), settings.index, load=lambda _: minilm)
    return build_searcher(settings, minilm, load_terms())


def sections(searcher: Searcher, raw: str, standalone: str = "") -> list[str]:
    return [hit.passage.section for hit in searcher.find(Search(raw, standalone or raw)).hits]


def test_the_passage_of_the_best_sentence_comes_first(searcher: Searcher) -> None:
    assert sections(searcher, "how long do i hold the calf stretch")[0].startswith("How do I do")
    assert sections(searcher, "does a brace help")[0] == "Does a knee brace help?"


def test_lay_words_reach_the_articles_words(searcher: Searcher) -> None:
    assert sections(searcher, "knee sleeve any good")[0] == "Does a knee brace help?"


def test_the_standalone_form_counts_more_than_the_message_as_typed(searcher: Searcher) -> None:
    assert sections(searcher, "and that?", "does a knee brace help")[0] == "Does a knee brace help?"


def test_a_hit_keeps_where_it_came_from(searcher: Searcher) -> None:
    best = searcher.find(Search("calf stretch", "calf stretch")).hits[0]
    assert best.dense is not None
    assert best.bm25 is not None
    assert best.score == pytest.approx(max(best.scores))
    assert len(best.scores) == len(best.cosines) == len(best.passage.sentences)


def test_idf_is_the_log_of_rows_over_holders(searcher: Searcher) -> None:
    rows = len(searcher.snapshot.rows)
    holders = sum("brace" in item for item in _stems(searcher))
    assert searcher.idf["brace"] == pytest.approx(np.log1p(rows / holders))


def _stems(searcher: Searcher) -> list[frozenset[str]]:
    return [searcher._row_stems(row) for row in searcher.snapshot.rows]


def test_a_medicine_is_certain_whatever_was_learnt(searcher: Searcher) -> None:
    asked = "how much ibuprofen before a run"
    assert searcher.find(Search(asked, asked)).odds == {"medicine": 1.0}


def test_it_works_without_anything_learnt(searcher: Searcher) -> None:
    plain = Searcher(searcher.snapshot, searcher.embed, searcher.terms)
    found = plain.find(Search("does a brace help", "does a brace help"))
    assert found.hits[0].passage.section == "Does a knee brace help?"
    assert found.odds == {}


def test_the_langchain_retriever_gives_documents_with_provenance(searcher: Searcher) -> None:
    documents = PassageRetriever(find=searcher.find, k=2).invoke("does a brace help")
    assert len(documents) == 2
    assert documents[0].metadata["article"] == "braces"
    assert documents[0].metadata["sentence"] in documents[0].page_content


def test_weights_for_another_model_are_not_used(tmp_path: Path) -> None:
    assert load_learnt("another-model") is None
    assert load_learnt("any", tmp_path / "missing.json") is None


def test_a_packed_matrix_comes_back_to_sixteen_bits() -> None:
    matrix = np.array([[0.5, -1.25], [3.0, 0.0], [1e-3, 2.0]], dtype=np.float32)
    assert np.allclose(Packed.pack(matrix).unpack(), matrix, atol=1e-3)


def test_a_lens_of_zeros_changes_nothing_and_odds_sum_to_one() -> None:
    zeros = np.zeros((2, 1), dtype=np.float32)
    weights = np.zeros((2, 7), dtype=np.float32)
    weights[0, 0], weights[0, 3] = 1.0, 0.5
    nothing, one = np.zeros(2, dtype=np.float32), np.ones(5, dtype=np.float32)
    asked = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    kinds = np.array([0, 1])
    learnt = Learnt(
        zeros, zeros.T, ("a", "b"), weights, nothing, one * 0, one, asked=asked, kinds=kinds
    )
    vector = np.array([0.6, 0.8], dtype=np.float32)
    assert np.allclose(learnt.look(vector), vector)
    odds = learnt.odds(vector, [0.0])
    # By hand: 2.8 * 0.6 and half of the likeness to a's example, 0.6: 1.98 against 0,
    # so a has 1 / (1 + e^-1.98) = 0.8787.
    assert odds["a"] == pytest.approx(0.8787, abs=1e-4)
    assert sum(odds.values()) == pytest.approx(1.0)


def test_nearness_is_of_the_best_example_of_each_kind_and_of_its_best_three() -> None:
    like = np.array([0.9, 0.1, 0.6, 0.3, 0.5], dtype=np.float32)
    kinds = np.array([0, 0, 1, 0, 0])
    # By hand: (0.9 + 0.5 + 0.3) / 3 = 0.5667; one example is its own mean; a kind may have none.
    expected = [0.9, 0.5667, 0.6, 0.6, 0.0, 0.0]
    assert nearness(like, kinds, 3) == pytest.approx(expected, abs=1e-4)


def test_a_row_is_as_near_as_the_nearest_example_it_answers() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]], dtype=np.float32)
    stems = (frozenset({"ice"}), frozenset({"brace"}), frozenset({"cold", "ice"}))
    examples = Examples(vectors, stems, ((0, 2), (), (1,)))
    asked = np.array([0.6, 0.8], dtype=np.float32)
    # By hand: row 0 answers examples 0 (0.6) and 2 (0.36 + 0.64 = 1), row 2 example 1 (0.8).
    assert examples.near(asked) == pytest.approx([1.0, 0.0, 0.8])
    assert examples.known.tolist() == [True, False, True]
    assert examples.holders == {"ice": [0], "cold": [0], "brace": [2]}


def test_a_sentence_is_found_by_the_words_of_an_example_it_answers(searcher: Searcher) -> None:
    assert searcher.learnt
    row = next(i for i, r in enumerate(searcher.snapshot.rows) if "brace" in searcher.text(r))
    name = digest(searcher.text(searcher.snapshot.rows[row]))
    taught = replace(
        searcher.learnt,
        sentences={name: (0,)},
        asked=np.zeros((1, 384), dtype=np.float32),
        kinds=np.zeros(1, dtype=np.intp),
        words=(frozenset({"gadget"}),),
    )
    wordless = replace(taught, words=(frozenset(),))
    query, vector = "which gadget", np.zeros(384, dtype=np.float32)
    vector[0] = 1.0
    with_word, without = (
        replace(searcher, learnt=learnt)._score(query, vector).total
        for learnt in (taught, wordless)
    )
    # By hand: the example has the question's only content word, so the row gains the whole weight.
    gained = with_word - without
    assert gained[row] == pytest.approx(ASKED)
    assert np.delete(gained, row) == pytest.approx(0.0)


def test_rank_fusion_worked_by_hand() -> None:
    # Item 2: 1/62 + 1/61; item 1: 1/61; item 3: 1/62 (Cormack et al. 2009, k = 60).
    fused = fuse([[1, 2], [2, 3]])
    assert list(fused) == [2, 1, 3]
    assert fused[2] == pytest.approx(1 / 62 + 1 / 61)
    assert fused[1] == pytest.approx(1 / 61)
    assert fused[3] == pytest.approx(1 / 62)
