"""What stands on the chat page and how Gradio draws it; `chat.py` says what happens there."""

from dataclasses import dataclass

import gradio as gr

from bot.settings import BotSettings
from bot.web import texts
from bot.web.markup import plain
from bot.web.visit import Visit

KEPT_FOR = 3600
"""Seconds that the server keeps a conversation after its last message, as after its tab is closed;
a message that comes later brings the browser's copy."""

STORED = "kneewise"
"""Its name in the browser's store."""

FORGETFUL = """<script>
try { localStorage.length; } catch {
  const kept = new Map();
  const store = {
    getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text),
    removeItem: (key) => kept.delete(key), clear: () => kept.clear(),
  };
  Object.defineProperty(window, "localStorage", { value: store });
}
</script>"""
"""For browsers that let no page store anything: Gradio would fail half-way through its start."""

HEAD = f"""
{FORGETFUL}
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="../static/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="../static/tokens.css">
<link rel="stylesheet" href="../static/passage.css">
<link rel="stylesheet" href="../static/chat.css">
<link rel="stylesheet" href="../static/summary.css">
<script src="../static/panel.js" defer></script>
<script src="../static/chat.js" defer></script>
<script src="../static/rate.js" defer></script>
<script src="../static/summary.js" defer></script>
"""
HEADER = """
<header class="kw-header">{mark}<div><h1>{name}</h1>
<p>Runner's knee, answered from published articles</p></div></header>
"""
NOTICE = (
    '<div class="kw-notice"><p><strong>{notice}</strong> {limits}</p>'
    '<p><a href="../articles">The articles</a></p>'
    '<details class="kw-privacy{keeps}"><summary>Privacy</summary><p>{privacy}</p></details></div>'
)
WELCOME = '<div class="kw-welcome"><h2>{greeting}</h2><p>{introduction}</p></div>'


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events read and write."""

    visit: gr.State
    kept: gr.BrowserState
    window: gr.Chatbot
    box: gr.Textbox
    problem: gr.Markdown
    rated: gr.Textbox
    fresh: gr.Button


def layout(settings: BotSettings) -> Parts:
    """Everything on the page, from top to bottom; to be called inside of `gr.Blocks`."""
    visit = gr.State(Visit(), time_to_live=KEPT_FOR)
    # What is kept is signed, not secret; a fixed word lets it be read after the server's restart.
    kept = gr.BrowserState("", storage_key=STORED, secret=STORED)
    with gr.Row(elem_id="kw-top"):
        gr.Markdown(_header(settings))
        fresh = gr.Button("New conversation", elem_id="kw-new", size="sm")
    gr.Markdown(_notice(settings), elem_id="kw-education")
    window = _window(settings)
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
    # `rate.js` writes into it; a visitor never sees it.
    rated = gr.Textbox(visible="hidden", elem_id="kw-rated")
    return Parts(visit, kept, window, box, problem, rated, fresh)


def _window(settings: BotSettings) -> gr.Chatbot:
    greeting = plain(settings.clinic.greeting)
    return gr.Chatbot(
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
        placeholder=WELCOME.format(greeting=greeting, introduction=texts.INTRODUCTION),
        examples=[{"text": example} for example in settings.clinic.examples],
    )


def _header(settings: BotSettings) -> str:
    logo = settings.clinic.logo is not None
    mark = '<img class="kw-logo" src="../widget-logo" alt="">' if logo else ""
    mark = mark or '<span class="kw-mark"></span>'
    return HEADER.format(mark=mark, name=plain(settings.clinic.name))


def _notice(settings: BotSettings) -> str:
    link = settings.clinic.privacy_link
    more = f' <a href="{plain(link)}">More about privacy</a>' if link else ""
    privacy = f"{plain(texts.privacy(settings))}{more}"
    keeps = " kw-keeps" if settings.log.gaps else ""
    return NOTICE.format(notice=texts.NOTICE, limits=texts.LIMITS, privacy=privacy, keeps=keeps)


def ready() -> gr.Textbox:
    """The box when a message can be sent."""
    return gr.Textbox(submit_btn="Send", stop_btn=False)


def waiting() -> gr.Textbox:
    """The box while an answer is coming in; its text is the visitor's and stays."""
    return gr.Textbox(submit_btn=False, stop_btn="Stop")


def problem(words: str) -> gr.Markdown:
    """Why a message was not sent; empty takes the last such words away."""
    return gr.Markdown(f'<p class="kw-problem">{plain(words)}</p>' if words else "")
