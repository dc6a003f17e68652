"""Two runs case by case: better, worse or same, which edit did it, and is it more than chance?

Without names, the last run is compared with the one before that asked mostly the same cases.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Literal

from evals import words
from evals.cases import few
from evals.edits import Cause, Edit, Swap, causes, edits
from evals.metrics import Interval, bootstrap, mcnemar_exact
from evals.record import RUNS, Measure, Result, Run, RunError, history, load, runs

CHANCE = 0.05
"""The probability below which a difference is called real."""

_TOO_FEW = "Two runs of the same cases are compared, here is {}. `python -m evals run` makes one."

Change = Literal["better", "worse", "same"]
Verdict = Literal["improved", "regressed", "no real difference"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A case in both runs."""

    before: Result
    after: Result
    causes: tuple[Cause, ...] = ()

    @property
    def change(self) -> Change:
        """Whether the case passes where it failed, or the reverse."""
        if self.before.passed == self.after.passed:
            return "same"
        return "better" if self.after.passed else "worse"

    @property
    def reworded(self) -> bool:
        """Whether the answer reads differently although the verdict is the same."""
        return self.change == "same" and self.before.text != self.after.text


@dataclass(frozen=True, slots=True)
class Shift:
    """A measure in both runs; `interval` is of the mean paired difference, where cases have one."""

    before: Measure
    after: Measure
    interval: Interval | None

    @property
    def real(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs; `left_out` are cases that only one run has or whose wording changed."""

    pairs: tuple[Pair, ...]
    edits: tuple[Edit, ...]
    shifts: tuple[Shift, ...]
    left_out: tuple[str, ...]
    differing: tuple[str, ...]

    def of(self, change: Change) -> tuple[Pair, ...]:
        """The pairs that changed so."""
        return tuple(pair for pair in self.pairs if pair.change == change)

    @property
    def chance(self) -> float | None:
        """Exact McNemar probability; None where no case changed."""
        return mcnemar_exact(len(self.of("better")), len(self.of("worse")))

    @property
    def verdict(self) -> Verdict:
        """What the changed cases amount to."""
        if self.chance is None or self.chance >= CHANCE:
            return "no real difference"
        return "improved" if len(self.of("better")) > len(self.of("worse")) else "regressed"


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs over the cases they share."""
    old = {r.case.id: r for r in before.results}
    new = {r.case.id: r for r in after.results}
    shared = [name for name in old if name in new and old[name].case == new[name].case]
    made = edits(before.articles, after.articles)
    pairs = tuple(_pair(old[name], new[name], made) for name in shared)
    return Comparison(
        pairs=pairs,
        edits=made,
        shifts=tuple(_shifts(before, after, pairs)),
        left_out=tuple(sorted({*old, *new} - {*shared})),
        differing=tuple(_differing(before, after)),
    )


def _pair(before: Result, after: Result, made: Sequence[Edit]) -> Pair:
    pair = Pair(before, after)
    if pair.change == "same" and not pair.reworded:
        return pair
    return Pair(before, after, causes(before, after, made))


def _shifts(before: Run, after: Run, pairs: Sequence[Pair]) -> Iterator[Shift]:
    """Measures of equal version that have a value in both runs."""
    later = {measure.name: measure for measure in after.measures}
    for first in before.measures:
        second = later.get(first.name)
        if second is None or second.version != first.version or first.unit == "seconds":
            continue
        if first.value is not None and second.value is not None:
            yield Shift(first, second, bootstrap(list(_differences(first.name, pairs))))


def _differences(name: str, pairs: Sequence[Pair]) -> Iterator[float]:
    for pair in pairs:
        old, new = pair.before.scores.get(name), pair.after.scores.get(name)
        if old is not None and new is not None:
            yield new - old


def _differing(before: Run, after: Run) -> Iterator[str]:
    """What else differs between the runs than articles."""
    for name in ("code", "rules", "settings"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name} ({old} → {new})" if isinstance(old, str) else name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("runs", nargs="*", type=Path, metavar="RUN", help="two run files")
    parser.add_argument("--folder", type=Path, default=RUNS, help="of run files (%(default)s)")


def main(options: argparse.Namespace) -> int:
    """Print the comparison; exit status 0, or 2 where there are no two runs."""
    try:
        paths = options.runs or _newest(options.folder)
        if len(paths) != 2:
            sys.stderr.write(f"{_TOO_FEW.format(len(paths))}\n")
            return 2
        before, after = (load(path) for path in paths)
    except RunError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{paths[0]} → {paths[1]}\n\n{told(compare(before, after))}\n")
    return 0


def _newest(folder: Path) -> list[Path]:
    """The last run and the one before it that asked mostly the same cases."""
    newest = runs(folder)[-1:]
    return [*history(newest[0], 1), *newest] if newest else []


def told(made: Comparison) -> str:
    """The comparison as text; the verdict is its last sentence."""
    reworded = [pair.after.case.id for pair in made.pairs if pair.reworded]
    parts = [
        "\n".join(_what_changed(made)),
        *(_group(made, change) for change in ("worse", "better")),
        f"Another answer, the same verdict: {few(reworded)}" if reworded else "",
        f"Not compared, new or rewritten cases: {few(made.left_out)}" if made.left_out else "",
        _table(made.shifts),
        sentence(made),
    ]
    return "\n\n".join(part for part in parts if part)


def _what_changed(made: Comparison) -> Iterator[str]:
    for edit in made.edits:
        yield f"article {edit.article}: {edit.kind}"
        yield from (f"  {line}" for swap in edit.swaps for line in _swap(swap))
    yield from (f"{name}: differs" for name in made.differing)
    if not made.edits and not made.differing:
        yield "Nothing was changed: articles, settings, rules and code are the same."


def _swap(swap: Swap) -> list[str]:
    return [f"{mark} {text}" for mark, text in (("−", swap.old), ("+", swap.new)) if text]


def _group(made: Comparison, change: Change) -> str:
    pairs = made.of(change)
    if not pairs:
        return ""
    return "\n".join([f"{change.capitalize()}: {len(pairs)}", *(_told_pair(p) for p in pairs)])


def _told_pair(pair: Pair) -> str:
    failing = pair.before if pair.change == "better" else pair.after
    rows = [f"  {pair.after.case.id}  “{pair.after.case.turns[-1]}”"]
    for check in words.failed(failing):
        when = "failed" if pair.change == "better" else "fails"
        found = shorten(check.found, 160)
        rows.append(f"    {when} {check.name}: expected {check.expected}; found {found}")
    rows += [f"    because {because(cause)}" for cause in pair.causes]
    if not pair.causes:
        rows.append("    no article that it rests on was edited")
    return "\n".join(rows)


def because(cause: Cause) -> str:
    """A cause in words."""
    if cause.swap is None:
        return f"{cause.article} was {cause.kind}"
    if not cause.swap.new:
        return f"{cause.article} lost “{cause.swap.old}”"
    if not cause.swap.old:
        return f"{cause.article} gained “{cause.swap.new}”"
    return f"{cause.article} says “{cause.swap.new}” where it said “{cause.swap.old}”"


def _table(shifts: Sequence[Shift]) -> str:
    moved = [s for s in shifts if s.before.value != s.after.value]
    width = max((len(s.after.label) for s in moved), default=0)
    rows = [f"  {s.after.label:<{width}}  {_shift(s)}" for s in moved]
    return "\n".join(["Figures that moved", *rows]) if rows else ""


def _shift(shift: Shift) -> str:
    unit = shift.after.unit
    old, new = (words.figure(m.value, unit) for m in (shift.before, shift.after))
    return f"{old:>10} → {new:<10}{' (more than chance)' if shift.real else ''}".rstrip()


def sentence(made: Comparison) -> str:
    """The verdict in one or two sentences that a person can act on."""
    better, worse, n = len(made.of("better")), len(made.of("worse")), len(made.pairs)
    if not made.pairs:
        return "Verdict: none. The two runs share no case."
    if made.chance is None:
        return f"Verdict: no real difference. All {n} cases came out as before."
    counted = f"{better} better, {worse} worse of {n} cases; exact McNemar {_p(made.chance)}"
    text = f"Verdict: {made.verdict} ({counted})."
    if made.verdict == "no real difference" and worse:
        text += f" Too few changes to say so of the bot as a whole, but {_look(made)}"
    return text


def _p(chance: float) -> str:
    return f"p = {chance:.3f}" if chance >= 0.001 else "p < 0.001"


def _look(made: Comparison) -> str:
    count = len(made.of("worse"))
    names = sorted({cause.article for pair in made.of("worse") for cause in pair.causes})
    those = f"{count} {'case is' if count == 1 else 'cases are'} certainly worse"
    return f"{those}: look at the edit of {', '.join(names)}." if names else f"{those}."
