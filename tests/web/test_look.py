import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.settings import BotSettings, load_settings
from bot.web.embed import Widget
from bot.web.site import site
from tests.web.fakes import FakeBot

SECRETS = ("the-desk-is-closed", "a-key-of-twenty-four-characters", "s" * 40)
CLINIC = f"""
[clinic]
name = "Harbour </script> Clinic"
logo = "logo.svg"
[clinic.colours]
accent = "#0b5394"
[web]
secret = "{SECRETS[2]}"
[[keys]]
name = "app"
key = "{SECRETS[1]}"
[desk]
password = "{SECRETS[0]}"
"""


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    file = tmp_path / "clinic.toml"
    file.write_text(CLINIC, encoding="utf-8")
    return load_settings(file)


def test_every_page_wears_the_clinics_colour(settings: BotSettings) -> None:
    client = TestClient(site(FakeBot(), settings))
    assert "#0b5394" in client.get("/static/tokens.css").text
    assert "#0b5394" in client.get("/widget.js").text


def test_the_logo_is_a_picture_that_can_do_nothing(settings: BotSettings) -> None:
    reply = TestClient(site(FakeBot(), settings)).get("/widget-logo")
    assert reply.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert TestClient(site(FakeBot(), BotSettings())).get("/widget-logo").status_code == 404


def test_no_secret_leaves_the_server(settings: BotSettings) -> None:
    client = TestClient(site(FakeBot(), settings))
    for path in ("/widget.js", "/embed", "/widget.json", "/api/", "/api/openapi.json", "/healthz"):
        text = client.get(path).text
        assert not [secret for secret in SECRETS if secret in text], path
    assert not [secret for secret in SECRETS if secret in repr(settings)]


def test_a_name_with_markup_stays_a_name(settings: BotSettings) -> None:
    client = TestClient(site(FakeBot(), settings))
    assert "&lt;/script&gt;" in client.get("/embed").text
    assert "<title>Harbour </script>" not in client.get("/api/").text
    first = Widget(settings).script.decode().split("const CLINIC = ")[1].split(";\nconst CSS")[0]
    assert json.loads(first)["name"] == "Harbour </script> Clinic"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../site.py",
        "/static/%2e%2e/site.py",
        "/static/..%2fsite.py",
        "/static//etc/passwd",
        "/widget-..%2f..%2fsettings.js",
        "/widget/main.js",
        "/articles/..%2f..%2fapp.py",
        "/api/sources/..%2f..%2fapp.py?from=0&to=1",
        "/embed/../app.py",
        "/var/index/CURRENT",
    ],
)
def test_no_path_of_the_server_is_readable(path: str) -> None:
    reply = TestClient(site(FakeBot(), BotSettings())).get(path)
    assert reply.status_code == 404
    assert "import" not in reply.text
