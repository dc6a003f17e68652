"""The chat page: Gradio draws it, `exchange` and `reply` say what it shows.

The conversation is a `Visit` in a `gr.State`: one a session, on the server only, never read back
from what the browser displays, so it can neither be forged nor reach another visitor.
"""

import logging
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from fastapi import FastAPI

from bot.bot import Bot
from bot.settings import BotSettings
from bot.web import texts
from bot.web.exchange import conversation, fold
from bot.web.markup import plain
from bot.web.reply import question, reply
from bot.web.visit import Exchanges, Visit

PATH = "/chat"
VISITORS = 16
"""Answers at one time; Gradio's default of 1 would make every visitor wait for the others."""

KEPT_FOR = 6 * 3600
"""Seconds that a conversation is kept after its last message in a tab that stays open."""

HEAD = """
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="../static/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="../static/tokens.css">
<link rel="stylesheet" href="../static/passage.css">
<link rel="stylesheet" href="../static/chat.css">
<script src="../static/panel.js" defer></script>
<script src="../static/chat.js" defer></script>
"""
HEADER = """
<header class="kw-header"><span class="kw-mark"></span><div><h1>{name}</h1>
<p>Runner's knee, answered from published articles</p></div></header>
"""
NOTICE = (
    '<p class="kw-notice"><strong>{notice}</strong> {limits} '
    '<a href="../articles">The articles</a></p>'
)
WELCOME = '<div class="kw-welcome"><h2>{greeting}</h2><p>{introduction}</p></div>'

log = logging.getLogger(__name__)


class Chat:
    """The page's behaviour, without its looks: each method is one event of the page."""

    def __init__(self, bot: Bot, settings: BotSettings) -> None:
        """Keep what every message needs."""
        self.bot = bot
        self.settings = settings

    def take(self, message: str, visit: Visit) -> tuple[Any, ...]:
        """A message was sent: show it, or say in words why it stays in the box.

        Gives the visit, the window, the notice and the box's buttons. What was taken is removed
        from the box by `chat.js`, in the browser: whatever was typed after it stays.
        """
        message = message.strip()
        problem = self._problem(message, visit) if message else ""
        if problem or not message or self._again(message, visit):
            return visit, gr.skip(), _notice(problem), gr.skip()
        visit.add(message)
        box = gr.Textbox(submit_btn=False, stop_btn="Stop")
        return visit, self.messages(visit.exchanges), _notice(""), box

    def _problem(self, message: str, visit: Visit) -> str:
        limits = self.settings.limits
        if self._again(message, visit):
            return ""
        if visit.answering(limits.seconds):
            return texts.STILL_ANSWERING
        if len(message) > limits.message_characters:
            return texts.too_long(len(message), self.settings)
        return texts.too_many(self.settings) if len(visit.exchanges) >= limits.messages else ""

    def _again(self, message: str, visit: Visit) -> bool:
        """Whether it was sent twice, as an impatient key press does."""
        return visit.answering(self.settings.limits.seconds) and visit.exchanges[-1].user == message

    def answer(self, visit: Visit) -> Generator[tuple[Any, Any]]:
        """Stream the reply to the last message; an exception would lock the page for ever."""
        run = visit.begin()
        if run is None:
            # A generator that yields nothing would empty the window.
            yield gr.skip(), gr.skip()
            return
        current = visit.exchanges[-1]
        try:
            for event in self.bot.stream(conversation(visit.exchanges)):
                current = fold(current, event)
                if not visit.put(run, current):
                    return
                box = gr.skip() if current.state == "answering" else _ready()
                yield self.messages(visit.exchanges), box
        except Exception:
            log.exception("No answer: the bot failed")
        finally:
            # The visitor has left, or the bot has failed: nobody waits for this answer any more.
            if current.state == "answering":
                visit.put(run, replace(current, state="failed"))
        if current.state == "answering":
            yield self.messages(visit.exchanges), _ready()
        # Gradio shows the last value once more when the event has ended, which may be after the
        # next message was taken: that one must not be drawn over.
        yield gr.skip(), gr.skip()

    def stop(self, visit: Visit) -> tuple[list[dict[str, Any]], Any]:
        """The visitor stopped the answer: what is there stays, and says so."""
        visit.stop()
        return self.messages(visit.exchanges), _ready()

    def fail(self, visit: Visit) -> tuple[list[dict[str, Any]], Any]:
        """An answer that never came (the queue was full) must not lock the box."""
        visit.fail()
        return self.messages(visit.exchanges), _ready()

    def clear(self, visit: Visit) -> tuple[Any, ...]:
        """A new conversation: nothing of the old one is kept."""
        visit.clear()
        return [], _ready(), _notice("")

    def messages(self, exchanges: Exchanges) -> list[dict[str, Any]]:
        """The conversation as the chat window's messages; suggestions under the last one."""
        drawn: list[dict[str, Any]] = []
        for exchange in exchanges:
            drawn.append({"role": "user", "content": question(exchange)})
            content = reply(exchange, self.bot.articles, self.settings)
            drawn.append({"role": "assistant", "content": content})
        if exchanges and (answer := exchanges[-1].answer):
            drawn[-1]["options"] = [{"label": s, "value": s} for s in answer.suggestions]
        return drawn


def _ready() -> gr.Textbox:
    return gr.Textbox(submit_btn="Send", stop_btn=False)


def _notice(problem: str) -> gr.Markdown:
    return gr.Markdown(f'<p class="kw-problem">{plain(problem)}</p>' if problem else "")


def page(bot: Bot, settings: BotSettings) -> gr.Blocks:
    """The page and its wiring."""
    chat = Chat(bot, settings)
    demo = gr.Blocks(title=settings.clinic.name, fill_height=True, analytics_enabled=False)
    with demo:
        visit = gr.State(Visit(), time_to_live=KEPT_FOR)
        with gr.Row(elem_id="kw-top"):
            gr.Markdown(HEADER.format(name=plain(settings.clinic.name)))
            fresh = gr.Button("New conversation", elem_id="kw-new", size="sm")
        gr.Markdown(NOTICE.format(notice=texts.NOTICE, limits=texts.LIMITS), elem_id="kw-education")
        window = gr.Chatbot(
            label="Conversation",
            show_label=False,
            elem_id="kw-log",
            scale=1,
            height="100%",
            buttons=[],
            autoscroll=False,
            latex_delimiters=[],
            allow_tags=False,
            feedback_options=None,
            layout="bubble",
            placeholder=WELCOME.format(greeting=texts.GREETING, introduction=texts.INTRODUCTION),
            examples=[{"text": example} for example in texts.EXAMPLES],
        )
        problem = gr.Markdown("", elem_id="kw-problem")
        box = gr.Textbox(
            label="Your question",
            show_label=False,
            placeholder=texts.PLACEHOLDER,
            container=False,
            lines=1,
            max_lines=6,
            submit_btn="Send",
            autofocus=False,
            elem_id="kw-box",
        )
        _wire(chat, visit, Parts(window, box, problem, fresh))
    demo.queue(default_concurrency_limit=VISITORS, max_size=64, api_open=False)
    return demo


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events read and write."""

    window: gr.Chatbot
    box: gr.Textbox
    problem: gr.Markdown
    fresh: gr.Button


def _wire(chat: Chat, visit: gr.State, parts: Parts) -> None:
    """Three ways to ask (type, example, suggestion) lead into one chain: take, answer."""

    def chosen(sent: gr.SelectData, visit: Visit) -> tuple[Any, ...]:
        value = sent.value["text"] if isinstance(sent.value, dict) else str(sent.value)
        return chat.take(value, visit)

    # "once", the default, drops an event without a word while one of its kind is still at work.
    quiet: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "multiple",
    }
    outputs = [visit, parts.window, parts.problem, parts.box]
    asked = [
        parts.box.submit(chat.take, [parts.box, visit], outputs, **quiet),
        parts.window.example_select(chosen, [visit], outputs, **quiet),
        parts.window.option_select(chosen, [visit], outputs, **quiet),
    ]
    both = [parts.window, parts.box]
    answers = []
    for event in asked:
        answer = event.then(chat.answer, [visit], both, concurrency_limit=VISITORS, **quiet)
        answer.failure(chat.fail, [visit], both, **quiet)
        answers.append(answer)
    parts.box.stop(chat.stop, [visit], both, cancels=answers, **quiet)
    parts.fresh.click(chat.clear, [visit], [*both, parts.problem], cancels=answers, **quiet)


def mount_chat(app: FastAPI, bot: Bot, settings: BotSettings) -> None:
    """Add the page under `/chat/`; links on it are relative, so a prefix before it is no matter."""
    gr.mount_gradio_app(
        app,
        page(bot, settings),
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
