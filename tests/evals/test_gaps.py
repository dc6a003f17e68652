"""Gaps: redacted when logged, grouped by meaning, closed when a case passes."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from bot.gaplog import LONGEST, Gap, line, read_line, redact
from evals.cases import CasesError, load_cases
from evals.edit import put_case
from evals.gaps import (
    GapsError,
    Group,
    add_case,
    add_todo,
    as_case,
    as_refusal,
    group,
    read_log,
    told,
)
from evals.record import newest_results, save
from evals.run import Subject, run
from evals.score import run_case
from tests.evals.fakes import small_subject


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> Subject:
    return small_subject(tmp_path_factory.mktemp("gaps"), minilm)


def gap(question: str, why: str = "refused", day: str = "2026-11-20") -> Gap:
    return read_line(json.dumps({"day": day, "why": why, "question": question}))


def one(question: str, count: int = 1) -> Group:
    return Group((question,), count, {"refused": count}, "2026-11-20")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail me at jo.bloggs+knee@example.co.uk ok", "mail me at [email] ok"),
        ("call 07700 900123 or +44 (0)20 7946 0958", "call [number] or [number]"),
        ("see https://me.example/knee?x=1 and www.me.example", "see [link] and [link]"),
        ("my name is Anna Otter and my knee hurts", "my name is [name] and my knee hurts"),
        ("I'm Ben, 42, knee hurts", "I'm [name], 42, knee hurts"),
        ("Dr Patel said rest", "Dr [name] said rest"),
        ("born 03/04/1985, SW1A 1AA", "born [date], [postcode]"),
        ("nhs no 943 476 5919", "nhs no [number]"),
        ("10-15 s, 3 sets of 12, 5k in 25:30", "10-15 s, 3 sets of 12, 5k in 25:30"),
        ("I'm limping since 2024, 8/10 pain", "I'm limping since 2024, 8/10 pain"),
    ],
)  # fmt: skip
def test_what_may_name_a_person_is_taken_out_and_the_question_kept(said: str, kept: str) -> None:
    assert redact(said) == kept


@given(st.text(max_size=2000))
def test_any_text_becomes_one_short_line_that_is_read_back(text: str) -> None:
    written = line(Gap("2026-11-20", "refused", text))
    assert written.count("\n") == 1
    assert len(read_line(written).question) <= LONGEST


def test_questions_on_one_subject_are_one_group_counted(subject: Subject) -> None:
    gaps = [
        gap("does kinesio tape help", day="2026-11-18"),
        gap("kt tape any good for runners knee?"),
        gap("is swimming ok", "thumbs_down"),
        gap("should i tape my kneecap"),
        gap("Is swimming  ok"),
    ]
    groups = group(gaps, subject.embed)
    assert [(g.count, sorted(g.why.items())) for g in groups] == [
        (3, [("refused", 3)]),
        (2, [("refused", 1), ("thumbs_down", 1)]),
    ]
    assert groups[0].last == "2026-11-20"
    assert "  1  open       3×" in told(groups)


def test_a_gap_closes_when_its_case_passes(subject: Subject, tmp_path: Path) -> None:
    gaps = [gap("how long do I hold the calf stretch?"), gap("who won the cup?")]
    path = tmp_path / "cases-gaps.yaml"
    for item in group(gaps, subject.embed):
        put_case(path, as_case(item, subject.bot) if "calf" in item.question else as_refusal(item))
    results = [run_case(subject.bot, case) for case in load_cases([path])]
    assert [r.passed for r in results] == [True, True]
    closed = group(gaps, subject.embed, results)
    assert [g.state for g in closed] == ["closed", "closed"]
    assert "0 of 2 gaps are open." in told(closed)
    broken = [r.model_copy(update={"passed": False}) for r in results]
    assert {g.state for g in group(gaps, subject.embed, broken)} == {"failing"}


def test_a_gap_stays_closed_when_its_case_is_reworded_or_another_run_does_not_ask_it(
    subject: Subject, tmp_path: Path
) -> None:
    gaps = [gap("how long do I hold the calf stretch?")]
    (found,) = group(gaps, subject.embed)
    reworded = as_case(found, subject.bot).model_copy(update={"question": "calf stretch: seconds?"})
    save(run([reworded], subject), tmp_path)
    save(run([as_refusal(one("who won the cup?"))], subject), tmp_path)
    assert group(gaps, subject.embed, newest_results(tmp_path))[0].state != "open"


def test_a_case_that_was_corrected_is_not_drafted_over(subject: Subject, tmp_path: Path) -> None:
    path = tmp_path / "cases-gaps.yaml"
    case = as_refusal(one("who won the cup?"))
    add_case(path, case)
    with pytest.raises(CasesError, match="has a case 'gap-who-won-the-cup' already"):
        add_case(path, case)


def test_a_to_do_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "to-write.md"
    add_todo(path, one("does tape help", 3))
    add_todo(path, one("does tape help", 4))
    add_todo(path, one("which shoes"))
    assert path.read_text(encoding="utf-8").splitlines()[2:] == [
        "- [ ] “does tape help” (asked 3 times, last 2026-11-20)",
        "- [ ] “which shoes” (asked once, 2026-11-20)",
    ]


def test_a_log_that_is_missing_or_damaged_is_named(tmp_path: Path) -> None:
    with pytest.raises(GapsError, match="only where the clinic's settings switch it on"):
        read_log(tmp_path / "gaps.jsonl")
    path = tmp_path / "gaps.jsonl"
    path.write_text(line(gap("q")) + '{"day": "x"}\n', encoding="utf-8")
    with pytest.raises(GapsError, match=r"gaps.jsonl, line 2: a line needs"):
        read_log(path)


def test_a_later_version_may_log_more() -> None:
    assert read_line('{"day": "d", "why": "refused", "question": "q", "new": 1}') == gap(
        "q", day="d"
    )
