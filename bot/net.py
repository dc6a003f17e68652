"""The semantic second net: reads the whole message and can add a finding or a question.

Two logistic regressions, "serious" (urgent or emergency) and "any" (some red flag), over the words
of the message, the concepts they mention, what context marks, and the embedding of the message.
A third set of weights names the flag. Trained by `python -m evals net`; the weights are text.
Without an embedding function it stands on words and concepts alone. It never removes a finding.
"""

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from operator import mul
from pathlib import Path
from typing import Literal

from bot.reading.match import Reading
from bot.redflags.table import BY_ID

Embed = Callable[[list[str]], Sequence[Sequence[float]]]
Head = Literal["serious", "any"]
Features = dict[str, float]
HEADS: tuple[Head, ...] = ("serious", "any")
WEIGHTS = Path(__file__).with_name("net.tsv")
BLOCK_NORM = 2.0
EMBEDDING_NORM = 1.0
WIDTH = 384
LONGEST_QUOTE = 160
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caught:
    """What the net makes of a message; `sure` decides between a finding and a question."""

    flag: str
    sure: Literal["very", "fairly"]
    quote: str


@dataclass(frozen=True, slots=True)
class Weights:
    """One linear model: a weight by feature and dimension, a bias, the scores that mean sure."""

    by_feature: Mapping[str, float]
    bias: float
    very: float
    fairly: float
    embedding: tuple[float, ...] = ()

    def score(self, features: Mapping[str, float], vector: Sequence[float] = ()) -> float:
        """The log-odds that the weights give to a message, with its embedding of any length."""
        get = self.by_feature.get
        words = sum(get(name, 0.0) * value for name, value in features.items())
        return self.bias + words + self._dot(vector)

    def _dot(self, vector: Sequence[float]) -> float:
        length = math.sqrt(sum(map(mul, vector, vector))) or 1.0
        product: float = sum(map(mul, vector, self.embedding))
        return EMBEDDING_NORM * product / length


@dataclass(frozen=True)
class Model:
    """All weights: by head with and without embedding, and by flag."""

    lexical: Mapping[Head, Weights]
    full: Mapping[Head, Weights]
    flags: Mapping[str, Weights]


@dataclass(frozen=True)
class Net:
    """The model, with a function from texts to vectors where there is one."""

    model: Model
    embed: Embed | None = None
    serious: frozenset[str] = field(default=frozenset())

    def catch(self, newest: Reading, before: Sequence[Reading]) -> Caught | None:
        """What the newest message, alone or after the one before, reads like."""
        contexts = [(newest,), (*before[-1:], newest)] if before else [(newest,)]
        vectors = self._vectors(contexts)
        best: Caught | None = None
        for readings, vector in zip(contexts, vectors, strict=True):
            caught = self._catch(readings, vector)
            if caught and (best is None or (caught.sure == "very" and best.sure == "fairly")):
                best = caught
        return best

    def _catch(self, readings: Sequence[Reading], vector: Sequence[float]) -> Caught | None:
        features = lexical_features(readings)
        heads = self.model.full if vector else self.model.lexical
        scores = {head: heads[head].score(features, vector) for head in HEADS}
        for sure in ("very", "fairly"):
            for head in HEADS:
                if scores[head] >= getattr(heads[head], sure):
                    flag = self._flag(features, head)
                    return Caught(flag, sure, telling(readings[-1], heads[head]))
        return None

    def _vectors(self, contexts: Sequence[Sequence[Reading]]) -> Sequence[Sequence[float]]:
        """The embedding of each; empty ones where there is none, or none in time."""
        if self.embed is not None:
            try:
                return self.embed(["\n".join(r.text for r in readings) for readings in contexts])
            except Exception:  # noqa: BLE001 - fail closed, whatever it is
                _LOG.exception("The embedding failed; the net goes on without it.")
        return [()] * len(contexts)

    def _flag(self, features: Features, head: Head) -> str:
        """The flag that fits best; among the serious ones where the message is serious."""
        allowed = self.serious if head == "serious" else frozenset(self.model.flags) - self.serious
        return max(sorted(allowed), key=lambda flag: self.model.flags[flag].score(features))


def lexical_features(readings: Sequence[Reading]) -> Features:
    """Words, pairs of words and concepts, with "-" where context cancels them; kinds of context."""
    words: set[str] = set()
    concepts: set[str] = set()
    for reading in readings:
        marked = reading.marks
        stems = [f"{w.stem}-" if at in marked else w.stem for at, w in enumerate(reading.words)]
        words.update(f"w:{stem}" for stem in stems)
        words.update(f"w:{a}_{b}" for a, b in pairwise(stems))
        concepts.update(_concepts(reading))
    return _normed(words) | _normed(concepts)


def _concepts(reading: Reading) -> Iterator[str]:
    for name, mentions in reading.mentions.items():
        if not name.startswith("row:"):
            for mention in mentions:
                marked = any(at in reading.marks for at in mention.at)
                yield f"c:{name}{'-' if marked else ''}"
    for rule in reading.found:
        yield f"r:{rule}"
    for marks in reading.marks.values():
        yield from (f"k:{mark.kind}" for mark in marks)


def _normed(names: set[str]) -> Features:
    value = BLOCK_NORM / math.sqrt(len(names)) if names else 0.0
    return dict.fromkeys(sorted(names), value)


def embedding_features(vector: Sequence[float]) -> Features:
    """The dimensions of an embedding as features."""
    norm = math.sqrt(sum(x * x for x in vector)) or 1.0
    return {f"e:{i}": EMBEDDING_NORM * x / norm for i, x in enumerate(vector)}


def telling(reading: Reading, weights: Weights) -> str:
    """The sentence of the message that weighs most, at most 160 characters of it."""
    sums: dict[int, float] = {}
    for word in reading.words:
        gain = weights.by_feature.get(f"w:{word.stem}", 0.0)
        sums[word.sentence] = sums.get(word.sentence, 0.0) + gain
    if not sums:
        return reading.text[:LONGEST_QUOTE]
    best = max(sums, key=lambda sentence: sums[sentence])
    chosen = [word for word in reading.words if word.sentence == best]
    start = chosen[0].start
    end = max(w.end for w in chosen if w.end - start <= LONGEST_QUOTE or w is chosen[0])
    return reading.text[start:end]


@cache
def load_model() -> Model:
    """The shipped weights.

    Each line is `model<TAB>feature<TAB>weight`; `model` is `lexical/any`, `full/serious`,
    `flag/fever` and so on. The features `bias`, `very` and `fairly` carry what they say.
    """
    tables: dict[str, dict[str, float]] = {}
    for line in WEIGHTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            model, feature, weight = line.split("\t")
            tables.setdefault(model, {})[feature] = float(weight)
    made = {name: _weights(table) for name, table in tables.items()}
    return Model(
        lexical={head: made[f"lexical/{head}"] for head in HEADS},
        full={head: made[f"full/{head}"] for head in HEADS},
        flags={n.removeprefix("flag/"): w for n, w in made.items() if n.startswith("flag/")},
    )


def _weights(table: dict[str, float]) -> Weights:
    bias, very, fairly = (table.pop(key, 0.0) for key in ("bias", "very", "fairly"))
    embedding = tuple(table.pop(f"e:{i}", 0.0) for i in range(WIDTH))
    return Weights(table, bias, very, fairly, embedding)


def load_net(embed: Embed | None = None) -> Net:
    """The shipped net; `embed` maps texts to vectors of all-MiniLM-L6-v2."""
    serious = frozenset(i for i, rule in BY_ID.items() if rule.level in {"urgent", "emergency"})
    return Net(load_model(), embed, serious)
