"""A content writer's afternoon at the desk: ask, make a case, break it, run, compare."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from langchain_core.embeddings import Embeddings
from playwright.sync_api import Browser, Page, expect

from bot.settings import LogSettings
from evals.ask import Trace, ask
from evals.cases import load_cases
from evals.desk import cases, gaps, runs
from evals.desk.ask import drawn, opened
from evals.desk.kit import OWN, Desk, Places
from evals.edit import put_case
from evals.look import look
from tests.evals.desk_server import PASSWORD, desk_server
from tests.evals.fakes import CURE, HOLD, PILLS, TIMES, edited, small_subject
from tests.web.axe import serious
from tests.web.test_widget import npm as npm

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ASKED = "how long do I hold the calf stretch?"
IN_ARTICLE = "&lt;script&gt;<b>so</b> [x](javascript:alert(1)) **now**"
HOSTILE = "<img src=x onerror=alert(1)> **calf** [x](javascript:alert(1)) stretch"


def places(folder: Path) -> Places:
    (folder / "cases").mkdir(exist_ok=True)
    return Places(
        folder / "cases", folder / "runs", folder / "gaps.jsonl", folder / "docs" / "todo.md"
    )


@pytest.fixture
def desk(tmp_path: Path, minilm: Embeddings) -> Desk:
    made = Desk(small_subject(tmp_path / "bot", minilm), places(tmp_path))
    for case in (HOLD, CURE, PILLS, TIMES):
        put_case(made.places.cases / "answers-small.yaml", case)
    return made


def nothing(done: int, of: int) -> None:
    """A progress that nobody watches."""


def trace(desk: Desk, *messages: str) -> Trace:
    return ask(desk.subject.bot, messages)


def test_what_the_judge_dropped_is_told_from_what_is_shown_and_what_is_not_chosen(
    desk: Desk,
) -> None:
    made = trace(desk, "how long do I hold the calf stretch?")
    repeat = "Repeat the calf stretch 3 times."
    invented = "Hold it for an hour."
    kept = tuple(s for s in made.answer.statements if s.text != repeat)
    answer = replace(made.answer, statements=kept, sources=made.answer.sources[:1])
    made = replace(made, answer=answer, dropped=(repeat, invented))
    html = drawn(made, look(made))
    assert 'kd-shown">shown</span> Hold the calf stretch for 12 seconds' in html
    assert 'kd-dropped">dropped by the judge</span> Repeat the calf stretch' in html
    assert 'kd-dropped">dropped by the judge</span> Hold it for an hour' in html
    assert 'kd-left">not chosen</span> A knee brace is not a cure' in html


def test_nothing_that_is_typed_becomes_markup(desk: Desk) -> None:
    html = opened(desk, HOSTILE)
    assert "<img" not in html
    assert "](javascript" not in html
    assert "**" not in html


def test_an_article_with_markup_shows_as_text(tmp_path: Path, minilm: Embeddings) -> None:
    small_subject(tmp_path, minilm)
    subject = edited(tmp_path, minilm, "stretches", "12 seconds", f"12 seconds {IN_ARTICLE}")
    hostile = Desk(subject, places(tmp_path))
    quote = next(s.quote for s in trace(hostile, ASKED).answer.sources)
    assert "javascript:" in quote, "the article still says it"
    put_case(hostile.places.cases / OWN, HOLD.model_copy(update={"facts": (("an hour",),)}))
    ran, _ = runs.done(hostile, [OWN], False, nothing)
    for html in (opened(hostile, ASKED), ran):
        assert "12 seconds" in html
        assert "javascript:" not in html, "written with entities"
        assert "<b>so" not in html
        assert "**now" not in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("I have crushing chest pain", "The guard stopped the message"),
        ("what is the capital of France?", "Refused before anything was chosen"),
        ("how do I do the calf stretch?\nhow many times?", "searched for: “how many times"),
        ("  ", "Type a question first"),
        ("x" * 2001, "Shorten it"),
    ],
)
def test_a_question_says_what_came_of_it(desk: Desk, typed: str, said: str) -> None:
    assert said in opened(desk, typed)


def test_a_case_comes_through_its_form_unchanged() -> None:
    for case in (HOLD, CURE, PILLS, TIMES):
        assert cases.case_of(cases.form(case), case) == case


def test_a_saved_case_changes_its_file_and_nothing_else_in_it(desk: Desk) -> None:
    filled = cases.form(HOLD)._replace(facts="12 sec | twelve seconds\n3 times")
    said, name = cases.save(desk, "answers-small.yaml", "hold", filled)
    assert name == "hold"
    assert "Saved" in said
    found = {c.id: c for c in load_cases([desk.places.cases / "answers-small.yaml"])}
    assert found["hold"].facts == (("12 sec", "twelve seconds"), ("3 times",))
    assert {n: c for n, c in found.items() if n != "hold"} == {
        c.id: c for c in (CURE, PILLS, TIMES)
    }


@pytest.mark.parametrize(
    ("file", "chosen", "change", "said"),
    [
        ("answers-small.yaml", "hold", {"articles": ()}, "which article answers it"),
        ("answers-small.yaml", "hold", {"messages": ""}, "is missing"),
        ("answers-small.yaml", None, {}, "another case is called"),
        (OWN, None, {}, "has a case"),
        ("../../app.yaml", None, {}, "There is no file of cases"),
        (None, None, {}, "There is no file of cases"),
    ],
)
def test_what_cannot_be_saved_is_said_and_not_saved(
    desk: Desk, file: str | None, chosen: str | None, change: dict[str, Any], said: str
) -> None:
    before = (desk.places.cases / "answers-small.yaml").read_text(encoding="utf-8")
    told, name = cases.save(desk, file, chosen, cases.form(HOLD)._replace(**change))
    assert name is None
    assert said in told.replace("&#45;", "-").replace("&#39;", "'")
    assert (desk.places.cases / "answers-small.yaml").read_text(encoding="utf-8") == before
    assert not (desk.places.cases / OWN).exists()


def test_a_case_that_is_renamed_leaves_no_copy(desk: Desk) -> None:
    filled = cases.form(HOLD)._replace(id="hold-it")
    assert cases.save(desk, "answers-small.yaml", "hold", filled)[1] == "hold-it"
    assert "hold" not in desk.cases("answers-small.yaml")


def test_what_was_deleted_can_be_put_back(desk: Desk) -> None:
    assert "taken out" in cases.remove(desk, "answers-small.yaml", "hold")
    assert "hold" not in desk.cases("answers-small.yaml")
    assert cases.save(desk, "answers-small.yaml", None, cases.form(HOLD))[1] == "hold"


def test_a_file_without_cases_does_not_stay_to_stop_every_run(desk: Desk) -> None:
    cases.save(desk, OWN, None, cases.form(HOLD)._replace(id="own"))
    cases.remove(desk, OWN, "own")
    assert not (desk.places.cases / OWN).exists()
    assert len(load_cases([desk.places.cases])) == 4


def test_a_form_is_checked_before_it_is_saved(desk: Desk) -> None:
    assert "It passes" in cases.check(desk, cases.form(HOLD), None)
    told = cases.check(desk, cases.form(HOLD)._replace(facts="99 seconds"), None)
    assert "It fails" in told
    assert "expected 99 seconds" in told


def test_a_draft_of_the_bots_answer_passes(desk: Desk) -> None:
    filled = cases.draft(desk, "how long do I hold the calf stretch?")
    assert filled.articles == ["stretches"]
    assert "It passes" in cases.check(desk, filled, None)


def test_a_run_counts_quotes_failures_and_is_kept(desk: Desk) -> None:
    counted: list[tuple[int, int]] = []
    html, name = runs.done(desk, ["answers-small.yaml"], False, lambda *step: counted.append(step))
    assert counted == [(n, 4) for n in range(1, 5)]
    assert "3 of 4 questions pass" in html
    assert "expected magic" in html
    assert runs.listed(desk) == [name]


def test_what_is_held_out_is_asked_but_not_edited(desk: Desk) -> None:
    put_case(desk.places.cases / "answers-held.yaml", HOLD.model_copy(update={"id": "kept"}))
    (desk.places.cases / "cases-sheet.csv").write_text("question,articles\nhold it?,stretches\n")
    assert desk.files() == ["answers-small.yaml", OWN]
    assert desk.askable() == ["answers-held.yaml", "answers-small.yaml", "cases-sheet.csv"]
    said, name = cases.save(desk, "answers-held.yaml", "kept", cases.form(HOLD))
    assert name is None
    assert "no file of cases" in said
    told, _ = runs.done(desk, ["answers-held.yaml", "cases-sheet.csv"], False, nothing)
    assert "of 2 questions pass" in told


def test_a_name_that_a_spreadsheet_has_is_not_taken_again(desk: Desk) -> None:
    (desk.places.cases / "cases-sheet.csv").write_text("id,question,articles\nnew,q,stretches\n")
    said, name = cases.save(desk, OWN, None, cases.form(HOLD)._replace(id="new"))
    assert name is None
    assert "cases-sheet.csv has a case" in unescape(said)


def test_a_comparison_names_the_case_and_what_it_fails(desk: Desk) -> None:
    first = runs.done(desk, ["answers-small.yaml"], False, nothing)[1]
    path = desk.places.runs / first
    record = json.loads(path.read_text(encoding="utf-8"))
    article = record["articles"]["braces"]
    article["text"] = article["text"].replace("not a cure", "magic, not a cure")
    article["sha256"] = "before"
    cure = next(r for r in record["results"] if r["case"]["id"] == "cure")
    cure |= {"passed": True}
    earlier = "2026-01-01-000000.json"
    (desk.places.runs / earlier).write_text(json.dumps(record), encoding="utf-8")
    assert runs.pair(desk) == (earlier, first)
    html = runs.compared(desk, earlier, first)
    assert "1 case is certainly worse" in html
    assert "article <b>braces</b>: edited" in html
    assert "<h2>Worse: 1</h2>" in html


@pytest.mark.parametrize(
    ("before", "after"), [(None, None), ("../x.json", "y.json"), ("same", "same")]
)
def test_only_two_runs_of_the_folder_are_compared(
    desk: Desk, before: str | None, after: str | None
) -> None:
    assert "Choose two runs" in runs.compared(desk, before, after)


def test_no_file_and_no_cases_make_no_run(desk: Desk) -> None:
    for names in ([], [OWN], ["../secret.yaml"]):
        html, name = runs.done(desk, names, False, nothing)
        assert name == ""
        assert "kd-bad" in html


LOG = (
    {"day": "2026-11-20", "why": "refused", "question": "does kinesio tape help"},
    {"day": "2026-11-21", "why": "refused", "question": "kt tape any good for runners knee?"},
    {
        "day": "2026-11-21",
        "why": "thumbs_down",
        "question": "how long <b>hold</b> calf stretch",
        "reason": "Too long",
    },
)


def logged(desk: Desk) -> None:
    rows = "".join(json.dumps(row) + "\n" for row in LOG)
    desk.places.log.write_text(rows, encoding="utf-8")


def test_a_report_is_of_a_run_that_is_there(desk: Desk) -> None:
    _, name = runs.done(desk, ["answers-small.yaml"], False, nothing)
    html = runs.report(desk, name)
    assert html is not None
    assert "3 of 4" in html
    assert runs.report(desk, "../secret.json") is None


def test_an_empty_log_is_no_missing_setting(desk: Desk) -> None:
    settings = desk.subject.settings.model_copy(update={"log": LogSettings(gaps=True)})
    kept = Desk(desk.subject._replace(settings=settings), desk.places)
    assert "since logging was switched on" in gaps.shown(kept)[0]


def test_without_a_log_the_gaps_say_how_to_have_one(desk: Desk) -> None:
    html, questions = gaps.shown(desk)
    assert "No questions are kept" in html
    assert questions == []


def test_gaps_are_counted_with_their_feedback_and_escaped(desk: Desk) -> None:
    logged(desk)
    html, questions = gaps.shown(desk)
    assert len(questions) == 2
    assert "<b>2×</b>" in html
    assert "Too long" in html
    assert "<b>hold" not in html


def test_a_gap_becomes_a_case_or_a_to_do(desk: Desk) -> None:
    logged(desk)
    tape, hold = gaps.shown(desk)[1]
    assert "Put into" in gaps.step(desk, "refuse", tape)
    assert "Put into" in gaps.step(desk, "case", hold)
    assert [case.refused for case in desk.cases(OWN).values()] == [True, False]
    assert "Put on" in gaps.step(desk, "todo", tape)
    assert tape in desk.places.todo.read_text(encoding="utf-8")
    assert "Choose a question" in gaps.step(desk, "todo", "another")


class Served(NamedTuple):
    address: str
    places: Places


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    at = places(folder)
    for case in (HOLD, CURE, PILLS, TIMES):
        put_case(at.cases / "answers-small.yaml", case)
    with desk_server(folder) as address:
        yield Served(address, at)


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The desk, entered by its form; a script error or a broken policy fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(f"{served.address}/desk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter").click()
    page.wait_for_selector("#kd-question textarea")
    yield page
    context.close()
    assert wrong == []


def test_ask_edit_run_and_compare_in_a_browser(page: Page, served: Served) -> None:
    page.get_by_label("Question").first.fill("how long do I hold the calf stretch?")
    page.get_by_role("button", name="Ask", exact=True).click()
    seen = page.locator("#kd-seen")
    expect(seen).to_contain_text("Answered with")
    expect(seen.locator(".kd-shown").first).to_have_text("shown")
    left = seen.locator("li", has_text="A knee brace is not a cure.")
    expect(left.locator(".kd-left")).to_have_text("not chosen")

    page.get_by_role("tab", name="Runs").click()
    _run(page, "3 of 4 questions pass")

    page.get_by_role("tab", name="Cases").click()
    _choose(page, "#kd-file", "answers-small.yaml")
    _choose(page, "#kd-case", "does a knee brace help")
    facts = page.locator("#kd-facts textarea")
    expect(facts).to_have_value("not a cure\nmagic")
    facts.fill("not a cure")
    page.locator("#kd-check").click()
    expect(page.locator("#kd-checked")).to_contain_text("It passes.")
    page.locator("#kd-save").click()
    expect(page.locator("#kd-said")).to_contain_text("Saved as 'cure'")
    found = {case.id: case for case in load_cases([served.places.cases])}
    assert found["cure"].facts == (("not a cure",),)

    page.get_by_role("tab", name="Runs").click()
    _run(page, "4 of 4 questions pass")
    expect(page.locator("#kd-before input")).to_have_value(re.compile(r"\.json$"))
    with page.context.expect_page() as opened:
        page.locator("#kd-made .kd-report a").click()
    report = opened.value
    expect(report.get_by_role("heading", level=1)).to_be_visible()
    expect(report.locator("svg").first).to_be_visible()
    expect(report.locator("body")).to_contain_text("4 of 4 questions pass")
    report.close()
    page.locator("#kd-compare").click()
    compared = page.locator("#kd-compared")
    expect(compared).to_contain_text("All 3 cases came out as before")
    expect(compared).to_contain_text("1 new or rewritten cases are not compared")


def _run(page: Page, verdict: str) -> None:
    # Four cases are asked so fast that looking now and then could miss the bar.
    page.evaluate("""() => {
        window.bar = "";
        new MutationObserver(() => {
            const bar = document.querySelector("#kd-made .progress-level");
            window.bar = bar?.textContent || window.bar;
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
    }""")
    page.locator("#kd-run").click()
    expect(page.locator("#kd-made")).to_contain_text(verdict)
    assert "Asking" in page.evaluate("() => window.bar")


def _choose(page: Page, where: str, option: str) -> None:
    page.locator(f"{where} input").click()
    page.get_by_role("option", name=option).first.click()


def test_a_gap_is_found_as_a_case_in_a_browser(page: Page, served: Served) -> None:
    served.places.log.write_text(json.dumps(LOG[0]) + "\n", encoding="utf-8")
    page.get_by_role("tab", name="Gaps").click()
    page.locator("#kd-gap-again").click()
    expect(page.locator("#kd-gaps")).to_contain_text("1 of 1 gaps are open")
    page.locator("#kd-gap-refuse").click()
    expect(page.locator("#kd-gap-said")).to_contain_text("Put into cases-desk.yaml")
    page.get_by_role("tab", name="Cases").click()
    _choose(page, "#kd-case", "does kinesio tape help")
    expect(page.locator("#kd-refused input")).to_be_checked()
    page.locator("#kd-delete").click()
    expect(page.locator("#kd-said")).to_contain_text("is taken out")


@pytest.mark.usefixtures("npm")
def test_axe_finds_nothing_serious_at_the_desk(browser: Browser, served: Served) -> None:
    served.places.log.write_text("".join(json.dumps(row) + "\n" for row in LOG), encoding="utf-8")
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served.address}/desk")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert serious(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter").click()
    page.wait_for_selector("#kd-question textarea")
    for scheme, width in product(SCHEMES, (1280, 380)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        page.reload()
        assert [found for tab in _tabs(page) for found in serious(tab)] == []
    context.close()


def _tabs(page: Page) -> Iterator[Page]:
    """Each tab with something on it, and the report of a run."""
    page.get_by_label("Question").first.fill("how long do I hold the calf stretch?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#kd-seen")).to_contain_text("Answered with")
    yield page
    page.get_by_role("tab", name="Cases").click()
    _choose(page, "#kd-file", "answers-small.yaml")
    _choose(page, "#kd-case", "which painkiller")
    expect(page.locator("#kd-refused input")).to_be_checked()
    page.locator("#kd-check").click()
    expect(page.locator("#kd-checked")).to_contain_text("It passes.")
    yield page
    page.get_by_role("tab", name="Runs").click()
    page.locator("#kd-run").click()
    with page.context.expect_page() as opened:
        page.locator("#kd-made .kd-report a").click()
    report = opened.value
    expect(report.get_by_role("heading", level=1)).to_be_visible()
    yield report
    report.close()
    yield page
    page.get_by_role("tab", name="Gaps").click()
    page.locator("#kd-gap-again").click()
    expect(page.locator("#kd-gaps")).to_contain_text("gaps are open")
    page.locator("#kd-gaps summary").first.click()
    lines = "e => getComputedStyle(e).textDecorationLine"
    told = [page.get_by_role("tab", name=name).evaluate(lines) for name in ("Runs", "Gaps")]
    assert told == ["none", "underline"], "the open tab is told by more than its colour"
    yield page
