"""Two more measurements of the guard: the NegEx kit, and speed."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.guard import assess
from bot.reading.match import Reading, shipped
from evals.guard_score import share

_HOSTILE = (
    "no not never knee hot if my calf swells, " * 2500,
    "knee," + " " * 100_000 + "but",
    "m y c h e s t . " * 6500,
)


def speed(messages: Sequence[str]) -> str:
    """Milliseconds of CPU a message, each read for the first time; import; texts of 100 kB."""
    assess(["my knee is hot"])
    took = []
    for message in messages:
        began = time.process_time()
        assess([message])
        took.append((time.process_time() - began) * 1000)
    took.sort()
    hostile = []
    for text in _HOSTILE:
        began = time.process_time()
        assess([text])
        hostile.append(time.process_time() - began)
    code = "import time; t = time.process_time(); import bot.guard; print(time.process_time() - t)"
    imported = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return (
        f"median {took[len(took) // 2]:.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms a message "
        f"({len(took)} messages); the worst of {len(hostile)} hostile texts of 100 kB "
        f"{max(hostile):.2f} s; "
        f"import {float(imported.stdout):.2f} s"
    )


def negex(folder: Path) -> str:
    """Denial and past on the NegEx kit (clinicians' notes, not patients' words)."""
    path = folder / "assertions.jsonl"
    if not path.exists():
        return f"There is no NegEx kit at '{path}': not measured."
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    denied = [(row["negation"] == "negated", _is(row, "denied")) for row in rows]
    past = [(row["temporality"] == "historical", _is(row, "past")) for row in rows]
    lines = ["\n## NegEx kit\n", "| figure | value |", "| --- | --- |"]
    for name, pairs in (("denial", denied), ("past", past)):
        lines.append(f"| {name}, sensitivity | {share(got for want, got in pairs if want)} |")
        lines.append(
            f"| {name}, specificity | {share(not got for want, got in pairs if not want)} |"
        )
    return "\n".join(lines)


def _is(row: dict[str, object], kind: str) -> bool:
    reading = shipped().read(str(row["text"]))
    return any(
        mark.kind == kind for at in _at(reading, row["span"]) for mark in reading.marks.get(at, ())
    )


def _at(reading: Reading, span: object) -> Sequence[int]:
    start, end = span if isinstance(span, list) else (0, 0)
    return [i for i, word in enumerate(reading.words) if start <= word.start < end]
