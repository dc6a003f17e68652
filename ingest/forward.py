"""BERT's forward pass (Devlin et al. 2018) for MiniLM, as one call of TorchScript.

Texts go through the matrices side by side, without padding; only attention is padded. Texts that
are seen closely go through the upper layers with something added to the matrices (see `minilm`).
"""

import warnings
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Final, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from numpy.typing import NDArray
from torch import Tensor, jit, nn

LAYERS = 6
KEPT = 3
"""The layer whose vectors of the word pieces are given, and above which something may be added."""
USUAL = 42
"""Word pieces for which oneDNN lays out the weights: three questions of a usual length."""

Added: TypeAlias = Mapping[str, NDArray[np.float32]]
"""Two narrow matrices for a matrix, whose product is added to it: `4.heads.up` (K, out, rank),
`4.heads.down` (K, rank, in), for each of K readers."""
Weights = dict[str, Tensor]
Narrow: TypeAlias = tuple[Tensor, Tensor]
Parts = dict[str, tuple[Tensor, Tensor]]
"""A layer's matrices and norms by name, each with its bias."""


class Forward(nn.Module):
    """The pass: word pieces as rows, one text after the other, to vectors and pieces' vectors.

    TorchScript reads attributes, not the module's names.
    """

    def __init__(self, weights: Weights, added: Added) -> None:
        """Lay out the published weights, and what is added to the upper layers."""
        super().__init__()
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.words = weights["embeddings.word_embeddings.weight"]
        self.places = weights["embeddings.position_embeddings.weight"] + kind
        norm = "embeddings.LayerNorm"
        self.norm = _Norm(weights[f"{norm}.weight"], weights[f"{norm}.bias"])
        layers = [_Layer(layer_parts(weights, n), added, f"{n + 1}") for n in range(LAYERS)]
        self.first, self.last = nn.ModuleList(layers[:KEPT]), nn.ModuleList(layers[KEPT:])

    def forward(
        self, ids: Tensor, lengths: list[int], plain: list[int], closely: list[int], step: int
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Vectors of the plain texts, layer 3 of all, the last layer of those seen closely.

        Args:
            ids: The word pieces of all texts.
            lengths: How many each text has.
            plain: Places of the texts whose vectors are wanted.
            closely: Places of those that are seen closely: all for the first reader of what was
                added, all for the second, and so on.
            step: Rows that the upper layers take are filled up to a multiple of this.
        """
        there = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        places = torch.cat([self.places[:length] for length in lengths])
        early = self.norm(F.embedding(ids, self.words) + places)
        for layer in self.first:
            early = layer(early, there, 0, 0)
        texts = early.split_with_sizes(lengths)
        own = [texts[at] for at in plain] + [texts[at] for at in closely]
        sizes = [text.size(0) for text in own]
        start = sum(sizes[: len(plain)])
        stop = sum(sizes)
        if stop % step > 0:
            own.append(early[: step - stop % step])
            sizes.append(step - stop % step)
        there = torch.arange(max(sizes)) < torch.tensor(sizes)[:, None]
        x = torch.cat(own)
        for layer in self.last:
            x = layer(x, there, start, stop)
        means = [text.mean(0) for text in x.split_with_sizes(sizes)[: len(plain)]]
        vectors = F.normalize(torch.stack(means), dim=1) if len(means) > 0 else x[:0]
        return vectors, early, x[start:stop]


def layer_parts(weights: Weights, layer: int) -> Parts:
    """One layer's parts; queries, keys and values are side by side in `heads`."""
    name = f"encoder.layer.{layer}"
    asked = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    named = {
        "joined": "attention.output.dense",
        "first_norm": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "last_norm": "output.LayerNorm",
    }
    heads = [
        torch.cat([weights[f"{part}.{kind}"] for part in asked]) for kind in ("weight", "bias")
    ]
    others = {
        short: (weights[f"{name}.{long}.weight"], weights[f"{name}.{long}.bias"])
        for short, long in named.items()
    }
    return {"heads": (heads[0], heads[1]), **others}


class _Layer(nn.Module):
    """Self-attention within each text, then two matrices with GELU between."""

    count: Final = 12

    def __init__(self, parts: Parts, added: Added, name: str) -> None:
        super().__init__()
        self.heads, self.joined, self.inner, self.outer = (
            _linear(*parts[part], _narrow(added, f"{name}.{part}"), bent=part == "inner")
            for part in ("heads", "joined", "inner", "outer")
        )
        self.first_norm, self.last_norm = _Norm(*parts["first_norm"]), _Norm(*parts["last_norm"])

    def forward(self, x: Tensor, there: Tensor, start: int, stop: int) -> Tensor:
        """Rows after the layer; with what was added from row `start` to before `stop`."""
        seen = self.attend(self.heads(x, start, stop), there)
        x = self.first_norm(x + self.joined(seen, start, stop))
        inner = self.inner(x, start, stop)
        done: Tensor = self.last_norm(x + self.outer(inner, start, stop))
        return done

    def attend(self, made: Tensor, there: Tensor) -> Tensor:
        """Attention over queries, keys and values side by side; `there` (texts, longest)."""
        flat = there.flatten().nonzero().squeeze(1)
        padded = made.new_zeros(there.numel(), made.size(1)).index_copy_(0, flat, made)
        split = padded.view(there.size(0), there.size(1), 3, self.count, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=there[:, None, None, :])
        return seen.transpose(1, 2).flatten(2).flatten(0, 1)[flat]


class _Norm(nn.Module):
    tiny: Final = 1e-12

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = weight, bias

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.tiny)


class _Linear(nn.Module):
    """A matrix, to some rows what was added to it, a bias, then GELU if `bent`."""

    def __init__(self, weight: Tensor, bias: Tensor, added: Narrow, *, bent: bool) -> None:
        super().__init__()
        self.weight, self.bias, self.bent = weight, bias, bent
        self.down, self.up = added

    def plain(self, x: Tensor, bent: bool) -> Tensor:
        made = F.linear(x, self.weight, self.bias)
        return F.gelu(made) if bent else made

    def forward(self, x: Tensor, start: int, stop: int) -> Tensor:
        if start == stop or self.up.size(0) == 0:
            return self.plain(x, self.bent)
        made: Tensor = self.plain(x, False)
        rows = x[start:stop].view(self.down.size(0), -1, x.size(1))
        made[start:stop] += torch.bmm(torch.bmm(rows, self.down), self.up).flatten(0, 1)
        return F.gelu(made) if self.bent else made


class _Packed(_Linear):
    """The same by oneDNN."""

    def plain(self, x: Tensor, bent: bool) -> Tensor:
        after, how = ("gelu", "none") if bent else ("none", "")
        made: Tensor = torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, after, [], how)
        return made


def _linear(weight: Tensor, bias: Tensor, added: Narrow, *, bent: bool) -> _Linear:
    onednn = packing()
    if onednn is None:
        return _Linear(weight, bias, added, bent=bent)
    return _Packed(onednn._reorder_linear_weight(weight, USUAL), bias, added, bent=bent)


def _narrow(added: Added, name: str) -> Narrow:
    """What is added to a matrix: down and up by reader, empty where there is nothing."""
    if f"{name}.up" not in added:
        return torch.zeros(0, 0, 0), torch.zeros(0, 0, 0)
    down, up = (torch.from_numpy(added[f"{name}.{part}"]) for part in ("down", "up"))
    return down.mT.contiguous(), up.mT.contiguous()


def compiled(module: nn.Module) -> nn.Module:
    """The module as TorchScript: one call, during which other threads have Python's lock.

    From Python a pass is two hundred calls, each of which waits for the lock where many answer.
    """
    with warnings.catch_warnings():
        # To be given up for `torch.compile`, which needs a C++ compiler where the bot runs.
        warnings.simplefilter("ignore", DeprecationWarning)
        made: nn.Module = jit.script(module.eval())
    return made


@cache
def packing() -> ModuleType | None:
    """OneDNN's matrices, which PyTorch keeps for its compiler; None where they are missing.

    PyTorch's `linear` asks MKL, which on processors that are not Intel's takes twice as long.
    """
    onednn = torch.ops.mkldnn
    try:
        packed = onednn._reorder_linear_weight(torch.zeros(2, 2), 1)
        onednn._linear_pointwise(torch.zeros(1, 2), packed, None, "none", [], "")
    except (AttributeError, RuntimeError):
        return None
    return onednn
