"""The embedding function of the second net, where no bot is there to lend its own."""

from bot.net import Embed
from ingest.embed import embeddings
from ingest.settings import IndexSettings


def minilm() -> Embed:
    """Texts to vectors of the shipped all-MiniLM-L6-v2; loading takes seconds."""
    return embeddings(IndexSettings()).embed_documents
