"""From the guard's answers to figures: sensitivity, specificity, suppression, over-triage."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass as checked

from bot.reading.match import shipped
from bot.redflags.table import BY_ID
from bot.types import LEVELS, Level
from evals.metrics import wilson

SERIOUS = ("urgent", "emergency")
_LONGEST = 300


def _of_table(flag: str) -> str:
    if flag not in BY_ID:
        raise ValueError(f"should be one of {', '.join(BY_ID)}")
    return flag


@checked(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Case:
    """A labelled conversation: the user's messages, level and flags after the last of them.

    `kind` is "flag", or why there is none; the two halves of a `pair` differ in playing-down only.
    """

    id: str
    turns: Annotated[tuple[str, ...], Field(min_length=1)]
    level: Level
    flags: tuple[Annotated[str, AfterValidator(_of_table)], ...] = ()
    kind: str = "other"
    pair: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What the guard made of a case; `suppressed` are flags cancelled, of flags there."""

    case: Case
    level: Level
    flags: tuple[str, ...]
    action: str
    suppressed: tuple[int, int]


def suppressed(
    turns: Sequence[str], wanted: Sequence[str], found: Sequence[str]
) -> tuple[int, int]:
    """Of the flags wanted whose patterns are there, how many context cancelled; how many are there.

    What the net found in spite of the context is not cancelled.
    """
    matcher = shipped()
    readings = [matcher.read(turn) for turn in turns]
    bare = [replace(reading, marks={}) for reading in readings]
    there = {m.rule.id for m in matcher.find_any(bare)} & set(wanted)
    left = {m.rule.id for m in matcher.find_any(readings)} | set(found)
    return len(there - left), len(there)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95 % interval; None over none."""

    hits: int
    n: int
    share: float | None
    low: float | None
    high: float | None

    def __str__(self) -> str:
        """Percent with interval and counts."""
        if self.share is None or self.low is None or self.high is None:
            return "–"
        return f"{self.share:.1%} ({self.low:.1%}–{self.high:.1%}; {self.hits}/{self.n})"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run.

    `acted` is of emergencies and urgent ones, found or asked about; `silent` is of the harmless,
    with neither an alarm nor a question.
    """

    serious: Share
    acted: Share
    levels: dict[str, Share]
    flags: dict[str, Share]
    specificity: Share
    kinds: dict[str, Share]
    suppression: Share
    over_triage: Share
    pairs: Share
    asked: Share
    silent: Share


def share(hits: Iterable[bool]) -> Share:
    """The share of true values."""
    values = list(hits)
    interval = wilson(sum(values), len(values))
    return Share(
        sum(values),
        len(values),
        sum(values) / len(values) if values else None,
        interval.low if interval else None,
        interval.high if interval else None,
    )


def reached(result: Result) -> bool:
    """Whether the guard's level is at least the labelled one."""
    return LEVELS.index(result.level) >= LEVELS.index(result.case.level)


def figures(results: Sequence[Result]) -> Figures:
    """All figures of a run."""
    harmless = [r for r in results if r.case.level == "none"]
    serious = [r for r in results if r.case.level in SERIOUS]
    flags = sorted({f for r in results for f in r.case.flags}, key=list(BY_ID).index)
    gone, there = (sum(r.suppressed[i] for r in results) for i in (0, 1))
    return Figures(
        serious=share(reached(r) for r in serious),
        acted=share(reached(r) or r.action == "ask" for r in serious),
        levels={v: share(reached(r) for r in results if r.case.level == v) for v in LEVELS[1:]},
        flags={f: share(f in r.flags for r in results if f in r.case.flags) for f in flags},
        specificity=share(r.level == "none" for r in harmless),
        kinds={
            kind: share(r.level == "none" for r in harmless if r.case.kind == kind)
            for kind in sorted({r.case.kind for r in harmless})
        },
        suppression=share([True] * gone + [False] * (there - gone)),
        over_triage=share(LEVELS.index(r.level) > LEVELS.index(r.case.level) for r in results),
        pairs=share(minimised_alike(results)),
        asked=share(r.action == "ask" for r in results),
        silent=share(r.level == "none" and r.action != "ask" for r in harmless),
    )


def minimised_alike(results: Sequence[Result]) -> list[bool]:
    """For each minimised message of a pair: whether it got the level of its plain twin."""
    plain = {
        r.case.pair: r.level
        for r in results
        if r.case.pair and r.case.kind == "flag" and "minimised" not in r.case.tags
    }
    return [
        r.level == plain[r.case.pair]
        for r in results
        if r.case.pair in plain and "minimised" in r.case.tags
    ]


def summary(results: Sequence[Result]) -> str:
    """The figures as Markdown."""
    made = figures(results)
    rows = [
        ("sensitivity, emergency and urgent", made.serious),
        ("emergency and urgent, found or asked about", made.acted),
        *((f"sensitivity, {level}", value) for level, value in made.levels.items()),
        ("specificity", made.specificity),
        *((f"specificity, {kind}", value) for kind, value in made.kinds.items()),
        ("suppression", made.suppression),
        ("over-triage", made.over_triage),
        ("minimising pairs alike", made.pairs),
        ("a question asked", made.asked),
        ("harmless, neither alarm nor question", made.silent),
        *((f"flag {flag}", value) for flag, value in made.flags.items()),
    ]
    lines = ["| figure | value |", "| --- | --- |", *(f"| {n} | {v} |" for n, v in rows)]
    return "\n".join([*lines, "", confusion(results)])


def confusion(results: Sequence[Result]) -> str:
    """Labelled levels in rows, the guard's in columns."""
    cells = Counter((r.case.level, r.level) for r in results)
    lines = ["| labelled | " + " | ".join(LEVELS) + " |", "| --- |" + " --- |" * len(LEVELS)]
    lines += [
        f"| {row} | " + " | ".join(str(cells[row, column]) for column in LEVELS) + " |"
        for row in LEVELS
    ]
    return "\n".join(lines)


def misses(results: Sequence[Result]) -> str:
    """Every miss and every false alarm, quoted."""
    lines = ["\n### Missed\n"]
    lines += [_quoted(r) for r in results if not reached(r)]
    lines += ["\n### False alarms\n"]
    lines += [_quoted(r) for r in results if r.case.level == "none" and r.level != "none"]
    return "\n".join(lines)


def _quoted(result: Result) -> str:
    text = " // ".join(result.case.turns)[:_LONGEST].replace("\n", " ")
    labelled = ", ".join(result.case.flags) or result.case.kind
    found = ", ".join(result.flags) or "nothing"
    return f"- {result.case.id} ({labelled}; found {found}): “{text}”"
