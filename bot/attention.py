"""What the guard's net reads word by word: attention over the word pieces of a message.

The embedding model gives one vector for a whole message, in which one denied or buried sign is
lost. On its way there it has a vector for each word piece, in which "swelling" after "no" differs
from "swelling" after "huge". Its upper layers are gone through once more, with what they learnt
from such messages added (LoRA, Hu et al. 2021). For each red flag, attention (Bahdanau et al. 2015)
picks the pieces that speak of it and says how much they do. Several such readers, begun
differently, err less often together. Trained by `python -m evals net`; the weights are text.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
HEADS = ("serious", "any")
STEPS = 999
"""Into so many steps the largest number of a row is cut."""
WEIGHTS = Path(__file__).with_name("net-attention.txt")


@dataclass(frozen=True, slots=True)
class Attention:
    """A narrow layer over the pieces, then for each flag where to look and what is said there.

    Shapes, for K readers of W = 768 inputs, N inner numbers and F flags: `inner` (K, W, N),
    `inner_bias` (K, N), `asks` and `says` (K, N, F), `flag_bias` (K, F), `heads` (K, N, 2),
    `head_bias` (K, 2). `added` is what `ingest.minilm` adds to the model's upper layers.
    """

    flags: tuple[str, ...]
    inner: Array
    inner_bias: Array
    asks: Array
    says: Array
    flag_bias: Array
    heads: Array
    head_bias: Array
    added: Mapping[str, Array] = field(default_factory=dict)

    def read(self, pieces: Array) -> dict[str, float]:
        """The log-odds of each flag and of the heads "serious" and "any", the readers' mean.

        `pieces` (K, n, W) are as `ingest.minilm.MiniLM.see` gives them.
        """
        x = _gelu(pieces @ self.inner + self.inner_bias[:, None])
        asked = x @ self.asks
        look = np.exp(asked - asked.max(1, keepdims=True))
        flags = (look / look.sum(1, keepdims=True) * (x @ self.says)).sum(1) + self.flag_bias
        heads = (x.mean(1)[:, None] @ self.heads)[:, 0] + self.head_bias
        found = (*flags.mean(0).tolist(), *heads.mean(0).tolist())
        return dict(zip((*self.flags, *HEADS), found, strict=True))


def _gelu(x: Array) -> Array:
    """The GELU of Hendrycks and Gimpel 2016, in its form with tanh."""
    bent: Array = x / 2 * (1 + np.tanh(np.float32(0.7978845608) * (x + 0.044715 * x**3)))
    return bent


def joined(readers: Sequence[Attention]) -> Attention:
    """Several as one that gives their mean."""
    names = [field.name for field in fields(Attention)][1:-1]
    own = {name: np.concatenate([getattr(reader, name) for reader in readers]) for name in names}
    added = {n: np.concatenate([reader.added[n] for reader in readers]) for n in readers[0].added}
    return Attention(readers[0].flags, **own, added=added)


@cache
def load_attention() -> Attention:
    """The shipped weights: the flags, then for each array its name and shape, then its rows.

    A row is a step, and how many such steps each of its numbers is.
    """
    lines = iter(WEIGHTS.read_text(encoding="ascii").splitlines()[1:])
    flags = tuple(next(lines).split()[1:])
    arrays: dict[str, Array] = {}
    for line in lines:
        name, *shape = line.split()
        sizes = [int(size) for size in shape]
        text = " ".join(islice(lines, math.prod(sizes[:-1])))
        rows = np.fromstring(text, dtype=np.float32, sep=" ").reshape(-1, sizes[-1] + 1)
        arrays[name] = (rows[:, 1:] * rows[:, :1]).reshape(sizes)
    own = {name: value for name, value in arrays.items() if "." not in name}
    added = {name: value for name, value in arrays.items() if "." in name}
    return Attention(flags, **own, added=added)


def render(attention: Attention) -> str:
    """The file of weights: numbers in whole steps, so that it stays small."""
    names = [field.name for field in fields(attention)][1:-1]
    arrays = {name: getattr(attention, name) for name in names} | dict(attention.added)
    out = [
        "# The net's attention: written by `python -m evals net`, read by bot/attention.py.",
        " ".join(["flags", *attention.flags]),
    ]
    for name, array in arrays.items():
        out.append(" ".join([name, *map(str, array.shape)]))
        out += [_steps(row) for row in array.reshape(-1, array.shape[-1])]
    return "\n".join(out) + "\n"


def _steps(row: Array) -> str:
    step = float(f"{np.abs(row).max() / STEPS or 1:.6g}")
    return " ".join([f"{step:g}", *map(str, np.rint(row / step).astype(int))])
