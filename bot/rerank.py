"""A cross-encoder as a second opinion on what was found; off unless the settings name one.

It reads the question and each sentence together, which costs a pass through a model for each pair.
Its score, between 0 and 1, is added to the search's own, so that neither has the last word.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.types import Found, Hit, Search

Predict = Callable[[Sequence[tuple[str, str]]], Sequence[float]]
WEIGHT = 0.5
"""Of the cross-encoder beside the search's score, which is about 1 to 2 for what answers."""


@dataclass(frozen=True, slots=True)
class Reranker:
    """The search with a cross-encoder's opinion of each sentence that it found."""

    find: Callable[[Search], Found]
    predict: Predict

    def reranked(self, search: Search) -> Found:
        """The same passages, scored anew, best first."""
        found = self.find(search)
        pairs = [
            (search.standalone, sentence.text)
            for hit in found.hits
            for sentence in hit.passage.sentences
        ]
        opinions = iter(self.predict(pairs) if pairs else ())
        hits = [_scored(hit, [float(next(opinions)) for _ in hit.scores]) for hit in found.hits]
        return replace(found, hits=tuple(sorted(hits, key=lambda hit: -hit.score)))


def _scored(hit: Hit, opinions: Sequence[float]) -> Hit:
    scores = tuple(s + WEIGHT * o for s, o in zip(hit.scores, opinions, strict=True))
    best = max(range(len(scores)), key=scores.__getitem__)
    return replace(hit, scores=scores, score=scores[best], index=best)


def load_cross_encoder(model: str) -> Predict:
    """A sentence-transformers cross-encoder by name or folder.

    Raises:
        OSError: There is no such model.
    """
    # Only who sets one needs it: importing takes seconds.
    from sentence_transformers import CrossEncoder

    encoder = CrossEncoder(model)
    return lambda pairs: [float(score) for score in encoder.predict(list(pairs))]
