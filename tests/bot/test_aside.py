"""What is asked of the last answer, and what only sounds like it."""

import pytest

from bot.aside import wish_of

WISHES = {
    "simpler": (
        "say that in plain english",
        "too complicated",
        "can you explain it like i'm a kid",
        "what on earth does that mean",
        "I don’t understand a word",
        "too many big words",
        "could you phrase this more simply?",
        "thanks, but in easier words please",
    ),
    "shorter": (
        "tl;dr?",
        "too long, didn't read",
        "just the key points please",
        "can you sum that up in one line",
        "whats the bottom line",
        "cut it down a bit",
    ),
    "more": ("anything else i should know", "go on", "can you elaborate", "got any more details"),
    "source": (
        "which article says that?",
        "where did you get this from",
        "is that a doctor talking",
        "is the author a physio?",
        "says who",
    ),
    "repeat": ("say the steps again", "list those again please", "sorry i missed that, once more?"),
}
QUESTIONS = (
    "why does it hurt more on stairs",
    "more pain after squats",
    "can i do it again tomorrow",
    "is a shorter stride better",
    "how long is too long to rest",
    "should i see a doctor again",
    "what does patellofemoral mean",
    "how many times do i repeat the steps",
    "simple exercises for home",
    "is it more common in women",
    "what else can i do",
    "does a physio help",
    "can i go on running",
    "is that too long",
    "will it come back",
    "keep going?",
)


@pytest.mark.parametrize(
    ("wish", "message"), [(wish, each) for wish, messages in WISHES.items() for each in messages]
)
def test_a_wish_is_understood_in_many_wordings(wish: str, message: str) -> None:
    assert wish_of(message) == wish


@pytest.mark.parametrize("message", QUESTIONS)
def test_a_question_with_a_word_of_its_own_is_none(message: str) -> None:
    assert wish_of(message) is None


def test_who_asks_for_a_source_may_use_the_answers_words() -> None:
    message = "where does the 20 minutes come from"
    assert wish_of(message, said="Ice it for 20 minutes.") == "source"
    assert wish_of(message, said="Rest it.") is None
