"""The table of all measures, and results to figures by it."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals import metrics, totals
from evals.model_judge import SCORES as JUDGED
from evals.record import Measure, Result
from evals.score import ARTICLES_K, PASSAGES_K
from evals.totals import Compute, mean_of, quantile_of, seconds

Unit = Literal["share", "years", "words", "seconds"]


@dataclass(frozen=True, slots=True)
class Spec:
    """A measure: how it is called and computed. `version` rises when the formula changes."""

    name: str
    label: str
    group: str
    compute: Compute
    unit: Unit = "share"
    better: Literal["higher", "lower", "neither"] = "higher"
    version: int = 1

    @property
    def about(self) -> str:
        """Its formula, unit and source, as the report shows it."""
        return inspect.cleandoc(self.compute.__doc__ or "")


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


RECALL, RANK, NDCG = (
    formula.__doc__ or ""
    for formula in (metrics.recall_at, metrics.reciprocal_rank, metrics.ndcg_at)
)
GRADE = metrics.reading_grade.__doc__ or ""

SPECS = (
    Spec("passed", "cases passed", "answers", totals.passed),
    Spec("facts", "all facts stated", "answers", totals.facts),
    Spec("fact_coverage", "fact coverage", "answers", totals.fact_coverage),
    Spec("right_article", "right article cited", "answers", totals.right_article),
    Spec("right_section", "right section cited", "answers", totals.right_section),
    Spec("nothing_wrong", "nothing forbidden said", "answers", totals.nothing_wrong),
    Spec("citation_precision", "citation precision", "citations", totals.citation_precision),
    Spec("citation_recall", "citation recall", "citations", totals.citation_recall),
    Spec("exact_quotes", "exact quotes", "citations", totals.exact_quotes),
    *(
        Spec(name, label, "judged by a model", mean_of(name, about),
             better="lower" if lower else "higher")
        for name, label, about, lower in JUDGED
    ),
    Spec("refusal_precision", "refusal precision", "refusing", totals.refusal_precision),
    Spec("refusal_recall", "refusal recall", "refusing", totals.refusal_recall),
    Spec("parity", "follow-up parity", "follow-ups", totals.parity),
    *(
        Spec(f"{what}_{name}", f"{what} {label}", "retrieval", mean_of(f"{what}_{name}", about))
        for what, k in (("article", ARTICLES_K), ("section", PASSAGES_K))
        for name, label, about in (
            ("recall", f"recall@{k}", RECALL), ("mrr", "MRR", RANK), ("ndcg", f"nDCG@{k}", NDCG)
        )
    ),
    Spec("fact_recall", f"fact recall@{PASSAGES_K}", "retrieval", totals.fact_recall),
    Spec("sensitivity", "sensitivity, emergency and urgent", "red flags", totals.sensitivity),
    Spec("sensitivity_professional", "sensitivity, see a professional", "red flags",
         totals.sensitivity_professional),
    Spec("specificity", "specificity", "red flags", totals.specificity),
    Spec("suppression", "suppression", "red flags", totals.suppression, better="lower"),
    Spec("cancelled", "denials and past cleared", "red flags", totals.cancelled),
    Spec("words", "words of an answer, median", "reading", quantile_of("words", 0.5), "words",
         "neither"),
    Spec("reading_grade", "reading grade", "reading", mean_of("reading_grade", GRADE), "years",
         "lower"),
    *(
        Spec(f"{stage}_{name}", f"{stage}, {label}", "seconds", seconds(stage, q), "seconds",
             "lower")
        for stage in ("guard", "rewrite", "retrieve", "compose", "total")
        for name, label, q in (("median", "median", 0.5), ("p95", "95th percentile", 0.95))
    ),
)  # fmt: skip
"""Every measure."""
