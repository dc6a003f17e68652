"""The guard's level for a message -> a result, and which of its flags context cleared wrongly."""

from bot.types import Assessment
from evals.cases import Case
from evals.guard_score import suppressed
from evals.record import Check, Result


def score_level(case: Case, assessment: Assessment) -> Result:
    """The result of a case that asks only for the guard's level."""
    check = Check(
        name="level",
        passed=assessment.level == case.level,
        expected=case.level,
        found=assessment.level,
    )
    flags = tuple(finding.id for finding in assessment.findings)
    return Result(
        case=case,
        passed=check.passed,
        checks=(check,),
        kind=None,
        level=assessment.level,
        flags=flags,
        scores=_cleared(case, flags),
    )


def _cleared(case: Case, found: tuple[str, ...]) -> dict[str, float | None]:
    """How many of the case's flags the rules see, and how many of these context cleared."""
    if not case.flags:
        return {}
    gone, there = suppressed(case.turns, case.flags, found)
    return {"flags_seen": float(there), "flags_cleared": float(gone)}
