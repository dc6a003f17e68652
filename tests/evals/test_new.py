"""A draft passes today, and a file of cases keeps everything but the case that is edited."""

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from evals.ask import ask
from evals.cases import Case, CasesError, load_cases
from evals.edit import case_yaml, drop_case, put_case
from evals.new import draft, draft_for, told
from evals.run import Subject
from evals.score import run_case
from tests.evals.fakes import CASES, CURE, HOLD, small_subject

FILE = """# Cases of the stretching team.

- id: hold
  question: how long do I hold the calf stretch?  # asked a lot
  articles: [stretches]

# braces
- id: cure
  question: does a knee brace help?
  articles: [braces]
"""


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> Subject:
    return small_subject(tmp_path_factory.mktemp("new"), minilm)


@pytest.mark.parametrize(
    ("messages", "kind"),
    [
        (["how long do I hold the calf stretch?"], "answerable"),
        (["what is the capital of France?"], "unanswerable"),
        (["I have crushing chest pain"], "red_flag"),
        (["how do I do the calf stretch?", "how many times?"], "follow-up"),
    ],
)
def test_a_draft_is_of_the_right_kind_and_passes_today(
    subject: Subject, messages: list[str], kind: str
) -> None:
    case = draft_for(subject.bot, messages)
    assert case.kind == kind
    assert run_case(subject.bot, case).passed


def test_a_draft_proposes_the_figure_and_shows_what_was_said(subject: Subject) -> None:
    messages = ["how long do I hold the calf stretch?"]
    answer = ask(subject.bot, messages).answer
    case = draft(messages, answer, subject.bot.articles.values())
    assert case.facts[0] == ("12 seconds",)
    assert case.articles[0] == "stretches"
    assert "# [1] stretches › How do I do the calf stretch?: Hold" in told(case, answer)


@pytest.mark.parametrize("case", CASES[:5], ids=lambda case: case.id)
def test_a_case_written_is_the_case_read(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(case_yaml(case), encoding="utf-8")
    assert load_cases([path]) == (case,)


def test_what_yaml_would_misread_is_quoted(tmp_path: Path) -> None:
    case = HOLD.model_copy(update={"facts": (("no", "10", "4: 5", "- x"),), "tags": ("on",)})
    put_case(tmp_path / "a.yaml", case)
    assert load_cases([tmp_path / "a.yaml"]) == (case,)


def test_an_edit_keeps_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(FILE, encoding="utf-8")
    put_case(path, CURE)
    text = path.read_text(encoding="utf-8")
    assert "# asked a lot" in text
    assert "[magic]" in text
    put_case(path, HOLD.model_copy(update={"id": "more"}))
    assert [case.id for case in load_cases([path])] == ["hold", "cure", "more"]
    drop_case(path, "cure")
    assert [case.id for case in load_cases([path])] == ["hold", "more"]


def test_a_file_that_cannot_be_edited_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("- id: x\n  question: q\n", encoding="utf-8")
    with pytest.raises(CasesError, match="'articles' is empty"):
        put_case(path, HOLD)
    with pytest.raises(CasesError, match="holds no case 'y'"):
        drop_case(path, "y")
    with pytest.raises(CasesError, match="only YAML"):
        put_case(tmp_path / "a.xlsx", HOLD)
    assert path.read_text(encoding="utf-8") == "- id: x\n  question: q\n"
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]
