"""Many visitors at one moment: errors, answers that went to somebody else, time to the first words.

Every visitor has a question of their own and a follow-up to it. All ask at once; then each asks
alone, and what came back must have been the same, word for word.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
TOPICS = (
    "the calf stretch", "the hamstring stretch", "the quadriceps stretch", "ice on the knee",
    "a knee brace", "new running shoes", "squats", "running downhill", "a rest from running",
    "foam rolling",
)  # fmt: skip
ASKS = (
    "How does {} help with runner's knee?",
    "How often should I think of {}?",
    "When is {} a bad idea with runner's knee?",
    "What do the articles say about {}?",
    "Is {} worth it for pain around the kneecap?",
)
QUESTIONS = tuple(ask.format(topic) for topic, ask in product(TOPICS, ASKS))
WARM = "Who wrote these articles?"
WORDS = ("opened", "cited", "answer")
"""Events that bring something to read."""
FOLLOW_UP = "And how long does that take?"
SETTINGS = """port = {port}
[limits]
per_address = 100000
per_site = 100000
"""


@dataclass(frozen=True)
class Heard:
    """One answer as a visitor got it; `first` and `whole` in seconds, `error` where none came."""

    record: dict[str, Any]
    first: float = 0.0
    whole: float = 0.0
    error: str = ""

    @property
    def words(self) -> tuple[Any, ...]:
        """What must be the same for the same conversation."""
        record = self.record
        return (record.get("standalone"), record.get("text"), str(record.get("sources")))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--visitors", type=int, default=50, help="at one moment (default: 50)")
    parser.add_argument("--url", help="a server with wide limits; without one, our own is started")


def main(options: argparse.Namespace) -> int:
    """Run it; exit status 1 after an error, a mixed-up answer or a p95 of a second or more."""
    with _server(options.url) as url:
        begin = time.process_time()
        alone, crowd = asyncio.run(both(url, options.visitors))
        asking = time.process_time() - begin
    status = tell(alone, crowd)
    each = 1000 * asking / sum(map(len, (*alone, *crowd)))
    sys.stdout.write(f"processor time that asking took, on the same cores: {each:.1f} ms each\n")
    return status


async def both(url: str, visitors: int) -> tuple[list[list[Heard]], list[list[Heard]]]:
    """What each visitor hears when asking alone, and when all ask at the same moment."""
    asked = [QUESTIONS[i % len(QUESTIONS)] for i in range(visitors)]
    limits = httpx.Limits(max_connections=visitors + 1)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        headers = {"Origin": url}
        token = (await client.post("/api/token", headers=headers)).json()["token"]
        client.headers.update({**headers, "X-Kneewise-Token": token})
        await _ask(client, WARM, [])
        # All at once comes first: the bot remembers vectors, and visitors bring new questions.
        crowd = await asyncio.gather(*(_visit(client, question) for question in asked))
        alone = [await _visit(client, question) for question in asked]
    return alone, list(crowd)


async def _visit(client: httpx.AsyncClient, question: str) -> list[Heard]:
    """A question and its follow-up."""
    first = await _ask(client, question, [])
    sources = [
        {key: source[key] for key in ("n", "article", "start", "end")}
        for source in first.record.get("sources", ())
    ]
    past = {"user": question, "standalone": first.record.get("standalone", ""), "sources": sources}
    return [first, await _ask(client, FOLLOW_UP, [past])]


async def _ask(client: httpx.AsyncClient, message: str, history: list[dict[str, Any]]) -> Heard:
    begin, first = time.perf_counter(), 0.0
    body = {"message": message, "history": history}
    try:
        async with client.stream("POST", "/api/chat/stream", json=body) as reply:
            if reply.status_code != 200:
                return Heard({}, error=f"{reply.status_code} {(await reply.aread()).decode()}")
            async for name, record in _events(reply):
                if name in WORDS and not first:
                    first = time.perf_counter() - begin
                if name == "answer":
                    return Heard(record, first, time.perf_counter() - begin)
                if name == "error":
                    return Heard({}, error=str(record))
    except httpx.HTTPError as error:
        return Heard({}, error=repr(error))
    return Heard({}, error="the stream ended without an answer")


async def _events(reply: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    name = ""
    async for line in reply.aiter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


def tell(alone: list[list[Heard]], crowd: list[list[Heard]]) -> int:
    """Write the figures; the exit status."""
    pairs = list(zip(chain(*alone), chain(*crowd), strict=True))
    errors = [heard.error for pair in pairs for heard in pair if heard.error]
    mixed = sum(one.words != many.words for one, many in pairs)
    different = len({one.words for one, _ in pairs})
    firsts = [many.first for _, many in pairs if not many.error]
    lines = [
        f"visitors at one moment: {len(crowd)}, answers each: 2",
        f"errors: {len(errors)}",
        f"answers that differ from the one asked alone: {mixed}",
        f"different answers among {len(pairs)}: {different}",
    ]
    if firsts:
        lines += [
            f"first words, then alone: p95 {_p95([one.first for one, _ in pairs]):.3f} s",
            f"first words, all at once: p50 {statistics.median(firsts):.3f} s, "
            f"p95 {_p95(firsts):.3f} s",
        ]
    sys.stdout.write("\n".join([*lines, *sorted(set(errors))[:5]]) + "\n")
    return 1 if errors or mixed or not firsts or _p95(firsts) >= 1 else 0


def _p95(values: list[float]) -> float:
    """The 95th percentile, between neighbours where it falls between them."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    """The server at `url`, or one of our own in a process of its own, ended afterwards."""
    if url:
        yield url.rstrip("/")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "visitors.toml"
        settings.write_text(SETTINGS.format(port=port), encoding="utf-8")
        environment = {**os.environ, "KNEEWISE_SETTINGS": str(settings)}
        command = [sys.executable, "app.py"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr) as server:
            try:
                _wait(f"http://127.0.0.1:{port}", server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    message = "The server did not start; it has said why above."
    raise SystemExit(message)
