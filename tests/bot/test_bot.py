"""The path of one message, through the bot's own door."""

from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from bot.bot import reply
from bot.build import IndexedBot
from bot.compose import Draft, Unit
from bot.types import (
    Answer,
    Assessed,
    Assessment,
    Cited,
    Conversation,
    Found,
    Retrieved,
    Rewritten,
    SafetyWords,
    Search,
    Turn,
)
from ingest.run import ingest
from tests.bot.fakes import ask, small_bot

QUESTION = "How long should I hold the calf stretch?"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> IndexedBot:
    return small_bot(tmp_path_factory.mktemp("bot"), minilm)


def events(bot: IndexedBot, message: str) -> list[object]:
    return list(bot.stream(Conversation((Turn(message),))))


def test_events_come_in_the_order_of_the_path(bot: IndexedBot) -> None:
    kinds = [type(event) for event in events(bot, QUESTION)]
    assert kinds[:3] == [Assessed, Rewritten, Retrieved]
    assert set(kinds[3:-1]) == {Cited}
    assert kinds[-1] is Answer


def test_every_statement_is_a_slice_of_the_article_it_cites(bot: IndexedBot) -> None:
    answer = ask(bot, QUESTION)
    sources = {source.n: source for source in answer.sources}
    assert "Hold the calf stretch for 12 seconds." in [s.text for s in answer.statements]
    for source in answer.sources:
        assert bot.articles[source.article].text[source.start : source.end] == source.quote
    for statement in answer.statements:
        assert all(statement.text in sources[n].quote for n in statement.cites)


def test_statements_streamed_are_those_of_the_answer(bot: IndexedBot) -> None:
    *stream, answer = events(bot, QUESTION)
    cited = [event for event in stream if isinstance(event, Cited)]
    assert isinstance(answer, Answer)
    assert tuple(event.statement for event in cited) == answer.statements
    assert tuple(source for event in cited for source in event.sources) == answer.sources


def test_a_permission_is_shown_with_its_limit_and_its_whole_list(bot: IndexedBot) -> None:
    text = ask(bot, "Can I run with runner's knee?").text
    for words in ("below 2 out of 10", "gone by the next morning", "You limp", "The knee swells"):
        assert words in text


def test_a_red_flag_ends_the_path_before_anything_is_searched(bot: IndexedBot) -> None:
    kinds = [type(event) for event in events(bot, "I have crushing chest pain after my run")]
    assert kinds == [Assessed, Answer]
    answer = ask(bot, "I have crushing chest pain after my run")
    assert (answer.kind, answer.level) == ("red_flag", "emergency")
    assert answer.words is not None
    assert answer.words.now in answer.text


def test_a_question_the_articles_do_not_cover_is_refused_with_what_they_do(bot: IndexedBot) -> None:
    answer = ask(bot, "Who won the football last night?")
    assert answer.kind == "refusal"
    assert not answer.statements
    assert "when to see a professional" in answer.text


def test_what_the_source_does_not_say_is_never_shown(bot: IndexedBot) -> None:
    parts = replace(bot.parts(), supported=lambda _text, _quotes: False)
    *_, answer = reply(Conversation((Turn(QUESTION),)), parts)
    assert isinstance(answer, Answer)
    assert answer.kind == "refusal"
    assert not answer.statements


def test_a_source_that_does_not_say_it_alone_is_not_cited_beside_one_that_does(
    bot: IndexedBot,
) -> None:
    def unit(article: str, index: int) -> Unit:
        passage = next(p for p in passages if p.article == article)
        return Unit(passage, (passage.sentences[index],), 1.0)

    search = Search(QUESTION, QUESTION)
    passages = [hit.passage for hit in bot.parts().retrieve(search).hits]
    draft = Draft(unit("braces", 0), (unit("stretches", 0),))
    parts = replace(bot.parts(), compose=lambda *_: (draft,), answerable=lambda *_: None)
    *_, answer = reply(Conversation((Turn(QUESTION),)), parts)
    assert isinstance(answer, Answer)
    assert [source.article for source in answer.sources] == ["braces"]


def test_a_note_of_the_guard_stands_above_the_answer(bot: IndexedBot) -> None:
    words = SafetyWords("Book an assessment", "Have it seen.", "It has lasted.", "")
    note = Assessment("see_professional", "note", words=words)
    parts = replace(bot.parts(), guard=lambda *_: note)
    *_, answer = reply(Conversation((Turn(QUESTION),)), parts)
    assert isinstance(answer, Answer)
    assert (answer.kind, answer.level) == ("answer", "see_professional")
    assert answer.text.index("Book an assessment") < answer.text.index("12 seconds")


def test_the_guard_reads_the_reworded_question_too(bot: IndexedBot) -> None:
    stop = Assessment("urgent", "stop", words=SafetyWords("Today", "Go.", "Why.", "Don't."))

    def guard(messages: object, *_: object) -> Assessment:
        return stop if "chest" in str(messages) else Assessment()

    meant = Search("and now?", "chest now?")
    parts = replace(bot.parts(), guard=guard, guard_meant=guard, rewrite=lambda _: meant)
    *_, answer = reply(Conversation((Turn("and now?"),)), parts)
    assert isinstance(answer, Answer)
    assert (answer.kind, answer.level) == ("red_flag", "urgent")


def test_milliseconds_are_given_for_each_stage(bot: IndexedBot) -> None:
    ms = ask(bot, QUESTION).ms
    assert set(ms) == {"guard", "rewrite", "retrieve", "compose", "total"}
    assert ms["total"] >= ms["retrieve"] > 0


def test_more_shows_what_was_not_shown_before(bot: IndexedBot) -> None:
    first = ask(bot, "Does a knee brace help?")
    more = ask(bot, "Does a knee brace help?", "more")
    assert more.standalone == first.standalone
    assert not {s.text for s in more.statements} & {s.text for s in first.statements}


def test_a_new_generation_is_taken_up_between_two_messages(
    tmp_path: Path, minilm: Embeddings
) -> None:
    bot = small_bot(tmp_path, minilm)
    before = bot.generation
    article = bot.settings.index.corpus / "stretches.md"
    changed = article.read_text(encoding="utf-8").replace("12 seconds", "25 seconds")
    article.write_text(changed, encoding="utf-8")
    ingest((), bot.settings.index, load=lambda _: minilm)
    assert "25 seconds" in ask(bot, QUESTION).text
    assert bot.generation != before


def test_nothing_found_is_a_refusal_not_an_error(bot: IndexedBot) -> None:
    parts = replace(bot.parts(), retrieve=lambda _: Found(), answerable=lambda *_: None)
    *_, answer = reply(Conversation((Turn(QUESTION),)), parts)
    assert isinstance(answer, Answer)
    assert answer.kind == "refusal"
