"""Small real implementations that stand in for slow parts; no mocks."""

import hashlib
import math
import re

from langchain_core.embeddings import Embeddings

WIDTH = 384


class WordCountEmbeddings(Embeddings):
    """Counts words in 384 hashed places; texts that share words are near. Length 1, no model.

    `embedded` collects every text it was asked to embed as a document.
    """

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded.extend(texts)
        return [_vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return _vector(text)


def _vector(text: str) -> list[float]:
    counts = [0.0] * WIDTH
    for word in re.findall(r"\w+", text.lower()) or [text]:
        counts[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % WIDTH] += 1.0
    length = math.sqrt(sum(count * count for count in counts))
    return [count / length for count in counts]
