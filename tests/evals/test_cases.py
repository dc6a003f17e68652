"""Cases are read from what people have, and every unusable row is named."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from evals.cases import Case, CasesError, check_names, check_sections, load_cases

HEADER = "id,question,articles,facts,not,refused,level,tags"
CALF = "calf,how long do i hold it,stretches,12 sec | twelve; 3 times,,no,none,dose;stretch"

EXPECTED = Case(
    id="calf",
    kind="answerable",
    question="how long do i hold it",
    articles=("stretches",),
    facts=(("12 sec", "twelve"), ("3 times",)),
    tags=("dose", "stretch"),
)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def complaint(*paths: Path) -> str:
    with pytest.raises(CasesError) as caught:
        load_cases(paths)
    return str(caught.value)


def test_a_yaml_case_and_a_spreadsheet_row_are_the_same_case(tmp_path: Path) -> None:
    yaml = write(
        tmp_path,
        "a.yaml",
        "- id: calf\n  question: how long do i hold it\n  articles: [stretches]\n"
        "  facts: [[12 sec, twelve], [3 times]]\n  tags: [dose, stretch]\n",
    )
    csv = write(tmp_path, "a.csv", f"{HEADER}\n{CALF}\n")
    assert load_cases([yaml]) == load_cases([csv]) == (EXPECTED,)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"{HEADER}\r\n{CALF}\r\n", "utf-8-sig"),
        (f"{HEADER}\n{CALF}\n".replace(",", "\t"), "utf-16"),
        (
            "ID;Question;Articles;Facts;Refused\n"
            'calf;how long do i hold it;stretches;"12 sec|twelve\n3 times";NO\n',
            "cp1252",
        ),
    ],
    ids=["excel-utf8", "excel-unicode-text", "excel-europe"],
)
def test_a_csv_exported_from_anywhere_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    (case,) = load_cases([write(tmp_path, "a.csv", text, encoding)])
    assert case.model_copy(update={"tags": EXPECTED.tags}) == EXPECTED


def test_a_workbook_is_read_with_its_numbers_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["question", "articles", "facts"])
    sheet.append([None, None, None])
    sheet.append(["how many times", "stretches", 3])
    book.save(tmp_path / "a.xlsx")
    (case,) = load_cases([tmp_path / "a.xlsx"])
    assert case.facts == (("3",),)
    assert case.id == "how-many-times"


def sheet(path: Path, *rows: list[object], format_: str = "") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    if format_:
        book.active["C2"].number_format = format_
    book.save(path)
    return path


def test_what_a_spreadsheet_made_of_a_figure_is_undone_or_named(tmp_path: Path) -> None:
    header: list[object] = ["question", "articles", "facts"]
    percent = sheet(tmp_path / "a.xlsx", header, ["how much more", "a", 0.1], format_="0%")
    assert load_cases([percent])[0].facts == (("10%",),)
    dated = sheet(tmp_path / "b.xlsx", header, ["how many", "a", date(2026, 3, 2)])
    assert "b.xlsx, sheet 'Sheet', cell C2: the program made a date" in complaint(dated)


def test_a_column_that_there_is_not_is_told_once_and_notes_are_left_alone(tmp_path: Path) -> None:
    rows = "one,a,x,for me\ntwo,a,y,and me\n"
    path = write(tmp_path, "a.csv", f"question,articles,fcats,notes\n{rows}")
    assert complaint(path) == "a.csv, row 1: there is no column 'fcats'. Did you mean 'facts'?"
    right = write(tmp_path, "b.csv", f"question,articles,facts,notes\n{rows}")
    assert [case.facts for case in load_cases([right])] == [(("x",),), (("y",),)]


def test_excels_line_about_the_separator_is_skipped_and_rows_keep_their_numbers(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "a.csv", "sep=;\nquestion;articles\nq;a\nr;\n")
    assert complaint(path).startswith("a.csv, row 4: 'articles' is empty")


def test_a_list_of_one_needs_no_brackets(tmp_path: Path) -> None:
    text = "- id: x\n  question: q\n  articles: a\n  facts: [10%, [ice, cold]]\n"
    (case,) = load_cases([write(tmp_path, "a.yaml", text)])
    assert (case.articles, case.facts) == (("a",), (("10%",), ("ice", "cold")))


def test_a_dialogue_stands_in_one_cell(tmp_path: Path) -> None:
    text = "dialogue,standalone,articles\nhow do i ice it | and for how long,how long to ice,a\n"
    (case,) = load_cases([write(tmp_path, "a.csv", text)])
    assert case.turns == ("how do i ice it", "and for how long")
    assert case.kind == "follow-up"


def test_a_guard_line_asks_only_for_the_level(tmp_path: Path) -> None:
    line = (
        '{"id": "d-1", "turns": ["no fever"], "level": "none", "flags": [], "kind": "denied", '
        '"pair": null, "tags": []}\n'
    )
    (case,) = load_cases([write(tmp_path, "g.jsonl", line)])
    assert (case.asks, case.kind, case.context) == ("level", "red_flag", "denied")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "- id: x\n  question: q\n  artcles: [a]\n", "a.yaml, line 1 (x): there is no "
         "column 'artcles'. Did you mean 'articles'?"),
        ("a.yaml", "- id: x\n  question: q\n  articles: [a]\n  facts: [yes]\n", "'facts'"),
        ("a.yaml", "- id: x\n  question: q\n  articles: [a]\n  facts: [[yes]]\n", "in quotes"),
        ("a.yaml", "question: q\n", "should be a list of cases"),
        ("a.yaml", "- id: [x\n", "a.yaml, line 1: not valid YAML"),
        ("a.yaml", "- id: x\n- id: y\n  question: 'open\n", "a.yaml, line 3: not valid YAML"),
        ("a.yaml", "- id: x\n  question: q\n  articles: [a]\n  articles: [b]\n",
         "a.yaml, line 1: 'articles' stands there twice"),
        ("a.yaml", "- id: x\n  question: q\n  articles: {a: b}\n",
         "'articles': should be a list"),
        ("a.csv", "question,facts,facts\nq,a,b\n", "a.csv, row 1: 'facts' stands there twice"),
        ("a.csv", 'question,articles\n"q,a\nr,a\n', "Is a quotation mark opened"),
        ("a.csv", "question,articles\n", "There are no cases in"),
        ("a.jsonl", "[1]\n", "a.jsonl, line 1: should hold 'turns'"),
        ("a.jsonl", '{"id": "x", "turns": null}\n', "a.jsonl, line 1: should hold 'turns'"),
        ("a.csv", "question,articles,level\nq,a,high\n", "a.csv, row 2: 'level' is 'high': should "
         "be 'none', 'see_professional', 'urgent' or 'emergency'"),
        ("a.csv", "question,articles\n\nq,\n", "a.csv, row 3: 'articles' is empty"),
        ("a.csv", "question,articles\nhold it, or not,a\n", "a.csv, row 2: has more cells"),
        ("a.csv", "text,articles\nq,a\n", "row 1 should hold the columns' names"),
        ("a.csv", "question,refused\nq,maybe\n", "'refused' is 'maybe': should be yes or no"),
        ("a.csv", "question,refused,facts\nq,yes,3\n", "'refused' is yes, so 'facts'"),
        ("a.xlsx", "not a workbook", "a.xlsx: not an Excel workbook"),
        ("a.docx", "x", "cases are read from .yaml"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    assert said in complaint(write(tmp_path, name, text))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "question,articles\none,\ntwo,\nthree,a\nthree,a\n")
    assert [line.split(":")[0] for line in complaint(path).splitlines()] == [
        "a.csv, row 2",
        "a.csv, row 3",
        "a.csv, row 5",
    ]


def test_an_article_that_the_index_lacks_is_named_with_the_nearest() -> None:
    case = EXPECTED.model_copy(update={"articles": ("streches", "braces")})
    assert check_names([case], ["stretches", "braces"]) == (
        "There is no article 'streches' in the index, but calf expects it. "
        "Did you mean 'stretches'?",
    )


def test_a_section_that_no_article_has_is_named_with_the_nearest() -> None:
    case = EXPECTED.model_copy(update={"sections": ("the calf stretch", "Quad strech")})
    assert check_sections([case], ["The calf stretch", "Quad stretch"]) == (
        "No article has a section 'Quad strech', but calf expects it. Did you mean 'Quad stretch'?",
    )
