"""Generations of an index on disk: which is current, is it whole, who may write (stdlib only).

CURRENT        one line, the generation in use; only ever replaced whole
gen-000007/    never written again once published; manifest.json has a checksum of every file
LOCK           held by the one ingest that may write
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingest.errors import IndexBusy, IndexMismatch, IndexMissing

FORMAT = 1
MANIFEST = "manifest.json"
_NAME = re.compile(r"gen-(\d{6,})")
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of and with, and what its files must be."""

    model: str
    splitter: str
    passage_words: int
    dimensions: int
    articles: Mapping[str, str]  # id -> SHA-256 of the file it was read from
    counts: Mapping[str, int]  # articles, passages, sentences
    files: Mapping[str, str] = field(default_factory=dict)  # path in the generation -> SHA-256
    previous: str | None = None
    format: int = FORMAT


def current(index: Path) -> str | None:
    """Return the name of the generation in use, or None; cheap enough for every question."""
    try:
        name = (index / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return name or None


def read_manifest(index: Path, generation: str) -> Manifest:
    """Return a generation's manifest.

    Raises:
        IndexMissing: there is no such generation.
        IndexMismatch: its manifest is damaged or of another format.
    """
    path = index / generation / MANIFEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            raise IndexMismatch(
                f"Index at '{index}' has format {record['format']}, this program reads {FORMAT}. "
                "Run `python -m ingest --full`."
            )
        return Manifest(**record)
    except FileNotFoundError:
        raise IndexMissing(f"No index at '{path.parent}'. Run `python -m ingest`.") from None
    except (ValueError, TypeError, KeyError):
        raise IndexMismatch(f"'{path}' is damaged. Run `python -m ingest --full`.") from None


def verify(index: Path, generation: str) -> Manifest:
    """Return the manifest once every file of the generation matches its checksum.

    Raises:
        IndexMissing: there is no such generation.
        IndexMismatch: a file is missing, damaged, or too many.
    """
    manifest = read_manifest(index, generation)
    found = checksums(index / generation)
    for name in sorted({*manifest.files, *found}):
        if manifest.files.get(name) != found.get(name):
            what = "damaged" if name in manifest.files and name in found else "missing or unknown"
            raise IndexMismatch(
                f"Index at '{index}': file '{generation}/{name}' is {what}. Run `python -m ingest`."
            )
    return manifest


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder but its manifest, by relative path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / MANIFEST:
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(
                    file, "sha256"
                ).hexdigest()
    return found


@contextmanager
def writer(index: Path) -> Iterator[None]:
    """Hold the index's lock; the system releases it if the process dies.

    Raises:
        IndexBusy: another process holds it.
    """
    index.mkdir(parents=True, exist_ok=True)
    with (index / "LOCK").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(
                f"Another ingest is writing to '{index}'. Wait until it ends, then try again."
            ) from None
        yield


def begin(index: Path) -> Path:
    """Return a new empty folder for the next generation; remove what killed runs left."""
    for leftover in index.glob(f"gen-*{_UNFINISHED}"):
        shutil.rmtree(leftover)
    number = max((int(match[1]) for match in _names(index)), default=0) + 1
    folder = index / f"gen-{number:06d}{_UNFINISHED}"
    folder.mkdir()
    return folder


def publish(index: Path, folder: Path, manifest: Manifest) -> str:
    """Make a finished folder the current generation and return its name.

    Until the last step, replacing CURRENT, the old generation is in use; each step before it is
    on disk before the next begins.
    """
    old = current(index)
    name = folder.name.removesuffix(_UNFINISHED)
    whole = {**asdict(manifest), "files": checksums(folder), "previous": old}
    (folder / MANIFEST).write_text(json.dumps(whole, indent=1), encoding="utf-8")
    for path in folder.rglob("*"):
        _flush(path)
    _flush(folder)
    folder.rename(index / name)
    _point(index, name)
    for match in _names(index):
        if match[0] not in {name, old}:
            shutil.rmtree(index / match[0])
    return name


def rollback(index: Path) -> str:
    """Put the previous generation back in use and return its name.

    Raises:
        IndexMissing: there is no index, or no generation before the current one.
        IndexMismatch: the previous generation is damaged.
        IndexBusy: an ingest is running.
    """
    with writer(index):
        now = current(index)
        if now is None:
            raise IndexMissing(f"No index at '{index}'. Run `python -m ingest`.")
        previous = read_manifest(index, now).previous
        if previous is None or not (index / previous).is_dir():
            raise IndexMissing(f"Index at '{index}' has no generation before {now}.")
        verify(index, previous)
        _point(index, previous)
        return previous


def _names(index: Path) -> list[re.Match[str]]:
    return [match for path in index.iterdir() if (match := _NAME.fullmatch(path.name))]


def _point(index: Path, name: str) -> None:
    new = index / "CURRENT.new"
    new.write_text(f"{name}\n", encoding="utf-8")
    _flush(new)
    os.replace(new, index / "CURRENT")
    _flush(index)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
