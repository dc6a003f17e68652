"""The run file: everything a run found, as JSON that a later version can still read."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.types import Kind, Level
from evals.cases import Case

RUNS = Path("var/evals")
FORMAT = 1
SIMILAR = 0.5
"""Share of cases in common from which on two runs are set side by side unasked."""

RECENT = 10
"""Runs that are looked through for what last came of a case."""


class RunError(Exception):
    """A run file cannot be used; the message says which and what to type."""


class Record(BaseModel):
    """A part of the run file: frozen; keys it does not know are left out, not refused."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SourceRecord(Record):
    """A source as it was cited; `exact` says that the quote is the article's text there."""

    n: int
    article: str
    section: str
    quote: str
    start: int
    end: int
    exact: bool


class StatementRecord(Record):
    """A sentence of the answer; `supported` is the judge's verdict on its sources together."""

    text: str
    cites: tuple[int, ...]
    supported: bool


class HitRecord(Record):
    """A retrieved passage: its best sentence, ranks (from 1) and cosine."""

    article: str
    section: str
    start: int
    end: int
    sentence: str
    score: float
    dense: int | None
    bm25: int | None
    cosine: float | None


class Check(Record):
    """One thing a case asks for: what was expected, and what came."""

    name: Literal["answered", "refused", "article", "section", "facts", "not", "level"]
    passed: bool
    expected: str
    found: str


class Evidence(Record):
    """A sentence that would have answered; `rank` is its passage's place in the search, from 1."""

    article: str
    section: str
    sentence: str
    start: int
    rank: int | None
    expected: bool


class Result(Record):
    """What came of one case.

    `signals` is what the decision to answer or refuse looked at. `scores` holds None where a metric
    does not apply. `ms` is milliseconds by stage.
    """

    case: Case
    passed: bool
    checks: tuple[Check, ...]
    kind: Kind | None
    level: Level
    flags: tuple[str, ...] = ()
    text: str = ""
    searched: str = ""
    statements: tuple[StatementRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    hits: tuple[HitRecord, ...] = ()
    signals: Mapping[str, float] = {}
    reason: str | None = None
    dropped: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    scores: Mapping[str, float | None] = {}
    ms: Mapping[str, float] = {}


class ArticleRecord(Record):
    """An article as it was indexed, with its SHA-256."""

    title: str
    text: str
    sha256: str


class Measure(Record):
    """One figure over all cases: its value (None: not applicable), n, unit and 95 % interval."""

    name: str
    label: str
    group: str
    unit: Literal["share", "years", "words", "seconds"]
    better: Literal["higher", "lower", "neither"]
    version: int
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


class Run(Record):
    """A whole run."""

    format: int = FORMAT
    made: datetime
    seconds: float
    code: str
    python: str
    generation: str
    rules: str
    settings: Mapping[str, Any]
    cases: tuple[str, ...]
    articles: Mapping[str, ArticleRecord]
    warnings: tuple[str, ...] = ()
    measures: tuple[Measure, ...]
    results: tuple[Result, ...]


def save(run: Run, folder: Path = RUNS) -> Path:
    """Write a run file named by its time; the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.made:%Y-%m-%d-%H%M%S}.json"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{run.made:%Y-%m-%d-%H%M%S}-{number}.json"
    path.write_text(run.model_dump_json(by_alias=True) + "\n", encoding="utf-8")
    return path


def runs(folder: Path = RUNS) -> list[Path]:
    """The run files of a folder, oldest first."""
    found = (path for path in folder.glob("*.json") if re.match(r"\d{4}-", path.name))
    return sorted(found, key=lambda path: path.stem)


def newest_results(folder: Path = RUNS, most: int = RECENT) -> tuple[Result, ...]:
    """Each case's result in the newest run that asked it, of the last runs of a folder.

    Raises:
        RunError: A run file cannot be read.
    """
    found: dict[str, Result] = {}
    for path in reversed(runs(folder)[-most:]):
        for result in load(path).results:
            found.setdefault(result.case.id, result)
    return tuple(found.values())


def history(path: Path, most: int) -> list[Path]:
    """The runs beside a run file and older that asked mostly the same cases, oldest first."""
    asked = {*load(path).cases}
    older = [other for other in runs(path.parent) if other.stem < path.stem]
    found: list[Path] = []
    for other in reversed(older):
        cases = {*load(other).cases}
        if len(asked & cases) >= SIMILAR * max(len(asked), len(cases)):
            found.insert(0, other)
        if len(found) == most:
            break
    return found


def load(path: Path) -> Run:
    """Read a run file.

    Raises:
        RunError: It is missing, is not a run file, or is of a later format.
    """
    try:
        run = Run.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"Run file '{path}' cannot be read: {error.strerror}. See {RUNS}/."
    except ValidationError as error:
        first = error.errors()[0]
        message = f"'{path}' is not a run file ({_place(first['loc'])}: {first['msg']})."
    else:
        if run.format <= FORMAT:
            return run
        message = f"Run file '{path}' has format {run.format}; this program reads {FORMAT}."
    raise RunError(message)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc)) or "the file"
