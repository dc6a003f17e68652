"""Drawings stand beside the steps of an exercise, and nowhere else."""

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from bot.settings import BotSettings
from bot.types import Source, Statement
from bot.web.drawings import Drawing, Drawings
from bot.web.exchange import Exchange
from bot.web.reading import reading, section
from bot.web.reply import reply
from tests.web.fakes import GUIDE

SHIPPED = Drawings.load()
CALF = Drawing(file="calf-stretch.svg", term="calf stretch", also=("calf stretches",), alt="<Calf>")
BRIDGE = Drawing(file="quad-set.svg", term="glute bridges", alt="A bridge.")
SINGLE = Drawing(file="band-walk.svg", term="single-leg glute bridges", alt="One leg.")
DRAWINGS = Drawings((CALF, BRIDGE, SINGLE))
HOW = "How do I do the calf stretch?"


def answer(section: str, *statements: Statement) -> str:
    source = Source(1, "running-guide", "T", section, "quote", 0, 5)
    exchange = Exchange("how?", "done", statements=statements, sources=(source,))
    return reply(exchange, {}, BotSettings(), DRAWINGS)


def item(text: str) -> Statement:
    return Statement(text, (1,), "item")


def drawn(html: str) -> list[str]:
    return re.findall(r"([\w-]+)&#46;svg", html.replace("&#45;", "-"))


def test_the_steps_of_an_exercise_carry_its_drawing_once() -> None:
    lean = "In the calf stretch, lean forward."
    html = answer(HOW, Statement("The steps of the calf stretch are:", (1,)), item(lean))
    assert drawn(html) == ["calf-stretch"]
    assert html.index("<img") < html.index("lean")
    assert 'alt="&#60;Calf&#62;"' in html


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("Should I stretch?", "The calf stretch is one of three."),
        (HOW, "Hold it for ten seconds."),
        ("", "In the calf stretch, lean forward."),
    ],
)
def test_what_only_mentions_an_exercise_carries_none(section: str, text: str) -> None:
    assert drawn(answer(section, Statement(text, (1,)))) == []


def test_a_list_of_exercises_carries_each_one_s_drawing() -> None:
    html = answer("Which help?", item("Single leg glute bridges"), item("Glute bridge, slowly"))
    assert drawn(html) == ["band-walk", "quad-set"]
    assert drawn(answer("Which help?", item("Rest after glute bridges"))) == []


def test_the_longer_name_wins() -> None:
    assert DRAWINGS.named("How do I do single-leg glute bridges?") == SINGLE
    assert DRAWINGS.named("How do I do a glute bridge?") == BRIDGE
    assert DRAWINGS.named("How do I do calf raises?") is None


def test_an_article_and_the_panel_show_it_under_its_heading() -> None:
    text = f"# T\n\n## {HOW}\n\nIn the calf stretch, lean.\n\n## Rest\n\nThe calf stretch helps.\n"
    article = replace(GUIDE, text=text)
    whole = reading(article, None, DRAWINGS)
    assert whole.count("<svg") == 1
    assert whole.index("</h2>") < whole.index("<svg") < whole.index("lean")
    assert 'role="img" aria-label="&lt;Calf&gt;"' in whole
    assert section(article, None, DRAWINGS).startswith('<div class="kw-drawing"><svg')


def test_no_drawings_are_no_mistake_but_a_wrong_index_is(tmp_path: Path) -> None:
    assert Drawings.load(tmp_path).drawings == ()
    (tmp_path / "index.yaml").write_text("- file: x.svg\n  term: x\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="alt"):
        Drawings.load(tmp_path)


@pytest.mark.parametrize("drawing", SHIPPED.drawings, ids=lambda drawing: drawing.file)
def test_a_shipped_drawing_can_be_put_into_a_page(drawing: Drawing) -> None:
    html = SHIPPED.inline(drawing)
    assert html.count("<svg") == html.count("</svg>") == 1
    assert not re.search(
        r"<script|<style|<image|<foreignObject|href|\son\w+=|https?:(?!//www\.w3\.org/2000/svg)",
        html,
    )
    assert len(drawing.alt) > 20


def test_a_drawing_is_served(client: httpx.Client) -> None:
    reply = client.get(f"/static/drawings/{SHIPPED.drawings[0].file}")
    assert reply.headers["content-type"].startswith("image/svg+xml")
