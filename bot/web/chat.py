"""The chat page: `page` has what stands on it, `exchange` and `reply` say what it shows.

The conversation is a `Visit` in a `gr.State`: one a session, on the server only, never read back
from what the browser displays, so it can neither be forged nor reach another visitor. The browser
keeps a signed copy for a reload (`kept`).
"""

import logging
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr
from fastapi import FastAPI

from bot.bot import Bot
from bot.gaplog import Gap, Why
from bot.settings import BotSettings
from bot.types import Answer, Event
from bot.web import texts
from bot.web.drawings import Drawings
from bot.web.exchange import Exchange, conversation, fold
from bot.web.gaps import Gaps
from bot.web.kept import NOTHING, Keeper
from bot.web.limits import Window, network
from bot.web.metrics import Metrics
from bot.web.page import HEAD, Parts, layout, problem, ready, waiting
from bot.web.problems import TIMEOUT, Problem
from bot.web.reply import question, reply
from bot.web.visit import Exchanges, Visit

PATH = "/chat"
VISITORS = 16
"""Answers at one time; Gradio's default of 1 would make every visitor wait for the others."""

log = logging.getLogger(__name__)


class Chat:
    """The page's behaviour, without its looks: each method is one event of the page."""

    def __init__(self, bot: Bot, settings: BotSettings, metrics: Metrics | None = None) -> None:
        """Keep what every message needs."""
        secret = settings.web.secret
        self.bot = bot
        self.settings = settings
        self.keeper = Keeper(secret.get_secret_value() if secret else None)
        self.gaps = Gaps(settings.log)
        self.drawings = Drawings.load()
        self.window = Window(settings.limits.per_address)
        self.metrics = metrics or Metrics()

    def open(self, visit: Visit, kept: object) -> tuple[Visit, Any]:
        """The page was loaded: show the conversation that this browser has kept."""
        visit.open(lambda: self.keeper.unpack(kept, self.bot.articles))
        return visit, self.messages(visit.exchanges) if visit.exchanges else gr.skip()

    def take(self, message: str, visit: Visit, kept: object, address: str = "") -> tuple[Any, ...]:
        """A message was sent: show it, or say in words why it stays in the box.

        Gives the visit, the window, the notice, the box's buttons and what the browser keeps. What
        was taken is removed from the box by `chat.js`: whatever was typed after it stays.
        """
        message = message.strip()
        # A server that was started anew has forgotten what the page still shows.
        visit.open(lambda: self.keeper.unpack(kept, self.bot.articles))
        twice = self._waiting(visit) and visit.exchanges[-1].user == message
        wrong = "" if twice or not message else self._problem(message, visit, address)
        if wrong or twice or not message:
            return visit, gr.skip(), problem(wrong), gr.skip(), gr.skip()
        visit.add(message)
        shown = self.messages(visit.exchanges)
        return visit, shown, problem(""), waiting(), self.keeper.pack(visit.exchanges)

    def _waiting(self, visit: Visit) -> bool:
        return visit.answering(self.settings.limits.seconds)

    def _problem(self, message: str, visit: Visit, address: str) -> str:
        limits = self.settings.limits
        if self._waiting(visit):
            return texts.STILL_ANSWERING
        if len(message) > limits.message_characters:
            return self._refused("message_too_long", texts.too_long(len(message), self.settings))
        if len(visit.exchanges) >= limits.messages:
            return self._refused("conversation_too_long", texts.too_many(self.settings))
        try:
            self.window.take(network(address))
        except Problem as problem:
            words = f"{problem.detail} {texts.in_an_emergency(self.settings)}"
            return self._refused(problem.code, words)
        return ""

    def _refused(self, code: str, words: str) -> str:
        self.metrics.problem("page", code)
        return words

    def answer(self, visit: Visit) -> Generator[tuple[Any, Any, Any]]:
        """Stream the reply to the last message; an exception would lock the page for ever."""
        run = visit.begin()
        if run is not None:
            yield from self._answer(visit, run)
        # A generator that yields nothing would empty the window. And Gradio shows the last value
        # once more when the event has ended, which may be after the next message was taken: that
        # one must not be drawn over.
        yield gr.skip(), gr.skip(), gr.skip()

    def _answer(self, visit: Visit, run: int) -> Generator[tuple[Any, Any, Any]]:
        current = visit.exchanges[-1]
        try:
            for event in self._events(visit):
                current = fold(current, event)
                if not visit.put(run, current):
                    return
                if current.state == "answering":
                    yield self.messages(visit.exchanges), gr.skip(), gr.skip()
        except Problem as problem:
            log.warning("No answer: %s", problem.detail)
            self.metrics.problem("page", problem.code)
        except Exception:
            log.exception("No answer: the bot failed")
            self.metrics.problem("page", "failed")
        finally:
            # The visitor has left, or the bot has failed: nobody waits for this answer any more.
            if current.state == "answering":
                visit.put(run, replace(current, state="failed"))
        if current.kind == "refusal":
            self._note("refused", current)
        yield self._ended(visit)

    def _events(self, visit: Visit) -> Iterator[Event]:
        """The answer's events, counted; `TIMEOUT` at the first one that comes too late."""
        late = time.monotonic() + self.settings.limits.seconds
        with self.metrics.question("page") as seen:
            for event in self.bot.stream(conversation(visit.exchanges)):
                seen(event)
                yield event
                if time.monotonic() > late and not isinstance(event, Answer):
                    raise TIMEOUT

    def _ended(self, visit: Visit) -> tuple[Any, Any, Any]:
        kept = self.keeper.pack(visit.exchanges)
        return self.messages(visit.exchanges), ready(), kept

    def stop(self, visit: Visit) -> tuple[Any, Any, Any]:
        """The visitor stopped the answer: what is there stays, and says so."""
        visit.stop()
        return self._ended(visit)

    def fail(self, visit: Visit) -> tuple[Any, Any, Any]:
        """An answer that never came (the queue was full) must not lock the box."""
        visit.fail()
        return self._ended(visit)

    def clear(self, visit: Visit) -> tuple[Any, ...]:
        """A new conversation: nothing of the old one is kept, here or in the browser."""
        visit.clear()
        return [], ready(), NOTHING, problem("")

    def rate(self, rated: str, visit: Visit) -> None:
        """A thumb, as "<number of the answer> <reason or up>".

        Both are counted; a thumb down is kept, if logging is on.
        """
        number, _, reason = rated.partition(" ")
        exchanges = visit.exchanges
        known = number.isdecimal() and len(number) < 4 and int(number) < len(exchanges)
        if known and reason == "up":
            self.metrics.thumb("page", "up")
        elif known and reason in texts.REASONS:
            self.metrics.thumb("page", "down")
            self._note("thumbs_down", exchanges[int(number)], texts.REASONS[reason])

    def _note(self, why: Why, exchange: Exchange, reason: str = "") -> None:
        generation = exchange.answer.generation if exchange.answer else ""
        self.gaps.write(Gap("", why, exchange.user, exchange.standalone, reason, generation))

    def messages(self, exchanges: Exchanges) -> list[dict[str, Any]]:
        """The conversation as the chat window's messages; suggestions under the last one."""
        drawn: list[dict[str, Any]] = []
        for exchange in exchanges:
            drawn.append({"role": "user", "content": question(exchange)})
            content = reply(exchange, self.bot.articles, self.settings, self.drawings)
            drawn.append({"role": "assistant", "content": content})
        if exchanges and (answer := exchanges[-1].answer):
            drawn[-1]["options"] = [{"label": s, "value": s} for s in answer.suggestions]
        return drawn


def page(bot: Bot, settings: BotSettings, metrics: Metrics | None = None) -> gr.Blocks:
    """The page and its wiring."""
    demo = gr.Blocks(title=settings.clinic.name, fill_height=True, analytics_enabled=False)
    with demo:
        _wire(demo, Chat(bot, settings, metrics), layout(settings))
    demo.queue(default_concurrency_limit=VISITORS, max_size=64, api_open=False)
    return demo


def _forget(demo: gr.Blocks, visit: Visit) -> None:
    """The visit's time is over: drop its session, where Gradio has a copy of the window too."""
    holder = demo.state_holder
    for name, session in list(holder.session_data.items()):
        if any(value is visit for value in session.state_data.values()):
            with holder.lock:
                holder.session_data.pop(name, None)
                holder.time_last_used.pop(name, None)


def _wire(demo: gr.Blocks, chat: Chat, parts: Parts) -> None:
    """Three ways to ask (type, example, suggestion) lead into one chain: take, answer."""
    parts.visit.delete_callback = partial(_forget, demo)
    visit, kept, window, box = parts.visit, parts.kept, parts.window, parts.box

    def written(message: str, visit: Visit, kept: object, request: gr.Request) -> tuple[Any, ...]:
        return chat.take(message, visit, kept, _address(request))

    def chosen(
        sent: gr.SelectData, visit: Visit, kept: object, request: gr.Request
    ) -> tuple[Any, ...]:
        value = sent.value["text"] if isinstance(sent.value, dict) else str(sent.value)
        return chat.take(value, visit, kept, _address(request))

    # "once", the default, drops an event without a word while one of its kind is still at work.
    quiet: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "multiple",
    }
    taken = [visit, window, parts.problem, box, kept]
    asked = [
        box.submit(written, [box, visit, kept], taken, **quiet),
        window.example_select(chosen, [visit, kept], taken, **quiet),
        window.option_select(chosen, [visit, kept], taken, **quiet),
    ]
    shown = [window, box, kept]
    answers = []
    for event in asked:
        answer = event.then(chat.answer, [visit], shown, concurrency_limit=VISITORS, **quiet)
        answer.failure(chat.fail, [visit], shown, **quiet)
        answers.append(answer)
    demo.load(chat.open, [visit, kept], [visit, window], **quiet)
    box.stop(chat.stop, [visit], shown, cancels=answers, **quiet)
    parts.rated.input(chat.rate, [parts.rated, visit], None, **quiet)
    parts.fresh.click(chat.clear, [visit], [*shown, parts.problem], cancels=answers, **quiet)


def _address(request: gr.Request) -> str:
    return request.client.host if request.client else ""


def mount_chat(
    app: FastAPI, bot: Bot, settings: BotSettings, metrics: Metrics | None = None
) -> None:
    """Add the page under `/chat/`; links on it are relative, so a prefix before it is no matter."""
    gr.mount_gradio_app(
        app,
        page(bot, settings, metrics),
        path=PATH,
        theme=gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        head=HEAD,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
    )
