"""Misspelt words as the guard reads them."""

import pytest

from bot.reading.match import shipped


def read(text: str) -> list[str]:
    return [word.text for word in shipped().read(text).words]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("swolen fevr chst boen", ["swollen", "fever", "chest", "bone"]),
        ("slihgt coughd dislocatd", ["slight", "coughed", "dislocated"]),
        ("myknee realy hurtz", ["my", "knee", "really", "hurt"]),
    ],
)
def test_a_letter_left_out_is_likelier_than_another_one(typed: str, meant: list[str]) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize("word", ["clogs", "tapering", "overweight", "overdone", "bleep", "scab"])
def test_a_word_of_its_own_is_not_repaired_into_a_sign(word: str) -> None:
    assert read(word) == [word]
