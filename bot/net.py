"""The semantic second net: can add a finding or a question to what the rules found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Embed = Callable[[list[str]], Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Caught:
    """What the net makes of a message."""

    flag: str
    sure: Literal["very", "fairly"]
    quote: str


@dataclass(frozen=True)
class Net:
    """Weights on sentence embeddings; `embed` maps texts to vectors."""

    embed: Embed

    def catch(self, message: str) -> tuple[Caught, ...]:
        """The flags that the message reads like, most likely first."""
        return ()


def load_net(embed: Embed) -> Net:
    """The shipped net on an embedding function (texts to vectors of all-MiniLM-L6-v2)."""
    return Net(embed)
