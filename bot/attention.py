"""What the guard's net reads word by word: attention over the word pieces of a message.

The embedding model gives one vector for a whole message, in which one denied or buried sign is
lost. On its way there it has a vector for each word piece, in which "swelling" after "no" differs
from "swelling" after "huge". Its upper layers are gone through once more, with what they learnt
from such messages added (LoRA, Hu et al. 2021). For each red flag, attention (Bahdanau et al. 2015)
picks the pieces that speak of it and says how much they do. Trained by `python -m evals net`; the
weights are text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
HEADS = ("serious", "any")
WEIGHTS = Path(__file__).with_name("net-attention.txt")


@dataclass(frozen=True, slots=True)
class Attention:
    """A narrow layer over the pieces, then for each flag where to look and what is said there.

    Shapes, for W = 768 inputs, N inner numbers and F flags: `inner` (W, N), `inner_bias` (N),
    `asks` and `says` (N, F), `flag_bias` (F), `heads` (N, 2), `head_bias` (2). `added` is what
    `ingest.minilm` adds to the model's upper layers.
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
        """The log-odds of each flag and of the heads "serious" and "any".

        `pieces` (n, W) are as `ingest.minilm.MiniLM.see` gives them.
        """
        x = _gelu(pieces @ self.inner + self.inner_bias)
        asked = np.exp(x @ self.asks - (x @ self.asks).max(0))
        flags = (asked / asked.sum(0) * (x @ self.says)).sum(0) + self.flag_bias
        heads = x.mean(0) @ self.heads + self.head_bias
        return dict(zip((*self.flags, *HEADS), (*flags.tolist(), *heads.tolist()), strict=True))


def _gelu(x: Array) -> Array:
    """The GELU of Hendrycks and Gimpel 2016, in its form with tanh."""
    bent: Array = x / 2 * (1 + np.tanh(np.float32(0.7978845608) * (x + 0.044715 * x**3)))
    return bent


@cache
def load_attention() -> Attention:
    """The shipped weights: the flags, then for each array its name and shape, then its rows."""
    lines = iter(WEIGHTS.read_text(encoding="ascii").splitlines()[1:])
    flags = tuple(next(lines).split()[1:])
    arrays: dict[str, Array] = {}
    for line in lines:
        name, *shape = line.split()
        sizes = [int(size) for size in shape]
        rows = [next(lines).split() for _ in range(sizes[0] if len(sizes) > 1 else 1)]
        arrays[name] = np.array(rows, dtype=np.float32).reshape(sizes)
    own = {name: value for name, value in arrays.items() if "." not in name}
    added = {name: value for name, value in arrays.items() if "." in name}
    return Attention(flags, **own, added=added)


def render(attention: Attention) -> str:
    """The file of weights, four digits a number."""
    names = [field.name for field in fields(attention)][1:-1]
    arrays = {name: getattr(attention, name) for name in names} | dict(attention.added)
    out = [
        "# The net's attention: written by `python -m evals net`, read by bot/attention.py.",
        " ".join(["flags", *attention.flags]),
    ]
    for name, array in arrays.items():
        out.append(" ".join([name, *map(str, array.shape)]))
        out += [" ".join(f"{x:.4g}" for x in row) for row in np.atleast_2d(array)]
    return "\n".join(out) + "\n"
