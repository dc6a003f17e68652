"""Counts and times for `/metrics`, in the Prometheus format. Nothing in them is about a visitor."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.types import Answer, Cited, Event, Opened, Written

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
Face = Literal["page", "widget", "api"]
"""Where it was asked: the chat page, a page that shows the widget, a program."""


class Metrics:
    """One server's numbers, in a registry of their own."""

    def __init__(self) -> None:
        """Everything starts at zero."""
        self.registry = registry = CollectorRegistry()
        self.requests = Counter(
            "kneewise_requests", "Requests to the API", ["path", "status"], registry=registry
        )
        self.answers = Counter(
            "kneewise_answers", "Answers", ["face", "kind", "level"], registry=registry
        )
        self.problems = Counter(
            "kneewise_problems", "Questions without an answer", ["face", "code"], registry=registry
        )
        self.thumbs = Counter("kneewise_thumbs", "Thumbs", ["face", "verdict"], registry=registry)
        self.working = Gauge(
            "kneewise_answers_working", "Answers in work or waiting", ["face"], registry=registry
        )
        self.first = Histogram(
            "kneewise_first_words_seconds",
            "From the question to its first words",
            ["face"],
            registry=registry,
            buckets=SECONDS,
        )
        self.sentences = Counter(
            "kneewise_model_sentences", "A chat model's sentences", ["fate"], registry=registry
        )
        self.fallbacks = Counter(
            "kneewise_model_fallbacks", "Quotes shown instead", ["why"], registry=registry
        )
        self.stages = Histogram(
            "kneewise_stage_seconds", "Stages", ["stage"], registry=registry, buckets=SECONDS
        )

    @contextmanager
    def question(self, face: Face) -> Iterator[Callable[[Event], None]]:
        """Count a question; what it gives is to be called with each event of its answer."""
        begin, silent = time.perf_counter(), True

        def seen(event: Event) -> None:
            nonlocal silent
            if silent and isinstance(event, Opened | Cited | Answer):
                self.first.labels(face).observe(time.perf_counter() - begin)
                silent = False
            if isinstance(event, Answer):
                self._answered(event, face)

        with self.working.labels(face).track_inprogress():
            yield seen

    def _answered(self, answer: Answer, face: Face) -> None:
        self.answers.labels(face, answer.kind, answer.level).inc()
        for stage, milliseconds in answer.ms.items():
            self.stages.labels(stage).observe(milliseconds / 1000)
        if answer.written is not None:
            self._written(answer.written)

    def _written(self, written: Written) -> None:
        """Count what became of a chat model's sentences."""
        self.sentences.labels("shown").inc(written.shown)
        self.sentences.labels("dropped").inc(len(written.dropped))
        if not written.shown:
            self.fallbacks.labels("failed" if written.failed else "unsupported").inc()

    def problem(self, face: Face, code: str) -> None:
        """Count a question that got no answer."""
        self.problems.labels(face, code).inc()

    def thumb(self, face: Face, verdict: str) -> None:
        """Count a thumb up or down."""
        self.thumbs.labels(face, verdict).inc()

    def page(self) -> bytes:
        """All numbers as text."""
        return generate_latest(self.registry)


class Counted:
    """Counts each request under its path, if it is one of the paths we have, and its status."""

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: frozenset[str]) -> None:
        """Wrap the API."""
        self.app = app
        self.metrics = metrics
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        # A visitor's own paths must not become names in the metrics.
        name = path if path in self.paths else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.requests.labels(name, str(message["status"])).inc()
            await send(message)

        await self.app(scope, receive, counted)
