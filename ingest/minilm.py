"""The shipped all-MiniLM-L6-v2 in plain PyTorch, behind LangChain's interface.

BERT's forward pass (Devlin et al. 2018), the mean over a text's words, length 1: the vectors that
sentence-transformers gives, to within 1e-6, for a third of its time, and loaded without the six
seconds that importing it takes. Texts of any length go through the matrices side by side without
padding; only attention is padded. The pass is compiled, so that Python's threads run beside it.
"""

import warnings
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, jit, nn

LAYERS = 6
LONGEST = 256
"""Word pieces of a text that are read, as the model's authors set it."""
AT_ONCE = 64
"""Texts in one pass; more would only take more memory."""
USUAL = 42
"""Word pieces for which oneDNN lays out the weights: three questions of a usual length."""
STEP = 8
"""Word pieces of one pass are a multiple of this."""
KEPT = 3
"""The layer whose vectors of the word pieces are given, and on which an `Upper` begins."""

Pieces: TypeAlias = NDArray[np.float32]
"""A vector for each word piece of a text, shape (n, 384)."""
Weights = dict[str, Tensor]
Parts = dict[str, tuple[Tensor, Tensor]]
"""A layer's matrices and norms by name, each with its bias."""
_unplanned = torch.jit.optimized_execution(False)  # type: ignore[attr-defined]
"""Planning takes 60 ms and makes no pass faster."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the model reads it: its vector, and its word pieces' after layer 3."""

    vector: list[float]
    pieces: Pieces


class MiniLM(Embeddings):
    """Texts to vectors of length 1; may be called by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load the tokenizer and the weights from the model's folder."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._file = folder / "model.safetensors"
        self._forward = _compiled(_Forward(load_file(self._file)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return [text.vector for text in self.read(texts)]

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text's vector and, of layer 3, those of its word pieces.

        What reads the same to the model goes through it once.
        """
        read = [tuple(encoded.ids) for encoded in self._tokenizer.encode_batch(_whole(texts))]
        once = list(dict.fromkeys(read))
        chunks = (once[start : start + AT_ONCE] for start in range(0, len(once), AT_ONCE))
        made = dict(zip(once, (row for chunk in chunks for row in self._pass(chunk)), strict=True))
        return [made[ids] for ids in read]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]

    def upper(self) -> list[Parts]:
        """The layers above layer 3, as they are."""
        weights = load_file(self._file)
        return [_parts(weights, n) for n in range(KEPT, LAYERS)]

    def again(self, added: Mapping[str, NDArray[np.float32]]) -> "Upper":
        """The layers above layer 3 once more, with something added to them."""
        return Upper(self.upper(), added)

    @torch.inference_mode()
    @_unplanned
    def _pass(self, texts: Sequence[Sequence[int]]) -> list[Read]:
        """Vectors of tokenised texts."""
        lengths = _filled(texts)
        ids = torch.zeros(sum(lengths), dtype=torch.long)
        ids[: sum(map(len, texts))] = torch.tensor([piece for text in texts for piece in text])
        vectors, pieces = self._forward(ids, lengths)
        read = [piece.numpy() for piece in pieces.split_with_sizes(lengths)]
        return [Read(*both) for both in zip(vectors.tolist(), read, strict=True)][: len(texts)]


class Upper:
    """The layers above layer 3 once more, with what somebody has learnt added to their matrices."""

    def __init__(self, layers: Sequence[Parts], added: Mapping[str, NDArray[np.float32]]) -> None:
        """Add to each matrix the product of two narrow ones, e.g. `4.heads.up` `4.heads.down`."""
        own = [_with(parts, added, str(n)) for n, parts in enumerate(layers, start=KEPT + 1)]
        self._forward = _compiled(_Upper(own))

    @torch.inference_mode()
    @_unplanned
    def read(self, texts: Sequence[Pieces]) -> list[Pieces]:
        """The word pieces of each text after the last layer, from those after layer 3."""
        lengths = _filled(texts)
        x = torch.zeros(sum(lengths), texts[0].shape[1])
        x[: sum(map(len, texts))] = torch.from_numpy(np.concatenate(texts))
        made: Tensor = self._forward(x, lengths)
        return [piece.numpy() for piece in made.split_with_sizes(lengths)[: len(texts)]]


def _with(parts: Parts, added: Mapping[str, NDArray[np.float32]], layer: str) -> Parts:
    made = dict(parts)
    for name, (weight, bias) in parts.items():
        up, down = added.get(f"{layer}.{name}.up"), added.get(f"{layer}.{name}.down")
        if up is not None and down is not None:
            made[name] = weight + torch.from_numpy(up @ down), bias
    return made


def _filled(texts: Sequence[Sized]) -> list[int]:
    """The texts' lengths, and that of a last one which fills them up to a multiple of `STEP`.

    A length never seen before costs oneDNN 4 to 8 ms, so there should be few.
    """
    lengths = [len(text) for text in texts]
    rest = -sum(lengths) % STEP
    return [*lengths, rest] if rest else lengths


def _whole(texts: Sequence[str]) -> list[str]:
    """Texts in which half characters, which JSON allows, have become "?"."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


class _Forward(nn.Module):
    """The pass: word pieces as rows, one text after the other, to vectors and pieces' vectors.

    TorchScript reads attributes, not the module's names.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.words = weights["embeddings.word_embeddings.weight"]
        self.places = weights["embeddings.position_embeddings.weight"] + kind
        norm = "embeddings.LayerNorm"
        self.norm = _Norm(weights[f"{norm}.weight"], weights[f"{norm}.bias"])
        layers = [_Layer(_parts(weights, n)) for n in range(LAYERS)]
        self.first, self.last = nn.ModuleList(layers[:KEPT]), nn.ModuleList(layers[KEPT:])

    def forward(self, ids: Tensor, lengths: list[int]) -> tuple[Tensor, Tensor]:
        there = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        places = torch.cat([self.places[:length] for length in lengths])
        x = self.norm(F.embedding(ids, self.words) + places)
        for layer in self.first:
            x = layer(x, there)
        early = x
        for layer in self.last:
            x = layer(x, there)
        means = torch.stack([text.mean(0) for text in x.split_with_sizes(lengths)])
        return F.normalize(means, dim=1), early


class _Upper(nn.Module):
    def __init__(self, layers: Sequence[Parts]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer(parts) for parts in layers)

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        there = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        for layer in self.layers:
            x = layer(x, there)
        return x


def _parts(weights: Weights, layer: int) -> Parts:
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

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.heads, self.joined = _linear(*parts["heads"]), _linear(*parts["joined"])
        self.inner, self.outer = _linear(*parts["inner"], bent=True), _linear(*parts["outer"])
        self.first_norm, self.last_norm = _Norm(*parts["first_norm"]), _Norm(*parts["last_norm"])

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        x = self.first_norm(x + self.joined(self.attend(self.heads(x), there)))
        done: Tensor = self.last_norm(x + self.outer(self.inner(x)))
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
    """A matrix and a bias, then GELU if `bent`."""

    def __init__(self, weight: Tensor, bias: Tensor, *, bent: bool) -> None:
        super().__init__()
        self.weight, self.bias, self.bent = weight, bias, bent

    def forward(self, x: Tensor) -> Tensor:
        x = F.linear(x, self.weight, self.bias)
        return F.gelu(x) if self.bent else x


class _Packed(_Linear):
    """The same by oneDNN."""

    def forward(self, x: Tensor) -> Tensor:
        after, how = ("gelu", "none") if self.bent else ("none", "")
        made: Tensor = torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, after, [], how)
        return made


def _linear(weight: Tensor, bias: Tensor, *, bent: bool = False) -> _Linear:
    onednn = packing()
    if onednn is None:
        return _Linear(weight, bias, bent=bent)
    return _Packed(onednn._reorder_linear_weight(weight, USUAL), bias, bent=bent)


def _compiled(module: nn.Module) -> nn.Module:
    """The module as TorchScript: one call, during which other threads have Python's lock.

    From Python a pass is two hundred calls, each of which waits for the lock where many answer.
    """
    with warnings.catch_warnings():
        # To be given up for `torch.compile`, which needs a C++ compiler where the bot runs.
        warnings.simplefilter("ignore", DeprecationWarning)
        compiled: nn.Module = jit.script(module.eval())
    return compiled


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
