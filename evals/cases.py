"""Cases: what the bot is asked and what must come of it.

A case that cannot be used is named by file and row, and all such cases at once.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.types import LEVELS, Level
from evals.rows import Row, RowsError, read_rows

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = (".yaml", ".yml", ".csv", ".tsv", ".xlsx", ".jsonl")
SHIPPED = re.compile(r"(answers|guard|cases)-(?!.*train).*")
"""Names of the files in `golden/` that hold cases; what models are trained on is not asked."""

Kind = Literal["answerable", "unanswerable", "follow-up", "red_flag"]
Setting = Literal["ordinary", "denied", "past", "hypothetical", "general", "other_meaning"]


def _phrase(value: Any) -> Any:  # noqa: ANN401 - whatever a YAML file holds
    """Figures may stand without quotes; what YAML reads as true or false may not."""
    if isinstance(value, bool):
        raise ValueError("yes, no, on or off must stand in quotes, or YAML reads it as a truth")
    return str(value) if isinstance(value, int | float) else value


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever a YAML file holds
    """A list of one may stand without brackets."""
    return [value] if isinstance(value, str | int | float) else value


Text = Annotated[str, BeforeValidator(_phrase), Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Phrases = Annotated[Texts, Field(min_length=1)]


NOTES = ("note", "notes", "comment", "comments")
"""Columns that people keep for themselves; nothing reads them."""


class CasesError(Exception):
    """Cases cannot be used; the message names every file and row."""


class Case(BaseModel):
    """One case; the fields are the columns of a spreadsheet and the keys of a YAML file.

    `facts` are groups of phrases, of each group any one must be stated; `not` are phrases that
    must not be. `standalone` is a dialogue's last message as a question of its own. `asks` is
    `level` where only the guard is asked. `context` says why a guard's message has its level.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True
    )

    id: Text
    kind: Kind
    question: Text | None = None
    dialogue: Texts = ()
    standalone: str = ""
    articles: Texts = ()
    sections: Texts = ()
    facts: Annotated[tuple[Phrases, ...], BeforeValidator(_listed)] = ()
    forbidden: Texts = Field(default=(), alias="not")
    refused: bool = False
    level: Level = "none"
    flags: Texts = ()
    tags: Texts = ()
    asks: Literal["answer", "level"] = "answer"
    context: str = ""
    pair: str | None = None

    @property
    def turns(self) -> tuple[str, ...]:
        """The user's messages, the newest last."""
        return self.dialogue or (self.question or "",)

    @property
    def wants_answer(self) -> bool:
        """Whether it says what answers it."""
        return bool(self.articles or self.sections)

    @model_validator(mode="after")
    def _consistent(self) -> "Case":
        wrong = next((text for test, text in _RULES if test(self)), None)
        if wrong:
            raise ValueError(wrong)
        return self


_RULES: tuple[tuple[Callable[[Case], object], str], ...] = (
    (lambda c: not c.question and not c.dialogue, "'question' or 'dialogue' is missing"),
    (lambda c: c.question and c.dialogue, "has both 'question' and 'dialogue'; leave one out"),
    (
        lambda c: c.refused and (c.facts or c.sections),
        "'refused' is yes, so 'facts' and 'sections' must be empty",
    ),
    (
        lambda c: c.kind == "unanswerable" and not c.refused,
        "kind is 'unanswerable', so 'refused' must be yes",
    ),
    (
        lambda c: c.kind == "answerable" and c.refused,
        "kind is 'answerable', so 'refused' must be no",
    ),
    (
        lambda c: c.kind in ("answerable", "follow-up") and not c.refused and not c.wants_answer,
        "'articles' is empty: which article answers it?",
    ),
    (
        lambda c: c.kind == "follow-up" and len(c.dialogue) < 2,
        "a follow-up needs a 'dialogue' of at least two messages",
    ),
    (
        lambda c: c.asks == "answer" and c.kind == "red_flag" and c.level == "none",
        "kind is 'red_flag', so 'level' must be one of " + ", ".join(LEVELS[1:]),
    ),
)
"""What makes a case unusable, and how it is said."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A case and where it stands: "answers.yaml, line 12"."""

    case: Case
    place: str


def load_cases(paths: Sequence[Path] = ()) -> tuple[Case, ...]:
    """Read and check the cases of all files and folders (without any: the shipped ones).

    Raises:
        CasesError: A file cannot be read, a case is wrong, or an id recurs.
    """
    placed: list[Placed] = []
    problems: list[str] = []
    for path in _files(paths):
        try:
            rows = read_rows(path)
        except RowsError as error:
            problems.append(str(error))
            continue
        for row in rows:
            try:
                placed.append(Placed(_case(row), row.place))
            except ValidationError as error:
                problems += _messages(row, error)
    problems += _repeats(placed)
    if not problems and not placed:
        problems = [f"There are no cases in {', '.join(map(str, paths or (GOLDEN,)))}."]
    if problems:
        raise CasesError("\n".join(dict.fromkeys(problems)))
    return tuple(item.case for item in placed)


def check_names(cases: Iterable[Case], articles: Iterable[str]) -> tuple[str, ...]:
    """A line for each article that cases name and the index lacks, with the nearest name."""
    known = sorted(articles)
    naming: dict[str, list[str]] = {}
    for case in cases:
        for name in {*case.articles} - {*known}:
            naming.setdefault(name, []).append(case.id)
    return tuple(
        f"There is no article '{name}' in the index, but {few(ids)} expects it.{_near(name, known)}"
        for name, ids in sorted(naming.items())
    )


def check_sections(cases: Iterable[Case], headings: Iterable[str]) -> tuple[str, ...]:
    """A line for each heading that a case names and no article has, with the nearest heading."""
    known = {heading.casefold(): heading for heading in headings}
    return tuple(
        f"No article has a section '{name}', but {case.id} expects it."
        + _near(name, sorted(known.values()))
        for case in cases
        for name in case.sections
        if name.casefold() not in known
    )


def few(names: Sequence[str], most: int = 5) -> str:
    """The first names, and how many more there are."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def shipped(folder: Path = GOLDEN) -> list[Path]:
    """The files of cases that come with the bot."""
    files = (path for path in folder.iterdir() if path.suffix in SUFFIXES)
    return sorted(path for path in files if SHIPPED.fullmatch(path.stem))


def _files(paths: Sequence[Path]) -> list[Path]:
    found = [] if paths else shipped()
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        elif path.suffix in SUFFIXES:
            found.append(path)
        else:
            message = f"{path}: cases are read from {', '.join(SUFFIXES)}, not '{path.suffix}'."
            raise CasesError(message)
    if not found:
        message = f"There are no cases in {', '.join(map(str, paths or (GOLDEN,)))}."
        raise CasesError(message)
    return found


def _case(row: Row) -> Case:
    values = {key: value for key, value in row.values.items() if key not in NOTES}
    values.setdefault("kind", _kind(values))
    if not values.get("id"):
        values["id"] = name_for(str(values.get("question") or values.get("dialogue") or ""))
    return Case.model_validate(values)


def name_for(question: str) -> str:
    """An id made of the question's first words, so that it stays when rows move."""
    plain = re.sub(r"['’]", "", question.casefold())
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "-".join(words[:7])


def _kind(values: dict[str, Any]) -> Kind:
    """What kind a case is that does not say so."""
    if values.get("refused"):
        return "unanswerable"
    if values.get("dialogue"):
        return "follow-up"
    urgent = values.get("level", "none") in ("urgent", "emergency")
    wanted = values.get("articles") or values.get("sections")
    return "red_flag" if urgent and not wanted else "answerable"


def _messages(row: Row, error: ValidationError) -> list[str]:
    name = row.values.get("id")
    place = f"{row.place} ({name})" if name else row.place
    return [
        f"{row.names if row.names and item['type'] == 'extra_forbidden' else place}: {_said(item)}"
        for item in error.errors()
    ]


_PLAIN = {
    "bool_parsing": "should be yes or no",
    "bool_type": "should be yes or no",
    "tuple_type": "should be a list, like [one, another]",
    "too_short": "holds an empty list",
    "string_too_short": "holds an empty text",
    "string_type": "should be text",
}
"""What pydantic says for programmers, in words."""


def _said(item: Any) -> str:  # noqa: ANN401 - pydantic's own record of an error
    column = str(item["loc"][0]) if item["loc"] else ""
    if item["type"] == "extra_forbidden":
        columns = [f.alias or name for name, f in Case.model_fields.items()]
        return f"there is no column '{column}'.{_near(column, columns)}"
    text = _PLAIN.get(item["type"]) or str(item["msg"]).removeprefix("Value error, ").replace(
        "Input should be", "should be"
    )
    if not column:
        return text
    given = item.get("input")
    shown = f" is '{given}'" if isinstance(given, str | int | float) else ""
    return f"'{column}'{shown}: {text}"


def _near(name: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean '{found[0]}'?" if found else f" There are: {', '.join(known)}."


def _repeats(placed: Sequence[Placed]) -> list[str]:
    first: dict[str, str] = {}
    problems = []
    for item in placed:
        if item.case.id in first:
            problems.append(
                f"{item.place}: id '{item.case.id}' is taken by {first[item.case.id]}. "
                "Give each case an id of its own."
            )
        first.setdefault(item.case.id, item.place)
    return problems
