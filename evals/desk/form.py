"""The fields of a case on the tab Cases."""

from typing import get_args

import gradio as gr

from bot.types import LEVELS
from evals.cases import Kind
from evals.desk import cases
from evals.desk.kit import Desk


def case_form(desk: Desk) -> list[gr.components.Component]:
    """One component for each field of `cases.Form`, in its order."""
    articles = sorted(desk.subject.bot.articles)
    empty = cases.Form()
    with gr.Row():
        with gr.Column():
            name = gr.Textbox(
                label="Name",
                info="never changes; empty: the question's first words",
                elem_id="kd-id",
            )
            asked = gr.Textbox(
                label="Question",
                info="a dialogue has one message a line",
                lines=2,
                max_lines=8,
                elem_id="kd-messages",
            )
            alone = gr.Textbox(
                label="Standalone", info="a dialogue's last message as a question of its own"
            )
            articles_ = gr.Dropdown(
                articles,
                value=[],
                multiselect=True,
                allow_custom_value=True,
                label="Articles",
                info="that answer it: citing any one is right",
                elem_id="kd-articles",
            )
            sections = gr.Textbox(label="Sections", info="only to be strict; one a line")
        with gr.Column():
            facts = gr.Textbox(
                label="Facts",
                info="that must be said: one a line, wordings of one between |",
                lines=3,
                max_lines=10,
                elem_id="kd-facts",
            )
            forbidden = gr.Textbox(label="Not", info="what must not be said; one a line", lines=1)
            refused = gr.Checkbox(empty.refused, label="It must be refused", elem_id="kd-refused")
            with gr.Row():
                level = gr.Dropdown(list(LEVELS), value=empty.level, label="Red-flag level")
                kind = gr.Dropdown(list(get_args(Kind)), value=empty.kind, label="Kind")
            tags = gr.Textbox(label="Tags", info="your own words, between commas")
    return [name, asked, alone, articles_, sections, facts, forbidden, refused, level, kind, tags]
