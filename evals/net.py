"""Train the guard's second net and write its weights.

What the parts are worth together, and the scores that mean sure, come from the files of every
second writer, scored by a net that has seen none of them, so that no writer's habits are measured
on that writer. Then all files are learnt from. Takes two and a half hours and 20 GB on two cores.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from bot import attention
from bot.attention import Array, Attention, joined
from bot.net import SERIOUS, Signs, lexical_features, parts
from bot.net_weights import HEADS, WEIGHTS, Features, Head
from bot.reading.match import Reading, shipped
from bot.redflags.table import BY_ID
from bot.types import LEVELS
from bot.vectors import AT_ONCE, bare, reader
from evals.attention import Lesson, train, word_pieces

DEFAULT = Path(__file__).parent / "golden"
QUESTIONS = DEFAULT / "questions-train.jsonl"
RAREST = 3
STRENGTH = 5.0
SMALLEST = 0.1
SMALLEST_FLAG = 0.5
FLAGGED = 5.0
"""What a message with a flag counts in the flag's own model, beside one without."""
SEEDS = (0, 1)
"""Two readers, begun differently, whose mean errs less often than either."""
FALSE_ALARMS: dict[tuple[str, Head], dict[str, float]] = {
    ("seen", "serious"): {"very": 0.014, "fairly": 0.025, "leans": 0.03},
    ("seen", "any"): {"very": 0.014, "fairly": 0.025, "leans": 0.03},
    ("unseen", "serious"): {"very": 0.03, "fairly": 0.08, "leans": 0.012},
    ("unseen", "any"): {"very": 0.015, "fairly": 0.04, "leans": 0.006},
}
"""Of the hard harmless messages, the share that may score as high, with attention and without."""
DIGITS = 3
BETWEEN = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled conversation as the net sees it, and the file it is from."""

    level: str
    flags: tuple[str, ...]
    features: Features
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A trained linear model."""

    by_feature: Mapping[str, float]
    bias: float

    def score(self, features: Features) -> float:
        """The log-odds of a row."""
        get = self.by_feature.get
        return self.bias + sum(get(name, 0.0) * value for name, value in features.items())


@dataclass(frozen=True, slots=True)
class Parts:
    """What is trained before the parts are weighed."""

    words: Mapping[Head, Fit]
    flags: Mapping[str, Fit]
    attention: Attention

    def of(self, row: Row, signs: Signs) -> dict[tuple[str, Head], Features]:
        """The parts of each head's score for a row, with attention ("seen") and without."""
        flags = {name: made.score(row.features) for name, made in self.flags.items()}
        none: Signs = {}
        kinds = {"seen": signs, "unseen": none}
        words = {head: self.words[head].score(row.features) for head in HEADS}
        return {
            (kind, head): parts(head, words[head], flags, known)
            for kind, known in kinds.items()
            for head in HEADS
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--train", nargs="+", type=Path, help="JSON lines of labelled messages")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the words' weights go")
    parser.add_argument("--attention", type=Path, default=attention.WEIGHTS, help="and the others'")


def main(options: argparse.Namespace) -> int:
    """Measure on every second file, learn from all; weights and findings go to their files."""
    files = options.train or sorted([*DEFAULT.glob("guard-dev*"), *DEFAULT.glob("guard-train*")])
    if not files:
        sys.stderr.write("No training files. Give some with --train.\n")
        return 2
    learn = partial(attention_without, files, questions=not options.train)
    rows = read(files, questions=not options.train)
    left = set(list(dict.fromkeys(row.file for row in rows))[::2])
    with ProcessPoolExecutor(len(SEEDS), mp_context=get_context("spawn")) as pool:
        readers = pool.map(learn, *zip(*product((left, set[str]()), SEEDS), strict=True))
        others = [row for row in rows if row.file not in left]
        trial = fit_parts(others, islice(readers, len(SEEDS)))
        measured = [row for row in rows if row.file in left]
        found = scored(measured, trial)
        made = fit_parts(rows, readers)
    notes = f"{len(rows)} messages; thresholds from {len(measured)} of every second writer, unseen"
    options.out.write_text(render(notes, measured, made, found), encoding="utf-8")
    options.attention.write_text(attention.render(made.attention), encoding="ascii")
    sys.stdout.write(
        f"{len(rows)} messages from {len(files)} files; weights written to {options.out} "
        f"and {options.attention}.\n"
    )
    return 0


def read(files: Sequence[Path], *, questions: bool) -> list[Row]:
    """The labelled conversations of the files as rows, with plain questions as harmless ones."""
    return [row(file, line) for file, line in _labelled(files, questions=questions)]


def _labelled(files: Sequence[Path], *, questions: bool) -> list[tuple[str, dict[str, Any]]]:
    lines = [(path.name, json.loads(x)) for path in files for x in _lines(path)]
    return lines + [(QUESTIONS.name, line) for line in _questions() if questions]


def _questions() -> list[dict[str, Any]]:
    """Example questions for the articles, as harmless messages, but those with a red-flag sign."""
    asked = (json.loads(line)["question"] for line in _lines(QUESTIONS))
    harmless = (q for q in asked if not shipped().find_any([shipped().read(q)]))
    return [{"turns": [q], "level": "none", "flags": [], "kind": "ordinary"} for q in harmless]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def row(file: str, line: dict[str, Any]) -> Row:
    """A labelled line as features."""
    readings: list[Reading] = [shipped().read(turn) for turn in line["turns"]]
    text = "\n".join(line["turns"])
    return Row(line["level"], tuple(line["flags"]), lexical_features(readings), file, text)


def wanted(row: Row, head: Head) -> bool:
    """Whether the head should fire."""
    return LEVELS.index(row.level) >= (2 if head == "serious" else 1)


def fit_parts(rows: Sequence[Row], readers: Iterable[Attention]) -> Parts:
    """The models of words and of flags, beside the readers."""
    data, names = _matrix(rows)
    words = {head: _fit_head(data, names, rows, head) for head in HEADS}
    flags = {flag: _fit_flag(data, names, rows, flag) for flag in BY_ID}
    return Parts(words, flags, joined(list(readers)))


def attention_without(
    files: Sequence[Path], left: Set[str], seed: int, *, questions: bool
) -> Attention:
    """A reader as learnt from all files but those left out."""
    lines = _labelled(files, questions=questions)
    own = [line for file, line in lines if file not in left]
    texts = ["\n".join(line["turns"]) for line in own]
    lesson = Lesson(
        pieces=word_pieces(texts),
        levels=[LEVELS.index(line["level"]) for line in own],
        flags=[line["flags"] for line in own],
        kinds=[line["kind"] for line in own],
        names=list(BY_ID),
        serious=SERIOUS,
    )
    return train(lesson, seed)


def _matrix(rows: Sequence[Row]) -> tuple[sparse.csr_matrix, list[str]]:
    """Features seen often enough: a sparse matrix (rows, features) and their names."""
    counts = Counter(feature for row in rows for feature in row.features)
    names = sorted(f for f, n in counts.items() if n >= RAREST)
    column = {name: i for i, name in enumerate(names)}
    cells = [
        (i, column[f], v)
        for i, row in enumerate(rows)
        for f, v in row.features.items()
        if f in column
    ]
    places = ([c[0] for c in cells], [c[1] for c in cells])
    shape = (len(rows), len(names))
    return sparse.csr_matrix(([c[2] for c in cells], places), shape=shape), names


def _fit_head(
    data: sparse.csr_matrix, names: Sequence[str], rows: Sequence[Row], head: Head
) -> Fit:
    """One head; for "serious", a message between serious and harmless counts for little."""
    doubtful = {"see_professional": BETWEEN if head == "serious" else 1.0}
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit(
        data,
        [wanted(r, head) for r in rows],
        sample_weight=[doubtful.get(r.level, 1.0) for r in rows],
    )
    return _kept(model, names, SMALLEST)


def _fit_flag(data: sparse.csr_matrix, names: Sequence[str], rows: Sequence[Row], flag: str) -> Fit:
    """One flag against everything else."""
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight={False: 1.0, True: FLAGGED})
    model.fit(data, [flag in r.flags for r in rows])
    return _kept(model, names, SMALLEST_FLAG)


def _kept(model: LogisticRegression, names: Sequence[str], smallest: float) -> Fit:
    rounded = {n: round(float(w), DIGITS) for n, w in zip(names, model.coef_[0], strict=True)}
    kept = {n: w for n, w in rounded.items() if abs(w) >= smallest}
    return Fit(kept, round(float(model.intercept_[0]), DIGITS))


def scored(rows: Sequence[Row], learnt: Parts) -> list[dict[tuple[str, Head], Features]]:
    """The parts of each row's scores; rows of about one length are read together."""
    read = reader(bare(), learnt.attention)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].text))
    found: dict[int, dict[tuple[str, Head], Features]] = {}
    for start in range(0, len(order), AT_ONCE // len(SEEDS)):
        batch = order[start : start + AT_ONCE // len(SEEDS)]
        signs = read([rows[i].text for i in batch])
        found |= {i: learnt.of(rows[i], s) for i, s in zip(batch, signs, strict=True)}
    return [found[i] for i in range(len(rows))]


def fit_sum(rows: Sequence[Row], found: Sequence[Features], head: Head) -> Fit:
    """What the parts of a head's score are worth together."""
    names = sorted(found[0])
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit([[f[name] for name in names] for f in found], [wanted(r, head) for r in rows])
    return _kept(model, names, 0.0)


def thresholds(rows: Sequence[Row], scores: Array, rates: Mapping[str, float]) -> dict[str, float]:
    """The score that a stated share of the hard harmless messages exceeds, for each degree of sure.

    Plain questions for the articles are left out here: they would make any rate look low.
    """
    hard = [r.level == "none" and r.file != QUESTIONS.name for r in rows]
    harmless = np.sort(scores[hard])[::-1]
    return {
        sure: round(float(harmless[math.floor(rate * len(harmless))]) + 1e-3, DIGITS)
        for sure, rate in rates.items()
    }


def render(
    learnt: str, rows: Sequence[Row], made: Parts, found: Sequence[dict[tuple[str, Head], Features]]
) -> str:
    """The file of weights; at its head what it is `learnt` from and what was found in the rows."""
    notes = [
        "# The red-flag net: written by `python -m evals net`, read by bot/net_weights.py.",
        f"# {learnt}: the hard harmless ones above each, and the flagged ones.",
    ]
    lines: list[str] = []
    for kind, head in found[0]:
        own = [f[kind, head] for f in found]
        total = fit_sum(rows, own, head)
        scores = np.array([total.score(f) for f in own])
        limits = thresholds(rows, scores, FALSE_ALARMS[kind, head])
        positive = scores[[wanted(r, head) for r in rows]]
        shares = [
            f"{sure} {FALSE_ALARMS[kind, head][sure]:.1%} and {np.mean(positive >= limit):.1%}"
            for sure, limit in limits.items()
        ]
        notes.append(f"# {kind}/{head}: {', '.join(shares)} of {len(positive)} messages.")
        lines += table(f"{kind}/{head}", total, limits)
    named = {f"words/{head}": fit for head, fit in made.words.items()}
    named |= {f"flag/{flag}": fit for flag, fit in made.flags.items()}
    lines += [line for name, fit in named.items() for line in table(name, fit, {})]
    return "\n".join([*notes, *lines]) + "\n"


def table(name: str, made: Fit, limits: Mapping[str, float]) -> list[str]:
    """The lines of one model."""
    values = {"bias": made.bias, **limits, **made.by_feature}
    return [f"{name}\t{feature}\t{value:g}" for feature, value in values.items()]
