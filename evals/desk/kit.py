"""What every tab of the desk works with, and how it says that something cannot be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.web.markup import plain
from evals.cases import GOLDEN, CasesError, load_cases, shipped
from evals.edit import WRITABLE
from evals.gaps import LOG, TODO, GapsError
from evals.record import RUNS, RunError
from evals.run import Subject
from ingest.errors import IngestError

OWN = "cases-desk.yaml"
"""The file of cases that new ones are put into unless another is chosen."""

PROBLEMS = (CasesError, GapsError, RunError, IngestError, OSError, ValueError)
"""What a content writer's input or the files can cause; said in words on the page."""

EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}
"""Given to every event: no public API, and a sign that something is being done."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where cases, runs, the log of gaps and the list of what to write are kept."""

    cases: Path = GOLDEN
    runs: Path = RUNS
    log: Path = LOG
    todo: Path = TODO


@dataclass(frozen=True, slots=True)
class Desk:
    """The bot that visitors talk to, and the files that the page reads and writes."""

    subject: Subject
    places: Places

    def files(self) -> list[str]:
        """Names of the files of cases that can be edited here, the desk's own last."""
        found = {path.name for path in shipped(self.places.cases) if path.suffix in WRITABLE}
        return [*sorted(found - {OWN}), OWN]

    def file(self, name: str | None) -> Path:
        """The file of that name.

        Raises:
            CasesError: It is none of `files`: a browser may send any name.
        """
        if name not in self.files():
            message = f"There is no file of cases '{name}'."
            raise CasesError(message)
        return self.places.cases / name

    def cases(self, name: str | None) -> dict[str, Any]:
        """The cases of a file by id; of the desk's own file none before the first is saved.

        Raises:
            CasesError: The file cannot be used.
        """
        path = self.file(name)
        return {case.id: case for case in load_cases([path])} if filled(path) else {}


def filled(path: Path) -> bool:
    """Whether there is a file and it has cases; an empty one would stop every run."""
    return path.exists() and bool(path.read_text(encoding="utf-8").strip())


def good(text: str) -> str:
    """What was done, as a line on the page."""
    return f'<p class="kd-note kd-good">{plain(text)}</p>'


def problem(error: Exception | str) -> str:
    """What cannot be done and why, as a line on the page."""
    return f'<p class="kd-note kd-bad">{plain(str(error))}</p>'


def items(lines: Iterable[str]) -> str:
    """A list of finished HTML; empty without any."""
    rows = "".join(f"<li>{line}</li>" for line in lines)
    return f"<ul>{rows}</ul>" if rows else ""
