"""A browser that lets no page store anything: the visitor blocks it, or the frame's site does."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.web.conftest import ARGUMENTS, BROWSERS
from tests.web.fakes import ANSWER
from tests.web.hosting import Host
from tests.web.test_browser import ask as ask_chat
from tests.web.test_widget import answered, opened
from tests.web.test_widget import host as host

pytestmark = pytest.mark.browser
BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}
"""Chromium's "block all cookies": `localStorage` and `sessionStorage` then throw."""


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    folder: Path = tmp_path_factory.mktemp("profile")
    (folder / "Default").mkdir()
    (folder / "Default/Preferences").write_text(json.dumps(BLOCKED), encoding="utf-8")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=found, args=list(ARGUMENTS)
        )
        yield context
        context.close()


@pytest.fixture
def page(blocked: BrowserContext) -> Iterator[Page]:
    page = blocked.new_page()
    yield page
    page.close()


def throws(page: Page) -> bool:
    """Whether the page may store nothing: otherwise a test here would show nothing."""
    return bool(
        page.evaluate(
            "() => ['localStorage', 'sessionStorage'].every((name) => {"
            " try { window[name].length; return false } catch { return true } })"
        )
    )


def test_the_widget_works(page: Page, host: Host) -> None:
    page.goto(f"{host.origin}/plain.html")
    assert throws(page)
    opened(page)
    answered(page, "Can I keep running?")
    expect(page.locator(".reply")).to_contain_text(ANSWER[0][0])
    answered(page, "And swim?")
    expect(page.locator(".searched")).to_contain_text("And swim? (Can I keep running?)")


def test_the_page_for_frames_works(page: Page, host: Host) -> None:
    page.goto(f"{host.origin}/frame.html")
    assert throws(page)
    frame = page.frame_locator("iframe")
    frame.get_by_role("textbox").fill("Can I keep running?")
    frame.get_by_role("textbox").press("Enter")
    expect(frame.locator(".reply")).to_contain_text(ANSWER[0][0])


def test_the_chat_page_works_and_only_forgets(page: Page, site: str) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{site}/")
    expect(page.locator(".kw-welcome")).to_be_visible()
    ask_chat(page, "Can I run?")
    expect(page.locator(".kw-reply")).to_contain_text(ANSWER[0][0])
    page.reload()
    expect(page.locator(".kw-welcome")).to_be_visible()
    assert wrong == []
