"""The shipped all-MiniLM-L6-v2 in plain PyTorch, behind LangChain's interface.

BERT's forward pass (Devlin et al. 2018), the mean over a text's words, length 1: the vectors that
sentence-transformers gives, to within 1e-6, for a third of its time, and loaded without the six
seconds that importing it takes. Texts of any length go through the matrices side by side without
padding; only attention is padded.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

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
"""The layer whose vectors of a word piece are given beside the last one's."""

Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the model reads it: its vector, and its word pieces' of shape (n, 768)."""

    vector: list[float]
    pieces: NDArray[np.float32]


class MiniLM(Embeddings):
    """Texts to vectors of length 1; may be called by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load the tokenizer and the weights from the model's folder."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._forward = _compiled(_Forward(load_file(folder / "model.safetensors")))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return [text.vector for text in self.read(texts)]

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text's vector and those of its word pieces.

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

    @torch.inference_mode()
    @torch.jit.optimized_execution(False)  # 60 ms of planning, which makes no pass faster
    def _pass(self, texts: Sequence[Sequence[int]]) -> list[Read]:
        """Vectors of tokenised texts."""
        # A length never seen before costs oneDNN 4 to 8 ms, so there are few: the rest is filled.
        filled = [*texts, [0] * (-sum(map(len, texts)) % STEP)]
        lengths = [len(text) for text in filled if text]
        ids = torch.tensor([piece for text in filled for piece in text])
        vectors, pieces = self._forward(ids, lengths)
        read = [piece.numpy() for piece in pieces.split_with_sizes(lengths)]
        return [Read(*both) for both in zip(vectors.tolist(), read, strict=True)][: len(texts)]


def _whole(texts: Sequence[str]) -> list[str]:
    """Texts in which half characters, which JSON allows, have become "?"."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


class _Forward(nn.Module):
    """The pass: word pieces as rows, one text after the other, to vectors and pieces' vectors."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.words = weights["embeddings.word_embeddings.weight"]
        self.places = weights["embeddings.position_embeddings.weight"] + kind
        self.norm = _Norm(weights, "embeddings")
        layers = [_Layer(weights, f"encoder.layer.{n}") for n in range(LAYERS)]
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
        return F.normalize(means, dim=1), torch.cat([early, x], 1)


class _Layer(nn.Module):
    """Self-attention within each text, then two matrices with GELU between."""

    count: Final = 12

    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        asked = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        self.heads = _linear(
            torch.cat([weights[f"{part}.weight"] for part in asked]),
            torch.cat([weights[f"{part}.bias"] for part in asked]),
        )
        self.joined = _named(weights, f"{name}.attention.output.dense")
        self.first_norm = _Norm(weights, f"{name}.attention.output")
        self.inner = _named(weights, f"{name}.intermediate.dense", bent=True)
        self.outer = _named(weights, f"{name}.output.dense")
        self.last_norm = _Norm(weights, f"{name}.output")

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        x = self.first_norm(x + self.joined(self.attend(self.heads(x), there)))
        return self.last_norm(x + self.outer(self.inner(x)))

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

    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.weight = weights[f"{name}.LayerNorm.weight"]
        self.bias = weights[f"{name}.LayerNorm.bias"]

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
        return torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, after, [], how)


def _named(weights: Weights, name: str, *, bent: bool = False) -> _Linear:
    return _linear(weights[f"{name}.weight"], weights[f"{name}.bias"], bent=bent)


def _linear(weight: Tensor, bias: Tensor, *, bent: bool = False) -> _Linear:
    onednn = packing()
    if onednn is None:
        return _Linear(weight, bias, bent=bent)
    return _Packed(onednn._reorder_linear_weight(weight, USUAL), bias, bent=bent)


def _compiled(module: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return torch.jit.script(module.eval())


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
