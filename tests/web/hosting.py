"""A clinic's website for the tests: pages on an origin of their own that show the widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import uvicorn
from fastapi import FastAPI

HERE = Path(__file__).parent
STRICT = (
    "default-src 'none'; script-src 'nonce-page'; style-src 'nonce-page'; connect-src {site}; "
    "img-src {site}; require-trusted-types-for 'script'"
)
"""A policy without 'unsafe-inline', 'self' or a host for scripts: the nonce alone lets them in."""
POLICIES = {"/plain.html": STRICT, "/frame.html": "default-src 'none'; frame-src {site}"}


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a free port of 127.0.0.1."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Host:
    """The pages of `hosts/`, as http://localhost:PORT and, for a stranger, http://127.0.0.1:PORT."""

    def __init__(self) -> None:
        self.site = ""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        port = self._server.server_address[1]
        self.origin, self.stranger = f"http://localhost:{port}", f"http://127.0.0.1:{port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path, _, query = request.path.partition("?")
        npm = path.startswith("/npm/")
        file = (
            HERE / ("npm/node_modules" if npm else "hosts") / path.removeprefix("/npm/").strip("/")
        )
        if not file.is_file():
            request.send_error(404)
            return
        text = file.read_text(encoding="utf-8")
        if not npm:
            text = text.replace("{{site}}", self.site).replace("{{options}}", unquote(query))
        request.send_response(200)
        request.send_header("Content-Type", "text/javascript" if npm else "text/html")
        if path in POLICIES:
            request.send_header("Content-Security-Policy", POLICIES[path].format(site=self.site))
        request.end_headers()
        request.wfile.write(text.encode())

    @contextmanager
    def running(self) -> Iterator["Host"]:
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
