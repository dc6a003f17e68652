import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.gaplog import Gap
from bot.settings import BotSettings, ClinicSettings, Key, Limits, LogSettings, WebSettings
from bot.types import Answer, Conversation, Event, Written
from bot.web.chat import Chat
from bot.web.gaps import Gaps
from bot.web.limits import Window, network
from bot.web.metrics import Metrics
from bot.web.problems import Problem
from bot.web.site import site
from bot.web.tokens import LIFE, Tokens
from bot.web.visit import Visit
from tests.web.fakes import CLOSING, GUIDE, OPENING, FakeBot
from tests.web.test_markup import read

CLINIC = "https://www.clinic.example"
EVIL = "https://evil.example"
WEB = WebSettings(sites=(CLINIC,), metrics_from=("testclient",))
KEY = "a-key-of-twenty-four-characters"
ASKED = {"message": "Can I keep running?"}


def client(bot: FakeBot | None = None, **settings: object) -> TestClient:
    chosen = BotSettings.model_validate({"web": WEB, **settings})
    return TestClient(site(bot or FakeBot(), chosen), raise_server_exceptions=False)


def headers(made: TestClient, origin: str = CLINIC) -> dict[str, str]:
    """What the widget sends from a page of this origin."""
    token = made.post("/api/token", headers={"Origin": origin}).json()["token"]
    return {"Origin": origin, "X-Kneewise-Token": token}


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    frames = [frame.split("\n") for frame in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in frames]


@dataclass(frozen=True)
class Stuck(FakeBot):
    """Answers when it is told to, or never."""

    free: threading.Event = field(default_factory=threading.Event)

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        self.free.wait(5)
        yield from super().stream(conversation)


def test_a_program_gets_the_answer_at_once() -> None:
    reply = client().post("/api/chat", json=ASKED)
    assert reply.status_code == 200
    told = reply.json()
    assert told["kind"] == "answer"
    assert told["sources"][0]["quote"] == told["sentences"][0]["text"]
    assert [block["block"] for block in told["body"]][-1] == "step"
    assert told["words"] is None


def test_the_stream_sends_the_events_the_evals_read() -> None:
    made = client()
    reply = made.post("/api/chat/stream", json=ASKED, headers=headers(made))
    told = events(reply.text)
    assert [name for name, _ in told][:4] == ["assessed", "rewritten", "retrieved", "cited"]
    assert told[-1][0] == "answer"
    cited = [data["text"] for name, data in told if name == "cited"]
    assert cited == [sentence["text"] for sentence in told[-1][1]["sentences"]]
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"


def test_the_line_above_the_answer_is_sent_before_its_sentences() -> None:
    made = client()
    reply = made.post("/api/chat/stream", json={"message": "differ?"}, headers=headers(made))
    told = events(reply.text)
    assert [name for name, _ in told][3:5] == ["opened", "cited"]
    assert told[3][1] == {"text": OPENING}
    assert (told[-1][1]["opening"], told[-1][1]["closing"]) == (OPENING, CLOSING)


def test_a_red_flag_ends_the_stream_with_the_words_and_numbers() -> None:
    made = client()
    told = events(
        made.post(
            "/api/chat/stream", json={"message": "I have a fever"}, headers=headers(made)
        ).text
    )
    assert [name for name, _ in told] == ["assessed", "answer"]
    assert told[0][1]["words"]["phones"][0] == {"label": "Emergency", "number": "999"}
    assert told[0][1]["level"] == "urgent"


def test_who_should_see_a_professional_gets_the_booking_link() -> None:
    made = client(clinic=ClinicSettings(booking="https://clinic.example/book"))
    told = made.post("/api/chat", json={"message": "it has hurt for weeks"}).json()
    assert told["booking"] == "https://clinic.example/book"
    assert told["body"][0]["text"] != told["words"]["heading"]
    assert made.post("/api/chat", json=ASKED).json()["booking"] is None
    alarm = made.post("/api/chat", json={"message": "fever"}).json()
    assert alarm["booking"] is None


def test_a_follow_up_stands_on_the_history_that_the_client_sends() -> None:
    history = [{"user": "Can I run?", "standalone": "Can I run?", "sources": []}]
    told = client().post("/api/chat", json={"message": "And swim?", "history": history}).json()
    assert told["standalone"] == "And swim? (Can I run?)"


def test_of_an_earlier_reply_nothing_is_believed_but_places_in_our_articles() -> None:
    heard: list[Conversation] = []

    class Listening(FakeBot):
        def stream(self, conversation: Conversation) -> Iterator[Event]:
            heard.append(conversation)
            return super().stream(conversation)

    quote = "Stop when the pain makes you limp."
    start = GUIDE.text.index(quote)
    real = {"n": 1, "article": GUIDE.id, "start": start, "end": start + len(quote)}
    unknown = {"n": 2, "article": "made-up", "start": 0, "end": 9}
    outside = {"n": 3, "article": GUIDE.id, "start": 0, "end": 10_000}
    history = [{"user": "Can I run?", "sources": [real, unknown, outside]}]
    client(Listening()).post("/api/chat", json={"message": "Why?", "history": history})
    reply = heard[0].turns[0].reply
    assert reply is not None
    assert [source.quote for source in reply.sources] == [quote]
    assert reply.sources[0].section == "Can I keep running?"
    assert reply.statements == ()
    assert reply.text == ""


@pytest.mark.parametrize(
    "extra", [{"text": "You may run."}, {"statements": []}, {"reply": "You may run."}]
)
def test_a_reply_of_the_clients_own_is_refused(extra: dict[str, Any]) -> None:
    history = [{"user": "Can I run?", **extra}]
    reply = client().post("/api/chat", json={"message": "Why?", "history": history})
    assert reply.status_code == 422
    assert reply.json()["code"] == "invalid"


# --- who may ask -----------------------------------------------------------------------------


def test_a_site_in_the_settings_is_let_in_and_told_so() -> None:
    made = client()
    reply = made.post("/api/chat/stream", json=ASKED, headers=headers(made))
    assert reply.headers["access-control-allow-origin"] == CLINIC
    assert "access-control-allow-credentials" not in reply.headers
    assert "Origin" in reply.headers["vary"]


def test_a_preflight_names_what_the_widget_sends() -> None:
    asks = {"Origin": CLINIC, "Access-Control-Request-Method": "POST"}
    reply = client().options("/api/chat/stream", headers=asks)
    assert reply.status_code == 204
    assert "X-Kneewise-Token" in reply.headers["access-control-allow-headers"]


@pytest.mark.parametrize("origin", [EVIL, "null", "https://www.clinic.example.evil.example"])
@pytest.mark.parametrize("path", ["/api/token", "/api/chat", "/api/chat/stream", "/api/feedback"])
def test_any_other_site_is_refused(origin: str, path: str) -> None:
    made = client()
    sent = {**headers(made), "Origin": origin}
    reply = made.post(path, json=ASKED, headers=sent)
    assert reply.status_code == 403
    assert reply.json()["code"] == "site_not_allowed"
    assert "access-control-allow-origin" not in reply.headers
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert made.options(path, headers=asks).status_code == 403


def test_by_default_only_our_own_pages_are_let_in() -> None:
    made = client(web=WebSettings())
    assert made.post("/api/token", headers={"Origin": CLINIC}).status_code == 403
    assert made.post("/api/token", headers={"Origin": "http://testserver"}).status_code == 200


def test_a_page_needs_a_token_of_its_own_site() -> None:
    made = client(web=WebSettings(sites=(CLINIC, "https://other.example")))
    token = headers(made)["X-Kneewise-Token"]
    for sent in ({}, {"X-Kneewise-Token": "1.2"}):
        reply = made.post("/api/chat", json=ASKED, headers={"Origin": CLINIC, **sent})
        assert (reply.status_code, reply.json()["code"]) == (401, "token")
    stolen = {"Origin": "https://other.example", "X-Kneewise-Token": token}
    assert made.post("/api/chat/stream", json=ASKED, headers=stolen).status_code == 401
    assert made.post("/api/chat/stream", json=ASKED).status_code == 401


def test_a_token_runs_out() -> None:
    clock = [1000.0]
    tokens = Tokens("s" * 32, lambda: clock[0])
    token = tokens.issue(CLINIC)
    assert tokens.valid(token, CLINIC)
    assert not tokens.valid(token, EVIL)
    assert not Tokens("t" * 32, lambda: clock[0]).valid(token, CLINIC)
    longer = f"{int(token.partition('.')[0]) + 60}.{token.partition('.')[2]}"
    assert not tokens.valid(longer, CLINIC)
    clock[0] += LIFE
    assert not tokens.valid(token, CLINIC)


@pytest.mark.parametrize("token", ["", ".", "é.é", "9" * 50 + ".x", "-1.x", "²." + "a" * 64])
def test_a_token_of_nonsense_is_refused(token: str) -> None:
    assert not Tokens(None).valid(token, CLINIC)


def test_keys_let_programs_in_and_keep_others_out() -> None:
    made = client(keys=(Key(name="app", key=KEY, per_minute=2),))  # type: ignore[arg-type]
    bearer = {"Authorization": f"Bearer {KEY}"}
    assert made.post("/api/chat", json=ASKED).json()["code"] == "key"
    wrong = made.post("/api/chat", json=ASKED, headers={"Authorization": "Bearer no"})
    assert wrong.status_code == 401
    statuses = [made.post("/api/chat", json=ASKED, headers=bearer).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert made.post("/api/chat/stream", json=ASKED, headers=headers(made)).status_code == 200


# --- limits ----------------------------------------------------------------------------------


def test_an_address_cannot_reset_its_limit() -> None:
    made = client(limits=Limits(per_address=3))
    for _ in range(3):  # a new token each time, as a new session has
        assert made.post("/api/chat", json=ASKED, headers=headers(made)).status_code == 200
    reply = made.post("/api/chat", json=ASKED, headers=headers(made))
    assert reply.status_code == 429
    assert reply.json()["code"] == "too_many"
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert reply.headers["access-control-allow-origin"] == CLINIC, "the widget must read it"


def test_a_site_has_a_limit_of_its_own() -> None:
    made = client(limits=Limits(per_site=2))
    statuses = [
        made.post("/api/chat", json=ASKED, headers=headers(made)).status_code for _ in range(3)
    ]
    assert statuses == [200, 200, 429]
    assert made.post("/api/chat", json=ASKED).status_code == 200


def test_a_window_opens_again_after_a_minute() -> None:
    clock = [0.0]
    window = Window(2, lambda: clock[0])
    window.take("a")
    clock[0] = 20
    window.take("a")
    with pytest.raises(Problem) as caught:
        window.take("a")
    assert caught.value.headers["Retry-After"] == "40"
    window.take("b")
    clock[0] = 60
    window.take("a")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_counted_by_what_its_owner_cannot_change(address: str, counted: str) -> None:
    assert network(address) == counted


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"message": "x" * 2001}, "message_too_long", "2,001 characters and the limit is 2,000"),
        ({"message": "x" * 12_000}, "message_too_long", "12,000 characters"),
        ({"message": "x" * 64_000}, "message_too_long", "64,000 characters"),
        ({"message": "x", "history": [{"user": "y"}] * 40}, "conversation_too_long", "at most 40"),
        ({"message": "x", "history": [{"user": "y"}] * 101}, "conversation_too_long", "at most 40"),
        ({"message": "x", "history": [{"user": "y"}] * 4000}, "conversation_too_long", "at most"),
        ({"message": "x", "history": [{"user": "y" * 2001}]}, "message_too_long", "2,001"),
        ({"message": "x", "history": [{"user": "y" * 12_000}]}, "message_too_long", "12,000"),
        ({"message": "  "}, "invalid", "the message is empty"),
        ({"message": ""}, "invalid", "message"),
        ({}, "invalid", "message"),
        ({"message": ["x"]}, "invalid", "message"),
        ({"message": "x", "session": "1"}, "invalid", "session"),
        ({"message": "x", "history": [{"user": "y", "sources": [{}] * 30}]}, "invalid", "sources"),
    ],
)
def test_each_length_has_its_limit(body: dict[str, Any], code: str, said: str) -> None:
    reply = client().post("/api/chat", json=body)
    assert reply.status_code == 422
    assert reply.json()["code"] == code
    assert said in reply.json()["detail"]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"message": "\\ud800"}', b"[]", b"null"])
def test_a_body_that_is_no_question_is_refused(content: bytes) -> None:
    reply = client().post(
        "/api/chat", content=content, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in (400, 422)
    assert set(reply.json()) == {"code", "detail"}


def test_a_body_over_the_limit_is_refused() -> None:
    made = client()
    reply = made.post("/api/chat", json={"message": "x" * 70_000}, headers=headers(made))
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")
    assert "64 kB" in reply.json()["detail"]
    assert reply.headers["access-control-allow-origin"] == CLINIC, "the widget must read it"


def test_an_answer_has_its_time() -> None:
    bot = Stuck(free=threading.Event())
    made = client(bot, limits=Limits(seconds=0.05))
    try:
        reply = made.post("/api/chat", json=ASKED)
        assert (reply.status_code, reply.json()["code"]) == (504, "timeout")
        told = events(made.post("/api/chat/stream", json=ASKED, headers=headers(made)).text)
        assert told[-1] == ("error", reply.json())
    finally:
        bot.free.set()


def test_who_finds_no_place_is_told_to_come_back() -> None:
    bot = Stuck(free=threading.Event())
    statuses: list[int] = []
    with client(bot, limits=Limits(at_once=1, waiting=1)) as made:

        def ask() -> None:
            statuses.append(made.post("/api/chat", json=ASKED).status_code)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 5
        while not statuses and time.monotonic() < deadline:
            time.sleep(0.01)
        assert statuses == [503]
        bot.free.set()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 200, 503]
        assert made.post("/api/chat", json=ASKED).status_code == 200, "places come back"


# --- failures, sources, numbers ----------------------------------------------------------------


def test_a_failure_says_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    made = client()
    reply = made.post("/api/chat", json={"message": "break"})
    assert (reply.status_code, reply.json()["code"]) == (500, "failed")
    told = events(
        made.post("/api/chat/stream", json={"message": "break"}, headers=headers(made)).text
    )
    assert told[-1][0] == "error"
    for text in (reply.text, json.dumps(told)):
        assert "secret" not in text
        assert "Traceback" not in text
    assert "secret path" in caplog.text, "the log knows why"


@pytest.mark.parametrize("path", ["/api/none", "/api/chat/../../etc/passwd", "/api/sources/none"])
def test_what_is_not_there_is_said_in_the_same_shape(path: str) -> None:
    reply = client().get(path, params={"from": 0, "to": 1})
    assert reply.status_code == 404


def test_the_sources_say_who_wrote_them() -> None:
    told = client().get("/api/sources").json()
    assert told[0]["author"] == "Dr Maya Lindqvist"
    assert told[0]["reviewed"] == "2023-05-04"
    assert all("text" not in article for article in told)


def test_a_passage_marks_the_cited_characters() -> None:
    quote = "Stop when the pain makes you limp."
    start = GUIDE.text.index(quote)
    at = {"from": start, "to": start + len(quote)}
    told = client().get(f"/api/sources/{GUIDE.id}", params=at).json()
    assert told["section"] == "Can I keep running?"
    marked = [block for block in told["blocks"] if block["mark"]]
    assert [b["text"][slice(*b["mark"])] for b in marked] == [quote]


def test_ready_names_each_part() -> None:
    assert client().get("/readyz").json() == {"index": "ok", "guard": "ok", "answer": "ok"}

    class NoGuard(FakeBot):
        def stream(self, conversation: Conversation) -> Iterator[Event]:
            raise OSError("/srv/index")

    reply = client(NoGuard()).get("/readyz")
    assert reply.status_code == 503
    assert reply.json() == {"index": "ok", "guard": "failed", "answer": "failed"}


def test_the_numbers_count_and_name_nobody() -> None:
    made = client()
    made.post("/api/chat", json=ASKED)
    made.post("/api/chat", json={"message": ""})
    made.get("/api/some/secret/name")
    made.post("/api/feedback", json={"verdict": "up"}, headers=headers(made))
    told = made.get("/metrics").text
    assert 'kneewise_answers_total{face="api",kind="answer",level="none"} 1.0' in told
    assert 'kneewise_requests_total{path="/chat",status="200"} 1.0' in told
    assert 'kneewise_problems_total{code="invalid",face="api"} 1.0' in told
    assert 'kneewise_thumbs_total{face="widget",verdict="up"} 1.0' in told
    assert "secret" not in told


def test_the_numbers_tell_the_chat_page_the_widget_and_programs_apart() -> None:
    settings, bot, metrics = BotSettings(web=WEB), FakeBot(), Metrics()
    made = TestClient(site(bot, settings, metrics))
    chat = Chat(bot, settings, metrics)
    made.post("/api/chat", json=ASKED)
    made.post("/api/chat/stream", json=ASKED, headers=headers(made))
    shown = Visit()
    for message in ("Can I run?", "break", "x" * 2001):
        chat.take(message, shown, "", "192.0.2.1")
        list(chat.answer(shown))
    chat.rate("0 up", shown)
    chat.rate("0 wrong", shown)
    told = made.get("/metrics").text
    for face in ("api", "widget", "page"):
        count = f'kneewise_answers_total{{face="{face}",kind="answer",level="none"}} 1.0'
        assert count in told
        assert f'kneewise_first_words_seconds_count{{face="{face}"}} 1.0' in told
        assert f'kneewise_answers_working{{face="{face}"}} 0.0' in told
    for code in ("failed", "message_too_long"):
        assert f'kneewise_problems_total{{code="{code}",face="page"}} 1.0' in told
    for verdict in ("up", "down"):
        assert f'kneewise_thumbs_total{{face="page",verdict="{verdict}"}} 1.0' in told


def test_the_numbers_are_not_for_everybody() -> None:
    assert client(web=WebSettings()).get("/metrics").status_code == 403


def test_the_page_of_the_api_needs_nothing_from_outside() -> None:
    made = client()
    page = made.get("/api/").text
    assert "POST /api/chat/stream" in page
    assert "<script" not in page
    assert "http" not in page.replace("https://html.spec", "")
    assert set(made.get("/api/openapi.json").json()["paths"]) >= {"/chat", "/chat/stream"}


def test_every_answer_of_the_api_forbids_guessing_and_framing() -> None:
    reply = client().get("/api/sources")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]


def test_hostile_words_are_data_and_never_a_page() -> None:
    """An answer, a problem that says what was sent, and what stands in the API's own page."""
    made, link = client(), "[x](javascript:alert(1))"
    answer = made.post("/api/chat", json={"message": f"the hostile one {link}"})
    told = answer.json()
    assert link in told["standalone"]
    assert link in told["sources"][0]["title"]
    assert "[this](javascript:" in told["body"][0]["text"]
    at = {"from": 0, "to": 9}
    section = made.get("/api/sources/hostile", params=at)
    problem = made.post("/api/chat", json={"message": "x", link: "y"})
    assert link in problem.json()["detail"]
    for reply in (answer, section, problem, made.get("/api/sources")):
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-content-type-options"] == "nosniff"
    named = client(clinic=ClinicSettings(name=link))
    page = read(named.get("/api/").text)
    assert link in page.text
    assert page.scripted == []


# --- what is kept ----------------------------------------------------------------------------


def test_nothing_is_kept_unless_the_clinic_says_so(tmp_path: Path) -> None:
    file = tmp_path / "gaps.jsonl"
    made = client(log=LogSettings(file=file))
    made.post("/api/chat", json={"message": "guitar lessons"})
    down = {"verdict": "down", "question": "guitar lessons"}
    made.post("/api/feedback", json=down, headers=headers(made))
    assert not file.exists()


def test_a_clinic_can_keep_what_was_not_answered_redacted(tmp_path: Path) -> None:
    file = tmp_path / "gaps.jsonl"
    made = client(log=LogSettings(gaps=True, file=file))
    made.post("/api/chat", json={"message": "guitar? write to ann@example.org"})
    made.post("/api/chat", json=ASKED)
    down = {"verdict": "down", "question": "Which insoles?"}
    made.post("/api/feedback", json=down, headers=headers(made))
    made.post("/api/feedback", json={**down, "verdict": "up"}, headers=headers(made))
    rows = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
    assert [(row["why"], row["question"]) for row in rows] == [
        ("refused", "guitar? write to [email]"),
        ("thumbs_down", "Which insoles?"),
    ]
    assert "testclient" not in file.read_text(encoding="utf-8")


def test_what_is_kept_is_deleted_in_time(tmp_path: Path) -> None:
    settings = LogSettings(gaps=True, days=30, file=tmp_path / "log" / "gaps.jsonl")
    day = [date(2026, 1, 1)]
    gaps = Gaps(settings, lambda: day[0])
    gaps.write(Gap("", "refused", "first"))
    day[0] = date(2026, 1, 30)
    gaps.write(Gap("", "refused", "second"))
    assert settings.file.read_text(encoding="utf-8").count("\n") == 2
    day[0] = date(2026, 1, 31)
    gaps.write(Gap("", "refused", "third"))
    assert "first" not in settings.file.read_text(encoding="utf-8")
    day[0] = date(2026, 3, 2)
    Gaps(settings.model_copy(update={"gaps": False}), lambda: day[0])
    assert settings.file.read_text(encoding="utf-8") == "", "also after it was switched off"


def test_what_became_of_a_chat_models_sentences_is_counted() -> None:
    metrics = Metrics()
    accounts = (Written(2, ("made up", "and this")), Written(0, (), "ConnectionError"), Written(0))
    for written in accounts:
        with metrics.question("page") as seen:
            seen(Answer("answer", "text", written=written))
    told = metrics.page().decode()
    assert 'kneewise_model_sentences_total{fate="shown"} 2.0' in told
    assert 'kneewise_model_sentences_total{fate="dropped"} 2.0' in told
    assert 'kneewise_model_fallbacks_total{why="failed"} 1.0' in told
    assert 'kneewise_model_fallbacks_total{why="unsupported"} 1.0' in told
    assert "made up" not in told
