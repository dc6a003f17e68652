"""Cases as YAML, and a file of cases with one case put in, changed or taken out; the rest stays."""

import os
from pathlib import Path
from typing import Any

import yaml

from evals.cases import Case, CasesError, load_cases

WRITABLE = (".yaml", ".yml")


def case_yaml(case: Case) -> str:
    """A case as an item of a YAML list, columns with nothing in them left out."""
    values = case.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    item = {"id": case.id, **values}
    text = yaml.dump(
        [item], Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return str(text)


class _Plain(yaml.SafeDumper):
    """Short lists on one line, as people write them."""


def _short_list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    flat = all(not isinstance(item, list | dict) for item in value)
    one_line = flat and sum(len(str(item)) for item in value) < 80
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=one_line)


_Plain.add_representer(list, _short_list)


def put_case(path: Path, case: Case) -> None:
    """Put a case into a file: in the place of the case with its id, else at the end.

    Raises:
        CasesError: The file is not YAML, or would not be usable afterwards; it is left as it was.
    """
    _check_suffix(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    place = _places(text).get(case.id)
    _write(path, _with(text, case_yaml(case), place))


def drop_case(path: Path, name: str) -> None:
    """Take the case with this id out of a file.

    Raises:
        CasesError: The file is not YAML, or holds no such case.
    """
    _check_suffix(path)
    text = path.read_text(encoding="utf-8")
    place = _places(text).get(name)
    if place is None:
        message = f"{path.name} holds no case '{name}'."
        raise CasesError(message)
    _write(path, _with(text, "", place))


def _check_suffix(path: Path) -> None:
    if path.suffix not in WRITABLE:
        message = (
            f"{path.name}: only YAML files are edited here. Edit a spreadsheet in its program."
        )
        raise CasesError(message)


def _places(text: str) -> dict[str, tuple[int, int]]:
    """The lines [from, to) of each case, by id."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    starts = [item.start_mark.line for item in items]
    ends = [*starts[1:], len(text.splitlines())][: len(starts)]
    return {_id(item): (start, end) for item, start, end in zip(items, starts, ends, strict=True)}


def _id(item: yaml.Node) -> str:
    pairs = item.value if isinstance(item, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "id"), "")


def _with(text: str, item: str, place: tuple[int, int] | None) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start, end = place or (len(lines), len(lines))
    return "".join([*lines[:start], item, *lines[end:]])


def _write(path: Path, text: str) -> None:
    """Replace the file whole, once the new text has been read back as cases."""
    new = path.with_name(f".{path.name}.new{path.suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    new.write_text(text, encoding="utf-8")
    try:
        if text.strip():
            load_cases([new])
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
