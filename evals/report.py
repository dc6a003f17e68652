"""One HTML page about a run that needs nothing else: verdict, plots, filters, cases, articles.

Without --run it is about the last run; scores over runs are of runs beside it with mostly the same
cases.
"""

import argparse
import base64
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.types import LEVELS
from evals import compare, plots, words
from evals.measures import SPECS
from evals.plots import Bar, Series
from evals.record import RUNS, ArticleRecord, Result, Run, RunError, history, load, runs
from evals.texts import lines
from evals.totals import SERIOUS, share
from ingest.types import Article

TEMPLATES = Path(__file__).parent / "templates"
HEADLINES = ("passed", "facts", "refusal_recall", "refusal_precision", "sensitivity", "specificity")
LEVEL_NAMES = ("none", "professional", "urgent", "emergency")
HISTORY = 20
STAGES = ("guard", "rewrite", "retrieve", "compose", "total")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--run", type=Path, help="run file (the last one)")
    parser.add_argument("--folder", type=Path, default=RUNS, help="of run files (%(default)s)")
    parser.add_argument("--out", type=Path, help="the page (report.html beside the run files)")


def main(options: argparse.Namespace) -> int:
    """Write the page; exit status 0, or 2 where there is no run to report."""
    found = runs(options.folder)
    path = options.run or (found[-1] if found else None)
    if path is None:
        sys.stderr.write(f"No run in {options.folder}/. `python -m evals run` makes one.\n")
        return 2
    try:
        made = load(path)
        before = [load(other) for other in history(path, HISTORY)]
    except RunError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    out: Path = options.out or options.folder / "report.html"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(made, before), encoding="utf-8")
    sys.stdout.write(f"Written to {out}\n")
    return 0


def page(made: Run, before: Sequence[Run] = ()) -> str:
    """The page about a run; `before` are earlier runs, oldest first."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (_asset(name) for name in ("report.css", "report.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return jinja.get_template("report.html").render(
        run=made,
        verdict=words.verdict(made),
        style=Markup(style),
        script=Markup(script),
        script_hash=digest,
        headlines=_headlines(made, before),
        change=_change(made, before),
        plots=_plots(made, before),
        groups=_groups(made),
        breakdowns=_breakdowns(made),
        results=made.results,
        tags=sorted({tag for r in made.results for tag in r.case.tags}),
        kinds=sorted({r.case.kind for r in made.results}),
        articles={name: _marked(name, item) for name, item in made.articles.items()},
        anchor=_anchors(made.articles),
        touched=touched,
        words=words,
    )


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _anchors(records: Mapping[str, ArticleRecord]) -> Callable[[str, int], str]:
    """Gives the id, in the page, of the sentence that holds a character of an article."""
    starts = {
        name: [line.start for line in lines(_article(name, record))]
        for name, record in records.items()
    }

    def anchor(article: str, start: int) -> str:
        held = [s for s in starts.get(article, ()) if s <= start] or [0]
        return f"s-{article}-{held[-1]}"

    return anchor


def _article(name: str, record: ArticleRecord) -> Article:
    return Article(name, record.title, record.text)


def touched(result: Result) -> list[str]:
    """The articles a case has to do with: expected or cited."""
    return sorted({*result.case.articles, *(source.article for source in result.sources)})


def _marked(name: str, record: ArticleRecord) -> dict[str, Any]:
    """An article as its sentences under their headings, for links to land on."""
    sections: dict[str, list[Any]] = {}
    for line in lines(_article(name, record)):
        sections.setdefault(line.section, []).append(line)
    return {"title": record.title, "sections": sections}


def _headlines(made: Run, before: Sequence[Run]) -> list[dict[str, Any]]:
    """The big figures, each with its change since the run before."""
    figures = {m.name: m for m in before[-1].measures} if before else {}
    rows = []
    for measure in made.measures:
        if measure.name in HEADLINES and measure.value is not None:
            old = figures.get(measure.name)
            moved = measure.value - old.value if old and old.value is not None else None
            rows.append({"measure": measure, "moved": moved})
    return rows


def _change(made: Run, before: Sequence[Run]) -> dict[str, Any] | None:
    if not before:
        return None
    found = compare.compare(before[-1], made)
    return {"told": compare.told(found), "sentence": compare.sentence(found)}


def _groups(made: Run) -> dict[str, list[dict[str, Any]]]:
    about = {spec.name: spec.about for spec in SPECS}
    groups: dict[str, list[dict[str, Any]]] = {}
    for measure in made.measures:
        row = {"measure": measure, "about": about.get(measure.name, "")}
        groups.setdefault(measure.group, []).append(row)
    return groups


def _plots(made: Run, before: Sequence[Run]) -> dict[str, Markup]:
    everything = [*before, made]
    ticks = [f"{run.made:%d %b %H:%M}" for run in everything]
    return {
        "Scores over runs": plots.lines("Scores over runs", ticks, _series(everything)),
        "Red-flag levels": plots.matrix("Red-flag levels", LEVEL_NAMES, _confusion(made.results)),
        "Refusing too much or too little": _refusals(made.results),
        "Seconds per stage: median, line to the 95th percentile": _seconds(made),
    }


def _series(everything: Sequence[Run]) -> list[Series]:
    made = []
    for spec in SPECS:
        if spec.name in HEADLINES:
            values = tuple(_value(run, spec.name) for run in everything)
            if any(value is not None for value in values):
                made.append(Series(spec.label.split(",")[0], values))
    return made


def _value(run: Run, name: str) -> float | None:
    return next((m.value for m in run.measures if m.name == name), None)


def _confusion(results: Sequence[Result]) -> Counter[tuple[str, str]]:
    named = dict(zip(LEVELS, LEVEL_NAMES, strict=True))
    return Counter((named[r.case.level], named[r.level]) for r in results)


def refusal_curve(results: Sequence[Result]) -> list[tuple[float, float]]:
    """(wrong refusals, wrong answers) as shares, for every threshold on the odds of an answer.

    Without learnt odds the nearness of the articles stands in for them.
    """
    asked = [r for r in results if r.case.level not in SERIOUS and r.signals]
    right = [_odds(r) for r in asked if not r.case.refused and r.case.wants_answer]
    wrong = [_odds(r) for r in asked if r.case.refused]
    if not right or not wrong:
        return []
    steps = [0.0, *sorted({*right, *wrong}), 1.01]
    return [(_below(right, step), 1 - _below(wrong, step)) for step in steps]


def _odds(result: Result) -> float:
    return result.signals.get("answerable", result.signals["near"])


def _below(values: Sequence[float], threshold: float) -> float:
    return sum(value < threshold for value in values) / len(values)


def _refusals(results: Sequence[Result]) -> Markup:
    curve = refusal_curve(results)
    asked = [r for r in results if r.case.asks == "answer" and r.case.level not in SERIOUS]
    refused = share([r.kind != "answer" for r in asked if not r.case.refused]).value
    answered = share([r.kind == "answer" for r in asked if r.case.refused]).value
    now = None if refused is None or answered is None else (refused, answered)
    axes = ("answerable questions refused", "others answered")
    return plots.curve("Refusing too much or too little", axes, curve, now)


def _seconds(made: Run) -> Markup:
    rows = []
    for stage in STAGES:
        median, high = _value(made, f"{stage}_median"), _value(made, f"{stage}_p95")
        if median is not None and high is not None:
            rows.append(Bar(stage, median, f"{median:.3f} – {high:.3f} s", high))
    most = max((row.mark or 0 for row in rows), default=1)
    return plots.bars("Seconds per stage", rows, most, left=80)


def _breakdowns(made: Run) -> dict[str, Markup]:
    """Cases passed by article and by tag (tags of at least three cases), worst first."""
    asked = [r for r in made.results if r.case.asks == "answer"]
    by_article = {name: [r for r in asked if name in r.case.articles] for name in made.articles}
    tags = sorted({tag for r in asked for tag in r.case.tags})
    by_tag = {tag: [r for r in asked if tag in r.case.tags] for tag in tags}
    return {
        "By article": _passed("Cases passed by article", by_article, least=1),
        "By tag": _passed("Cases passed by tag", by_tag, least=3),
    }


def _passed(title: str, groups: dict[str, list[Result]], least: int) -> Markup:
    rows = [
        Bar(name, sum(r.passed for r in g) / len(g), f"{sum(r.passed for r in g)} of {len(g)}")
        for name, g in groups.items()
        if len(g) >= least
    ]
    return plots.bars(title, sorted(rows, key=lambda bar: bar.value)[:20], 1.0)
