"""The chat page: Gradio draws it, `exchange` and `reply` say what it shows.

The conversation is a tuple of `Exchange` in a `gr.State`: one a session, on the server only, never
read back from what the browser displays, so it can neither be forged nor reach another visitor.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
from fastapi import FastAPI

from bot.bot import Bot
from bot.settings import BotSettings
from bot.web import texts
from bot.web.exchange import Exchange, conversation, fold
from bot.web.markup import plain
from bot.web.reply import question, reply

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

Exchanges = tuple[Exchange, ...]
log = logging.getLogger(__name__)


class Chat:
    """The page's behaviour, without its looks: each method is one event of the page."""

    def __init__(self, bot: Bot, settings: BotSettings) -> None:
        """Keep what every message needs."""
        self.bot = bot
        self.settings = settings

    def take(self, message: str, exchanges: Exchanges) -> tuple[Any, ...]:
        """A message was sent: show it, or say in words why it stays in the box."""
        message = message.strip()
        problem = self._problem(message, exchanges) if message else ""
        if problem or not message:
            return gr.skip(), exchanges, gr.skip(), _notice(problem)
        exchanges = (*exchanges, Exchange(message))
        box = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        return box, exchanges, self.messages(exchanges), _notice("")

    def _problem(self, message: str, exchanges: Exchanges) -> str:
        if exchanges and exchanges[-1].state == "answering":
            return texts.STILL_ANSWERING
        if len(message) > texts.MESSAGE_LIMIT:
            return texts.too_long(len(message), self.settings)
        return texts.too_many(self.settings) if len(exchanges) >= texts.TURN_LIMIT else ""

    def answer(self, exchanges: Exchanges) -> Iterator[tuple[Exchanges, list[dict[str, Any]]]]:
        """Stream the reply to the last message; an exception would lock the page for ever."""
        if not exchanges or exchanges[-1].state != "answering":
            # A generator that yields nothing would empty the window.
            yield exchanges, self.messages(exchanges)
            return
        *past, current = exchanges
        try:
            for event in self.bot.stream(conversation(exchanges)):
                current = fold(current, event)
                shown = (*past, current)
                yield shown, self.messages(shown)
        except Exception:
            log.exception("No answer: the bot failed")
        if current.state != "done":
            shown = (*past, replace(current, state="failed"))
            yield shown, self.messages(shown)

    def stop(self, exchanges: Exchanges) -> tuple[Exchanges, list[dict[str, Any]], Any]:
        """The visitor stopped the answer: what is there stays, and says so."""
        if exchanges and exchanges[-1].state in ("answering", "failed"):
            exchanges = (*exchanges[:-1], replace(exchanges[-1], state="stopped"))
        return exchanges, self.messages(exchanges), _ready()

    def finish(self, exchanges: Exchanges) -> tuple[Exchanges, list[dict[str, Any]], Any]:
        """An answer has ended; one that never came (the queue was full) must not lock the box."""
        if exchanges and exchanges[-1].state == "answering":
            exchanges = (*exchanges[:-1], replace(exchanges[-1], state="failed"))
        return exchanges, self.messages(exchanges), _ready()

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
        exchanges = gr.State((), time_to_live=KEPT_FOR)
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
        _wire(chat, exchanges, (window, box, problem), fresh)
    demo.queue(default_concurrency_limit=VISITORS, max_size=64, api_open=False)
    return demo


def _wire(
    chat: Chat,
    exchanges: gr.State,
    parts: tuple[gr.Chatbot, gr.Textbox, gr.Markdown],
    fresh: gr.Button,
) -> None:
    """Three ways to ask (type, example, suggestion) lead into one chain: take, answer, ready."""
    window, box, problem = parts

    def chosen(sent: gr.SelectData, past: Exchanges) -> tuple[Any, ...]:
        value = sent.value["text"] if isinstance(sent.value, dict) else str(sent.value)
        return chat.take(value, past)

    taken = [box, exchanges, window, problem]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    asked = [
        box.submit(chat.take, [box, exchanges], taken, **quiet),
        window.example_select(chosen, [exchanges], taken, **quiet),
        window.option_select(chosen, [exchanges], taken, **quiet),
    ]
    answers = [
        event.then(
            chat.answer, [exchanges], [exchanges, window], concurrency_limit=VISITORS, **quiet
        )
        for event in asked
    ]
    halted = [exchanges, window, box]
    for answer in answers:
        answer.then(chat.finish, [exchanges], halted, **quiet)
    box.stop(chat.stop, [exchanges], halted, cancels=answers, **quiet)
    fresh.click(
        lambda: ((), [], _ready(), _notice("")),
        None,
        [*halted, problem],
        cancels=answers,
        **quiet,
    )


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
