"""The real path to a chat model, where somebody runs one: set KNEEWISE_MODEL_URL to try it."""

import os
from dataclasses import replace

import pytest
from langchain_core.embeddings import Embeddings

from bot.build import IndexedBot, bind
from bot.chat_settings import ChatSettings
from bot.support import Support
from bot.terms import load_terms
from tests.bot.fakes import ask, small_bot

URL = os.environ.get("KNEEWISE_MODEL_URL", "")
pytestmark = pytest.mark.skipif(
    not URL,
    reason="KNEEWISE_MODEL_URL names no OpenAI-compatible server (docs/language-model.md)",
)
NAME = os.environ.get("KNEEWISE_MODEL", "openai:any")
SUPPORT = Support(load_terms())


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> IndexedBot:
    pytest.importorskip("langchain_openai", reason="the extra kneewise[openai] is not installed")
    made = small_bot(tmp_path_factory.mktemp("real"), minilm)
    chat = ChatSettings(model=NAME, base_url=URL, seconds=120, tokens=120)
    settings = made.settings.model_copy(update={"chat": chat})
    parts = bind(settings, made.embedder, made.terms)
    return replace(made, settings=settings, _parts=parts)


def test_a_real_model_shows_only_what_its_sources_say(bot: IndexedBot) -> None:
    answer = ask(bot, "How long should I hold the calf stretch?")
    assert answer.written is not None
    assert answer.written.failed == ""
    quotes = {source.n: source.quote for source in answer.sources}
    assert answer.statements
    assert all(
        SUPPORT.supported(said.text, [quotes[n]]) for said in answer.statements for n in said.cites
    )


def test_a_real_model_is_not_asked_what_the_articles_do_not_cover(bot: IndexedBot) -> None:
    assert ask(bot, "how many mg of ibuprofen before a run").written is None


def test_the_server_is_spoken_to_and_not_another(bot: IndexedBot) -> None:
    nowhere = bot.settings.chat.model_copy(update={"base_url": "http://127.0.0.1:9/v1"})
    settings = bot.settings.model_copy(update={"chat": nowhere})
    gone = replace(bot, settings=settings, _parts=bind(settings, bot.embedder, bot.terms))
    answer = ask(gone, "How long should I hold the calf stretch?")
    assert answer.written is not None
    assert answer.written.failed
    assert any("12 seconds" in said.text for said in answer.statements)
