"""The widget in a real browser, on pages of another origin."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from bot.redflags.table import RULES
from bot.settings import BotSettings, ClinicSettings, Limits, WebSettings
from bot.web.embed import Widget
from bot.web.site import site as make_site
from tests.web.axe import serious
from tests.web.fakes import FakeBot
from tests.web.hosting import Host, served

pytestmark = pytest.mark.browser
NPM = Path(__file__).parent / "npm"
HOSTS = ("plain.html", "hostile.html", "react.html")
CLINIC = ClinicSettings(
    name="Riverside Sports Clinic",
    phone="020 7946 0000",
    booking="https://riverside.example/book",
    examples=("Can I keep running?",),
)
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="session")
def npm() -> Path:
    """React and axe-core, installed once with exactly the locked versions."""
    modules = NPM / "node_modules"
    if (modules / "axe-core" / "axe.min.js").is_file():
        return modules
    reason = "npm is not installed"
    if shutil.which("npm"):
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=NPM, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return modules
        reason = f"npm ci failed: {done.stderr[-300:]}"
    if os.environ.get("KNEEWISE_REQUIRE_BROWSER"):
        pytest.fail(f"KNEEWISE_REQUIRE_BROWSER is set, and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A clinic's pages and, on another port, our server, which knows this clinic only."""
    host = Host()
    settings = BotSettings.model_validate(
        {
            "clinic": CLINIC,
            "web": WebSettings(sites=(host.origin,), metrics_from=("127.0.0.1",)),
            "limits": Limits(per_address=10_000, per_site=10_000),
        }
    )
    with served(make_site(FakeBot(), settings)) as address, host.running():
        host.site = address
        yield host


class Visit:
    """Opens pages of the clinic, each in a browser that knows nothing of the others."""

    def __init__(self, browser: Browser, host: Host) -> None:
        self.browser, self.host = browser, host
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def __call__(
        self,
        name: str = "plain.html",
        options: str = "",
        size: tuple[int, int] = (1280, 800),
        scheme: Scheme = "light",
        *,
        origin: str = "",
    ) -> Page:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._said)
        page.goto(f"{origin or self.host.origin}/{name}?{options}")
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "favicon" not in message.location.get("url", ""):
            self.errors.append(message.text)

    def expected(self, words: str) -> None:
        """The browser has said this, and nothing is wrong with that."""
        assert any(words in error for error in self.errors), self.errors
        self.errors.clear()


@pytest.fixture
def visit(browser: Browser, host: Host) -> Iterator[Visit]:
    """A script error or a breach of the page's policy fails the test."""
    visit = Visit(browser, host)
    yield visit
    for context in visit.contexts:
        context.close()
    assert visit.errors == []


def opened(page: Page) -> Page:
    page.locator(".launcher").click()
    return page


def ask(page: Page, message: str) -> None:
    page.get_by_role("textbox", name="Your question").fill(message)
    page.keyboard.press("Enter")


def answered(page: Page, message: str) -> None:
    ask(page, message)
    expect(page.locator(".reply").last.locator(".wait")).to_have_count(0)
    expect(page.get_by_role("button", name="Send")).to_be_visible()


# --- on other people's pages -----------------------------------------------------------------


def test_the_script_is_small_and_complete(host: Host) -> None:
    reply = httpx.get(f"{host.site}/widget.js", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers["content-length"]) < 40_000
    assert "020 7946 0000" in reply.text
    assert "set-cookie" not in reply.headers
    for word in ("document.cookie", "localStorage", "innerHTML", "eval("):
        assert word not in reply.text


def test_the_script_carries_every_red_flag_of_the_table(host: Host) -> None:
    script = httpx.get(f"{host.site}/widget.js").text
    grave = [rule.looks_for for rule in RULES if rule.level in {"emergency", "urgent"}]
    assert len(grave) > 20
    assert [words for words in grave if json.dumps(words) not in script] == []


def test_the_script_carries_the_red_flags_of_the_clinics_own() -> None:
    raised = next(rule for rule in RULES if rule.level == "see_professional")
    own = {"looks_for": "A sting by a jellyfish", "phrases": ["jellyfish"]}
    clinic = {
        "raised": [{"flag": raised.id, "level": "urgent"}],
        "rules": [
            {"id": "clinic_sting", "level": "urgent", **own},
            {"id": "clinic_soon", "level": "see_professional", **own, "looks_for": "Not grave"},
        ],
    }
    script = Widget(BotSettings.model_validate({"clinic": clinic})).script.decode()
    assert json.dumps(raised.looks_for) in script
    assert json.dumps("A sting by a jellyfish") in script
    assert "Not grave" not in script


def test_a_page_may_pin_the_script(host: Host) -> None:
    told = httpx.get(f"{host.site}/widget.json").json()
    pinned = httpx.get(f"{host.site}/{told['src']}")
    assert "immutable" in pinned.headers["cache-control"]
    assert pinned.content == httpx.get(f"{host.site}/widget.js").content
    assert httpx.get(f"{host.site}/widget-0123456789abcdef.js").status_code == 404


def test_the_script_changes_with_the_settings() -> None:
    one, other = (Widget(BotSettings(clinic=ClinicSettings(name=name))) for name in ("A", "B"))
    assert one.integrity != other.integrity


def test_it_works_under_a_strict_policy_and_asks_nobody_else(visit: Visit, host: Host) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page)
    answered(page, "Can I keep running?")
    expect(page.locator(".reply")).to_contain_text("You can keep running with runner's knee")
    assert asked
    assert all(url.startswith(host.site) for url in asked)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_pinned_script_passes_the_integrity_check(visit: Visit, host: Host) -> None:
    told = httpx.get(f"{host.site}/widget.json").json()
    page = visit("hostile.html", f'integrity="{told["integrity"]}" crossorigin="anonymous"')
    expect(page.locator(".launcher")).to_be_visible()


def test_a_script_that_was_changed_on_its_way_is_not_run(visit: Visit, host: Host) -> None:
    other = "sha384-" + base64.b64encode(hashlib.sha384(b"another script").digest()).decode()
    page = visit("hostile.html", f'integrity="{other}" crossorigin="anonymous"')
    page.wait_for_timeout(500)
    expect(page.locator("kneewise-chat")).to_have_count(0)
    visit.expected("integrity")


def test_the_hash_is_the_one_that_openssl_gives(host: Host) -> None:
    script = httpx.get(f"{host.site}/widget.js").content
    by_hand = "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()
    assert httpx.get(f"{host.site}/widget.json").json()["integrity"] == by_hand


def test_nothing_moves_for_those_who_asked_for_that(visit: Visit) -> None:
    moves = "e => getComputedStyle(e).animationName"
    page = opened(visit())
    assert page.locator(".panel").evaluate(moves) == "rise"
    page.emulate_media(reduced_motion="reduce")
    assert page.locator(".panel").evaluate(moves) == "none"


def test_hostile_style_does_not_reach_it(visit: Visit) -> None:
    page = opened(visit("hostile.html"))
    answered(page, "Can I keep running?")
    box = page.locator(".panel").bounding_box()
    assert box is not None
    assert box["x"] < 100, "in a page from right to left it stands on the left"
    assert 380 < box["width"] < 440
    said = page.locator(".reply .body p").first
    style = said.evaluate(
        "e => { const s = getComputedStyle(e); return [s.fontSize, s.color, s.textTransform] }"
    )
    assert style == ["16px", "rgb(27, 42, 44)", "none"]
    assert said.evaluate("e => getComputedStyle(e).direction") == "ltr"
    on_top = "([x, y]) => document.elementFromPoint(x, y).tagName"
    place = [box["x"] + 200, box["y"] + 200]
    assert page.evaluate(on_top, place) == "KNEEWISE-CHAT"
    assert page.evaluate("window.shortcuts") is None, "the page hears what is typed"


@pytest.mark.usefixtures("npm")
def test_a_react_page_can_show_it_talk_to_it_and_leave_it(visit: Visit) -> None:
    page = visit("react.html")
    expect(page.locator(".launcher")).to_be_visible()
    page.click("#ask")
    expect(page.locator("#heard")).to_have_text("answer")
    assert page.locator("kneewise-chat").count() == 1, "StrictMode runs each effect twice"
    page.evaluate("Kneewise.close()")
    page.click("#toggle")
    expect(page.locator("kneewise-chat")).to_have_count(0)
    assert page.evaluate("typeof Kneewise") == "undefined"
    page.click("#toggle")
    expect(page.locator(".launcher")).to_be_visible()


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.usefixtures("npm")
def test_a_site_that_is_not_in_the_settings_gets_no_answer(
    visit: Visit, host: Host, name: str
) -> None:
    page = opened(visit(name, origin=host.stranger))
    ask(page, "Can I keep running?")
    card = page.locator(".card")
    expect(card).to_contain_text("cannot be reached")
    expect(card.get_by_role("link", name="Call 020 7946 0000")).to_be_visible()
    expect(card).to_contain_text("Pain, tightness or pressure in the chest")
    expect(card).to_contain_text("A drooping face, slurred speech or sudden weakness on one side")
    expect(card).to_contain_text("A child who limps with a fever, or will not stand on the leg")
    visit.expected("CORS")


def test_an_allowed_site_may_frame_it(visit: Visit) -> None:
    page = visit("frame.html")
    frame = page.frame_locator("iframe")
    frame.get_by_role("textbox").fill("Can I keep running?")
    frame.get_by_role("textbox").press("Enter")
    expect(frame.locator(".reply")).to_contain_text("You can keep running")
    assert page.context.cookies() == []


def test_any_other_site_may_not_frame_it(visit: Visit, host: Host) -> None:
    page = visit("frame.html", origin=host.stranger)
    page.wait_for_timeout(500)
    expect(page.frame_locator("iframe").get_by_role("textbox")).to_have_count(0)
    visit.expected("frame-ancestors")


# --- the panel -------------------------------------------------------------------------------


def test_it_opens_and_closes_by_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit()
    page.locator(".launcher").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Riverside Sports Clinic")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".launcher")).to_be_focused()
    page.get_by_role("link", name="Ask about runner’s knee").press("Enter")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="Ask about runner’s knee")).to_be_focused()


def test_on_a_phone_the_focus_stays_inside(visit: Visit) -> None:
    page = opened(visit(size=(380, 700)))
    inside = "['BODY', 'KNEEWISE-CHAT'].includes(document.activeElement.tagName)"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)


def test_the_focus_stays_in_the_question_while_the_answer_comes(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "Can I keep running?")
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()
    log = page.get_by_role("log")
    expect(log).to_contain_text("Strong hips take load off the kneecap.")


def test_a_number_opens_the_article_inside_the_panel(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "Can I keep running?")
    number = page.get_by_role("button", name="source 1").first
    number.click()
    expect(page.get_by_role("heading", name="Running with a sore kneecap")).to_be_focused()
    expect(page.locator("mark")).to_contain_text("You can keep running")
    expect(page.locator(".reading")).to_contain_text(
        "Dr Maya Lindqvist, Doctor of Physical Therapy"
    )
    whole = page.get_by_role("link", name=re.compile("whole article"))
    assert "/articles/running-guide?from=" in (whole.get_attribute("href") or "")
    page.keyboard.press("Escape")
    expect(number).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_safety_message_has_numbers_to_tap_and_is_read_out(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "I have a fever")
    expect(page.locator(".safety.alarm h3")).to_contain_text("Get medical care today")
    call = page.get_by_role("link", name="Call 999 Emergency")
    expect(call).to_have_attribute("href", "tel:999")
    alert = page.locator("[role=alert]", has_text="Get medical care today")
    expect(alert).to_contain_text("Contact a doctor today")
    assert page.locator(".body").inner_text() == "", "the words stand there once"


def test_who_should_see_a_professional_can_book(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "It has hurt for weeks")
    book = page.get_by_role("link", name=re.compile("Book an appointment"))
    expect(book).to_have_attribute("href", "https://riverside.example/book")
    assert page.locator(".body").inner_text().count("Book an assessment") == 0


def test_a_follow_up_says_what_was_searched_for(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "Can I keep running?")
    expect(page.locator(".searched")).to_have_count(0)
    answered(page, "And swim?")
    expect(page.locator(".searched")).to_contain_text(
        "Searched for: And swim? (Can I keep running?)"
    )
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".reply")).to_have_count(0)
    expect(page.get_by_role("button", name="Can I keep running?")).to_be_visible()
    answered(page, "And swim?")
    expect(page.locator(".searched")).to_have_count(0)


def test_the_bots_own_lines_stand_around_what_it_quotes(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "Do they differ?")
    reply = page.locator(".reply")
    expect(reply.locator(".opening")).to_contain_text("The articles differ: two weeks")
    expect(reply.locator(".says")).to_contain_text("Who says so:")
    expect(reply.locator(".says")).to_contain_text("a running coach")
    texts = reply.inner_text()
    assert texts.index("articles differ") < texts.index("You can keep running")
    assert texts.index("Strong hips") < texts.index("Who says so") < texts.index("Sources")
    reply.locator(".opening").get_by_role("button", name="source 3").click()
    expect(page.locator("mark")).to_contain_text("Strong hips take load off the kneecap.")


def test_what_was_searched_for_can_be_edited(visit: Visit) -> None:
    page = opened(visit())
    answered(page, "Can I keep running?")
    answered(page, "And swim?")
    box = page.get_by_role("textbox", name="Your question")
    box.fill("a draft")
    page.get_by_role("button", name="Edit this question").click()
    expect(box).to_have_value("And swim? (Can I keep running?)\na draft")
    expect(box).to_be_focused()


def test_a_thumb_is_counted(visit: Visit, host: Host) -> None:
    page = opened(visit())
    answered(page, "Can I keep running?")
    with page.expect_response("**/api/feedback") as sent:
        page.get_by_role("button", name="Helpful", exact=True).click()
    assert sent.value.status == 204
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    told = httpx.get(f"{host.site}/metrics").text
    assert 'kneewise_thumbs_total{face="widget",verdict="up"}' in told


def test_an_answer_can_be_stopped(visit: Visit) -> None:
    page = opened(visit())
    ask(page, "a slow one")
    expect(page.locator(".reply .body p").first).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".reply")).to_contain_text("You stopped this answer here.")
    answered(page, "Can I keep running?")


def test_an_article_with_markup_shows_as_text(visit: Visit) -> None:
    page = opened(visit("hostile.html"))
    answered(page, "the hostile one")
    expect(page.locator(".body")).to_contain_text("<script>window.hacked='text'</script>")
    page.get_by_role("button", name="source 1").first.click()
    expect(page.locator("mark")).to_be_visible()
    assert page.locator(".reading script, .reading img, .body script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_without_a_connection_it_says_so_and_helps(visit: Visit) -> None:
    page = opened(visit())
    page.context.set_offline(True)
    ask(page, "Can I keep running?")
    card = page.locator(".card")
    expect(card).to_contain_text("You seem to be offline")
    expect(card.get_by_role("link", name="Call 999")).to_be_visible()
    page.context.set_offline(False)
    card.get_by_role("button", name="Try again").click()
    expect(page.locator(".reply").last).to_contain_text("You can keep running")
    visit.expected("Failed to load")


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (429, "too_many", "Please wait 41 seconds"),
        (503, "busy", "Many people are asking"),
        (502, "", "cannot be reached"),
        (413, "", "has reached its 40 messages"),
        (422, "message_too_long", "too long, says the server"),
    ],
)
def test_each_refusal_of_the_server_is_said_plainly(
    visit: Visit, status: int, code: str, said: str
) -> None:
    page = opened(visit())
    page.route(
        "**/api/chat/stream",
        lambda route: route.fulfill(
            status=status,
            headers={
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Expose-Headers": "Retry-After",
                "Retry-After": "41",
            },
            json={"code": code, "detail": "too long, says the server"},
        ),
    )
    ask(page, "Can I keep running?")
    expect(page.locator(".card .why")).to_contain_text(said)
    expect(page.locator(".card")).to_contain_text("020 7946 0000")
    visit.expected("Failed to load")


def test_a_slow_server_is_not_met_with_silence(visit: Visit) -> None:
    page = visit()
    page.clock.install()
    opened(page)
    page.route("**/api/chat/stream", lambda _: None)
    ask(page, "Can I keep running?")
    page.clock.fast_forward(7000)
    expect(page.locator(".card")).to_contain_text("longer than usual")
    page.clock.fast_forward(40_000)
    expect(page.locator(".card .why")).to_contain_text("took too long")


def test_a_message_that_is_too_long_stays_in_the_box(visit: Visit) -> None:
    page = opened(visit())
    ask(page, "x" * 2001)
    expect(page.locator("#problem")).to_contain_text("2001 characters and the limit is 2000")
    assert len(page.get_by_role("textbox").input_value()) == 2001
    expect(page.locator(".said")).to_have_count(0)


def in_arabic(page: Page, **more: object) -> Page:
    """The page again, with a widget whose own words are Arabic."""
    words = {"code": "ar", "dir": "rtl", "launcher": "اسأل", "send": "إرسال", **more}
    page.evaluate(
        """words => {
          Kneewise.remove();
          const texts = Object.assign(document.createElement("script"), {
            type: "application/json", id: "words",
            textContent: JSON.stringify(words) });
          const script = document.querySelector('script[src*="widget.js"]');
          const again = document.createElement("script");
          again.src = script.src;
          again.dataset.texts = "words";
          document.body.append(texts, again);
        }""",
        words,
    )
    return page


def test_a_page_can_bring_its_own_language(visit: Visit) -> None:
    page = in_arabic(visit("hostile.html"))
    expect(page.locator(".launcher")).to_contain_text("اسأل")
    opened(page)
    expect(page.locator(".send")).to_have_text("إرسال")
    assert page.locator(".panel").evaluate("e => getComputedStyle(e).direction") == "rtl"


SPOKEN = "e => [e.closest('[lang]').lang, getComputedStyle(e).direction]"


def test_english_answers_stay_english_in_a_panel_of_another_language(visit: Visit) -> None:
    own = {"searched": "البحث: {text}", "says": "القائل: {text}.", "sources": "المصادر"}
    page = opened(in_arabic(visit("hostile.html"), book="احجز", **own))
    box = page.get_by_role("textbox")
    for message in ("Do they differ?", "And swim?", "It has hurt for weeks"):
        box.fill(message)
        page.keyboard.press("Enter")
        expect(page.locator(".reply").last.locator(".wait")).to_have_count(0)
        expect(page.locator(".send")).to_have_text("إرسال")
    english = (
        ".opening", ".body p", ".says span", ".searched span", ".sources li span:first-child",
        ".safety h3", ".safety .now", ".after .chip",
    )  # fmt: skip
    for place in english:
        assert page.locator(place).first.evaluate(SPOKEN) == ["en", "ltr"], place
    assert page.locator(".said bdi").first.evaluate(SPOKEN)[1] == "ltr"
    for place in (".says", ".searched", ".sources h3", ".safety .book", ".send"):
        assert page.locator(place).first.evaluate(SPOKEN) == ["ar", "rtl"], place
    page.locator(".sources .cite").first.click()
    expect(page.locator("mark")).to_be_visible()
    for place in (".reading h2", ".passage"):
        assert page.locator(place).evaluate(SPOKEN) == ["en", "ltr"], place


def test_the_red_flags_are_english_unless_the_page_brings_them(visit: Visit) -> None:
    page = opened(in_arabic(visit("hostile.html"), urgent=["ركبة ساخنة"]))
    page.route("**/api/chat/stream", lambda route: route.abort())
    page.get_by_role("textbox").fill("Can I keep running?")
    page.keyboard.press("Enter")
    shipped, brought = page.locator(".flags li", has_text="chest"), page.locator(".flags ul").last
    assert shipped.evaluate(SPOKEN) == ["en", "ltr"]
    assert brought.evaluate(SPOKEN) == ["ar", "rtl"]
    expect(brought).to_have_text("ركبة ساخنة")
    visit.expected("Failed to load")


@pytest.mark.parametrize("size", [(320, 568), (320, 256), (640, 400)])
def test_nothing_runs_out_of_a_small_screen(visit: Visit, size: tuple[int, int]) -> None:
    """320 px wide, 400 % and 200 % zoom of 1280 px: WCAG 1.4.10 and 1.4.4."""
    page = opened(visit(size=size))
    answered(page, "It has hurt for weeks")
    assert page.locator(".scroll").first.evaluate("e => e.scrollWidth <= e.clientWidth")
    first = page.locator(".safety h3").bounding_box()
    box = page.locator(".scroll").first.bounding_box()
    assert first is not None
    assert box is not None
    assert first["y"] + first["height"] <= box["y"] + box["height"], "its answer is in sight"
    send = page.get_by_role("button", name="Send").bounding_box()
    assert send is not None
    assert send["x"] + send["width"] <= size[0]
    assert send["y"] + send["height"] <= size[1]


# --- accessibility ---------------------------------------------------------------------------

STATES: dict[str, Callable[[Page], object]] = {
    "closed": lambda page: None,
    "open": opened,
    "answer": lambda page: answered(opened(page), "Do they differ?"),
    "note": lambda page: answered(opened(page), "It has hurt for weeks"),
    "safety": lambda page: answered(opened(page), "I have a fever"),
}


WIDGET = "kneewise-chat"


SHOWN = [
    *(("plain.html", state) for state in STATES),
    *((name, state) for name in HOSTS[1:] for state in ("closed", "note", "safety")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "state"), SHOWN)
@pytest.mark.usefixtures("npm")
def test_axe_finds_nothing_serious(visit: Visit, name: str, scheme: Scheme, state: str) -> None:
    page = visit(name, f'data-theme="{scheme}"', scheme=scheme)
    expect(page.locator(".launcher")).to_be_visible()
    STATES[state](page)
    page.wait_for_timeout(250)  # the opening movement
    assert serious(page, WIDGET) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("npm")
def test_axe_finds_nothing_serious_beside_the_articles(visit: Visit, scheme: Scheme) -> None:
    page = opened(visit(options=f'data-theme="{scheme}"', scheme=scheme))
    answered(page, "Can I keep running?")
    page.get_by_role("button", name="source 1").first.click()
    expect(page.locator("mark")).to_be_visible()
    assert serious(page, WIDGET) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (320, 640)])
@pytest.mark.usefixtures("npm")
def test_axe_finds_nothing_serious_on_the_page_for_frames(
    browser: Browser, host: Host, scheme: Scheme, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    page.goto(f"{host.site}/embed")
    expect(page.get_by_role("textbox")).to_be_visible()
    assert serious(page) == []
    answered(page, "Do they differ?")
    answered(page, "It has hurt for weeks")
    assert serious(page) == []
    page.get_by_role("button", name="source 1").first.click()
    expect(page.locator("mark")).to_be_visible()
    assert serious(page) == []
    context.close()


@pytest.mark.usefixtures("npm")
def test_axe_would_see_a_fault(visit: Visit) -> None:
    page = opened(visit())
    page.locator(".notice").evaluate("e => { e.style.color = '#c9c5b8' }")
    page.locator(".send").evaluate("e => e.replaceChildren()")
    found = serious(page, WIDGET)
    assert any("color-contrast" in row for row in found)
    assert any("button-name" in row for row in found)
