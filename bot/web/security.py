"""What the server lets in and what every response says to the browser; plain ASGI, so streams flow.

Gradio opens far more than a chat needs: uploads, a file reader, a proxy, monitoring, its own API.
Only what the page itself was seen to use is let through.
"""

import re
from contextlib import suppress

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 64 * 1024
"""Bytes of a request; the longest message, with Gradio's wrapping, has about 10 kB."""

OPEN = re.compile(
    r"/chat(?:/|/(?:config|theme\.css|favicon\.ico|manifest\.json)"
    r"|/(?:assets|static)/[\w./@+-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|startup-events|cancel|reset|theme\.css))?"
)
"""Every path under `/chat` that the page uses."""

BASE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Gradio starts from an inline script and styles its parts inline; without these it stays blank.
CHAT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Gate:
    """Refuses paths the page does not use and bodies that are too large; adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the whole application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        answer = headed(path, send)
        if path.startswith("/chat") and not OPEN.fullmatch(path):
            await JSONResponse({"detail": "Not available."}, 403)(scope, receive, answer)
        elif _length(scope) > BODY_LIMIT:
            await _too_large(scope, receive, answer)
        else:
            await self._bounded(scope, receive, answer)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it comes in: a request may lie about its length, or not say it."""
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > BODY_LIMIT:
                raise TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            # FastAPI turns the error into a 400 of its own; ours says what is wrong.
            if seen <= BODY_LIMIT:
                started = True
                await send(message)

        with suppress(TooLargeError):
            await self.app(scope, counted, noted)
        if seen > BODY_LIMIT and not started:
            await _too_large(scope, receive, send)


class TooLargeError(Exception):
    """The body went over the limit while it was read."""


def _length(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    detail = f"The request is larger than {BODY_LIMIT // 1024} kB."
    await JSONResponse({"code": "too_large", "detail": detail}, 413)(scope, receive, send)


def headed(path: str, send: Send) -> Send:
    """`send` for an answer at this path, with the headers that each of them has."""
    policy = CHAT_POLICY if path.startswith("/chat") else BASE_POLICY

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers["Content-Security-Policy"] = policy
            if path.startswith("/chat/assets/"):
                # The file's hash is in its name; Gradio itself sends only an etag.
                headers["Cache-Control"] = "public, max-age=31536000, immutable"
        await send(message)

    return with_headers
