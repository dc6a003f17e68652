"""One visitor's conversation on the server, safe where two events of the page overlap.

Gradio runs the events of a page side by side: an answer may still be writing its last word when
the next message comes in. What one of them read a moment ago it must never write back, or it would
undo the other. So they share one `Visit`, which is changed under its lock and in one place only.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Literal

from bot.web.exchange import Exchange

Exchanges = tuple[Exchange, ...]
Clock = Callable[[], float]


class Visit:
    """The exchanges so far, and which answer may still add to them."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        """An empty conversation."""
        self._now = now
        self._lock = Lock()
        self._exchanges: Exchanges = ()
        self._run = 0
        self._begun = False
        self._since = 0.0
        self._opened = False

    def __deepcopy__(self, memo: object) -> "Visit":
        """A conversation of its own: Gradio copies a page's first state for each visitor."""
        return Visit(self._now)

    @property
    def exchanges(self) -> Exchanges:
        """All questions with what has come back for them."""
        return self._exchanges

    def answering(self, seconds: float) -> bool:
        """Whether an answer is on its way; one that has taken longer never comes."""
        last = self._exchanges[-1:]
        waited = self._now() - self._since
        return bool(last) and last[0].state == "answering" and waited < seconds

    def open(self, kept: Callable[[], Exchanges]) -> None:
        """Go on from what the browser has kept; once, and never after anything was said here."""
        with self._lock:
            if not self._opened:
                self._opened = True
                self._exchanges = kept()

    def add(self, message: str) -> None:
        """A new message; an answer that never came is given up."""
        with self._lock:
            self._end("failed")
            self._opened = True
            self._exchanges = (*self._exchanges, Exchange(message))
            self._since = self._now()

    def begin(self) -> int | None:
        """A number for the answer to the last message; None if it has one or is being answered."""
        with self._lock:
            last = self._exchanges[-1:]
            if self._begun or not last or last[0].state != "answering":
                return None
            self._begun = True
            return self._run

    def put(self, run: int, exchange: Exchange) -> bool:
        """What answer number `run` has come to; False when it was stopped and nobody waits."""
        with self._lock:
            if run != self._run:
                return False
            self._exchanges = (*self._exchanges[:-1], exchange)
            if exchange.state != "answering":
                self._next()
            return True

    def stop(self) -> None:
        """What is there of the answer stays, and says so."""
        with self._lock:
            self._end("stopped")

    def fail(self) -> None:
        """The answer never came, for instance because the queue was full."""
        with self._lock:
            self._end("failed")

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._opened = True
            self._exchanges = ()
            self._next()

    def _end(self, state: Literal["stopped", "failed"]) -> None:
        last = self._exchanges[-1:]
        if last and last[0].state == "answering":
            self._exchanges = (*self._exchanges[:-1], replace(last[0], state=state))
        self._next()

    def _next(self) -> None:
        self._run += 1
        self._begun = False
