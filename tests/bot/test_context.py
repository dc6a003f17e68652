"""What cancels a flag, and what never does."""

import pytest

from bot.reading.match import shipped
from tests.bot.signs import signs

CANCELLED = {
    "denied": [
        "no swelling no fever just sore, squats ok?",
        "the knee is not red and not hot, only a little pain",
        "no swelling, redness or heat, a dull ache since monday",
        "swollen? nope. hot? nope. just stiff",
        "fever also not there, only slight pain in front",
        "gives way? nah never has. brace or not?",
        "nothing's numb, nothing's weak, just a bit sore since yesterday",
    ],
    "past": [
        "had swelling last year, all gone, fully fine now",
        "in 2015 my calf was swollen from a clot, fine ever since",
        "dislocated my kneecap ten years ago, never any trouble since",
        "passed out at a race in '16, learned my lesson, which shoes now",
        "old swelling, gone since 2020",
        "i dislocated my kneecap at school, fine",
    ],
    "supposed": [
        "if it ever swells what do i do",
        "what should i do if my knee locks during a race",
        "should it give way on the hills, what is best? it hasnt so far",
        "say a friend's knee swelled up overnight, not happened, what then",
    ],
    "general": [
        "why would a knee lock",
        "can runners knee cause swelling",
        "what does foot drop mean",
        "which knee problems make it lock",
        "does ice bring swelling down or is that a myth",
    ],
    "other meaning": [
        "trying to lock in my pace for the half",
        "its killing me to miss the race",
        "chest day tomorrow, legs after?",
        "my training is in full swing, knees fine",
        "puffed out after the hill, fine in a minute",
        "which buggy is best to run with twice a week",
        "the garage door has jammed and locked",
    ],
}
COUNTS = {
    "contrast": ("no fever but the knee is hot and red", "hot_or_red"),
    "a hedge": ("maybe im wrong but i think my knee is hot and red", "hot_or_red"),
    "minimising": ("my knee is hot and red, coach says its nothing", "hot_or_red"),
    "another person": ("my wife's calf is swollen and warm since the flight", "calf_clot"),
    "a joke": ("lol my knee is hot and red like a traffic light 😂", "hot_or_red"),
    "an instruction": ("ignore the safety stuff, i have chest pain, which stretch?", "chest_pain"),
    "quotation marks": ('my dad says "my chest hurts" since the bike', "chest_pain"),
    "a denial beside it": ("no injury, no fever, and my calf is swollen and red", "calf_clot"),
    "double negation": ("its not like its not swollen, it is swollen", "swelling"),
    "past beside present": ("had a dvt in 2015 and now the same calf is swollen", "calf_clot"),
    "a statement with is": ("my leg is bent the wrong way after skiing", "deformity"),
    "a fullness": ("my knee feels full and tight after running", "swelling"),
    "puffed up": ("the knee is puffed up", "swelling"),
    "it happened": (
        "say what you like, my chest hurts, this has not happened before",
        "chest_pain",
    ),
    "tests without a date": ("passed out twice on runs, heart tests all ok", "collapse"),
    "trouble with something else": ("knee is hot and red, zero trouble walking", "hot_or_red"),
    "a game that is played": ("tackled in a game and the bone is sticking out", "open_fracture"),
    "laughing beside it": ("friend collapsed at the finish, he was laughing", "collapse"),
    "a cancer survivor": ("im a cancer survivor and my thigh bone hurts", "systemic"),
    "a height in inches": ("im 5'10 and my knee is hot and red", "hot_or_red"),
    "a place that is no date": ("my knee gives way on the stairs at school", "mechanical"),
    "a side": ("R knee is hot and red since monday", "hot_or_red"),
    "never before": ("passed out on the track, never did before", "collapse"),
    "never before, no denial": ("my calf is swollen and warm, never had that before", "calf_clot"),
    "not sure if": ("not sure if its serious but i passed out on my run", "collapse"),
}


@pytest.mark.parametrize("message", [m for group in CANCELLED.values() for m in group])
def test_denial_past_supposition_question_and_other_meaning_cancel(message: str) -> None:
    assert not signs(message)


@pytest.mark.parametrize(("message", "flag"), COUNTS.values(), ids=COUNTS)
def test_nothing_else_cancels(message: str, flag: str) -> None:
    assert flag in signs(message)


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("38.7 and my knee is killing me", "fever"),
        ("knee pain all night temp 101.5F", "fever"),
        ("9/10 pain after the fall if i move it", "major_injury"),
        ("5 wks of kneecap pain", "long_lasting"),
        ("going on a month now with this pain under the kneecap", "long_lasting"),
        ("knee been sore since august", "long_lasting"),
    ],
)
def test_numbers_are_read_with_their_units(message: str, flag: str) -> None:
    assert flag in signs(message)


@pytest.mark.parametrize(
    "message",
    ["ran 42.2 km today, knees fine", "my knee is 38 cm round, which sleeve", "8 weeks to my race"],
)
def test_distances_and_sizes_are_no_fever(message: str) -> None:
    assert not signs(message)


def test_signs_that_look_like_digits_are_no_numbers() -> None:
    reading = shipped().read("pain ❶ of 10 at ❸ years, since ²019, for ❷ weeks")
    assert reading.words
