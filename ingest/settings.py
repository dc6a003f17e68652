"""What an index is built from and with."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

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

    # Only what a settings file names (it comes with a context) must be there already.
    @field_validator("corpus")
    @classmethod
    def _corpus(cls, value: Path, info: ValidationInfo) -> Path:
        if info.context and not _folder(value):
            message = f"there is no folder '{value}' that can be read, seen from '{Path.cwd()}'. "
            raise ValueError(message + "Name the folder that holds the articles")
        return value

    @field_validator("model")
    @classmethod
    def _model(cls, value: str, info: ValidationInfo) -> str:
        return reachable(value) if info.context else value


def reachable(model: str) -> str:
    """A model's name as it is; one that looks like a path, only if there is such a folder."""
    path = model.startswith(("/", ".", "~")) or "\\" in model or model.count("/") > 1
    if path and not _folder(Path(model)):
        message = f"there is no folder '{model}' that can be read, seen from '{Path.cwd()}'. "
        raise ValueError(message + "Name the folder that holds the model, or the model's name")
    return model


def _folder(path: Path) -> bool:
    return os.access(path, os.R_OK) and path.is_dir()
