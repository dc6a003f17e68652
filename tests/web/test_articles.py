from datetime import date
from functools import partial

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import BotSettings
from bot.web.articles import article_routes
from tests.web.fakes import GUIDE, HOSTILE, FakeBot, source
from tests.web.test_markup import read

SENTENCE = "Shorten your runs for the first two weeks."


def at(sentence: str) -> str:
    found = source(1, GUIDE, sentence)
    return f"from={found.start}&to={found.end}&n=1"


def test_the_list_names_every_article_and_who_wrote_it(client: httpx.Client) -> None:
    page = read(client.get("/articles").text).text
    assert "Running with a sore kneecap" in page
    assert "Dr Maya Lindqvist, Doctor of Physical Therapy" in page
    assert "Tom Hale, Running coach" in page


def test_an_article_has_headings_paragraphs_and_lists(client: httpx.Client) -> None:
    page = client.get("/articles/running-guide").text
    assert page.count("<h1>") == 1
    assert "<h2>Can I keep running?</h2>" in page
    assert "<ul><li>Pain that is worse the next morning</li>" in page
    assert '<ol><li value="1">Stand on one leg' in page


def test_the_cited_sentence_is_marked_and_can_be_jumped_to(client: httpx.Client) -> None:
    page = client.get(f"/articles/running-guide?{at(SENTENCE)}").text
    assert f'<mark id="cite"><span class="kw-hidden">Cited: </span>{SENTENCE}</mark>' in page


@pytest.mark.parametrize(
    "query",
    ["", "from=5", "from=9&to=3", "from=0&to=999999", "from=-4&to=9", "from=x&to=y", "from=²&to=9"],
)
def test_a_place_that_is_none_marks_nothing(client: httpx.Client, query: str) -> None:
    reply = client.get(f"/articles/running-guide?{query}")
    assert reply.status_code == 200
    assert "<mark" not in reply.text


def test_the_passage_is_the_section_with_its_heading(client: httpx.Client) -> None:
    part = client.get(f"/articles/running-guide/passage?{at(SENTENCE)}").text
    text = read(part).text
    assert "<mark" in part
    assert "Can I keep running?" in text
    assert "Signs that you should rest" in text
    assert "Hold the quadriceps stretch" not in text


def test_an_overdue_review_is_said_and_one_in_time_is_not() -> None:
    for today, overdue in ((date(2025, 5, 4), False), (date(2025, 5, 5), True)):
        site = FastAPI()
        site.include_router(
            article_routes(
                FakeBot(), BotSettings(), partial(date, today.year, today.month, today.day)
            )
        )
        page = TestClient(site).get("/articles/running-guide").text
        assert ("Its next review was due by 4 May 2025" in page) is overdue


@pytest.mark.parametrize("path", ["/articles/hostile", "/articles/hostile/passage", "/articles"])
def test_a_hostile_article_shows_as_text(client: httpx.Client, path: str) -> None:
    page = read(client.get(path).text)
    assert HOSTILE.title in page.text
    assert "<b>Mallory</b>" in page.text
    assert not {"script", "img", "iframe", "svg", "b"} & set(page.tags)


@pytest.mark.parametrize("path", ["/articles/hostile", "/articles/hostile/passage", "/articles"])
def test_no_link_of_an_article_runs_a_script(client: httpx.Client, path: str) -> None:
    page = read(client.get(path).text)
    assert "[x](javascript:alert(1))" in page.text
    assert page.scripted == []


@pytest.mark.parametrize("path", ["/articles/none", "/articles/none/passage"])
def test_an_unknown_article_is_a_readable_404(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    assert "Article not found" in reply.text


@pytest.mark.parametrize("path", ["/articles/..%2f..%2fapp.py", "/static/..%2f..%2fchat.py"])
def test_no_file_of_the_server_can_be_read(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    assert "import" not in reply.text
