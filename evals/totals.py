"""Results of many cases to one figure: each measure, with its formula, unit and source.

None where no case measures it. `evals.metrics` has the formulas over numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals import metrics
from evals.metrics import Interval
from evals.record import Result

SERIOUS = ("urgent", "emergency")
CANCELS = ("denied", "past", "hypothetical", "general", "other_meaning")


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, the number of cases behind it, and its 95 % interval where one is defined."""

    value: float | None
    n: int
    interval: Interval | None = None


Compute = Callable[[Sequence[Result]], Value]


def share(hits: Sequence[bool]) -> Value:
    """How many of the cases, with Wilson's interval; None over none."""
    n = len(hits)
    return Value(sum(hits) / n if n else None, n, metrics.wilson(sum(hits), n))


def mean_of(name: str, about: str) -> Compute:
    """The mean of a case's score over the cases to which it applies."""

    def compute(results: Sequence[Result]) -> Value:
        values = _scores(name, results)
        return Value(metrics.mean(values), len(values))

    compute.__doc__ = about
    return compute


def quantile_of(name: str, quantile: float) -> Compute:
    """A quantile of a case's score over the cases to which it applies."""

    def compute(results: Sequence[Result]) -> Value:
        values = _scores(name, results)
        return Value(metrics.quantile(values, quantile), len(values))

    compute.__doc__ = metrics.quantile.__doc__
    return compute


def seconds(stage: str, quantile: float) -> Compute:
    """A quantile of the seconds of a stage over the cases that reached it."""

    def compute(results: Sequence[Result]) -> Value:
        values = [r.ms[stage] / 1000 for r in results if stage in r.ms]
        return Value(metrics.quantile(values, quantile), len(values))

    compute.__doc__ = metrics.quantile.__doc__
    return compute


def _scores(name: str, results: Sequence[Result]) -> list[float]:
    return [value for r in results if (value := r.scores.get(name)) is not None]


def _checks(name: str, results: Sequence[Result]) -> list[bool]:
    return [check.passed for r in results for check in r.checks if check.name == name]


def passed(results: Sequence[Result]) -> Value:
    """Cases of which every check holds / cases that are asked for an answer.

    Unit: share, 0–1. Source: ours.
    """
    return share([r.passed for r in results if r.case.asks == "answer"])


def facts(results: Sequence[Result]) -> Value:
    """Cases all of whose groups of facts are stated / cases that name facts.

    A wrong refusal states none. Unit: share, 0–1. Source: ours; the facts are nuggets after
    Voorhees, Overview of the TREC 2003 Question Answering Track.
    """
    asked = [r for r in results if r.case.asks == "answer" and r.case.facts]
    return share([r.scores.get("fact_coverage") == 1.0 for r in asked])


def fact_coverage(results: Sequence[Result]) -> Value:
    """Mean over cases of: groups of facts of which the answer states a phrase / groups.

    Unit: share, 0–1. Source: nugget recall, Voorhees, Overview of the TREC 2003 Question Answering
    Track.
    """
    return mean_of("fact_coverage", "")(results)


def right_article(results: Sequence[Result]) -> Value:
    """Answers that cite at least one of the expected articles / answers given where some are.

    Unit: share, 0–1. Source: ours.
    """
    return share(_checks("article", results))


def right_section(results: Sequence[Result]) -> Value:
    """Answers that cite at least one of the expected sections / answers given where some are.

    Unit: share, 0–1. Source: ours.
    """
    return share(_checks("section", results))


def nothing_wrong(results: Sequence[Result]) -> Value:
    """Replies with none of the case's forbidden phrases / cases that name forbidden phrases.

    Unit: share, 0–1. Source: ours.
    """
    return share(_checks("not", results))


def citation_precision(results: Sequence[Result]) -> Value:
    """Mean over answers of: (statement, source) pairs that `bot.judge` supports / pairs.

    Unit: share, 0–1. Source: after Gao et al., ALCE (EMNLP 2023), with our judge.
    """
    return mean_of("citation_precision", "")(results)


def citation_recall(results: Sequence[Result]) -> Value:
    """Mean over answers of: statements that their sources together support / statements.

    Unit: share, 0–1. Source: after Gao et al., ALCE (EMNLP 2023), with our judge.
    """
    return mean_of("citation_recall", "")(results)


def exact_quotes(results: Sequence[Result]) -> Value:
    """Mean over answers of: sources that are the article's text to the letter / sources.

    Unit: share, 0–1. Source: ours.
    """
    return mean_of("exact_quotes", "")(results)


def _answerable(results: Sequence[Result]) -> list[Result]:
    """Cases that say whether to answer or to refuse, without those the guard must stop."""
    return [
        r
        for r in results
        if r.case.asks == "answer"
        and r.case.level not in SERIOUS
        and (r.case.refused or r.case.wants_answer)
    ]


def refusal_precision(results: Sequence[Result]) -> Value:
    """Questions rightly not answered / questions not answered: TP / (TP + FP).

    Unit: share, 0–1. Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval
    (2008), 8.3.
    """
    return share([r.case.refused for r in _answerable(results) if r.kind != "answer"])


def refusal_recall(results: Sequence[Result]) -> Value:
    """Questions rightly not answered / questions that had to be refused: TP / (TP + FN).

    Unit: share, 0–1. Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval
    (2008), 8.3.
    """
    return share([r.kind != "answer" for r in _answerable(results) if r.case.refused])


def parity(results: Sequence[Result]) -> Value:
    """Follow-ups that pass as a dialogue / follow-ups whose standalone question passes.

    Unit: share, 0–1. Source: ours.
    """
    return mean_of("parity", "")(results)


def fact_recall(results: Sequence[Result]) -> Value:
    """Mean over cases of: groups of facts that the passages composed from state / groups.

    Unit: share, 0–1. Source: ours; recall@k of Manning et al. (2008), 8.4, over facts.
    """
    return mean_of("fact_recall", "")(results)


def sensitivity(results: Sequence[Result]) -> Value:
    """Urgent and emergency messages found to be either / such messages: TP / (TP + FN).

    Unit: share, 0–1. Source: Altman, Bland, BMJ 308 (1994) 1552.
    """
    return share([r.level in SERIOUS for r in results if r.case.level in SERIOUS])


def sensitivity_professional(results: Sequence[Result]) -> Value:
    """Messages for a professional found to be that or more / such messages: TP / (TP + FN).

    Unit: share, 0–1. Source: Altman, Bland, BMJ 308 (1994) 1552.
    """
    return share([r.level != "none" for r in results if r.case.level == "see_professional"])


def specificity(results: Sequence[Result]) -> Value:
    """Messages without a red flag in which none is found / such messages: TN / (TN + FP).

    Unit: share, 0–1. Source: Altman, Bland, BMJ 308 (1994) 1552.
    """
    return share([r.level == "none" for r in results if r.case.level == "none"])


def suppression(results: Sequence[Result]) -> Value:
    """Real flags that the rules see and context wrongly clears / real flags that the rules see.

    n counts flags. Unit: share, 0–1. Source: affirmed findings called negated, as in the counts of
    Chapman et al., Journal of Biomedical Informatics 34 (2001).
    """
    seen = sum(r.scores.get("flags_seen") or 0 for r in results)
    cleared = sum(r.scores.get("flags_cleared") or 0 for r in results)
    return share([True] * int(cleared) + [False] * int(seen - cleared))


def cancelled(results: Sequence[Result]) -> Value:
    """Messages that deny, recall, suppose or ask in general, left at none / such messages.

    Unit: share, 0–1. Source: ours; specificity over the messages that name a sign.
    """
    return share([r.level == "none" for r in results if r.case.context in CANCELS])
