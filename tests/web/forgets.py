"""Fails if Gradio holds a session whose time is over: `python -m tests.web.forgets`.

A process of its own, because Gradio leaves event loops unclosed.
"""

from typing import Any

import gradio as gr
from gradio import state_holder

from bot.settings import BotSettings
from bot.web.chat import page
from bot.web.visit import Visit
from tests.web.fakes import FakeBot

if __name__ == "__main__":
    demo = page(FakeBot(), BotSettings())
    of: dict[type, int] = {type(block): number for number, block in demo.blocks.items()}
    holder: Any = vars(state_holder)["StateHolder"]()
    holder.set_blocks(demo)
    for name in ("over", "open"):
        holder[name][of[gr.State]] = Visit()
        # What Gradio does with each output of an event.
        holder[name]._update_value_in_config(of[gr.Chatbot], ["Can I run?"])
    holder["over"].is_closed = True
    holder["over"].STATE_TTL_WHEN_CLOSED = -1
    holder.delete_all_expired_state()
    held = sorted(holder.session_data)
    assert held == ["open"], held
