"""Formulas, and nothing else: numbers in, a number out, None where the formula does not apply.

Each docstring gives formula, unit and source; `tests/evals/test_metrics.py` works each by hand.
"""

import math
import random
import re
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def recall_at(k: int, ranked: Sequence[Item], relevant: AbstractSet[Item]) -> float | None:
    """Recall@k: the share of the relevant items among the first k.

    |relevant ∩ first k| / |relevant|. Unit: share, 0–1. None without relevant items.
    Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), 8.4.
    """
    if not relevant:
        return None
    return len(relevant & set(ranked[:k])) / len(relevant)


def reciprocal_rank(ranked: Sequence[Item], relevant: AbstractSet[Item]) -> float | None:
    """Reciprocal rank: 1 / (position, from 1, of the first relevant item); its mean is MRR.

    Unit: 0–1, 0 where no relevant item is ranked. None without relevant items.
    Source: Voorhees, The TREC-8 Question Answering Track Report (1999).
    """
    if not relevant:
        return None
    return next((1 / i for i, item in enumerate(ranked, 1) if item in relevant), 0.0)


def ndcg_at(k: int, ranked: Sequence[Item], gains: Mapping[Item, float]) -> float | None:
    """nDCG@k: discounted gain of the first k over that of the best possible order.

    DCG = Σ gain(i) / log2(i + 1), i from 1. Unit: 0–1. None where nothing has a gain.
    Source: Järvelin, Kekäläinen, ACM TOIS 20 (2002).
    """
    best = _dcg(sorted(gains.values(), reverse=True)[:k])
    if not best:
        return None
    return _dcg([gains.get(item, 0.0) for item in ranked[:k]]) / best


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(i + 1) for i, gain in enumerate(gains, 1))


def wilson(successes: int, n: int) -> Interval | None:
    """Wilson's score interval of a share, 95 %.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Unit: share. None for n = 0.
    Source: Wilson, JASA 22 (1927).
    """
    if n == 0:
        return None
    p, z = successes / n, Z95
    middle = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def mcnemar_exact(better: int, worse: int) -> float | None:
    """McNemar's test, exact: how likely so uneven a split of changed cases is by chance alone.

    p = min(1, 2 Σ_{i ≤ min(b, c)} C(b+c, i) / 2^(b+c)), b cases better and c worse.
    Unit: probability. None where no case changed.
    Source: McNemar, Psychometrika 12 (1947); exact after Fagerland et al., BMC MRM 13 (2013).
    """
    n = better + worse
    if n == 0:
        return None
    tail = sum(math.comb(n, i) for i in range(min(better, worse) + 1))
    return min(1.0, float(2 * tail) / float(2**n))


def bootstrap(differences: Sequence[float], times: int = 2000, seed: int = 7) -> Interval | None:
    """Percentile bootstrap interval, 95 %, of a mean of paired differences.

    Resamples the pairs `times` times with a fixed seed, so that the same runs give the same
    interval. Unit: that of the differences. None without pairs.
    Source: Efron, Tibshirani, An Introduction to the Bootstrap (1993), 13.3.
    """
    if not differences:
        return None
    n, chance = len(differences), random.Random(seed)
    means = sorted(math.fsum(chance.choices(differences, k=n)) / n for _ in range(times))
    return Interval(means[int(0.025 * times)], means[int(0.975 * times) - 1])


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share of all values lies, between neighbours in proportion.

    Unit: that of the values. None without values.
    Source: type 7 of Hyndman, Fan, The American Statistician 50 (1996).
    """
    if not values:
        return None
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None without values."""
    return math.fsum(values) / len(values) if values else None


def reading_grade(text: str) -> float | None:
    """Flesch–Kincaid grade: the school year (US) in which the text is readable.

    0.39 words/sentences + 11.8 syllables/words − 15.59. Syllables are counted as groups of vowels
    without a silent final e. Unit: school years. None without words.
    Source: Kincaid et al., Research Branch Report 8-75 (1975).
    """
    words = re.findall(r"[a-zA-Z]+(?:['’][a-zA-Z]+)?", text)
    if not words:
        return None
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)|\n(?=\S)", text.strip() + "\n")))
    total = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * total / len(words) - 15.59


def syllables(word: str) -> int:
    """The syllables of an English word, by its groups of vowels; at least 1."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    silent = re.sub(r"(?<=[^laeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^sxzcgaeiouy])es$", "", plain)
    return max(1, len(re.findall(r"[aeiouy]+", silent)))
