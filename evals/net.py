"""Train the guard's second net and write its weights.

Thresholds come from cross-validation by hand: every file of messages is scored by a net trained on
the other files, so that no writer's habits are measured on that writer.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from bot.guard import assess
from bot.net import HEADS, WEIGHTS, Features, Head, embedding_features, lexical_features
from bot.reading.match import Reading, shipped
from bot.redflags.table import BY_ID
from bot.types import LEVELS
from bot.vectors import minilm

DEFAULT = Path(__file__).parent / "golden"
QUESTIONS = DEFAULT / "questions-train.jsonl"
RAREST = 3
STRENGTH = 5.0
FLAG_STRENGTH = 5.0
SMALLEST = 0.05
FALSE_ALARMS = {"very": 0.03, "fairly": 0.08}
DIGITS = 3
BETWEEN = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled conversation as the net sees it, and the file it is from."""

    level: str
    flags: tuple[str, ...]
    lexical: Features
    full: Features
    file: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A trained linear model."""

    by_feature: Mapping[str, float]
    bias: float

    def scores(self, rows: Sequence[Features]) -> np.ndarray:
        """The log-odds of each row."""
        get = self.by_feature.get
        values = [self.bias + sum(get(f, 0.0) * v for f, v in row.items()) for row in rows]
        return np.array(values)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--train", nargs="+", type=Path, help="JSON lines of labelled messages")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights are written")
    parser.add_argument("--vectors", type=Path, help="cache of embeddings, kept between runs")


def main(options: argparse.Namespace) -> int:
    """Train on all files; the weights and what cross-validation says go to the weights' file."""
    files = options.train or sorted(DEFAULT.glob("guard-[dt]*.jsonl"))
    if not files:
        sys.stderr.write("No training files. Give some with --train.\n")
        return 2
    lines = [(path.name, json.loads(x)) for path in files for x in _lines(path)]
    lines += [(QUESTIONS.name, line) for line in _questions() if not options.train]
    texts = ["\n".join(line["turns"]) for _, line in lines]
    vectors = embed(texts, options.vectors)
    rows = [row(line, name, vectors[text]) for (name, line), text in zip(lines, texts, strict=True)]
    options.out.write_text(render(rows), encoding="utf-8")
    sys.stdout.write(
        f"{len(rows)} messages from {len(files)} files; weights written to {options.out}.\n"
    )
    return 0


def _questions() -> list[dict[str, Any]]:
    """Example questions for the articles, as harmless messages; without those the rules flag."""
    questions = [json.loads(line)["question"] for line in _lines(QUESTIONS)]
    harmless = (q for q in questions if assess([q]).level == "none")
    return [{"turns": [q], "level": "none", "flags": []} for q in harmless]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def embed(texts: Sequence[str], cache: Path | None) -> dict[str, list[float]]:
    """A vector for each text, from the cache where there is one."""
    known: dict[str, list[float]] = {}
    if cache and cache.exists():
        known = json.loads(cache.read_text(encoding="utf-8"))
    missing = sorted({t for t in texts if t not in known}, key=len)
    if missing:
        for text, vector in zip(missing, minilm()(missing), strict=True):
            known[text] = [round(x, 5) for x in vector]
    if cache and missing:
        cache.write_text(json.dumps(known), encoding="utf-8")
    return known


def row(line: dict[str, Any], file: str, vector: Sequence[float]) -> Row:
    """A labelled line as features."""
    readings: list[Reading] = [shipped().read(turn) for turn in line["turns"]]
    lexical = lexical_features(readings)
    full = lexical | embedding_features(vector)
    return Row(line["level"], tuple(line["flags"]), lexical, full, file)


def wanted(row: Row, head: Head) -> bool:
    """Whether the head should fire."""
    return LEVELS.index(row.level) >= (2 if head == "serious" else 1)


def fit(
    rows: Sequence[Features],
    wanted: Sequence[bool],
    strength: float = STRENGTH,
    weights: Sequence[float] | None = None,
) -> Fit:
    """A logistic regression with balanced classes on features seen often enough."""
    counts = Counter(feature for row in rows for feature in row)
    names = sorted(f for f, n in counts.items() if n >= RAREST)
    column = {name: i for i, name in enumerate(names)}
    cells = [(i, column[f], v) for i, row in enumerate(rows) for f, v in row.items() if f in column]
    data = sparse.csr_matrix(
        ([c[2] for c in cells], ([c[0] for c in cells], [c[1] for c in cells])),
        shape=(len(rows), len(names)),
    )
    model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced")
    model.fit(data, np.array(wanted), sample_weight=weights)
    rounded = {n: round(float(w), DIGITS) for n, w in zip(names, model.coef_[0], strict=True)}
    kept = {n: w for n, w in rounded.items() if abs(w) >= SMALLEST}
    return Fit(kept, round(float(model.intercept_[0]), DIGITS))


def train_head(rows: Sequence[Row], head: Head, kind: str) -> Fit:
    """One head; for "serious", a message between serious and harmless counts for little."""
    doubtful = {"see_professional": BETWEEN if head == "serious" else 1.0}
    return fit(
        [getattr(r, kind) for r in rows],
        [wanted(r, head) for r in rows],
        weights=[doubtful.get(r.level, 1.0) for r in rows],
    )


def out_of_fold(rows: Sequence[Row], head: Head, kind: str) -> np.ndarray:
    """Scores of each row by a net that has seen no message of the same file."""
    scores = np.zeros(len(rows))
    for file in sorted({r.file for r in rows}):
        rest = [r for r in rows if r.file != file] or list(rows)
        own = [i for i, r in enumerate(rows) if r.file == file]
        scores[own] = train_head(rest, head, kind).scores([getattr(rows[i], kind) for i in own])
    return scores


def thresholds(rows: Sequence[Row], scores: np.ndarray) -> dict[str, float]:
    """The score that a stated share of the hard harmless messages exceeds, for each degree of sure.

    Plain questions for the articles are left out here: they would make any rate look low.
    """
    hard = [r.level == "none" and r.file != QUESTIONS.name for r in rows]
    harmless = np.sort(scores[hard])[::-1]
    return {
        sure: round(float(harmless[math.floor(rate * len(harmless))]) + 1e-3, DIGITS)
        for sure, rate in FALSE_ALARMS.items()
    }


def render(rows: Sequence[Row]) -> str:
    """The file of weights, with what cross-validation found as comments at its head."""
    notes = [
        "# The red-flag net: written by `python -m evals net`, read by bot/net.py.",
        f"# {len(rows)} messages; thresholds by cross-validation over files, harmless messages "
        f"above: very sure {FALSE_ALARMS['very']:.1%}, fairly sure {FALSE_ALARMS['fairly']:.1%}.",
    ]
    lines: list[str] = []
    for kind in ("lexical", "full"):
        for head in HEADS:
            scores = out_of_fold(rows, head, kind)
            limits = thresholds(rows, scores)
            positive = scores[[wanted(r, head) for r in rows]]
            caught = {k: float(np.mean(positive >= v)) for k, v in limits.items()}
            notes.append(
                f"# {kind}/{head}: very sure of {caught['very']:.1%}, at least fairly sure of "
                f"{caught['fairly']:.1%} of {len(positive)} flagged messages."
            )
            lines += table(f"{kind}/{head}", train_head(rows, head, kind), limits)
    lines += [line for flag in BY_ID for line in table(f"flag/{flag}", train_flag(rows, flag), {})]
    return "\n".join([*notes, *lines]) + "\n"


def train_flag(rows: Sequence[Row], flag: str) -> Fit:
    """Which flag it is, among flagged messages: single words and concepts only."""
    flagged = [r for r in rows if r.flags]
    features = [
        {f: v for f, v in r.lexical.items() if "_" not in f or f[0] != "w"} for r in flagged
    ]
    made = fit(features, [flag in r.flags for r in flagged], FLAG_STRENGTH)
    strong = {f: w for f, w in made.by_feature.items() if abs(w) >= 10 * SMALLEST}
    return Fit(strong, made.bias)


def table(name: str, made: Fit, limits: Mapping[str, float]) -> list[str]:
    """The lines of one model."""
    values = {"bias": made.bias, **limits, **made.by_feature}
    return [f"{name}\t{feature}\t{value:g}" for feature, value in values.items()]
