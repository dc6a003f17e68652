"""The shipped cases over the shipped articles: the gate on those that are fast enough.

All questions are asked, and of the guard's messages every fifth; `make eval` asks them all.
"""

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from bot.build import build_bot
from bot.settings import BotSettings
from evals.cases import check_names, load_cases
from evals.gate import THRESHOLDS, misses, read_thresholds
from evals.record import Run
from evals.run import Subject, run
from ingest.run import ingest
from ingest.settings import IndexSettings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> Run:
    index = IndexSettings(index=tmp_path_factory.mktemp("golden") / "index", corpus=ROOT / "corpus")
    ingest((), index, load=lambda _: minilm)
    settings = BotSettings(index=index)
    bot = build_bot(settings, load=lambda _: minilm)
    cases = load_cases()
    asked = [case for case in cases if case.asks == "answer"]
    levels = [case for case in cases if case.asks == "level"]
    return run([*asked, *levels[::5]], Subject(bot, settings, minilm.embed_documents))


def test_the_gate_holds_over_the_shipped_cases(made: Run) -> None:
    missed = misses(made.measures, read_thresholds(THRESHOLDS))
    assert not missed, "\n".join(miss.text for miss in missed)


def test_every_article_that_a_case_names_is_there(made: Run) -> None:
    assert made.warnings == ()
    assert check_names(load_cases(), made.articles) == ()


def test_every_fact_that_a_case_asks_for_stands_in_an_article(made: Run) -> None:
    lost = [
        result.case.id
        for result in made.results
        if any(check.name == "facts" and not check.passed for check in result.checks)
        and not result.evidence
    ]
    assert lost == []
