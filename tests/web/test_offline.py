"""Nothing leaves the machine: neither from the server nor from the visitor's browser."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

ROOT = Path(__file__).parents[2]
SERVER = """
import ipaddress, sys

outside = []

def local(host):
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host if isinstance(host, str) else host.decode()).is_loopback
    except ValueError:
        return False

def watch(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple) and not local(args[1][0]):
        outside.append((event, args[1]))
    if event == "socket.getaddrinfo" and not local(args[0]):
        outside.append((event, args[0]))

sys.addaudithook(watch)

import app
from fastapi.testclient import TestClient
from bot.settings import BotSettings
from tests.web.fakes import FakeBot

with TestClient(app.create_app(BotSettings(), FakeBot())) as client:
    config = client.get("/chat/config").json()
    take = next(d["id"] for d in config["dependencies"] if d["api_name"] == "written")
    for path in ("/", "/articles", "/articles/running-guide", "/healthz"):
        assert client.get(path).status_code == 200, path
    body = {"data": ["Can I run?", None, ""], "fn_index": take, "session_hash": "offline"}
    assert client.post("/chat/gradio_api/queue/join", json=body).status_code == 200
    told = client.get("/chat/gradio_api/queue/data?session_hash=offline").text
    assert "process_completed" in told, told

import socket
try:
    socket.getaddrinfo("kneewise.invalid", 80)
except OSError:
    pass
assert outside.pop() == ("socket.getaddrinfo", "kneewise.invalid"), "the hook sees nothing"
import time
time.sleep(2)  # Gradio's calls home ran in threads
assert outside == [], outside
print("nothing left")
"""


def test_the_server_reaches_nothing_but_the_loopback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip().endswith("nothing left"), done.stderr


@pytest.mark.browser
def test_the_browser_asks_only_this_server(browser: Browser, site: str) -> None:
    context = browser.new_context()
    outside: list[str] = []

    def refuse(route: Route) -> None:
        outside.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith((site, "data:", "blob:")), refuse)
    page = context.new_page()
    page.goto(f"{site}/")
    page.wait_for_selector("#kw-box textarea")
    page.fill("#kw-box textarea", "the hostile one ![x](https://evil.example/pixel.png)")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kw-sources")
    page.click("a.cite >> nth=0")
    page.wait_for_selector("dialog .kw-passage")
    page.goto(f"{site}/articles/hostile")
    assert page.evaluate("window.hacked") is None
    context.close()
    assert outside == []
