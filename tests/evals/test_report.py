"""The report: one page that needs nothing else and shows everybody's text as text."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from langchain_core.embeddings import Embeddings
from playwright.sync_api import Browser

from evals import plots
from evals.__main__ import main
from evals.record import Run, save
from evals.report import page, refusal_curve
from evals.run import run
from tests.evals.fakes import CASES, small_subject

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> Run:
    return run(CASES, small_subject(tmp_path_factory.mktemp("report"), minilm))


def nasty(made: Run) -> Run:
    """The run with hostile text wherever somebody else's text can stand."""
    first = made.results[0]
    case = first.case.model_copy(update={"id": NASTY, "question": NASTY, "tags": (NASTY,)})
    result = first.model_copy(update={"case": case, "text": NASTY, "passed": False})
    article = made.articles["braces"].model_copy(
        update={"title": NASTY, "text": f"# {NASTY}\n\nA {NASTY} here.\n"}
    )
    return made.model_copy(
        update={
            "results": (result,),
            "articles": {"braces": article, NASTY: article},
            "warnings": (NASTY,),
            "code": NASTY,
        }
    )


def test_text_of_articles_cases_and_answers_is_escaped(made: Run) -> None:
    html = page(nasty(made), [made])
    assert NASTY not in html
    assert "<img" not in html
    assert html.count("<script") == 1
    assert "&lt;script&gt;alert(1)" in html


def test_the_page_loads_nothing_from_anywhere(made: Run) -> None:
    html = page(made)
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", html)
    assert "default-src 'none'" in html


def test_every_link_lands_on_a_sentence(made: Run) -> None:
    html = page(made)
    targets = set(re.findall(r'id="([^"]+)"', html))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links
    assert links <= targets


def test_the_page_tells_what_changed_since_the_run_before(made: Run) -> None:
    assert "All 6 cases came out as before." in page(made, [made])
    assert "Since the run before" not in page(made)


def test_plots_are_well_formed_and_escape_their_labels() -> None:
    drawn = [
        plots.lines(NASTY, [NASTY], [plots.Series(NASTY, (0.5,)), plots.Series("b", (None,))]),
        plots.curve(NASTY, (NASTY, NASTY), [(0.0, 1.0), (1.0, 0.0)], (0.5, 0.5)),
        plots.matrix(NASTY, (NASTY, "b"), {(NASTY, "b"): 3}),
        plots.bars(NASTY, [plots.Bar(NASTY, 1.0, NASTY, 2.0)], 2.0),
        plots.lines("empty", [], []),
        plots.bars("empty", [], 0.0),
    ]
    for plot in drawn:
        assert ElementTree.fromstring(plot).tag == "svg"
        assert "<script" not in plot


def test_the_refusal_curve_goes_from_answering_all_to_refusing_all(made: Run) -> None:
    curve = refusal_curve(made.results)
    assert curve[0][0] == 0.0
    assert curve[-1] == (1.0, 0.0)
    assert [x for x, _ in curve] == sorted(x for x, _ in curve)


def test_the_command_writes_the_page(
    made: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--folder", str(tmp_path)]) == 2
    assert "No run in" in capsys.readouterr().err
    save(made, tmp_path)
    assert main(["report", "--folder", str(tmp_path)]) == 0
    assert "Kneewise: is it any good?" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.browser
def test_filters_and_links_work_in_a_browser(made: Run, tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(made, [made]), encoding="utf-8")
    tab = browser.new_page()
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text))
    tab.goto(path.as_uri())
    assert tab.inner_text("#count") == "1 cases shown, 0 of them pass"
    tab.select_option("select[name=state]", "")
    assert tab.inner_text("#count") == "6 cases shown, 5 of them pass"
    tab.select_option("select[name=articles]", "stretches")
    assert tab.inner_text("#count") == "2 cases shown, 2 of them pass"
    tab.select_option("select[name=tags]", "dose")
    assert tab.inner_text("#count") == "1 cases shown, 1 of them pass"
    tab.click("text=how long do I hold the calf stretch?")
    tab.click(".case[open] a >> nth=0")
    assert tab.locator("span:target").inner_text() == "Hold the calf stretch for 12 seconds."
    assert tab.locator("span:target").is_visible()
    assert errors == []
    tab.close()
