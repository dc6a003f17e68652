"""The tab Runs: ask all cases, read what failed, and compare two runs."""

from collections.abc import Sequence
from itertools import groupby

from bot.build import IngestFailed, ensure_index
from bot.web.markup import plain
from evals import words
from evals.cases import CasesError, load_cases
from evals.compare import Change, Comparison, Pair, Shift, because, compare, sentence
from evals.desk.cases import failed
from evals.desk.kit import PROBLEMS, Desk, items, problem
from evals.record import Result, Run, history, load, runs, save
from evals.report import HISTORY, page
from evals.run import Progress, run

MOST = 200
"""Failures that are quoted on the page; the run file has all."""


def done(desk: Desk, names: Sequence[str], fresh: bool, progress: Progress) -> tuple[str, str]:
    """Run the cases of these files; what came of it as HTML, and the run file's name.

    `fresh` takes edited articles into the index first, for visitors too.
    """
    try:
        if not names:
            raise CasesError("Choose a file that has cases.")
        paths = [desk.asked(name) for name in names]
        cases = load_cases(paths)
        if fresh:
            ensure_index(desk.subject.settings)
        made = run(cases, desk.subject, progress)
        path = save(made, desk.places.runs)
    except IngestFailed as error:
        return problem(str(error)), ""
    except PROBLEMS as error:
        return problem(error), ""
    return f"{told(made)}{links(path.name)}", path.name


def told(made: Run) -> str:
    """A run as HTML: the verdict, the warnings, each failure, the figures."""
    wrong = [result for result in made.results if not result.passed]
    more = f"<p>and {len(wrong) - MOST} more, in the run file.</p>" if len(wrong) > MOST else ""
    parts = (
        f'<div class="kd-verdict"><p><strong>{plain(words.verdict(made))}</strong></p></div>',
        "".join(problem(warning) for warning in made.warnings),
        f"<h2>Failures: {len(wrong)}</h2>" if wrong else "<h2>Every case passes</h2>",
        "".join(_failure(result) for result in wrong[:MOST]),
        more,
        _figures(made),
    )
    return f'<div class="kd-look">{"".join(parts)}</div>'


def _failure(result: Result) -> str:
    asked = " → ".join(f"“{plain(turn)}”" for turn in result.case.turns)
    names = ", ".join(check.name for check in words.failed(result))
    return (
        f'<details><summary>{asked} <span class="kd-quiet">{plain(result.case.id)} · {names}'
        f"</span></summary>{failed(result)}</details>"
    )


def _figures(made: Run) -> str:
    rows = []
    shown = [measure for measure in made.measures if measure.value is not None]
    for group, members in groupby(shown, key=lambda measure: measure.group):
        rows.append(f'<tr><th colspan="3">{plain(group)}</th></tr>')
        rows += [
            f"<tr><td>{plain(m.label)}</td><td>{words.figure(m.value, m.unit)}</td>"
            f'<td class="kd-quiet">n {m.n}</td></tr>'
            for m in members
        ]
    return (
        "<details><summary>All figures</summary>"
        f"<table><tbody>{''.join(rows)}</tbody></table></details>"
    )


def links(*names: str) -> str:
    """Where each run can be read as a page with plots."""
    rows = (f'<a href="report/{plain(name)}" target="_blank">{plain(name)}</a>' for name in names)
    return f'<p class="kd-report">With plots, filters and articles: {" · ".join(rows)}</p>'


def report(desk: Desk, name: str) -> str | None:
    """A run as a page of its own; None where there is no run of that name.

    Raises:
        RunError: The run file cannot be read.
    """
    if name not in listed(desk):
        return None
    path = desk.places.runs / name
    return page(load(path), [load(other) for other in history(path, HISTORY)])


def listed(desk: Desk) -> list[str]:
    """Names of the run files, the newest first."""
    return [path.name for path in reversed(runs(desk.places.runs))]


def pair(desk: Desk) -> tuple[str | None, str | None]:
    """What to compare unasked: the last run, and the one before that asked mostly the same."""
    names = listed(desk)
    if not names:
        return None, None
    try:
        older = history(desk.places.runs / names[0], 1)
    except PROBLEMS:
        return None, names[0]
    return (older[0].name if older else None), names[0]


def compared(desk: Desk, before: str | None, after: str | None) -> str:
    """Two runs case by case, as HTML; the verdict first."""
    known = listed(desk)
    if before not in known or after not in known or before == after:
        return problem("Choose two runs. Each time you run the cases, one is added.")
    try:
        made = compare(load(desk.places.runs / before), load(desk.places.runs / after))
    except PROBLEMS as error:
        return problem(error)
    return f"{_told(made)}{links(before, after)}"


def _told(made: Comparison) -> str:
    left = f"<p>{len(made.left_out)} new or rewritten cases are not compared.</p>"
    parts = (
        f'<div class="kd-verdict"><p><strong>{plain(sentence(made))}</strong></p></div>',
        _edits(made),
        _group(made, "worse"),
        _group(made, "better"),
        _moved(made.shifts),
        left if made.left_out else "",
    )
    return f'<div class="kd-look">{"".join(parts)}</div>'


def _edits(made: Comparison) -> str:
    rows = []
    for edit in made.edits:
        swaps = items(
            "<br>".join(
                f'<span class="{style}">{mark} {plain(text)}</span>'
                for mark, style, text in (("−", "kd-old", s.old), ("+", "kd-new", s.new))
                if text
            )
            for s in edit.swaps
        )
        rows.append(f"article <b>{plain(edit.article)}</b>: {edit.kind}{swaps}")
    rows += [f"{plain(name)} differs" for name in made.differing]
    return f"<h2>What was changed</h2>{items(rows) or '<p>Nothing.</p>'}"


def _group(made: Comparison, change: Change) -> str:
    pairs = made.of(change)
    if not pairs:
        return ""
    return f"<h2>{change.capitalize()}: {len(pairs)}</h2>{items(map(_pair, pairs))}"


def _pair(pair_: Pair) -> str:
    failing = pair_.before if pair_.change == "better" else pair_.after
    when = "It failed" if pair_.change == "better" else "It fails"
    why = [f"because {plain(because(cause))}" for cause in pair_.causes]
    return (
        f"“{plain(pair_.after.case.turns[-1])}” "
        f'<span class="kd-quiet">{plain(pair_.after.case.id)}</span><br>{when}:'
        f"{failed(failing)}{items(why or ['no article that it rests on was edited'])}"
    )


def _moved(shifts: Sequence[Shift]) -> str:
    rows = "".join(
        f"<tr><td>{plain(s.after.label)}</td><td>{words.figure(s.before.value, s.before.unit)}</td>"
        f"<td>→ {words.figure(s.after.value, s.after.unit)}</td></tr>"
        for s in shifts
        if s.before.value != s.after.value
    )
    return f"<h2>Figures that moved</h2><table><tbody>{rows}</tbody></table>" if rows else ""
