"""Counts and times for `/metrics`, in the Prometheus format. Nothing in them is about a visitor."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.types import Answer

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One server's numbers, in a registry of their own."""

    def __init__(self) -> None:
        """Everything starts at zero."""
        self.registry = registry = CollectorRegistry()
        self.requests = Counter(
            "kneewise_requests", "Requests to the API", ["path", "status"], registry=registry
        )
        self.answers = Counter(
            "kneewise_answers", "Answers by kind and level", ["kind", "level"], registry=registry
        )
        self.problems = Counter(
            "kneewise_problems", "Questions without an answer", ["code"], registry=registry
        )
        self.thumbs = Counter("kneewise_thumbs", "Thumbs", ["verdict"], registry=registry)
        self.working = Gauge(
            "kneewise_answers_working", "Answers in work or waiting", registry=registry
        )
        self.first = Histogram(
            "kneewise_first_words_seconds",
            "From the question to its first words",
            registry=registry,
            buckets=SECONDS,
        )
        self.stages = Histogram(
            "kneewise_stage_seconds", "Stages", ["stage"], registry=registry, buckets=SECONDS
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer and the time of its stages."""
        self.answers.labels(answer.kind, answer.level).inc()
        for stage, milliseconds in answer.ms.items():
            self.stages.labels(stage).observe(milliseconds / 1000)

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
