"""What was learnt from example questions: where to look for an answer, and whether to look at all.

Three pieces over the embedding model's vectors, made by `python -m evals train` and stored as text
in `learnt.json`. The lens turns a question's vector towards the sentences that answer questions of
its kind: `q + (q L) R`. The examples are the questions themselves, with the sentences that answer
each (`bot/examples.py`). The gate gives the odds of what a question is, also by the examples of
each kind that are nearest to it. They hold for the model they were trained on and no other; without
them search uses plain cosines.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

WEIGHTS = Path(__file__).with_name("learnt.json")
VECTOR_SCALE = 2.8
"""How much the gate trusts the vector beside the signals; chosen by cross-validation."""
NEAREST = 3
"""Examples of each kind whose likeness to a question counts, beside that of the nearest."""

Array = npt.NDArray[np.float32]
Kinds = npt.NDArray[np.intp]


class Packed(BaseModel):
    """A matrix as text: base64 of little-endian 16-bit floats, row by row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: tuple[int, int]
    data: str

    @classmethod
    def pack(cls, matrix: npt.NDArray[Any]) -> "Packed":
        """Text of a matrix, rounded to 16-bit floats."""
        rows, columns = matrix.shape
        data = base64.b64encode(matrix.astype("<f2").tobytes()).decode("ascii")
        return cls(shape=(rows, columns), data=data)

    def unpack(self) -> Array:
        """The matrix as 32-bit floats."""
        values = np.frombuffer(base64.b64decode(self.data), dtype="<f2")
        return values.reshape(self.shape).astype(np.float32)


class Stored(BaseModel):
    """The file's format.

    `model` is the embedding model's fingerprint. `asked` are the examples as vectors, those with an
    answer first, `kinds` what each is, by number of `labels`. `sentences` maps the digest of each
    sentence that was trained on to the examples it answers; `words` are the content stems of the
    answered ones with spaces between.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    sentences: dict[str, tuple[int, ...]]
    asked: Packed
    kinds: tuple[int, ...]
    words: tuple[str, ...]
    left: Packed
    right: Packed
    labels: tuple[str, ...]
    weights: Packed
    bias: tuple[float, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


@dataclass(frozen=True)
class Learnt:
    """The lens, the gate and the examples, ready for use."""

    left: Array
    right: Array
    labels: tuple[str, ...]
    weights: Array
    bias: Array
    mean: Array
    deviation: Array
    sentences: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    asked: Array = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    kinds: Kinds = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    words: tuple[frozenset[str], ...] = ()

    def look(self, vector: Array) -> Array:
        """The question's vector through the lens, of length 1."""
        seen = vector + (vector @ self.left) @ self.right
        return np.asarray(seen / np.linalg.norm(seen), dtype=np.float32)

    def odds(self, vector: Array, signals: Sequence[float]) -> Mapping[str, float]:
        """The probability of each label for a question, by softmax regression.

        Args:
            vector: The question's vector.
            signals: What else is known of the question (`Searcher.signals`).
        """
        near = nearness(self.asked @ vector, self.kinds, len(self.labels))
        scaled = (np.concatenate([signals, near], dtype=np.float32) - self.mean) / self.deviation
        inputs = np.concatenate([VECTOR_SCALE * vector, scaled])
        raw = self.weights @ inputs + self.bias
        powers = np.exp(raw - raw.max())
        return dict(zip(self.labels, (powers / powers.sum()).tolist(), strict=True))


def nearness(like: Array, kinds: Kinds, count: int) -> Array:
    """For each of `count` kinds the best cosine with its examples, and the mean of the best few."""
    best = (np.sort(like[kinds == kind])[: -NEAREST - 1 : -1] for kind in range(count))
    pairs = [(few[0], few.mean()) if len(few) else (0.0, 0.0) for few in best]
    return np.asarray(pairs, dtype=np.float32).ravel()


def digest(sentence: str) -> str:
    """The short name by which a sentence that was trained on is known again."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:10]


def load_learnt(model: str, path: Path = WEIGHTS) -> Learnt | None:
    """The weights for an embedding model by its fingerprint; None where they are for another.

    Raises:
        pydantic.ValidationError: The file is damaged.
    """
    if not path.exists():
        return None
    stored = Stored.model_validate_json(path.read_text(encoding="utf-8"))
    if stored.model != model:
        return None
    numbers = (stored.bias, stored.mean, stored.deviation)
    bias, mean, deviation = (np.asarray(values, dtype=np.float32) for values in numbers)
    matrices = (stored.left.unpack(), stored.right.unpack())
    return Learnt(
        *matrices,
        stored.labels,
        stored.weights.unpack(),
        bias,
        mean,
        deviation,
        stored.sentences,
        stored.asked.unpack(),
        np.asarray(stored.kinds, dtype=np.intp),
        tuple(frozenset(words.split()) for words in stored.words),
    )
