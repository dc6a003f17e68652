"""The bot's events for the server's loop: a few threads work, the rest wait their turn."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event as Flag
from threading import Lock

from bot.bot import Bot
from bot.settings import Limits
from bot.types import Answer, Conversation, Event
from bot.web.problems import BROKEN, BUSY, TIMEOUT, Problem

Events = asyncio.Queue[Event | Problem]
log = logging.getLogger(__name__)


class Answers:
    """Streams answers; a visitor who leaves or waits too long stops the work at its next event."""

    def __init__(self, bot: Bot, limits: Limits) -> None:
        """`limits` give the number of threads, of those who may wait, and the time."""
        self.bot = bot
        self.seconds = limits.seconds
        self.places = limits.at_once + limits.waiting
        self.taken = 0
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(limits.at_once, "answer")
        self._expect = getattr(bot, "expect", None)

    def start(self, conversation: Conversation) -> AsyncIterator[Event]:
        """Begin an answer; what comes back gives its events, the last one an `Answer`.

        Raises:
            Problem: 503, all places are taken. While the events come: 500 or 504.
        """
        with self._lock:
            if self.taken >= self.places:
                raise BUSY
            self.taken += 1
        if self._expect:  # while the message waits for a thread, its vectors can be made
            with suppress(Exception):  # the guard meets the same failure, and fails closed
                self._expect(conversation)
        loop = asyncio.get_running_loop()
        queue: Events = asyncio.Queue()
        gone = Flag()

        def send(event: Event | Problem) -> None:
            with suppress(RuntimeError):  # the loop was closed: nobody is left to hear it
                loop.call_soon_threadsafe(queue.put_nowait, event)

        working = self._pool.submit(self._work, conversation, send, gone)
        # The place is free when the work has ended, not when the visitor has left.
        working.add_done_callback(self._release)

        def leave() -> None:
            gone.set()
            working.cancel()

        return self._listen(queue, loop.time() + self.seconds, leave)

    async def _listen(
        self, queue: Events, deadline: float, leave: Callable[[], None]
    ) -> AsyncIterator[Event]:
        try:
            while True:
                async with asyncio.timeout_at(deadline):
                    event = await queue.get()
                if isinstance(event, Problem):
                    raise event
                yield event
                if isinstance(event, Answer):
                    return
        except TimeoutError as error:
            log.warning("An answer took more than %s seconds and was stopped.", self.seconds)
            raise TIMEOUT from error
        finally:
            leave()

    def _work(
        self, conversation: Conversation, send: Callable[[Event | Problem], None], gone: Flag
    ) -> None:
        try:
            for event in self.bot.stream(conversation):
                send(event)
                if gone.is_set() or isinstance(event, Answer):
                    return
        except Exception:
            log.exception("No answer: the bot failed")
        send(BROKEN)

    def _release(self, _: "Future[None]") -> None:
        with self._lock:
            self.taken -= 1
