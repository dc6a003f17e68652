"""The optional cross-encoder, with a fake one: what it prefers moves up, nothing is lost."""

from collections.abc import Sequence

from bot.rerank import WEIGHT, Reranker
from bot.types import Found, Search
from tests.bot.made import found, hit, passage

ICE = passage("ice", "Ice", "Ice the knee.", "Use a towel.")
REST = passage("rest", "Rest", "Rest it.")
ASKED = Search("towel", "towel")


def shares_a_word(pairs: Sequence[tuple[str, str]]) -> list[float]:
    return [float(asked in text.lower()) for asked, text in pairs]


def reranked(over: Found) -> Found:
    return Reranker(lambda _: over, shares_a_word).reranked(ASKED)


def test_what_the_cross_encoder_prefers_moves_up() -> None:
    first, second = reranked(found(hit(REST, 0.9), hit(ICE, 0.6, 0.5))).hits
    assert first.passage is ICE
    assert first.index == 1
    # By hand: 0.5 + WEIGHT * 1 for the sentence with the word, the others as they were.
    assert first.scores == (0.6, 0.5 + WEIGHT)
    assert (second.passage, second.score) == (REST, 0.9)


def test_nothing_found_stays_nothing_and_the_odds_are_kept() -> None:
    assert reranked(found(odds={"answerable": 1.0})) == Found(odds={"answerable": 1.0})
