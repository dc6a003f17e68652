"""What counts as said by a source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.support import Support
from bot.terms import load_terms

SUPPORT = Support(load_terms())
LIST = "Running is possible if:\n- The pain is mild\n- The pain is gone within 24 hours"

SAID = (
    ("Ice the knee for 20 minutes.", "Ice the knee for 20 minutes. Use a towel."),
    ("Use a towel.", "Ice the knee for 20 minutes. Use a towel."),
    ("The pain is mild", LIST),
    (
        "The article says that you should ice the knee for 20 minutes.",
        "You should ice the knee for 20 minutes.",
    ),
    ("Most runners get better in 4 to 6 weeks.", "Most runners get better in 4–6 weeks."),
    ("Weak quads can hurt the patella.", "Weak quadriceps can hurt the kneecap."),
    (
        "Running should be possible if the pain is dull.",
        "If the pain is dull, running should be possible.",
    ),
)
NOT_SAID = (
    ("a figure changed", "Ice the knee for 30 minutes.", "Ice the knee for 20 minutes."),
    ("a unit changed", "Recovery takes 6 months.", "Recovery takes 6 weeks."),
    ("a not added", "Do not ice the knee for 20 minutes.", "Ice the knee for 20 minutes."),
    ("a not removed", "Run daily at first.", "Do not run daily at first."),
    (
        "a condition dropped",
        "Running should be possible.",
        "If the pain is dull, running should be possible.",
    ),
    ("a condition cut off", "Running is possible", "Running is possible if the pain is mild."),
    ("a hedge dropped", "A brace will help for a while.", "A brace may help for a while."),
    ("made general", "All runners recover fully.", "Most runners recover fully."),
    ("turned round", "Raise your mileage for two weeks.", "Cut your mileage for two weeks."),
    ("another muscle", "Stretch the calf twice.", "Stretch the hamstring twice."),
    ("another source", "A brace can steady the knee.", "Ice the knee for 20 minutes."),
    ("an invention", "Sessions cost 100 dollars.", "A physiotherapist can assess your movement."),
    (
        "a lead cut off",
        "Keep running hard while it hurts.",
        "Common mistakes are:\n- Keeping running hard while it hurts\n- Resting for months",
    ),
    ("a lead that forbids cut off", "You limp.", "Do not run if:\n- You limp\n- The knee swells"),
    ("one word turned", "Wear hard shoes on the track.", "Wear soft shoes on the track."),
    (
        "one word swapped",
        "Early on, rowing may be a good choice if running hurts.",
        "Early on, walking may be a good choice if running hurts.",
    ),
    (
        "another word denied",
        "A brace eases the symptom, not the swelling.",
        "A brace eases the swelling, not the symptom.",
    ),
    (
        "what it comes with dropped",
        "Most runners recover fully.",
        "Most runners recover fully with regular strength work.",
    ),
    ("nothing", "", "Ice the knee for 20 minutes."),
)


@pytest.mark.parametrize(("text", "quote"), SAID)
def test_what_the_source_says_is_supported(text: str, quote: str) -> None:
    assert SUPPORT.supported(text, [quote])


@pytest.mark.parametrize(("change", "text", "quote"), NOT_SAID)
def test_what_the_source_does_not_say_is_refused(change: str, text: str, quote: str) -> None:
    assert not SUPPORT.supported(text, [quote]), change


def test_figures_of_two_distant_sentences_are_not_put_together() -> None:
    quote = "Hold the calf stretch for 12 seconds. Rest a day. Ice the knee for 20 minutes."
    assert not SUPPORT.supported("Hold the calf stretch for 20 seconds.", [quote])


def test_without_a_source_nothing_is_supported() -> None:
    assert not SUPPORT.supported("Ice the knee for 20 minutes.", [])


@given(st.lists(st.sampled_from([quote for _, quote in SAID]), min_size=1, max_size=4))
def test_a_whole_sentence_of_a_quote_is_always_supported(quotes: list[str]) -> None:
    assert SUPPORT.supported(quotes[-1], quotes)
