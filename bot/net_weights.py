"""The net's shipped weights: linear models of the heads and of the flags, read from a text file."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Head = Literal["serious", "any"]
Features = dict[str, float]
HEADS: tuple[Head, ...] = ("serious", "any")
WEIGHTS = Path(__file__).with_name("net.tsv")


@dataclass(frozen=True, slots=True)
class Weights:
    """One linear model: a weight by feature, a bias, the scores that mean sure.

    From `leans` on, a rule's hint counts beside it.
    """

    by_feature: Mapping[str, float]
    bias: float
    very: float
    fairly: float
    leans: float

    def score(self, features: Mapping[str, float]) -> float:
        """The log-odds that the weights give to a message."""
        get = self.by_feature.get
        return self.bias + sum(get(name, 0.0) * value for name, value in features.items())


@dataclass(frozen=True, slots=True)
class Flags:
    """The linear models of all flags, side by side: most features count for few of them.

    For each feature the places of those among the `names` and the weights there, packed: as
    objects of their own they would lie all over the memory, at twice the time of a score.
    """

    names: Sequence[str]
    bias: Sequence[float]
    by_feature: Mapping[str, tuple[bytearray, Sequence[float]]]

    def score(self, features: Features) -> dict[str, float]:
        """The log-odds of each flag."""
        sums = list(self.bias)
        for name, value in features.items():
            if name in self.by_feature:
                for at, weight in zip(*self.by_feature[name], strict=True):
                    sums[at] += weight * value
        return dict(zip(self.names, sums, strict=True))


@dataclass(frozen=True)
class Model:
    """All weights: of the words by head and by flag, and of the parts with and without signs."""

    words: Mapping[Head, Weights]
    flags: Flags
    seen: Mapping[Head, Weights]
    unseen: Mapping[Head, Weights]


@cache
def load_model() -> Model:
    """The shipped weights.

    Each line is `model<TAB>feature<TAB>weight`; `model` is `words/any`, `flag/fever`, `seen/any`
    and so on. The features `bias`, `very`, `fairly` and `leans` carry what they say.
    """
    tables: dict[str, dict[str, dict[str, float]]] = {}
    for line in WEIGHTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, feature, weight = line.split("\t")
            kind, _, of = name.partition("/")
            tables.setdefault(kind, {}).setdefault(of, {})[feature] = float(weight)
    made = {
        kind: {of: _weights(t) for of, t in of_kind.items()} for kind, of_kind in tables.items()
    }
    words, seen, unseen = (
        {h: made[kind][h] for h in HEADS} for kind in ("words", "seen", "unseen")
    )
    return Model(words=words, flags=_flags(made["flag"]), seen=seen, unseen=unseen)


def _flags(made: Mapping[str, Weights]) -> Flags:
    by_feature: dict[str, tuple[bytearray, array[float]]] = {}
    for at, weights in enumerate(made.values()):
        for name, weight in weights.by_feature.items():
            places, values = by_feature.setdefault(name, (bytearray(), array("d")))
            places.append(at)
            values.append(weight)
    return Flags([*made], [weights.bias for weights in made.values()], by_feature)


def _weights(table: dict[str, float]) -> Weights:
    sure = [table.pop(name, 0.0) for name in ("bias", "very", "fairly", "leans")]
    return Weights(table, *sure)
