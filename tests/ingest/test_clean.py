import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean

BODY = "\n\n".join(
    f"Paragraph {n} tells the reader something of use about a sore ankle, at some length."
    for n in range(12)
)


@pytest.mark.parametrize(
    "line",
    [
        "Read Also: Best Ankle Socks",
        "**Don’t Miss:** [Ten Braces](https://example.org)",
        "Recommended Reading: Ankles Of The Stars",
        "See also: The Shop",
        "Ankle model courtesy of the Museum of Bones",
        "Photo of author",
        "Watch this clip on taping",
        "This site uses cookies to improve your visit.",
        "By submitting this form you agree to be called.",
        "Sign up for our newsletter",
        "Send your questions to help@ankle.example!",
        "As always, mail me at [email protected]",
        "Click here for the brace.",
        "Book Your Free Ankle Check",
        "This appointment is your chance to talk. There is no obligation and we call you first by "
        "phone call. Our team is a good fit for you.",
        "Thanks!",
    ],
)
def test_furniture_between_paragraphs_is_dropped(line: str) -> None:
    around = "The ankle rolls.", "The ankle heals."
    assert clean(f"{around[0]}\n\n{line}\n\n{around[1]}") == f"{around[0]}\n\n{around[1]}\n"


@pytest.mark.parametrize(
    "line",
    [
        "Read the label before you tape an ankle.",
        "Also check the other ankle for swelling.",
        "See a doctor if the ankle cannot bear weight.",
        "Don’t miss a day of the balance exercise.",
        "Book a visit with a physiotherapist if it still hurts after six weeks.",
        "Watch for numb toes.",
        "She was able to walk after two weeks, and he was not.",
        "The form of the arch matters.",
        "On the phone, a nurse can tell you whether to come in.",
        "Medical disclaimer: this page is no substitute for a doctor. Click here to learn more.",
    ],
)
def test_advice_that_resembles_furniture_stays(line: str) -> None:
    assert clean(f"The ankle rolls.\n\n{line}") == f"The ankle rolls.\n\n{line}\n"


def test_a_caption_that_recurs_is_dropped_and_an_instruction_that_recurs_stays() -> None:
    caption, order = "Ankle From Above", "Repeat this ten times."
    text = "\n\n".join(f"Ankles {n} bend.\n\n{caption}\n\n{order}" for n in range(3))
    assert clean(text).count(caption) == 0
    assert clean(text).count(order) == 3


def test_a_heading_that_recurs_stays() -> None:
    text = "\n\n".join(f"## Ankle {n}\n\n### How often?\n\nDaily, {n} times." for n in range(4))
    assert clean(text).count("### How often?") == 4


def test_a_slogan_three_times_in_a_row_is_dropped() -> None:
    assert clean("It heals.\n\n" + "Trust the ankle people.\n\n" * 3) == "It heals.\n"


@pytest.mark.parametrize(
    "end",
    [
        "2 thoughts on “Ankles”",
        "Leave a Comment",
        "## Comments (12)",
        "What our patients say",
        "If you want to know more, please fill in the form below.",
        "Related Articles",
    ],
)
def test_after_the_article_ends_only_a_disclaimer_stays(end: str) -> None:
    tail = "My wrist was bad and they healed it!\n\n## Disclaimer\n\nNot medical advice."
    cleaned = clean(f"{BODY}\n\n{end}\n\n{tail}")
    assert cleaned == f"{BODY}\n\n## Disclaimer\n\nNot medical advice.\n"


def test_an_end_mark_at_the_top_of_a_page_ends_nothing() -> None:
    assert "Paragraph 11" in clean(f"Leave a Comment\n\n{BODY}")


def test_a_biography_goes_with_the_name_above_it() -> None:
    life = (
        "She took her master's at a university by the sea, did an internship at the harbour, and "
        "in her free time she enjoys sailing."
    )
    assert clean(f"It heals.\n\n## Dr. Ada Quay\n\n{life}") == "It heals.\n"


def test_a_list_of_the_pages_own_headings_is_dropped() -> None:
    text = (
        "It rolls.\n\n- What is it?\n- Who has it?\n\n## What is it?\n\nA.\n\n## Who has it?\n\nB."
    )
    assert "- What" not in clean(text)


def test_what_a_firm_says_of_itself_is_dropped() -> None:
    text = "Ankle Point is an online platform for ankles.\n\nRest it. Ankle Point offers plans."
    assert clean(text) == "Rest it.\n"


def test_blocks_become_lines() -> None:
    text = """\
Setext heading
==============
Two lines,  one *paragraph* with a ![picture](x.png)<br>break & <b>bold</b> `code`.

> A quote.

* one
* two
  continued
  1. inner

***

    indented code

3. three
4. four
"""
    assert clean(text) == (
        "# Setext heading\n\nTwo lines, one paragraph with a break & bold code.\n\nA quote.\n\n"
        "- one\n- two continued\n\n1. inner\n\nindented code\n\n3. three\n4. four\n"
    )


WORDS = st.text(alphabet="abcXYZ 019äß’–,.?!", min_size=1, max_size=60)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(["", "# ", "## ", "- ", "1. "]), WORDS).map("".join), max_size=12
)


@given(BLOCKS)
def test_cleaning_twice_is_cleaning_once(blocks: list[str]) -> None:
    once = clean("\n\n".join(blocks))
    assert clean(once) == once


@given(st.text(max_size=300))
def test_any_text_can_be_cleaned(text: str) -> None:
    assert all(line == line.strip() for line in clean(text).splitlines())
