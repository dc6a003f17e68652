"""Playing-down is left out before the net reads again, and with it what it cancelled."""

from bot.reading.match import shipped
from bot.reading.minimising import without_comfort


def test_comfort_is_left_out_and_every_word_stays_where_it_was() -> None:
    told = "my knee is hot, coach says it's nothing. run tomorrow?"
    plain = without_comfort(shipped().read(told))
    assert plain is not None
    assert plain.text.split() == ["my", "knee", "is", "hot", ".", "run", "tomorrow?"]
    assert [told[w.start : w.end] for w in plain.words if w.text == "run"] == ["run"]


def test_what_the_comfort_cancelled_is_cancelled_no_more() -> None:
    told = shipped().read("swollen or hot, doc says no")
    plain = without_comfort(told)
    assert told.marks
    assert plain is not None
    assert [word.text for word in plain.words] == ["swollen", "or", "hot"]
    assert not plain.marks


def test_a_mark_that_rests_on_what_is_left_stays_with_its_word() -> None:
    plain = without_comfort(shipped().read("probably nothing, no swelling, mum thinks it's age"))
    assert plain is not None
    at = next(i for i, word in enumerate(plain.words) if word.text == "swelling")
    assert [mark.kind for mark in plain.marks[at]] == ["denied"]


def test_a_message_without_comfort_is_read_once() -> None:
    assert without_comfort(shipped().read("my knee is hot")) is None
