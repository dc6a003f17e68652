"""The desk is not there without a password, and behind one otherwise."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from bot.settings import BotSettings, DeskSettings
from evals.desk.door import COOKIE, LIFE, TRIES, Door
from evals.desk.page import mount_desk
from tests.evals.desk_server import PASSWORD, desk_server
from tests.web.fakes import FakeBot

SETTINGS = BotSettings(desk=DeskSettings.model_validate({"password": PASSWORD}))


class Clock:
    """A time that a test moves."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("reached")(scope, receive, send)


def visitor(clock: Clock | None = None) -> TestClient:
    return TestClient(Door(inner, SETTINGS, clock or Clock()), follow_redirects=False)


def enter(client: TestClient, password: str = PASSWORD) -> int:
    return client.post("/desk/login", data={"password": password}).status_code


def test_without_a_password_there_is_no_desk(tmp_path: Path) -> None:
    with desk_server(tmp_path, "off") as address, httpx.Client(base_url=address) as client:
        for path in ("/desk", "/desk/", "/desk/login", "/desk/config", "/desk/desk.css"):
            assert client.get(path).status_code == 404


def test_a_desk_over_a_bot_that_cannot_be_watched_stops_the_start() -> None:
    with pytest.raises(TypeError, match="password"):
        mount_desk(FastAPI(), FakeBot(), SETTINGS)


def test_the_password_of_the_settings_opens_the_desk(tmp_path: Path) -> None:
    with (
        desk_server(tmp_path, "shipped") as address,
        httpx.Client(base_url=address, follow_redirects=True) as client,
    ):
        assert client.get("/desk/").url.path == "/desk/login"
        assert client.get("/desk/config").status_code == 401
        reply = client.post("/desk/login", data={"password": PASSWORD})
        assert reply.url.path == "/desk/"
        assert "Desk – Otter Clinic" in reply.text
        assert "unsafe-eval" not in reply.headers["content-security-policy"]
        assert client.get("/desk/config").status_code == 200
        assert client.get("/chat/").status_code == 200


@pytest.mark.parametrize("path", ["/desk", "/desk/", "/desk/logout", "/desk/report/1.json"])
def test_a_stranger_is_led_to_the_form(path: str) -> None:
    reply = visitor().get(path)
    assert reply.status_code == 303
    assert reply.headers["location"] == "/desk/login"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/desk/config"),
        ("POST", "/desk/gradio_api/queue/join"),
        ("GET", "/desk/gradio_api/queue/data"),
        ("GET", "/desk/assets/index.js"),
        ("POST", "/desk/"),
        ("GET", f"/desk/config?password={PASSWORD}"),
        ("POST", "/desk/report/1.json"),
    ],
)
def test_a_stranger_reaches_nothing_else(method: str, path: str) -> None:
    assert visitor().request(method, path).status_code == 401


def test_a_wrong_password_is_refused() -> None:
    client = visitor()
    for wrong in ("", "x", PASSWORD + "x", "päss" * 4, "x" * 5000):
        assert enter(client, wrong) == 401
    assert COOKIE not in client.cookies


def test_passwords_cannot_be_tried_without_end() -> None:
    client = visitor()
    for _ in range(TRIES):
        enter(client, "wrong")
    reply = client.post("/desk/login", data={"password": PASSWORD})
    assert reply.status_code == 429
    assert "Wait a minute" in reply.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    for scheme, secure in (("http", False), ("https", True)):
        client = TestClient(
            Door(inner, SETTINGS), base_url=f"{scheme}://knee.example", follow_redirects=False
        )
        set_ = client.post("/desk/login", data={"password": PASSWORD}).headers["set-cookie"]
        assert "HttpOnly" in set_
        assert "samesite=strict" in set_.lower()
        assert "Path=/desk;" in set_
        assert ("Secure" in set_) is secure


def test_a_form_on_another_site_does_not_enter() -> None:
    evil = {"Origin": "https://evil.example"}
    reply = visitor().post("/desk/login", data={"password": PASSWORD}, headers=evil)
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


def test_who_is_in_reaches_what_the_page_uses_and_no_more() -> None:
    client = visitor()
    assert enter(client) == 303
    assert client.get("/desk/config").text == "reached"
    assert client.post("/desk/gradio_api/queue/join").text == "reached"
    assert client.get("/desk/report/1.json").text == "reached"
    for path in ("/desk/report/", "/desk/report/a/b", "/desk/report/..%2Fsecret"):
        assert client.get(path).status_code == 403
    for path in ("upload", "call/ask", "run/ask", "info", "file=/etc/passwd", "component_server"):
        assert client.post(f"/desk/gradio_api/{path}").status_code == 403
    evil = {"Origin": "https://evil.example"}
    assert client.post("/desk/gradio_api/queue/join", headers=evil).status_code == 403


def test_a_session_ends() -> None:
    clock = Clock()
    client = visitor(clock)
    enter(client)
    value = client.cookies[COOKIE]
    clock.now += LIFE + 1
    # The browser drops the cookie too; a copy of it is no use either.
    assert client.get("/desk/config", headers={"Cookie": f"{COOKIE}={value}"}).status_code == 401


def test_leaving_takes_the_cookie_away() -> None:
    client = visitor()
    enter(client)
    client.get("/desk/logout")
    assert client.get("/desk/config").status_code == 401


@pytest.mark.parametrize("forged", ["", "9999999999", "9999999999.", "9999999999.ab", "x.y", '"'])
def test_a_forged_cookie_opens_nothing(forged: str) -> None:
    cookie = {"Cookie": f"{COOKIE}={forged}"}
    assert visitor().get("/desk/config", headers=cookie).status_code == 401


def test_every_answer_of_the_door_carries_the_security_headers() -> None:
    client = visitor()
    for path in ("/desk/login", "/desk/config", "/desk/desk.css", "/desk/"):
        headers = client.get(path).headers
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "default-src" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    assert "unsafe" not in client.get("/desk/login").headers["content-security-policy"]


def test_a_prefix_of_a_proxy_opens_nothing_and_is_kept() -> None:
    client = TestClient(Door(inner, SETTINGS), root_path="/knee", follow_redirects=False)
    reply = client.get("/knee/desk/")
    assert reply.headers["location"] == "/knee/desk/login"
    assert client.get("/knee/desk/config").status_code == 401


def test_other_paths_are_left_alone() -> None:
    site = Starlette(routes=[Route("/desktop", PlainTextResponse("here"))])
    assert TestClient(Door(site, SETTINGS)).get("/desktop").text == "here"


def test_the_clinics_name_cannot_be_markup_in_the_form() -> None:
    clinic = SETTINGS.clinic.model_copy(update={"name": "<script>x</script>"})
    client = TestClient(Door(inner, SETTINGS.model_copy(update={"clinic": clinic})))
    assert "<script>" not in client.get("/desk/login").text
