"""The page's behaviour without a browser: what is shown, and what the bot is given."""

import copy
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.redflags import phones
from bot.settings import BotSettings, ClinicSettings, Limits
from bot.types import Answer, Cited, Conversation, Event, Kind, Phone, SafetyWords, Statement
from bot.web import texts
from bot.web.chat import Chat
from bot.web.exchange import Exchange, conversation
from bot.web.markup import plain
from bot.web.reply import reply
from bot.web.visit import Visit
from tests.web.fakes import ANSWER, GUIDE, HOSTILE, NOTE, WORDS, FakeBot, source
from tests.web.test_markup import read

ROOT = Path(__file__).parents[2]
SETTINGS = BotSettings(clinic=ClinicSettings(name="Riverside", phone="020 7946 0000"))


@dataclass(frozen=True)
class Recorder(FakeBot):
    """Keeps the conversations it was asked."""

    asked: list[Conversation] = field(default_factory=list)

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        self.asked.append(conversation)
        yield from super().stream(conversation)


def visit(chat: Chat, *messages: str) -> Visit:
    """A visit in which these messages were answered."""
    made = Visit()
    for message in messages:
        chat.take(message, made, "")
        list(chat.answer(made))
    return made


def ask(chat: Chat, *messages: str) -> tuple[Exchange, ...]:
    return visit(chat, *messages).exchanges


def shown(chat: Chat, exchanges: tuple[Exchange, ...]) -> str:
    return str(chat.messages(exchanges)[-1]["content"])


def test_an_answer_says_which_rules_checked_its_message() -> None:
    answer = Answer("chat", "Hello.", rules="0123456789ab")
    exchange = Exchange("hi", answer=answer, state="done")
    assert "red-flag rules 0123456789ab" in reply(exchange, {}, SETTINGS)
    assert "kw-rules" not in reply(replace(exchange, state="answering"), {}, SETTINGS)


def test_statements_appear_one_after_the_other() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    made = Visit()
    chat.take("Can I run?", made, "")
    counts = [len(made.exchanges[-1].statements) for _ in chat.answer(made)]
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2, 3, 4, 5}


def test_each_statement_links_to_its_sentence() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    html = shown(chat, ask(chat, "Can I run?"))
    assert "../articles/running-guide?from=55&amp;to=118&amp;n=1#cite" in html.replace(
        "&#38;", "&amp;"
    ).replace("&#46;", ".").replace("&#47;", "/").replace("&#45;", "-").replace(
        "&#63;", "?"
    ).replace("&#61;", "=").replace("&#35;", "#")


def test_the_bot_gets_the_earlier_messages_with_their_replies() -> None:
    bot = Recorder()
    ask(Chat(bot, SETTINGS), "Can I run?", "and on hills?")
    past, current = bot.asked[-1].turns
    assert past.user == "Can I run?"
    assert past.reply is not None
    assert past.reply.kind == "answer"
    assert len(past.reply.sources) == 5
    assert (current.user, current.reply) == ("and on hills?", None)


def test_a_reworded_question_is_shown_and_an_unchanged_one_is_not() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    assert "Searched for" not in shown(chat, ask(chat, "Can I run?"))
    again = read(shown(chat, ask(chat, "Can I run?", "and on hills?"))).text
    assert "Searched for: and on hills? (Can I run?)" in again


@pytest.mark.parametrize("kind", ["chat", "red_flag"])
def test_what_was_not_searched_for_shows_no_search(kind: Kind) -> None:
    answer = Answer(kind, "That is all I found.", standalone="Which exercises help?")
    exchange = Exchange("more", "done", standalone="Which exercises help?", answer=answer)
    assert "Searched for" not in reply(exchange, {}, SETTINGS)


def test_the_bots_own_lines_stand_around_what_it_quotes() -> None:
    found = source(1, GUIDE, "Shorten your runs for the first two weeks.")
    said = Statement(found.quote, (1,))
    answer = Answer("answer", "", statements=(said,), sources=(found,))
    answer = replace(answer, opening="It depends:", closing="[1] a clinician")
    exchange = Exchange("Can I run?", "done", None, "", (said,), (found,), answer)
    text = read(reply(exchange, {}, SETTINGS)).text
    assert text.index("It depends:") < text.index(found.quote) < text.index("a clinician")


BOOKING = "https://riverside.example/book"


@pytest.mark.parametrize(("message", "booked"), [("six weeks", True), ("a fever", False)])
def test_see_a_professional_carries_the_booking_link_and_an_alarm_never(
    message: str, booked: bool
) -> None:
    chat = Chat(FakeBot(), BotSettings(clinic=ClinicSettings(name="R", booking=BOOKING)))
    html = shown(chat, ask(chat, message))
    assert ("Book an appointment" in read(html).text) is booked
    assert (f'href="{plain(BOOKING)}"' in html) is booked


def test_a_red_flag_shows_the_words_and_numbers_and_no_statement() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    html = shown(chat, ask(chat, "my knee is hot and I have a fever"))
    assert "kw-alarm" in html
    assert 'href="tel:999"' in html
    text = read(html).text
    for words in (WORDS.heading, WORDS.now, WORDS.why, WORDS.avoid):
        assert text.count(words) == 1


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("112 or 999", "112"), ("+44 (0)20 7946-0000", "+442079460000"), ("116 123", "116123")],
)
def test_a_number_is_dialled_as_it_is_said(number: str, dialled: str) -> None:
    words = SafetyWords("Call", "Call now.", "", "", (Phone("Emergency", number),))
    exchange = Exchange("help", "done", answer=Answer("red_flag", "", "emergency", words=words))
    assert f'href="tel:{dialled}"' in reply(exchange, {}, SETTINGS)


def test_the_apology_names_the_same_emergency_number_as_the_guard() -> None:
    clinic = ClinicSettings(locale="AU", emergency="112")
    assert texts.emergency(BotSettings(clinic=clinic)) == "112"
    assert [p.number for p in phones.phones("emergency", "collapse", clinic)] == ["112"]


def test_a_note_stands_above_the_answer() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    html = shown(chat, ask(chat, "it has hurt for six weeks"))
    assert html.index("kw-note") < html.index("You can keep running")


def test_words_stand_once_above_a_reply_whose_text_repeats_them() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    html = shown(chat, ask(chat, "it has hurt for six weeks", "how do I tune a guitar?"))
    text = read(html).text
    for words in (NOTE.heading, NOTE.now, NOTE.why, NOTE.phones[0].number):
        assert text.count(words) == 1
    assert "**" not in text
    assert "The articles do not say anything about that" in text


def test_a_reminder_keeps_what_to_do_in_sight_and_folds_the_reasons() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    html = shown(chat, ask(chat, "it has hurt for six weeks", "Can I run?"))
    folded = html[html.index("<details>") : html.index("</details>")]
    assert NOTE.why[:20] in folded
    assert html.index(NOTE.now[:20]) < html.index("<details>")


@dataclass(frozen=True)
class WordsOnly(FakeBot):
    """An answer with safety words that no `Assessed` event came before."""

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        yield Answer("red_flag", "", "emergency", words=WORDS)


def test_safety_words_never_depend_on_an_earlier_event() -> None:
    chat = Chat(WordsOnly(), SETTINGS)
    html = shown(chat, ask(chat, "help"))
    assert "kw-alarm" in html
    assert WORDS.heading in read(html).text


@dataclass(frozen=True)
class Steps(FakeBot):
    """Three statements from one source: the line above a list, and its items."""

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        found = source(1, GUIDE, "Signs that you should rest:")
        items = ("Pain that is worse", "Pain on the stairs")
        yield Cited(Statement("Signs that you should rest:", (1,)), (found,))
        for item in items:
            yield Cited(Statement(item, (1,), "item"))
        yield Answer("answer", "")


def test_a_list_from_one_source_carries_its_number_once() -> None:
    chat = Chat(Steps(), SETTINGS)
    html = shown(chat, ask(chat, "when to rest?"))
    assert html[: html.index("kw-sources")].count('class="cite"') == 1
    assert "<ul><li>Pain that is worse</li><li>Pain on the stairs</li></ul>" in html


def test_a_failure_becomes_an_apology_with_where_to_get_help(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chat = Chat(FakeBot(), SETTINGS)
    with caplog.at_level(logging.ERROR):
        exchanges = ask(chat, "please break")
    text = read(shown(chat, exchanges)).text
    assert "something went wrong" in text
    assert "999" in text
    assert "020 7946 0000" in text
    assert "/srv/kneewise" not in text
    assert "No answer" in caplog.text


def test_a_message_after_a_failure_is_answered() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    assert ask(chat, "please break", "Can I run?")[-1].state == "done"


LIMITS = SETTINGS.limits
UNCHANGED = {"__type__": "update"}


@pytest.mark.parametrize("length", [LIMITS.message_characters + 1, 50_000])
def test_a_message_over_the_limit_stays_in_the_box(length: int) -> None:
    made = Visit()
    _, window, notice, box, kept = Chat(FakeBot(), SETTINGS).take("x" * length, made, "")
    assert made.exchanges == ()
    assert (window, box, kept) == (UNCHANGED, UNCHANGED, UNCHANGED)
    assert f"{length:,} characters" in read(str(notice.value)).text


def test_the_longest_message_is_taken() -> None:
    made, longest = Visit(), "x" * LIMITS.message_characters
    Chat(FakeBot(), SETTINGS).take(longest, made, "")
    assert [e.user for e in made.exchanges] == [longest]


def test_a_conversation_ends_at_its_limit_and_keeps_what_it_has() -> None:
    settings = BotSettings(limits=Limits(messages=2))
    chat = Chat(FakeBot(), settings)
    full = visit(chat, "hello", "again")
    _, _, notice, _, _ = chat.take("one more", full, "")
    assert len(full.exchanges) == 2
    assert "2 messages" in read(str(notice.value)).text


def test_an_address_can_ask_only_so_often_and_a_new_visit_resets_nothing() -> None:
    settings = BotSettings(limits=Limits(per_address=2))
    chat = Chat(FakeBot(), settings)
    for address, taken in (("a", True), ("a", True), ("a", False), ("b", True)):
        made = Visit()
        _, _, notice, _, _ = chat.take("Can I run?", made, "", address)
        assert bool(made.exchanges) is taken
        assert ("Too many questions" in str(notice.value)) is not taken
        assert ("call 999" in read(str(notice.value)).text) is not taken


def test_an_answer_has_its_time() -> None:
    chat = Chat(FakeBot(), BotSettings(limits=Limits(seconds=1)))
    shown = visit(chat, "a slow one")  # 0.6 seconds a sentence
    exchange = shown.exchanges[-1]
    assert exchange.state == "failed"
    assert 1 <= len(exchange.statements) < len(ANSWER)
    assert visit(chat, "Can I run?").exchanges[-1].state == "done"


def test_a_second_message_waits_until_the_first_is_answered() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    _, _, notice, _, _ = chat.take("and on hills?", made, "")
    assert [e.user for e in made.exchanges] == ["Can I run?"]
    assert texts.STILL_ANSWERING in read(str(notice.value)).text


def test_a_message_sent_twice_at_once_is_taken_once_without_a_word() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    _, _, notice, _, _ = chat.take("Can I run?", made, "")
    assert (len(made.exchanges), notice.value) == (1, "")


def test_an_answer_that_was_lost_does_not_lock_the_conversation() -> None:
    now = [0.0]
    chat, made = Chat(FakeBot(), SETTINGS), Visit(lambda: now[0])
    chat.take("Can I run?", made, "")
    now[0] = LIMITS.seconds
    chat.take("again", made, "")
    assert [e.state for e in made.exchanges] == ["failed", "answering"]


def test_an_answer_that_the_queue_refused_says_so() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    chat.fail(made)
    assert made.exchanges[-1].state == "failed"
    chat.take("again", made, "")
    assert made.exchanges[-1].user == "again"


def test_a_message_sent_while_the_last_answer_winds_up_is_not_lost() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    first = chat.answer(made)
    while made.exchanges[-1].state == "answering":
        next(first)
    chat.take("and on hills?", made, "")
    # What the first answer still has to say redraws nothing and undoes nothing.
    assert [*first] == [(UNCHANGED, UNCHANGED, UNCHANGED)]
    list(chat.answer(made))
    assert [(e.user, e.state) for e in made.exchanges] == [
        ("Can I run?", "done"),
        ("and on hills?", "done"),
    ]


def test_an_answer_whose_visitor_has_left_is_given_up() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    stream = chat.answer(made)
    next(stream)
    stream.close()
    assert made.exchanges[-1].state == "failed"


def test_an_old_answer_adds_nothing_to_a_new_conversation() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    stream = chat.answer(made)
    next(stream)
    chat.clear(made)
    chat.take("and on hills?", made, "")
    list(stream)
    assert [(e.user, e.statements) for e in made.exchanges] == [("and on hills?", ())]


def test_each_visitor_has_a_visit_of_its_own() -> None:
    first = Visit()
    first.add("Can I run?")
    assert copy.deepcopy(first).exchanges == ()


def test_a_visit_that_is_over_leaves_nothing_on_the_server() -> None:
    subprocess.run([sys.executable, "-m", "tests.web.forgets"], cwd=ROOT, check=True)


def test_a_stopped_answer_keeps_what_was_shown_and_becomes_history() -> None:
    chat, made = Chat(FakeBot(), SETTINGS), Visit()
    chat.take("Can I run?", made, "")
    stream = chat.answer(made)
    for _ in range(5):
        next(stream)
    chat.stop(made)
    list(stream)
    assert texts.STOPPED in shown(chat, made.exchanges)
    reply = conversation((*made.exchanges, Exchange("next"))).turns[0].reply
    assert reply is not None
    assert len(reply.statements) == 2
    assert reply.text.endswith("[2]")


SCRIPT_LINK = "[x](javascript:alert(1))"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "![x](https://evil.example/p)", SCRIPT_LINK]
)
def test_a_message_is_shown_as_typed(text: str) -> None:
    chat = Chat(FakeBot(), SETTINGS)
    drawn = chat.messages(ask(chat, text))
    said = read(str(drawn[0]["content"]))
    assert said.text == text
    assert said.tags == ["div"]


def test_a_link_to_a_script_is_text_wherever_it_is_said() -> None:
    """In the message, the search, the article's sentence and its title."""
    chat = Chat(FakeBot(), SETTINGS)
    drawn = chat.messages(ask(chat, SCRIPT_LINK, f"the hostile one {SCRIPT_LINK}"))
    html = "".join(str(message["content"]) for message in drawn)
    reader = read(html)
    assert reader.text.count(SCRIPT_LINK) == 5
    assert "[this](javascript:" in reader.text
    assert reader.links, "the sources are linked"
    assert reader.scripted == []
    assert "javascript:" not in html, "no Markdown parser finds it either"


def test_a_hostile_article_is_shown_as_text() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    reader = read(shown(chat, ask(chat, "the hostile one")))
    assert HOSTILE.text.split("\n\n")[1] in reader.text
    assert not {"script", "img", "iframe", "svg", "b"} & set(reader.tags)
    assert reader.scripted == []


def test_every_message_is_one_line_so_that_markdown_reads_none_of_it() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    for message in chat.messages(ask(chat, "a\n\n# b\n\n- c", "guitar", "fever")):
        assert "\n" not in str(message["content"])
