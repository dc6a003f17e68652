import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.sentences import spans
from ingest.split import passages, search_text, sections, slug
from ingest.types import Article, Passage

TEXT = """\
Ankles roll – often.

# Ankles

## What helps?

Rest helps. Ice helps, too. Try these:

- Quad sets: Lie down. Hold for 5 seconds.
- Heel slides

1. Warm up.
2. Run.

## What helps?

Nothing else.
"""


def article(text: str) -> Article:
    return Article(id="ankles", title="Ankles", text=text)


def test_passages_follow_headings_and_lists_keep_their_lead() -> None:
    found = passages(article(TEXT), 120)
    assert [(p.id, p.path) for p in found] == [
        ("ankles#ankles", ()),
        ("ankles#what-helps", ("Ankles", "What helps?")),
        ("ankles#what-helps-2", ("Ankles", "What helps?")),
    ]
    assert [(s.text, s.block, s.lead) for s in found[1].sentences] == [
        ("Rest helps.", "paragraph", ""),
        ("Ice helps, too.", "paragraph", ""),
        ("Try these:", "paragraph", ""),
        ("Quad sets: Lie down.", "item", "Try these:"),
        ("Hold for 5 seconds.", "item", "Try these:"),
        ("Heel slides", "item", "Try these:"),
        ("Warm up.", "step", "Try these:"),
        ("Run.", "step", "Try these:"),
    ]


def test_search_text_tells_where_a_sentence_stands() -> None:
    page = article(TEXT)
    part = passages(page, 120)[1]
    texts = [search_text(page, part, sentence) for sentence in part.sentences]
    assert texts[0] == "What helps? — Rest helps."
    assert texts[3] == "What helps? — Try these: Quad sets: Lie down."
    assert texts[4] == "What helps? — Try these: Quad sets: Hold for 5 seconds."


def test_a_list_longer_than_the_limit_is_split_between_items_that_keep_the_lead() -> None:
    items = [f"- Exercise {n} bends the ankle slowly and carefully, twice." for n in range(8)]
    found = passages(article("Do these:\n\n" + "\n".join(items)), 30)
    assert len(found) > 1
    assert all(s.lead == "Do these:" for p in found for s in p.sentences if s.block == "item")
    assert found[0].sentences[0].text == "Do these:"
    assert found[0].sentences[1].block == "item"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Fata agrees. Rest.", ["Dr. Fata agrees.", "Rest."]),
        ("Run approx. 10 km. Rest.", ["Run approx. 10 km.", "Rest."]),
        ("Rest, e.g. on a sofa. Ice it.", ["Rest, e.g. on a sofa.", "Ice it."]),
        ("No. 3 is best. Try it.", ["No. 3 is best.", "Try it."]),
        ("Seen on 8. December 2020. Ok.", ["Seen on 8. December 2020.", "Ok."]),
        ("Hold 10 sec. Then rest.", ["Hold 10 sec.", "Then rest."]),
        ("Hold for 10 sec. per side.", ["Hold for 10 sec. per side."]),
        ("Lunge, eg. feet apart.", ["Lunge, eg. feet apart."]),
        ("“It hurts.” She rests.", ["“It hurts.”", "She rests."]),
        ("Raise it by 2.5 kg. Stop.", ["Raise it by 2.5 kg.", "Stop."]),
        ("Is it bad? No! Go on…", ["Is it bad?", "No!", "Go on…"]),
        ("Gelenk – schön. Ja 🦵 gut. Ende.", ["Gelenk – schön.", "Ja 🦵 gut.", "Ende."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text)] == sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What Is Runner’s Knee?", "what-is-runners-knee"),
        ("Reason # 4: 2–3 sets", "reason-4-2-3-sets"),
        ("Schöne Knie", "schöne-knie"),
        ("???", ""),
    ],
)
def test_slugs_are_readable(text: str, expected: str) -> None:
    assert slug(text) == expected


PIECES = st.text(alphabet="abc ABC. ?!9’–\u00a0🦵:", min_size=1, max_size=80)
PAGES = st.lists(
    st.tuples(st.sampled_from(["", "# ", "## ", "### ", "- ", "2. "]), PIECES).map("".join),
    max_size=15,
).map("\n\n".join)


@given(PAGES, st.integers(min_value=5, max_value=40))
def test_passages_are_slices_in_order_without_overlap(page: str, limit: int) -> None:
    source = article(clean(page))
    found = passages(source, limit)
    sentences = [sentence for part in found for sentence in part.sentences]
    assert all(source.text[s.start : s.end] == s.text == s.text.strip() != "" for s in sentences)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len({part.id for part in found}) == len(found)
    assert all(_words(part) <= limit or len(part.sentences) == 1 for part in found)


@given(PAGES)
def test_no_word_outside_headings_is_lost(page: str) -> None:
    source = article(clean(page))
    body = [line for line in source.text.splitlines() if not line.startswith("#")]
    told = "".join(s.text for part in passages(source, 20) for s in part.sentences)
    bare = "".join(re.sub(r"^\d+\. ", "", line) for line in body)
    assert sorted(_letters(told)) == sorted(_letters(bare))


@given(PAGES)
def test_sections_cover_what_they_head(page: str) -> None:
    source = article(clean(page))
    found = sections(source)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(section.path[-1:] in {(section.heading,), ()} for section in found)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


def _words(part: Passage) -> int:
    return sum(len(sentence.text.split()) for sentence in part.sentences)
