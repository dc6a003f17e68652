"""The shipped all-MiniLM-L6-v2 in plain PyTorch, behind LangChain's interface.

BERT's forward pass (Devlin et al. 2018), the mean over a text's words, length 1: the vectors that
sentence-transformers gives, to within 1e-6, for a third of its time, and loaded without the six
seconds that importing it takes. Texts of any length go through the matrices side by side without
padding; only attention is padded. The pass is compiled, so that Python's threads run beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from ingest.forward import KEPT, LAYERS, Added, Forward, Parts, compiled, layer_parts

FILE = "model.safetensors"
LONGEST = 256
"""Word pieces of a text that are read, as the model's authors set it."""
AT_ONCE = 64
"""Texts in one pass; more would only take more memory."""
STEP = 8
"""Word pieces of one pass are a multiple of this."""

Pieces: TypeAlias = NDArray[np.float32]
"""A vector for each word piece of a text, shape (n, 384)."""
Ids: TypeAlias = tuple[int, ...]
_unplanned = torch.jit.optimized_execution(False)  # type: ignore[attr-defined]
"""Planning takes 60 ms and makes no pass faster."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the model reads it: its vector, and its word pieces' after layer 3."""

    vector: list[float]
    pieces: Pieces


class MiniLM(Embeddings):
    """Texts to vectors of length 1; may be called by several threads at once."""

    def __init__(self, folder: Path, added: Added | None = None) -> None:
        """Load the tokenizer and the weights from the model's folder.

        What is `added` to the upper layers counts for texts that are seen closely (see `see`).
        """
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._folder = folder
        self._readers = len(next(iter(added.values()))) if added else 1
        self._forward = compiled(Forward(load_file(folder / FILE), added or {}))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return [text.vector for text in self.read(texts)]

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text's vector and, of layer 3, those of its word pieces.

        What reads the same to the model goes through it once.
        """
        read = self._ids(texts)
        once = list(dict.fromkeys(read))
        chunks = (once[start : start + AT_ONCE] for start in range(0, len(once), AT_ONCE))
        made: dict[Ids, Read] = {}
        for chunk in chunks:
            vectors, early, _ = self._pass(chunk, range(len(chunk)), ())
            made |= zip(chunk, map(Read, vectors, early), strict=True)
        return [made[ids] for ids in read]

    def see(
        self, plain: Sequence[str], closely: Sequence[str]
    ) -> tuple[list[list[float]], list[Pieces]]:
        """Vectors of some texts, and others closely, in one pass (so `AT_ONCE` texts at most).

        Closely means each word piece after layer 3 and, with what was added, after the last layer,
        side by side, for each reader of what was added: shape (K, n, 768).
        """
        read = self._ids([*plain, *closely])
        once = {ids: at for at, ids in enumerate(dict.fromkeys(read))}
        at = [once[ids] for ids in read]
        close = at[len(plain) :]
        vectors, early, last = self._pass([*once], at[: len(plain)], close * self._readers)
        by_text = (last[place :: len(close)] for place in range(len(close)))
        return vectors, [
            np.stack([np.hstack([early[i], seen]) for seen in own])
            for i, own in zip(close, by_text, strict=True)
        ]

    def _ids(self, texts: Sequence[str]) -> list[Ids]:
        return [tuple(encoded.ids) for encoded in self._tokenizer.encode_batch(_whole(texts))]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]

    def upper(self) -> list[Parts]:
        """The layers above layer 3, as they are."""
        weights = load_file(self._folder / FILE)
        return [layer_parts(weights, n) for n in range(KEPT, LAYERS)]

    def again(self, added: Added) -> "MiniLM":
        """The same model with something added to its upper layers."""
        return MiniLM(self._folder, added)

    @torch.inference_mode()
    @_unplanned
    def _pass(
        self, texts: Sequence[Ids], plain: Sequence[int], closely: Sequence[int]
    ) -> tuple[list[list[float]], list[Pieces], list[Pieces]]:
        """Vectors of the plain ones, layer 3 of all, the last layer of those seen closely."""
        if not texts:
            return [], [], []
        lengths = _filled([len(text) for text in texts])
        ids = torch.zeros(sum(lengths), dtype=torch.long)
        ids[: sum(map(len, texts))] = torch.tensor([piece for text in texts for piece in text])
        sizes = [lengths[at] for at in closely]
        vectors, early, last = self._forward(ids, lengths, list(plain), list(closely), STEP)
        layer_3 = early.split_with_sizes(lengths)[: len(texts)]
        return (
            vectors.tolist(),
            [p.numpy() for p in layer_3],
            [p.numpy() for p in last.split_with_sizes(sizes)],
        )


def _filled(lengths: list[int]) -> list[int]:
    """The lengths, and one more that fills them up to a multiple of `STEP`.

    A sum never seen before costs oneDNN 4 to 8 ms, so there should be few.
    """
    rest = -sum(lengths) % STEP
    return [*lengths, rest] if rest else lengths


def _whole(texts: Sequence[str]) -> list[str]:
    """Texts in which half characters, which JSON allows, have become "?"."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
