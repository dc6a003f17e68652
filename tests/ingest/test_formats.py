from pathlib import Path

import pytest

from ingest.errors import UnreadableArticle
from ingest.formats.source import decode, split_front
from ingest.formats.text import to_markdown
from ingest.read import find, read
from ingest.types import Article

PAGES = Path(__file__).parent / "pages"


def article(path: Path) -> Article:
    sources, failed = find([path])
    assert not failed
    return read(sources[0])


def broken(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    sources, _ = find([path])
    with pytest.raises(UnreadableArticle) as caught:
        read(sources[0])
    assert str(path) in str(caught.value)
    return caught.value.reason


def test_a_text_page_loses_its_furniture_and_keeps_every_fact() -> None:
    assert article(PAGES / "shin-splints.txt").text == (
        """\
## Shin Splints: What Helps?

Shin splints are an ache along the inner edge of the shin bone. They come on when a runner adds \
distance faster than the bone can adapt.

## What Brings Them On?

The usual trigger is a sudden rise in weekly distance, often with worn shoes. Hard ground makes \
it worse.

- Pain that eases once you are warm
- Tenderness when you press the shin
- Swelling in approx. one runner in ten

## How Long Do They Last?

### Early rest

Two to four weeks of easier training settle most shins.

### Return to training

Dr. Okafor, e.g., lets patients run again once hopping is painless. Start with walks.

## Calf Raise On A Step

- Rise onto your toes over three seconds.
- Hold for 5 seconds.

## Heel Drop On A Step

- Lower the heel over three seconds.
- Hold for 5 seconds.

## Toe Walk

- Walk on tiptoe for twenty steps.
- Hold for 5 seconds.

## Medical Disclaimer

This page is for education and does not replace the advice of your doctor.
"""
    )


def test_a_markdown_page_keeps_text_and_loses_markup() -> None:
    page = article(PAGES / "stiff-neck.md")
    assert page.text == (
        """\
# Easing a stiff neck

A stiff neck mostly eases within a week. Keep it moving, gently.

## What can I do today?

Try these in turn:

1. Turn the head to each side, 5 times.
2. Nod, 5 times.

- Numb fingers — See a doctor soon
- Fever with it — Seek care today
"""
    )
    assert (page.title, page.author, page.credentials) == (
        "Easing a stiff neck",
        "Ines Ruiz",
        "physiotherapist",
    )
    assert page.reviewed is not None
    assert page.reviewed.isoformat() == "2024-03-05"


def test_an_html_page_gives_its_main_content_and_metadata() -> None:
    page = article(PAGES / "tennis-elbow.html")
    assert (page.title, page.author, page.publisher) == (
        "Tennis elbow at the desk",
        "Ines Ruiz",
        "Harbour Clinic",
    )
    assert "## How do I exercise it?" in page.text
    assert "- Towel twist: wring a towel ten times in each direction." in page.text
    assert "light weight sink" in page.text
    assert "cookies" not in page.text
    assert "Shop" not in page.text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Knee – ok".encode(), "Knee – ok"),
        ("Knee – ok".encode("utf-8-sig"), "Knee – ok"),
        ("Knee – ok".encode("utf-16"), "Knee – ok"),
        ("Knee – ok’s".encode("cp1252"), "Knee – ok’s"),
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
    ],
)
def test_the_encodings_of_real_files_are_understood(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"caf\x81 x", b"\xd0\xcf\x11\xe0\x00\x01"]
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        decode(data)


def test_front_matter_is_optional_and_may_be_empty() -> None:
    assert split_front("No front matter.\n---\nHere.") == ({}, "No front matter.\n---\nHere.")
    assert split_front("---\n---\nText") == ({}, "Text")


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("titel: Knee", "'titel' ('Knee') is unknown"),
        ("reviewed: last spring", "'reviewed' has value 'last spring': not a date"),
        ("reviewed: 2024-13-01", "2024-13-01"),
        ("language: English", "'language' has value 'English'"),
        ("title: [1, 2]", "'title' has value [1, 2]"),
        ("title: 'open", "front matter is not YAML"),
        ("just words", "front matter must be"),
        ("1: one", "'1'"),
    ],
)
def test_wrong_front_matter_is_named_with_key_and_value(
    tmp_path: Path, front: str, said: str
) -> None:
    assert said in broken(tmp_path / "a.md", f"---\n{front}\n---\nText.".encode())


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# Only a heading\n", "---\ntitle: x\n---\n", "![x](y)"]
)
def test_an_article_without_a_sentence_is_empty(tmp_path: Path, text: str) -> None:
    assert "empty" in broken(tmp_path / "a.md", text.encode())


def test_a_page_without_main_content_is_named(tmp_path: Path) -> None:
    assert "no main content" in broken(tmp_path / "a.html", b"<html><body></body></html>")


def test_the_title_falls_back_to_heading_then_first_line_then_file_name(tmp_path: Path) -> None:
    found = {}
    for name, text in {
        "heading": "# Knee care\n\nText here.",
        "line": "Knee care in brief.\n\nMore text.",
        "my-file_name": "This first line is far too long to be anybody's title, since it goes on "
        "and on about knees.",
    }.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
        found[name] = article(tmp_path / f"{name}.md").title
    assert found == {
        "heading": "Knee care",
        "line": "Knee care in brief.",
        "my-file_name": "my file name",
    }


def test_hard_wrapped_text_is_joined_into_paragraphs() -> None:
    wrapped = """\
Rest is the first thing to try when a shin begins to ache after a run
on hard ground, and a few quiet days are often enough for a beginner.
After that the distance may grow again, a little every week, as long
as the ache stays away on the morning after the run and on the stairs.

• Ice the shin for ten minutes after the run, with a cloth in between,
and never longer than that at any one time.
"""
    blocks = to_markdown(wrapped).strip().split("\n\n")
    assert len(blocks) == 2
    assert blocks[1].endswith("at any one time.")


@pytest.mark.parametrize(
    ("line", "after", "heading"),
    [
        ("When To See A Doctor", "If it swells, have a doctor look at it soon.", True),
        ("Poor movement patterns", "If it swells, have a doctor look at it soon.", True),
        ("THE TREATMENT", "How I Rest", True),
        ("How is it treated?", "If it swells, have a doctor look at it soon.", True),
        ("Reason #2 you only stretch", "If it swells, have a doctor look at it.", True),
        ("You can run if:", "• The pain is mild", False),
        ("The good news? It heals.", "If it swells, have a doctor look at it soon.", False),
        ("Surgery is rarely needed.", "If it swells, have a doctor look at it soon.", False),
        ("Last Line Of The Page", "", False),
    ],
)
def test_headings_of_plain_text_are_told_from_prose(line: str, after: str, heading: bool) -> None:
    assert to_markdown(f"{line}\n\n{after}").startswith("## ") is heading


def test_a_numbered_list_is_no_run_of_headings() -> None:
    text = "Four reasons hold runners back.\n1. You only rest\n2. You never stretch at all, ever.\n"
    assert "1. You only rest\n\n2. You never" in to_markdown(text)
