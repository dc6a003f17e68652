"""axe-core finds nothing serious or critical, in light and in dark, in every state of the page."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.test_browser import FEVER, ask
from tests.web.test_widget import npm as npm

AXE = Path(__file__).parent / "npm/node_modules/axe-core/axe.min.js"
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("npm")]


def serious(page: Page) -> list[str]:
    """What axe-core finds, as `rule: element`."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_every_state_of_the_chat(
    browser: Browser, site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/")
    page.wait_for_selector(".example")
    page.get_by_text("Privacy", exact=True).click()
    assert serious(page) == []
    for count, message in enumerate(("Can I run?", "six weeks of pain", "guitar", FEVER), 1):
        ask(page, message)
        expect(page.locator(".kw-foot")).to_have_count(count)
    page.locator(".kw-down").nth(1).click()
    ask(page, "knee " * 500)
    expect(page.locator(".kw-problem")).to_be_visible()
    assert serious(page) == []
    page.locator("a.cite").first.click()
    page.wait_for_selector("dialog .kw-passage")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take this to your physio").click()
    assert serious(page) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["articles", "articles/running-guide?from=55&to=118&n=1"])
def test_the_articles(
    browser: Browser, site: str, scheme: Literal["light", "dark"], path: str
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{site}/{path}")
    # The articles' own policy lets no script in but files of ours.
    assert serious(page) == []
    page.close()
