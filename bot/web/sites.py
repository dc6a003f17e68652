"""Which sites a browser may use us from: CORS for API and widget, frames for `/embed`.

Deny by default. It stands outside of `Gate`, whose headers keep everything else to ourselves; what
it answers itself has the same ones.
"""

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.callers import allowed
from bot.web.problems import Problem
from bot.web.security import headed

log = logging.getLogger(__name__)
SHARED = ("/api/", "/widget")
"""What a page of an allowed site may read."""

EMBED = "/embed"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type, X-Kneewise-Token",
    "Access-Control-Max-Age": "600",
}


class Sites:
    """Opens the shared paths to the allowed sites, and to no other."""

    def __init__(self, app: ASGIApp, sites: tuple[str, ...]) -> None:
        """`sites` are origins, from the settings."""
        self.app = app
        self.sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope["path"].removeprefix(scope.get("root_path", "")) if "path" in scope else ""
        if scope["type"] == "http" and path == EMBED:
            await self.app(scope, receive, self._framed(send))
        elif scope["type"] == "http" and path.startswith(SHARED):
            await self._shared(path, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _shared(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            origin = allowed(headers, self.sites)
        except Problem as problem:
            await problem.response()(scope, receive, headed(path, send))
            return
        opened = self._opened(origin, send)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            preflight = Response(status_code=204, headers=PREFLIGHT)
            await preflight(scope, receive, headed(path, opened))
        else:
            await self.app(scope, receive, opened)

    def _opened(self, origin: str | None, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # Whatever the rooms inside have said about origins, only this list counts.
                del headers["Access-Control-Allow-Origin"]
                del headers["Access-Control-Allow-Credentials"]
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                headers.add_vary_header("Origin")
                if origin is not None:
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        return with_headers

    def _framed(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                policy = headers.get("Content-Security-Policy", "frame-ancestors 'self'")
                ours = "frame-ancestors 'self'"
                headers["Content-Security-Policy"] = policy.replace(
                    ours, " ".join((ours, *self.sites))
                )
                # The older header knows no list of sites.
                del headers["X-Frame-Options"]
            await send(message)

        return with_headers
