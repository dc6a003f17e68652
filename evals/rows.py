"""Files of cases to rows of plain values: YAML, CSV, XLSX, JSON lines."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import yaml
from yaml.constructor import SafeConstructor

YES = {"yes", "y", "true", "1", "x", "ja", "wahr"}
NO = {"no", "n", "false", "0", "", "nein", "falsch"}


@dataclass(frozen=True, slots=True)
class Row:
    """One case as written, and where: "answers.yaml, line 12" or "cases.csv, row 5"."""

    place: str
    values: Mapping[str, Any]


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
        message = f"{path.name}: not valid YAML: {' '.join(str(error).split())}"
    except json.JSONDecodeError as error:
        message = f"{path.name}: not valid JSON: {error}"
    except (BadZipFile, KeyError):
        message = f"{path.name}: not an Excel workbook. Save it again as .xlsx or as .csv."
    raise RowsError(message)


def _yaml(path: Path) -> Iterator[Row]:
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.SequenceNode):
        message = f"{path.name}: should be a list of cases, each starting with '- id:'."
        raise RowsError(message)
    for item in node.value:
        place = f"{path.name}, line {item.start_mark.line + 1}"
        values = SafeConstructor().construct_document(item)
        if not isinstance(values, dict):
            message = f"{place}: should be a case with 'id:', 'question:' and so on."
            raise RowsError(message)
        yield Row(place, values)


def _jsonl(path: Path) -> Iterator[Row]:
    """The guard's sets: messages with level and flags, asked of the guard alone."""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        given = json.loads(line)
        turns = given.pop("turns", [])
        said = {"dialogue": turns} if len(turns) > 1 else {"question": "".join(turns)}
        context = given.pop("kind", "")
        fixed = {"kind": "red_flag", "context": context, "asks": "level"}
        yield Row(f"{path.name}, line {number}", {**given, **said, **fixed})


def _csv(path: Path) -> Iterator[Row]:
    text = _decoded(path.read_bytes())
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    yield from _table(path.name, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


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
        rows = ([_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
        yield from _table(f"{path.name}, sheet '{sheet.title}'", rows)
    finally:
        book.close()


def _shown(cell: Any) -> str:  # noqa: ANN401 - a cell holds any of Excel's types
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _table(name: str, rows: Iterator[list[str]]) -> Iterator[Row]:
    """Rows under a header; rows are numbered as a spreadsheet shows them, empty ones skipped."""
    header = [_column(cell) for cell in next(iter(rows), [])]
    if "question" not in header and "dialogue" not in header:
        message = f"{name}: row 1 should hold the columns' names, 'question' among them."
        raise RowsError(message)
    for number, cells in enumerate(rows, 2):
        texts = [cell.strip() for cell in cells]
        place = f"{name}, row {number}"
        if any(texts[len(header) :]):
            message = f"{place}: has more cells than row 1 has names (a comma without quotes?)."
            raise RowsError(message)
        if any(texts):
            named = dict(zip(header, texts, strict=False))
            yield Row(place, {k: _value(k, v) for k, v in named.items() if k and v})


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
