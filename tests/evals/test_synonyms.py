"""The measure of the table of lay words: questions that use a row's other words, and only those."""

from bot.terms import Terms, load_terms
from evals.synonyms import _lay


def test_a_question_counts_for_a_row_only_if_it_uses_one_of_its_lay_words() -> None:
    (row,) = (term for term in load_terms().rows if term.term == "clamshells")
    only = Terms((row,))
    assert _lay("how do i do clams", only)
    assert not _lay("how do i do clamshells", only)
    assert not _lay("how do i do squats", only)
