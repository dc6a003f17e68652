"""Follow-ups: when history is needed, and the question that comes of it."""

from dataclasses import replace

import pytest

from bot.rewrite import rewrite
from bot.terms import Terms, load_terms
from bot.types import Answer, Conversation, Search, Source, Turn
from tests.bot.made import source


@pytest.fixture(scope="module")
def terms() -> Terms:
    return load_terms()


def search(terms: Terms, *messages: str, said: tuple[Source, ...] = ()) -> Search:
    """The search for the last message; earlier ones are answered from what is `said`."""
    history: tuple[Turn, ...] = ()
    for message in messages:
        made = rewrite(Conversation((*history, Turn(message))), terms)
        reply = Answer("answer", "x", standalone=made.standalone, sources=said)
        history = (*history, Turn(message, reply))
    return made


def after_refusal(terms: Terms, refused: str, message: str) -> str:
    reply = Answer("refusal", "x", standalone=refused)
    return rewrite(Conversation((Turn(refused, reply), Turn(message))), terms).standalone


ALONE = (
    ("how do i ice it", "when should running shoes be replaced?"),
    ("how do i do the calf stretch", "how long does recovery from runner's knee take"),
    ("how do i do the calf stretch", "is it dangerous to run with runner's knee"),
    ("how many donkey kicks", "is pfps the same as runner's knee?"),
    ("does a brace help", "can i run downhill"),
    ("is yoga fine", "can i do squats on a step, or is that too much"),
    ("what is the q angle", "why does it hurt more on stairs"),
    ("how do i ice it", "are insoles worth it for flat arches"),
    ("is rest enough", "will my insoles crack if i bend them"),
)


@pytest.mark.parametrize(("before", "message"), ALONE)
def test_a_question_of_its_own_drops_the_history(terms: Terms, before: str, message: str) -> None:
    assert search(terms, before, message).standalone == message


DROPPED = (
    ("does tape work", "forget the tape. when do i bin my trainers", "when do i bin my trainers"),
    ("how long to ice", "new question. do women get it more?", "do women get it more?"),
    ("how do i ice it", "great, thanks! and are insoles any use?", "are insoles any use?"),
)


@pytest.mark.parametrize(("before", "message", "asked"), DROPPED)
def test_words_that_leave_a_topic_or_thank_are_not_searched(
    terms: Terms, before: str, message: str, asked: str
) -> None:
    assert search(terms, before, message).queries == (asked,)


JOINED = (
    ("is it ok to ice my knee", "how long for that?", "how long is it ok to ice my knee?"),
    ("what stretches should i do", "how often tho?", "how often should i do stretches?"),
    ("how do i do the towel press", "why?", "why do i do the towel press?"),
    ("does a brace help", "why?", "why does a brace help?"),
    ("is icing wise", "how many times a day", "icing: how many times a day?"),
    ("should i rest it", "she's 9 and swims", "should i rest it – she's 9 and swims?"),
    ("do insoles wear out", "when should i replace", "when should i replace insoles?"),
    (
        "do insoles wear out",
        "every how many months do i swap them?",
        "after how many months do i swap the insoles?",
    ),
    ("do women get it more", "and men?", "do men get it more?"),
    (
        "do stiff calves matter",
        "how do i loosen them then",
        "how do i loosen the stiff calves then?",
    ),
    ("do stiff calves matter", "how do i stretch them", "how do i stretch the stiff calves?"),
    ("how do i warm up", "no i meant how many minutes", "how many minutes do i warm up?"),
    ("should i wear a sleeve", "how long, all day?", "how long should i wear a sleeve, all day?"),
    ("how do i do the quad stretch", "and the calf?", "how do i do the calf stretch?"),
    ("do weak glutes cause it", "and tight quads?", "do tight quads cause it?"),
    ("can i swim with it", "no pool here sadly. what about walking", "can i walk with it?"),
    ("is jogging on grass ok", "what about the road", "is jogging on the road ok?"),
    ("how do i move it on stairs", "and in running?", "how do i move it in running?"),
    ("can i walk on it", "no i meant running not walking", "can i run on it?"),
    ("how long off after surgery", "and for runner's knee?", "how long off for runner's knee?"),
    ("is a brace any good", "how long do i wear it", "how long do i wear the brace?"),
    ("does stretching help", "how long do i hold them", "how long do i hold the stretches?"),
    ("is cycling ok", "or is swimming better?", "is swimming better than cycling?"),
    (
        "quad stretch how",
        "i wobble like mad. anything to hold onto?",
        "quad stretch: anything to hold onto?",
    ),
    ("can i run through pain", "what if its a 4", "can i run through pain – what if its a 4?"),
)


@pytest.mark.parametrize(("before", "message", "whole"), JOINED)
def test_a_follow_up_takes_up_what_was_asked(
    terms: Terms, before: str, message: str, whole: str
) -> None:
    made = search(terms, before, message)
    assert made.standalone == whole
    assert made.queries == (message, whole)


STRETCHES = source(1, "The two stretches are the quad stretch and the calf stretch.")
TOWEL = replace(source(2, "Press the towel down."), section="How do I do the towel press?")
WEEKLY = replace(source(3, "Add 10% a week at most."), section="How do I get back?")
REASONS = source(4, "There are reasons:\n- You only rest.\n- You only stretch.")

ANSWERED = (
    ("what should i do", "how long for the second one?", "how long for the calf stretch?"),
    ("what should i do", "the towel one – how often", "the towel press – how often?"),
    (
        "what should i do",
        "that 10% thing, per run?",
        "How do I get back – that 10% thing, per run?",
    ),
    ("what should i do", "which of the two first", "quadriceps stretch or calf stretch: which of"),
)


@pytest.mark.parametrize(("before", "message", "start"), ANSWERED)
def test_a_follow_up_takes_up_what_was_answered(
    terms: Terms, before: str, message: str, start: str
) -> None:
    made = search(terms, before, message, said=(STRETCHES, TOWEL, WEEKLY))
    assert made.standalone.startswith(start)


def test_the_second_of_a_list_is_its_second_item(terms: Terms) -> None:
    made = search(terms, "why wont it go away", "explain the second one", said=(REASONS,))
    assert made.standalone == "explain “You only stretch”?"


def test_a_topic_is_returned_to_after_a_detour(terms: Terms) -> None:
    made = search(
        terms, "when do i buy new shoes", "does ice help", "back to the shoes, how often?"
    )
    assert made.standalone == "how often do i buy new shoes?"


def test_after_a_refusal_a_covered_subject_stands_alone_and_nothing_else_does(terms: Terms) -> None:
    refused = "how much ibuprofen can i take"
    assert after_refusal(terms, refused, "ok and ice?") == "ice?"
    assert "ibuprofen" in after_refusal(terms, refused, "how many a day?")


def test_a_chain_of_follow_ups_keeps_the_topic_and_does_not_grow(terms: Terms) -> None:
    made = search(terms, "how do i do the towel press", "how long do i hold", "and how many times")
    assert "towel press" in made.standalone
    assert len(made.standalone.split()) <= 8


def test_what_was_told_on_the_way_stays_in_the_question(terms: Terms) -> None:
    made = search(terms, "can i do squats", "it's a 2 out of 10 then", "which depth should i use?")
    assert "2 out of 10" in made.standalone
    assert made.standalone.endswith("which depth should i use?")


def test_more_and_shorter_ask_the_same_question_again(terms: Terms) -> None:
    question = "does a brace help"
    more, brief = (search(terms, question, m) for m in ("tell me more", "shorter please"))
    assert (more.standalone, more.more) == (question, True)
    assert (brief.standalone, brief.brief) == (question, True)
    simple = search(terms, question, "in plain english please")
    assert (simple.standalone, simple.brief, simple.simple) == (question, True, True)


def test_the_first_message_is_never_rewritten(terms: Terms) -> None:
    assert search(terms, "and the calf?").standalone == "and the calf?"
