"""The first line under a yes-or-no question: only what the cited sentence settles."""

import pytest

from bot import wording
from bot.terms import load_terms
from bot.verdict import Verdicts

VERDICTS = Verdicts(load_terms())


@pytest.mark.parametrize(
    ("asked", "sentence", "line"),
    [
        ("can i run", "Running is possible if the pain is mild.", wording.DEPENDS),
        ("can i run daily", "Do not run daily.", wording.AGAINST),
        ("can i run every day", "It is not advised to run daily.", wording.AGAINST),
        ("do i need surgery", "Surgery is rarely needed.", wording.RARELY),
        ("do weak hips cause it", "Weak hips cause runner's knee.", wording.YES),
        ("does ice help", "Ice is good for easing the pain.", wording.YES),
        ("can i run daily", "If the pain is sharp, do not run daily.", wording.DEPENDS),
        ("they say stretching is enough", "Stretching is not enough.", wording.OTHERWISE),
        (
            "they say the warm-up takes 2 minutes, yes?",
            "A warm-up should last at least 10 minutes.",
            wording.OTHERWISE,
        ),
        ("can i run at 5/10", "If pain is higher than 3 out of 10, stop running.", wording.AGAINST),
        (
            "can i add 30% of distance a week",
            "Add 10% of distance a week at most.",
            wording.AGAINST,
        ),
    ],
)
def test_a_sentence_that_settles_the_question_is_named_first(
    asked: str, sentence: str, line: str
) -> None:
    assert VERDICTS.line(asked, sentence) == line


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("should i ice the bare skin", "Ice the knee and be sure to put a towel on the skin."),
        ("does a brace help", "A brace may help some runners."),
        ("can flat feet cause it", "Flat feet do not cause runner's knee."),
        ("is grass worse than concrete", "Grass is kinder than concrete."),
        ("is it bad to run", "Do not run daily."),
        ("can i run at 2/10", "If pain is higher than 3 out of 10, stop running."),
        ("they say warm up for 12 minutes, right?", "Warm up for at least 10 minutes."),
        ("how do i warm up", "Warm up well."),
        ("what shoes should i replace", "Replace shoes."),
        ("can i swim", "Warm up well."),
    ],
)
def test_in_doubt_there_is_no_line(asked: str, sentence: str) -> None:
    assert VERDICTS.line(asked, sentence) == ""
