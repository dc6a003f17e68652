"""Each formula, worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import metrics


def test_recall_is_the_share_of_relevant_items_found() -> None:
    # Relevant: b, d, e. Among the first three of a b c d: only b. 1 of 3.
    assert metrics.recall_at(3, "abcd", set("bde")) == pytest.approx(1 / 3)


def test_reciprocal_rank_looks_at_the_first_relevant_item() -> None:
    assert metrics.reciprocal_rank("abcd", set("cd")) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank("abcd", set("x")) == 0.0


def test_ndcg_against_a_worked_example() -> None:
    # Gains by position 3 2 0 1 (wanted: 3 2 1). DCG = 3/1 + 2/1.585 + 0 + 1/2.322 = 4.693;
    # best = 3/1 + 2/1.585 + 1/2 = 4.762. Ratio 0.9854.
    gains = {"a": 3.0, "b": 2.0, "d": 1.0}
    assert metrics.ndcg_at(4, "abcd", gains) == pytest.approx(0.9854, abs=1e-4)


def test_wilson_against_a_published_interval() -> None:
    # 81 of 263: 0.2553 to 0.3662 (Newcombe, Statistics in Medicine 17 (1998), table I, method 3).
    interval = metrics.wilson(81, 263)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_mcnemar_counts_only_cases_that_changed() -> None:
    # 1 better, 5 worse: 2 × (C(6,0) + C(6,1)) / 2^6 = 2 × 7 / 64 = 0.21875.
    assert metrics.mcnemar_exact(1, 5) == pytest.approx(0.21875)
    assert metrics.mcnemar_exact(3, 3) == 1.0
    # 6 worse, none better: 2 / 64, the fewest one-sided changes with p < 0.05.
    assert metrics.mcnemar_exact(0, 6) == pytest.approx(0.03125)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_symmetric_and_a_probability(better: int, worse: int) -> None:
    p = metrics.mcnemar_exact(better, worse)
    assert p == metrics.mcnemar_exact(worse, better)
    assert p is None or 0 < p <= 1


def test_bootstrap_of_equal_differences_is_that_difference() -> None:
    interval = metrics.bootstrap([0.25] * 8)
    assert interval == metrics.Interval(0.25, 0.25)


def test_bootstrap_gives_the_same_interval_each_time() -> None:
    differences = [0.0, 1.0, -1.0, 1.0, 0.0, 1.0]
    assert metrics.bootstrap(differences) == metrics.bootstrap(differences)


def test_quantile_lies_between_neighbours() -> None:
    # Position 0.95 × 3 = 2.85: 30 + 0.85 × 10.
    assert metrics.quantile([40, 10, 20, 30], 0.95) == pytest.approx(38.5)


def test_reading_grade_against_a_sentence_counted_by_hand() -> None:
    # "The cat sat on the mat.": 6 words, 1 sentence, 6 syllables.
    # 0.39 × 6 + 11.8 × 1 − 15.59 = −1.45.
    assert metrics.reading_grade("The cat sat on the mat.") == pytest.approx(-1.45)


@pytest.mark.parametrize(
    ("word", "count"),
    [("knee", 1), ("muscle", 2), ("exercise", 3), ("stretched", 1), ("needed", 2), ("times", 1)],
)
def test_syllables_of_common_words(word: str, count: int) -> None:
    assert metrics.syllables(word) == count


def test_what_does_not_apply_is_none_and_never_zero() -> None:
    nothing: set[str] = set()
    assert metrics.recall_at(3, "abc", nothing) is None
    assert metrics.reciprocal_rank("abc", nothing) is None
    assert metrics.ndcg_at(3, "abc", {}) is None
    assert metrics.wilson(0, 0) is None
    assert metrics.mcnemar_exact(0, 0) is None
    assert metrics.bootstrap([]) is None
    assert metrics.quantile([], 0.5) is None
    assert metrics.mean([]) is None
    assert metrics.reading_grade("[1] …") is None


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_holds_the_share_and_stays_a_share(successes: int, more: int) -> None:
    n = successes + more
    interval = metrics.wilson(successes, n)
    assert interval is not None
    assert 0 <= interval.low <= successes / n + 1e-9
    assert successes / n - 1e-9 <= interval.high <= 1
    assert not math.isnan(interval.low)
