"""Who may import whom, read from the source: the table of docs/decisions.md, enforced."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("ingest", "bot", "evals")
MODULES = [
    *sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")),
    ROOT / "app.py",
]

OURS = {
    "app": {"bot.web", "bot.build", "bot.settings", "bot.bot", "evals.desk", "ingest.errors"},
    "bot.web": {
        "bot.web",
        "bot.bot",
        "bot.types",
        "bot.settings",
        "bot.wire",
        "bot.colours",
        "bot.gaplog",
        "bot.redflags.clinic.rules_for",
    },
    "bot": {
        "bot",
        *(f"ingest.{name}" for name in ("types", "index", "embed", "settings", "errors")),
    },
    "evals": {"evals", "bot", "ingest.types", "ingest.errors"},
    "evals.desk": {
        "evals",
        "ingest.errors",
        *(f"bot.{name}" for name in ("bot", "build", "gaplog", "settings", "types")),
        *(f"bot.web.{name}" for name in ("limits", "markup", "problems", "security")),
    },
    "ingest": {"ingest"},
}
"""Room to what it may import of ours; the longest matching room counts."""

FORBIDDEN = {"bot": {"bot.web"}, "evals": {"bot.web", "evals.desk"}}
"""What a room may not import although a wider entry of `OURS` allows it."""

WALLED = {
    "chromadb": {"ingest.index"},
    "langchain_chroma": {"ingest.index"},
    "bm25s": {"ingest.index"},
    "trafilatura": {"ingest.formats"},
    "sentence_transformers": {"ingest.embed", "bot.rerank"},
    "langchain_huggingface": {"ingest.embed"},
    "gradio": {"bot.web", "app", "evals.desk"},
    "fastapi": {"bot.web", "app", "evals.desk"},
    "starlette": {"bot.web", "app", "evals.desk"},
    "uvicorn": {"app"},
    "prometheus_client": {"bot.web"},
}
"""Third party to the rooms that may know it."""


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[str]:
    """Full names of everything the module imports; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inside(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def room_of(module: str) -> str:
    return max((room for room in OURS if inside(module, {room})), key=len)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    module = name_of(path)
    room = room_of(module)
    ours = {name for name in imports(path) if inside(name, {"app", *FOLDERS})}
    wrong = {
        name
        for name in ours
        if not inside(name, OURS[room]) or inside(name, FORBIDDEN.get(room, set()))
    }
    assert not wrong, f"{module} may not import {sorted(wrong)}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_third_parties_stay_behind_their_walls(path: Path) -> None:
    module = name_of(path)
    wrong = {
        name
        for name in imports(path)
        for party, rooms in WALLED.items()
        if inside(name, {party}) and not inside(module, rooms)
    }
    assert not wrong, f"{module} may not import {sorted(wrong)}"


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    long = {
        name_of(path): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long


def test_the_check_sees_a_forbidden_import(tmp_path: Path) -> None:
    module = tmp_path / "bad.py"
    module.write_text("def f():\n    from ingest.run import ingest\n", encoding="utf-8")
    assert list(imports(module)) == ["ingest.run.ingest"]
    assert not inside("ingest.run.ingest", OURS["bot"])
