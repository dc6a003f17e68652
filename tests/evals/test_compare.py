"""Two runs: what changed, which edit did it, and what may be concluded."""

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from evals.__main__ import main
from evals.compare import Comparison, compare, sentence, told
from evals.record import Check, Result, Run, history, save
from evals.run import run
from tests.evals.fakes import CASES, HOLD, edited, small_subject


@pytest.fixture(scope="module")
def before_and_after(
    tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings
) -> tuple[Run, Run]:
    folder = tmp_path_factory.mktemp("compare")
    before = run(CASES, small_subject(folder, minilm))
    after = edited(folder, minilm, "stretches", "for 12 seconds", "for 90 seconds")
    return before, run(CASES, after)


def flip(run_: Run, passing: int, total: int) -> Run:
    """A run of `total` cases of which the first `passing` pass."""
    results = [
        Result(
            case=HOLD.model_copy(update={"id": f"c{i:02}"}),
            passed=i < passing,
            checks=(Check(name="level", passed=i < passing, expected="none", found="urgent"),),
            kind="answer",
            level="none",
        )
        for i in range(total)
    ]
    return run_.model_copy(update={"results": tuple(results)})


def names(made: Comparison, change: str) -> list[str]:
    return [pair.after.case.id for pair in made.pairs if pair.change == change]


def test_a_broken_fact_is_traced_to_the_edited_sentence(
    before_and_after: tuple[Run, Run],
) -> None:
    made = compare(*before_and_after)
    assert names(made, "worse") == ["hold"]
    assert names(made, "better") == []
    text = told(made)
    assert "article stretches: edited\n  − Hold the calf stretch for 12 seconds.\n" in text
    assert (
        "because stretches says “Hold the calf stretch for 90 seconds.” where it said "
        "“Hold the calf stretch for 12 seconds.”"
    ) in text


def test_few_changes_are_certain_for_their_cases_and_say_nothing_of_the_whole(
    before_and_after: tuple[Run, Run],
) -> None:
    text = sentence(compare(*before_and_after))
    assert text.startswith("Verdict: no real difference (0 better, 1 worse of 6 cases;")
    assert text.endswith("1 case is certainly worse: look at the edit of stretches.")


def test_the_same_run_twice_is_no_difference(before_and_after: tuple[Run, Run]) -> None:
    first, _ = before_and_after
    text = told(compare(first, first))
    assert "Nothing was changed" in text
    assert text.endswith("Verdict: no real difference. All 6 cases came out as before.")


@pytest.mark.parametrize(
    ("passing", "verdict"), [(6, "improved"), (5, "no real difference"), (0, "no real difference")]
)
def test_six_one_sided_changes_are_the_fewest_that_count(
    before_and_after: tuple[Run, Run], passing: int, verdict: str
) -> None:
    none, some = (flip(before_and_after[0], n, 20) for n in (0, passing))
    assert compare(none, some).verdict == verdict
    mirrored = {"improved": "regressed"}.get(verdict, verdict)
    assert compare(some, none).verdict == mirrored


def test_a_rewritten_case_is_left_out(before_and_after: tuple[Run, Run]) -> None:
    first, second = before_and_after
    case = HOLD.model_copy(update={"facts": (("90 sec",),)})
    changed = second.results[0].model_copy(update={"case": case, "passed": True})
    made = compare(first, second.model_copy(update={"results": (changed, *second.results[1:])}))
    assert made.left_out == ("hold",)
    assert made.of("better") == ()


def test_other_differences_are_named(before_and_after: tuple[Run, Run]) -> None:
    first, _ = before_and_after
    other = first.model_copy(update={"code": "abc1234", "rules": "f00"})
    text = told(compare(first.model_copy(update={"code": "def5678"}), other))
    assert "code (def5678 → abc1234): differs" in text
    assert "rules" in text


def test_the_command_takes_the_last_two_runs(
    before_and_after: tuple[Run, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--folder", str(tmp_path)]) == 2
    assert "here is 0" in capsys.readouterr().err
    for made in before_and_after:
        save(made, tmp_path)
    assert main(["compare", "--folder", str(tmp_path)]) == 0
    assert "Worse: 1" in capsys.readouterr().out


def test_runs_of_other_cases_are_not_set_side_by_side(
    before_and_after: tuple[Run, Run], tmp_path: Path
) -> None:
    first, second = before_and_after
    other = first.model_copy(update={"cases": ("x", "y")})
    paths = [save(made, tmp_path) for made in (first, other, second)]
    assert history(paths[2], 5) == [paths[0]]
    assert history(paths[1], 5) == []
