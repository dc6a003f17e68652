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

_READINGS = 5
_HOSTILE = (
    "no not never knee hot if my calf swells, " * 2500,
    "knee," + " " * 100_000 + "but",
    "m y c h e s t . " * 6500,
)


def speed(messages: Sequence[str]) -> str:
    """Milliseconds of CPU a message, the fastest of five readings and the first one; import; texts.

    Other work on the machine only ever adds time, so the fastest tells what a message takes. No
    reading is kept until the next one: more messages lie between than the guard remembers.
    """
    assess(["my knee is hot"])
    passes = [[_milliseconds(message) for message in messages] for _ in range(_READINGS)]
    fastest, first = sorted(map(min, *passes)), sorted(passes[0])
    hostile = [_milliseconds(text) / 1000 for text in _HOSTILE]
    code = "import time; t = time.process_time(); import bot.guard; print(time.process_time() - t)"
    imported = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return (
        f"{_half_and_most(fastest)} a message, the fastest of {_READINGS} readings; "
        f"{_half_and_most(first)} at the first ({len(messages)} messages); "
        f"the worst of {len(hostile)} hostile texts of 100 kB {max(hostile):.2f} s; "
        f"import {float(imported.stdout):.2f} s"
    )


def _milliseconds(message: str) -> float:
    began = time.process_time()
    assess([message])
    return (time.process_time() - began) * 1000


def _half_and_most(ordered: Sequence[float]) -> str:
    median, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"median {median:.2f} ms, p99 {most:.2f} ms"


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
