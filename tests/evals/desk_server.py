"""Starts a server with the desk over the small bot, for tests."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.web.conftest import ROOT, _wait_for

PASSWORD = "the-desk-is-closed"


@contextmanager
def desk_server(folder: Path, *how: str) -> Iterator[str]:
    """Its address; `how` as in `serve_desk`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.evals.serve_desk", str(port), str(folder), *how]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT) as server:
        _wait_for(address, server)
        yield address
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
