"""Train the attention of the guard's second net and the layers under it (see bot/attention.py).

The upper layers of the embedding model stay as they are; to each of their matrices a product of two
narrow ones is added and learnt (LoRA, Hu et al. 2021), so that what is learnt is small.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from bot.attention import Array, Attention
from bot.vectors import bare

EPOCHS = 3
BATCH = 32
WARMING = 100
"""Steps over which the rates rise."""
RATE, DECAY = 2e-3, 0.05
RANK = 32
RANK_RATE, RANK_DECAY = 1e-3, 0.01
STRESS = 2.0
"""What the added products count; it makes them learn faster."""
AT_ONCE, READ_AT_ONCE = 64, 1000
STEEPEST = 1.0
"""Length to which a step's gradient is cut."""
DROPPED, DROPPED_BELOW = 0.3, 0.1
HIDDEN, SPARED = 0.15, 0.4
"""Of the word pieces, the share hidden in a step, and of the messages, the share that is spared."""
JOINED, SHORT = 0.2, 32
"""Of the messages, the share that is joined to another one, and the most word pieces of that one:
a flag counts beside whatever else is said, and two harmless remarks are none."""
LONGEST = 70
"""Word pieces up to which a message is joined to another."""
INNER = 64
FLAGS_COUNT = 4.0
"""How much naming the flags counts beside the two heads."""
WHY_COUNTS = 0.5
"""How much naming what makes a message harmless counts."""
KINDS = "ordinary denied past hypothetical general other_meaning near_miss flag".split()
RETRACTS = frozenset({"denied", "past"})
"""Kinds of messages that could take back what stands before them."""
BETWEEN = 0.3
"""What a message between serious and harmless counts for the head "serious"."""
Batch: TypeAlias = Sequence[int]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt from, message by message.

    `pieces` are arrays (n, 384) of the model's layer 3, `levels` 0 none to 3
    emergency; `kinds` say why a message has no flag ("flag" if it has); `names` are all flags,
    `serious` those that are urgent or emergency.
    """

    pieces: Sequence[Array]
    levels: Sequence[int]
    flags: Sequence[Sequence[str]]
    kinds: Sequence[str]
    names: Sequence[str]
    serious: frozenset[str]


class _Linear(nn.Module):
    """One of the model's own matrices, and the product that is added to it."""

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.down = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.up = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, x: Tensor) -> Tensor:
        """The step with its addition."""
        added = F.linear(F.linear(x, self.down), self.up)
        return F.linear(x, self.weight, self.bias) + STRESS * added


class _Layer(nn.Module):
    """A layer of the embedding model, as in `ingest.minilm`, for learning."""

    def __init__(self, parts: Mapping[str, tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.heads, self.joined = _Linear(*parts["heads"]), _Linear(*parts["joined"])
        self.inner, self.outer = _Linear(*parts["inner"]), _Linear(*parts["outer"])
        self._norms = parts["first_norm"], parts["last_norm"]

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        """Pieces (texts, n, width) after the layer."""
        count, longest, width = x.shape
        split = self.heads(x).view(count, longest, 3, 12, width // 12).permute(2, 0, 3, 1, 4)
        mask = there[:, None, None, :]
        seen = F.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=mask)
        x = self._add(0, x, self.joined(seen.transpose(1, 2).reshape(x.shape)))
        return self._add(1, x, self.outer(F.gelu(self.inner(x))))

    def _add(self, norm: int, x: Tensor, made: Tensor) -> Tensor:
        weight, bias = self._norms[norm]
        total = x + F.dropout(made, DROPPED_BELOW, self.training)
        return F.layer_norm(total, x.shape[-1:], weight, bias, 1e-12)


class _Layers(nn.ModuleList):
    """Layer 3 and the last one after the layers in between, side by side."""

    def forward(self, lower: Tensor, there: Tensor) -> Tensor:
        """Pieces (texts, n, W) from those of layer 3."""
        upper = lower
        for layer in self:
            upper = layer(upper, there)
        return torch.cat([lower, upper], 2)


class _Module(nn.Module):
    """The arrays of an `Attention` while they are learnt; what enters them is standardised."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.layers = _Layers(_Layer(parts) for parts in bare().upper())
        self.mean, self.spread = _usual(self.layers.eval(), lesson.pieces)
        self.inner, self.heads = nn.Linear(len(self.mean), INNER), nn.Linear(INNER, 2)
        self.asks = nn.Linear(INNER, len(lesson.names), bias=False)
        self.says = nn.Linear(INNER, len(lesson.names))
        nn.init.constant_(self.says.bias, -3.0)
        self.why = nn.Linear(INNER, len(KINDS))
        self.drop = nn.Dropout(DROPPED)

    def forward(self, lower: Tensor, there: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Flags (texts, F), heads (texts, 2) and kinds (texts, 8) from the pieces of layer 3.

        The kinds are only learnt beside the others, so that the net sees why a message is harmless.
        """
        there = _some_hidden(there) if self.training else there
        pieces = (self.layers(lower, there) - self.mean) / self.spread
        x = self.drop(F.gelu(self.inner(self.drop(pieces)), approximate="tanh"))
        look = (2 * self.asks(x)).masked_fill(~there[..., None], -math.inf).softmax(1)
        flags = (look * F.linear(x, 3 * self.says.weight)).sum(1) + self.says.bias
        mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return flags, self.heads(mean), self.why(mean)


def _some_hidden(there: Tensor) -> Tensor:
    """Which pieces are seen in a step: without some words a message must still be understood."""
    shown = (torch.rand(there.shape) >= HIDDEN) | (torch.rand(len(there), 1) < SPARED)
    shown[:, 0] = True
    return there & shown


def word_pieces(texts: Sequence[str]) -> list[Array]:
    """What a lesson's messages are learnt from, in 16 bits, which is half the memory."""
    starts = range(0, len(texts), READ_AT_ONCE)
    chunks = (bare().read(texts[start : start + READ_AT_ONCE]) for start in starts)
    return [read.pieces.astype(np.float16) for chunk in chunks for read in chunk]


def train(lesson: Lesson, seed: int) -> Attention:
    """Learn from messages; the seed decides where learning begins and in which order."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    shuffler = random.Random(seed)
    module = _Module(lesson)
    graver = [at for at, name in enumerate(lesson.names) if name in lesson.serious]
    levels = torch.tensor(lesson.levels)
    wanted = torch.tensor([[float(n in own) for n in lesson.names] for own in lesson.flags])
    kinds = torch.tensor([KINDS.index(kind) for kind in lesson.kinds])
    lengths = [len(x) for x in lesson.pieces]
    batches = [b for _ in range(EPOCHS) for b in _batches(lengths, shuffler)]
    joinable = [i for i, n in enumerate(lengths) if n <= SHORT and lesson.kinds[i] not in RETRACTS]
    steps, pace = _steps(module, len(batches))
    module.train()
    for batch in batches:
        others = [_another(i, lengths[i], joinable, shuffler) for i in batch]
        pieces = [
            _joined(lesson.pieces, i, j, shuffler) for i, j in zip(batch, others, strict=True)
        ]
        level = levels[batch].maximum(levels[others])
        found, heads, why = module(*_padded(pieces))
        fits = _fits(found, heads, graver)
        counts = torch.where(level == 1, BETWEEN, 1.0)
        kind = torch.where(level > 0, KINDS.index("flag"), kinds[batch])
        loss = cross_entropy(fits[1], (level >= 1).float())
        loss = loss + cross_entropy(fits[0], (level >= 2).float(), counts)
        loss = loss + FLAGS_COUNT * cross_entropy(found, wanted[batch].maximum(wanted[others]))
        loss = loss + WHY_COUNTS * F.cross_entropy(why, kind)
        steps.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(module.parameters(), STEEPEST)
        steps.step()
        pace.step()
    return _folded(module, tuple(lesson.names))


@torch.no_grad()
def _usual(layers: _Layers, pieces: Sequence[Array]) -> tuple[Tensor, Tensor]:
    """Mean and spread of what enters the narrow layer, before anything is learnt."""
    found = []
    some = pieces[::8]
    for start in range(0, len(some), AT_ONCE):
        lower, there = _padded(some[start : start + AT_ONCE])
        found.append(layers(lower, there)[there])
    every = torch.cat(found)
    return every.mean(0), every.std(0) + 1e-3


def _named(name: str) -> str:
    """What `ingest.minilm` calls it: "layers.0.heads.up" is the fourth layer's."""
    _, layer, *rest = name.split(".")
    return ".".join([str(int(layer) + 4), *rest])


def _steps(
    module: _Module, total: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW whose rates rise, then fall to nothing; what is added learns at a rate of its own."""
    added = {id(p) for p in module.layers.parameters()}
    steps = torch.optim.AdamW(
        [
            {
                "params": [p for p in module.parameters() if id(p) not in added],
                "lr": RATE,
                "weight_decay": DECAY,
            },
            {"params": module.layers.parameters(), "lr": RANK_RATE, "weight_decay": RANK_DECAY},
        ]
    )
    return steps, torch.optim.lr_scheduler.LambdaLR(
        steps, lambda step: min(1.0, (step + 1) / WARMING) * (1 - step / total)
    )


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


def _another(own: int, length: int, joinable: Sequence[int], chance: random.Random) -> int:
    """The message to be joined to one; itself where there is none."""
    fits = bool(joinable) and length < LONGEST
    return chance.choice(joinable) if fits and chance.random() < JOINED else own


def _joined(pieces: Sequence[Array], one: int, other: int, chance: random.Random) -> Array:
    """The pieces of both as one text, in either order."""
    if one == other:
        return pieces[one]
    first, second = chance.sample([one, other], 2)
    return np.concatenate([pieces[first][:-1], pieces[second][1:]])


def _padded(texts: Sequence[Array]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(text) for text in texts])
    rows = nn.utils.rnn.pad_sequence(
        [torch.from_numpy(t.astype(np.float32)) for t in texts], batch_first=True
    )
    return rows, torch.arange(rows.shape[1]) < lengths[:, None]


def _folded(module: _Module, names: tuple[str, ...]) -> Attention:
    """The arrays, with standardising and constant factors worked into them: one reader's."""
    mean, spread = module.mean.numpy(), module.spread.numpy()
    arrays: dict[str, Array] = {n: p.detach().numpy() for n, p in module.named_parameters()}
    inner: Array = arrays["inner.weight"].T / spread[:, None]
    added = {_named(name): x for name, x in arrays.items() if name.startswith("layers.")}
    return Attention(
        flags=names,
        inner=inner[None],
        inner_bias=(arrays["inner.bias"] - mean @ inner).astype(np.float32)[None],
        asks=2 * arrays["asks.weight"].T[None],
        says=3 * arrays["says.weight"].T[None],
        flag_bias=arrays["says.bias"][None],
        heads=arrays["heads.weight"].T[None],
        head_bias=arrays["heads.bias"][None],
        added={n: (STRESS * x if n.endswith("up") else x)[None] for n, x in added.items()},
    )
