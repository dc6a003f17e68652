"""What an index is built from and with."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

MINILM = "all-MiniLM-L6-v2"


class IndexSettings(BaseModel):
    """Where the index lies and which embedding model it uses.

    `model` is `all-MiniLM-L6-v2` (shipped in a package, checked by SHA-256) or the folder or name
    of another sentence-transformers model. `passage_words` is the most words a passage holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: Path = Path("var/index")
    corpus: Path = Path("corpus")
    model: str = MINILM
    passage_words: int = Field(default=120, ge=20, le=1000)
