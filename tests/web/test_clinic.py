"""The chat page and the articles as a clinic's settings make them, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import running
from tests.web.test_browser import ask

pytestmark = pytest.mark.browser
SETTINGS = """
[clinic]
name = "Riverside <b>Sports</b>"
phone = "020 7946 0000"
booking = "https://riverside.example/book"
logo = "logo.svg"
greeting = "Ask us & see"
examples = ["Does tape help?"]
privacy = "We keep <nothing>."
privacy_link = "https://riverside.example/privacy"

[clinic.colours]
accent = "#0b5394"
accent_dark = "#9fc5e8"
"""
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">'
    '<rect width="40" height="20" fill="#0b5394"/></svg>'
)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("clinic")
    (folder / "logo.svg").write_text(LOGO, encoding="utf-8")
    file = folder / "settings.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    with running(str(file)) as address:
        yield address


def test_the_chat_speaks_for_the_clinic(browser: Browser, clinic: str) -> None:
    page = browser.new_page()
    page.goto(f"{clinic}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Riverside <b>Sports</b>")
    expect(page.get_by_role("heading", name="Ask us & see")).to_be_visible()
    logo = page.locator(".kw-logo")
    expect(logo).to_be_visible()
    assert logo.evaluate("image => image.naturalWidth") == 40
    page.get_by_text("Privacy", exact=True).click()
    expect(page.get_by_text("We keep <nothing>.")).to_be_visible()
    more = page.get_by_role("link", name="More about privacy")
    expect(more).to_have_attribute("href", "https://riverside.example/privacy")
    send = page.get_by_role("button", name="Send")
    assert send.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(11, 83, 148)"
    page.get_by_role("button", name="Does tape help?").click()
    expect(page.locator(".kw-sources")).to_be_visible()
    ask(page, "it has hurt for six weeks")
    book = page.locator(".kw-note").get_by_role("link", name="Book an appointment")
    expect(book).to_have_attribute("href", "https://riverside.example/book")
    page.close()


def test_the_articles_carry_its_logo_and_name(browser: Browser, clinic: str) -> None:
    page = browser.new_page()
    page.goto(f"{clinic}/articles/running-guide")
    expect(page.get_by_role("navigation")).to_contain_text("Riverside <b>Sports</b>")
    assert page.locator("nav img").evaluate("image => image.naturalWidth") == 40
    page.close()
