"""`python -m bot.settings_page > docs/settings.md`: every setting, from the classes themselves."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import BotSettings

HEAD = """# Settings

One TOML file, named by `KNEEWISE_SETTINGS` for the server and by `--settings` for the terminal.
Every key has a default. An unknown key, a colour that cannot be read or a file that is not there
stops the start with the line and the reason.
This page is made by `python -m bot.settings_page > docs/settings.md`.

```toml
[clinic]
name = "Riverside Sports Clinic"
phone = "020 7946 0000"
booking = "https://riverside.example/book"
logo = "logo.svg"

[clinic.colours]
accent = "#0b5394"

[web]
sites = ["https://www.riverside.example"]
```
"""
NAMES: dict[object, str] = {
    str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path",
    SecretStr: "secret text", tuple: "list",
}  # fmt: skip


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_tables(BotSettings, "")]) + "\n"


def _tables(model: type[BaseModel], name: str) -> Iterator[str]:
    groups: list[tuple[str, type[BaseModel]]] = []
    rows: list[str] = []
    for key, info in model.model_fields.items():
        inner = _model(info.annotation)
        if inner is None:
            rows.append(_row(key, info))
        else:
            many = get_origin(info.annotation) is tuple
            full = f"{name}.{key}" if name else key
            groups.append((f"[[{full}]]" if many else f"[{full}]", inner))
    yield from _table(name, model, rows)
    for header, inner in groups:
        yield from _tables(inner, header.strip("[]") if "[[" not in header else header)


def _table(name: str, model: type[BaseModel], rows: list[str]) -> Iterator[str]:
    title = "At the top" if not name else f"`{name if '[[' in name else f'[{name}]'}`"
    yield f"## {title}\n"
    yield " ".join((model.__doc__ or "").split()) + "\n"
    yield "| key | value | default | what |"
    yield "| --- | --- | --- | --- |"
    yield from rows
    yield ""


def _row(key: str, info: FieldInfo) -> str:
    what = info.description or ""
    return f"| `{key}` | {_kind(info.annotation)} | {_default(info)} | {what} |"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "must be given"
    value = info.default
    match value:
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case tuple():
            return "<br>".join(f"`{part}`" for part in value) or "empty"
        case _:
            return f"`{value}`"


def _kind(annotation: object) -> str:
    """A type in words: `tuple[str, ...]` is a list, a Literal its values."""
    origin = get_origin(annotation)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if origin in (Union, UnionType):
        inner = next(a for a in get_args(annotation) if a is not type(None))
        return _kind(inner)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    return NAMES.get(origin or annotation, "text")


def _model(annotation: object) -> type[BaseModel] | None:
    inner = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


if __name__ == "__main__":
    sys.stdout.write(page())
