"""Learn where to look and when to refuse from example questions; writes `bot/learnt.json`.

The questions (`evals/golden/questions-train.jsonl`) were written by hand and each answerable one
names the sentences that answer it. Same questions, index and machine, same weights.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from pydantic import BaseModel, ConfigDict
from torch.nn.functional import normalize

from bot.build import build_bot, build_searcher, model_name
from bot.learnt import VECTOR_SCALE, WEIGHTS, Kinds, Packed, Stored, digest, nearness
from bot.retrieve import Searcher
from bot.settings import BotSettings
from evals.answers import with_index

QUESTIONS = Path(__file__).parent / "golden" / "questions-train.jsonl"
RANK, SEEDS, STEPS, RATE, DECAY = 64, 4, 100, 3e-3, 0.1
TEMPERATURE, NOISE, STAY = 0.05, 0.7, 0.5
"""Noise on the questions' vectors and a pull towards the plain vector keep the lens general."""
PENALTY = 5.0

Array = npt.NDArray[np.float32]


class Question(BaseModel):
    """One line: what somebody asks, what it is, and for an answerable one how the answer begins.

    `says` maps an article's id to the opening words of its sentences that answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    label: str
    says: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions as vectors; `rows` marks the sentences that answer, `signals` is for the gate.

    `words` are each question's content stems, with spaces between.
    """

    vectors: Array
    signals: Array
    labels: tuple[str, ...]
    rows: Array
    words: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--questions", type=Path, nargs="+", default=[QUESTIONS])
    parser.add_argument("--index", type=Path, help="an index to take as it is")
    parser.add_argument("--out", type=Path, default=WEIGHTS)


def main(options: argparse.Namespace) -> int:
    """Train both pieces and write them."""
    settings = with_index(BotSettings(), options.index)
    bot = build_bot(settings)
    searcher = build_searcher(settings, bot.embedder, bot.terms)
    questions = [question for path in options.questions for question in read(path)]
    examples = gather(questions, searcher)
    answered = int(examples.rows.any(axis=1).sum())
    sys.stdout.write(f"{len(questions)} questions, {answered} with an answer\n")
    stored = learn(examples, searcher, model_name(settings))
    options.out.write_text(stored.model_dump_json() + "\n", encoding="utf-8")
    return 0


def read(path: Path) -> list[Question]:
    """The questions of a JSON lines file.

    Raises:
        pydantic.ValidationError: A line lacks a field or has an unknown one.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Question.model_validate(json.loads(line)) for line in lines if line.strip()]


def gather(questions: Sequence[Question], searcher: Searcher) -> Examples:
    """Vectors, signals and answers of the questions; openings no article has are reported."""
    focused = searcher.embed([searcher.terms.focus(q.question) for q in questions])
    vectors = np.asarray(focused, dtype=np.float32)
    signals = [
        searcher.signals(q.question, vector).values
        for q, vector in zip(questions, vectors, strict=True)
    ]
    rows = np.stack([_answers(q, searcher) for q in questions])
    labels = tuple(q.label for q in questions)
    wanted = [searcher.wanted(searcher.terms.focus(q.question)) for q in questions]
    words = tuple(" ".join(sorted(stems)) for stems in wanted)
    return Examples(vectors, np.asarray(signals, dtype=np.float32), labels, rows, words)


def _answers(question: Question, searcher: Searcher) -> Array:
    """1 for each row of the index that answers."""
    found = np.zeros(len(searcher.snapshot.rows), dtype=np.float32)
    for article, openings in question.says.items():
        for opening in openings:
            rows = [
                i for i, text in enumerate(_texts(searcher, article)) if text.startswith(opening)
            ]
            if not rows:
                sys.stderr.write(f"No sentence of {article} begins with: {opening}\n")
            found[rows] = 1
    return found


def _texts(searcher: Searcher, article: str) -> Iterable[str]:
    """The text of each row, empty for the rows of other articles."""
    for row in searcher.snapshot.rows:
        passage = searcher.snapshot.passages[row.passage]
        yield passage.sentences[row.index].text if passage.article == article else ""


def learn(examples: Examples, searcher: Searcher, model: str) -> Stored:
    """Both pieces, ready to be stored."""
    torch.use_deterministic_algorithms(mode=True)
    left, right = lens(_with_headings(examples, searcher), searcher.centred)
    labels = tuple(sorted(set(examples.labels)))
    kinds = np.array([labels.index(label) for label in examples.labels])
    signals = np.hstack([examples.signals, _nearness(examples.vectors, kinds)])
    mean, deviation = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    inputs = [VECTOR_SCALE * examples.vectors, (signals - mean) / deviation]
    weights, bias = gate(np.hstack(inputs), kinds)
    answered = np.flatnonzero(examples.rows.any(axis=1))
    order = [*answered, *np.flatnonzero(~examples.rows.any(axis=1))]
    return Stored(
        model=model,
        sentences=_answering(examples.rows[answered], searcher),
        asked=Packed.pack(examples.vectors[order]),
        kinds=tuple(kinds[order].tolist()),
        words=tuple(examples.words[i] for i in answered),
        left=Packed.pack(left),
        right=Packed.pack(right),
        labels=labels,
        weights=Packed.pack(weights),
        bias=tuple(bias.tolist()),
        mean=tuple(mean.tolist()),
        deviation=tuple(deviation.tolist()),
    )


def _answering(answers: Array, searcher: Searcher) -> dict[str, tuple[int, ...]]:
    """The digest of each sentence and the questions that it answers, by number."""
    found: dict[str, set[int]] = {}
    for row, asked in zip(searcher.snapshot.rows, answers.T, strict=True):
        found.setdefault(digest(searcher.text(row)), set()).update(np.flatnonzero(asked).tolist())
    return {name: tuple(sorted(numbers)) for name, numbers in sorted(found.items())}


def _nearness(vectors: Array, kinds: Kinds) -> Array:
    """How near each question is to the others of each kind, itself left out."""
    count, everyone = int(kinds.max()) + 1, np.arange(len(kinds))
    like = vectors @ vectors.T
    return np.stack(
        [nearness(row[everyone != i], kinds[everyone != i], count) for i, row in enumerate(like)]
    )


def _with_headings(examples: Examples, searcher: Searcher) -> Examples:
    """The answerable questions, and each heading as the question that its section answers."""
    answered = examples.rows.any(axis=1)
    passages = [searcher.snapshot.passages[row.passage] for row in searcher.snapshot.rows]
    headings = sorted({(passage.article, passage.section) for passage in passages})
    vectors = searcher.embed([searcher.terms.focus(section) for _, section in headings])
    rows = [[(p.article, p.section) == heading for p in passages] for heading in headings]
    return replace(
        examples,
        vectors=np.vstack([examples.vectors[answered], np.asarray(vectors, dtype=np.float32)]),
        rows=np.vstack([examples.rows[answered], np.asarray(rows, dtype=np.float32)]),
    )


def lens(examples: Examples, sentences: Array) -> tuple[Array, Array]:
    """The lens as two thin matrices: the mean of several trainings, cut to `RANK`.

    Args:
        examples: the questions' vectors and the rows that answer them.
        sentences: the rows' vectors, of length 1.
    """
    parts = [_lens(examples, sentences, seed) for seed in range(SEEDS)]
    u, s, v = np.linalg.svd(sum(left @ right for left, right in parts) / SEEDS)
    return u[:, :RANK] * s[:RANK], v[:RANK]


def _lens(examples: Examples, sentences: Array, seed: int) -> tuple[Array, Array]:
    """One training: cross-entropy over all sentences, the answering ones sharing the target."""
    chance = torch.Generator().manual_seed(seed)
    questions, against = torch.tensor(examples.vectors), torch.tensor(sentences).T
    target = normalize(torch.tensor(examples.rows), p=1, dim=1)
    plain, width = normalize(questions, dim=1), questions.shape[1]
    left = (torch.randn(width, RANK, generator=chance) * 0.05).requires_grad_()
    right = (torch.randn(RANK, width, generator=chance) * 0.05).requires_grad_()
    optimiser = torch.optim.AdamW([left, right], lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        optimiser.zero_grad()
        noisy = questions + NOISE * torch.randn(questions.shape, generator=chance) / width**0.5
        seen = normalize(noisy + noisy @ left @ right, dim=1)
        fit = -(target * torch.log_softmax(seen @ against / TEMPERATURE, dim=1)).sum(dim=1).mean()
        loss = fit + STAY * ((seen - plain) ** 2).sum(dim=1).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return left.detach().numpy(), right.detach().numpy()


def gate(inputs: Array, labels: npt.NDArray[np.intp]) -> tuple[Array, Array]:
    """Softmax regression with a ridge penalty, fitted to the end: weights by label, and biases."""
    x, y = torch.tensor(inputs, dtype=torch.float64), torch.tensor(labels)
    weights = torch.zeros(int(y.max()) + 1, x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(int(y.max()) + 1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=500, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        fit = torch.nn.functional.cross_entropy(x @ weights.T + bias, y, reduction="sum")
        whole = fit + PENALTY / 2 * (weights**2).sum()
        whole.backward()  # type: ignore[no-untyped-call]
        return whole

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach().numpy().astype(np.float32), bias.detach().numpy().astype(np.float32)
