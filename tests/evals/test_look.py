"""A question opened up tells what was found, chosen and why."""

import pytest
from langchain_core.embeddings import Embeddings

from evals.ask import ask
from evals.look import look
from evals.run import Subject
from tests.evals.fakes import small_subject


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> Subject:
    return small_subject(tmp_path_factory.mktemp("look"), minilm)


def test_every_sentence_found_has_its_scores_and_its_fate(subject: Subject) -> None:
    seen = look(ask(subject.bot, ["how long do I hold the calf stretch?"]))
    fates = {row.sentence: row.fate for row in seen.seen}
    assert fates["Hold the calf stretch for 12 seconds."] == "shown"
    assert fates["A knee brace is not a cure."] == "not chosen"
    best = next(row for row in seen.seen if row.sentence.startswith("Hold"))
    assert best.passage == 1
    assert best.cosine is not None
    assert subject.bot.articles["stretches"].text[best.start : best.end] == best.sentence
    assert "Answered with" in seen.explanation


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("I have crushing chest pain", "The guard stopped the message: chest_pain (“"),
        ("hello", "It asks nothing of the articles."),
        ("what is the capital of France?", "Refused before anything was chosen: "),
    ],
)
def test_it_says_why_there_is_no_answer(subject: Subject, message: str, said: str) -> None:
    assert said in look(ask(subject.bot, [message])).explanation


def test_a_follow_up_shows_what_was_searched(subject: Subject) -> None:
    seen = look(ask(subject.bot, ["how do I do the calf stretch?", "how many times?"]))
    assert "calf stretch" in seen.searched
