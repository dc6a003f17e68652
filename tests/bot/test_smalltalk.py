"""Greetings and questions about the last answer, and what only looks like them."""

import pytest

from bot.smalltalk import small_talk
from bot.types import Answer, Conversation, Statement, Turn
from tests.bot.made import article, passage, source

PAGE = article(
    passage("stretches", "S", "Hold it."),
    author="Ann Otter",
    credentials="physio",
    kind="clinician",
)
LAST = Answer(
    "answer",
    "Hold it. [1]",
    statements=(Statement("Hold it.", (1,)),),
    sources=(source(1, "Hold it."),),
    standalone="how long",
)


def talk(message: str, last: Answer | None = None) -> Answer | None:
    before = (Turn("how long", last),) if last else ()
    return small_talk(Conversation((*before, Turn(message))), {"stretches": PAGE})


@pytest.mark.parametrize(
    "message", ["hi", "Hello!", "thanks a lot", "ok great", "bye", "who are you?"]
)
def test_small_talk_gets_a_chat_reply(message: str) -> None:
    answer = talk(message)
    assert answer is not None
    assert answer.kind == "chat"


@pytest.mark.parametrize(
    "message",
    ["hi, how long does it take", "thanks, and the calf?", "who wrote the treatment guide", "knee"],
)
def test_a_question_is_not_small_talk(message: str) -> None:
    assert talk(message) is None


@pytest.mark.parametrize(
    "message", ["which article says that?", "who wrote that?", "is that a coach?"]
)
def test_asked_for_its_source_it_names_article_section_and_author(message: str) -> None:
    answer = talk(message, LAST)
    assert answer is not None
    assert "a clinician: Ann Otter, physio" in answer.text
    assert answer.sources == LAST.sources


@pytest.mark.parametrize(
    "message", ["repeat the steps", "say that again", "show me the list again"]
)
def test_asked_again_it_repeats_the_last_answer_word_for_word(message: str) -> None:
    answer = talk(message, LAST)
    assert answer is not None
    assert (answer.kind, answer.text, answer.statements) == ("answer", LAST.text, LAST.statements)


def test_with_nothing_said_yet_there_is_nothing_to_cite_or_repeat() -> None:
    for message in ("which article says that?", "repeat that"):
        answer = talk(message)
        assert answer is not None
        assert answer.sources == ()
