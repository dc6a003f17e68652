"""Hold a run against the thresholds in a file; exit status 1 where one is missed.

A threshold over no cases is missed, and so is a gate without thresholds. Without --run or --last,
all cases are asked first.
"""

import argparse
import difflib
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.settings import SettingsError
from evals import words
from evals.cases import GOLDEN, CasesError, load_cases
from evals.measures import SPECS
from evals.record import RUNS, Measure, Run, RunError, load, runs
from evals.run import add_case_arguments, build, run_with_bar
from ingest.errors import IngestError

THRESHOLDS = GOLDEN / "gate.toml"


class GateError(Exception):
    """The thresholds cannot be used; the message names the file and the key."""


class Thresholds(BaseModel):
    """Measures by name: `least` that a value must reach, `most` that it may reach."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: Mapping[str, float] = {}
    most: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Miss:
    """A threshold that a run misses, and how to say so."""

    name: str
    text: str


def read_thresholds(path: Path) -> Thresholds:
    """Read and check a file of thresholds.

    Raises:
        GateError: It cannot be read, or names a measure that there is not.
    """
    try:
        made = Thresholds.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        message = f"Thresholds '{path}' cannot be read: {error.strerror}."
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        message = f"Thresholds '{path}' cannot be used: {error}"
    else:
        known = [spec.name for spec in SPECS]
        unknown = [name for name in (*made.least, *made.most) if name not in known]
        if not unknown:
            return made
        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(known)}."
        message = f"Thresholds '{path}': there is no measure '{unknown[0]}'.{hint}"
    raise GateError(message)


def misses(measures: Sequence[Measure], thresholds: Thresholds) -> tuple[Miss, ...]:
    """The thresholds that the figures miss; one miss where there are no thresholds at all."""
    if not thresholds.least and not thresholds.most:
        return (Miss("", "There are no thresholds, so nothing was checked."),)
    figures = {measure.name: measure for measure in measures}
    return (
        *_missed(figures, thresholds.least, at_least=True),
        *_missed(figures, thresholds.most, at_least=False),
    )


def _missed(
    figures: Mapping[str, Measure], limits: Mapping[str, float], at_least: bool
) -> Iterator[Miss]:
    for name, limit in limits.items():
        measure = figures.get(name)
        if measure is None or measure.value is None or measure.n == 0:
            yield Miss(name, f"{name}: no case measures it, so it is not known to hold.")
        elif measure.value < limit if at_least else measure.value > limit:
            yield Miss(name, _said(measure, limit, "least" if at_least else "most"))


def _said(measure: Measure, limit: float, way: str) -> str:
    value, wanted = (words.figure(v, measure.unit) for v in (measure.value, limit))
    return (
        f"{measure.name}: {measure.label} is {value} (n {measure.n}), should be at {way} {wanted}."
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_case_arguments(parser)
    parser.add_argument("--thresholds", type=Path, default=THRESHOLDS, help="(%(default)s)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--run", type=Path, help="judge this run file instead of asking again")
    which.add_argument("--last", action="store_true", help="judge the last run")


def main(options: argparse.Namespace) -> int:
    """Judge a run; exit status 0 where all holds, 1 where not, 2 where nothing could be judged."""
    try:
        thresholds = read_thresholds(options.thresholds)
        made = _run(options)
    except (CasesError, GateError, RunError, SettingsError, IngestError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    missed = misses(made.measures, thresholds)
    for miss in missed:
        sys.stdout.write(f"✗ {miss.text}\n")
    count = len(thresholds.least) + len(thresholds.most)
    verdict = f"{len(missed)} missed" if missed else "all hold"
    sys.stdout.write(f"Gate over {len(made.results)} cases: {count} thresholds, {verdict}.\n")
    return 1 if missed else 0


def _run(options: argparse.Namespace) -> Run:
    if options.run:
        return load(options.run)
    if options.last:
        found = runs(RUNS)
        if not found:
            message = f"There is no run in {RUNS}/. `python -m evals run` makes one."
            raise RunError(message)
        return load(found[-1])
    return run_with_bar(load_cases(options.cases), build(options))
