"""Files of cases to rows of plain values: YAML, CSV, XLSX, JSON lines."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import yaml
from yaml.constructor import SafeConstructor

YES = {"yes", "y", "true", "1", "x", "ja", "wahr"}
NO = {"no", "n", "false", "0", "", "nein", "falsch"}


@dataclass(frozen=True, slots=True)
class Row:
    """One case as written, and where: "answers.yaml, line 12" or "cases.csv, row 5".

    `names` is where the columns' names stand, if they stand apart from the case.
    """

    place: str
    values: Mapping[str, Any]
    names: str = ""


class RowsError(Exception):
    """A file of cases cannot be read; the message names it and says why."""


def read_rows(path: Path) -> list[Row]:
    """All rows of a file.

    Raises:
        RowsError: It is missing, or not what its suffix says.
    """
    try:
        return list(READERS[path.suffix](path))
    except OSError as error:
        message = f"{path.name}: cannot be read: {error.strerror}. Check the path."
    except yaml.YAMLError as error:
        message = _broken_yaml(path.name, error)
    except csv.Error as error:
        message = f"{path.name}: {error}. Is a quotation mark opened and never closed?"
    except json.JSONDecodeError as error:
        message = f"{path.name}: not valid JSON: {error}"
    except (BadZipFile, KeyError):
        message = f"{path.name}: not an Excel workbook. Save it again as .xlsx or as .csv."
    raise RowsError(message)


def _broken_yaml(name: str, error: yaml.YAMLError) -> str:
    """What is wrong with the YAML and in which line; of an open quote, where it was opened."""
    mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
    place = f"{name}, line {mark.line + 1}" if mark else name
    said = (getattr(error, "context", None), getattr(error, "problem", None) or str(error))
    return f"{place}: not valid YAML: {', '.join(part for part in said if part)}"


def _yaml(path: Path) -> Iterator[Row]:
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.SequenceNode):
        message = f"{path.name}: should be a list of cases, each starting with '- id:'."
        raise RowsError(message)
    for item in node.value:
        place = f"{path.name}, line {item.start_mark.line + 1}"
        if not isinstance(item, yaml.MappingNode):
            message = f"{place}: should be a case with 'id:', 'question:' and so on."
            raise RowsError(message)
        _check_repeated(place, [str(key.value) for key, _ in item.value])
        yield Row(place, SafeConstructor().construct_document(item))


def _check_repeated(place: str, names: Sequence[str]) -> None:
    """Of two columns of one name, the first would be lost without a word."""
    twice = next((name for name, count in Counter(names).items() if name and count > 1), None)
    if twice:
        message = f"{place}: '{twice}' stands there twice; put both into one."
        raise RowsError(message)


def _jsonl(path: Path) -> Iterator[Row]:
    """The guard's sets: messages with level and flags, asked of the guard alone."""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        given = json.loads(line)
        turns = given.pop("turns", None) if isinstance(given, dict) else None
        if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
            message = f"{path.name}, line {number}: should hold 'turns', a list of messages."
            raise RowsError(message)
        said = {"dialogue": turns} if len(turns) > 1 else {"question": "".join(turns)}
        context = given.pop("kind", "")
        fixed = {"kind": "red_flag", "context": context, "asks": "level"}
        yield Row(f"{path.name}, line {number}", {**given, **said, **fixed})


def _csv(path: Path) -> Iterator[Row]:
    text = _decoded(path.read_bytes())
    skipped = 1 if text.startswith("sep=") else 0  # Excel's own line about the separator
    first = next(iter(text.splitlines()[skipped:]), "")
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    yield from _table(path.name, islice(rows, skipped, None), 1 + skipped)


def _decoded(data: bytes) -> str:
    """The text of a CSV: UTF-8, or UTF-16 or Windows' own as some programs export."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _xlsx(path: Path) -> Iterator[Row]:
    # A fifth of a second to import, which only a workbook needs.
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        name = f"{path.name}, sheet '{sheet.title}'"
        yield from _table(name, ([_shown(name, c) for c in row] for row in sheet.iter_rows()))
    finally:
        book.close()


def _shown(sheet: str, cell: Any) -> str:  # noqa: ANN401 - openpyxl has several kinds of cell
    """A cell as its program shows it: Excel keeps "10%" as 0.1 and makes a date of "2-3"."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date | time):
        message = (
            f"{sheet}, cell {cell.coordinate}: the program made a date of what was typed. Format "
            "the column as text and type it again."
        )
        raise RowsError(message)
    if isinstance(value, int | float) and "%" in cell.number_format:
        return f"{100 * value:.10g}%"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _table(name: str, rows: Iterator[list[str]], first: int = 1) -> Iterator[Row]:
    """Rows under a header; rows are numbered as a spreadsheet shows them, empty ones skipped."""
    header = [_column(cell) for cell in next(iter(rows), [])]
    if "question" not in header and "dialogue" not in header:
        message = f"{name}: row {first} should hold the columns' names, 'question' among them."
        raise RowsError(message)
    _check_repeated(f"{name}, row {first}", header)
    for number, cells in enumerate(rows, first + 1):
        texts = [cell.strip() for cell in cells]
        place = f"{name}, row {number}"
        if any(texts[len(header) :]):
            message = f"{place}: has more cells than there are columns (a comma without quotes?)."
            raise RowsError(message)
        if any(texts):
            named = dict(zip(header, texts, strict=False))
            values = {k: _value(k, v) for k, v in named.items() if k and v}
            yield Row(place, values, f"{name}, row {first}")


def _column(cell: str) -> str:
    return re.sub(r"[\s_]+", "-", cell.strip().casefold())


def _value(column: str, cell: str) -> Any:  # noqa: ANN401 - text, list or truth, by column
    """A cell as the YAML file would hold it."""
    if column == "refused":
        word = cell.casefold()
        return True if word in YES else False if word in NO else cell
    if column == "facts":
        return [_split(group, r"\|") for group in _split(cell, r"[;\n]")]
    if column == "dialogue":
        return _split(cell, r"[|\n]")
    if column in ("articles", "tags", "flags"):
        return _split(cell, r"[;,\n]")
    return _split(cell, r"[;\n]") if column in ("sections", "not") else cell


def _split(text: str, at: str) -> list[str]:
    return [part.strip() for part in re.split(at, text) if part.strip()]


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _xlsx,
    ".jsonl": _jsonl,
}
