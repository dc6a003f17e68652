"""Write docs/pins.md: `python docs/pins.py`, with everything of requirements.lock installed."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAD = """# Every pinned package, and what brings it

Written by `python docs/pins.py` from `requirements.lock`. What is **wanted** stands in
`pyproject.toml`, with its reason in [decisions](decisions.md#dependencies); all else comes with the
packages named (“option” where they need it only for one of their extras).

| package | version | because of |
| --- | --- | --- |
"""


def plain(name: str) -> str:
    """A package's name as PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirement: str) -> str:
    """The package that a requirement names."""
    return plain(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])


def pins(lock: str) -> dict[str, str]:
    """Package to version, as the lock file has them."""
    rows = (line.split("==") for line in lock.splitlines() if "==" in line)
    return {plain(name): version.strip() for name, version in rows}


def wanted(project: dict[str, object]) -> set[str]:
    """What `pyproject.toml` asks for itself."""
    table = project["project"]
    assert isinstance(table, dict)
    extras = table["optional-dependencies"].values()
    return {named(row) for rows in (table["dependencies"], *extras) for row in rows}


def brought(name: str, *, option: bool) -> Iterator[str]:
    """What an installed package needs: always, or for one of its extras."""
    try:
        rows = requires(name) or ()
    except PackageNotFoundError:
        return
    yield from (named(row) for row in rows if ("extra ==" in row) is option)


def because(names: Iterable[str], *, option: bool) -> dict[str, set[str]]:
    """Package to those that bring it."""
    found: dict[str, set[str]] = {}
    for name in names:
        for needed in brought(name, option=option):
            found.setdefault(needed, set()).add(name)
    return found


def page() -> str:
    """The whole page."""
    lock = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    ours = wanted(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    needed, options = (because(lock, option=option) for option in (False, True))

    def why(name: str) -> str:
        if name in ours:
            return "**wanted**"
        if name in needed:
            return ", ".join(sorted(needed[name]))
        return ", ".join(f"{other} (option)" for other in sorted(options.get(name, ())))

    rows = (f"| {name} | {version} | {why(name)} |" for name, version in sorted(lock.items()))
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (ROOT / "docs/pins.md").write_text(page(), encoding="utf-8")
