"""Sensitivity and specificity of the red-flag guard: rules alone, net alone, and both."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.guard import assess
from bot.net import Net, load_net
from bot.reading.match import shipped
from bot.redflags.table import BY_ID, RULES
from bot.types import Level
from bot.vectors import minilm
from evals import guard_kit
from evals.cases import CasesError
from evals.guard_score import Case, Result, figures, misses, summary, suppressed

GOLDEN = Path(__file__).parent / "golden"
_CASE = TypeAdapter(Case)
Assess = Callable[[Sequence[str]], tuple[Level, tuple[str, ...], str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--set", nargs="+", type=Path, help="labelled conversations, JSON lines")
    parser.add_argument("--mode", nargs="+", choices=("rules", "net", "both"), help="default: all")
    parser.add_argument("--lexical", action="store_true", help="the net without the embedding")
    parser.add_argument("--figures", action="store_true", help="figures only: quote no message")
    parser.add_argument("--negex", type=Path, help="folder with the NegEx kit, assertions.jsonl")
    parser.add_argument("--bench", action="store_true", help="measure speed instead")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")


def main(options: argparse.Namespace) -> int:
    """Measure, print a Markdown report; status 2 where there is nothing to measure."""
    if options.bench:
        dev = (case for path in sorted(GOLDEN.glob("guard-dev*.jsonl")) for case in read(path))
        _say(guard_kit.speed([turn for case in dev for turn in case.turns]))
        return 0
    try:
        sets = {path: read(path) for path in options.set or _shipped()}
    except CasesError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    modes = options.mode or ["rules", "net", "both"]
    guards = {mode: _guard(mode, lexical=options.lexical) for mode in modes}
    written = {}
    for path, cases in sets.items():
        for mode, guard in guards.items():
            results = [_result(case, guard) for case in cases]
            _say(f"\n## {path.name}: {mode}\n")
            _say(summary(results))
            if not options.figures:
                _say(misses(results))
            written[f"{path.name}/{mode}"] = figures(results)
    if options.negex:
        _say(guard_kit.negex(options.negex))
    if options.json:
        text = json.dumps({k: dataclasses.asdict(v) for k, v in written.items()}, indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def _shipped() -> list[Path]:
    found = [path for part in ("dev", "held") for path in sorted(GOLDEN.glob(f"guard-{part}*"))]
    if not found:
        message = "There are no labelled conversations beside the evals. Give some with --set."
        raise CasesError(message)
    return found


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def read(path: Path) -> list[Case]:
    """The labelled conversations of a file, one a line in JSON.

    Raises:
        CasesError: The file cannot be read, or lines are wrong; the message names each of them.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read: {error}."
        raise CasesError(message) from error
    cases, problems = [], []
    for number, line in enumerate(lines, start=1):
        try:
            cases += [_CASE.validate_json(line)] if line.strip() else []
        except ValidationError as error:
            problems += [f"{path}, line {number}: {_said(item)}" for item in error.errors()]
    if problems or not cases:
        raise CasesError("\n".join(problems) or f"{path} holds no conversations.")
    return cases


def _said(item: ErrorDetails) -> str:
    """What is wrong with a line: the key, the value, what it should be."""
    key = ".".join(map(str, item["loc"]))
    said = item["msg"].removeprefix("Value error, ")
    return f"'{key}' is {item['input']!r}: {said}." if key else f"{said}."


def _result(case: Case, guard: Assess) -> Result:
    level, flags, action = guard(case.turns)
    return Result(case, level, flags, action, suppressed(case.turns, case.flags, flags))


def _guard(mode: str, *, lexical: bool) -> Assess:
    net = None if mode == "rules" else load_net(None if lexical else minilm().signs)
    if mode == "net" and net:
        return _alone(net)

    def guard(turns: Sequence[str]) -> tuple[Level, tuple[str, ...], str]:
        assessment = assess(turns, net=net)
        return assessment.level, tuple(f.id for f in assessment.findings), assessment.action

    return guard


def _alone(net: Net) -> Assess:
    """The net without rules: the highest level it is very sure of over the turns."""
    matcher = shipped()

    def guard(turns: Sequence[str]) -> tuple[Level, tuple[str, ...], str]:
        readings = [matcher.read(turn) for turn in turns]
        caught = [net.judge(readings[i], readings[:i]).caught for i in range(len(readings))]
        sure = {c.flag for c in caught if c and c.sure == "very"}
        first = next((rule for rule in RULES if rule.id in sure), None)
        asked = any(c and c.sure == "fairly" for c in caught)
        action = "stop" if first else "ask" if asked else "none"
        return (BY_ID[first.id].level if first else "none"), tuple(sorted(sure)), action

    return guard
