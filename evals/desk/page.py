"""What stands on the desk's page and what each button does; the other modules say it in words."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from bot.bot import Bot
from bot.build import IndexedBot
from bot.settings import BotSettings
from bot.web.markup import plain
from evals.desk import cases, gaps, runs
from evals.desk.ask import opened
from evals.desk.door import PATH, Door
from evals.desk.form import case_form
from evals.desk.kit import EVENT, HELD, OWN, PROBLEMS, Desk, Places, problem
from evals.run import Subject

HEAD = """
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="../static/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="../static/tokens.css">
<link rel="stylesheet" href="desk.css">
"""
HEADER = """
<header class="kd-header"><span class="kw-mark"></span><div><h1>The content desk</h1>
<p>{name} · <a href="../chat/">chat</a> · <a href="../articles">articles</a> ·
<a href="logout">leave</a></p></div></header>
"""
ASK = "Ask as a visitor would. For a follow-up, write the earlier messages above it, one a line."
CASES = "A case is a question and what must come of it. It is asked in every run."
RUNS = "A run asks all cases. Compare two runs to see what an edit of an article has changed."
GAPS = "What visitors asked in vain, only where the clinic has switched logging on; redacted."


class Fields(NamedTuple):
    """The form of a case: its components, in the order of `cases.Form`."""

    file: gr.Dropdown
    chosen: gr.Dropdown
    form: list[gr.components.Component]
    said: gr.Markdown


def mount_desk(app: FastAPI, bot: Bot, settings: BotSettings, places: Places | None = None) -> None:
    """Add the page under `/desk/`, behind its door.

    Raises:
        TypeError: The bot's stages cannot be watched.
    """
    if not isinstance(bot, IndexedBot):
        message = "The desk opens up a bot over an index; without one, set no [desk] password."
        raise TypeError(message)
    subject = Subject(bot, settings, bot.embedder.embed_documents)
    desk = Desk(subject, places or Places(log=settings.log.file))
    app.add_middleware(Door, settings=settings)
    _add_reports(app, desk)
    gr.mount_gradio_app(
        app,
        page(desk),
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


def _add_reports(app: FastAPI, desk: Desk) -> None:
    @app.get(f"{PATH}/report/{{name}}", include_in_schema=False)
    def report(name: str) -> Response:
        try:
            html = runs.report(desk, name)
        except PROBLEMS as error:
            return PlainTextResponse(str(error), 500)
        return HTMLResponse(html) if html else PlainTextResponse("There is no such run.", 404)


def page(desk: Desk) -> gr.Blocks:
    """The four tabs and their wiring."""
    name = desk.subject.settings.clinic.name
    demo = gr.Blocks(title=f"Desk – {name}", analytics_enabled=False)
    with demo:
        gr.Markdown(HEADER.format(name=plain(name)), elem_id="kd-top")
        with gr.Tabs(elem_id="kd-tabs") as tabs:
            with gr.Tab("Ask", id="ask"):
                typed, draft = _ask(desk)
            with gr.Tab("Cases", id="cases"):
                fields = _cases(desk, demo)
            with gr.Tab("Runs", id="runs"):
                _runs(desk, demo)
            with gr.Tab("Gaps", id="gaps"):
                _gaps(desk, demo, fields)
        _wire_draft(desk, draft, typed, tabs, fields)
    demo.queue(default_concurrency_limit=2, max_size=32, api_open=False)
    return demo


def _ask(desk: Desk) -> tuple[gr.Textbox, gr.Button]:
    gr.Markdown(ASK)
    typed = gr.Textbox(label="Question", lines=2, max_lines=8, elem_id="kd-question")
    with gr.Row():
        go = gr.Button("Ask", variant="primary", elem_id="kd-ask")
        draft = gr.Button("Make a case of it", elem_id="kd-draft")
    seen = gr.Markdown(elem_id="kd-seen")
    gr.on([go.click, typed.submit], partial(opened, desk), [typed], [seen], **EVENT)
    return typed, draft


def _cases(desk: Desk, demo: gr.Blocks) -> Fields:
    gr.Markdown(CASES)
    with gr.Row():
        file = gr.Dropdown(desk.files(), value=OWN, label="File", elem_id="kd-file")
        chosen = gr.Dropdown(
            [], label="Case (type to search)", filterable=True, scale=2, elem_id="kd-case"
        )
    said = gr.Markdown(elem_id="kd-said")
    fields = Fields(file, chosen, case_form(desk), said)
    with gr.Row():
        save = gr.Button("Save", variant="primary", elem_id="kd-save")
        check = gr.Button("Does it pass?", elem_id="kd-check")
        new = gr.Button("New case", elem_id="kd-fresh")
        remove = gr.Button("Delete", variant="stop", elem_id="kd-delete")
    checked = gr.Markdown(elem_id="kd-checked")
    act = _Cases(desk)
    both = [said, chosen]
    pick = [*fields.form, said, checked]
    gr.on([demo.load, file.change], act.list, [file], both, **EVENT)
    chosen.input(act.pick, [file, chosen], pick, **EVENT)
    save.click(act.save, [file, chosen, *fields.form], both, **EVENT)
    check.click(act.check, [file, chosen, *fields.form], [checked], **EVENT)
    remove.click(act.remove, [file, chosen], both, **EVENT)
    new.click(lambda: (None, *cases.Form(), "", ""), None, [chosen, *pick], **EVENT)
    return fields


class _Cases:
    """What the buttons of the tab Cases do; each gives new values for components."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def list(self, file: str) -> tuple[Any, Any]:
        try:
            return "", gr.Dropdown(cases.choices(self.desk, file), value=None)
        except PROBLEMS as error:
            return problem(error), gr.Dropdown([], value=None)

    def pick(self, file: str, chosen: str | None) -> tuple[Any, ...]:
        try:
            found = self.desk.cases(file).get(chosen or "")
        except PROBLEMS as error:
            return (*cases.Form(), problem(error), "")
        return (*(cases.form(found) if found else cases.Form()), "", "")

    def save(self, file: str, chosen: str | None, *filled: Any) -> tuple[Any, Any]:  # noqa: ANN401
        said, name = cases.save(self.desk, file, chosen, cases.Form(*filled))
        if name is None:
            return said, gr.skip()
        return said, gr.Dropdown(cases.choices(self.desk, file), value=name)

    def check(self, file: str, chosen: str | None, *filled: Any) -> str:  # noqa: ANN401
        try:
            old = self.desk.cases(file).get(chosen or "")
        except PROBLEMS as error:
            return problem(error)
        return cases.check(self.desk, cases.Form(*filled), old)

    def remove(self, file: str, chosen: str | None) -> tuple[Any, Any]:
        said = cases.remove(self.desk, file, chosen)
        return said, self.list(file)[1]


def _wire_draft(
    desk: Desk, button: gr.Button, typed: gr.Textbox, tabs: gr.Tabs, fields: Fields
) -> None:
    def draft(question: str) -> tuple[Any, ...]:
        try:
            drafted = cases.draft(desk, question)
        except PROBLEMS as error:
            return (gr.skip(), gr.skip(), *(gr.skip() for _ in fields.form), problem(error))
        said = '<p class="kd-note">A draft of what the bot says today. Is it right? Then save.</p>'
        return gr.Tabs(selected="cases"), None, *drafted, said

    outputs = [tabs, fields.chosen, *fields.form, fields.said]
    button.click(draft, [typed], outputs, **EVENT)


def _runs(desk: Desk, demo: gr.Blocks) -> None:
    gr.Markdown(RUNS)
    label = "Cases to ask"
    files = gr.CheckboxGroup(desk.askable(), value=_ticked(desk), label=label, elem_id="kd-files")
    fresh = gr.Checkbox(
        label="Take in edited articles first",
        info="the index is brought up to date, for visitors too",
        elem_id="kd-take",
    )
    go = gr.Button("Run", variant="primary", elem_id="kd-run")
    made = gr.Markdown(elem_id="kd-made", min_height=90)
    with gr.Row():
        before = gr.Dropdown([], label="Before", elem_id="kd-before")
        after = gr.Dropdown([], label="After", elem_id="kd-after")
    set_side = gr.Button("Compare", elem_id="kd-compare")
    result = gr.Markdown(elem_id="kd-compared")

    def started(
        names: list[str],
        take: bool,
        bar: gr.Progress = gr.Progress(),  # noqa: B008 - how Gradio hands it in
    ) -> tuple[str, Any, Any]:
        bar(0, desc="Asking")
        told, _ = runs.done(desk, names, take, _counted(bar))
        return told, *listed()

    def there() -> Any:  # noqa: ANN401 - what Gradio takes for an update
        return gr.CheckboxGroup(desk.askable(), value=_ticked(desk))

    def listed() -> tuple[Any, Any]:
        names, (old, new) = runs.listed(desk), runs.pair(desk)
        return gr.Dropdown(names, value=old), gr.Dropdown(names, value=new)

    slow = {**EVENT, "show_progress": "full", "concurrency_limit": 1}
    demo.load(there, None, [files], **EVENT)
    demo.load(listed, None, [before, after], **EVENT)
    go.click(started, [files, fresh], [made, before, after], show_progress_on=made, **slow)
    set_side.click(partial(runs.compared, desk), [before, after], [result], **EVENT)


def _ticked(desk: Desk) -> list[str]:
    """The files asked unless others are ticked: not the guard's thousands, nor what is held out."""
    names = desk.askable()
    return [name for name in names if not name.endswith(".jsonl") and not HELD.search(name)]


def _counted(bar: gr.Progress) -> Callable[[int, int], None]:
    """The run's progress as Gradio's bar."""

    def show(done: int, of: int) -> None:
        bar((done, of), desc=f"Asking: {done} of {of}", unit="cases")

    return show


def _gaps(desk: Desk, demo: gr.Blocks, fields: Fields) -> None:
    gr.Markdown(GAPS)
    shown = gr.Markdown(elem_id="kd-gaps")
    question = gr.Dropdown([], label="Question", elem_id="kd-gap")
    with gr.Row():
        steps = {
            "case": gr.Button("Draft a case", elem_id="kd-gap-case"),
            "refuse": gr.Button("Rightly refused", elem_id="kd-gap-refuse"),
            "todo": gr.Button("To write", elem_id="kd-gap-todo"),
        }
        again = gr.Button("Look again", elem_id="kd-gap-again")
    said = gr.Markdown(elem_id="kd-gap-said")

    def looked() -> tuple[Any, Any]:
        html, questions = gaps.shown(desk)
        return html, gr.Dropdown(questions, value=questions[0] if questions else None)

    gr.on([demo.load, again.click], looked, None, [shown, question], **EVENT)
    for what, button in steps.items():
        done = button.click(partial(gaps.step, desk, what), [question], [said], **EVENT)
        # A new case is to be found on the tab Cases.
        done.then(_Cases(desk).list, [fields.file], [fields.said, fields.chosen], **EVENT)
