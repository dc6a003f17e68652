"""Passages to quoted units: what is chosen, what stays together, what is left out."""

import pytest

from bot.compose import CUT_LIST, MOST_UNITS, MOST_WORDS, extract
from bot.terms import Terms, load_terms
from bot.types import Found, Search
from tests.bot.made import found, hit, passage

LEAVE = passage(
    "run",
    "Can I run?",
    "Running is possible if:",
    "- The pain is mild",
    "- The pain is gone within 24 hours",
    "Do not run if:",
    "- You limp",
    "- The knee swells",
)
ICE = passage("ice", "Ice", "Ice the knee for 20 minutes.", "Put a towel under the ice.")


@pytest.fixture(scope="module")
def terms() -> Terms:
    return load_terms()


def said(
    terms: Terms, question: str, over: Found, shown: frozenset[str] = frozenset()
) -> list[str]:
    drafts = extract(terms, Search(question, question), over, shown)
    return [draft.unit.text for draft in drafts]


def test_nothing_found_gives_nothing(terms: Terms) -> None:
    assert said(terms, "how long do i ice it", found()) == []


def test_the_best_sentence_comes_first(terms: Terms) -> None:
    texts = said(terms, "what goes under the ice", found(hit(ICE, 0.7, 0.9)))
    assert texts == ["Put a towel under the ice.", "Ice the knee for 20 minutes."]


def test_what_scores_far_below_the_best_is_left_out(terms: Terms) -> None:
    assert said(terms, "how long", found(hit(ICE, 0.9, 0.2))) == ["Ice the knee for 20 minutes."]


def test_a_list_stays_with_the_line_that_introduces_it(terms: Terms) -> None:
    texts = said(terms, "which pain is fine", found(hit(LEAVE, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1)))
    assert texts[0] == ("Running is possible if: The pain is mild The pain is gone within 24 hours")


def test_steps_that_only_a_heading_introduces_stay_together_in_order(terms: Terms) -> None:
    steps = passage(
        "stand", "Thigh stretch", "- Stand by a wall", "- Pull the heel up", "- Hold it"
    )
    texts = said(terms, "how do i do the thigh stretch", found(hit(steps, 0.3, 0.4, 0.9)))
    assert texts == ["Stand by a wall Pull the heel up Hold it"]


def test_a_permission_is_followed_by_its_limit_however_low_that_scores(terms: Terms) -> None:
    texts = said(terms, "can i run", found(hit(LEAVE, 0.9, 0.8, 0.8, 0.0, 0.0, 0.0)))
    assert texts[1] == "Do not run if: You limp The knee swells"


def test_of_a_long_list_of_whole_sentences_the_items_that_answer_are_kept(terms: Terms) -> None:
    items = [
        f"- See a doctor if sign {word} shows up on a day of rest or two." for word in "abcdefghij"
    ]
    signs = passage("see", "When", "Signs to see a doctor for are:", *items)
    scores = [0.5] * 11
    scores[8] = 0.9
    (text,) = said(terms, "sign h", found(hit(signs, *scores)))
    assert text.startswith("Signs to see a doctor for are:")
    assert "sign h" in text
    assert len(text.split()) <= CUT_LIST + 8


def test_articles_that_say_the_same_are_cited_together(terms: Terms) -> None:
    other = passage("more", "Ice", "Ice your knee for 20 minutes.")
    drafts = extract(terms, Search("ice", "ice"), found(hit(ICE, 0.9, 0.1), hit(other, 0.8)))
    assert [unit.passage.article for unit in drafts[0].agreeing] == ["more"]
    assert len(drafts) == 1


def test_a_different_figure_is_never_taken_for_the_same(terms: Terms) -> None:
    other = passage("more", "Ice", "Ice your knee for 10 minutes.")
    drafts = extract(terms, Search("ice", "ice"), found(hit(ICE, 0.9, 0.1), hit(other, 0.8)))
    assert [draft.agreeing for draft in drafts] == [(), ()]


def test_an_answer_is_bounded_in_statements_and_words(terms: Terms) -> None:
    words = ["alpha", "bravo", "cocoa", "delta", "eagle", "foxes", "grape", "hotel", "igloo"]
    many = passage(
        "many", "Many", *(f"The {word} {word}s near the {word}y {word}ing." for word in words)
    )
    texts = said(terms, "x", found(hit(many, *([0.9] * 9))))
    assert len(texts) <= MOST_UNITS
    assert sum(len(text.split()) for text in texts) <= MOST_WORDS


def test_more_leaves_out_what_was_quoted_before(terms: Terms) -> None:
    shown = frozenset({"Ice the knee for 20 minutes."})
    assert said(terms, "ice", found(hit(ICE, 0.9, 0.8)), shown) == ["Put a towel under the ice."]


def test_who_asks_for_names_gets_the_list_first_and_steps_are_none() -> None:
    names = passage("names", "Moves", "Good exercises are:", "- Quad sets", "- Clamshells")
    steps = passage("steps", "Quad sets", "The steps of quad sets are:", "- Lie down", "- Press")
    over = found(hit(ICE, 0.9, 0.1), hit(steps, 0.89, 0.1, 0.1), hit(names, 0.8, 0.1, 0.1))
    terms = load_terms()
    assert said(terms, "what exercises can i do", over)[0].startswith("Good exercises are:")
    assert said(terms, "how cold is it", over)[0] == "Ice the knee for 20 minutes."


def test_brief_gives_the_heart_alone(terms: Terms) -> None:
    long = passage("long", "Long", "One " * 20 + "end.", "Two " * 20 + "end.")
    drafts = extract(terms, Search("x", "x", brief=True), found(hit(long, 0.9, 0.89)))
    assert len(drafts) == 1
