"""The bot's own lines around quotes: direct, and never a fact of its own."""

from datetime import date

from bot import wording
from bot.frame import Frame, Framer
from bot.terms import load_terms
from bot.types import Search, Statement
from tests.bot.made import article, passage, source

ARTICLES = {
    "ann": article(passage("ann", "S", "x"), kind="clinician", review_by=date(2021, 6, 20)),
    "ben": article(passage("ben", "S", "x"), kind="coach"),
}


def frame(question: str, *said: tuple[str, str], today: date = date(2021, 1, 1)) -> Frame:
    sources = [source(n, text, name) for n, (name, text) in enumerate(said, 1)]
    statements = [Statement(s.quote, (s.n,)) for s in sources]
    return Framer(load_terms(), ARTICLES, today).frame(
        Search(question, question), statements, sources
    )


def test_figures_that_differ_are_put_side_by_side_with_their_sources() -> None:
    made = frame(
        "how long does recovery take",
        ("ann", "Recovery takes 4–6 weeks."),
        ("ben", "Full recovery takes 4–8 weeks."),
    )
    assert made.opening == "The articles differ: 4–6 weeks [1]; 4–8 weeks [2]."


def test_equal_figures_one_article_and_other_subjects_do_not_differ() -> None:
    assert not frame(
        "how long does recovery take",
        ("ann", "Recovery takes 6 weeks."),
        ("ben", "Recovery takes about 6 weeks."),
    ).opening
    assert not frame(
        "how long does recovery take",
        ("ann", "Recovery takes 6 weeks."),
        ("ann", "Recovery takes 8 weeks."),
    ).opening
    assert not frame(
        "how long",
        ("ann", "Hold the calf stretch 12 seconds."),
        ("ben", "Hold quad sets 5 seconds."),
    ).opening


def test_a_conditional_permission_is_called_so() -> None:
    assert frame("can i run", ("ann", "You can run if it is mild.")).opening == wording.DEPENDS


def test_a_figure_in_the_question_is_never_met_with_it_depends() -> None:
    said = ("ann", "If the pain is higher than 3 out of 10, it is wise to stop running.")
    assert frame("the article says 8/10 is fine, right?", said).opening == ""


def test_advice_against_is_called_so_only_for_what_was_asked() -> None:
    asked = "can i run every day"
    assert frame(asked, ("ann", "Do not run every day.")).opening == wording.AGAINST
    assert not frame(asked, ("ann", "Do not skip the warm-up.")).opening


def test_a_question_that_fears_harm_gets_no_verdict() -> None:
    assert not frame("is it bad to run", ("ann", "Do not run every day.")).opening


def test_who_speaks_is_named_and_an_article_past_its_review_is_marked() -> None:
    said = (("ann", "A."), ("ben", "B."))
    assert frame("what", *said).closing == "[1] a clinician; [2] a running coach"
    late = frame("what", *said, today=date(2022, 1, 1)).closing
    assert "[1] was due for review by 2021-06-20" in late


def test_a_story_without_medical_training_is_marked_as_personal() -> None:
    made = frame(
        "did ice help", ("ben", "One person without medical training found ice cumbersome.")
    )
    assert wording.PERSONAL in made.closing
