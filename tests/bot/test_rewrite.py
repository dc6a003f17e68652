"""Follow-ups: when history is needed, and the question that comes of it."""

import pytest

from bot.rewrite import rewrite
from bot.terms import Terms, load_terms
from bot.types import Answer, Conversation, Search, Turn


@pytest.fixture(scope="module")
def terms() -> Terms:
    return load_terms()


def search(terms: Terms, *messages: str) -> Search:
    """The search for the last message, each earlier one answered under its standalone form."""
    history: tuple[Turn, ...] = ()
    for message in messages:
        made = rewrite(Conversation((*history, Turn(message))), terms)
        history = (*history, Turn(message, Answer("answer", "x", standalone=made.standalone)))
    return made


ALONE = (
    ("how do i ice it", "when should running shoes be replaced?"),
    ("does tape work", "forget the tape. when do i bin my trainers"),
    ("should i take ibuprofen", "ok not pills then, what else can i do early on"),
    ("how do i do the calf stretch", "how long does recovery from runner's knee take"),
)


@pytest.mark.parametrize(("before", "message"), ALONE)
def test_a_question_of_its_own_drops_the_history(terms: Terms, before: str, message: str) -> None:
    assert search(terms, before, message).standalone == message


JOINED = (
    (
        "is it ok to ice my knee",
        "how long for that?",
        "how long for that – is it ok to ice my knee?",
    ),
    ("how do i do the quad stretch", "and the calf?", "how do i do the calf stretch"),
    ("do weak glutes cause it", "and tight quads?", "do tight quads cause it"),
    ("how do i warm up", "no i meant how many minutes", "how many minutes – how do i warm up?"),
    ("does a brace help", "why?", "why – does a brace help?"),
)


@pytest.mark.parametrize(("before", "message", "whole"), JOINED)
def test_a_follow_up_takes_up_what_was_asked(
    terms: Terms, before: str, message: str, whole: str
) -> None:
    made = search(terms, before, message)
    assert made.standalone == whole
    assert made.queries == (message, whole)


def test_a_chain_of_follow_ups_keeps_the_topic_and_does_not_grow(terms: Terms) -> None:
    made = search(terms, "how do i do the towel press", "how long do i hold", "and how many times")
    assert "towel press" in made.standalone
    assert made.standalone.count("–") == 1


def test_more_and_shorter_ask_the_same_question_again(terms: Terms) -> None:
    question = "does a brace help"
    more, brief = (search(terms, question, m) for m in ("tell me more", "shorter please"))
    assert (more.standalone, more.more) == (question, True)
    assert (brief.standalone, brief.brief) == (question, True)


def test_the_first_message_is_never_rewritten(terms: Terms) -> None:
    assert search(terms, "and the calf?").standalone == "and the calf?"
