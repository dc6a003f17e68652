"""Is it up, is it ready, and how is it doing: `/healthz`, `/readyz`, `/metrics`."""

import logging
import time
from collections.abc import Callable
from threading import Lock

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot.bot import Bot
from bot.settings import BotSettings
from bot.types import Answer, Assessed, Conversation, Turn
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)
KEPT = 10.0
"""Seconds that a ping's result is good for: a visitor cannot make the server ask itself all day."""


def _indexed(bot: Bot) -> bool:
    return bool(bot.generation and bot.articles)


def _guarding(bot: Bot) -> bool:
    """The guard stops a message that it must stop."""
    event = next(iter(bot.stream(_asking("I have a high fever and my knee is hot and red"))))
    return isinstance(event, Assessed) and event.assessment.action == "stop"


def _answering(bot: Bot) -> bool:
    *_, last = bot.stream(_asking("What is runner's knee?"))
    return isinstance(last, Answer) and last.kind in ("answer", "refusal")


def _asking(message: str) -> Conversation:
    return Conversation((Turn(message),))


PINGS: dict[str, Callable[[Bot], bool]] = {
    "index": _indexed,
    "guard": _guarding,
    "answer": _answering,
}


class Readiness:
    """Each part by name, asked at most every ten seconds."""

    def __init__(self, bot: Bot, now: Callable[[], float] = time.monotonic) -> None:
        """Nothing is asked yet."""
        self.bot = bot
        self._now = now
        self._lock = Lock()
        self._at = float("-inf")
        self._found: dict[str, bool] = {}

    def pings(self) -> dict[str, bool]:
        """Whether each part works."""
        with self._lock:
            if self._now() - self._at > KEPT:
                self._found = {name: self._works(name) for name in PINGS}
                self._at = self._now()
            return self._found

    def _works(self, name: str) -> bool:
        try:
            return PINGS[name](self.bot)
        except Exception:
            log.exception("Not ready: %s", name)
            return False


def health_routes(bot: Bot, settings: BotSettings, metrics: Metrics) -> APIRouter:
    """The routes, for this bot."""
    routes = APIRouter()
    ready = Readiness(bot)

    @routes.get("/healthz")
    def healthz() -> dict[str, str | int | None]:
        """Status, the index generation, the guard's version where the bot tells it, articles."""
        return {
            "status": "ok",
            "generation": bot.generation,
            "rules": getattr(bot, "rules", None),
            "articles": len(bot.articles),
        }

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        """Each part by name; 503 if one of them does not work."""
        pings = ready.pings()
        told = {name: "ok" if works else "failed" for name, works in pings.items()}
        return JSONResponse(told, 200 if all(pings.values()) else 503)

    @routes.get("/metrics")
    def numbers(request: Request) -> Response:
        """Counts and times, for the addresses in the settings alone."""
        address = request.client.host if request.client else ""
        if address not in settings.web.metrics_from:
            return JSONResponse({"code": "refused", "detail": "Not available."}, 403)
        return Response(metrics.page(), media_type=CONTENT_TYPE_LATEST)

    return routes
