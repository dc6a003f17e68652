"""The gate holds figures against thresholds, and never passes over nothing."""

from pathlib import Path

import pytest

from evals.__main__ import main
from evals.gate import GateError, Thresholds, misses, read_thresholds
from evals.measures import measure
from evals.record import Check, Measure, Result
from tests.evals.fakes import CHEST


def figures(*levels: str) -> tuple[Measure, ...]:
    """The figures of emergencies that were found to have these levels."""
    results = [
        Result.model_validate(
            {
                "case": CHEST,
                "passed": level == "emergency",
                "checks": [Check(name="level", passed=True, expected="emergency", found=level)],
                "kind": "red_flag",
                "level": level,
            }
        )
        for level in levels
    ]
    return measure(results)


def test_a_figure_below_its_threshold_is_a_miss() -> None:
    found = figures("emergency", "emergency", "none", "emergency")
    assert misses(found, Thresholds(least={"sensitivity": 0.75})) == ()
    (miss,) = misses(found, Thresholds(least={"sensitivity": 0.8}))
    assert miss.text == (
        "sensitivity: sensitivity, emergency and urgent is 75.0 % (n 4), should be at least 80.0 %."
    )
    (miss,) = misses(found, Thresholds(most={"sensitivity": 0.1}))
    assert "is 75.0 % (n 4), should be at most 10.0 %" in miss.text


def test_a_threshold_over_no_case_is_a_miss() -> None:
    (miss,) = misses(figures("emergency"), Thresholds(least={"facts": 0.0}))
    assert miss.text == "facts: no case measures it, so it is not known to hold."
    (miss,) = misses((), Thresholds(most={"words": 90}))
    assert "no case" in miss.text


def test_a_gate_without_thresholds_is_a_miss() -> None:
    assert len(misses(figures("emergency"), Thresholds())) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[least]\nfact = 0.5\n", "there is no measure 'fact'. Did you mean 'facts'?"),
        ("[leasst]\nfacts = 0.5\n", "leasst"),
        ("[least", "cannot be used"),
    ],
)
def test_thresholds_that_cannot_be_used_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GateError) as caught:
        read_thresholds(path)
    assert said in str(caught.value)


def test_the_shipped_thresholds_can_be_used() -> None:
    assert read_thresholds(Path("evals/golden/gate.toml")).least


def test_the_command_says_that_there_is_nothing_to_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gate", "--run", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
