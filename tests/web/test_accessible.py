"""axe-core finds nothing serious or critical on our pages, in light and in dark, in every state.

The widget, `/embed` and the desk have their own tests of this beside what else they do.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.web.axe import serious
from tests.web.conftest import running
from tests.web.test_browser import FEVER, ask
from tests.web.test_clinic import LOGO, SETTINGS
from tests.web.test_widget import npm as npm

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("npm")]
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clinic with colours, logo, phone and booking page of its own: all that can be on a page."""
    folder: Path = tmp_path_factory.mktemp("clinic")
    (folder / "logo.svg").write_text(LOGO, encoding="utf-8")
    (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    with running(str(folder / "settings.toml")) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_every_state_of_the_chat(browser: Browser, site: str, scheme: Scheme, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/")
    page.wait_for_selector(".example")
    page.get_by_text("Privacy", exact=True).click()
    assert serious(page) == []
    messages = ("Do they differ?", "six weeks of pain", "guitar", FEVER)
    for count, message in enumerate(messages, 1):
        ask(page, message)
        expect(page.locator(".kw-foot")).to_have_count(count)
    expect(page.get_by_role("link", name="Book an appointment")).to_have_count(2)
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
def test_the_saved_page_for_the_physio(
    browser: Browser, site: str, scheme: Scheme, tmp_path: Path
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{site}/")
    ask(page, FEVER)
    expect(page.locator(".kw-foot")).to_have_count(1)
    page.get_by_role("button", name="Take this to your physio").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    saved = tmp_path / "saved.html"
    download.value.save_as(saved)
    page.goto(saved.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("For my physio")
    assert serious(page) == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["articles", "articles/running-guide?from=55&to=118&n=1", "articles/none", "api/"]
)
def test_the_articles_and_the_page_of_the_api(
    browser: Browser, site: str, scheme: Scheme, path: str
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{site}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert serious(page) == []
    page.close()


FAULTS = {
    "color-contrast": "document.querySelector('.kw-now').style = 'color: #bbb !important'",
    "button-name": "document.querySelector('#kw-new').replaceChildren()",
    "link-name": "document.querySelector('a.cite').replaceChildren()",
}


@pytest.mark.parametrize("rule", FAULTS)
def test_axe_would_see_a_fault(browser: Browser, site: str, rule: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/")
    ask(page, "six weeks of pain")
    expect(page.locator(".kw-foot")).to_have_count(1)
    page.evaluate(f"() => {{ {FAULTS[rule]} }}")
    assert any(row.startswith(f"{rule}:") for row in serious(page))
    page.close()
