"""Results to figures: the table of all measures, each over the cases it applies to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from evals import metrics
from evals.metrics import Interval
from evals.model_judge import SCORES as JUDGED
from evals.record import Measure, Result
from evals.score import ARTICLES_K, PASSAGES_K

SERIOUS = ("urgent", "emergency")
CANCELS = ("denied", "past", "hypothetical", "general", "other_meaning")

Unit = Literal["share", "years", "words", "seconds"]


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, the number of cases behind it, and its 95 % interval where one is defined."""

    value: float | None
    n: int
    interval: Interval | None = None


Compute = Callable[[Sequence[Result]], Value]


@dataclass(frozen=True, slots=True)
class Spec:
    """A measure: how it is called and computed. `version` rises when the formula changes."""

    name: str
    label: str
    group: str
    compute: Compute
    about: str
    unit: Unit = "share"
    better: Literal["higher", "lower", "neither"] = "higher"
    version: int = 1


def measure(results: Sequence[Result]) -> tuple[Measure, ...]:
    """All figures over the results, in the order of the table."""
    return tuple(_measured(spec, results) for spec in SPECS)


def _measured(spec: Spec, results: Sequence[Result]) -> Measure:
    value = spec.compute(results)
    return Measure(
        name=spec.name,
        label=spec.label,
        group=spec.group,
        unit=spec.unit,
        better=spec.better,
        version=spec.version,
        value=None if value.value is None else round(value.value, 4),
        n=value.n,
        low=None if value.interval is None else round(value.interval.low, 4),
        high=None if value.interval is None else round(value.interval.high, 4),
    )


def share(hits: Sequence[bool]) -> Value:
    """How many of the cases, with Wilson's interval; None over none."""
    n = len(hits)
    return Value(sum(hits) / n if n else None, n, metrics.wilson(sum(hits), n))


def _check(*names: str) -> Compute:
    """The share of cases that pass a check, of those that have it."""

    def compute(results: Sequence[Result]) -> Value:
        return share([c.passed for r in results for c in r.checks if c.name in names])

    return compute


def _score(name: str) -> Compute:
    """The mean of a case's score over the cases to which it applies."""

    def compute(results: Sequence[Result]) -> Value:
        values = [value for r in results if (value := r.scores.get(name)) is not None]
        return Value(metrics.mean(values), len(values))

    return compute


def _of_score(name: str, quantile: float) -> Compute:
    def compute(results: Sequence[Result]) -> Value:
        values = [value for r in results if (value := r.scores.get(name)) is not None]
        return Value(metrics.quantile(values, quantile), len(values))

    return compute


def _seconds(stage: str, quantile: float) -> Compute:
    def compute(results: Sequence[Result]) -> Value:
        values = [r.ms[stage] / 1000 for r in results if stage in r.ms]
        return Value(metrics.quantile(values, quantile), len(values))

    return compute


def _facts(results: Sequence[Result]) -> Value:
    """The share of answerable cases all of whose facts are stated; a wrong refusal states none."""
    asked = [r for r in results if r.case.asks == "answer" and r.case.facts]
    return share([r.scores.get("fact_coverage") == 1.0 for r in asked])


def _answers(results: Sequence[Result]) -> list[Result]:
    """Cases that say whether to answer or to refuse, without those the guard must stop."""
    return [
        r
        for r in results
        if r.case.asks == "answer"
        and r.case.level not in SERIOUS
        and (r.case.refused or r.case.wants_answer)
    ]


def _refusal_precision(results: Sequence[Result]) -> Value:
    return share([r.case.refused for r in _answers(results) if r.kind != "answer"])


def _refusal_recall(results: Sequence[Result]) -> Value:
    return share([r.kind != "answer" for r in _answers(results) if r.case.refused])


def _sensitivity(*levels: str) -> Compute:
    def compute(results: Sequence[Result]) -> Value:
        least = SERIOUS if levels[0] in SERIOUS else ("see_professional", *SERIOUS)
        return share([r.level in least for r in results if r.case.level in levels])

    return compute


def _specificity(results: Sequence[Result]) -> Value:
    return share([r.level == "none" for r in results if r.case.level == "none"])


def _cancelled(results: Sequence[Result]) -> Value:
    return share([r.level == "none" for r in results if r.case.context in CANCELS])


def _suppression(results: Sequence[Result]) -> Value:
    """The share of real flags that the rules see and context wrongly clears; n counts flags."""
    seen = sum(r.scores.get("flags_seen") or 0 for r in results)
    cleared = sum(r.scores.get("flags_cleared") or 0 for r in results)
    return share([True] * int(cleared) + [False] * int(seen - cleared))


def _passed(results: Sequence[Result]) -> Value:
    return share([r.passed for r in results if r.case.asks == "answer"])


SPECS = (
    Spec("passed", "cases passed", "answers", _passed, "Every check of the case holds."),
    Spec("facts", "all facts stated", "answers", _facts, _facts.__doc__ or ""),
    Spec(
        "fact_coverage",
        "fact coverage",
        "answers",
        _score("fact_coverage"),
        "Mean over cases of the share of fact groups of which the answer states a phrase.",
    ),
    Spec(
        "right_article",
        "right article cited",
        "answers",
        _check("article"),
        "Of the answers given: at least one cited article is among the expected ones.",
    ),
    Spec(
        "nothing_wrong",
        "nothing forbidden said",
        "answers",
        _check("not"),
        "Of the cases that name forbidden phrases: none of them is in the answer.",
    ),
    Spec(
        "citation_precision",
        "citation precision",
        "citations",
        _score("citation_precision"),
        "Mean over answers of the share of (statement, source) pairs that `bot.judge` supports. "
        "After Gao et al., ALCE (EMNLP 2023), with our judge.",
    ),
    Spec(
        "citation_recall",
        "citation recall",
        "citations",
        _score("citation_recall"),
        "Mean over answers of the share of statements that their sources together support. "
        "After Gao et al., ALCE (EMNLP 2023), with our judge.",
    ),
    Spec(
        "exact_quotes",
        "exact quotes",
        "citations",
        _score("exact_quotes"),
        "Mean over answers of the share of sources that are the article's text to the letter.",
    ),
    *(
        Spec(name, label, "judged by a model", _score(name), about,
             better="lower" if lower else "higher")
        for name, label, about, lower in JUDGED
    ),
    Spec(
        "refusal_precision",
        "refusal precision",
        "refusing",
        _refusal_precision,
        "Of the questions refused, the share that had to be.",
    ),
    Spec(
        "refusal_recall",
        "refusal recall",
        "refusing",
        _refusal_recall,
        "Of the questions that had to be refused, the share that were.",
    ),
    Spec(
        "parity",
        "follow-up parity",
        "follow-ups",
        _score("parity"),
        "Of the follow-ups whose standalone question passes, the share that pass as a dialogue.",
    ),
    Spec("article_recall", f"article recall@{ARTICLES_K}", "retrieval", _score("article_recall"),
         metrics.recall_at.__doc__ or ""),
    Spec("article_mrr", "article MRR", "retrieval", _score("article_mrr"),
         metrics.reciprocal_rank.__doc__ or ""),
    Spec("article_ndcg", f"article nDCG@{ARTICLES_K}", "retrieval", _score("article_ndcg"),
         metrics.ndcg_at.__doc__ or ""),
    Spec("section_recall", f"section recall@{PASSAGES_K}", "retrieval", _score("section_recall"),
         metrics.recall_at.__doc__ or ""),
    Spec("section_mrr", "section MRR", "retrieval", _score("section_mrr"),
         metrics.reciprocal_rank.__doc__ or ""),
    Spec("section_ndcg", f"section nDCG@{PASSAGES_K}", "retrieval", _score("section_ndcg"),
         metrics.ndcg_at.__doc__ or ""),
    Spec(
        "fact_recall",
        f"fact recall@{PASSAGES_K}",
        "retrieval",
        _score("fact_recall"),
        f"Mean over cases of the share of fact groups that the first {PASSAGES_K} passages state.",
    ),
    Spec(
        "sensitivity",
        "sensitivity, emergency and urgent",
        "red flags",
        _sensitivity(*SERIOUS),
        "Of the messages that are urgent or an emergency, the share found to be either.",
    ),
    Spec(
        "sensitivity_professional",
        "sensitivity, see a professional",
        "red flags",
        _sensitivity("see_professional"),
        "Of the messages for a professional, the share found to be that or more.",
    ),
    Spec(
        "specificity",
        "specificity",
        "red flags",
        _specificity,
        "Of the messages without a red flag, the share in which none is found.",
    ),
    Spec("suppression", "suppression", "red flags", _suppression, _suppression.__doc__ or "",
         better="lower"),
    Spec(
        "cancelled",
        "denials and past cleared",
        "red flags",
        _cancelled,
        "Of the messages that deny, recall, suppose or ask in general, the share left at none.",
    ),
    Spec("words", "words of an answer, median", "reading", _of_score("words", 0.5),
         metrics.quantile.__doc__ or "", "words", "neither"),
    Spec("reading_grade", "reading grade", "reading", _score("reading_grade"),
         metrics.reading_grade.__doc__ or "", "years", "lower"),
    *(
        Spec(f"{stage}_{name}", f"{stage}, {label}", "seconds", _seconds(stage, q),
             metrics.quantile.__doc__ or "", "seconds", "lower")
        for stage in ("guard", "rewrite", "retrieve", "compose", "total")
        for name, label, q in (("median", "median", 0.5), ("p95", "95th percentile", 0.95))
    ),
)  # fmt: skip
"""Every measure; `about` is its definition, as the report shows it."""
