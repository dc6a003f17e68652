"""`python -m ingest`: make the index hold the articles at the paths given."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from ingest.errors import IngestError, UnreadableArticle
from ingest.generations import rollback
from ingest.read import find, read
from ingest.run import Report, ingest
from ingest.settings import IndexSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one ingest and return its exit status: 0, 1 (an article failed), 2 (nothing done)."""
    given = _parser().parse_args(arguments)
    settings = IndexSettings(index=given.index, model=given.model)
    try:
        if given.rollback:
            print(f"Generation {rollback(settings.index)} is in use again.")
            return 0
        if given.show:
            return show(given.paths or [settings.corpus])
        with _Bar() as bar:
            report = ingest(given.paths, settings, bar.show, full=given.full)
    except (IngestError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; the index is as it was.", file=sys.stderr)
        return 130
    print(describe(report))
    return 0 if report.is_good else 1


def show(paths: Sequence[Path]) -> int:
    """Print articles as the chatbot would have them; return 1 if one cannot be read."""
    sources, failed = find(paths)
    for source in sources:
        try:
            article = read(source)
            print(f"===== {source.path}: {article.title}\n\n{article.text}")
        except UnreadableArticle as error:
            failed = (*failed, error)
    for failure in failed:
        print(f"failed: {failure}")
    return 1 if failed or not sources else 0


def describe(report: Report) -> str:
    """Return the report as a person reads it, a line for each thing that happened."""
    lines = [
        f"{name}: {', '.join(ids)}"
        for name, ids in (
            ("added", report.added),
            ("changed", report.changed),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
        )
        if ids
    ]
    lines += [f"failed: {path}: {reason}" for path, reason in report.failed]
    lines += report.notes
    lines.append(
        f"{report.generation or 'no index'}: {report.passages} passages, "
        f"{report.sentences} sentences; {report.seconds:.1f} s"
    )
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    defaults = IndexSettings()
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Make the index hold the articles at the paths given, and nothing else.",
        epilog="Exit status: 0; 1 if an article failed (its last good version stays in the "
        "index, the rest goes on); 2 if nothing could be done.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help=f"files or folders with articles (.md, .txt, .html); default: {defaults.corpus}",
    )
    parser.add_argument(
        "--index", type=Path, default=defaults.index, metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument(
        "--model",
        default=defaults.model,
        metavar="NAME",
        help="folder or name of a sentence-transformers model; default: %(default)s",
    )
    parser.add_argument("--full", action="store_true", help="read and embed everything again")
    parser.add_argument(
        "--rollback", action="store_true", help="put the previous generation back in use"
    )
    parser.add_argument(
        "--show", action="store_true", help="only print the articles as they would be indexed"
    )
    return parser


class _Bar:
    """A progress bar on stderr, for what takes longer than a second."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._stage = ""

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, stage: str, done: int, total: int) -> None:
        bar = self._bar
        if bar is None or stage != self._stage:
            self.__exit__()
            # Embedding begins by loading the model, seconds in which the bar must be there.
            delay = 0 if stage == "embedding" else 1
            bar = tqdm(total=total, desc=stage, delay=delay, leave=False, file=sys.stderr)
            self._bar, self._stage = bar, stage
        bar.update(done - bar.n)


if __name__ == "__main__":
    sys.exit(main())
