"""What visitors asked and the bot refused or got a thumbs-down for, grouped by meaning and counted.

The log (`bot/gaplog.py` defines its lines) exists only where the clinic switched logging on. In one
step a group becomes a case or a to-do; it is closed once a case with one of its questions passes.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import Literal

from bot.gaplog import Gap, Why, read_line
from bot.settings import SettingsError
from bot.stems import STOP, words
from bot.terms import Terms, load_terms
from bot.types import Hit
from evals.ask import Embed, Trace, TracedBot, ask
from evals.cases import Case, CasesError, load_cases, name_for
from evals.edit import put_case
from evals.new import facts
from evals.record import RUNS, Result, RunError, newest_results
from evals.run import add_bot_arguments, build
from evals.texts import normal
from ingest.errors import IngestError

LOG = Path("var/gaps.jsonl")
CASES = Path(__file__).parent / "golden" / "cases-gaps.yaml"
TODO = Path("docs/to-write.md")
SAME = 0.52
"""Least cosine, of content words in the articles' terms, of a question with the first of its group.
Of 14 questions that visitors might ask it joins those on tape, insoles, swimming, cycling and foam
rolling, each on its own; the nearest of different subjects are at 0.45."""

State = Literal["open", "failing", "closed"]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same, the most frequent first, and how often each thing happened."""

    questions: tuple[str, ...]
    count: int
    why: Mapping[Why, int]
    last: str
    state: State = "open"

    @property
    def question(self) -> str:
        """The question that stands for the group."""
        return self.questions[0]


class GapsError(Exception):
    """The log cannot be used; the message names file and line, or what to type."""


def read_log(path: Path) -> tuple[Gap, ...]:
    """The gaps of a log.

    Raises:
        GapsError: There is no log, or a line of it cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        message = (
            f"There is no log at '{path}'. Questions are logged only where the clinic's settings "
            "switch it on."
        )
        raise GapsError(message) from None
    gaps = []
    for number, row in enumerate(text.splitlines(), 1):
        try:
            gaps.append(read_line(row))
        except ValueError as error:
            message = f"{path}, line {number}: {error}."
            raise GapsError(message) from error
    return tuple(gaps)


def group(gaps: Sequence[Gap], embed: Embed, results: Sequence[Result] = ()) -> tuple[Group, ...]:
    """Gaps grouped by meaning, the most frequent group first, each with its state.

    The most frequent question opens a group; each next one joins the first group that is near.
    """
    asked = Counter(_meant(gap) for gap in gaps)
    texts = sorted(asked, key=lambda text: (-asked[text], text))
    terms = load_terms()
    subjects = [_subject(text, terms) for text in texts]
    vectors = dict(zip(texts, embed(subjects), strict=True)) if texts else {}
    leaders: dict[str, list[str]] = {}
    for text in texts:
        near = (lead for lead in leaders if _cosine(vectors[lead], vectors[text]) >= SAME)
        leaders.setdefault(next(near, text), []).append(text)
    made = [_group(members, gaps, results) for members in leaders.values()]
    return tuple(sorted(made, key=lambda g: (g.state == "closed", -g.count, g.question)))


def _meant(gap: Gap) -> str:
    return normal(gap.searched or gap.question)


def _subject(text: str, terms: Terms) -> str:
    """What a question is about: its content words in the articles' terms."""
    content = [word for word in words(terms.canonical(terms.focus(text))) if word not in STOP]
    return " ".join(content) or text


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return fsum(a * b for a, b in zip(one, other, strict=True))


def _group(members: Sequence[str], gaps: Sequence[Gap], results: Sequence[Result]) -> Group:
    own = [gap for gap in gaps if _meant(gap) in members]
    return Group(
        questions=tuple(members),
        count=len(own),
        why=Counter(gap.why for gap in own),
        last=max(gap.day for gap in own),
        state=_state(members, results),
    )


def _state(members: Sequence[str], results: Sequence[Result]) -> State:
    """Closed once a case passes that asks one of the questions, or was drafted from one."""
    names = {_name(member) for member in members}
    own = [r.passed for r in results if r.case.id in names or _asks(r.case, members)]
    return "open" if not own else "closed" if all(own) else "failing"


def _asks(case: Case, questions: Sequence[str]) -> bool:
    return bool({normal(case.turns[-1]), normal(case.standalone)} & {*questions})


def _name(question: str) -> str:
    return f"gap-{name_for(question)}"


def as_case(group_: Group, bot: TracedBot) -> Case:
    """A case that asks for an answer, from the nearest sentence: fails until the bot gives it.

    Raises:
        GapsError: No article comes near: that is a to-do, not a case.
    """
    best = _nearest(ask(bot, (group_.question,)))
    if best is None:
        message = f"No article says anything near “{group_.question}”. Use --todo."
        raise GapsError(message)
    text = best.passage.sentences[best.index].text
    return Case(
        id=_name(group_.question),
        kind="answerable",
        question=group_.question,
        articles=(best.passage.article,),
        facts=facts([text], group_.question, bot.articles.values()),
        tags=("gap", "draft"),
    )


def _nearest(trace: Trace) -> Hit | None:
    return next(iter(trace.found.hits), None) if trace.found else None


def as_refusal(group_: Group) -> Case:
    """A case that says: this is rightly refused."""
    return Case(
        id=_name(group_.question),
        kind="unanswerable",
        question=group_.question,
        refused=True,
        tags=("gap",),
    )


def add_case(path: Path, case: Case) -> None:
    """Put a gap's case into a file; one that stands there may have been corrected, and stays.

    Raises:
        CasesError: The file cannot be used, or has the case.
    """
    if path.exists() and case.id in {other.id for other in load_cases([path])}:
        message = f"{path.name} has a case '{case.id}' already; correct it there."
        raise CasesError(message)
    put_case(path, case)


def add_todo(path: Path, group_: Group) -> None:
    """Add a line to the list of what is to be written; a line that stands there is left alone."""
    text = path.read_text(encoding="utf-8") if path.exists() else "# To write\n\n"
    line = f"- [ ] “{group_.question}”"
    if line not in text:
        others = "; also " + ", ".join(f"“{q}”" for q in group_.questions[1:4])
        times = "once," if group_.count == 1 else f"{group_.count} times, last"
        asked = f" (asked {times} {group_.last}"
        rest = others if len(group_.questions) > 1 else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}{line}{asked}{rest})\n", encoding="utf-8")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--log", type=Path, default=LOG, help="(%(default)s)")
    add_bot_arguments(parser)
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder of runs (%(default)s)")
    parser.add_argument("--to", type=Path, default=CASES, help="file of cases (%(default)s)")
    parser.add_argument("--todo-list", type=Path, default=TODO, help="(%(default)s)")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--case", type=int, metavar="N", help="make group N a case to be answered")
    step.add_argument("--refuse", type=int, metavar="N", help="make it a case: rightly refused")
    step.add_argument("--todo", type=int, metavar="N", help="put it on the list of what to write")


def main(options: argparse.Namespace) -> int:
    """List the groups or take a step; exit status 0, or 2 where it cannot be done."""
    try:
        gaps = read_log(options.log)
        subject = build(options)
        groups = group(gaps, subject.embed, newest_results(options.runs))
        sys.stdout.write(_step(options, groups, subject.bot) or told(groups))
    except (CasesError, GapsError, RunError, SettingsError, IngestError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _step(options: argparse.Namespace, groups: Sequence[Group], bot: TracedBot) -> str:
    """Do what was asked for; what to say of it, empty where only the list is wanted."""
    if options.todo is not None:
        add_todo(options.todo_list, _numbered(groups, options.todo))
        return f"Put on {options.todo_list}\n"
    makers: dict[str, Callable[[Group], Case]] = {
        "case": lambda group_: as_case(group_, bot),
        "refuse": as_refusal,
    }
    for name, make in makers.items():
        number = getattr(options, name)
        if number is not None:
            case = make(_numbered(groups, number))
            add_case(options.to, case)
            return f"Put into {options.to} as '{case.id}'; correct it there.\n"
    return ""


def _numbered(groups: Sequence[Group], number: int) -> Group:
    if not 1 <= number <= len(groups):
        message = f"There is no group {number}; there are {len(groups)}."
        raise GapsError(message)
    return groups[number - 1]


def told(groups: Sequence[Group]) -> str:
    """The groups as text, numbered for --case, --refuse and --todo."""
    rows = []
    for number, item in enumerate(groups, 1):
        why = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in item.why.items())
        rows.append(f"{number:>3}  {item.state:<8} {item.count:>3}×  “{item.question}” ({why})")
        rows += [f"{'':>20}also “{question}”" for question in item.questions[1:4]]
    count = sum(item.state != "closed" for item in groups)
    return "\n".join([*rows, f"{count} of {len(groups)} gaps are open.", ""])
