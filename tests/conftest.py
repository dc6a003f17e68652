"""What several test packages share."""

import pytest
from langchain_core.embeddings import Embeddings

from ingest.embed import embeddings
from ingest.settings import IndexSettings


@pytest.fixture(scope="session")
def minilm() -> Embeddings:
    """The shipped model, loaded once: what is measured on it does not hold for a fake."""
    return embeddings(IndexSettings())
