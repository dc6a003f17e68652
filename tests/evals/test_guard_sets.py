"""Sets of labelled conversations for the guard: anybody's own, with errors that say what to do."""

from pathlib import Path

import pytest

from evals.__main__ import main

HOT = '{"id": "1", "turns": ["my knee is hot and swollen since today"], "level": "urgent"}'


def file(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_id_turns_and_level_are_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shoes = '{"id": "2", "turns": ["which shoes?"], "level": "none"}'
    assert main(["guard", "--mode", "rules", "--set", file(tmp_path, HOT, "", shoes)]) == 0
    told = capsys.readouterr().out
    assert "| sensitivity, emergency and urgent | 100.0%" in told
    assert "| specificity | 100.0%" in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "2", "turns": ["x"], "level": "urgnt"}', "'level' is 'urgnt'"),
        ('{"id": "2", "turns": ["x"], "level": "none", "flags": ["hott"]}', "hot_or_red"),
        ('{"id": "2", "turns": [], "level": "none"}', "'turns' is []"),
        ('{"id": "2", "turn": ["x"], "level": "none"}', "'turn' is ['x']"),
        ("hot knee, urgent", "Invalid JSON"),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    path = file(tmp_path, HOT, line)
    assert main(["guard", "--set", path]) == 2
    told = capsys.readouterr()
    assert f"{path}, line 2: " in told.err
    assert said in told.err
    assert not told.out


def test_a_file_that_is_not_there_or_empty_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (str(tmp_path / "none.jsonl"), file(tmp_path, "")):
        assert main(["guard", "--set", path]) == 2
        assert path in capsys.readouterr().err
