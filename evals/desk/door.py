"""The desk's door: a password, a signed cookie, and only the paths that the page uses.

It stands outside of `bot.web.security.Gate`, whose list of open paths and policies for the chat it
takes over for `/desk`; without a password it is not built and `/desk` is not there.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from html import escape
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import BotSettings
from bot.web.limits import Window, network
from bot.web.problems import Problem
from bot.web.security import BASE_POLICY, CHAT_POLICY, HEADERS, OPEN

PATH = "/desk"
COOKIE = "kneewise-desk"
LIFE = 12 * 3600
"""Seconds after which the password is asked for again: longer than a working day."""

TRIES = 5
"""Passwords that one address may try in a minute."""

LONGEST = 4096
"""Bytes of the form with the password."""

REPORT = re.compile(r"/report/[\w.-]+")
"""A run as a page, under `/desk`."""

REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The page brings style and script along, and a stricter policy that names its script's hash."""

LOGIN_POLICY = BASE_POLICY.replace("form-action 'none'", "form-action 'self'")
TEMPLATES = Path(__file__).parents[1] / "templates"


class Session:
    """Issues and checks what the cookie holds: `<expires>.<signature>`."""

    def __init__(self, password: str, secret: str | None, now: Callable[[], float]) -> None:
        """Sessions end with the password, and without a secret with the process."""
        self._key = f"{secret or secrets.token_hex(32)} {password}".encode()
        self._now = now

    def issue(self) -> str:
        """The value for a browser that has shown the password."""
        expires = str(int(self._now()) + LIFE)
        return f"{expires}.{self._sign(expires)}"

    def valid(self, value: str) -> bool:
        """Whether it was issued here and has not run out."""
        expires, _, signature = value.partition(".")
        right = hmac.compare_digest(signature.encode(), self._sign(expires).encode())
        return right and int(expires) > self._now()

    def _sign(self, expires: str) -> str:
        return hmac.new(self._key, f"desk {expires}".encode(), hashlib.sha256).hexdigest()


class Door:
    """Lets nobody to `/desk` without the password; everything else passes untouched."""

    def __init__(
        self, app: ASGIApp, settings: BotSettings, now: Callable[[], float] = time.time
    ) -> None:
        """Take password and secret from the settings, which must have a password."""
        password, secret = settings.desk.password, settings.web.secret
        if password is None:
            message = "The desk needs a password: set `password` under [desk] in the settings."
            raise ValueError(message)
        self.app = app
        self._password = password.get_secret_value().encode()
        self._session = Session(
            password.get_secret_value(), secret.get_secret_value() if secret else None, now
        )
        self._tries = Window(TRIES)
        self._form = Template((TEMPLATES / "desk_login.html").read_text(encoding="utf-8"))
        self._name = settings.clinic.name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if path != PATH and not path.startswith(f"{PATH}/"):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            rest = path.removeprefix(PATH)
            await self._inside(rest, scope, receive, _headed(rest, send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _inside(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer: ASGIApp | None
        if path in ("/login", "/desk.css"):
            answer = await self._open(path, request)
        elif not self._known(request):
            answer = _refused(path, request)
        elif path == "/logout":
            answer = _to(request, "/login")
            answer.delete_cookie(COOKIE, path=_base(request))
        elif not _used(path) or _from_elsewhere(request):
            answer = JSONResponse({"detail": "Not available."}, 403)
        else:
            answer = self.app
        await answer(scope, receive, send)

    async def _open(self, path: str, request: Request) -> Response:
        """What everybody may have: the form and its style sheet."""
        if path == "/desk.css":
            css = (TEMPLATES / "desk.css").read_text(encoding="utf-8")
            return Response(css, media_type="text/css")
        if request.method == "POST":
            return await self._enter(request)
        return _to(request, "/") if self._known(request) else self._asked()

    async def _enter(self, request: Request) -> Response:
        """Check the password that the form sent."""
        if _from_elsewhere(request):
            return self._asked("The form was sent from another site.", 403)
        try:
            self._tries.take(network(request.client.host if request.client else ""))
        except Problem:
            return self._asked("Too many tries. Wait a minute and try again.", 429)
        given = await _password(request)
        if given is None or not hmac.compare_digest(given.encode(), self._password):
            return self._asked("That is not the password.", 401)
        answer = _to(request, "/")
        answer.set_cookie(
            COOKIE,
            self._session.issue(),
            max_age=LIFE,
            path=_base(request),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    def _known(self, request: Request) -> bool:
        return self._session.valid(_cookie(request.headers))

    def _asked(self, wrong: str = "", status: int = 200) -> Response:
        said = f'<p class="kd-note kd-bad" id="wrong" role="alert">{escape(wrong)}</p>'
        page = self._form.substitute(name=escape(self._name), wrong=said if wrong else "")
        return HTMLResponse(page, status)


async def _password(request: Request) -> str | None:
    """The form's password; None where it is too long or not a form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            return None
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=4)["password"][0]
    except (KeyError, ValueError):
        return None


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _used(path: str) -> bool:
    """Whether the page needs it: what the chat needs of Gradio, and the reports."""
    return bool(OPEN.fullmatch(f"/chat{path}") or REPORT.fullmatch(path))


def _refused(path: str, request: Request) -> Response:
    """A page leads to the form; what the page's scripts ask for is told the reason."""
    page = path in ("", "/", "/logout") or REPORT.fullmatch(path)
    if page and request.method in ("GET", "HEAD"):
        return _to(request, "/login")
    return PlainTextResponse("Enter the desk's password first.", 401)


def _from_elsewhere(request: Request) -> bool:
    """Whether a browser says that a page of another origin sent it."""
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def _base(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}{PATH}"


def _to(request: Request, path: str) -> Response:
    return RedirectResponse(f"{_base(request)}{path}", 303)


def _headed(path: str, send: Send) -> Send:
    """Adds the site's headers; those of the gate inside are for pages without Gradio."""
    policy = LOGIN_POLICY if path in ("/login", "/logout", "/desk.css") else CHAT_POLICY
    if REPORT.fullmatch(path):
        policy = REPORT_POLICY

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers["Content-Security-Policy"] = policy
            headers["Cache-Control"] = "no-store"
            if path.startswith("/assets/"):
                # The file's hash is in its name; it is the same for everybody.
                headers["Cache-Control"] = "private, max-age=31536000, immutable"
        await send(message)

    return with_headers
