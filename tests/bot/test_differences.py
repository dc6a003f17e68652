"""The table of what the articles differ on is true of the corpus."""

from pathlib import Path

import pytest

from bot.differences import Difference, differing, load_differences
from tests.bot.made import source

CORPUS = {p.stem: p.read_text(encoding="utf-8") for p in Path("corpus").glob("*.md")}
TABLE = load_differences()


def articles(openings: tuple[str, ...]) -> set[str]:
    return {name for name, text in CORPUS.items() if any(o in text for o in openings)}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.topic)
def test_each_sentence_stands_in_one_article_and_the_sides_are_not_the_same(
    row: Difference,
) -> None:
    for side in row.sides:
        assert all(len(articles((opening,))) == 1 for opening in side)
    assert articles(row.sides[0]) != articles(row.sides[1])


def test_both_sides_must_be_quoted_from_different_articles() -> None:
    row = Difference(topic="ice", sides=(("Ice helps",), ("Ice does not",)))
    yes, no = source(1, "Ice helps.", "a"), source(2, "Ice does not help.", "b")
    assert differing([row], [yes, no]) == ("ice", "[1] and [2]")
    assert differing([row], [yes]) == ("", "")
    assert differing([row], [yes, source(2, "Ice does not help.", "a")]) == ("", "")
