"""What every tab of the desk works with, and how it says that something cannot be done."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
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

HELD = re.compile(r"\bheld")
"""Names of the files of cases that are kept for measuring: asked, and not edited here."""

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
        names = {path.name for path in shipped(self.places.cases) if _editable(path)}
        return [*sorted(names - {OWN}), OWN]

    def askable(self) -> list[str]:
        """Names of all files of cases that a run can ask, spreadsheets and held-out ones too."""
        return [path.name for path in shipped(self.places.cases) if filled(path)]

    def file(self, name: str | None) -> Path:
        """The file of that name, to be edited.

        Raises:
            CasesError: It is none of `files`: a browser may send any name.
        """
        return self._named(name, self.files())

    def asked(self, name: str | None) -> Path:
        """The file of that name, to be asked.

        Raises:
            CasesError: It is none of `askable`.
        """
        return self._named(name, self.askable())

    def _named(self, name: str | None, known: Sequence[str]) -> Path:
        if name is None or name not in known:
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

    def elsewhere(self, name: str | None) -> dict[str, str]:
        """The ids of all other files' cases, and which file has each; unusable files have none."""
        found: dict[str, str] = {}
        for other in self.askable():
            with suppress(CasesError):
                cases = load_cases([self.asked(other)]) if other != name else ()
                found |= {case.id: other for case in cases}
        return found


def filled(path: Path) -> bool:
    """Whether there is a file and it has something in it; an empty one would stop every run."""
    return path.exists() and bool(path.read_bytes().strip())


def _editable(path: Path) -> bool:
    """Whether it is YAML and not held out: what measures is not changed by whom it measures."""
    return path.suffix in WRITABLE and not HELD.search(path.stem)


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
