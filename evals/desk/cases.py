"""The tab Cases: a case as a form, and the form as a case."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from bot.web.markup import plain
from evals import words
from evals.cases import Case, CasesError, name_for
from evals.desk import kit
from evals.desk.ask import messages
from evals.desk.kit import PROBLEMS, Desk, good, items, problem
from evals.edit import drop_case, put_case
from evals.new import draft_for
from evals.record import Result
from evals.run import warnings
from evals.score import run_case


class Form(NamedTuple):
    """What stands in the fields, in their order on the page; lists have one entry a line."""

    id: str = ""
    messages: str = ""
    standalone: str = ""
    articles: Sequence[str] = ()
    sections: str = ""
    facts: str = ""
    forbidden: str = ""
    refused: bool = False
    level: str = "none"
    kind: str = "answerable"
    tags: str = ""


def form(case: Case) -> Form:
    """A case as people edit it: facts one a line, wordings of one fact between bars."""
    return Form(
        id=case.id,
        messages="\n".join(case.turns),
        standalone=case.standalone,
        articles=list(case.articles),
        sections="\n".join(case.sections),
        facts="\n".join(" | ".join(group) for group in case.facts),
        forbidden="\n".join(case.forbidden),
        refused=case.refused,
        level=case.level,
        kind=case.kind,
        tags=", ".join(case.tags),
    )


def case_of(filled: Form, old: Case | None) -> Case:
    """The case that a form holds; what it has no field for stays as in the old one.

    Raises:
        CasesError: It is no usable case; the message says what is wrong.
    """
    kept = old.model_dump(by_alias=True, exclude_unset=True) if old else {}
    turns = [line.strip() for line in (filled.messages or "").splitlines() if line.strip()]
    values: dict[str, Any] = {
        **kept,
        "id": filled.id.strip() or name_for(turns[-1] if turns else ""),
        "kind": filled.kind,
        "question": turns[0] if len(turns) == 1 else None,
        "dialogue": turns if len(turns) > 1 else (),
        "standalone": filled.standalone,
        "articles": filled.articles or (),
        "sections": _split(filled.sections, "\n"),
        "facts": [_split(line, "|") for line in _split(filled.facts, "\n")],
        "not": _split(filled.forbidden, "\n"),
        "refused": filled.refused,
        "level": filled.level,
        "tags": _split(filled.tags, ","),
    }
    try:
        return Case.model_validate(values)
    except ValidationError as error:
        said = (str(item["msg"]).removeprefix("Value error, ") for item in error.errors())
        raise CasesError("Not saved: " + "; ".join(said) + ".") from error


def _split(text: str, mark: str) -> list[str]:
    return [part.strip() for part in (text or "").split(mark) if part.strip()]


def choices(desk: Desk, name: str | None) -> list[tuple[str, str]]:
    """The cases of a file for a list to choose from: (what is read, id)."""
    found = desk.cases(name)
    return [(f"{case.turns[-1]}  ({case_id})", case_id) for case_id, case in found.items()]


def draft(desk: Desk, typed: str) -> Form:
    """The form of a case drafted from what the bot says now.

    Raises:
        ValueError: Nothing was asked.
    """
    return form(draft_for(desk.subject.bot, messages(typed)))


def save(desk: Desk, name: str | None, chosen: str | None, filled: Form) -> tuple[str, str | None]:
    """Put the case into the file; what to say, and its id (None where it was not saved)."""
    try:
        old = desk.cases(name).get(chosen or "")
        case = case_of(filled, old)
        if chosen != case.id and case.id in desk.cases(name):
            message = f"Not saved: another case is called '{case.id}'. Choose another name."
            raise CasesError(message)
        _check_elsewhere(desk, name, case)
        put_case(desk.file(name), case)
        if old is not None and old.id != case.id:
            drop_case(desk.file(name), old.id)
    except PROBLEMS as error:
        return problem(error), None
    warned = warnings([case], desk.subject.bot)
    said = good(f"Saved as '{case.id}' in {name}.")
    return said + "".join(map(problem, warned)), case.id


def _check_elsewhere(desk: Desk, name: str | None, case: Case) -> None:
    """An id that another file has would stop every run."""
    other = desk.elsewhere(name).get(case.id)
    if other:
        message = f"Not saved: {other} has a case '{case.id}'. Choose another name."
        raise CasesError(message)


def remove(desk: Desk, name: str | None, chosen: str | None) -> str:
    """Take the case out of its file; the form still holds it."""
    try:
        path = desk.file(name)
        drop_case(path, chosen or "")
        if not kit.filled(path):
            path.unlink()
    except PROBLEMS as error:
        return problem(error)
    return good(f"'{chosen}' is taken out of {name}. The form still has it: Save puts it back.")


def check(desk: Desk, filled: Form, old: Case | None) -> str:
    """Ask what stands in the form, saved or not, and say whether it passes."""
    try:
        result = run_case(desk.subject.bot, case_of(filled, old))
    except PROBLEMS as error:
        return problem(str(error).removeprefix("Not saved: "))
    if result.passed:
        return good("It passes.") + f'<div class="kd-reply">{plain(result.text)}</div>'
    return problem("It fails.") + failed(result)


def failed(result: Result) -> str:
    """Why a case fails: what was expected and found, and what would have answered, as HTML."""
    rows = [
        f"<b>{check.name}</b>: expected {plain(check.expected)}"
        f'<br><span class="kd-quiet">found: {plain(check.found[: words.FOUND]) or "nothing"}</span>'
        for check in words.failed(result)
    ]
    return items([*rows, *map(plain, words.would_have(result))])
