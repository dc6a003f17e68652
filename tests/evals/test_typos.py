"""The errors put into questions: the same each time, and no more than asked for."""

import pytest

from evals.typos import misspelt

TEXT = "which stretches should runners avoid when their kneecap hurts after running downhill"


def test_the_same_text_gets_the_same_errors() -> None:
    assert misspelt(TEXT, 0.5) == misspelt(TEXT, 0.5) != TEXT


def test_a_share_of_none_changes_nothing_and_short_words_are_kept() -> None:
    assert misspelt(TEXT, 0.0) == TEXT
    assert misspelt("can i run on it", 1.0) == "can i run on it"


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_letters_are_swapped_dropped_doubled_or_words_run_together(share: float) -> None:
    assert abs(len(misspelt(TEXT, share)) - len(TEXT)) <= len(TEXT.split())
    assert not set(misspelt(TEXT, share)) - set(TEXT)
