"""Misspelt messages as they are searched for."""

import pytest

from bot.spelling import Spelling, load_spelling
from bot.subjects import load_table
from bot.terms import load_terms
from bot.types import Conversation, Turn

TEXTS = ["Stretch the hamstring after running.", "See a physiotherapist about the kneecap."]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return load_spelling(TEXTS, load_terms(), load_table(), ["parkrun"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how do i strech my hamstrng", "how do i stretch my hamstring"),
        ("is runnning ok", "is running ok"),
        ("kneecap pian when walkng", "kneecap pian when walking"),
        ("shud i see sum1", "should i see someone"),
        ("the kneecapstretch", "the kneecap stretch"),
        ("phsyiotherapist", "physiotherapist"),
    ],
)
def test_what_is_near_a_word_of_the_articles_becomes_it(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.repair(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "can i run every day",
        "is a meniscus tear like that?",
        "the parkrun on saturday",
        "what about Nagpur",
        "3hrs and 2 x 15",
        "naïve café",
        "",
    ],
)
def test_right_words_and_words_of_other_subjects_are_left_as_typed(
    spelling: Spelling, typed: str
) -> None:
    assert spelling.repair(typed) == typed


def test_a_misspelt_medicine_is_recognised(spelling: Spelling) -> None:
    assert spelling.repair("a cortisne shot") == "a cortisone shot"


def test_only_the_newest_message_is_repaired(spelling: Spelling) -> None:
    turns = (Turn("strech it"), Turn("strech it"))
    assert spelling.read(Conversation(turns)).messages == ("strech it", "stretch it")
