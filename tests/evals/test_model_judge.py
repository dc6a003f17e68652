"""A model as judge: means and spreads over repeats, and empty where it says nothing readable."""

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.messages import BaseMessage

from evals.measures import measure
from evals.model_judge import ModelJudge, faithful_prompt, relevant_prompt
from evals.record import Result
from evals.run import run
from tests.bot.fakes import Scripted
from tests.evals.fakes import HOLD, PILLS, small_subject


class Verdicts(Scripted):
    """Gives one reply after the other, each time it is asked."""

    replies: list[str]

    def _stream(self, messages: list[BaseMessage], *rest: object, **more: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
        self.script = [self.replies[len(self.asked) % len(self.replies)]]
        yield from super()._stream(messages, *rest, **more)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> dict[str, Result]:
    subject = small_subject(tmp_path_factory.mktemp("judged"), minilm)
    return {result.case.id: result for result in run([HOLD, PILLS], subject).results}


def judged(result: Result, *replies: str, repeats: int = 1) -> dict[str, float | None]:
    model = Verdicts(script=[], replies=list(replies))
    scores = ModelJudge(model, repeats).judged(result).scores
    return {name: value for name, value in scores.items() if name.startswith("judged")}


def all_of(result: Result, verdict: str) -> str:
    return "\n".join(f"{n}: {verdict}" for n in range(1, len(result.statements) + 1))


def test_mean_and_spread_over_repeats(results: dict[str, Result]) -> None:
    hold = results["hold"]
    yes, no = all_of(hold, "yes"), all_of(hold, "no")
    scores = judged(hold, yes, no, "fully", "partly", repeats=2)
    assert scores["judged_faithful"] == 0.5
    assert scores["judged_faithful_spread"] == pytest.approx(0.5**0.5)  # of 1 and 0, n - 1
    assert scores["judged_relevant"] == 0.75
    assert scores["judged_relevant_spread"] == pytest.approx(0.25 * 2**0.5)


def test_the_share_of_statements_is_what_counts(results: dict[str, Result]) -> None:
    hold = results["hold"]
    assert len(hold.statements) > 1
    one_no = all_of(hold, "yes").replace("1: yes", "1: no")
    assert judged(hold, one_no, "fully")["judged_faithful"] == 1 - 1 / len(hold.statements)


@pytest.mark.parametrize("reply", ["", "I think it is fine", "1: yes"])
def test_what_cannot_be_read_is_empty_and_not_zero(results: dict[str, Result], reply: str) -> None:
    scores = judged(results["hold"], reply, "hm")
    assert scores["judged_faithful"] is None
    assert scores["judged_relevant"] is None


def test_one_repeat_has_no_spread(results: dict[str, Result]) -> None:
    hold = results["hold"]
    assert judged(hold, all_of(hold, "yes"), "fully")["judged_faithful_spread"] is None


def test_a_judge_that_breaks_off_leaves_its_scores_empty(results: dict[str, Result]) -> None:
    model = Scripted(script=[ConnectionError("gone")])
    assert ModelJudge(model, 2).judged(results["hold"]).scores["judged_faithful"] is None


def test_a_refusal_is_not_judged(results: dict[str, Result]) -> None:
    assert judged(results["pills"], "1: yes") == {}


def test_without_a_judge_the_measure_is_empty(results: dict[str, Result]) -> None:
    figures = {m.name: m for m in measure(list(results.values()))}
    assert figures["judged_faithful"].value is None
    assert figures["judged_faithful"].n == 0


def test_a_run_with_a_judge_has_its_figures(tmp_path: Path, minilm: Embeddings) -> None:
    model = Verdicts(script=[], replies=["1: yes\n2: yes\n3: yes\n4: yes", "fully"])
    made = run([HOLD], small_subject(tmp_path / "j", minilm), judge=ModelJudge(model))
    figures = {m.name: m.value for m in made.measures}
    assert figures["judged_relevant"] == 1.0


def test_the_judge_sees_sources_statements_and_the_question(results: dict[str, Result]) -> None:
    hold = results["hold"]
    told = str(faithful_prompt(hold)[-1].content)
    assert all(source.quote in told for source in hold.sources)
    assert f"1. {hold.statements[0].text}" in told
    assert hold.searched in str(relevant_prompt(hold)[-1].content)
