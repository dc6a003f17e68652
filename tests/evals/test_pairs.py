"""The check's own error rates: pairs by hand and by rule."""

from pathlib import Path

import pytest

from bot.support import Support
from bot.terms import load_terms
from evals.pairs import ALTERED, SAME, Judged, Pair, by_hand, pairs, report, similarity

CORPUS = Path(__file__).parents[2] / "corpus"
HAND = tuple(by_hand())
CHECK = Support(load_terms())


def test_every_source_of_a_pair_by_hand_is_a_sentence_of_the_articles() -> None:
    text = " ".join(path.read_text("utf-8") for path in CORPUS.glob("*.md"))
    assert [pair.source for pair in HAND if pair.source not in text] == []


def test_half_of_the_pairs_by_hand_are_for_measuring_only() -> None:
    said = [pair.made for pair in HAND if pair.supported]
    assert len(said) >= 80
    assert said.count("by hand, measure: said") == len(said) // 2


@pytest.mark.parametrize("half", ["tune", "measure"])
def test_hardly_anything_altered_by_hand_is_accepted(half: str) -> None:
    altered = [pair for pair in HAND if pair.made == f"by hand, {half}: altered"]
    accepted = [pair for pair in altered if CHECK.supported(pair.statement, [pair.source])]
    assert len(accepted) / len(altered) <= 0.06


def test_a_sentence_is_changed_by_each_rule_that_fits_it() -> None:
    made = {pair.made for pair in pairs(["You should not run 3–5 miles if the hip hurts."] * 2)}
    assert {"framed", "range in words", "figure changed", "not removed", "part swapped"} <= made
    assert made <= {*SAME, *ALTERED, "unrelated", "source swapped"}


def test_the_report_counts_each_kind_and_hides_what_is_for_measuring() -> None:
    judged = [
        Judged(Pair("a", "b", "figure changed", supported=False), accepted=True),
        Judged(Pair("secret", "d", "by hand, measure: said", supported=True), accepted=False),
    ]
    told = report(judged, wrong=True)
    assert "by rule: false acceptances      1 pairs, wrong    1  100.0 %" in told
    assert "by hand: false rejections       1 pairs, wrong    1  100.0 %" in told
    assert "secret" not in told


def test_similarity_counts_what_a_least_cosine_would_cut() -> None:
    judged = [
        Judged(Pair("near", "x", "framed", supported=True), accepted=True),
        Judged(Pair("far", "x", "framed", supported=False), accepted=True),
    ]
    vectors = {"near": [1.0, 0.0], "x": [1.0, 0.0], "far": [0.0, 1.0]}
    told = similarity(judged, lambda texts: [vectors[text] for text in texts])
    assert "least cosine 0.50: cuts 1 of 1 false acceptances, 0 of 1 right ones" in told
