"""Train the attention of the guard's second net (see bot/attention.py)."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from bot.attention import Array, Attention

SEED = 0
EPOCHS = 8
BATCH = 32
RATE = 2e-3
DECAY = 0.05
DROPPED = 0.3
INNER = 64
FLAGS_COUNT = 4.0
"""How much naming the flags counts beside the two heads."""
BETWEEN = 0.3
"""What a message between serious and harmless counts for the head "serious"."""
Batch: TypeAlias = Sequence[int]


class _Module(nn.Module):
    """The arrays of an `Attention` while they are learnt; inputs are standardised."""

    def __init__(self, width: int, flags: int) -> None:
        super().__init__()
        self.inner, self.heads = nn.Linear(width, INNER), nn.Linear(INNER, 2)
        self.asks, self.says = nn.Linear(INNER, flags, bias=False), nn.Linear(INNER, flags)
        nn.init.constant_(self.says.bias, -3.0)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, pieces: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        """Flags (texts, F) and heads (texts, 2) from pieces (texts, n, W)."""
        x = nn.functional.gelu(self.inner(self.drop(pieces)), approximate="tanh")
        x = self.drop(x)
        look = (2 * self.asks(x)).masked_fill(~there[..., None], -math.inf).softmax(1)
        flags = (look * nn.functional.linear(x, 3 * self.says.weight)).sum(1) + self.says.bias
        mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return flags, self.heads(mean)


def train(
    pieces: Sequence[Array],
    levels: Sequence[int],
    flags: Sequence[Sequence[str]],
    names: Sequence[str],
    serious: frozenset[str],
) -> Attention:
    """Learn from messages.

    Args:
        pieces: One array (n, W) a message.
        levels: 0 none to 3 emergency.
        flags: The flags of each message.
        names: All flags.
        serious: Those that are urgent or emergency.
    """
    torch.manual_seed(SEED)
    shuffler = random.Random(SEED)
    every = np.concatenate([x[::8] for x in pieces]).astype(np.float32)
    mean, spread = every.mean(0), every.std(0) + 1e-3
    module = _Module(len(mean), len(names))
    graver = [at for at, name in enumerate(names) if name in serious]
    steps = torch.optim.AdamW(module.parameters(), lr=RATE, weight_decay=DECAY)
    level = torch.tensor(levels)
    wanted = torch.tensor([[float(name in own) for name in names] for own in flags])
    counts = torch.where(level == 1, BETWEEN, 1.0)
    module.train()
    for epoch in range(EPOCHS):
        for group in steps.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for batch in _batches([len(x) for x in pieces], shuffler):
            rows, there = _padded([(pieces[i] - mean) / spread for i in batch])
            found, heads = module(rows, there)
            fits = _fits(found, heads, graver)
            loss = cross_entropy(fits[1], (level[batch] >= 1).float())
            loss = loss + cross_entropy(fits[0], (level[batch] >= 2).float(), counts[batch])
            loss = loss + FLAGS_COUNT * cross_entropy(found, wanted[batch])
            steps.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            steps.step()
    return _folded(module, tuple(names), mean, spread)


def _fits(flags: Tensor, heads: Tensor, serious: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Log-odds of "serious" and of "any": some flag of theirs, and what the head says."""
    return (
        torch.logsumexp(flags[:, serious], 1) + heads[:, 0],
        torch.logsumexp(flags, 1) + heads[:, 1],
    )


def _batches(lengths: Sequence[int], shuffler: random.Random) -> Iterator[Batch]:
    """All messages once, those of about one length together."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + 15 * shuffler.random())
    batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    shuffler.shuffle(batches)
    yield from batches


def _padded(texts: Sequence[Array]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(text) for text in texts])
    rows = nn.utils.rnn.pad_sequence([torch.from_numpy(t) for t in texts], batch_first=True)
    return rows, torch.arange(rows.shape[1]) < lengths[:, None]


def _folded(module: _Module, names: tuple[str, ...], mean: Array, spread: Array) -> Attention:
    """The arrays, with standardising and constant factors worked into them."""
    parts: dict[str, Array] = {n: value.detach().numpy() for n, value in module.named_parameters()}
    inner: Array = parts["inner.weight"].T / spread[:, None]
    return Attention(
        flags=names,
        inner=inner,
        inner_bias=parts["inner.bias"] - mean @ inner,
        asks=2 * parts["asks.weight"].T,
        says=3 * parts["says.weight"].T,
        flag_bias=parts["says.bias"],
        heads=parts["heads.weight"].T,
        head_bias=parts["heads.bias"],
    )
