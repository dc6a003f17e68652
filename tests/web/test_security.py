import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.settings import BotSettings, WebSettings
from bot.types import Article
from bot.web.problems import BROKEN
from bot.web.security import BODY_LIMIT, Gate
from bot.web.site import site
from tests.web.fakes import FakeBot

CLINIC = "https://www.clinic.example"
ROOT = Path(__file__).parents[2]
PAGES = ("/chat/", "/articles", "/articles/running-guide", "/healthz", "/articles/none", "/nothing")
CLOSED = (
    ("POST", "/chat/gradio_api/upload"),
    ("GET", "/chat/gradio_api/info"),
    ("GET", "/chat/gradio_api/openapi.json"),
    ("POST", "/chat/gradio_api/call/take"),
    ("POST", "/chat/gradio_api/run/predict"),
    ("GET", "/chat/gradio_api/file=/etc/passwd"),
    ("GET", "/chat/gradio_api/proxy=https://evil.example"),
    ("POST", "/chat/gradio_api/component_server"),
    ("GET", "/chat/gradio_api/queue/status"),
    ("GET", "/chat/monitoring"),
    ("GET", "/chat/gradio_api/deep_link"),
    ("GET", "/chat/docs"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
)


def test_health_tells_generation_rules_and_articles(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {
        "status": "ok",
        "generation": "gen-000001",
        "rules": "2026.11",
        "articles": 3,
    }


def test_the_front_door_leads_to_the_chat(client: httpx.Client) -> None:
    reply = client.get("/")
    assert reply.status_code == 200
    assert reply.url.path == "/chat/"


def assert_headed(headers: Mapping[str, str], path: str) -> None:
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert ("'unsafe-inline'" in policy) is path.startswith("/chat")


@pytest.mark.parametrize("path", PAGES)
def test_every_response_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    assert_headed(client.get(path).headers, path)


@pytest.mark.parametrize("path", ["/api/chat", "/widget.js"])
@pytest.mark.parametrize(("origin", "status"), [(CLINIC, 204), ("https://evil.example", 403)])
def test_what_is_said_to_other_sites_carries_them_too(path: str, origin: str, status: int) -> None:
    made = TestClient(site(FakeBot(), BotSettings(web=WebSettings(sites=(CLINIC,)))))
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    reply = made.options(path, headers=asks)
    assert reply.status_code == status
    assert_headed(reply.headers, path)
    shared = "cross-origin" if status == 204 else "same-origin"
    assert reply.headers["cross-origin-resource-policy"] == shared


class Unreadable(dict[str, Article]):
    """Articles that cannot be listed."""

    def values(self) -> NoReturn:
        raise OSError("/srv/kneewise/articles")


def test_a_page_that_breaks_says_so_and_carries_them_too() -> None:
    broken = site(FakeBot(articles=Unreadable()), BotSettings())
    reply = TestClient(broken, raise_server_exceptions=False).get("/articles")
    assert reply.status_code == 500
    assert reply.text == BROKEN.detail
    assert_headed(reply.headers, "/articles")
    with pytest.raises(OSError, match="/srv/kneewise"):  # the log still knows why
        TestClient(broken).get("/articles")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_the_page_does_not_use_is_closed(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path).status_code in (403, 404)


def test_no_origin_is_let_in(client: httpx.Client) -> None:
    evil = {"Origin": "https://evil.example", "Host": "knee.example"}
    for path in ("/chat/config", "/healthz", "/articles"):
        reply = client.get(path, headers=evil)
        assert "access-control-allow-origin" not in reply.headers
        assert "access-control-allow-credentials" not in reply.headers
    asked = {**evil, "Access-Control-Request-Method": "POST"}
    preflight = client.options("/chat/gradio_api/queue/join", headers=asked)
    assert "access-control-allow-origin" not in preflight.headers


def test_a_prefix_of_a_proxy_opens_nothing() -> None:
    """With `uvicorn --root-path /knee`, paths carry the prefix."""

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("reached")(scope, receive, send)

    client = TestClient(Gate(inner), root_path="/knee")
    assert client.get("/knee/chat/").status_code == 200
    assert client.post("/knee/chat/gradio_api/upload").status_code == 403


def test_what_gradios_page_asks_of_the_root_is_there(client: httpx.Client) -> None:
    assert client.get("/manifest.json").json()["start_url"] == "chat/"


def test_no_cookie_is_set(client: httpx.Client) -> None:
    assert "set-cookie" not in client.get("/chat/").headers


def test_a_body_over_the_limit_is_refused(client: httpx.Client) -> None:
    reply = client.post("/chat/gradio_api/queue/join", content=b"x" * (BODY_LIMIT + 1))
    assert reply.status_code == 413
    assert "64 kB" in reply.json()["detail"]


def test_a_body_that_does_not_say_its_length_is_refused_too(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    reply = client.post("/chat/gradio_api/queue/join", content=chunks())
    assert reply.status_code == 413


def test_the_list_of_pins_is_that_of_the_lock_file() -> None:
    rows = (ROOT / "docs/pins.md").read_text(encoding="utf-8").splitlines()
    listed = {row.split(" | ")[0].removeprefix("| "): row.split(" | ") for row in rows[8:]}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {re.sub(r"[-_.]+", "-", name).lower(): v for name, v in (r.split("==") for r in lock)}
    made = {name: row[1] for name, row in listed.items()}
    assert made == pinned, "run `python docs/pins.py`"
    assert all(row[2].strip(" |") for row in listed.values()), "each has its reason"
