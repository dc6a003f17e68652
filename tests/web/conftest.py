"""A client, a live server and a real browser for the tests of the web pages."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The sandbox needs rights a container lacks; the rest keeps the browser itself from calling home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A busy machine takes its time; what is right is right after 20 seconds too.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a running server with the fake bot."""
    with running() as address:
        yield address


@contextmanager
def running(*settings: str) -> Iterator[str]:
    """A server with the fake bot; `settings` may name a TOML file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.web.serve", str(port), *settings]
    with subprocess.Popen(command, cwd=ROOT) as server:
        _wait_for(address, server)
        yield address
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    server.kill()
    pytest.fail("the server did not start within a minute")


@pytest.fixture(scope="session")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, follow_redirects=True, timeout=30) as client:
        yield client


# Only the module's: while it is open, Playwright's event loop runs and `asyncio.run`, which other
# modules use, is refused.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("KNEEWISE_REQUIRE_BROWSER"):
            pytest.fail(f"KNEEWISE_REQUIRE_BROWSER is set, and {reason}")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A visitor's page, with the chat open; a script error fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/")
    page.wait_for_selector("#kw-box textarea")
    yield page
    context.close()
    assert errors == []
