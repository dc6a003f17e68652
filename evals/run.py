"""Ask the bot every case, score it, quote every failure and write a run file.

The index is first brought up to date with the articles, so that an edit is measured without another
command; an index named with --index is taken as it is.
"""

import argparse
import hashlib
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from bot.chat_model import load_model
from bot.redflags.table import VERSION
from bot.settings import BotSettings, SettingsError, load_settings
from bot.types import Assessment
from evals import words
from evals.ask import Embed, TracedBot
from evals.cases import Case, CasesError, check_names, check_sections, load_cases
from evals.levels import score_level
from evals.measures import measure
from evals.model_judge import WARM, ModelJudge
from evals.record import RUNS, ArticleRecord, Result, Run, save
from evals.score import run_case
from evals.texts import lines
from ingest.errors import IngestError
from ingest.types import Article

ROOT = Path(__file__).parent.parent
CODE = (".", ":!corpus", ":!docs", ":!tests", ":!evals/golden", ":!README.md")
"""What the code is, as git's paths."""

WORKERS = 8
"""Messages asked of the guard at once: what waits goes through the embedding model in one pass. For
600 messages on two cores, 8 took 4.2 s of processor time, 2 took 5.8 s."""

SECRET = ("password", "secret", "token", "key")

Progress = Callable[[int, int], None]


class Subject(NamedTuple):
    """The bot under test, the settings it was built from, its embedding model, and its guard alone.

    The bot's own guard has the vectors made that a search will need, which costs half of the time
    where no search follows; without a `guard`, the bot is asked.
    """

    bot: TracedBot
    settings: BotSettings
    embed: Embed
    guard: Callable[[Sequence[str]], Assessment] | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_case_arguments(parser)
    parser.add_argument("--out", type=Path, default=RUNS, help="folder of run files (%(default)s)")
    parser.add_argument("--quiet", action="store_true", help="the table and verdict alone")
    parser.add_argument("--judge", metavar="MODEL", help="chat model that also judges each answer")
    parser.add_argument(
        "--repeats", type=int, default=3, help="how often it judges each (%(default)s)"
    )


def add_bot_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which bot to ask; every command that asks it shares these."""
    parser.add_argument("--index", type=Path, help="an index to take as it is")
    parser.add_argument("--settings", type=Path, help="TOML file with the settings")
    parser.add_argument(
        "--model", help="chat model that writes, as `provider:model` (the settings' own, or none)"
    )
    parser.add_argument("--base-url", help="its server, where it is not the provider's own")


def add_case_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to ask and whom."""
    parser.add_argument(
        "--cases",
        type=Path,
        nargs="+",
        default=(),
        metavar="PATH",
        help="files or folders of cases: .yaml, .csv, .xlsx, .jsonl (the shipped ones)",
    )
    add_bot_arguments(parser)


def main(options: argparse.Namespace) -> int:
    """Run all cases; exit status 0 whatever the scores are, 2 where nothing could be run."""
    try:
        cases = load_cases(options.cases)
        subject = build(options)
        judge = _judge(options, subject.settings)
    except (CasesError, SettingsError, IngestError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    made = run_with_bar(cases, subject, judge)
    sys.stdout.write(told(made, quiet=options.quiet))
    sys.stdout.write(f"\nWritten to {save(made, options.out)}\n")
    return 0


def build(options: argparse.Namespace) -> Subject:
    """The bot that the options name, with its index brought up to date.

    Raises:
        SettingsError, IngestError: The settings or the index cannot be used.
    """
    settings = load_settings(options.settings)
    named = {"model": options.model, "base_url": options.base_url}
    chat = settings.chat.model_copy(update={key: value for key, value in named.items() if value})
    settings = settings.model_copy(update={"chat": chat})
    # torch and Chroma take seconds to import, which --help and unusable cases should not.
    import torch

    from bot.build import IngestFailed, build_bot, build_guard, ensure_index

    if options.index is not None:
        index = settings.index.model_copy(update={"index": options.index})
        settings = settings.model_copy(update={"index": index})
    else:
        try:
            ensure_index(settings)
        except IngestFailed as error:
            raise IngestError(str(error)) from error
    # One sentence at a time: on two cores that others use too, two threads a sentence took 19 s
    # for 300 messages, one thread 6 s.
    torch.set_num_threads(1)
    bot = build_bot(settings)
    guard = build_guard(settings, bot.embedder)
    return Subject(bot, settings, bot.embedder.embed_documents, guard)


def _judge(options: argparse.Namespace, settings: BotSettings) -> ModelJudge | None:
    """The model that judges, where one is named; its server is that of the settings' own model."""
    warm = WARM if options.repeats > 1 else 0.0
    named = {"model": options.judge, "temperature": warm}
    model = load_model(settings.chat.model_copy(update=named))
    return ModelJudge(model, options.repeats, settings.chat.seconds) if model else None


def run(
    cases: Sequence[Case],
    subject: Subject,
    progress: Progress = lambda *_: None,
    judge: ModelJudge | None = None,
) -> Run:
    """Ask all cases and score them; `progress` is told how many are done, of how many."""
    bot, started, begin = subject.bot, datetime.now(UTC), time.perf_counter()
    results = []
    for result in _ask_all(subject, cases):
        results.append(judge.judged(result) if judge else result)
        progress(len(results), len(cases))
    places = {case.id: place for place, case in enumerate(cases)}
    results.sort(key=lambda result: places[result.case.id])
    return Run(
        made=started.replace(microsecond=0),
        seconds=round(time.perf_counter() - begin, 2),
        code=code_version(),
        python=platform.python_version(),
        generation=bot.generation,
        rules=VERSION,
        settings=without_secrets(subject.settings.model_dump(mode="json")),
        cases=tuple(case.id for case in cases),
        articles={name: _article(item) for name, item in sorted(bot.articles.items())},
        warnings=warnings(cases, bot),
        measures=measure(results),
        results=tuple(results),
    )


def warnings(cases: Sequence[Case], bot: TracedBot) -> tuple[str, ...]:
    """A line for each article and section that a case expects and that there is not."""
    headings = {line.section for article in bot.articles.values() for line in lines(article)}
    return (*check_names(cases, bot.articles), *check_sections(cases, headings))


def run_with_bar(cases: Sequence[Case], subject: Subject, judge: ModelJudge | None = None) -> Run:
    """Run all cases under a progress bar on standard error."""
    with tqdm(total=len(cases), desc="asking", leave=False, mininterval=0.5) as bar:

        def show(done: int, _: int) -> None:
            bar.update(done - bar.n)

        return run(cases, subject, show, judge)


def _ask_all(subject: Subject, cases: Sequence[Case]) -> Iterator[Result]:
    """The results, as they come.

    Questions first and one after the other, since their seconds are measured; then the messages of
    which only the guard's level is wanted, several at once.
    """
    yield from (run_case(subject.bot, case) for case in cases if case.asks == "answer")
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(partial(_level, subject), (c for c in cases if c.asks == "level"))


def _level(subject: Subject, case: Case) -> Result:
    if subject.guard is None:
        return run_case(subject.bot, case)
    return score_level(case, subject.guard(case.turns))


def told(made: Run, quiet: bool = False) -> str:
    """A run as text: warnings, failures quoted, the table, the verdict."""
    failed = "" if quiet else words.failures(made.results)
    parts = (*made.warnings, failed, words.table(made.measures), words.verdict(made))
    return "\n\n".join(part for part in parts if part) + "\n"


def code_version(root: Path = ROOT) -> str:
    """The last commit that changed the code, and a digest of what was changed since.

    Articles, cases, tests and docs are no code: an edit of an article leaves it as it is.
    `unknown` outside a repository.
    """
    commit = _git(root, "log", "-1", "--format=%h", "--", *CODE)
    if not commit:
        return "unknown"
    changed = _git(root, "diff", "HEAD", "--", *CODE)
    digest = hashlib.sha256(changed.encode()).hexdigest()[:7]
    return f"{commit}-changed-{digest}" if changed else commit


def _git(root: Path, *what: str) -> str:
    """What git prints; empty where it cannot."""
    command = ["git", "-C", str(root), *what]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return ""
    return done.stdout.decode(errors="replace").strip()


def without_secrets(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without the values of keys that are named like a secret."""
    return {name: _safe(name, value) for name, value in settings.items()}


def _safe(name: str, value: Any) -> Any:  # noqa: ANN401 - a settings file holds any JSON value
    if isinstance(value, Mapping):
        return without_secrets(value)
    hidden = any(word in name.casefold() for word in SECRET) and value
    return "(not recorded)" if hidden else value


def _article(article: Article) -> ArticleRecord:
    digest = hashlib.sha256(article.text.encode()).hexdigest()
    return ArticleRecord(title=article.title, text=article.text, sha256=digest)
