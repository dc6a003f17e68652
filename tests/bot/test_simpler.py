"""Easier sentences first, and hard words explained."""

import pytest

from bot.simpler import Glossary, easiest, grade, load_glossary
from bot.types import Statement
from tests.bot.made import found, hit, passage

GLOSSARY = Glossary({"patella": "the kneecap", "VMO": "a muscle", "inner quad": "a muscle"})


def test_hard_words_are_explained_once_in_the_order_they_come() -> None:
    said = (Statement("The VMO (inner quad) pulls the patella.", (1,)),)
    assert GLOSSARY.explain(said) == "In plain words: VMO – a muscle; patella – the kneecap."


def test_a_word_inside_another_is_not_explained_and_plain_text_needs_nothing() -> None:
    assert GLOSSARY.explain((Statement("Patellar pain.", (1,)),)) == ""
    assert GLOSSARY.explain((Statement("Rest it.", (1,)),)) == ""


def test_the_grade_is_flesch_and_kincaids() -> None:
    # 6 words, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)


def test_an_easy_sentence_overtakes_a_hard_one_that_scores_little_more() -> None:
    hard = "Physiotherapeutic rehabilitation necessitates individualised biomechanical evaluation."
    made = hit(passage("a", "S", hard, "See a physio."), 0.8, 0.7)
    (eased,) = easiest(found(made)).hits
    assert eased.scores[1] == 0.7
    assert eased.scores[0] < 0.7


def test_a_list_is_as_hard_as_its_hardest_item() -> None:
    hard = "- Physiotherapeutic rehabilitation necessitates individualised evaluation."
    made = hit(passage("a", "S", "Do this:", "- Rest it.", hard), 0.1, 0.8, 0.8)
    (eased,) = easiest(found(made)).hits
    assert eased.scores[1] == eased.scores[2] < 0.8


def test_every_word_of_the_table_is_explained_without_itself() -> None:
    for word, meaning in load_glossary().meanings.items():
        assert word.lower() not in meaning.lower()
