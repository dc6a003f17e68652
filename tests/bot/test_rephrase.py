"""A model that rephrases follow-ups: the rules hold it."""

from pathlib import Path

import pytest

from bot.chat_model import ModelFailed
from bot.rephrase import AGREE, Rephraser, agreement, prompt
from bot.rewrite import rewrite
from bot.terms import load_terms
from bot.types import Answer, Conversation, Search, Statement, Turn
from evals.cases import Case, load_cases
from tests.bot.fakes import Scripted

TERMS = load_terms()
ASKED = "How do I do the calf stretch?"
REPLY = Answer("answer", "", statements=(Statement("Lean forward.", (1,)),), standalone=ASKED)
FOLLOWS = Conversation((Turn(ASKED, REPLY), Turn("how long should I hold it?")))
ALONE = Conversation((Turn("Does a knee brace help?"),))


def by_rules(conversation: Conversation) -> Search:
    return rewrite(conversation, TERMS)


def rephraser(*script: object, seconds: float = 5.0) -> Rephraser:
    return Rephraser(Scripted(script=list(script)), by_rules, TERMS, seconds)


def test_a_form_that_agrees_with_the_rules_takes_their_place() -> None:
    search = rephraser("How long should I hold ", "the calf stretch?\n").rephrase(FOLLOWS)
    assert search.standalone == "How long should I hold the calf stretch?"
    assert search.also == ""


def test_where_they_disagree_widely_both_are_searched() -> None:
    search = rephraser("Are new running shoes worth the money?").rephrase(FOLLOWS)
    assert search.standalone == by_rules(FOLLOWS).standalone
    assert search.queries == (
        FOLLOWS.message,
        "Are new running shoes worth the money?",
        by_rules(FOLLOWS).standalone,
    )


@pytest.mark.parametrize(
    "script",
    [
        (ConnectionError("gone"),),
        (2.0, "How long should I hold the calf stretch?"),
        ("",),
        ("Hold it for 30 seconds.",),
        ("]]] %%% \x00",),
        ("calf stretch " * 100 + "?",),
    ],
    ids=["an error", "a stall", "nothing", "an answer", "garbage", "a flood"],
)
def test_anything_else_leaves_the_rules_form_alone(script: tuple[object, ...]) -> None:
    assert rephraser(*script, seconds=0.3).rephrase(FOLLOWS) == by_rules(FOLLOWS)


def test_a_message_that_stands_alone_is_not_sent_to_the_model() -> None:
    made = rephraser(ModelFailed("asked"))
    assert made.rephrase(ALONE) == by_rules(ALONE)
    assert isinstance(made.model, Scripted)
    assert made.model.asked == []


def test_the_model_is_told_what_was_asked_and_answered() -> None:
    *_, asked = prompt(FOLLOWS)
    assert all(text in str(asked.content) for text in (ASKED, "Lean forward.", FOLLOWS.message))


def test_agreement_is_the_overlap_of_content_words() -> None:
    # calf stretch hold | calf stretch time: two of three in common
    shared = agreement("hold the calf stretch", "times of the calf stretch", TERMS)
    assert shared == pytest.approx(2 / 3)
    assert agreement("", "calf stretch", TERMS) == 0.0


def by_the_rules(case: Case) -> Search:
    """The last turn's search, each turn before it answered for what the rules made of it."""
    history: tuple[Turn, ...] = ()
    for message in case.turns[:-1]:
        asked = by_rules(Conversation((*history, Turn(message)))).standalone
        history = (*history, Turn(message, Answer("answer", "", standalone=asked)))
    return by_rules(Conversation((*history, Turn(case.turns[-1]))))


def test_agreement_tells_the_same_question_from_another() -> None:
    shipped = Path(__file__).parents[2] / "evals" / "golden" / "answers-dev.yaml"
    cases = [c for c in load_cases((shipped,)) if c.kind == "follow-up" and c.standalone]
    made = [(case.standalone or "", by_the_rules(case)) for case in cases]
    made = [(gold, search) for gold, search in made if search.standalone != search.raw]
    assert len(made) >= 10
    same = [agreement(gold, search.standalone, TERMS) for gold, search in made]
    others = [
        agreement(gold, search.standalone, TERMS)
        for i, (gold, _) in enumerate(made)
        for j, (_, search) in enumerate(made)
        if i != j
    ]
    assert sum(value >= AGREE for value in same) >= 0.6 * len(same)
    assert sum(value >= AGREE for value in others) <= 0.06 * len(others)
