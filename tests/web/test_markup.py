from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.markup import lines, plain, prose

HOSTILE = (
    "<script>alert(1)</script>",
    "![x](https://evil.example/p.png)",
    "[x](javascript:alert(1))",
    "**bold** _em_ `code` ~~gone~~ $$x$$",
    "https://evil.example/ www.evil.example a@evil.example",
    "&lt;b&gt; &#60;b&#62;",
    "# heading\n\n---\n\n> quote",
    "<!-- ",
    '" onmouseover="alert(1)',
)


class Reader(HTMLParser):
    """Collects the text, the tags and where the links lead of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    @property
    def scripted(self) -> list[str]:
        """The links that a browser would run: it skips blanks and takes any case."""
        return [h for h in self.links if "".join(h.split()).lower().startswith("javascript:")]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_leaves_no_character_that_html_or_markdown_reads(text: str) -> None:
    html = plain(text)
    assert not set("<>\"'*_`[]()!~$|\\@:/.\n") & set(html.replace("<br>", ""))
    assert set(read(html).tags) <= {"br"}


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters="\x7f")))
def test_plain_reads_back_as_the_same_text(text: str) -> None:
    assert read(plain(text)).text == text


@given(st.text("ab #-*1.)\n\r\t\u2028", max_size=60))
def test_lines_are_slices_of_the_text_in_order(text: str) -> None:
    found = list(lines(text))
    for line in found:
        words = text[line.start : line.end]
        assert words == words.strip(" \t\n\r")
    ends = [0, *(line.end for line in found)]
    assert all(line.start >= end for line, end in zip(found, ends, strict=False))


def test_lines_tell_headings_items_and_steps_apart() -> None:
    text = "# Title\n\nA text.\n\n- one\n2. two\n"
    found = [(line.shape, text[line.start : line.end], line.number) for line in lines(text)]
    assert found == [
        ("heading", "Title", 1),
        ("paragraph", "A text.", 0),
        ("item", "one", 0),
        ("step", "two", 2),
    ]


def test_prose_draws_lists_and_citations() -> None:
    html = prose("See [1].\n\n- a\n- b [2]", lambda n: f"<i>{n}</i>")
    assert html == "<p>See <i>1</i>&#46;</p><ul><li>a</li><li>b <i>2</i></li></ul>"
