"""What the browser keeps of a conversation, and what of it is believed when it comes back."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.settings import BotSettings
from bot.types import Article
from bot.web import texts
from bot.web.chat import Chat
from bot.web.exchange import conversation
from bot.web.kept import DAYS, LONGEST, Keeper
from bot.web.visit import Visit
from tests.web.fakes import GUIDE, WORDS, FakeBot
from tests.web.test_chat import ask, shown, visit
from tests.web.test_markup import read

ARTICLES = FakeBot().articles
SECRET = "a secret of thirty-two characters"
CHAT = Chat(FakeBot(), BotSettings())
DAY = 24 * 3600


def keeper(secret: str = SECRET, day: float = 0) -> Keeper:
    return Keeper(secret, lambda: day * DAY)


def changed(articles: Mapping[str, Article]) -> dict[str, Article]:
    return {**articles, GUIDE.id: replace(GUIDE, text=f"New. {GUIDE.text}")}


def test_a_conversation_comes_back_as_it_was() -> None:
    was = ask(CHAT, "Can I run?", "how do I tune a guitar?", "I have a fever")
    back = keeper().unpack(keeper().pack(was), ARTICLES)
    assert [shown(CHAT, (e,)) for e in back] == [shown(CHAT, (e,)) for e in was]
    assert conversation(back).messages == conversation(was).messages


def test_an_alarm_stays_after_a_reload() -> None:
    chat, after = Chat(FakeBot(), BotSettings()), Visit()
    chat.open(after, chat.keeper.pack(ask(chat, "my knee is hot and I have a fever")))
    html = shown(chat, after.exchanges)
    assert "kw-alarm" in html
    assert WORDS.now in read(html).text


def test_what_was_stopped_halfway_comes_back_as_stopped() -> None:
    chat, made = Chat(FakeBot(), BotSettings()), Visit()
    kept = chat.take("Can I run?", made, "")[-1]
    assert [e.state for e in chat.keeper.unpack(kept, ARTICLES)] == ["stopped"]


def test_an_answer_that_the_articles_no_longer_give_is_not_shown() -> None:
    kept = keeper().pack(ask(CHAT, "Can I run?", "it has hurt for six weeks"))
    back = keeper().unpack(kept, changed(ARTICLES))
    assert [e.user for e in back] == ["Can I run?", "it has hurt for six weeks"]
    assert all(e.state == "gone" and not e.reply.sources for e in back)
    html = shown(CHAT, back)
    assert texts.GONE in read(html).text
    assert "kw-note" in html, "the guard's words do not come from the articles"


def test_what_we_did_not_sign_is_not_read() -> None:
    kept = keeper().pack(ask(CHAT, "Can I run?"))
    signature, _, body = kept.partition(".")
    forged = json.loads(zlib.decompress(base64.urlsafe_b64decode(body)))
    forged["exchanges"][0]["statements"][0]["text"] = "Run through the pain."
    other = base64.urlsafe_b64encode(zlib.compress(json.dumps(forged).encode())).decode()
    for given in (f"{signature}.{other}", f".{other}", other, f"{signature}.", "", kept[:-4]):
        assert keeper().unpack(given, ARTICLES) == ()
    assert keeper("another secret").unpack(kept, ARTICLES) == ()


@pytest.mark.parametrize("given", [None, 7, ["x"], {"a": 1}, "é.ü", "x" * (LONGEST + 1)])
def test_anything_else_is_no_conversation(given: object) -> None:
    assert keeper().unpack(given, ARTICLES) == ()


def test_a_text_signed_by_another_version_is_no_conversation() -> None:
    made = keeper()
    for inside in (b"no zlib", zlib.compress(b"{}"), zlib.compress(b'{"at":0,"exchanges":[1]}')):
        body = base64.urlsafe_b64encode(inside).decode()
        assert made.unpack(f"{made._sign(body)}.{body}", ARTICLES) == ()


def test_a_conversation_is_forgotten_after_its_days() -> None:
    kept = keeper().pack(ask(CHAT, "Can I run?"))
    assert keeper(day=DAYS).unpack(kept, ARTICLES)
    assert keeper(day=DAYS + 0.01).unpack(kept, ARTICLES) == ()


def test_without_a_secret_each_server_signs_for_itself() -> None:
    kept = Keeper(None).pack(ask(CHAT, "Can I run?"))
    assert Keeper(None).unpack(kept, ARTICLES) == ()


def test_the_longest_conversation_fits_into_a_request() -> None:
    strange = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(2000))
    was = tuple(replace(e, user=strange + e.user) for e in ask(CHAT, "Can I run?")) * 40
    was = tuple(replace(e, user=f"{i * 7919}{e.user[i:]}") for i, e in enumerate(was))
    kept = keeper().pack(was)
    assert len(kept) <= LONGEST
    back = keeper().unpack(kept, ARTICLES)
    assert back
    assert [e.user for e in back] == [e.user for e in was[-len(back) :]]


def test_a_page_that_outlived_its_server_goes_on_where_it_was() -> None:
    chat, fresh = Chat(FakeBot(), BotSettings()), Visit()
    kept = chat.keeper.pack(ask(chat, "Can I run?"))
    chat.take("and on hills?", fresh, kept)
    assert [e.user for e in fresh.exchanges] == ["Can I run?", "and on hills?"]


def test_nothing_comes_back_into_a_conversation_that_has_begun() -> None:
    chat = Chat(FakeBot(), BotSettings())
    kept = chat.keeper.pack(ask(chat, "Can I run?"))
    for begun in (visit(chat, "guitar"), Visit()):
        if not begun.exchanges:
            chat.clear(begun)
        was = begun.exchanges
        chat.open(begun, kept)
        assert begun.exchanges == was


def test_a_restored_message_is_text() -> None:
    typed = "<img src=x onerror=alert(1)> **b**"
    back = keeper().unpack(keeper().pack(ask(CHAT, typed)), ARTICLES)
    said = read(str(CHAT.messages(back)[0]["content"]))
    assert (said.text, said.tags) == (typed, ["div"])
