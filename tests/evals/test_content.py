"""Content checks find what a careful editor would, and leave good text alone."""

from collections.abc import Sequence
from datetime import date

import pytest
from langchain_core.embeddings import Embeddings

from bot.terms import load_terms
from evals.cases import Case
from evals.content import CHECKS, Content, Finding, inspect, told
from ingest.types import Article
from tests.evals.fakes import CURE

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def check(minilm: Embeddings) -> "Check":
    return Check(minilm)


class Check:
    """Findings about a few articles, by check."""

    def __init__(self, model: Embeddings) -> None:
        self.model = model

    def __call__(self, *articles: Article, cases: Sequence[Case] = ()) -> dict[str, list[Finding]]:
        content = Content(
            {a.id: a for a in articles}, cases, load_terms(), self.model.embed_documents, TODAY
        )
        found: dict[str, list[Finding]] = {}
        for finding in inspect(content):
            found.setdefault(finding.check, []).append(finding)
        return found


def article(name: str, text: str, reviewed: str = "2026-01-01", by: str | None = None) -> Article:
    return Article(
        name,
        name.title(),
        f"# {name.title()}\n\n{text}\n",
        reviewed=date.fromisoformat(reviewed) if reviewed else None,
        review_by=date.fromisoformat(by) if by else None,
    )


@pytest.mark.parametrize(
    ("reviewed", "by", "why"),
    [
        ("", None, "has no date of review"),
        ("2020-05-01", None, "was last reviewed on 2020-05-01"),
        ("2026-01-01", "2026-11-20", "was to be reviewed by 2026-11-20"),
        ("2026-01-01", "2026-11-21", None),
        ("2024-01-01", None, None),
    ],
)
def test_a_review_that_is_missing_old_or_overdue_is_named(
    check: Check, reviewed: str, by: str | None, why: str | None
) -> None:
    found = check(article("a", "Rest helps.", reviewed, by)).get("review dates", [])
    assert [why in finding.why for finding in found if why] == ([True] if why else [])
    assert bool(found) == bool(why)


def test_figures_for_the_same_thing_that_differ_between_articles_are_named(check: Check) -> None:
    found = check(
        article("one", "Hold the calf stretch for 10 seconds. Ice the knee for 20 minutes."),
        article("two", "Each calf stretch is held for 30 seconds. Ice the knee for 20 minutes."),
    )["differing figures"]
    assert [(f.text, f.why) for f in found] == [
        (
            "Hold the calf stretch for 10 seconds.",
            "seconds differ: two › Two: “Each calf stretch is held for 30 seconds.”",
        )
    ]


def test_ranges_that_overlap_are_told_from_those_that_do_not(check: Check) -> None:
    (found,) = check(
        article("one", "Recovery from runner's knee takes 4–8 weeks."),
        article("two", "Recovery from runner's knee takes about 6 weeks."),
    )["differing figures"]
    assert found.why.startswith("weeks differ but overlap")


def test_figures_for_other_things_are_not_compared(check: Check) -> None:
    found = check(
        article("one", "Hold the calf stretch for 10 seconds."),
        article("two", "Keep the ice on for 90 seconds."),
    )
    assert "differing figures" not in found


def test_a_sentence_that_leans_on_its_neighbour_is_named(check: Check) -> None:
    found = check(
        article(
            "one",
            "Ice eases pain. It works best early. As mentioned above, use a towel. "
            "Instead of running, cycle.\n\n- It swells",
        )
    )["sentences that lean on others"]
    assert [f.text for f in found] == ["It works best early.", "As mentioned above, use a towel."]


def test_near_duplicates_are_named_but_not_sentences_whose_figure_differs(check: Check) -> None:
    found = check(
        article("one", "Strong hip muscles keep the kneecap on its track. Do 3 sets of 10 squats."),
        article("two", "Strong hip muscles keep a kneecap on track. Do 2 sets of 10 squats."),
    )
    (finding,) = found["near-duplicates"]
    assert finding.text == "Strong hip muscles keep the kneecap on its track."


def test_a_section_that_reads_hard_is_named_with_its_grade(check: Check) -> None:
    hard = (
        "Physiotherapeutic rehabilitation necessitates individualised, progressive strengthening "
        "interventions incorporating neuromuscular coordination, proprioceptive facilitation and "
        "biomechanical considerations, notwithstanding considerable interindividual variability."
    )
    (finding,) = check(article("one", f"Ice it.\n\n## Hard\n\n{hard} {hard}"))["reading grade"]
    assert finding.section == "Hard"
    assert float(finding.why.removeprefix("grade ")) > 20


def test_an_article_that_no_case_touches_is_named(check: Check) -> None:
    found = check(article("braces", "A brace helps."), article("shoes", "Shoes."), cases=[CURE])
    assert [f.article for f in found["articles that no case touches"]] == ["shoes"]
    by_section = CURE.model_copy(update={"articles": (), "sections": ("shoes",)})
    found = check(article("shoes", "Shoes."), cases=[by_section])
    assert "articles that no case touches" not in found


def test_good_text_has_no_findings(check: Check) -> None:
    found = check(article("braces", "A knee brace may help for a few weeks."), cases=[CURE])
    assert found == {}
    assert told([], 1) == "\n0 things to look at in 1 articles.\n"


def test_every_check_says_what_it_looks_for() -> None:
    assert all(check.__doc__ for check in CHECKS)
