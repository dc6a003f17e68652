"""Results in words: the short table, and each failure with what was expected and found."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from textwrap import shorten

from evals.record import Check, Evidence, Measure, Result, Run

FOUND = 400
"""Characters of an answer that are quoted in the terminal."""

_NOWHERE = "No sentence of the articles says this: an article or the case has to change."
_UNSEARCHED = {
    "red_flag": "the guard stopped the message before any search",
    "chat": "taken for small talk, so nothing was searched for",
}


def figure(value: float | None, unit: str) -> str:
    """A value as people write it; empty where it does not apply."""
    if value is None:
        return ""
    return {
        "share": f"{100 * value:.1f} %",
        "years": f"{value:.1f} years",
        "words": f"{value:.0f} words",
        "seconds": f"{value:.3f} s",
    }[unit]


def table(measures: Sequence[Measure]) -> str:
    """The short table: figures that apply, by group, each with its n and interval."""
    rows: list[str] = []
    shown = [m for m in measures if m.value is not None]
    width = max((len(m.label) for m in shown), default=0)
    for group, members in groupby(shown, key=lambda m: m.group):
        rows.append(group)
        rows += [f"  {m.label:<{width}}  {_row(m)}" for m in members]
    return "\n".join(rows)


def _row(measure: Measure) -> str:
    text = f"{figure(measure.value, measure.unit):>10}  n {measure.n:<4}"
    if measure.low is None or measure.high is None:
        return text.rstrip()
    return f"{text}  {100 * measure.low:.1f}–{100 * measure.high:.1f} %"


def failures(results: Iterable[Result]) -> str:
    """Every failure quoted, in the order of the cases."""
    return "\n\n".join(failure(result) for result in results if not result.passed)


def failure(result: Result) -> str:
    """One failure: what was asked, expected and found, and what would have answered."""
    asked = " → ".join(f"“{turn}”" for turn in result.case.turns)
    lines = [f"✗ {result.case.id}  {asked}"]
    if result.searched and result.searched != result.case.turns[-1]:
        lines.append(f"    searched for: “{result.searched}”")
    for check in failed(result):
        lines.append(f"    {check.name}: expected {check.expected}")
        lines.append(
            f"    {'found':>{len(check.name)}}: {shorten(check.found, FOUND) or 'nothing'}"
        )
    lines += [f"    {line}" for line in would_have(result)]
    return "\n".join(lines)


def failed(result: Result) -> list[Check]:
    """The checks that do not hold."""
    return [check for check in result.checks if not check.passed]


def would_have(result: Result) -> list[str]:
    """Where the articles say what is missing, and how far the bot came to it."""
    names = {check.name for check in failed(result)}
    if not names & {"answered", "article", "section", "facts"}:
        return []
    if not result.evidence:
        return [_NOWHERE] if result.case.facts and names & {"answered", "facts"} else []
    return [
        f"would have answered: {e.article} › {e.section}: “{e.sentence}” ({way(e, result)})"
        for e in result.evidence
    ]


def way(item: Evidence, result: Result) -> str:
    """What became of a sentence that would have answered."""
    other = "" if item.expected else "; the case does not expect it there"
    if item.rank is not None:
        return f"found as passage {item.rank}, but not chosen for the answer{other}"
    stopped = None if result.hits else _UNSEARCHED.get(result.kind or "")
    return f"{stopped or 'the search did not find it'}{other}"


def verdict(run: Run) -> str:
    """The sentence a run ends in."""
    asked = [r for r in run.results if r.case.asks == "answer"]
    levels = [r for r in run.results if r.case.asks == "level"]
    parts = [
        f"{sum(r.passed for r in group)} of {len(group)} {name}"
        for group, name in ((asked, "questions pass"), (levels, "guard messages get their level"))
        if group
    ]
    return f"{'; '.join(parts)}. {run.seconds:.1f} s, {run.generation}, code {run.code}."
