"""The page's behaviour without a browser: what is shown, and what the bot is given."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bot import phones
from bot.settings import BotSettings, ClinicSettings
from bot.types import Answer, Cited, Conversation, Event, Phone, SafetyWords, Statement
from bot.web import texts
from bot.web.chat import Chat
from bot.web.exchange import Exchange, conversation
from bot.web.reply import reply
from tests.web.fakes import GUIDE, HOSTILE, NOTE, WORDS, FakeBot, source
from tests.web.test_markup import read

SETTINGS = BotSettings(clinic=ClinicSettings(name="Riverside", phone="020 7946 0000"))


@dataclass(frozen=True)
class Recorder(FakeBot):
    """Keeps the conversations it was asked."""

    asked: list[Conversation] = field(default_factory=list)

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        self.asked.append(conversation)
        yield from super().stream(conversation)


def ask(chat: Chat, *messages: str) -> tuple[Exchange, ...]:
    exchanges: tuple[Exchange, ...] = ()
    for message in messages:
        exchanges = chat.take(message, exchanges)[1]
        *_, (exchanges, _drawn) = chat.answer(exchanges)
    return exchanges


def shown(chat: Chat, exchanges: tuple[Exchange, ...]) -> str:
    return str(chat.messages(exchanges)[-1]["content"])


def test_statements_appear_one_after_the_other() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    exchanges = chat.take("Can I run?", ())[1]
    counts = [len(past[-1].statements) for past, _ in chat.answer(exchanges)]
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


@pytest.mark.parametrize("length", [texts.MESSAGE_LIMIT + 1, 50_000])
def test_a_message_over_the_limit_stays_in_the_box(length: int) -> None:
    box, exchanges, _, notice = Chat(FakeBot(), SETTINGS).take("x" * length, ())
    assert exchanges == ()
    assert box == {"__type__": "update"}
    assert f"{length:,} characters" in read(str(notice.value)).text


def test_the_longest_message_is_taken() -> None:
    assert len(Chat(FakeBot(), SETTINGS).take("x" * texts.MESSAGE_LIMIT, ())[1]) == 1


def test_a_conversation_ends_at_its_limit_and_keeps_what_it_has() -> None:
    full = tuple(Exchange("hello", "done") for _ in range(texts.TURN_LIMIT))
    _, exchanges, _, notice = Chat(FakeBot(), SETTINGS).take("one more", full)
    assert exchanges == full
    assert "40 messages" in read(str(notice.value)).text


def test_a_second_message_waits_until_the_first_is_answered() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    waiting = chat.take("Can I run?", ())[1]
    assert chat.take("and on hills?", waiting)[1] == waiting


def test_an_answer_that_never_came_does_not_lock_the_conversation() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    exchanges, _, _ = chat.finish(chat.take("Can I run?", ())[1])
    assert exchanges[-1].state == "failed"
    assert len(chat.take("again", exchanges)[1]) == 2


def test_a_stopped_answer_keeps_what_was_shown_and_becomes_history() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    stream = chat.answer(chat.take("Can I run?", ())[1])
    exchanges = [next(stream)[0] for _ in range(5)][-1]
    stopped, _, _ = chat.stop(exchanges)
    assert texts.STOPPED in shown(chat, stopped)
    reply = conversation((*stopped, Exchange("next"))).turns[0].reply
    assert reply is not None
    assert len(reply.statements) == 2
    assert reply.text.endswith("[2]")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "![x](https://evil.example/p)"])
def test_a_message_is_shown_as_typed(text: str) -> None:
    chat = Chat(FakeBot(), SETTINGS)
    drawn = chat.messages(ask(chat, text))
    said = read(str(drawn[0]["content"]))
    assert said.text == text
    assert said.tags == ["div"]


def test_a_hostile_article_is_shown_as_text() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    reader = read(shown(chat, ask(chat, "the hostile one")))
    assert HOSTILE.text.split("\n\n")[1] in reader.text
    assert not {"script", "img", "iframe", "svg", "b"} & set(reader.tags)


def test_every_message_is_one_line_so_that_markdown_reads_none_of_it() -> None:
    chat = Chat(FakeBot(), SETTINGS)
    for message in chat.messages(ask(chat, "a\n\n# b\n\n- c", "guitar", "fever")):
        assert "\n" not in str(message["content"])
