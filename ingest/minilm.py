"""The shipped all-MiniLM-L6-v2 in plain PyTorch, behind LangChain's interface.

BERT's forward pass (Devlin et al. 2018), the mean over a text's words, length 1: the vectors that
sentence-transformers gives, to within 1e-6, for a third of its time, and loaded without the six
seconds that importing it takes. Texts of any length go through the matrices side by side without
padding; only attention is padded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 256
"""Word pieces of a text that are read, as the model's authors set it."""
AT_ONCE = 64
"""Texts in one pass; more would only take more memory."""
USUAL = 42
"""Word pieces for which oneDNN lays out the weights: three questions of a usual length."""
STEP = 8
"""Word pieces of one pass are a multiple of this."""
TINY = 1e-12
KEPT = (3, 6)
"""Layers whose vectors of a word piece are given, side by side."""

Step = Callable[[Tensor], Tensor]
Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the model reads it: its vector, and its word pieces' of shape (n, 768)."""

    vector: list[float]
    pieces: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's parts; `inner` includes the activation."""

    heads: Step
    joined: Step
    first_norm: Step
    inner: Step
    outer: Step
    last_norm: Step


class MiniLM(Embeddings):
    """Texts to vectors of length 1; may be called by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load the tokenizer and the weights from the model's folder."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        weights = load_file(folder / "model.safetensors")
        self._words = weights["embeddings.word_embeddings.weight"]
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self._places = weights["embeddings.position_embeddings.weight"] + kind
        self._norm = _norm(weights, "embeddings")
        self._layers = [_layer(weights, f"encoder.layer.{n}") for n in range(LAYERS)]

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
    def _pass(self, texts: Sequence[Sequence[int]]) -> list[Read]:
        """Vectors of tokenised texts."""
        # A length never seen before costs oneDNN 4 to 8 ms, so there are few: the rest is filled.
        filled = [*texts, [0] * (-sum(map(len, texts)) % STEP)]
        lengths = [len(text) for text in filled if text]
        rows = _Rows(lengths)
        ids = torch.tensor([piece for text in filled for piece in text])
        places = torch.cat([self._places[:length] for length in lengths])
        x = self._norm(F.embedding(ids, self._words) + places)
        kept = []
        for number, layer in enumerate(self._layers, start=1):
            x = layer.first_norm(x + layer.joined(rows.attend(layer.heads(x))))
            x = layer.last_norm(x + layer.outer(layer.inner(x)))
            kept += [x] if number in KEPT else []
        means = [text.mean(0) for text in x.split_with_sizes(lengths)[: len(texts)]]
        vectors = F.normalize(torch.stack(means), dim=1).tolist()
        pieces = torch.cat(kept, 1).split_with_sizes(lengths)[: len(texts)]
        return [Read(*both) for both in zip(vectors, (p.numpy() for p in pieces), strict=True)]


def _whole(texts: Sequence[str]) -> list[str]:
    """Texts in which half characters, which JSON allows, have become "?"."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


class _Rows:
    """The texts of one pass: word pieces as rows, one text after the other."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.count, self.longest = len(lengths), max(lengths)
        self.there = torch.arange(self.longest) < torch.tensor(lengths)[:, None]
        self.even = bool(self.there.all())
        self.at = self.there.flatten().nonzero().squeeze(1)

    def attend(self, made: Tensor) -> Tensor:
        """Self-attention within each text, from queries, keys and values side by side."""
        if not self.even:
            made = made.new_zeros(len(self.there.flatten()), 3 * WIDTH).index_copy_(
                0, self.at, made
            )
        split = made.view(self.count, self.longest, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mask = None if self.even else self.there[:, None, None, :]
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        flat = seen.transpose(1, 2).reshape(-1, WIDTH)
        return flat if self.even else flat[self.at]


def _layer(weights: Weights, name: str) -> Layer:
    asked = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    return Layer(
        heads=_linear(
            torch.cat([weights[f"{part}.weight"] for part in asked]),
            torch.cat([weights[f"{part}.bias"] for part in asked]),
        ),
        joined=_named(weights, f"{name}.attention.output.dense"),
        first_norm=_norm(weights, f"{name}.attention.output"),
        inner=_named(weights, f"{name}.intermediate.dense", bent=True),
        outer=_named(weights, f"{name}.output.dense"),
        last_norm=_norm(weights, f"{name}.output"),
    )


def _norm(weights: Weights, name: str) -> Step:
    weight, bias = weights[f"{name}.LayerNorm.weight"], weights[f"{name}.LayerNorm.bias"]
    return lambda x: F.layer_norm(x, (WIDTH,), weight, bias, TINY)


def _named(weights: Weights, name: str, *, bent: bool = False) -> Step:
    return _linear(weights[f"{name}.weight"], weights[f"{name}.bias"], bent=bent)


def _linear(weight: Tensor, bias: Tensor, *, bent: bool = False) -> Step:
    """A matrix and a bias, then GELU if `bent`."""
    onednn = packing()
    if onednn is None:
        plain = partial(F.linear, weight=weight, bias=bias)
        return (lambda x: F.gelu(plain(x))) if bent else plain
    packed = onednn._reorder_linear_weight(weight, USUAL)
    step, (after, how) = onednn._linear_pointwise, ("gelu", "none") if bent else ("none", "")
    return lambda x: step(x, packed, bias, after, [], how)


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
