"""The chat page as a visitor meets it, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.settings import ClinicSettings
from bot.web import texts
from tests.web.fakes import ANSWER, WORDS

CLINIC = ClinicSettings()
EXAMPLES = CLINIC.examples
pytestmark = pytest.mark.browser
FEVER = "my knee is hot and red and I have a fever"


def ask(page: Page, message: str) -> None:
    page.fill("#kw-box textarea", message)
    page.keyboard.press("Enter")


def rgb(css: str) -> tuple[float, ...]:
    return tuple(float(n) / 255 for n in re.findall(r"[\d.]+", css)[:3])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two opaque CSS colours, 1 to 21."""

    def luminance(css: str) -> float:
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(css))
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)") == pytest.approx(4.54, abs=0.01)


def test_an_answer_comes_with_its_citations_and_sources(page: Page) -> None:
    ask(page, "Can I run?")
    expect(page.locator(".kw-sources")).to_be_visible()
    answer = page.locator(".kw-reply")
    for words, _, _ in ANSWER:
        expect(answer).to_contain_text(words)
    expect(answer.locator("p a.cite, ol a.cite")).to_have_count(5)
    expect(page.locator(".kw-sources")).to_contain_text("Dr Maya Lindqvist")


def test_the_page_says_that_it_is_education(page: Page) -> None:
    expect(page.get_by_text(texts.NOTICE)).to_be_visible()


def test_sentences_appear_while_the_rest_is_still_coming(page: Page) -> None:
    ask(page, "a slow answer please")
    expect(page.locator(".kw-busy")).to_contain_text(ANSWER[0][0])
    expect(page.locator(".kw-reply")).not_to_contain_text(ANSWER[-1][0])
    expect(page.locator(".kw-reply")).to_contain_text(ANSWER[-1][0])


def test_stop_keeps_what_is_there_and_gives_the_box_back(page: Page) -> None:
    ask(page, "a slow answer please")
    expect(page.locator(".kw-busy")).to_contain_text(ANSWER[0][0])
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(texts.STOPPED)).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator(".kw-reply")).not_to_contain_text(ANSWER[-1][0])
    ask(page, "Can I run?")
    expect(page.locator(".kw-reply").last).to_contain_text(ANSWER[-1][0])


def test_a_citation_opens_its_marked_sentence_and_escape_gives_the_focus_back(page: Page) -> None:
    ask(page, "Can I run?")
    link = page.locator(".kw-reply ol a.cite").last
    link.click()
    panel = page.get_by_role("dialog", name="Running with a sore kneecap")
    expect(panel.locator("mark")).to_contain_text("Hold the quadriceps stretch for 10–15 seconds.")
    expect(panel).to_contain_text("Doctor of Physical Therapy")
    expect(panel).to_contain_text("Reviewed 4 May 2023")
    expect(panel.locator("h2")).to_be_focused()
    whole = panel.get_by_role("link", name="Open the whole article")
    assert "/articles/running-guide?from=" in str(whole.get_attribute("href"))
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(link).to_be_focused()


def test_a_citation_is_a_plain_link_to_the_articles_page_too(page: Page) -> None:
    ask(page, "Can I run?")
    with page.context.expect_page() as opened:
        page.locator("a.cite").first.click(modifiers=["Control"])
    article = opened.value
    article.wait_for_load_state()
    expect(article.locator("mark#cite")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_a_red_flag_is_unmissable(browser: Browser, site: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{site}/")
    ask(page, FEVER)
    alarm = page.get_by_role("alert")
    expect(alarm).to_be_visible()
    heading = alarm.get_by_role("heading", name=WORDS.heading)
    expect(heading).to_be_in_viewport(ratio=1)
    for phone in WORDS.phones:
        number = alarm.get_by_role("link", name=f"Call {phone.number}")
        expect(number).to_be_in_viewport(ratio=1)
        expect(number).to_have_attribute("href", f"tel:{phone.number}")
    colour = "element => getComputedStyle(element)"
    ink = heading.locator("span").last.evaluate(f"{colour}.color")
    band = heading.evaluate(f"{colour}.backgroundColor")
    assert contrast(ink, band) >= 4.5
    red, green, blue = rgb(band)
    assert red > 3 * max(green, blue)
    body = alarm.locator(".kw-now").evaluate(f"{colour}.color")
    assert contrast(body, alarm.evaluate(f"{colour}.backgroundColor")) >= 7
    context.close()


def test_a_red_flag_stays_visible_in_forced_colours(browser: Browser, site: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{site}/")
    ask(page, FEVER)
    alarm = page.get_by_role("alert")
    expect(alarm.locator(".kw-icon")).to_be_visible()
    assert alarm.evaluate("element => getComputedStyle(element).borderTopWidth") == "4px"
    context.close()


def test_nothing_scrolls_sideways_at_380_pixels(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 380, "height": 700})
    page = context.new_page()
    page.goto(f"{site}/")
    wide = "document.documentElement.scrollWidth > innerWidth"
    messages = ("Can I run? " + "x" * 300, "six weeks now", "the hostile one", FEVER)
    for answered, message in enumerate(messages, 1):
        ask(page, message)
        expect(page.locator(".kw-reply:not(.kw-busy)")).to_have_count(answered)
        assert not page.evaluate(wide)
        assert page.locator("#kw-log [role=log]").evaluate("e => e.scrollWidth <= e.clientWidth")
    page.locator("a.cite").first.click()
    page.wait_for_selector("dialog .kw-passage")
    assert not page.evaluate(wide)
    assert page.locator(".kw-panel-body").evaluate("e => e.scrollWidth <= e.clientWidth")
    context.close()


@pytest.mark.parametrize(("width", "height"), [(380, 700), (320, 640), (320, 500)])
def test_the_greeting_is_never_cut_off(
    browser: Browser, site: str, width: int, height: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{site}/")
    expect(page.get_by_role("heading", name=CLINIC.greeting)).to_be_in_viewport(ratio=1)
    greeting = page.get_by_role("heading", name=CLINIC.greeting).bounding_box()
    log = page.locator("#kw-log").bounding_box()
    assert greeting is not None
    assert log is not None
    assert greeting["y"] >= log["y"]
    box = page.locator("#kw-box textarea").bounding_box()
    assert box is not None
    assert box["height"] < 60, "one line"
    page.close()


@pytest.mark.parametrize(
    ("width", "height", "size"), [(640, 400, 16), (320, 640, 16), (700, 800, 32)]
)
def test_zoomed_in_and_with_large_text_everything_can_be_reached(
    browser: Browser, site: str, width: int, height: int, size: int
) -> None:
    """1280×800 at 200 %, the narrowest that WCAG 1.4.10 asks for, and text of twice the size."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{site}/")
    page.add_style_tag(content=f"html {{ font-size: {size}px !important; }}")
    for count, message in enumerate(("Can I run?", FEVER), 1):
        ask(page, message)
        expect(page.locator(".kw-foot")).to_have_count(count)
    expect(page.get_by_role("alert").get_by_role("heading")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Send", "New conversation", "Take this to your physio"):
        button = page.get_by_role("button", name=name)
        button.focus()
        expect(button).to_be_in_viewport(ratio=0.9)
    page.get_by_role("button", name="Take this to your physio").click()
    save = page.get_by_role("button", name="Download")
    save.focus()
    expect(save).to_be_in_viewport(ratio=0.9)
    page.close()


def test_two_visitors_do_not_see_each_other(browser: Browser, site: str) -> None:
    contexts = [browser.new_context() for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(f"{site}/")
    for page, message in zip(pages, ("slow one from Ann", "slow one from Bob"), strict=True):
        ask(page, message)
    for page, name, other in zip(pages, ("Ann", "Bob"), ("Bob", "Ann"), strict=True):
        expect(page.locator(".kw-sources")).to_be_visible(timeout=20_000)
        ask(page, "and on hills?")
        expect(page.locator(".kw-searched")).to_contain_text(f"from {name}")
        expect(page.locator("body")).not_to_contain_text(other)
    for context in contexts:
        context.close()


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    page.get_by_role("button", name=EXAMPLES[0]).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kw-sources")).to_be_visible()
    page.get_by_role("link", name="source 1").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="source 1").first).to_be_focused()
    page.get_by_role("button", name="How long does it take to get better?").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kw-reply")).to_have_count(2)
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("and on hills?")
    page.keyboard.press("Enter")
    expect(page.locator(".kw-reply")).to_have_count(3)


def test_a_new_conversation_forgets_the_old_one(page: Page) -> None:
    ask(page, "Can I run?")
    expect(page.locator(".kw-sources")).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_text(CLINIC.greeting)).to_be_visible()
    ask(page, "and on hills?")
    expect(page.locator(".kw-sources")).to_be_visible()
    expect(page.locator(".kw-searched")).to_have_count(0)


def test_a_message_that_is_too_long_is_kept_and_explained(page: Page) -> None:
    long = "knee " * 500
    ask(page, long)
    expect(page.get_by_role("alert")).to_contain_text("the limit is 2,000")
    expect(page.locator("#kw-box textarea")).to_have_value(long)
    expect(page.locator(".kw-reply")).to_have_count(0)
    ask(page, "Can I run?")
    expect(page.locator(".kw-sources")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_refused_message_does_not_disturb_the_conversation(page: Page) -> None:
    ask(page, "Can I run?")
    expect(page.locator(".kw-sources")).to_be_visible()
    page.evaluate("""() => {
        window.emptied = false;
        new MutationObserver(() => {
            window.emptied ||= !document.querySelector(".kw-reply");
        }).observe(document.body, { subtree: true, childList: true });
    }""")
    ask(page, "knee " * 500)
    expect(page.get_by_role("alert")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.emptied") is False


def test_what_is_typed_while_a_message_is_on_its_way_stays_in_the_box(page: Page) -> None:
    def later(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/queue/join*", later)
    page.fill("#kw-box textarea", "Can I run?")
    with page.expect_request("**/queue/join*"):
        page.keyboard.press("Enter")
    page.keyboard.type(" and on hills?")
    expect(page.locator(".kw-said")).to_have_text("Can I run?")
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#kw-box textarea")).to_have_value("and on hills?")


def test_messages_sent_the_moment_an_answer_is_there_are_all_taken(page: Page) -> None:
    for sent in range(1, 9):
        ask(page, f"question {sent}")
        expect(page.locator(".kw-reply:not(.kw-busy)")).to_have_count(sent)
    expect(page.locator(".kw-said")).to_have_text([f"question {n}" for n in range(1, 9)])


def test_a_suggestion_does_not_cost_what_stands_in_the_box(page: Page) -> None:
    page.fill("#kw-box textarea", "a draft")
    page.get_by_role("button", name=EXAMPLES[0]).click()
    expect(page.locator(".kw-sources")).to_be_visible()
    expect(page.locator("#kw-box textarea")).to_have_value("a draft")


def test_a_message_that_cannot_be_sent_stays_in_the_box(page: Page) -> None:
    page.context.set_offline(True)
    ask(page, "Can I run?")
    page.wait_for_timeout(1500)
    expect(page.locator("#kw-box textarea")).to_have_value("Can I run?")


def test_a_failure_is_explained_and_the_page_goes_on(page: Page) -> None:
    ask(page, "please break")
    expect(page.locator(".kw-failed")).to_contain_text("something went wrong")
    expect(page.locator("body")).not_to_contain_text("/srv/kneewise")
    ask(page, "Can I run?")
    expect(page.locator(".kw-sources")).to_be_visible()


def test_nothing_of_an_article_or_a_message_becomes_html(page: Page) -> None:
    typed = "the hostile one <img src=x onerror=\"window.hacked='typed'\"> **b** [l](javascript:0)"
    ask(page, typed)
    expect(page.locator(".kw-sources")).to_be_visible()
    expect(page.locator(".kw-said")).to_have_text(typed)
    expect(page.locator(".kw-reply")).to_contain_text("<script>window.hacked='text'</script>")
    page.locator("a.cite").first.click()
    expect(page.locator("dialog mark")).to_contain_text("![that](https://evil.example/pixel.png)")
    strange = ":is(img, iframe, strong, em, a[href^='javascript:' i])"
    expect(page.locator(f"#kw-log {strange}, dialog {strange}")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_nothing_moves_for_those_who_asked_for_that(browser: Browser, site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site}/")
    ask(page, "Can I run?")
    page.locator("a.cite").first.click()
    page.wait_for_selector("dialog mark")
    assert page.locator("dialog").evaluate("e => getComputedStyle(e).animationName") == "none"
    context.close()


def test_a_message_sent_before_the_scripts_are_there_leaves_the_box_too(
    browser: Browser, site: str
) -> None:
    page = browser.new_page()
    page.route("**/static/chat.js", lambda route: held.append(route))
    held: list[Route] = []
    page.goto(f"{site}/")
    ask(page, "Can I run?")
    expect(page.locator(".kw-sources")).to_be_visible()
    held.pop().continue_()
    expect(page.locator("#kw-box textarea")).to_have_value("")
    page.close()
