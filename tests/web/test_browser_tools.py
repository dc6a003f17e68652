"""What a visitor does with an answer: come back to it, edit, rate, copy, take it to the physio."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.web import texts
from tests.web.fakes import ANSWER, NOTE, WORDS
from tests.web.test_browser import CLINIC, FEVER, ask
from tests.web.test_markup import read

pytestmark = pytest.mark.browser


def answered(page: Page, *messages: str) -> None:
    before = page.locator(".kw-foot").count()
    for count, message in enumerate(messages, before + 1):
        ask(page, message)
        expect(page.locator(".kw-foot")).to_have_count(count)


def test_a_conversation_is_there_after_a_reload_and_goes_on(page: Page) -> None:
    answered(page, "Can I run?", FEVER)
    page.reload()
    expect(page.locator(".kw-said")).to_have_text(["Can I run?", FEVER])
    expect(page.get_by_role("alert")).to_contain_text(WORDS.now)
    answered(page, "and on hills?")
    expect(page.locator(".kw-asked-for")).to_contain_text(FEVER)


def test_a_new_conversation_deletes_what_the_browser_kept(page: Page) -> None:
    answered(page, "Can I run?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_text(CLINIC.greeting)).to_be_visible()
    page.reload()
    expect(page.get_by_text(CLINIC.greeting)).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator(".kw-said")).to_have_count(0)


def test_what_somebody_else_put_into_the_browser_is_not_shown(page: Page) -> None:
    answered(page, "Can I run?")
    page.evaluate("localStorage.setItem('kneewise', 'AAAA:' + btoa('<img src=x>'))")
    page.reload()
    expect(page.get_by_text(CLINIC.greeting)).to_be_visible()
    answered(page, "Can I run?")
    expect(page.locator(".kw-said")).to_have_count(1)


def test_the_reworded_question_can_be_edited(page: Page) -> None:
    answered(page, "Can I run?", "and on hills?")
    page.fill("#kw-box textarea", "a draft")
    page.get_by_role("button", name="Edit this question").click()
    expect(page.locator("#kw-box textarea")).to_have_value("and on hills? (Can I run?)\na draft")
    expect(page.locator("#kw-box textarea")).to_be_focused()


def test_a_thumb_down_asks_why_and_says_that_nothing_is_kept(page: Page) -> None:
    answered(page, "Can I run?")
    page.get_by_role("button", name="Not helpful").press("Enter")
    why = page.get_by_role("group", name="What was wrong with it?")
    expect(why.get_by_role("button", name=texts.REASONS["other"])).to_be_focused()
    expect(why.get_by_role("button").last).to_be_in_viewport(ratio=1)
    why.get_by_role("button", name=texts.REASONS["unclear"]).click()
    expect(why).not_to_be_visible()
    expect(page.get_by_text("Nothing of this is kept")).to_be_visible()
    down = page.get_by_role("button", name="Not helpful")
    expect(down).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(down).to_have_attribute("aria-pressed", "false")


def test_an_answer_is_copied_as_text_with_its_sources(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    answered(page, "Can I run?")
    page.get_by_role("button", name="Copy this answer").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert f"{ANSWER[0][0]} [1]" in copied
    assert f"[1] Running with a sore kneecap, {site}/articles/running-guide?from=" in copied
    assert "source 1" not in copied


def test_the_page_for_the_physio_has_questions_answers_sources_and_warnings(page: Page) -> None:
    answered(page, "Can I run?", "it has hurt for six weeks", FEVER, "and on hills?")
    page.get_by_role("button", name="Take this to your physio").click()
    dialog = page.get_by_role("dialog", name="Take this to your physio")
    page.get_by_label("What do you want to tell or ask?").fill("Since spring.\n<b>Stairs</b>")
    paper = dialog.locator(".kw-paper")
    expect(paper.locator(".kw-own")).to_have_text("Since spring.\n<b>Stairs</b>")
    expect(paper.locator("h3")).to_have_text(
        ["Can I run?", "it has hurt for six weeks", FEVER, "and on hills?"]
    )
    headings = paper.locator(".kw-warned strong")
    expect(headings).to_have_text([WORDS.heading, NOTE.heading])
    expect(paper.locator(".kw-warned")).to_contain_text(WORDS.now)
    expect(paper.locator(".kw-warned")).to_contain_text(FEVER)
    expect(paper.locator(".kw-turn").first).to_contain_text(ANSWER[0][0])
    expect(paper.locator(".kw-cited").first).to_contain_text("Dr Maya Lindqvist")
    expect(paper.locator("button, .kw-safety, .kw-foot")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Take this to your physio")).to_be_focused()


def test_printing_the_chat_prints_that_page_and_nothing_else(page: Page) -> None:
    answered(page, "Can I run?")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#kw-print .kw-paper")).to_be_visible()
    expect(page.locator("#kw-log")).not_to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#kw-print")).to_have_count(0)


def test_the_page_for_the_physio_can_be_saved(page: Page, tmp_path: Path) -> None:
    answered(page, "Can I run? <script>alert(1)</script>")
    page.get_by_role("button", name="Take this to your physio").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    html = file.read_text(encoding="utf-8")
    assert ANSWER[0][0] in read(html).text
    assert "<script" not in html
    assert ".kw-paper" in html
