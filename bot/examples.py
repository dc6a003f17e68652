"""Example questions over the rows of an index: which of them a new question is most like.

Each example names the sentences that answer it (`bot/learnt.py`), by digest. A row of the index is
as near to a question as the nearest example that it answers, and has the words of its examples
besides its own. Rows without examples, an added article's for instance, have the question's plain
cosine in place of the nearness.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """Examples as vectors of length 1 and content stems; `answers` has them by a row's number."""

    vectors: Array
    stems: tuple[frozenset[str], ...]
    answers: tuple[tuple[int, ...], ...]

    def near(self, vector: Array) -> Array:
        """The best cosine with an example that each row answers; 0 for rows without any."""
        near = np.zeros(len(self.answers), dtype=np.float32)
        if len(self._rows):
            like = np.maximum(self.vectors @ vector, 0.0)
            near[self._rows] = np.maximum.reduceat(like[self._examples], self._starts)
        return near

    @cached_property
    def holders(self) -> Mapping[str, list[int]]:
        """For each stem, the rows that answer an example with it."""
        holders: dict[str, list[int]] = {}
        for row, examples in enumerate(self.answers):
            for stem in frozenset().union(*(self.stems[i] for i in examples)):
                holders.setdefault(stem, []).append(row)
        return holders

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which rows answer an example."""
        return np.array([bool(examples) for examples in self.answers], dtype=bool)

    @cached_property
    def _rows(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(self.known)

    @cached_property
    def _examples(self) -> npt.NDArray[np.intp]:
        """The examples of all rows that have any, row by row."""
        return np.array([i for examples in self.answers for i in examples], dtype=np.intp)

    @cached_property
    def _starts(self) -> npt.NDArray[np.intp]:
        """Where each row's examples begin."""
        sizes = [len(examples) for examples in self.answers if examples]
        return np.cumsum([0, *sizes[:-1]], dtype=np.intp)
