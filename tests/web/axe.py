"""axe-core on a page: what it finds that is serious or critical."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "npm/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRADIOS_OWN: frozenset[tuple[str, str]] = frozenset()
"""Findings inside Gradio's own markup that we cannot mend, as rule and element: none are left."""


SETTLED = """() => !document.querySelector('.pending') && document.getAnimations().every(
    one => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""


def serious(page: Page, inside: str | None = None) -> list[str]:
    """What axe-core finds on the page, or inside an element of it, as `rule: element`."""
    # Gradio pales what it renews, for as long as the machine takes, and fades it in again.
    page.wait_for_function(SETTLED)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate(
        "([inside, options]) => axe.run(inside ? { include: [[inside]] } : document, options)",
        [inside, options],
    )
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if (rule["id"], node["html"]) not in GRADIOS_OWN
    ]
